//! Envelopes against vectors that others made, and every reason why an attestation is refused.

use std::collections::BTreeMap;

use super::*;
use crate::protocol::FaultKind;
use crate::{Finding, Notice, Outcome, Trial};

const COMMIT: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

fn finding(outcome: Outcome) -> Finding {
    let trial = Trial {
        fault: "assertion t.py:2".into(),
        change: "t.py:2: assert became assert not".into(),
        kind: FaultKind::Control,
        detector: "job test, pytest".into(),
        at: None,
        notice: Notice::Noticed { by: "job test, pytest".into(), message: "exit 1, test_a".into() },
        millis: 10,
    };
    Finding {
        experiment: "c2.run-pipeline".into(),
        subject: ".github/workflows/ci.yml".into(),
        outcome,
        trials: vec![trial],
        stand_ins: vec!["our ci image for python:3.12".into()],
        notes: Vec::new(),
        papers: BTreeMap::new(),
    }
}

fn run(commit: &'static str, day: &'static str) -> Run<'static> {
    Run { commit, plan: "00", day, version: "0.1.0" }
}

fn signer(byte: u8) -> Signer {
    Signer::new([byte; 32])
}

/// A run and the report that it gives, as two files.
fn files(
    signer: &Signer,
    commit: &'static str,
    day: &'static str,
    version: &str,
    outcome: Outcome,
) -> Vec<(String, Vec<u8>)> {
    use sha2::Digest;
    let finding = finding(outcome);
    let result = Envelope::seal(&test_result(&finding, run(commit, day)).to_bytes(), signer).to_json();
    let digest = hex::encode(sha2::Sha256::digest(result.as_bytes()));
    let scope = Scope { framework: "rs-devops", framework_version: version, indicator: "C2.in1" };
    let report = Envelope::seal(&attribute(scope, &finding, run(commit, day), &digest).to_bytes(), signer).to_json();
    vec![("run.json".into(), result.into_bytes()), ("scai.json".into(), report.into_bytes())]
}

/// Days of one month are enough here.
fn age(day: &str) -> Option<i64> {
    Some(22 - day.strip_prefix("2026-11-")?.parse::<i64>().ok()?)
}

fn judged(files: &[(String, Vec<u8>)], trusted: &[PublicKey]) -> Vec<String> {
    let versions = BTreeMap::from([("rs-devops".to_owned(), "1".to_owned())]);
    let demands = Demands { trusted, commit: COMMIT, versions: &versions, age: &age, max_age: 10 };
    let verified = verify(files, &demands);
    let accepted = verified.accepted.iter().map(|accepted| format!("{} {}", accepted.framework, accepted.indicator));
    accepted.chain(verified.refused.iter().map(|refused| format!("{}: {:?}", refused.file, refused.why))).collect()
}

#[test]
fn what_is_signed_is_what_others_sign() {
    // The vector of the DSSE protocol document.
    let encoded = dsse::before("http://example.com/HelloWorld", b"hello world");
    assert_eq!(encoded, b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    // RFC 8032, test 2: seed, key, message, signature.
    let seed = bytes("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
    let signer = Signer::new(seed.try_into().unwrap());
    let signature = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
                     085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
    assert_eq!(hex::encode(signer.sign(&[0x72])), signature);
    assert!(signer.public().accepts(&[0x72], &bytes(signature)));
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap()).collect()
}

#[test]
fn keys_are_read_back_from_their_files() {
    let signer = signer(7);
    assert_eq!(Signer::from_pem(&signer.to_pem()).unwrap().public(), signer.public());
    let two = format!("{}{}", signer.public().to_pem(), self::signer(8).public().to_pem());
    assert_eq!(PublicKey::all_from_pem(&two).unwrap().len(), 2);
    for wrong in ["", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", &signer.to_pem()] {
        assert!(PublicKey::all_from_pem(wrong).is_err());
    }
    // As `openssl pkey -pubout` writes the key of RFC 8032, test 1.
    let known = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n";
    let seed = bytes("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    assert_eq!(Signer::new(seed.try_into().unwrap()).public().to_pem(), known);
}

#[test]
fn an_attestation_is_believed_or_refused_with_its_reason() {
    let mine = signer(1);
    let trusted = [mine.public()];
    let proven = || Outcome::Proven;
    let check = |files: &[(String, Vec<u8>)], expected: &[&str]| assert_eq!(judged(files, &trusted), expected);
    check(&files(&mine, COMMIT, "2026-11-20", "1", proven()), &["rs-devops C2.in1"]);
    check(&files(&signer(2), COMMIT, "2026-11-20", "1", proven()), &["run.json: Untrusted", "scai.json: Untrusted"]);
    let other = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    let told = format!("OtherCommit {{ commit: \"{other}\" }}");
    check(
        &files(&mine, other, "2026-11-20", "1", proven()),
        &[&format!("run.json: {told}"), &format!("scai.json: {told}")],
    );
    check(
        &files(&mine, COMMIT, "2026-11-01", "1", proven()),
        &["run.json: TooOld { days: 21 }", "scai.json: TooOld { days: 21 }"],
    );
    check(&files(&mine, COMMIT, "2026-11-23", "1", proven()), &["run.json: Undated", "scai.json: Undated"]);
    check(
        &files(&mine, COMMIT, "2026-11-20", "2", proven()),
        &["scai.json: OtherVersion { framework: \"rs-devops\", version: \"2\" }"],
    );
    // A report without the run that it speaks of, and one of a run that refuted.
    let none = "scai.json: NoEvidence { experiment: \"c2.run-pipeline\" }";
    check(&files(&mine, COMMIT, "2026-11-20", "1", proven())[1..], &[none]);
    let refuted = Outcome::Refuted { because: "a survivor".into() };
    check(&files(&mine, COMMIT, "2026-11-20", "1", refuted.clone()), &[none]);
    // Beside a run of the experiment that failed: a newer proof alone makes it good.
    let beside = |day: &'static str| {
        let failed = files(&mine, COMMIT, day, "1", refuted.clone()).swap_remove(0).1;
        let mut all = files(&mine, COMMIT, "2026-11-20", "1", proven());
        all.push(("failed.json".into(), failed));
        all
    };
    let failed = "scai.json: Contradicted { experiment: \"c2.run-pipeline\", file: \"failed.json\" }";
    check(&beside("2026-11-19"), &["rs-devops C2.in1"]);
    check(&beside("2026-11-20"), &[failed]);
    check(&beside("2026-11-21"), &[failed]);
}

#[test]
fn one_changed_byte_is_enough() {
    let mine = signer(1);
    let honest = files(&mine, COMMIT, "2026-11-20", "1", Outcome::Proven);
    let text = String::from_utf8(honest[1].1.clone()).unwrap();
    let forged = text.replacen("\"payload\": \"eyJ", "\"payload\": \"eyK", 1);
    assert_ne!(forged, text);
    let forged = vec![honest[0].clone(), ("scai.json".to_owned(), forged.into_bytes())];
    assert_eq!(judged(&forged, &[mine.public()]), ["scai.json: Untrusted"]);
    for wrong in [&b"{}"[..], b"", b"[1]", b"\xff"] {
        assert_eq!(judged(&[("x".into(), wrong.to_vec())], &[mine.public()]), ["x: Unreadable"]);
    }
}

#[test]
fn statements_have_one_form() {
    let statement = test_result(&finding(Outcome::Proven), run(COMMIT, "2026-11-20"));
    expect_test::expect_file!["golden/test-result.json"]
        .assert_eq(&format!("{}\n", serde_json::to_string_pretty(&statement).unwrap()));
    let scope = Scope { framework: "rs-devops", framework_version: "1", indicator: "C2.in1" };
    let report = attribute(scope, &finding(Outcome::Proven), run(COMMIT, "2026-11-20"), "00");
    expect_test::expect_file!["golden/scai.json"]
        .assert_eq(&format!("{}\n", serde_json::to_string_pretty(&report).unwrap()));
    let envelope = Envelope::seal(&report.to_bytes(), &signer(1));
    expect_test::expect_file!["golden/envelope.json"].assert_eq(&envelope.to_json());
}
