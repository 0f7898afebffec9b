//! Of an office: once and for all, whoever writes beside it and wherever it is stopped.

use std::cell::Cell;
use std::fs;

use ::credential::{Achievement, Recipient};

use super::*;
use crate::credential::verdict;

const NOW: &str = "2026-11-22T12:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn order(office: &Office, key: &str, revoked: bool) -> Order {
    let award = Award {
        id: format!("https://certif.example/verify/{key}"),
        name: "Titre".to_owned(),
        issuer: office.party().unwrap(),
        recipient: Recipient {
            id: Some("urn:uuid:0f0e0d0c-0b0a-4908-8706-050403020100".to_owned()),
            identities: vec![],
        },
        achievement: Achievement {
            id: "https://certif.example/titles/x/1".to_owned(),
            name: "Titre".to_owned(),
            description: "Ce qui est demandé.".to_owned(),
            narrative: "Un jury de trois personnes.".to_owned(),
            ..Achievement::default()
        },
        results: vec![],
        evidence: vec![],
        awarded: "2026-11-22T00:00:00Z".parse().unwrap(),
        valid_from: "2026-11-22T00:00:00Z".parse().unwrap(),
        valid_until: None,
        status: None,
    };
    Order { key: key.to_owned(), award, revoked }
}

fn begun() -> (tempfile::TempDir, Office) {
    let dir = tempfile::tempdir().unwrap();
    let office = Office::at(dir.path().join("issuer"));
    for chance in [[1; 32], [2; 32]] {
        office.begin("did:web:certif.example:issuers:a", "Institut", chance, now()).unwrap();
    }
    (dir, office)
}

fn settle(office: &Office, keys: &[(&str, bool)], seed: u8) -> Settled {
    let orders = keys.iter().map(|(key, revoked)| order(office, key, *revoked)).collect();
    let drawn = Cell::new(seed);
    let chance = move || {
        drawn.set(drawn.get() + 1);
        [drawn.get(); 32]
    };
    office.settle(orders, &chance, now()).unwrap()
}

fn told(office: &Office, key: &str) -> (&'static str, &'static str) {
    let found = office.verify(key, now()).unwrap();
    let code = found.report.reason().map_or("", |(_, reason)| reason.code());
    (verdict(found.report.verdict()), code)
}

#[test]
fn what_is_settled_twice_is_settled_once() {
    let (_dir, office) = begun();
    assert_eq!(settle(&office, &[("a", false), ("b", false)], 10), Settled { issued: 2, revoked: 0 });
    let first = office.issued("a").unwrap();
    assert_eq!(settle(&office, &[("a", false), ("b", true)], 20), Settled { issued: 0, revoked: 1 });
    assert_eq!(settle(&office, &[("a", false), ("b", true)], 30), Settled::default());
    assert_eq!(office.issued("a").unwrap(), first);
    assert_eq!(office.standing(), [("a".to_owned(), false), ("b".to_owned(), true)].into());
    assert_eq!(told(&office, "a"), ("verified", ""));
    assert_eq!(told(&office, "b"), ("refused", "revoked"));
    assert_eq!(office.lines().unwrap().len(), 3);
}

/// A writer is killed after the credential was written and before the ledger was, or between ledger and log.
#[test]
fn what_a_killed_writer_left_is_entered_as_it_stands() {
    let (_dir, office) = begun();
    settle(&office, &[("a", false)], 10);
    let before = fs::read(office.path.join("ledger.json")).unwrap();
    let checkpoint = fs::read(office.path.join("checkpoint")).unwrap();
    settle(&office, &[("b", false)], 20);
    let (credential, log) = (office.issued("b").unwrap(), office.checkpoint().unwrap());
    fs::write(office.path.join("ledger.json"), before).unwrap();
    assert_eq!(office.issued("b"), None, "the ledger does not know of it");
    assert_eq!(settle(&office, &[("b", false)], 30), Settled { issued: 1, revoked: 0 });
    assert_eq!((office.issued("b").unwrap(), office.checkpoint().unwrap()), (credential, log.clone()));
    fs::write(office.path.join("checkpoint"), checkpoint).unwrap();
    assert_eq!(settle(&office, &[], 40), Settled::default());
    assert_eq!(office.checkpoint().unwrap(), log);
}

#[test]
fn many_who_write_at_once_lose_nothing() {
    let (_dir, office) = begun();
    std::thread::scope(|scope| {
        for writer in 0..4_u8 {
            let office = office.clone();
            scope.spawn(move || {
                for nth in 0..3 {
                    let key = format!("k{writer}{nth}");
                    settle(&office, &[(&key, nth == 1), ("shared", false)], writer * 40 + nth * 3);
                }
            });
        }
    });
    assert_eq!(office.standing().len(), 13);
    assert_eq!(office.lines().unwrap().len(), 13 + 4);
    for (key, revoked) in office.standing() {
        let expected = if revoked { ("refused", "revoked") } else { ("verified", "") };
        assert_eq!(told(&office, &key), expected, "{key}");
    }
}

#[test]
fn a_list_is_signed_again_before_it_is_too_old() {
    let (_dir, office) = begun();
    settle(&office, &[("a", false)], 10);
    let fresh = office.status(now()).unwrap().unwrap();
    let later: Timestamp = "2027-02-20T12:00:00Z".parse().unwrap();
    let again = office.status(later).unwrap().unwrap();
    assert_ne!(fresh, again);
    assert_eq!(verdict(office.verify("a", later).unwrap().report.verdict()), "verified");
}
