//! An award that ends soon: reminded once, renewed with a credential that is signed anew.

use app::console::Scope;
use app::console::programme::PersonId;
use axum::http::StatusCode;

use crate::harness::Site;

const DAY: i64 = 24 * 3_600;

async fn award(site: &Site, name: &str) -> (String, String, jiff::civil::Date) {
    let person = PersonId::new(&site.named(name).await).unwrap();
    let scope = Scope::Candidate(person);
    let found = site.desk.read(&scope, |records| {
        let award = records.awards.last().expect("an award");
        (award.id.to_string(), award.code.clone(), award.until.expect("it ends"))
    });
    found.await.unwrap()
}

/// Somebody who holds an award of the published session, and how many days are left of it.
async fn holder(site: &Site) -> (&'static str, i64) {
    for name in ["Clara Nguyen", "Driss Alaoui", "Élise Garnier", "Farid Mansouri", "Gaëlle Le Goff"] {
        let person = PersonId::new(&site.named(name).await).unwrap();
        let scope = Scope::Candidate(person);
        let found = site.desk.read(&scope, |records| {
            records.awards.last().filter(|award| award.revoked.is_none()).and_then(|award| award.until)
        });
        if let Some(until) = found.await.unwrap() {
            let today = jiff::Timestamp::from_second(crate::harness::NOW).unwrap();
            let today = today.to_zoned(jiff::tz::TimeZone::UTC).date();
            return (name, i64::from(today.until(until).unwrap().get_days()));
        }
    }
    panic!("nobody holds an award");
}

#[tokio::test]
async fn a_renewal_is_signed_anew_and_the_old_credential_ends_by_itself() {
    let site = Site::open(true).await;
    let (name, left) = holder(&site).await;
    let (id, code, until) = award(&site, name).await;
    let own = site.enter(&site.named(name).await).await;
    let enrolment = site.enrolment(name).await;
    let camille = site.enter(&site.named("Camille Morel").await).await;
    let rose = site.stranger().await;
    let download = format!("/candidate/{enrolment}/credential/json");
    let first = site.get(&download, Some(&own)).await.body;
    let renew = format!("/certifier/awards/{id}/renew");
    let early = site.post(&renew, Some(&camille), "").await;
    assert!(early.status == StatusCode::CONFLICT && early.body.contains("may be renewed from"), "{}", early.body);

    site.pass((left - 20) * DAY);
    let own = site.enter(&site.named(name).await).await;
    let camille = site.enter(&site.named("Camille Morel").await).await;
    let dashboard = site.get("/candidate", Some(&own)).await.body;
    assert!(dashboard.contains("Ask the certifier to renew it"), "{dashboard}");
    let rose_again = site.post(&renew, Some(&rose), "").await.status;
    assert!(matches!(rose_again, StatusCode::NOT_FOUND | StatusCode::UNAUTHORIZED), "{rose_again}");
    assert!(site.get("/certifier", Some(&camille)).await.body.contains(&renew));
    assert_eq!(site.post(&renew, Some(&camille), "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.post(&renew, Some(&camille), "").await.status, StatusCode::CONFLICT, "once");
    assert_eq!(award(&site, name).await.2, until.saturating_add(jiff::Span::new().months(12)));

    let second = site.get(&download, Some(&own)).await.body;
    let part = |text: &str, name: &str| {
        let value: serde_json::Value = serde_json::from_str(text).unwrap();
        value[name].clone()
    };
    assert_ne!(part(&first, "proof"), part(&second, "proof"), "it is signed anew");
    assert_ne!(part(&first, "credentialStatus"), part(&second, "credentialStatus"), "with a place of its own");
    assert!(part(&first, "validUntil").as_str() < part(&second, "validUntil").as_str(), "{second}");
    let told = site.get(&format!("/verify/{code}"), None).await.body;
    assert!(told.contains("This credential holds.") && told.contains("Renewed on"), "{told}");
    // The day after the first end, what was renewed holds.
    site.pass(25 * DAY);
    let told = site.get(&format!("/verify/{code}"), None).await.body;
    assert!(told.contains("This credential holds."), "{told}");
}

#[tokio::test]
async fn an_end_is_told_once_to_holder_and_company() {
    let site = Site::open(true).await;
    // One that was awarded last year ends soon already; what was awarded this spring does not.
    let (_, left) = holder(&site).await;
    let first = site.desk.reminders(site.today()).await.unwrap();
    assert!(!first.is_empty() && left > 60, "{first:?} {left}");
    for reminder in &first {
        assert_eq!(!reminder.readers.is_empty(), reminder.holder.employer.is_some(), "{reminder:?}");
        site.desk.reminded(reminder).await.unwrap();
    }
    assert_eq!(site.desk.reminders(site.today()).await.unwrap(), []);
    site.pass((left - 20) * DAY);
    let later = site.desk.reminders(site.today()).await.unwrap();
    assert!(!later.is_empty() && later.iter().all(|one| first.iter().all(|known| known.award != one.award)));
}

#[tokio::test]
async fn reminders_are_written_to_the_outbox_by_the_worker() {
    let site = Site::mirrored().await;
    let due = site.desk.reminders(site.today()).await.unwrap();
    let addresses: Vec<String> = due
        .iter()
        .flat_map(|one| std::iter::once(&one.holder).chain(&one.readers))
        .filter_map(|person| person.email.clone())
        .collect();
    web::work(&site.console);
    for _ in 0..200 {
        if site.desk.reminders(site.today()).await.unwrap().is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let sent = site.outbox();
    assert_eq!(sent.len(), addresses.len(), "{due:?}");
    for address in addresses {
        let (_, text) = sent.iter().find(|(to, _)| *to == address).expect("told");
        assert!(text.contains("/candidate") || text.contains("/company"), "{text}");
    }
}
