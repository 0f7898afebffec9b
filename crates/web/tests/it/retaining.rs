//! What is kept for a period goes when it is over, and nothing goes before.

use app::console::programme::{Act, Enrolment, EnrolmentId, PersonId, Retention, Stage};
use app::console::{Due, Forgotten, Role, Scope};
use axum::http::StatusCode;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use crate::harness::Site;

/// Somebody of the demonstration whose results are published.
async fn published(site: &Site) -> Enrolment {
    for account in site.desk.accounts().await.unwrap() {
        let scope = Scope::Candidate(account.person.clone());
        let found = site.desk.read(&scope, |records| {
            records.enrolments.iter().find(|one| one.stage == Stage::Published && one.papers.len() > 1).cloned()
        });
        if let Some(one) = found.await.unwrap() {
            return one;
        }
    }
    panic!("the demonstration has results")
}

/// A day on which every period is over, and its noon.
fn far() -> (Date, Timestamp) {
    ("2030-01-01".parse().unwrap(), "2030-01-01T12:00:00Z".parse().unwrap())
}

fn days(files: Option<u16>, people: Option<u16>) -> Retention {
    Retention { files, people }
}

#[tokio::test]
async fn nothing_is_due_without_a_period_or_before_it_is_over() {
    let site = Site::open(true).await;
    assert_eq!(site.desk.due(days(None, None), "2999-01-01".parse().unwrap()).await.unwrap(), []);
    assert_eq!(site.desk.due(days(Some(3_650), Some(3_650)), site.today()).await.unwrap(), []);
}

#[tokio::test]
async fn files_go_when_their_period_is_over_and_decisions_stay() {
    let site = Site::open_with(true, |settings| settings.retention = days(Some(30), None)).await;
    let one = published(&site).await;
    let (far, later) = far();
    let certifier = site.somebody(Role::Certifier).await;
    let due = site.desk.due(days(Some(30), None), far).await.unwrap();
    assert!(due.contains(&Due::Files(one.id.clone())), "{due:?}");
    assert!(due.iter().all(|due| matches!(due, Due::Files(_))), "nobody goes without a period: {due:?}");
    assert!(!due.contains(&Due::Files(EnrolmentId::new(&site.enrolment("Nadir Haddad").await).unwrap())), "he learns");

    let cookie = site.enter(one.person.as_str()).await;
    let page = site.get(&format!("/candidate/{}", one.id), Some(&cookie)).await;
    assert!(!page.body.contains("retention period was over"), "{}", page.body);
    let gone = site.desk.retain(days(Some(30), None), later).await.unwrap();
    assert_eq!(gone, Forgotten { files: due.len(), invitations: 0, people: 0 });
    assert_eq!(site.desk.due(days(Some(30), None), far).await.unwrap(), []);
    assert_eq!(site.desk.retain(days(Some(30), None), later).await.unwrap(), Forgotten::default(), "once");

    let page = site.get(&format!("/candidate/{}", one.id), Some(&cookie)).await;
    assert!(page.body.contains("retention period was over"), "{}", page.body);
    let certifier = site.enter(certifier.person.as_str()).await;
    let page = site.get(&format!("/certifier/enrolments/{}", one.id), Some(&certifier)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.contains("retention period was over") && !page.body.contains("/files/"), "{}", page.body);
    let kept = site.desk.export(&one.person).await.unwrap();
    let same = kept["enrolments"].as_array().unwrap().iter().find(|kept| kept["id"] == one.id.as_str()).unwrap();
    assert!(same["decision"].is_object(), "{same}");
    assert_eq!(same["papers"][0]["digest"], one.papers[0].digest.as_str());
    assert_eq!(same["papers"][0]["file_name"], "");
    let journal = site.desk.journal(None, 5_000).await.unwrap();
    assert!(journal.iter().any(|event| event.what == "files-forgotten"), "it is told in the log");
    for (path, who) in [("/account", &cookie), ("/account", &certifier)] {
        let page = site.get(path, Some(who)).await;
        assert!(page.body.contains("deleted 30 days after"), "{}", page.body);
    }
}

#[tokio::test]
async fn people_go_once_nothing_is_due_to_them_and_they_hold_nothing() {
    let site = Site::open(true).await;
    let (one, (far, later)) = (published(&site).await, far());
    let due = site.desk.due(days(None, Some(30)), far).await.unwrap();
    assert!(due.contains(&Due::Person(one.person.clone())), "{due:?}");
    let here = [Role::Administrator, Role::Juror, Role::Certifier, Role::Coach];
    for role in here {
        let staff = site.somebody(role).await.person;
        assert!(!due.contains(&Due::Person(staff)), "who works here stays");
    }
    // Whoever holds an award is not gone before it ended.
    let mut held = 0;
    for account in site.desk.accounts().await.unwrap() {
        let scope = Scope::Candidate(account.person.clone());
        let until = site.desk.read(&scope, |records| {
            let held = records.awards.iter().filter(|award| award.revoked.is_none());
            held.filter_map(|award| award.until).max()
        });
        let Some(until) = until.await.unwrap() else { continue };
        let before = site.desk.due(days(None, Some(30)), until.saturating_add(30.days())).await.unwrap();
        assert!(!before.contains(&Due::Person(account.person)), "{before:?}");
        held += 1;
    }
    assert!(held > 1, "the demonstration has awards");
    let gone = site.desk.retain(days(None, Some(30)), later).await.unwrap();
    assert!(gone.people > 0 && gone.files == 0, "{gone:?}");
    let kept = site.desk.export(&one.person).await.unwrap();
    assert_eq!(kept["person"]["erased"], true, "{kept}");
    assert_eq!(kept["person"]["name"], "");
    let left = site.desk.due(days(None, Some(30)), far).await.unwrap();
    assert_eq!(left, [], "they go once");
}

/// The session in which Nadir learns, and where a certifier finds it.
async fn session(site: &Site) -> String {
    let scope = Scope::Candidate(PersonId::new(&site.named("Nadir Haddad").await).unwrap());
    let session = site
        .desk
        .read(&scope, |records| records.enrolments.iter().max_by_key(|one| one.applied).map(|one| one.session.clone()));
    format!("/certifier/sessions/{}", session.await.unwrap().unwrap())
}

#[tokio::test]
async fn an_invitation_goes_with_whom_it_was_for_and_after_its_session() {
    let site = Site::open(true).await;
    let certifier = site.enter(site.somebody(Role::Certifier).await.person.as_str()).await;
    let session = session(&site).await;
    for (name, address) in [("Nadir", "nadir.haddad%40demo.invalid"), ("Zoe", "zoe%40demo.invalid")] {
        let form = format!("name={name}&email={address}");
        let sent = site.post(&format!("{session}/invite"), Some(&certifier), &form).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    }
    let link = site.link_for("nadir.haddad@demo.invalid");
    let page = site.get(&session, Some(&certifier)).await.body;
    assert!(page.contains("nadir.haddad@demo.invalid") && page.contains("zoe@demo.invalid"), "{page}");
    let person = PersonId::new(&site.named("Nadir Haddad").await).unwrap();
    let act = Act::by(&site.somebody(Role::Administrator).await.person, site.now()).because("asked");
    site.desk.erase(&person, act).await.unwrap();
    let page = site.get(&session, Some(&certifier)).await.body;
    assert!(!page.contains("nadir.haddad@demo.invalid") && page.contains("zoe@demo.invalid"), "{page}");
    assert_ne!(site.post(&link, None, "").await.status, StatusCode::SEE_OTHER, "nobody accepts it");

    let (far, later) = far();
    let invited = |due: &[Due]| due.iter().filter(|one| matches!(one, Due::Invitation(_))).count();
    let before = invited(&site.desk.due(days(None, Some(30)), far).await.unwrap());
    let off = site.post(&format!("{session}/cancel"), Some(&certifier), "reason=flood").await;
    assert_eq!(off.status, StatusCode::SEE_OTHER, "{}", off.body);
    assert_eq!(invited(&site.desk.due(days(None, Some(30)), far).await.unwrap()), before + 1, "hers");
    assert_eq!(site.desk.retain(days(None, Some(30)), later).await.unwrap().invitations, before + 1);
    assert!(!site.get(&session, Some(&certifier)).await.body.contains("zoe@demo.invalid"));
}

#[tokio::test]
async fn a_session_that_is_called_off_late_keeps_its_files_for_their_period() {
    let site = Site::open(true).await;
    let (session, id) = (session(&site).await, EnrolmentId::new(&site.enrolment("Nadir Haddad").await).unwrap());
    site.pass(400 * 86_400);
    let certifier = site.enter(site.somebody(Role::Certifier).await.person.as_str()).await;
    let off = site.post(&format!("{session}/cancel"), Some(&certifier), "reason=a+flood").await;
    assert_eq!(off.status, StatusCode::SEE_OTHER, "{}", off.body);
    for (after, due) in [(0, false), (30, false), (31, true)] {
        let day = site.today().saturating_add(after.days());
        let found = site.desk.due(days(Some(30), None), day).await.unwrap();
        assert_eq!(found.contains(&Due::Files(id.clone())), due, "{after} days after");
    }
}
