//! Records are read as they were written, by one writer at a time.

use programme::*;
use store::{Find, Place, Store, StoreError, Write};

use crate::on_both;
use crate::place::Here;
use crate::samples::{act, begin, enrol, id, person};

on_both!(
    what_is_written_is_read,
    of_two_who_change_a_record_one_is_refused,
    a_guard_holds_what_it_stands_for,
    nothing_dangles_and_nothing_is_twice,
    lists_are_found_counted_and_paged,
    sides_follow_their_record,
    a_refused_write_leaves_nothing,
    it_opens_again,
);

async fn what_is_written_is_read(here: Here) {
    begin(&here.store).await;
    let title = here.store.get::<Title>("rs").await.expect("it is there");
    assert_eq!(title.versions.len(), 1);
    assert!(here.store.maybe::<Title>("other").await.expect("an answer").is_none());
    let missing = here.store.get::<Title>("other").await;
    assert!(matches!(missing, Err(StoreError::Missing { kind: "title", .. })), "{missing:?}");
    let history = here.store.history("title", "rs").await.expect("an answer");
    let what: Vec<&str> = history.iter().map(|line| line.what.as_str()).collect();
    assert_eq!(what, ["title-created", "version-dated"]);
}

async fn of_two_who_change_a_record_one_is_refused(here: Here) {
    begin(&here.store).await;
    let mut first = here.store.get::<Session>("s1").await.expect("it is there");
    let mut second = first.clone();
    let event = first.close(act(10)).expect("it closes");
    here.store.commit(Write::new().put(&first, event)).await.expect("the first writes");
    let event = second.cancel(act(11).because("late")).expect("so it thinks");
    let refused = here.store.commit(Write::new().put(&second, event)).await;
    assert!(matches!(refused, Err(StoreError::Stale { kind: "session", .. })), "{refused:?}");
    let now = here.store.get::<Session>("s1").await.expect("it is there");
    assert_eq!(now.state, SessionState::Closed);
}

async fn a_guard_holds_what_it_stands_for(here: Here) {
    begin(&here.store).await;
    let session = here.store.get::<Session>("s1").await.expect("it is there");
    let (bob, event) = person("bob");
    here.store.commit(Write::new().guard(&session).add(&bob, event)).await.expect("the first");
    let (eve, event) = person("eve");
    let refused = here.store.commit(Write::new().guard(&session).add(&eve, event)).await;
    assert!(matches!(refused, Err(StoreError::Stale { .. })), "{refused:?}");
    assert!(here.store.maybe::<Person>("eve").await.expect("an answer").is_none());
}

async fn nothing_dangles_and_nothing_is_twice(here: Here) {
    begin(&here.store).await;
    let (ada, event) = person("ada");
    let again = here.store.commit(Write::new().add(&ada, event)).await;
    assert!(matches!(again, Err(StoreError::Exists { kind: "person" })), "{again:?}");
    let session = here.store.get::<Session>("s1").await.expect("it is there");
    let title = here.store.get::<Title>("rs").await.expect("it is there");
    let (nobody, _) = person("nobody");
    let enrolment_id = EnrolmentId::new("e1").expect("an id");
    let (enrolment, event) =
        Enrolment::apply(enrolment_id, &session, &title, &nobody, &[], act(4)).expect("it applies");
    let dangling = here.store.commit(Write::new().add(&enrolment, event)).await;
    assert!(matches!(dangling, Err(StoreError::Dangling { what: "enrolment" })), "{dangling:?}");
}

async fn lists_are_found_counted_and_paged(here: Here) {
    begin(&here.store).await;
    for name in ["bob", "cyd", "dan"] {
        enrol(&here.store, name).await.expect("enrolled");
    }
    let all = || Find::<Enrolment>::by("session", "s1");
    let ids = |found: Vec<store::Kept<Enrolment>>| found.iter().map(|one| one.id.to_string()).collect::<Vec<_>>();
    assert_eq!(ids(here.store.find(all()).await.expect("a list")), ["e-bob", "e-cyd", "e-dan"]);
    assert_eq!(ids(here.store.find(all().page(1, 1)).await.expect("a page")), ["e-cyd"]);
    assert_eq!(here.store.count(all()).await.expect("a count"), 3);
    assert_eq!(here.store.tally::<Enrolment>("stage", all()).await.expect("a tally"), [("applied".to_owned(), 3)]);
    let begins = Find::<Person>::all().begins("name", "a");
    assert_eq!(here.store.count(begins).await.expect("a count"), 1);
    let wild = Find::<Person>::all().begins("name", "%");
    assert_eq!(here.store.count(wild).await.expect("a count"), 0);
    let absent = Find::<Person>::by("employer", None::<String>);
    assert_eq!(here.store.count(absent).await.expect("a count"), 4);
    let wrong = here.store.count(Find::<Person>::by("body", "x")).await;
    assert!(matches!(wrong, Err(StoreError::NoColumn { name: "body", .. })), "{wrong:?}");
}

async fn sides_follow_their_record(here: Here) {
    begin(&here.store).await;
    let organisation = OrganisationId::new("cert").expect("an id");
    let mut ada = here.store.get::<Person>("ada").await.expect("she is there");
    let given = ada.give(Role::Juror, &organisation, act(5));
    here.store.commit(Write::new().put(&ada, given)).await.expect("it is written");
    let jurors = here.store.people_in(Role::Juror, &organisation).await.expect("a list");
    assert_eq!(jurors.len(), 1);
    let mut session = here.store.get::<Session>("s1").await.expect("it is there");
    let appointed = session.appoint(&ada, false, &[], act(6)).expect("she sits");
    here.store.commit(Write::new().put(&session, appointed)).await.expect("it is written");
    assert_eq!(here.store.sessions_judged(&id("ada")).await.expect("a list").len(), 1);
    let mut ada = here.store.get::<Person>("ada").await.expect("she is there");
    let taken = ada.take(Role::Juror, &organisation, act(7));
    here.store.commit(Write::new().put(&ada, taken)).await.expect("it is written");
    assert!(here.store.people_in(Role::Juror, &organisation).await.expect("a list").is_empty());
}

async fn a_refused_write_leaves_nothing(here: Here) {
    begin(&here.store).await;
    let before = here.store.log(None, 100).await.expect("a log").len();
    let (bob, event) = person("bob");
    let (ada, twice) = person("ada");
    let refused = here.store.commit(Write::new().add(&bob, event).add(&ada, twice)).await;
    assert!(refused.is_err());
    assert!(here.store.maybe::<Person>("bob").await.expect("an answer").is_none());
    assert_eq!(here.store.log(None, 100).await.expect("a log").len(), before);
}

async fn it_opens_again(here: Here) {
    begin(&here.store).await;
    here.store.close().await;
    let again = Store::open(&here.opening).await.expect("it opens");
    assert!(again.maybe::<Person>("ada").await.expect("an answer").is_some());
    again.ping().await.expect("it answers");
}

#[test]
fn places_are_told_apart() {
    let cases = [
        ("postgres://u@h/d", Place::Postgres("postgres://u@h/d".to_owned())),
        ("postgresql://h/d", Place::Postgres("postgresql://h/d".to_owned())),
        ("sqlite:/var/lib/p.db", Place::File("/var/lib/p.db".into())),
        ("p.db", Place::File("p.db".into())),
    ];
    for (text, expected) in cases {
        assert_eq!(Place::of(text), expected);
    }
}
