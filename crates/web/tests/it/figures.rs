//! What a certifier learns from many results, on a page and as CSV.

use app::console::Scope;
use app::console::programme::PersonId;
use axum::http::StatusCode;

use crate::harness::Site;

async fn session_of(site: &Site, name: &str) -> String {
    let person = PersonId::new(&site.named(name).await).unwrap();
    let scope = Scope::Candidate(person);
    let found = site.desk.read(&scope, |records| records.enrolments.first().map(|one| one.session.to_string()));
    found.await.unwrap().unwrap()
}

#[tokio::test]
async fn a_certifier_reads_figures_and_takes_each_table_along() {
    let site = Site::open(true).await;
    let camille = site.enter(&site.named("Camille Morel").await).await;
    let id = session_of(&site, "Clara Nguyen").await;
    let overview = site.get("/certifier/statistics", Some(&camille)).await;
    assert_eq!(overview.status, StatusCode::OK);
    for told in ["Hélène Fabre", "Canal 2026", "2026-1"] {
        assert!(overview.body.contains(told), "{told}: {}", overview.body);
    }
    let page = site.get(&format!("/certifier/sessions/{id}/statistics"), Some(&camille)).await;
    assert!(page.status == StatusCode::OK && page.body.contains("Alpha of jurors"), "{}", page.body);
    for (path, first, rows) in [
        ("/certifier/statistics/sessions".to_owned(), "\"session\",\"State\",", 5),
        ("/certifier/statistics/weakest".to_owned(), "\"Cohort\",\"Title\",", 3),
        ("/certifier/statistics/coaches".to_owned(), "\"coach\",", 1),
        (format!("/certifier/sessions/{id}/statistics/criteria"), "\"Code\",\"Criterion\",", 20),
        (format!("/certifier/sessions/{id}/statistics/stages"), "\"Stage\",\"People\"", 2),
    ] {
        let list = site.get_in(&path, Some(&camille), "en").await;
        assert_eq!(list.headers["content-type"], "text/csv; charset=utf-8", "{path}");
        assert!(list.body.starts_with(first), "{path}: {}", list.body);
        assert_eq!(list.body.lines().count(), rows + 1, "{path}: {}", list.body);
    }
    // Five were judged in that session, one had withdrawn: nobody failed by that.
    let stages = site.get(&format!("/certifier/sessions/{id}/statistics/stages"), Some(&camille)).await.body;
    assert!(stages.contains("\"published\",5") && stages.contains("\"withdrawn\",1"), "{stages}");
    assert_eq!(site.get("/certifier/statistics/everything", Some(&camille)).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn another_house_sees_no_figure_of_it() {
    let site = Site::open(true).await;
    let rose = site.stranger().await;
    let id = session_of(&site, "Clara Nguyen").await;
    for path in ["statistics", "statistics/criteria"] {
        let answer = site.get(&format!("/certifier/sessions/{id}/{path}"), Some(&rose)).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    let own = site.get("/certifier/statistics", Some(&rose)).await.body;
    assert!(own.contains("No session was opened yet") && !own.contains("Hélène"), "{own}");
}
