//! The log tells when anything was altered, removed, reordered or cut off, by somebody who has the database itself.

use programme::*;
use store::{AuditProblem, Place, Root, Write};

use crate::counts::awarded;
use crate::on_both;
use crate::place::Here;
use crate::samples::{act, at, begin, enrol, id};

on_both!(what_was_not_touched_is_whole, every_kind_of_tampering_is_found, erasing_somebody_breaks_nothing, roots_hold);

const KEY: [u8; 32] = [9; 32];

async fn what_was_not_touched_is_whole(here: Here) {
    let empty = here.store.verify(&[], &[]).await.expect("a report");
    assert_eq!((empty.events, empty.problems.as_slice()), (0, [].as_slice()));
    begin(&here.store).await;
    enrol(&here.store, "bob").await.expect("enrolled");
    let report = here.store.verify(&[], &[]).await.expect("a report");
    assert_eq!(report.problems, []);
    assert_eq!((report.events, report.records), (8, 6));
}

/// Runs a statement behind the store's back.
async fn tamper(here: &Here, sql: &'static str) {
    match &here.opening.place {
        Place::File(path) => {
            let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).foreign_keys(false);
            let pool = sqlx::SqlitePool::connect_with(options).await.expect("a second way in");
            sqlx::raw_sql(sql).execute(&pool).await.expect("the statement runs");
            pool.close().await;
        }
        Place::Postgres(url) => {
            let pool = sqlx::PgPool::connect(url).await.expect("a second way in");
            // A superuser may switch the foreign keys off.
            let mut connection = pool.acquire().await.expect("a connection");
            sqlx::raw_sql("SET session_replication_role = replica")
                .execute(&mut *connection)
                .await
                .expect("it is ours");
            sqlx::raw_sql(sql).execute(&mut *connection).await.expect("the statement runs");
        }
    }
}

async fn every_kind_of_tampering_is_found(here: Here) {
    begin(&here.store).await;
    enrol(&here.store, "bob").await.expect("enrolled");
    let root = here.store.sign_root(&KEY, at(100)).await.expect("a root");
    type Found = fn(&AuditProblem) -> bool;
    let cases: &[(&'static str, &'static str, Found)] = &[
        (
            "UPDATE event SET body = replace(body, 'test', 'rest') WHERE seq = 3",
            "UPDATE event SET body = replace(body, 'rest', 'test') WHERE seq = 3",
            |problem| *problem == AuditProblem::Altered { seq: 3 },
        ),
        (
            "UPDATE event SET actor = 'ada' WHERE seq = 4",
            "UPDATE event SET actor = 'service:test' WHERE seq = 4",
            |problem| *problem == AuditProblem::Altered { seq: 4 },
        ),
        ("UPDATE event SET at = at + 1 WHERE seq = 1", "UPDATE event SET at = at - 1 WHERE seq = 1", |problem| {
            *problem == AuditProblem::Altered { seq: 1 }
        }),
        (
            "CREATE TABLE kept AS SELECT * FROM event WHERE seq = 2; DELETE FROM event WHERE seq = 2",
            "INSERT INTO event SELECT * FROM kept; DROP TABLE kept",
            |problem| *problem == AuditProblem::Missing { seq: 2 },
        ),
        (
            "UPDATE event SET seq = 99 WHERE seq = 2; UPDATE event SET seq = 2 WHERE seq = 3; UPDATE event SET seq = 3 WHERE seq = 99",
            "UPDATE event SET seq = 99 WHERE seq = 2; UPDATE event SET seq = 2 WHERE seq = 3; UPDATE event SET seq = 3 WHERE seq = 99",
            |problem| *problem == AuditProblem::Broken { seq: 2 },
        ),
        (
            "CREATE TABLE kept AS SELECT * FROM event WHERE seq = 8; DELETE FROM event WHERE seq = 8",
            "INSERT INTO event SELECT * FROM kept; DROP TABLE kept",
            |problem| *problem == AuditProblem::Truncated { has: 7, expected: 8 },
        ),
        (
            "UPDATE event SET body = NULL, salt = NULL WHERE seq = 5",
            "UPDATE event SET salt = NULL WHERE seq = 5",
            |problem| *problem == AuditProblem::TextGone { seq: 5 },
        ),
        (
            "UPDATE enrolment SET body = replace(body, 'applied', 'decided') WHERE id = 'e-bob'",
            "UPDATE enrolment SET body = replace(body, 'decided', 'applied') WHERE id = 'e-bob'",
            |problem| matches!(problem, AuditProblem::RecordAltered { kind, .. } if kind == "enrolment"),
        ),
        (
            "UPDATE enrolment SET stage = 'decided' WHERE id = 'e-bob'",
            "UPDATE enrolment SET stage = 'applied' WHERE id = 'e-bob'",
            |problem| matches!(problem, AuditProblem::RecordAltered { kind, .. } if kind == "enrolment"),
        ),
        (
            "CREATE TABLE kept AS SELECT * FROM enrolment; DELETE FROM enrolment",
            "INSERT INTO enrolment SELECT * FROM kept; DROP TABLE kept",
            |problem| matches!(problem, AuditProblem::RecordMissing { kind, .. } if kind == "enrolment"),
        ),
        (
            "INSERT INTO organisation SELECT 'fake', kind, name, body, digest, revision FROM organisation",
            "DELETE FROM organisation WHERE id = 'fake'",
            |problem| matches!(problem, AuditProblem::RecordUnexplained { id, .. } if id == "fake"),
        ),
        ("UPDATE root SET size = size - 1", "UPDATE root SET size = size + 1", |problem| {
            matches!(problem, AuditProblem::RootDiffers { .. })
        }),
        ("UPDATE root SET at = at + 1", "UPDATE root SET at = at - 1", |problem| {
            matches!(problem, AuditProblem::SignatureWrong { .. })
        }),
    ];
    for (harm, undo, found) in cases {
        tamper(&here, harm).await;
        let report = here.store.verify(&[], &[]).await.expect("a report");
        assert!(report.problems.iter().any(found), "{harm}: {:?}", report.problems);
        tamper(&here, undo).await;
    }
    // Only the text that is gone for good is still missed.
    let report = here.store.verify(&[root], &[]).await.expect("a report");
    assert_eq!(report.problems, [AuditProblem::TextGone { seq: 5 }]);
}

/// Whoever cuts the log off and repairs head and records is found by a root that somebody kept.
async fn roots_hold(here: Here) {
    begin(&here.store).await;
    enrol(&here.store, "bob").await.expect("enrolled");
    let root = here.store.sign_root(&KEY, at(100)).await.expect("a root");
    assert_eq!(here.store.sign_root(&KEY, at(200)).await.expect("the same"), root);
    let signer = root.signer.clone();
    assert_eq!(here.store.verify(std::slice::from_ref(&root), &[signer]).await.expect("a report").problems, []);
    let other = here.store.verify(&[], &["00".repeat(32)]).await.expect("a report");
    assert!(matches!(other.problems.as_slice(), [AuditProblem::SignerUnknown { .. }]), "{:?}", other.problems);
    tamper(
        &here,
        "DELETE FROM enrolment; DELETE FROM person WHERE id = 'bob'; DELETE FROM event WHERE seq > 6; DELETE FROM root; \
         UPDATE head SET size = 6, hash = (SELECT hash FROM event WHERE seq = 6)",
    )
    .await;
    assert_eq!(here.store.verify(&[], &[]).await.expect("a report").problems, []);
    let report = here.store.verify(std::slice::from_ref(&root), &[]).await.expect("a report");
    assert!(report.problems.contains(&AuditProblem::Truncated { has: 6, expected: 8 }), "{:?}", report.problems);
    let forged = Root { size: 6, ..root };
    let report = here.store.verify(&[forged], &[]).await.expect("a report");
    assert!(report.problems.iter().any(|problem| matches!(problem, AuditProblem::SignatureWrong { .. })));
}

async fn erasing_somebody_breaks_nothing(here: Here) {
    begin(&here.store).await;
    enrol(&here.store, "bob").await.expect("enrolled");
    judge_bob(&here).await;
    here.store.set_password(&id("bob"), Some("$argon2id$x"), at(5)).await.expect("set");
    let mut bob = here.store.get::<Person>("bob").await.expect("he is there");
    let erased = bob.erase(act(50).because("asked for it")).expect("erased");
    let (texts, notes) = written_about_bob(&here).await;
    here.store.erase(&bob, erased, texts).await.expect("it is written");
    for about in notes {
        assert_eq!(here.store.notes_about(about, 9).await.expect("an answer"), [], "{about}");
    }
    assert_eq!(here.store.notes_about("notes:cert:e-cid", 9).await.expect("an answer").len(), 1, "others stay");
    for (kind, of) in [("appeal", "ap"), ("fraud-report", "fr")] {
        let history = here.store.history(kind, of).await.expect("a history");
        let kept: Vec<bool> = history.iter().map(|line| line.event.is_some()).collect();
        assert_eq!(kept, [false, true], "{kind}: what was written is gone, and that it went is told");
    }
    for (kind, of) in [("award", "aw"), ("sheet", "sh"), ("deliberation", "e-bob")] {
        let history = here.store.history(kind, of).await.expect("a history");
        assert!(history.len() == 1 && history[0].event.is_none(), "{kind}: why he was marked so is gone");
    }
    let report = here.store.verify(&[], &[]).await.expect("a report");
    assert_eq!(report.problems, []);
    let history = here.store.history("person", "bob").await.expect("a history");
    assert_eq!(history.iter().map(|line| line.event.is_some()).collect::<Vec<_>>(), [false, true]);
    assert!(here.store.person_by_email("bob@example.org").await.expect("an answer").is_none());
    assert!(here.store.account(&id("bob")).await.expect("an answer").is_none());
}

/// What a jury did about somebody, each act with its reason.
async fn judge_bob(here: &Here) {
    let (enrolment, session) = (EnrolmentId::new("e-bob").expect("an id"), SessionId::new("s1").expect("an id"));
    let deliberation = Deliberation {
        enrolment: enrolment.clone(),
        session: session.clone(),
        version: 1,
        bench: Vec::new(),
        agreed: std::collections::BTreeMap::new(),
        concluded: None,
    };
    let sheet = Sheet {
        id: SheetId::new("sh").expect("an id"),
        session,
        enrolment: enrolment.clone(),
        juror: id("ada"),
        scores: std::collections::BTreeMap::new(),
        revision: 1,
        submitted: None,
    };
    let award = awarded("aw", "bob");
    let why = || act(15).because("he copied");
    let opened = Event::new(Subject::Deliberation(enrolment), why(), Change::DeliberationOpened {});
    let reopened = Event::new(Subject::Sheet(sheet.id.clone()), why(), Change::SheetReopened {});
    let revoked = Event::new(Subject::Award(award.id.clone()), why(), Change::AwardRevoked {});
    let write = Write::new().add(&deliberation, opened).add(&sheet, reopened).add(&award, revoked);
    here.store.commit(write).await.expect("written");
}

/// An appeal, a report of fraud and notes about somebody: the write that takes their words away, and where notes were.
async fn written_about_bob(here: &Here) -> (Write, [&'static str; 3]) {
    use store::notes::Note;
    let (enrolment, session) = (EnrolmentId::new("e-bob").expect("an id"), SessionId::new("s1").expect("an id"));
    let appeal = Appeal {
        id: AppealId::new("ap").expect("an id"),
        enrolment: enrolment.clone(),
        session: session.clone(),
        person: id("bob"),
        grounds: "my illness".to_owned(),
        state: AppealState::Filed,
        panel: Vec::new(),
        answer: None,
    };
    let report = FraudReport {
        id: FraudReportId::new("fr").expect("an id"),
        enrolment: enrolment.clone(),
        session,
        candidate: id("bob"),
        reporter: id("ada"),
        facts: "a twin came".to_owned(),
        state: FraudState::Reported,
        heard: None,
        answer: None,
    };
    let filed =
        Event::new(Subject::Appeal(appeal.id.clone()), act(20), Change::AppealFiled { enrolment: enrolment.clone() });
    let reported = Event::new(Subject::FraudReport(report.id.clone()), act(21), Change::FraudReported { enrolment });
    here.store.commit(Write::new().add(&appeal, filed).add(&report, reported)).await.expect("written");
    let threads = ["coach:e-bob", "certifier:e-bob", "notes:cert:e-bob"];
    for (nth, about) in threads.into_iter().chain(["notes:cert:e-cid"]).enumerate() {
        let note = Note {
            id: format!("n{nth}"),
            about: about.to_owned(),
            author: id("ada"),
            addressee: None,
            at: at(30),
            seen: None,
            body: "he struggles".to_owned(),
        };
        here.store.add_note(&note).await.expect("kept");
    }
    let mut appeal = here.store.get::<Appeal>("ap").await.expect("it is there");
    let mut report = here.store.get::<FraudReport>("fr").await.expect("it is there");
    let (one, other) = (appeal.erase(act(50)), report.erase(act(50)));
    (Write::new().put(&appeal, one).put(&report, other), threads)
}
