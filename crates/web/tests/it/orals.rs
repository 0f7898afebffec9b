//! One oral that moves: to a free time, for a reason, by whoever certifies the session; all concerned are told.

use app::console::Scope;
use app::console::programme::{Change, Enrolment, EnrolmentId};
use axum::http::header::AUTHORIZATION;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::harness::{Answer, Site, request};

pub(crate) async fn enrolment(site: &Site, id: &EnrolmentId) -> Enrolment {
    let scope = Scope::Enrolment(id.clone());
    site.desk.read(&scope, |records| records.enrolment(id).unwrap().clone()).await.unwrap()
}

/// Somebody whose oral is ahead, with whom nobody has begun.
pub(crate) async fn ahead(site: &Site, cookie: &str) -> EnrolmentId {
    let id = EnrolmentId::new(&site.enrolment("Nadir Haddad").await).unwrap();
    let session = enrolment(site, &id).await.session;
    let set = site.post(&format!("/certifier/sessions/{session}/orals"), Some(cookie), "room=A1").await;
    assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.body);
    let page = site.get(&format!("/certifier/enrolments/{id}"), Some(cookie)).await.body;
    assert!(page.contains(&format!("/certifier/enrolments/{id}/oral\"")), "{page}");
    id
}

/// The first free time that the page offers, as its form takes it.
pub(crate) async fn free(site: &Site, id: &EnrolmentId, cookie: &str) -> String {
    let page = site.get(&format!("/certifier/enrolments/{id}/oral"), Some(cookie)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let at = page.body.find("/oral?starts=").unwrap_or_else(|| panic!("nothing is free: {}", page.body)) + 13;
    page.body[at..].chars().take_while(|c| c.is_ascii_digit() || "-T:".contains(*c)).collect()
}

#[tokio::test]
async fn an_oral_moves_once_for_a_reason_and_all_concerned_are_told() {
    let site = Site::open(true).await;
    let camille = site.enter(&site.named("Camille Morel").await).await;
    let id = ahead(&site, &camille).await;
    let before = enrolment(&site, &id).await;
    let starts = free(&site, &id, &camille).await;
    let path = format!("/certifier/enrolments/{id}/oral");
    let form = |starts: &str, why: &str| format!("starts={}&room=B2&reason={why}", starts.replace(':', "%3A"));
    let stranger = site.stranger().await;
    assert_eq!(site.get(&path, Some(&stranger)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.post(&path, Some(&stranger), &form(&starts, "ill")).await.status, StatusCode::NOT_FOUND);
    for (starts, why, told) in [(&*starts, "", "reason"), ("2020-01-01T08:00", "ill", "This time is past")] {
        let refused = site.post(&path, Some(&camille), &form(starts, why)).await;
        assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.body.contains(told), "{}", refused.body);
    }
    assert_eq!(enrolment(&site, &id).await.oral, before.oral, "nothing moved so far");
    assert!(site.outbox().is_empty());
    let done = site.post(&path, Some(&camille), &form(&starts, "Juror+ill")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let slot = enrolment(&site, &id).await.oral.unwrap();
    assert_eq!((slot.starts.to_string(), &*slot.room), (format!("{starts}:00Z"), "B2"));
    let sent = site.outbox();
    assert!(sent.len() >= 3, "candidate and jurors: {sent:?}");
    assert!(sent.iter().all(|(_, text)| text.contains("Juror ill") && text.contains("B2")), "{sent:?}");
    let log = site.desk.journal(None, 20).await.unwrap();
    let event =
        log.iter().filter_map(|one| one.event.as_ref()).find(|one| matches!(one.change, Change::OralMoved { .. }));
    assert_eq!(event.unwrap().act.why.as_deref(), Some("Juror ill"));
    let again = site.post(&path, Some(&camille), &form(&starts, "again")).await;
    assert!(again.body.contains("at this time already"), "{}", again.body);
}

async fn send(site: &Site, id: &EnrolmentId, token: &str, body: &Value) -> Answer {
    let mut asked = request(Method::POST, &format!("/api/v1/enrolments/{id}/oral"), None, &body.to_string());
    asked.headers_mut().insert(AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
    asked.headers_mut().insert("content-type", "application/json".parse().unwrap());
    site.ask(asked).await
}

#[tokio::test]
async fn a_program_moves_an_oral_with_a_token_for_it() {
    let site = Site::open(true).await;
    let camille = site.enter(&site.named("Camille Morel").await).await;
    let mut tokens = Vec::new();
    for more in ["", "&orals=yes"] {
        let page = site.post("/account/tokens", Some(&camille), &format!("name=planner{more}")).await.body;
        let at = page.find("preuve_").unwrap();
        tokens.push(page[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>());
    }
    let id = ahead(&site, &camille).await;
    let starts = format!("{}:00Z", free(&site, &id, &camille).await);
    let wanted = json!({ "starts": starts, "room": "B2", "reason": "The room is flooded" });
    assert_eq!(send(&site, &id, &tokens[0], &wanted).await.status, StatusCode::FORBIDDEN);
    for (wrong, status) in [
        (json!({ "starts": "soon", "room": "B2", "reason": "x" }), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({ "starts": starts, "room": " ", "reason": "x" }), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({ "starts": starts, "room": "B2", "reason": "" }), StatusCode::CONFLICT),
    ] {
        assert_eq!(send(&site, &id, &tokens[1], &wrong).await.status, status, "{wrong}");
    }
    let answer = send(&site, &id, &tokens[1], &wanted).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let told: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!((&told["starts"], &told["room"]), (&json!(starts), &json!("B2")));
    assert_eq!(enrolment(&site, &id).await.oral.unwrap().starts.to_string(), starts);
}
