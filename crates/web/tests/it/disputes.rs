//! Appeals against what is published, and reports of fraud.

use app::console::Scope;
use app::console::programme::{EnrolmentId, Stage};
use axum::http::StatusCode;

use crate::harness::Site;

/// Where somebody stands, whether they passed, and how many awards are theirs.
async fn stands(site: &Site, id: &str) -> (Stage, Option<bool>, bool) {
    let id = EnrolmentId::new(id).unwrap();
    let scope = Scope::Enrolment(id.clone());
    let found = site.desk.read(&scope, |records| {
        let one = records.enrolment(&id).unwrap();
        (one.stage, one.decision.as_ref().map(|made| made.grade.passed), one.fraud_open)
    });
    found.await.unwrap()
}

/// The first link of a page that begins so, up to its quote.
fn link(page: &str, begins: &str) -> String {
    let at = page.find(begins).unwrap_or_else(|| panic!("no {begins} in {page}"));
    page[at..].chars().take_while(|c| *c != '"').collect()
}

#[tokio::test]
async fn a_panel_that_did_not_judge_hears_an_appeal_and_awards_the_title() {
    let site = Site::open(true).await;
    // Somebody who failed and whose appeal Luc, who judged nobody, hears.
    let luc = site.enter(&site.named("Luc Brunet").await).await;
    let jury = site.get("/jury", Some(&luc)).await.body;
    let at = link(&jury, "/appeals/");
    let page = site.get(&at, Some(&luc)).await;
    assert!(page.status == StatusCode::OK && page.body.contains("Not awarded"), "{}", page.body);
    let anne = site.enter(&site.named("Anne-Sophie Keller").await).await;
    assert_eq!(site.get(&at, Some(&anne)).await.status, StatusCode::NOT_FOUND, "she judged, and is not of the panel");
    let criteria: Vec<String> =
        page.body.split("name=\"mark.").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
    assert_eq!(criteria.len(), 20);
    let form = |mark: u32, rest: &str| {
        let marks: Vec<String> = criteria.iter().map(|id| format!("mark.{id}={mark}")).collect();
        format!("{}&{rest}", marks.join("&"))
    };
    let lower = site.post(&at, Some(&luc), &form(0, "accepted=yes&reason=No")).await;
    assert!(
        lower.status == StatusCode::CONFLICT && lower.body.contains("cannot make a result worse"),
        "{}",
        lower.body
    );
    let silent = site.post(&at, Some(&luc), &form(5, "accepted=yes&reason=")).await;
    assert_eq!(silent.status, StatusCode::CONFLICT);
    assert_eq!(site.post(&at, Some(&anne), &form(5, "accepted=yes&reason=Yes")).await.status, StatusCode::NOT_FOUND);
    let upheld = site.post(&at, Some(&luc), &form(5, "accepted=yes&reason=Annex+B+shows+it")).await;
    assert_eq!(upheld.status, StatusCode::SEE_OTHER, "{}", upheld.body);
    let after = site.get(&at, Some(&luc)).await.body;
    assert!(after.contains("Title awarded") && after.contains("Annex B shows it"), "{after}");
    let again = site.post(&at, Some(&luc), "accepted=no&reason=Second+thoughts").await;
    assert_eq!(again.status, StatusCode::CONFLICT, "answered once");

    // The candidate holds a credential that verifies.
    let name = after.split(", ").nth(1).and_then(|rest| rest.split(" <").next()).expect("a name").to_owned();
    let own = site.enter(&site.named(&name).await).await;
    let dashboard = site.get("/candidate", Some(&own)).await.body;
    assert!(dashboard.contains("Annex B shows it"), "{dashboard}");
    let code = link(&dashboard, "/verify/");
    assert!(site.get(&code, None).await.body.contains("This credential holds."));
}

#[tokio::test]
async fn an_appeal_is_filed_in_time_and_examined() {
    let site = Site::open(true).await;
    let camille = site.enter(&site.named("Camille Morel").await).await;
    // Everything that was decided long ago is too late to contest.
    let jonas = site.enter(&site.named("Clara Nguyen").await).await;
    let id = site.enrolment("Clara Nguyen").await;
    assert_eq!(site.get(&format!("/candidate/{id}/appeal"), Some(&jonas)).await.status, StatusCode::NOT_FOUND);
    let late = site.post(&format!("/candidate/{id}/appeal"), Some(&jonas), "grounds=Unfair").await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    let other = site.enrolment("Gaëlle Le Goff").await;
    let others = site.post(&format!("/candidate/{other}/appeal"), Some(&jonas), "grounds=Unfair").await;
    assert_eq!(others.status, StatusCode::NOT_FOUND);
    let overview = site.get("/certifier", Some(&camille)).await.body;
    assert!(overview.contains("Appeal ·") || !overview.contains("/certifier/appeals"), "{overview}");
}

#[tokio::test]
async fn a_suspicion_is_reported_heard_and_answered_by_somebody_else() {
    let site = Site::open(true).await;
    let id = site.enrolment("Katia Lefort").await;
    let anne = site.enter(&site.named("Anne-Sophie Keller").await).await;
    let luc = site.enter(&site.named("Luc Brunet").await).await;
    let katia = site.enter(&site.named("Katia Lefort").await).await;
    let camille = site.enter(&site.named("Camille Morel").await).await;
    let rose = site.stranger().await;
    let file = format!("/jury/{id}/fraud");
    assert_eq!(site.post(&file, Some(&luc), "facts=Copied").await.status, StatusCode::NOT_FOUND, "not on the bench");
    assert_eq!(site.post(&file, Some(&anne), "facts=").await.status, StatusCode::CONFLICT);
    assert_eq!(site.post(&file, Some(&anne), "facts=The+same+repository").await.status, StatusCode::SEE_OTHER);
    assert!(stands(&site, &id).await.2, "it waits");

    let page = site.get(&format!("/certifier/enrolments/{id}"), Some(&camille)).await.body;
    assert!(page.contains("The same repository") && page.contains("Anne-Sophie Keller"), "{page}");
    let answer = link(&page, &format!("/certifier/enrolments/{id}/frauds/"));
    let answer = answer.trim_end_matches("/hearing").to_owned();
    let unheard = site.post(&answer, Some(&camille), "accepted=yes&reason=Clear").await;
    assert!(unheard.status == StatusCode::CONFLICT && unheard.body.contains("not been heard"), "{}", unheard.body);
    // She is told what is said of her and not by whom, and answers.
    let own = site.get("/candidate", Some(&katia)).await.body;
    assert!(own.contains("The same repository") && !own.contains("Anne-Sophie"), "{own}");
    let speak = link(&own, &format!("/candidate/{id}/frauds/"));
    assert_eq!(site.post(&speak, Some(&katia), "said=It+is+mine").await.status, StatusCode::SEE_OTHER);
    for (who, form, expected) in [
        (&rose, "accepted=yes&reason=Clear", StatusCode::NOT_FOUND),
        (&camille, "accepted=yes&reason=", StatusCode::CONFLICT),
        (&camille, "accepted=yes&reason=Both+were+heard", StatusCode::SEE_OTHER),
        (&camille, "accepted=no&reason=After+all", StatusCode::CONFLICT),
    ] {
        assert_eq!(site.post(&answer, Some(who), form).await.status, expected, "{form}");
    }
    let (stage, passed, open) = stands(&site, &id).await;
    assert_eq!((stage, passed, open), (Stage::Excluded, None, false), "excluded, and never failed");
}

#[tokio::test]
async fn an_invigilator_reports_and_whoever_reports_does_not_answer() {
    let site = Site::open(true).await;
    let id = site.enrolment("Liam O'Brien").await;
    let basile = site.enter(&site.named("Basile Roche").await).await;
    let camille = site.enter(&site.named("Camille Morel").await).await;
    let answer = site.post(&format!("/invigilation/{id}/fraud"), Some(&basile), "facts=A+second+telephone").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let nobody = "0".repeat(32);
    let missing = site.post(&format!("/invigilation/{nobody}/fraud"), Some(&basile), "facts=x").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    // A second one, by the certifier: the first is answered, the second still holds everything up.
    let own = site.post(&format!("/certifier/enrolments/{id}/fraud"), Some(&camille), "facts=Also+this").await;
    assert_eq!(own.status, StatusCode::SEE_OTHER);
    let page = site.get(&format!("/certifier/enrolments/{id}"), Some(&camille)).await.body;
    let begins = format!("/certifier/enrolments/{id}/frauds/");
    let reports: Vec<String> = page
        .match_indices(&begins)
        .map(|(at, _)| page[at..].chars().take_while(|c| *c != '"').collect::<String>())
        .filter(|path| !path.ends_with("/hearing"))
        .collect();
    assert_eq!(reports.len(), 2, "{page}");
    let mut answered = 0;
    for report in &reports {
        let status = site.post(report, Some(&camille), "accepted=no&reason=Explained").await.status;
        answered += usize::from(status == StatusCode::SEE_OTHER);
    }
    assert_eq!(answered, 1, "nobody is judge in their own cause");
    assert!(stands(&site, &id).await.2, "the other still waits");
}
