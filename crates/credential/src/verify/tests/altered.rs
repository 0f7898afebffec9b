//! Whatever is altered is refused, and for its reason.

use serde_json::{Value, json};

use super::*;

/// Whatever is altered, the credential is refused: no member of it is shown without being signed.
#[test]
fn every_alteration_is_refused() {
    fn paths(value: &Value, path: &str, out: &mut Vec<String>) {
        match value {
            Value::Object(map) => map.iter().for_each(|(key, value)| paths(value, &format!("{path}/{key}"), out)),
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(n, value)| paths(value, &format!("{path}/{n}"), out))
            }
            _ => out.push(path.to_owned()),
        }
    }
    let world = World::new();
    let credential = world.signed(award().credential());
    let mut all = Vec::new();
    paths(&credential, "", &mut all);
    assert!(all.len() > 60, "{}", all.len());
    for path in all {
        let mut altered = credential.clone();
        let place = altered.pointer_mut(&path).unwrap();
        *place = match place.clone() {
            Value::String(text) => Value::String(format!("{text}x")),
            Value::Bool(flag) => Value::Bool(!flag),
            other => panic!("{other}"),
        };
        assert_ne!(world.code(pretty(&altered).as_bytes()), "verified", "{path}");
        let mut without = credential.clone();
        let (parent, key) = path.rsplit_once('/').unwrap();
        match without.pointer_mut(parent).unwrap() {
            Value::Object(map) => drop(map.remove(key)),
            Value::Array(items) => drop(items.remove(key.parse().unwrap())),
            _ => unreachable!(),
        }
        assert_ne!(world.code(pretty(&without).as_bytes()), "verified", "without {path}");
    }
}

#[track_caller]
fn altered(change: impl FnOnce(&mut Value), expected: &str) {
    let world = World::new();
    let mut credential = world.signed(award().credential());
    change(&mut credential);
    assert_eq!(world.code(pretty(&credential).as_bytes()), expected);
}

/// Signed by the issuer, and still none that may be believed.
#[track_caller]
fn made(change: impl FnOnce(&mut Value), expected: &str) {
    let world = World::new();
    let mut credential = award().credential();
    change(&mut credential);
    assert_eq!(world.code(pretty(&world.signed(credential)).as_bytes()), expected);
}

#[test]
fn each_alteration_has_its_reason() {
    altered(|c| c["validUntil"] = "2030-01-01T00:00:00Z".into(), "proof: signature");
    altered(|c| c["credentialSubject"]["result"][1]["value"] = "20".into(), "proof: signature");
    altered(|c| drop(c.as_object_mut().unwrap().remove("credentialStatus")), "proof: signature");
    altered(|c| c["evidence"] = json!([]), "contexts: unsigned-content");
    altered(|c| c["grade"] = "A".into(), "contexts: unsigned-content");
    altered(|c| c["credentialSubject"]["achievement"]["honours"] = "A".into(), "contexts: unsigned-content");
    altered(|c| c["credentialSubject"]["latitude"] = "A".into(), "contexts: unsigned-content");
    altered(|c| c["credentialSubject"]["type"] = json!(["AchievementSubject", "Doctor"]), "contexts: unsigned-content");
    let more = |context: Value| move |c: &mut Value| c["@context"].as_array_mut().unwrap().push(context);
    altered(more("https://evil.example/context".into()), "contexts: unknown-context");
    altered(more(json!({"grade": "https://schema.org/grade"})), "schema: unknown-context");
    altered(|c| c["issuer"]["@context"] = json!({}), "contexts: unknown-context");
    altered(|c| c["issuer"]["id"] = "did:web:evil.example".into(), "key: key-of-other-issuer");
    altered(|c| c["proof"]["verificationMethod"] = "did:web:evil.example#k".into(), "key: key-not-listed");
    altered(|c| c["proof"]["cryptosuite"] = "eddsa-jcs-2022".into(), "key: proof-unsupported");
    altered(|c| c["proof"]["proofPurpose"] = "authentication".into(), "key: proof-malformed");
    altered(|c| c["proof"]["domain"] = "example.org".into(), "key: proof-malformed");
    altered(|c| c["proof"]["created"] = "2026-07-02T08:00:00Z".into(), "proof: signature");
    altered(|c| drop(c.as_object_mut().unwrap().remove("proof")), "key: no-proof");
    made(
        |c| c["credentialStatus"] = json!({"id": "https://a.example/revoked", "type": "https://a.example/List"}),
        "status: status-unsupported",
    );
    made(|c| c["credentialStatus"]["statusListIndex"] = "-1".into(), "status: status-list");
    made(|c| c["credentialStatus"]["statusListIndex"] = "131072".into(), "status: status-list");
    made(|c| c["validFrom"] = "2026-07-01T00:00:00".into(), "schema: schema");
    altered(|c| c["id"] = "6f2e33e5".into(), "schema: schema");
    // The end of the credential, said of it elsewhere: the same linked data, and a reader would not see it.
    altered(
        |c| {
            let (id, until) = (c["id"].clone(), c.as_object_mut().unwrap().remove("validUntil"));
            c["credentialSubject"]["source"] = json!({"id": id, "type": ["VerifiableCredential"], "validUntil": until});
        },
        "schema: schema",
    );
    made(
        |c| c["credentialSubject"]["source"] = json!({"id": c["id"], "type": ["Profile"], "name": "a"}),
        "contexts: unsigned-content",
    );
    made(|c| c["issuer"] = ISSUER.into(), "verified");
    let schema = |id: &str| json!({"id": id, "type": "https://a.example/Schema"});
    made(|c| c["credentialSchema"] = schema("https://a.example/schema.json"), "schema: unknown-schema");
}
