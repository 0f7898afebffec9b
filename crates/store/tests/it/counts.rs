//! What dashboards count without reading it.

use programme::*;
use store::Write;

use crate::on_both;
use crate::place::Here;
use crate::samples::{act, begin, enrol, id};

on_both!(
    stages_are_counted_and_the_few_that_wait_are_found,
    an_employers_awards_come_with_their_people,
    a_file_is_kept_for_whoever_still_has_it,
    the_log_of_a_house_holds_what_happened_in_it
);

fn home() -> OrganisationId {
    OrganisationId::new("cert").expect("an id")
}

async fn stages_are_counted_and_the_few_that_wait_are_found(here: Here) {
    let store = &here.store;
    begin(store).await;
    for name in ["bob", "cid", "dan", "eve"] {
        enrol(store, name).await.expect("enrolled");
    }
    let waiting = async || -> Vec<String> {
        store.waiting_in(&home()).await.expect("an answer").iter().map(|one| one.id.to_string()).collect()
    };
    assert_eq!(waiting().await, [""; 0]);

    // Words that somebody wrote wait for nobody.
    let mut cid = store.get::<Enrolment>("e-cid").await.expect("it is there");
    let why = r#""state":"asked" and "fraud_open":true"#;
    let asked = cid.ask_adjustment(Need::AccessiblePapers, act(9).because(why)).expect("asked");
    let decided = cid.decide_adjustment(0, true, Act::by(&id("ada"), act(9).at).because(why)).expect("decided");
    store.commit(Write::new().put_all(&cid, vec![asked, decided])).await.expect("written");
    assert_eq!(waiting().await, [""; 0]);

    let mut bob = store.get::<Enrolment>("e-bob").await.expect("it is there");
    let asked = bob.ask_adjustment(Need::ExtraTime { percent: 30 }, act(10)).expect("asked");
    store.commit(Write::new().put(&bob, asked)).await.expect("written");
    let mut dan = store.get::<Enrolment>("e-dan").await.expect("it is there");
    dan.fraud_open = true;
    let withdrawn = dan.withdraw(act(11)).expect("withdrawn");
    store.commit(Write::new().put(&dan, withdrawn)).await.expect("written");
    assert_eq!(waiting().await, ["e-bob", "e-dan"]);

    let counted = async || -> Vec<(Stage, i64)> {
        let counted = store.stages_of(&home()).await.expect("an answer");
        counted.into_iter().map(|(_, stage, count)| (stage, count)).collect()
    };
    assert_eq!(counted().await, [(Stage::Applied, 3), (Stage::Withdrawn, 1)]);
    let (appeals, by) = store.appeals_filed(&home()).await.expect("an answer");
    assert_eq!((appeals.len(), by.len()), (0, 0));

    let other = OrganisationId::new("other").expect("an id");
    assert_eq!(store.stages_of(&other).await.expect("an answer"), []);
    let mut session = store.get::<Session>("s1").await.expect("it is there");
    session.state = SessionState::Published;
    let event = session.archive(act(12)).expect("it is over");
    store.commit(Write::new().put(&session, event)).await.expect("written");
    assert_eq!((counted().await.len(), waiting().await.len()), (0, 0), "what is over is counted by nobody");
}

async fn an_employers_awards_come_with_their_people(here: Here) {
    let store = &here.store;
    begin(store).await;
    enrol(store, "bob").await.expect("enrolled");
    let (awards, people) = store.awards_of(&home(), 10).await.expect("an answer");
    assert_eq!((awards.len(), people.len()), (0, 0), "nobody works there");

    let award = awarded("a1", "bob");
    let issued = Change::AwardIssued { enrolment: award.enrolment.clone(), until: None };
    let mut write = Write::new().add(&award, Event::new(Subject::Award(award.id.clone()), act(7), issued));
    for name in ["ada", "bob"] {
        let mut person = store.get::<Person>(name).await.expect("they are there");
        person.employer = Some(home());
        let declared = Event::new(Subject::Person(id(name)), act(8), Change::TiesDeclared {});
        write = write.put(&person, declared);
    }
    store.commit(write).await.expect("written");
    let (awards, people) = store.awards_of(&home(), 10).await.expect("an answer");
    let names: Vec<&str> = people.iter().map(|person| person.id.as_str()).collect();
    assert_eq!((awards.len(), names), (1, vec!["bob"]), "who holds nothing is not told of");
    assert_eq!(store.awards_of(&home(), 0).await.expect("an answer").0.len(), 0);
}

async fn a_file_is_kept_for_whoever_still_has_it(here: Here) {
    let store = &here.store;
    begin(store).await;
    let digest = "d".repeat(64);
    for name in ["bob", "cid"] {
        enrol(store, name).await.expect("enrolled");
        let mut one = store.get::<Enrolment>(&format!("e-{name}")).await.expect("it is there");
        let document = DocumentId::new(&format!("d-{name}")).expect("an id");
        let by = Act::by(&id(name), act(3).at);
        let filed = one.file_document(document, "experience", ("cv.pdf", &digest), by).expect("filed");
        store.commit(Write::new().put(&one, filed)).await.expect("written");
    }
    let has = async |but: (&'static str, &str)| store.is_file_of_another(&digest, but).await.expect("an answer");
    assert!(has(("person", "bob")).await && has(("id", "e-bob")).await, "cid has it, too");
    let mut cid = store.get::<Enrolment>("e-cid").await.expect("it is there");
    let gone = cid.forget_files(act(4));
    store.commit(Write::new().put(&cid, gone)).await.expect("written");
    assert!(!has(("person", "bob")).await && !has(("id", "e-bob")).await, "cid's are gone");
    assert!(has(("id", "e-cid")).await, "bob's are not");
    assert!(store.is_file_of_another(&digest, ("name", "bob")).await.is_err(), "no such column");
}

async fn the_log_of_a_house_holds_what_happened_in_it(here: Here) {
    let store = &here.store;
    begin(store).await;
    enrol(store, "bob").await.expect("enrolled");
    let all = store.log(None, 1_000).await.expect("the log");
    let own = store.log_of("cert", None, 1_000).await.expect("the log");
    let held = |kind: &str| ["organisation", "title", "session", "enrolment"].contains(&kind);
    let expected: Vec<_> = all.iter().filter(|one| held(&one.kind)).cloned().collect();
    assert!(own.iter().any(|one| one.kind == "enrolment") && own == expected, "{own:?}");
    let (latest, older) = (&own[0], store.log_of("cert", Some(own[0].seq), 1).await.expect("the log"));
    assert_eq!(older, own[1..2], "before {}", latest.seq);
    assert_eq!(store.log_of("other", None, 10).await.expect("the log"), []);
}

/// What somebody holds, of the enrolment that [`enrol`] makes.
pub fn awarded(award: &str, name: &str) -> Award {
    Award {
        id: AwardId::new(award).expect("an id"),
        enrolment: EnrolmentId::new(&format!("e-{name}")).expect("an id"),
        person: id(name),
        title: TitleId::new("rs").expect("an id"),
        version: 1,
        issued: "2026-04-07".parse().expect("a day"),
        until: None,
        revoked: None,
        renewed: Vec::new(),
        corrected: Vec::new(),
        void: 0,
        code: "AAAA".to_owned(),
        status_index: 1,
    }
}
