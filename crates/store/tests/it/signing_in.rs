//! Who may come in, and for how long.

use programme::{Change, Event, Person, Subject};
use store::StoreError;
use store::Write;
use store::identity::Token;

use crate::on_both;
use crate::place::Here;
use crate::samples::{act, at, begin, id};

on_both!(
    notes_are_read,
    passwords_lock,
    logins_end,
    links_work_once,
    tokens_are_revoked,
    settings_are_kept,
    files_are_what_they_were
);

async fn passwords_lock(here: Here) {
    begin(&here.store).await;
    let (store, ada) = (&here.store, id("ada"));
    assert!(!store.has_accounts().await.expect("an answer"));
    store.set_password(&ada, Some("$argon2id$one"), at(1)).await.expect("set");
    assert!(store.has_accounts().await.expect("an answer"));
    for expected in 1..=3 {
        assert_eq!(store.failed(&ada, 3, at(900)).await.expect("counted"), expected);
    }
    let locked = store.account(&ada).await.expect("an answer").expect("an account");
    assert_eq!((locked.failures, locked.locked_until), (3, Some(at(900))));
    store.succeeded(&ada).await.expect("forgotten");
    assert_eq!(store.account(&ada).await.expect("an answer").expect("an account").locked_until, None);
    let found = store.person_by_email(" ADA@example.org ").await.expect("an answer");
    assert_eq!(found.expect("she is known").id, ada);
    let nobody = store.set_password(&id("nobody"), None, at(1)).await;
    assert!(matches!(nobody, Err(StoreError::Dangling { .. })), "{nobody:?}");
}

async fn notes_are_read(here: Here) {
    use store::notes::Note;
    begin(&here.store).await;
    let (store, ada) = (&here.store, id("ada"));
    let note = |name: &str, about: &str, to: bool, when: i64| Note {
        id: name.to_owned(),
        about: about.to_owned(),
        author: id("ada"),
        addressee: to.then(|| id("ada")),
        at: at(when),
        seen: None,
        body: "so".to_owned(),
    };
    for one in [note("1", "coach:e", true, 1), note("2", "coach:e", false, 2), note("3", "coach:f", true, 3)] {
        store.add_note(&one).await.expect("kept");
    }
    let names = |notes: Vec<Note>| notes.into_iter().map(|note| note.id).collect::<Vec<_>>();
    assert_eq!(names(store.notes_about("coach:e", 9).await.expect("an answer")), ["2", "1"], "the latest first");
    let threads = ["coach:e".to_owned(), "coach:f".to_owned(), "coach:g".to_owned()];
    assert_eq!(store.unanswered(&threads).await.expect("an answer"), ["coach:e"]);
    assert_eq!(store.unanswered(&[]).await.expect("an answer"), [""; 0]);
    store.see_notes("coach:e", &ada, at(9)).await.expect("seen");
    store.see_notes("coach:e", &ada, at(10)).await.expect("seen");
    let seen: Vec<_> = store.notes_about("coach:e", 9).await.expect("an answer").into_iter().map(|n| n.seen).collect();
    assert_eq!(seen, [None, Some(at(9))], "the first time counts, and only what is for them");
    let stranger = Note { author: id("nobody"), ..note("4", "coach:e", false, 4) };
    assert!(matches!(store.add_note(&stranger).await, Err(StoreError::Dangling { .. })));
}

async fn logins_end(here: Here) {
    begin(&here.store).await;
    let (store, ada) = (&here.store, id("ada"));
    store.begin_login("secret", &ada, "browser", at(0), at(1000)).await.expect("in");
    assert!(store.login("other", at(1), at(-99)).await.expect("an answer").is_none());
    assert_eq!(store.login("secret", at(100), at(-99)).await.expect("an answer").expect("in").person.id, ada);
    assert_eq!(store.login("secret", at(150), at(50)).await.expect("an answer").expect("seen").seen, at(100));
    assert!(store.login("secret", at(900), at(800)).await.expect("an answer").is_none(), "nothing was heard");
    assert!(store.login("secret", at(1000), at(0)).await.expect("an answer").is_none(), "it is over");
    assert!(store.rotate_login("secret", "new").await.expect("an answer"));
    assert!(store.login("secret", at(150), at(50)).await.expect("an answer").is_none(), "the old secret is void");
    assert!(store.login("new", at(150), at(50)).await.expect("an answer").is_some());
    store.set_password(&ada, Some("x"), at(200)).await.expect("set");
    assert!(store.login("new", at(201), at(50)).await.expect("an answer").is_none(), "a new password ends all logins");
}

async fn links_work_once(here: Here) {
    let store = &here.store;
    store.make_link("one", "first-administrator", "-", at(100)).await.expect("made");
    assert_eq!(store.use_link("one", "password", at(1)).await.expect("an answer"), None, "another purpose");
    assert_eq!(store.peek_link("one", "first-administrator", at(1)).await.expect("an answer").as_deref(), Some("-"));
    assert_eq!(store.use_link("one", "first-administrator", at(100)).await.expect("an answer"), None, "too late");
    assert_eq!(store.use_link("one", "first-administrator", at(1)).await.expect("an answer").as_deref(), Some("-"));
    assert_eq!(store.use_link("one", "first-administrator", at(1)).await.expect("an answer"), None, "once");
    store.make_link("two", "password", "ada", at(100)).await.expect("made");
    store.make_link("three", "password", "ada", at(100)).await.expect("made");
    assert_eq!(store.use_link("two", "password", at(1)).await.expect("an answer"), None, "a later one stands");
    assert!(store.use_link("three", "password", at(1)).await.expect("an answer").is_some());
}

async fn tokens_are_revoked(here: Here) {
    begin(&here.store).await;
    let store = &here.store;
    let token = Token {
        id: "t1".to_owned(),
        person: Some(id("ada")),
        name: "ci".to_owned(),
        scopes: vec!["read".to_owned(), "assess".to_owned()],
        made: at(0),
        ends: Some(at(100)),
        seen: None,
        revoked: None,
    };
    store.make_token(&token, "secret", Write::new()).await.expect("made");
    assert!(store.make_token(&token, "other", Write::new()).await.is_err(), "an id is not twice");
    assert_eq!(store.token("secret", at(1)).await.expect("an answer"), Some(token.clone()));
    assert_eq!(store.token("secret", at(100)).await.expect("an answer"), None, "it is over");
    assert_eq!(store.tokens(Some(&id("ada"))).await.expect("a list").len(), 1);
    assert_eq!(store.tokens(None).await.expect("a list"), []);
    assert!(store.revoke_token("t1", at(2), Write::new()).await.expect("an answer"));
    assert_eq!(store.token("secret", at(3)).await.expect("an answer"), None);
    // What did not happen is told by nobody.
    let ada = store.get::<Person>("ada").await.expect("she is there");
    let told =
        |token: &str| Event::new(Subject::Person(id("ada")), act(4), Change::TokenRevoked { token: token.into() });
    assert!(!store.revoke_token("t1", at(4), Write::new().put(&ada, told("t1"))).await.expect("an answer"));
    assert_eq!(store.history("person", "ada").await.expect("a history").len(), 1);
    let other = Token { id: "t2".to_owned(), ..token };
    store.make_token(&other, "second", Write::new()).await.expect("made");
    assert!(store.revoke_token("t2", at(4), Write::new().put(&ada, told("t2"))).await.expect("an answer"));
    assert_eq!(store.history("person", "ada").await.expect("a history").len(), 2);
    assert_eq!(store.verify(&[], &[]).await.expect("a report").problems, []);
}

async fn settings_are_kept(here: Here) {
    let store = &here.store;
    assert_eq!(store.setting("demo").await.expect("an answer"), None);
    for body in ["true", "false"] {
        store.set_setting("demo", body).await.expect("set");
        assert_eq!(store.setting("demo").await.expect("an answer").as_deref(), Some(body));
    }
}

async fn files_are_what_they_were(here: Here) {
    let store = &here.store;
    let digest = store.put_file(b"a paper", at(0)).await.expect("kept");
    assert_eq!(store.put_file(b"a paper", at(9)).await.expect("kept once"), digest);
    assert_eq!(store.file(&digest).await.expect("it is there"), b"a paper");
    let path = here.folder.path().join(format!("files/sha256/{}/{}", &digest[..2], &digest[2..]));
    std::fs::write(&path, b"another").expect("it is ours");
    let altered = store.file(&digest).await;
    assert!(matches!(altered, Err(StoreError::File { .. })), "{altered:?}");
    for unknown in ["../../etc/passwd", "", &"0".repeat(64)] {
        assert!(matches!(store.file(unknown).await, Err(StoreError::Missing { .. })), "{unknown}");
    }
}
