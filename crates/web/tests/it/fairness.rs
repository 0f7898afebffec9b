//! Adjustments: asked for, decided with a reason, and carried to where they matter.

use app::console::Scope;
use app::console::programme::EnrolmentId;
use axum::http::StatusCode;

use crate::harness::Site;

async fn extra(site: &Site, id: &str) -> (u32, Option<i64>) {
    let id = EnrolmentId::new(id).unwrap();
    let scope = Scope::Enrolment(id.clone());
    let found = site.desk.read(&scope, |records| {
        let one = records.enrolment(&id).unwrap();
        let minutes = one.oral.as_ref().map(|slot| slot.ends.duration_since(slot.starts).as_mins());
        (one.extra_percent(), minutes)
    });
    found.await.unwrap()
}

#[tokio::test]
async fn more_time_is_asked_for_decided_and_reaches_the_oral() {
    let site = Site::open(true).await;
    let liam = site.enter(&site.named("Liam O'Brien").await).await;
    let camille = site.enter(&site.named("Camille Morel").await).await;
    let id = site.enrolment("Liam O'Brien").await;
    let ask = format!("/candidate/{id}/adjustment");
    assert_eq!(site.get(&ask, Some(&liam)).await.status, StatusCode::OK);
    for (form, wrong) in [
        ("need=extra-time&amount=", "amount"),
        ("need=extra-time&amount=0", "amount"),
        ("need=extra-time&amount=400", "100"),
        ("need=other&what=", "What else"),
    ] {
        let answer = site.post(&ask, Some(&liam), form).await;
        assert!(
            answer.status == StatusCode::UNPROCESSABLE_ENTITY && answer.body.contains(wrong),
            "{form}: {}",
            answer.body
        );
    }
    let asked = site.post(&ask, Some(&liam), "need=extra-time&amount=50&reason=I+read+slowly").await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
    assert_eq!(extra(&site, &id).await, (0, Some(50)), "asked is not granted");

    let overview = site.get("/certifier", Some(&camille)).await.body;
    assert!(overview.contains(&format!("/certifier/enrolments/{id}")), "{overview}");
    let page = site.get(&format!("/certifier/enrolments/{id}"), Some(&camille)).await.body;
    assert!(page.contains("Extra time in the oral: 50%") && page.contains("I read slowly"), "{page}");
    let decide = format!("/certifier/enrolments/{id}/adjustments/0");
    let silent = site.post(&decide, Some(&camille), "accepted=yes&reason=").await;
    assert_eq!(silent.status, StatusCode::CONFLICT, "a favour is explained, too");
    assert_eq!(site.post(&decide, Some(&camille), "accepted=yes&reason=Shown").await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.post(&decide, Some(&camille), "accepted=no&reason=Again").await.status, StatusCode::CONFLICT);
    assert_eq!(extra(&site, &id).await, (50, Some(75)), "the slot lasts as long as the oral does now");

    let anne = site.enter(&site.named("Anne-Sophie Keller").await).await;
    let file = site.get(&format!("/jury/{id}"), Some(&anne)).await.body;
    assert!(file.contains("Extra time in the oral: 50%") && !file.contains("I read slowly"), "{file}");
    let timer = site.get(&format!("/jury/{id}/timer"), Some(&anne)).await.body;
    assert!(timer.contains("30\u{202f}min") && timer.contains("15\u{202f}min"), "{timer}");
    let basile = site.enter(&site.named("Basile Roche").await).await;
    let watched = site.get("/invigilation", Some(&basile)).await.body;
    assert!(watched.contains("Extra time in the oral: 50%") && !watched.contains("I read slowly"), "{watched}");
    let own = site.get("/candidate", Some(&liam)).await.body;
    assert!(own.contains("granted") && own.contains("Shown"), "{own}");
}

#[tokio::test]
async fn a_certifier_enters_later_deadlines_and_nobody_else_does() {
    let site = Site::open(true).await;
    let id = site.enrolment("Nadir Haddad").await;
    let camille = site.enter(&site.named("Camille Morel").await).await;
    let paul = site.enter(&site.named("Paul Tremblay").await).await;
    let rose = site.stranger().await;
    let enter = format!("/certifier/enrolments/{id}/adjustment");
    let form = "need=extra-days&amount=7&reason=Asked+by+telephone";
    assert_eq!(site.post(&enter, Some(&rose), form).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get(&format!("/certifier/enrolments/{id}"), Some(&rose)).await.status, StatusCode::NOT_FOUND);
    let others = site.post(&format!("/candidate/{id}/adjustment"), Some(&paul), form).await;
    assert_eq!(others.status, StatusCode::NOT_FOUND);
    assert_eq!(site.post(&enter, Some(&camille), form).await.status, StatusCode::SEE_OTHER);
    let id = EnrolmentId::new(&id).unwrap();
    let scope = Scope::Enrolment(id.clone());
    let later = site.desk.read(&scope, |records| {
        let one = records.enrolment(&id).unwrap();
        let of_all = records.session(&one.session).unwrap().calendar.hand_in;
        one.deadline(of_all).duration_since(of_all).as_hours()
    });
    assert_eq!(later.await.unwrap(), 7 * 24);
}
