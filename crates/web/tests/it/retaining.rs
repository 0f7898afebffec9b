//! What is kept for a period goes when it is over, and nothing goes before.

use app::console::programme::{Act, Enrolment, EnrolmentId, PersonId, Retention, Stage};
use app::console::{Due, Forgotten, Role, Scope};
use axum::http::StatusCode;
use jiff::civil::Date;

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
    let (far, certifier) = ("2030-01-01".parse::<Date>().unwrap(), site.somebody(Role::Certifier).await);
    let due = site.desk.due(days(Some(30), None), far).await.unwrap();
    assert!(due.contains(&Due::Files(one.id.clone())), "{due:?}");
    assert!(due.iter().all(|due| matches!(due, Due::Files(_))), "nobody goes without a period: {due:?}");
    assert!(!due.contains(&Due::Files(EnrolmentId::new(&site.enrolment("Nadir Haddad").await).unwrap())), "he learns");

    let cookie = site.enter(one.person.as_str()).await;
    let page = site.get(&format!("/candidate/{}", one.id), Some(&cookie)).await;
    assert!(!page.body.contains("retention period was over"), "{}", page.body);
    let gone = site.desk.retain(days(Some(30), None), far, site.now()).await.unwrap();
    assert_eq!(gone, Forgotten { files: due.len(), invitations: 0, people: 0 });
    assert_eq!(site.desk.due(days(Some(30), None), far).await.unwrap(), []);
    assert_eq!(site.desk.retain(days(Some(30), None), far, site.now()).await.unwrap(), Forgotten::default(), "once");

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
    let (one, far) = (published(&site).await, "2030-01-01".parse::<Date>().unwrap());
    let due = site.desk.due(days(None, Some(30)), far).await.unwrap();
    assert!(due.contains(&Due::Person(one.person.clone())), "{due:?}");
    let here = [Role::Administrator, Role::Juror, Role::Certifier, Role::Coach];
    for role in here {
        let staff = site.somebody(role).await.person;
        assert!(!due.contains(&Due::Person(staff)), "who works here stays");
    }
    // Whoever holds an award until 2027 is not gone the month before it ends.
    let scope = Scope::Candidate(one.person.clone());
    let holds = site.desk.read(&scope, |records| {
        records.awards.iter().filter(|award| award.revoked.is_none()).filter_map(|award| award.until).max()
    });
    if let Some(until) = holds.await.unwrap() {
        let early = site.desk.due(days(None, Some(30)), until).await.unwrap();
        assert!(!early.contains(&Due::Person(one.person.clone())), "{early:?}");
    }
    let gone = site.desk.retain(days(None, Some(30)), far, site.now()).await.unwrap();
    assert!(gone.people > 0 && gone.files == 0, "{gone:?}");
    let kept = site.desk.export(&one.person).await.unwrap();
    assert_eq!(kept["person"]["erased"], true, "{kept}");
    assert_eq!(kept["person"]["name"], "");
    let left = site.desk.due(days(None, Some(30)), far).await.unwrap();
    assert_eq!(left, [], "they go once");
}

#[tokio::test]
async fn an_invitation_goes_with_whom_it_was_for_and_after_its_session() {
    let site = Site::open(true).await;
    let certifier = site.enter(site.somebody(Role::Certifier).await.person.as_str()).await;
    let scope = Scope::Candidate(PersonId::new(&site.named("Nadir Haddad").await).unwrap());
    let session = site
        .desk
        .read(&scope, |records| records.enrolments.iter().max_by_key(|one| one.applied).map(|one| one.session.clone()));
    let session = session.await.unwrap().unwrap();
    let path = format!("/certifier/sessions/{session}/invite");
    let sent = site.post(&path, Some(&certifier), "name=Nadir+Haddad&email=nadir.haddad%40demo.invalid").await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let invited = |text: String| text.contains("nadir.haddad@demo.invalid");
    let page = format!("/certifier/sessions/{session}");
    assert!(invited(site.get(&page, Some(&certifier)).await.body));
    let person = PersonId::new(&site.named("Nadir Haddad").await).unwrap();
    let act = Act::by(&site.somebody(Role::Administrator).await.person, site.now()).because("asked");
    site.desk.erase(&person, act).await.unwrap();
    assert!(!invited(site.get(&page, Some(&certifier)).await.body), "the address went, too");
}
