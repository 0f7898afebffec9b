//! What people write to each other, and who reads it.

use axum::http::StatusCode;

use crate::harness::Site;

#[tokio::test]
async fn coach_and_candidate_talk_and_notes_stay_among_coaches() {
    let site = Site::open(true).await;
    let id = site.enrolment("Nadir Haddad").await;
    let nadir = site.enter(&site.named("Nadir Haddad").await).await;
    let paul = site.enter(&site.named("Paul Tremblay").await).await;
    let helene = site.enter(&site.named("Hélène Fabre").await).await;
    let marc = site.enter(&site.named("Marc Olivier").await).await;
    let (own, coach) = (format!("/candidate/{id}/messages"), format!("/coach/{id}/messages"));
    assert_eq!(
        site.post(&own, Some(&nadir), "with=coach&message=Which+test+first").await.status,
        StatusCode::SEE_OTHER
    );
    let waits = site.get("/coach", Some(&helene)).await.body;
    assert!(waits.contains("Who wrote and waits for a word"), "{waits}");
    site.pass(1);
    assert_eq!(site.post(&coach, Some(&helene), "with=notes&message=Reads+little").await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.post(&coach, Some(&helene), "with=coach&message=The+restore").await.status, StatusCode::SEE_OTHER);
    let waits = site.get("/coach", Some(&helene)).await.body;
    assert!(!waits.contains("Who wrote and waits for a word"), "{waits}");
    let seen = site.get(&format!("/coach/{id}"), Some(&helene)).await.body;
    for told in ["Which test first", "Reads little", "The restore"] {
        assert!(seen.contains(told), "{told}: {seen}");
    }
    // The dashboard shows what is new; the thread says so once, and the note never.
    let dashboard = site.get("/candidate", Some(&nadir)).await.body;
    assert!(dashboard.contains("The restore") && dashboard.contains(">new<"), "{dashboard}");
    for (nth, new) in [(1, true), (2, false)] {
        let thread = site.get(&own, Some(&nadir)).await.body;
        assert!(thread.contains("The restore") && !thread.contains("Reads little"), "{thread}");
        assert_eq!(thread.contains(">new<"), new, "{nth}: {thread}");
    }
    let sent = site.outbox();
    let (_, letter) = sent.iter().rfind(|(to, _)| to == "nadir.haddad@demo.invalid").expect("told");
    assert!(letter.contains(&format!("/candidate/{id}/messages")) && !letter.contains("The restore"), "{letter}");
    for (path, who, form) in [
        (&own, &paul, "with=coach&message=x"),
        (&coach, &marc, "with=coach&message=x"),
        (&coach, &marc, "with=notes&message=x"),
        (&own, &nadir, "with=everybody&message=x"),
    ] {
        assert_eq!(site.post(path, Some(who), form).await.status, StatusCode::NOT_FOUND, "{path} {form}");
    }
    assert_eq!(site.get(&own, Some(&paul)).await.status, StatusCode::NOT_FOUND);
    let empty = site.post(&own, Some(&nadir), "with=coach&message=+").await;
    assert_eq!(empty.status, StatusCode::CONFLICT);
    let long = format!("with=coach&message={}", "x".repeat(8_001));
    assert_eq!(site.post(&own, Some(&nadir), &long).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_certifier_answers_their_own_candidates() {
    let site = Site::open(true).await;
    let id = site.enrolment("Nadir Haddad").await;
    let nadir = site.enter(&site.named("Nadir Haddad").await).await;
    let camille = site.enter(&site.named("Camille Morel").await).await;
    let rose = site.stranger().await;
    let (own, office) = (format!("/candidate/{id}/messages"), format!("/certifier/enrolments/{id}/messages"));
    assert_eq!(site.post(&own, Some(&nadir), "with=certifier&message=When").await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.post(&office, Some(&rose), "message=Never").await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.post(&office, Some(&camille), "message=On+Monday").await.status, StatusCode::SEE_OTHER);
    assert!(site.get(&own, Some(&nadir)).await.body.contains("On Monday"));
    let helene = site.enter(&site.named("Hélène Fabre").await).await;
    let coached = site.get(&format!("/coach/{id}"), Some(&helene)).await.body;
    assert!(!coached.contains("On Monday"), "a coach does not read what the certifier writes");
}
