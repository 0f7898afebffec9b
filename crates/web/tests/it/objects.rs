//! What belongs to somebody is shown to them and to nobody else, whatever role others hold.

use app::console::Scope;
use app::console::programme::PersonId;
use axum::http::StatusCode;

use crate::harness::Site;

#[tokio::test]
async fn what_one_downloads_is_about_oneself_and_holds_no_result_before_its_day() {
    let site = Site::open(true).await;
    let jonas = site.enter(&site.named("Jonas Weber").await).await;
    let kept = site.get("/account/export", Some(&jonas)).await.body;
    assert!(kept.contains("jonas.weber@demo.invalid") && !kept.contains("katia"), "{kept}");
    // Hugo is decided on; the session is not published.
    let hugo = site.enter(&site.named("Hugo Marchetti").await).await;
    let kept: serde_json::Value = serde_json::from_str(&site.get("/account/export", Some(&hugo)).await.body).unwrap();
    let decided: Vec<_> =
        kept["enrolments"].as_array().unwrap().iter().filter(|one| one["stage"] == "decided").collect();
    assert_eq!(decided.len(), 1);
    assert!(decided[0]["decision"].is_null());
}

/// The first enrolment of somebody of the demonstration.
async fn enrolment(site: &Site, name: &str) -> String {
    let person = PersonId::new(&site.named(name).await).unwrap();
    let scope = Scope::Candidate(person);
    let found = site.desk.read(&scope, |records| records.enrolments.first().map(|one| one.id.to_string()));
    found.await.unwrap().expect("they are enrolled")
}

#[tokio::test]
async fn a_candidate_sees_their_own_file_and_no_other() {
    let site = Site::open(true).await;
    let (own, other) = (enrolment(&site, "Jonas Weber").await, enrolment(&site, "Katia Lefort").await);
    let cookie = site.enter(&site.named("Jonas Weber").await).await;
    assert_eq!(site.get(&format!("/candidate/{own}"), Some(&cookie)).await.status, StatusCode::OK);
    for (path, form) in
        [("", None), ("/project", Some("url=https://git.example.org/x")), ("/hand-in", Some("commit=00"))]
    {
        let path = format!("/candidate/{other}{path}");
        let answer = match form {
            None => site.get(&path, Some(&cookie)).await,
            Some(form) => site.post(&path, Some(&cookie), form).await,
        };
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!answer.body.contains("Katia"), "{path}");
    }
}

#[tokio::test]
async fn a_juror_sees_the_files_that_they_judge_and_no_other() {
    let site = Site::open(true).await;
    // Sofia's session has a jury too, but Luc is only its alternate: he is on no bench.
    let (judged, elsewhere) = (enrolment(&site, "Jonas Weber").await, enrolment(&site, "Sofia Rossi").await);
    let anne = site.enter(&site.named("Anne-Sophie Keller").await).await;
    let luc = site.enter(&site.named("Luc Brunet").await).await;
    assert_eq!(site.get(&format!("/jury/{judged}"), Some(&anne)).await.status, StatusCode::OK);
    for path in [format!("/jury/{judged}"), format!("/jury/{elsewhere}"), format!("/jury/{judged}/deliberation")] {
        assert_eq!(site.get(&path, Some(&luc)).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let answer = site.post(&format!("/jury/{judged}/sheet"), Some(&luc), "revision=0&mark.C1.cr1=5").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn nobody_sees_the_marks_of_others_before_all_have_given_theirs() {
    let site = Site::open(true).await;
    let (all, one) = (enrolment(&site, "Inès Carvalho").await, enrolment(&site, "Katia Lefort").await);
    let anne = site.enter(&site.named("Anne-Sophie Keller").await).await;
    let seen = site.get(&format!("/jury/{all}/deliberation"), Some(&anne)).await;
    assert_eq!(seen.status, StatusCode::OK);
    assert!(seen.body.contains("Daniel Okafor"));
    let hidden = site.get(&format!("/jury/{one}/deliberation"), Some(&anne)).await;
    assert_eq!(hidden.status, StatusCode::CONFLICT);
    assert!(!hidden.body.contains("Daniel Okafor"));
}

#[tokio::test]
async fn a_coach_sees_the_people_of_their_cohort_and_a_company_its_own() {
    let site = Site::open(true).await;
    let learner = enrolment(&site, "Jonas Weber").await;
    let helene = site.enter(&site.named("Hélène Fabre").await).await;
    let marc = site.enter(&site.named("Marc Olivier").await).await;
    assert_eq!(site.get(&format!("/coach/{learner}"), Some(&helene)).await.status, StatusCode::OK);
    assert_eq!(site.get(&format!("/coach/{learner}"), Some(&marc)).await.status, StatusCode::NOT_FOUND);
    let company = site.enter(&site.named("Yann Le Bihan").await).await;
    let held = site.get("/company", Some(&company)).await.body;
    // Every third candidate is employed there: Awa is, Bastien is not; both hold a title.
    assert!(held.contains("Awa Diallo") && !held.contains("Bastien Perrot"), "{held}");
}
