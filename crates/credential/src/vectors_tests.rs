//! What others published: their signatures verify, their bad examples are refused, each for its own reason.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::canon::canonical;
use crate::encoding::multibase;
use crate::integrity::{hashes, proofs, sign};
use crate::issuer::Document;
use crate::json::{Limits, read};
use crate::verify::{Material, Report, StatusFile, Verdict, verify};
use crate::{Contexts, PublicKey, Signer};

macro_rules! vector {
    ($name:literal) => {
        include_bytes!(concat!("../tests/vectors/", $name))
    };
}

fn json_of(bytes: &[u8]) -> Value {
    read(bytes, Limits::default()).unwrap()
}

/// The examples of the data model: every unknown word is one of theirs.
fn with_examples() -> Contexts {
    let examples = r#"{"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}"#;
    Contexts::built_in().clone().with("https://www.w3.org/ns/credentials/examples/v2", examples)
}

#[test]
fn the_vector_of_the_suite_is_reproduced() {
    let contexts = with_examples();
    let mut credential = json_of(vector!("w3c/signed.json"));
    let proof = proofs(&credential).unwrap().remove(0);
    let key = PublicKey::from_multikey("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2").unwrap();
    assert_eq!(proof.verify(&credential, &key, &contexts), Ok(()));
    let expected = "bea7b7acfbad0126b135104024a5f1733e705108f42d59668b05c0c50004c6b0\
                    517744132ae165a5349155bef0bb0cf2258fff99dfe1dbd914b938d775a36017";
    assert_eq!(hex::encode(hashes(&credential, &proof, &contexts).unwrap()), expected);
    let signature = credential["proof"]["proofValue"].clone();
    // Signed again with their key, it is their signature.
    let secret = bs58::decode("3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq").into_vec().unwrap();
    let signer = Signer::new(secret[2..].try_into().unwrap());
    assert_eq!(signer.public(), key);
    credential.as_object_mut().unwrap().remove("proof");
    let canon = canonical(&credential, &contexts).unwrap();
    assert_eq!(canon, String::from_utf8_lossy(vector!("w3c/canonDocDataInt.txt")));
    sign(&mut credential, &signer, &proof.method, proof.created.unwrap(), &contexts).unwrap();
    assert_eq!(credential["proof"]["proofValue"], signature);
}

#[test]
fn the_vector_of_open_badges_is_reproduced() {
    let contexts = Contexts::built_in();
    let mut credential = json_of(vector!("1edtech/simple.json"));
    credential["issuer"] = json!({"id": "https://example.edu/issuers/565049", "type": ["Profile"], "url": "https://www.imsglobal.org", "name": "Example Corp"});
    credential.as_object_mut().unwrap().remove("proof");
    let secret = crate::encoding::unhex("6241a409e6707bb640a0140a8a32bc3d193c33a661747284d6adfa4ed4180be4").unwrap();
    let signer = Signer::new(secret.try_into().unwrap());
    let method = "https://example.edu/issuers/565049#z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi";
    sign(&mut credential, &signer, method, "2010-01-01T19:23:24Z".parse().unwrap(), contexts).unwrap();
    let proof = proofs(&credential).unwrap().remove(0);
    let expected = "d34009cea0dbc1ca941e09dc01c8c9d3e3ce3c5b853f67ee44698dcea10f5d19\
                    87f65a76d40146205e3b3e06cb0fbd153f97f9ce70372390f52566bb7f9e0773";
    assert_eq!(hex::encode(hashes(&credential, &proof, contexts).unwrap()), expected);
    let signature = crate::encoding::unhex(
        "f7a017acf7d27983267ec362657c0fb08e955549f49dac5bf36a03c4f2c3a4f1\
         e3738a6c5ecd7ffba7135cb9cd754e6196f4b73082ea8df8e703c8ecd4333503",
    );
    assert_eq!(credential["proof"]["proofValue"], multibase(&signature.unwrap()));
}

/// Documents that list the keys as the examples name them.
fn documents() -> Vec<Document> {
    let of = |issuer: &str, keys: &[&str]| {
        let methods: Vec<Value> = keys
            .iter()
            .map(|key| json!({"id": format!("{issuer}#{key}"), "type": "Multikey", "controller": issuer, "publicKeyMultibase": key}))
            .collect();
        Document::read(&json!({"id": issuer, "verificationMethod": [], "assertionMethod": methods})).unwrap()
    };
    let key = "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi";
    vec![
        of("https://example.com/issuers/876543", &[key, "z6MkrvfzkMnvCroEUP2DVc9SHPE48CRsvHiVSusHioxTYu1x"]),
        of("https://example.edu/issuers/565049", &[key]),
        of("https://1edtech.edu/issuers/565049", &[key, "z6Mknyb2Gb4NxzW3xSr9ChTtdQZ1zs77piQ3r9SaJ9vMzmrs"]),
    ]
}

fn report(file: &[u8]) -> Report {
    let issuers = documents();
    let url = "https://raw.githubusercontent.com/1EdTech/digital-credentials-public-validator/refs/heads/main/\
               inspector-vc/src/test/resources/ob30/bit-string-list/testlist";
    let statuses = [StatusFile { url: Some(url.to_owned()), bytes: vector!("1edtech/status-list").to_vec() }];
    verify(
        file,
        &Material {
            now: "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap(),
            contexts: Contexts::built_in(),
            issuers: &issuers,
            statuses: &statuses,
            subject: None,
            evidence: &[],
            receipt: None,
        },
    )
}

#[track_caller]
fn check(file: &[u8], step: &str, code: &str) {
    let report = report(file);
    let (found, reason) = report
        .reason()
        .map_or(("-", "-".to_owned()), |(step, reason)| (step.code(), format!("{} ({reason})", reason.code())));
    assert_eq!((found, reason.split(' ').next().unwrap()), (step, code), "{reason}");
}

#[track_caller]
fn verified(file: &[u8]) {
    let report = report(file);
    assert_eq!(report.verdict(), Verdict::Verified, "{:?}", report.reason());
}

#[test]
fn good_examples_are_verified() {
    verified(vector!("1edtech/simple.json"));
    verified(vector!("1edtech/simple-context-version.json"));
    verified(vector!("1edtech/simple-did-web-method.json"));
    verified(vector!("1edtech/simple-multiple-proofs.json"));
    verified(vector!("1edtech/simple-json.svg"));
}

/// Most bad examples break their signature too: the reason must be what they are about.
#[test]
fn bad_examples_are_refused_for_their_own_reason() {
    check(vector!("1edtech/simple-err-context.json"), "schema", "contexts");
    check(vector!("1edtech/simple-err-type.json"), "schema", "schema");
    check(vector!("1edtech/simple-err-credential-subject-type.json"), "schema", "schema");
    check(vector!("1edtech/simple-err-credential-subject-identifier-type.json"), "schema", "schema");
    check(vector!("1edtech/simple-err-credential-subject-profile-type.json"), "schema", "schema");
    check(vector!("1edtech/simple-err-credential-subject-result-type.json"), "schema", "schema");
    check(
        vector!("1edtech/simple-err-credential-subject-achievement-result-description-type.json"),
        "schema",
        "schema",
    );
    check(vector!("1edtech/simple-err-evidence-type.json"), "schema", "schema");
    check(vector!("1edtech/simple-err-issuer-type.json"), "schema", "schema");
    check(vector!("1edtech/simple-err-issuer-otheridentifier-type.json"), "schema", "schema");
    check(vector!("1edtech/simple-err-issuer-parentorg-type.json"), "schema", "schema");
    check(vector!("1edtech/simple-err-issuer.json"), "schema", "schema");
    check(vector!("1edtech/simple-err-expired.json"), "dates", "expired");
    // It would begin in the future, and lacks its achievement.
    check(vector!("1edtech/simple-err-issued.json"), "schema", "schema");
    check(vector!("1edtech/simple-err-proof-method.json"), "key", "key-not-listed");
    check(vector!("1edtech/simple-err-proof-method-no-scheme.json"), "key", "key-unresolvable");
    check(vector!("1edtech/simple-err-proof-method-unknown-scheme.json"), "key", "key-unresolvable");
    check(vector!("1edtech/simple-err-proof-method-unknown-did-method.json"), "key", "key-unresolvable");
    check(vector!("1edtech/simple-err-proof-value.json"), "proof", "signature");
    check(vector!("1edtech/status-revoked.json"), "status", "revoked");
}

/// Where this verifier asks for more than that of 1EdTech.
#[test]
fn what_is_refused_here_and_not_there() {
    // Any key signed for an issuer that did not say that it is its own.
    check(vector!("1edtech/simple-did-key-method.json"), "key", "key-of-other-issuer");
    check(vector!("1edtech/simple-context-alias.json"), "-", "-");
    // It names no key and brings none.
    check(vector!("1edtech/simple.jwt"), "read", "token");
    // A list of revoked names, unsigned.
    check(vector!("1edtech/complete.json"), "status", "status-unsupported");
}
