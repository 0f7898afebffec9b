//! The signed formats are what they were.

use serde_json::Value;

use super::*;

/// The signed formats, byte for byte: a change here breaks what was issued before.
#[test]
fn the_formats_are_what_they_were() {
    let world = World::new();
    let credential = world.signed(award().credential());
    expect_test::expect_file!["../../../tests/golden/badge.json"].assert_eq(&pretty(&credential));
    let token = jwt::sign(&credential, &world.signer, &world.method()).unwrap();
    expect_test::expect_file!["../../../tests/golden/badge.jwt"].assert_eq(&token);
    expect_test::expect_file!["../../../tests/golden/issuer.json"].assert_eq(&pretty(&world.document.publish()));
    // Compressors differ in the bytes that they write for one list, and its proof is over these bytes.
    let mut status: Value = serde_json::from_slice(&world.status(|_| {})).unwrap();
    assert!(StatusList::decode(status["credentialSubject"]["encodedList"].as_str().unwrap()).is_ok());
    status["credentialSubject"]["encodedList"] = "u…".into();
    status["proof"]["proofValue"] = "z…".into();
    expect_test::expect_file!["../../../tests/golden/status.json"].assert_eq(&pretty(&status));
    let entry = Entry::of(Act::Issued, &credential, at("2026-07-01T08:00:00Z"), Contexts::built_in()).unwrap();
    expect_test::expect_file!["../../../tests/golden/entry.txt"].assert_eq(&String::from_utf8(entry.bytes()).unwrap());
    assert_eq!(digest(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
