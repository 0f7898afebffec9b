//! Seats that change: a juror who is missing, one who stands aside, a candidate who goes.

use app::console::Scope;
use app::console::programme::{EnrolmentId, Session, Stage};
use axum::http::StatusCode;

use crate::harness::Site;

async fn session_of(site: &Site, id: &str) -> (Session, Stage) {
    let id = EnrolmentId::new(id).unwrap();
    let scope = Scope::Enrolment(id.clone());
    let found = site.desk.read(&scope, |records| {
        let one = records.enrolment(&id).unwrap();
        (records.session(&one.session).unwrap().clone(), one.stage)
    });
    found.await.unwrap()
}

#[tokio::test]
async fn an_alternate_takes_the_seat_of_a_juror_who_is_missing() {
    let site = Site::open(true).await;
    let camille = site.enter(&site.named("Camille Morel").await).await;
    let id = site.enrolment("Nadir Haddad").await;
    let (session, _) = session_of(&site, &id).await;
    let path = format!("/certifier/sessions/{}/jury/seat", session.id);
    let (anne, luc) = (site.named("Anne-Sophie Keller").await, site.named("Luc Brunet").await);
    if session.jury.juror(&app::console::programme::PersonId::new(&luc).unwrap()).is_none() {
        let form = format!("juror={luc}&alternate=yes");
        let appointed = site.post(&format!("/certifier/sessions/{}/jury", session.id), Some(&camille), &form).await;
        assert_eq!(appointed.status, StatusCode::SEE_OTHER, "{}", appointed.body);
    }
    let (first, second) = (site.enter(&anne).await, site.enter(&luc).await);
    let file = format!("/jury/{id}");
    assert_eq!(site.get(&file, Some(&first)).await.status, StatusCode::OK);
    assert_eq!(site.get(&file, Some(&second)).await.status, StatusCode::NOT_FOUND);
    let form = |why: &str| format!("juror={anne}&what=absent&substitute={luc}&reason={why}");
    assert_eq!(
        site.post(&path, Some(&camille), &form("")).await.status,
        StatusCode::CONFLICT,
        "an absence is explained"
    );
    assert_eq!(site.post(&path, Some(&site.stranger().await), &form("ill")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.post(&path, Some(&camille), &form("ill")).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get(&file, Some(&first)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get(&file, Some(&second)).await.status, StatusCode::OK);
    let page = site.get(&format!("/certifier/sessions/{}", session.id), Some(&camille)).await.body;
    assert!(page.contains("absent") && page.contains("The jury is complete"), "{page}");
    // It was a mistake: she has her seat again, and the alternate is one again.
    let back = |why: &str| format!("juror={anne}&what=present&reason={why}");
    assert!(page.contains("value=\"present\">Here after all"), "{page}");
    assert_eq!(site.post(&path, Some(&camille), &back("")).await.status, StatusCode::CONFLICT, "it is explained");
    assert_eq!(site.post(&path, Some(&site.stranger().await), &back("here")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.post(&path, Some(&camille), &back("here")).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get(&file, Some(&first)).await.status, StatusCode::OK);
    assert_eq!(site.get(&file, Some(&second)).await.status, StatusCode::NOT_FOUND);
    let twice = site.post(&path, Some(&camille), &back("here")).await;
    assert!(twice.status == StatusCode::CONFLICT && twice.body.contains("not marked as absent"), "{}", twice.body);
    let journal = site.desk.journal(None, 5).await.unwrap();
    assert!(journal.iter().any(|one| one.what == "juror-returned"), "{journal:?}");
    let gone = format!("juror={anne}&what=dismissed&reason=She+left");
    assert_eq!(site.post(&path, Some(&camille), &gone).await.status, StatusCode::SEE_OTHER);
    let (session, _) = session_of(&site, &id).await;
    assert!(session.jury.jurors.iter().all(|juror| juror.person.as_str() != anne));
}

#[tokio::test]
async fn a_juror_who_is_tied_to_a_candidate_stands_aside() {
    let site = Site::open(true).await;
    let id = site.enrolment("Nadir Haddad").await;
    let anne = site.enter(&site.named("Anne-Sophie Keller").await).await;
    let luc = site.enter(&site.named("Luc Brunet").await).await;
    let path = format!("/jury/{id}/conflict");
    assert_eq!(site.post(&path, Some(&luc), "ground=relative").await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.post(&path, Some(&anne), "ground=dislike").await.status, StatusCode::NOT_FOUND);
    let page = site.get(&format!("/jury/{id}"), Some(&anne)).await.body;
    assert!(page.contains("I may not judge this person"), "{page}");
    assert_eq!(site.post(&path, Some(&anne), "ground=relative&reason=My+cousin").await.location(), "/jury");
    assert_eq!(site.get(&format!("/jury/{id}"), Some(&anne)).await.status, StatusCode::NOT_FOUND);
    let (session, _) = session_of(&site, &id).await;
    let camille = site.enter(&site.named("Camille Morel").await).await;
    let page = site.get(&format!("/certifier/sessions/{}", session.id), Some(&camille)).await.body;
    assert!(page.contains("Anne-Sophie Keller, for Nadir Haddad (a relative)"), "{page}");
}

#[tokio::test]
async fn a_candidate_goes_of_their_own_will_and_did_not_fail() {
    let site = Site::open(true).await;
    let id = site.enrolment("Nadir Haddad").await;
    let (own, other) = (site.named("Nadir Haddad").await, site.named("Jonas Weber").await);
    let (own, other) = (site.enter(&own).await, site.enter(&other).await);
    let path = format!("/candidate/{id}/withdraw");
    assert_eq!(site.post(&path, Some(&other), "reason=x").await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.post(&path, Some(&own), "reason=").await.status, StatusCode::CONFLICT);
    assert_eq!(site.post(&path, Some(&own), "reason=A+new+job").await.status, StatusCode::SEE_OTHER);
    assert_eq!(session_of(&site, &id).await.1, Stage::Withdrawn);
    assert_eq!(site.post(&path, Some(&own), "reason=again").await.status, StatusCode::CONFLICT);
    let page = site.get(&format!("/candidate/{id}"), Some(&own)).await.body;
    assert!(page.contains(">withdrawn<") && !page.contains("/withdraw\""), "{page}");
}
