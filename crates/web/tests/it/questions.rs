//! The bank of questions: certifiers write it, juries are given some of it, candidates never see it.

use app::console::Role;
use app::console::programme::{Stage, TitleId};
use axum::http::StatusCode;

use crate::harness::Site;

/// A juror with a file that is theirs to judge, and the title of its session.
async fn judged(site: &Site) -> (String, String) {
    for account in site.desk.accounts().await.unwrap().into_iter().filter(|one| one.has(Role::Juror)) {
        let scope = app::console::Scope::Juror(account.person.clone());
        let found = site.desk.read(&scope, |records| {
            let sits = |one: &&app::console::programme::Enrolment| {
                one.stage == Stage::HandedIn
                    && records.session(&one.session).is_some_and(|session| {
                        session.title.as_str() == "rs-devops"
                            && session.calendar.orals_from <= site.now()
                            && session.jury.bench(&one.person).iter().any(|juror| juror.person == account.person)
                    })
            };
            records.enrolments.iter().find(sits).map(|one| one.id.to_string())
        });
        if let Some(id) = found.await.unwrap() {
            return (site.enter(account.person.as_str()).await, id);
        }
    }
    panic!("somebody judges")
}

#[tokio::test]
async fn a_certifier_writes_questions_and_a_jury_is_given_two_of_a_criterion() {
    let site = Site::open(true).await;
    let certifier = site.enter(site.somebody(Role::Certifier).await.person.as_str()).await;
    let bank = "/certifier/titles/rs-devops/questions";
    let page = site.get(bank, Some(&certifier)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let before = page.body.matches("Take out").count();
    let (juror, file) = judged(&site).await;
    let shown = site.get(&format!("/jury/{file}"), Some(&juror)).await.body;
    let criteria = shown.matches("class=\"criterion\"").count();
    assert_eq!((shown.matches("To ask in the oral").count(), before), (criteria, criteria * 3));
    assert_eq!(shown.matches("A good answer:").count(), criteria * 2, "two of three");
    assert_eq!(shown, site.get(&format!("/jury/{file}"), Some(&juror)).await.body, "the same whenever it looks");

    let form = site.get(&format!("{bank}/new"), Some(&certifier)).await;
    let criterion = form.body.split("<option value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let ask = |fr: &str| {
        format!("criterion={criterion}&question_fr={fr}&question_en=Why+that+port%3F&expected_fr=&expected_en=")
    };
    let empty = site.post(bank, Some(&certifier), &ask("")).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", empty.body);
    assert!(empty.body.contains("Why that port?"), "what was typed is still there");
    let unknown = site.post(bank, Some(&certifier), "criterion=none&question_fr=a&question_en=b").await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", unknown.body);
    assert_eq!(site.post(bank, Some(&certifier), &ask("Pourquoi+ce+port+%3F")).await.status, StatusCode::SEE_OTHER);
    let page = site.get(bank, Some(&certifier)).await.body;
    assert!(page.contains("Why that port?") && page.matches("Take out").count() == before + 1, "{page}");

    let path = page.split("action=\"").find(|part| part.starts_with(bank)).unwrap().split('"').next().unwrap();
    assert_eq!(site.post(path, Some(&certifier), "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.post(path, Some(&certifier), "").await.status, StatusCode::NOT_FOUND, "once");
    let left = site.get(bank, Some(&certifier)).await.body.matches("Take out").count();
    assert_eq!(left, before);
    let again = site.get(&format!("/jury/{file}"), Some(&juror)).await.body;
    assert_eq!(shown, again, "the orals have begun: its members go on with what they were given");
    let french = site.get_in(&format!("/jury/{file}"), Some(&juror), "fr").await.body;
    assert_eq!(french.matches("Une bonne réponse").count(), criteria * 2);
}

#[tokio::test]
async fn the_bank_is_closed_to_others() {
    let site = Site::open(true).await;
    let bank = "/certifier/titles/rs-devops/questions";
    let stranger = site.stranger().await;
    let title = TitleId::new("rs-devops").unwrap();
    assert!(site.desk.public_title(&title).await.is_ok());
    assert_eq!(site.get(bank, Some(&stranger)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get(&format!("{bank}/new"), Some(&stranger)).await.status, StatusCode::NOT_FOUND);
    let form = "criterion=C1&question_fr=a&question_en=b&expected_fr=&expected_en=";
    assert_eq!(site.post(bank, Some(&stranger), form).await.status, StatusCode::NOT_FOUND);
    let candidate = site.enter(&site.named("Nadir Haddad").await).await;
    assert_eq!(site.get(bank, Some(&candidate)).await.status, StatusCode::FORBIDDEN);
    let id = site.enrolment("Nadir Haddad").await;
    assert!(!site.get(&format!("/candidate/{id}"), Some(&candidate)).await.body.contains("A good answer"));
}
