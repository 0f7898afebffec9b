//! Programs of an organisation: they act by tokens alone, and not through people.

use app::console::Role;
use axum::body::Body;
use axum::http::{Request, StatusCode};

use crate::harness::{Answer, Site};

async fn with_token(site: &Site, path: &str, token: &str) -> Answer {
    let asked = Request::get(path).header("authorization", format!("Bearer {token}"));
    site.ask(asked.body(Body::empty()).unwrap()).await
}

/// The secret on the page that shows it once.
fn secret(page: &str) -> String {
    page.split("<code>").nth(1).unwrap().split('<').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_program_acts_for_its_organisation_and_ends_with_its_token() {
    let site = Site::open(true).await;
    let root = site.enter(site.somebody(Role::Administrator).await.person.as_str()).await;
    let form = site.get("/admin/services/new", Some(&root)).await.body;
    let house = form.split("Institut Demeter").next().unwrap().rsplit("value=\"").next().unwrap();
    let house = house.split('"').next().unwrap();
    let nameless = site.post("/admin/services", Some(&root), &format!("name=&organisation={house}")).await;
    assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", nameless.body);
    let made =
        site.post("/admin/services", Some(&root), &format!("name=Prover+of+the+house&organisation={house}")).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let page = made.location().to_owned();
    let shown = site.get(&page, Some(&root)).await.body;
    assert!(shown.contains("it can do nothing") && !shown.contains("Send the link again"), "{shown}");
    assert_eq!(site.post(&format!("{page}/link"), Some(&root), "").await.status, StatusCode::NOT_FOUND, "no address");

    let made = site.post(&format!("{page}/tokens"), Some(&root), "name=nightly&proofs=yes").await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    let token = secret(&made.body);
    let sessions = with_token(&site, "/api/v1/sessions", &token).await;
    assert_eq!(sessions.status, StatusCode::OK, "{}", sessions.body);
    assert!(sessions.body.contains("\"id\""), "it reads what its organisation holds: {}", sessions.body);
    assert_eq!(with_token(&site, "/api/v1/webhooks", &token).await.status, StatusCode::FORBIDDEN, "not in its scopes");
    let page_asked = with_token(&site, "/certifier", &token).await;
    assert!(page_asked.location().starts_with("/sign-in"), "a token opens no page: {}", page_asked.body);
    let journal = site.desk.journal(None, 10).await.unwrap();
    let told = journal.iter().find(|one| one.what == "token-made").unwrap();
    assert_eq!(told.actor, site.somebody(Role::Administrator).await.person.as_str(), "who gave it is told");

    let shown = site.get(&page, Some(&root)).await.body;
    let path = shown.split("action=\"").find(|part| part.starts_with(&format!("{page}/tokens/"))).unwrap();
    let path = path.split('"').next().unwrap();
    assert_eq!(site.post(path, Some(&root), "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(with_token(&site, "/api/v1/sessions", &token).await.status, StatusCode::UNAUTHORIZED, "it is over");

    let token = secret(&site.post(&format!("{page}/tokens"), Some(&root), "name=next").await.body);
    assert_eq!(with_token(&site, "/api/v1/sessions", &token).await.status, StatusCode::OK);
    let gone = site.post(&format!("{page}/erase"), Some(&root), "reason=replaced").await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.body);
    assert_eq!(with_token(&site, "/api/v1/sessions", &token).await.status, StatusCode::UNAUTHORIZED, "and so are all");
}

#[tokio::test]
async fn nobody_makes_tokens_for_people() {
    let site = Site::open(true).await;
    let root = site.enter(site.somebody(Role::Administrator).await.person.as_str()).await;
    let person = site.somebody(Role::Certifier).await.person;
    let path = format!("/admin/people/{person}/tokens");
    assert_eq!(site.post(&path, Some(&root), "name=mine").await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.post(&format!("{path}/x"), Some(&root), "").await.status, StatusCode::NOT_FOUND);
    let certifier = site.enter(person.as_str()).await;
    assert_eq!(site.get("/admin/services/new", Some(&certifier)).await.status, StatusCode::FORBIDDEN);
    let missing = site.post("/admin/services", Some(&root), "name=a&organisation=none").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND, "{}", missing.body);
}
