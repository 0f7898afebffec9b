//! From a sheet to a published result, by forms alone.

use app::console::Scope;
use app::console::programme::{PersonId, SessionState, Stage};
use axum::http::StatusCode;

use crate::harness::Site;

/// The enrolment, session and criteria of the one whom no juror has scored yet.
async fn unscored(site: &Site) -> (String, String, Vec<String>) {
    let person = PersonId::new(&site.named("Liam O'Brien").await).unwrap();
    let scope = Scope::Candidate(person);
    let found = site.desk.read(&scope, |records| {
        let one = records.enrolments.first()?;
        let (session, _, version) = records.frame(one)?;
        let criteria = version.rubric.criteria.iter().map(|criterion| criterion.id.to_string()).collect();
        Some((one.id.to_string(), session.id.to_string(), criteria))
    });
    found.await.unwrap().expect("they are in the demonstration")
}

fn sheet(revision: u64, criteria: &[String], rest: &str) -> String {
    let marks: Vec<String> = criteria.iter().map(|id| format!("mark.{id}=4&reason.{id}=Read+at+the+commit")).collect();
    format!("revision={revision}&{}{rest}", marks.join("&"))
}

#[tokio::test]
async fn a_sheet_sent_twice_is_one_and_an_old_one_is_refused() {
    let site = Site::open(true).await;
    let (one, _, criteria) = unscored(&site).await;
    let anne = site.enter(&site.named("Anne-Sophie Keller").await).await;
    let path = format!("/jury/{one}/sheet");
    let form = sheet(0, &criteria, "");
    for _ in 0..2 {
        assert_eq!(site.post(&path, Some(&anne), &form).await.status, StatusCode::SEE_OTHER);
    }
    let other = sheet(0, &criteria[1..], "");
    let refused = site.post(&path, Some(&anne), &other).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    // What is saved and what was typed are both there, and can be sent from this very page.
    assert!(refused.body.contains("Something newer is saved"), "{}", refused.body);
    assert!(refused.body.contains("name=\"revision\" value=\"1\""), "{}", refused.body);
    let first = format!("name=\"mark.{}\" value=\"4\" checked", criteria[0]);
    assert!(refused.body.contains(&first), "what the older page did not have stays: {}", refused.body);
    let changed = format!("revision=0&mark.{}=2&reason.{}=Now", criteria[0], criteria[0]);
    let both = site.post(&path, Some(&anne), &changed).await.body;
    let typed = format!("name=\"mark.{}\" value=\"2\" checked", criteria[0]);
    assert!(both.contains(&typed) && both.contains("Saved before: 4 · Read at the commit"), "{both}");
    // A script is told which refusal it is, so that it shows that page.
    let mut asked = crate::harness::request(axum::http::Method::POST, &path, Some(&anne), &changed);
    asked.headers_mut().insert("accept", "application/json".parse().unwrap());
    let told = site.ask(asked).await;
    assert!(told.status == StatusCode::CONFLICT && told.body.contains("urn:preuve:sheet-old"), "{}", told.body);
    assert_eq!(site.post(&path, Some(&anne), "revision=1&mark.C1.cr1=seven").await.status, 422);
}

#[tokio::test]
async fn three_jurors_a_deliberation_and_a_publication() {
    let site = Site::open(true).await;
    let (one, session, criteria) = unscored(&site).await;
    for name in ["Anne-Sophie Keller", "Daniel Okafor", "Fatou Sarr"] {
        let juror = site.enter(&site.named(name).await).await;
        let form = sheet(0, &criteria, "&submit=yes");
        let answer = site.post(&format!("/jury/{one}/sheet"), Some(&juror), &form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{name}: {}", answer.body);
    }
    let certifier = site.enter(&site.named("Camille Morel").await).await;
    let publish = format!("/certifier/sessions/{session}/step");
    let early = site.post(&publish, Some(&certifier), "step=publish").await;
    assert_eq!(early.status, StatusCode::CONFLICT, "others wait for their decision");

    // Katia lacks two sheets; then everybody is decided on.
    let katia = PersonId::new(&site.named("Katia Lefort").await).unwrap();
    let scope = Scope::Candidate(katia);
    let katia = site.desk.read(&scope, |records| records.enrolments[0].id.to_string()).await.unwrap();
    for name in ["Daniel Okafor", "Fatou Sarr"] {
        let juror = site.enter(&site.named(name).await).await;
        let answer =
            site.post(&format!("/jury/{katia}/sheet"), Some(&juror), &sheet(0, &criteria, "&submit=yes")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{name}: {}", answer.body);
    }
    let anne = site.enter(&site.named("Anne-Sophie Keller").await).await;
    let open = Scope::Session(app::console::programme::SessionId::new(&session).unwrap());
    let undecided = site.desk.read(&open, |records| {
        let open = records.enrolments.iter().filter(|one| one.stage == Stage::HandedIn);
        open.map(|one| one.id.to_string()).collect::<Vec<_>>()
    });
    for id in undecided.await.unwrap() {
        for act in ["do=proposal&reason=As+talked+over", "do=conclude"] {
            let answer = site.post(&format!("/jury/{id}/deliberation"), Some(&anne), act).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{id} {act}: {}", answer.body);
        }
    }
    let answer = site.post(&publish, Some(&certifier), "step=publish").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let state = site.desk.read(&open, |records| {
        let published = records.enrolments.iter().filter(|one| one.stage == Stage::Published).count();
        (records.sessions[0].state, published)
    });
    assert_eq!(state.await.unwrap(), (SessionState::Published, 5));
    let own = site.enter(&site.named("Liam O'Brien").await).await;
    let page = site.get("/candidate", Some(&own)).await.body;
    assert!(page.contains("Title awarded.") && page.contains("/verify/"), "{page}");
}

#[tokio::test]
async fn a_revoked_award_is_told_so_to_anyone() {
    let site = Site::open(true).await;
    let certifier = site.enter(&site.named("Camille Morel").await).await;
    let person = PersonId::new(&site.named("Awa Diallo").await).unwrap();
    let scope = Scope::Candidate(person);
    let (id, code) = site
        .desk
        .read(&scope, |records| (records.awards[0].id.to_string(), records.awards[0].code.clone()))
        .await
        .unwrap();
    let before = site.get(&format!("/verify?code={code}"), None).await;
    assert!(before.body.contains("This credential holds."), "{}", before.body);
    let silent = site.post(&format!("/certifier/awards/{id}/revoke"), Some(&certifier), "reason=").await;
    assert_eq!(silent.status, StatusCode::CONFLICT);
    let answer = site.post(&format!("/certifier/awards/{id}/revoke"), Some(&certifier), "reason=Fraud").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let after = site.get(&format!("/verify?code={code}"), None).await;
    assert!(after.body.contains("This credential was revoked."), "{}", after.body);
}
