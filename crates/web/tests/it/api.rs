//! The programming interface: as described, by token alone, and for nobody else's sessions.

use std::collections::BTreeSet;

use app::console::webhooks::KINDS;
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use serde_json::{Value, json};
use web::{DESCRIPTION, table};

use crate::harness::{Answer, Site, request};

#[test]
fn the_description_and_the_table_name_the_same_routes() {
    let document: Value = serde_json::from_str(DESCRIPTION).unwrap();
    let mut described = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            described.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    let served: BTreeSet<String> = table()
        .iter()
        .filter(|route| route.path.starts_with("/api/v1/"))
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    assert_eq!(described, served);
}

#[test]
fn the_description_names_every_kind_of_message() {
    let document: Value = serde_json::from_str(DESCRIPTION).unwrap();
    assert_eq!(document["components"]["schemas"]["EventKind"]["enum"], json!(KINDS));
}

async fn with_token(site: &Site, path: &str, token: &str) -> Answer {
    let mut asked = request(axum::http::Method::GET, path, None, "");
    asked.headers_mut().insert(AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
    site.ask(asked).await
}

/// A token made on the page of the account.
async fn token(site: &Site, cookie: &str) -> String {
    let page = site.post("/account/tokens", Some(cookie), "name=nightly+export").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let at = page.body.find("preuve_").unwrap();
    page.body[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

#[tokio::test]
async fn a_token_reads_sessions_until_it_is_taken_away() {
    let site = Site::open(true).await;
    let cookie = site.enter(&site.named("Camille Morel").await).await;
    let token = token(&site, &cookie).await;
    let answer = with_token(&site, "/api/v1/sessions", &token).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let sessions: Value = serde_json::from_str(&answer.body).unwrap();
    let published = sessions["sessions"].as_array().unwrap().iter().find(|one| one["state"] == "published").unwrap();
    let path = format!("/api/v1/sessions/{}/results", published["id"].as_str().unwrap());
    let results: Value = serde_json::from_str(&with_token(&site, &path, &token).await.body).unwrap();
    assert_eq!(results["results"].as_array().unwrap().len(), 5);
    // A token opens no page, and a page's cookie opens no route of programs.
    let mut page = request(axum::http::Method::GET, "/certifier", None, "");
    page.headers_mut().insert(AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
    assert_eq!(site.ask(page).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get("/api/v1/sessions", Some(&cookie)).await.status, StatusCode::UNAUTHORIZED);
    let body = site.get("/account", Some(&cookie)).await.body;
    let at = body.find("/account/tokens/").unwrap();
    let revoke: String = body[at..].chars().take_while(|c| *c != '"').collect();
    assert_eq!(site.post(&revoke, Some(&cookie), "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(with_token(&site, "/api/v1/sessions", &token).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_refusal_is_a_problem_that_programs_read() {
    let site = Site::open(true).await;
    for (path, status) in [("/api/v1/titles/none", 404), ("/api/v1/sessions", 401), ("/api/v1/awards/AAAA", 404)] {
        let answer = site.get(path, None).await;
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.headers["content-type"], "application/problem+json", "{path}");
        let problem: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(problem["status"], status, "{path}");
    }
}
