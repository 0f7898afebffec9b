//! Whether it was revoked.

use serde_json::Value;

use super::*;

#[test]
fn a_revoked_credential_is_refused_and_an_unknown_status_leaves_it_open() {
    let mut world = World::new();
    let badge = world.badge();
    assert_eq!(world.report(&badge, &[]).verdict(), Verdict::Open);
    assert_eq!(code(&world.report(&badge, &[])), "status: status-missing");
    let with = |change: fn(&mut Value)| code(&world.report(&badge, &[world.status(change)]));
    assert_eq!(with(|_| {}), "verified");
    assert_eq!(with(|list| list["id"] = "https://certif.example/status/2".into()), "status: status-missing");
    assert_eq!(with(|list| list["issuer"] = "did:web:evil.example".into()), "status: status-list");
    assert_eq!(with(|list| list["credentialSubject"]["statusPurpose"] = "suspension".into()), "status: status-list");
    assert_eq!(with(|list| list["validUntil"] = "2026-10-02T00:00:00Z".into()), "status: status-list");
    assert_eq!(with(|list| list["credentialSubject"]["encodedList"] = "uAAAA".into()), "status: status-list");
    let mut forged: Value = serde_json::from_slice(&world.status(|_| {})).unwrap();
    world.list.set(94_567, true).unwrap();
    let revoked: Value = serde_json::from_slice(&world.status(|_| {})).unwrap();
    assert_eq!(world.code(&badge), "status: revoked");
    forged["credentialSubject"]["encodedList"] = revoked["credentialSubject"]["encodedList"].clone();
    assert_eq!(
        code(&world.report(&badge, &[pretty(&forged).into_bytes()])),
        "status: status-list",
        "a list that nobody signed"
    );
}
