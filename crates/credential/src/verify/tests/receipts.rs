//! Receipts of the log.

use serde_json::Value;

use super::*;

#[test]
fn a_receipt_of_another_log_or_credential_is_refused() {
    let mut world = World::new();
    let badge = world.badge();
    let credential: Value = serde_json::from_slice(&badge).unwrap();
    let entry = Entry::of(Act::Issued, &credential, at("2026-07-01T08:00:00Z"), Contexts::built_in()).unwrap();
    let leaves = [leaf(&entry.bytes()), leaf(b"x")];
    let note = |signer: &Signer| {
        Checkpoint { origin: "certif.example/log".to_owned(), size: 2, root: root(&leaves) }.sign(signer)
    };
    let good = Receipt {
        entry: entry.clone(),
        index: 0,
        path: inclusion(&leaves, 0).unwrap(),
        checkpoint: note(&world.signer),
    };
    let mut code = |receipt: Receipt| {
        world.receipt = Some(pretty(&receipt.write()).into_bytes());
        let report = world.report(&badge, &[world.status(|_| {})]);
        report.reason().map(|(_, reason)| reason.to_string()).unwrap_or_default()
    };
    assert_eq!(code(good.clone()), "");
    assert_eq!(code(Receipt { index: 1, ..good.clone() }), "the line is not part of the log of the checkpoint");
    assert_eq!(
        code(Receipt { checkpoint: note(&Signer::new([8; 32])), ..good.clone() }),
        "no signature of the known key"
    );
    let other = Entry { digest: [0; 32], ..entry.clone() };
    assert_eq!(code(Receipt { entry: other, ..good.clone() }), "the receipt is of another credential");
    let revoked = Entry { act: Act::Revoked, ..entry };
    assert_eq!(code(Receipt { entry: revoked, ..good }), "the receipt tells of a revocation");
}
