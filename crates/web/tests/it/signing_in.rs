//! The first administrator, passwords, locks, logins that end.

use axum::http::StatusCode;

use crate::harness::Site;

const PASSWORD: &str = "four+plain+words+here";

/// Uses the first link and gives the cookie of the login.
async fn first(site: &Site) -> String {
    let link = site.first_link.clone().expect("an empty console offers a link");
    let path = link.strip_prefix("http://console.test").unwrap();
    assert_eq!(site.get(path, None).await.status, StatusCode::OK);
    let answer = site.post(path, None, &founder(PASSWORD)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let again = site.post(path, None, &founder(PASSWORD)).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND, "the link works once");
    answer.cookie().unwrap()
}

fn founder(password: &str) -> String {
    format!("name=Administrator&email=administrator%40localhost.localdomain&organisation=Institut&password={password}")
}

fn credentials(password: &str) -> String {
    format!("email=administrator%40localhost.localdomain&password={password}")
}

#[tokio::test]
async fn the_first_link_makes_an_administrator_once() {
    let site = Site::open(false).await;
    let cookie = first(&site).await;
    assert_eq!(site.get("/admin", Some(&cookie)).await.status, StatusCode::OK);
    let other = site.post("/sign-in", None, &credentials(PASSWORD)).await;
    assert_eq!(other.status, StatusCode::SEE_OTHER, "{}", other.body);
    let set = other.headers.get("set-cookie").unwrap().to_str().unwrap();
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax"), "{set}");
}

#[tokio::test]
async fn a_short_password_is_refused_and_the_link_still_works() {
    let site = Site::open(false).await;
    let link = site.first_link.clone().unwrap();
    let path = link.strip_prefix("http://console.test").unwrap();
    for form in [founder("short"), founder(PASSWORD).replace("%40", ""), founder(PASSWORD).replace("Institut", "+")] {
        let refused = site.post(path, None, &form).await;
        assert_eq!(refused.status, 422, "{form}");
        assert!(refused.body.contains("aria-invalid") && refused.body.contains("Administrator"), "{}", refused.body);
        assert!(!refused.body.contains(PASSWORD), "a password is never sent back");
    }
    assert_eq!(site.get(path, None).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_login_has_a_new_secret_each_time_and_ends_when_nobody_comes() {
    let site = Site::open(false).await;
    let old = first(&site).await;
    let again =
        site.ask(crate::harness::request(axum::http::Method::POST, "/sign-in", Some(&old), &credentials(PASSWORD)));
    let new = again.await.cookie().unwrap();
    assert_ne!(old, new);
    assert_eq!(site.get("/account", Some(&old)).await.status, StatusCode::SEE_OTHER, "the old secret is out");
    assert_eq!(site.get("/account", Some(&new)).await.status, StatusCode::OK);
    site.pass(3 * 3600);
    assert_eq!(site.get("/account", Some(&new)).await.status, StatusCode::SEE_OTHER, "nobody came for three hours");
}

#[tokio::test]
async fn signing_out_ends_the_login_on_the_side_of_the_server() {
    let site = Site::open(false).await;
    let cookie = first(&site).await;
    assert_eq!(site.post("/sign-out", Some(&cookie), "").await.location(), "/");
    assert_eq!(site.get("/account", Some(&cookie)).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn guessing_locks_the_account_and_tells_its_owner() {
    let site = Site::open(false).await;
    first(&site).await;
    for _ in 0..8 {
        assert_eq!(site.post("/sign-in", None, &credentials("not+the+password")).await.status, 422);
    }
    assert_eq!(site.post("/sign-in", None, &credentials(PASSWORD)).await.status, 422, "locked, even if it is right");
    let outbox = std::fs::read_dir(site.data.path().join("outbox")).unwrap().count();
    assert_eq!(outbox, 1);
    site.pass(16 * 60);
    assert_eq!(site.post("/sign-in", None, &credentials(PASSWORD)).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_forgotten_password_is_answered_alike_for_all_and_mailed_to_those_who_exist() {
    let site = Site::open(false).await;
    first(&site).await;
    let nobody = site.post("/forgot", None, "email=nobody%40example.org").await;
    let somebody = site.post("/forgot", None, "email=administrator%40localhost.localdomain").await;
    assert_eq!(nobody.body, somebody.body);
    let folder = site.data.path().join("outbox");
    let message = std::fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    assert!(std::fs::read_to_string(message).unwrap().contains("http://console.test/link/"));
}

#[tokio::test]
async fn only_a_demonstration_lets_anyone_be_anyone() {
    let site = Site::open(false).await;
    first(&site).await;
    let person = site.named("Administrator").await;
    let answer = site.post("/demo/enter", None, &format!("person={person}")).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.cookie().is_none());
}
