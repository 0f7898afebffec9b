//! Headers of every answer, requests from other sites, bodies that are too large, nothing inline.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

use crate::harness::{Site, request};

#[tokio::test]
async fn every_answer_is_protected() {
    let site = Site::open(true).await;
    for path in ["/", "/titles/rs-devops", "/nowhere", "/healthz", "/metrics", "/candidate"] {
        let answer = site.get(path, None).await;
        let header = |name: &str| answer.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(header("x-frame-options"), "DENY", "{path}");
        assert_eq!(header("x-request-id").len(), 16, "{path}");
    }
}

#[tokio::test]
async fn no_page_holds_script_or_style() {
    let site = Site::open(true).await;
    let cookie = site.enter(&site.named("Anne-Sophie Keller").await).await;
    for path in ["/", "/titles", "/titles/cloud-pi-native", "/sign-in", "/jury", "/verify"] {
        let body = site.get(path, Some(&cookie)).await.body;
        for wrong in ["<style", "style=\"", "onclick=", "onload=", "javascript:", "<script>"] {
            assert!(!body.contains(wrong), "{path} holds {wrong}");
        }
    }
}

#[tokio::test]
async fn a_form_of_another_site_is_refused() {
    let site = Site::open(true).await;
    let cookie = site.enter(&site.named("Camille Morel").await).await;
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
        let mut asked = request(Method::POST, "/sign-out", Some(&cookie), "");
        asked.headers_mut().insert(name, value.parse().unwrap());
        let answer = site.ask(asked).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}");
        assert!(answer.body.contains("This form came from another site."), "{name}: {}", answer.body);
    }
    assert_eq!(site.get("/account", Some(&cookie)).await.status, StatusCode::OK, "still signed in");
}

#[tokio::test]
async fn a_body_without_end_is_not_read() {
    let site = Site::open(true).await;
    let asked = Request::post("/sign-in")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from("email=a&password=".to_owned() + &"x".repeat(13 * 1024 * 1024)))
        .unwrap();
    assert_eq!(site.ask(asked).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn numbers_are_for_the_operator() {
    let site = Site::open(true).await;
    assert_eq!(site.get("/metrics", None).await.status, StatusCode::FORBIDDEN);
    assert_eq!(site.get("/healthz", None).await.body, "alive\n");
    assert_eq!(site.get("/readyz", None).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_file_of_the_page_keeps_its_name_as_long_as_its_content() {
    let site = Site::open(true).await;
    let body = site.get("/", None).await.body;
    let at = body.find("/assets/console-").unwrap();
    let path: String = body[at..].chars().take_while(|c| *c != '"').collect();
    let sheet = site.get(&path, None).await;
    assert_eq!(sheet.status, StatusCode::OK);
    assert!(sheet.headers.get("cache-control").unwrap().to_str().unwrap().contains("immutable"));
}
