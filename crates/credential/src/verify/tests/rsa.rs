//! Tokens that others signed with RSA; the vectors are made by OpenSSL (`tests/vectors/openssl`).

use serde_json::{Value, json};

use super::*;
use crate::encoding::{from_url_safe, url_safe};

macro_rules! vector {
    ($name:literal) => {
        include_str!(concat!("../../../tests/vectors/openssl/", $name))
    };
}

const NAMED: &str = vector!("named.jwt");
const BROUGHT: &str = vector!("brought.jwt");
const SMALL: &str = vector!("small.jwt");
const EXPONENT: &str = vector!("exponent.jwt");

fn key(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The issuer publishes this key under a name, beside its own.
fn publishing(name: &str, key: &Value) -> World {
    let mut world = World::new();
    let mut document = world.document.publish();
    let id = format!("{ISSUER}#{name}");
    let method = json!({"id": id, "type": "JsonWebKey", "controller": ISSUER, "publicKeyJwk": key});
    document["verificationMethod"].as_array_mut().unwrap().push(method);
    document["assertionMethod"].as_array_mut().unwrap().push(id.into());
    world.document = Document::read(&document).unwrap();
    world
}

/// The token with another header; its signature stays.
fn headed(token: &str, header: &Value) -> String {
    format!("{}.{}", url_safe(header.to_string().as_bytes()), token.split_once('.').unwrap().1)
}

fn named_key() -> Value {
    key(vector!("named.jwk.json"))
}

#[track_caller]
fn check(world: &World, token: &str, expected: &str) {
    assert_eq!(world.code(token.as_bytes()), expected);
}

#[test]
fn a_token_signed_with_rsa_is_verified() {
    check(&publishing("named", &named_key()), NAMED, "verified");
    check(&publishing("any", &key(vector!("brought.jwk.json"))), BROUGHT, "verified");
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>";
    assert_eq!(publishing("named", &named_key()).code(&bake::bake(svg, NAMED).unwrap()), "verified");
}

/// Whoever can choose a key could sign anything.
#[test]
fn a_key_that_the_issuer_does_not_publish_counts_for_nothing() {
    check(&World::new(), NAMED, "key: key-not-listed");
    check(&World::new(), BROUGHT, "key: key-unresolvable");
    let mut retired = publishing("any", &key(vector!("brought.jwk.json")));
    retired.document.methods[1].revoked = Some(at("2026-08-01T00:00:00Z"));
    check(&retired, BROUGHT, "key: key-revoked");
    // It is published, and not for credentials.
    let mut document = publishing("named", &named_key()).document.publish();
    document["assertionMethod"].as_array_mut().unwrap().pop();
    let unlisted = World { document: Document::read(&document).unwrap(), ..World::new() };
    check(&unlisted, NAMED, "key: key-not-listed");
    let two = json!({"alg": "RS256", "kid": format!("{ISSUER}#named"), "jwk": key(vector!("brought.jwk.json"))});
    check(&publishing("named", &named_key()), &headed(NAMED, &two), "key: key-unresolvable");
    let mut secret = named_key();
    secret["d"] = "AQAB".into();
    check(&publishing("named", &secret), NAMED, "key: key-not-listed");
}

#[test]
fn a_token_that_was_altered_is_refused() {
    let world = publishing("named", &named_key());
    let parts: Vec<&str> = NAMED.split('.').collect();
    let mut payload: Value = serde_json::from_slice(&from_url_safe(parts[1]).unwrap()).unwrap();
    payload["name"] = "Docteur".into();
    let payload = url_safe(payload.to_string().as_bytes());
    check(&world, &format!("{}.{payload}.{}", parts[0], parts[2]), "proof: signature");
    let mut signature = from_url_safe(parts[2]).unwrap();
    signature[9] ^= 1;
    check(&world, &format!("{}.{}.{}", parts[0], parts[1], url_safe(&signature)), "proof: signature");
    check(&world, &format!("{}.{}.", parts[0], parts[1]), "proof: signature");
    check(&publishing("named", &key(vector!("brought.jwk.json"))), NAMED, "proof: signature");
    // The header is signed, too.
    let header = json!({"alg": "RS256", "kid": format!("{ISSUER}#named"), "typ": "JWT", "jwk": named_key()});
    check(&world, &headed(NAMED, &header), "proof: signature");
}

#[test]
fn an_algorithm_takes_keys_of_its_kind_alone() {
    let world = publishing("named", &named_key());
    let named = |alg: &str, kid: &str| json!({"alg": alg, "kid": kid, "typ": "JWT"});
    let (rsa, own) = (format!("{ISSUER}#named"), world.method());
    check(&world, &headed(NAMED, &named("RS256", &own)), "key: key-of-other-kind");
    check(&world, &headed(NAMED, &named("EdDSA", &rsa)), "key: key-of-other-kind");
    let brings = |alg: &str, jwk: &Value| json!({"alg": alg, "jwk": jwk, "typ": "JWT"});
    let ed25519 = json!({"kty": "OKP", "crv": "Ed25519", "x": signer().public().jwk_x()});
    check(&world, &headed(NAMED, &brings("RS256", &ed25519)), "read: key-of-other-kind");
    check(&world, &headed(NAMED, &brings("EdDSA", &named_key())), "read: key-of-other-kind");
    for alg in ["HS256", "none", "RS1", "PS256", "rs256"] {
        check(&world, &headed(NAMED, &named(alg, &rsa)), "read: proof-unsupported");
    }
    // A key for encryption, or of another algorithm, is not one that signs tokens.
    for (member, value) in [("use", "enc"), ("alg", "PS256"), ("alg", "RSA-OAEP")] {
        let mut other = named_key();
        other[member] = value.into();
        check(&publishing("named", &other), NAMED, "key: key-not-listed");
        check(&world, &headed(NAMED, &brings("RS256", &other)), "read: token");
    }
    // A proof inside the credential names an RSA key.
    let mut badge = world.signed(award().credential());
    badge["proof"]["verificationMethod"] = rsa.into();
    check(&world, &pretty(&badge), "key: key-of-other-kind");
}

/// Each of these signed its token truly: the key is what is refused.
#[test]
fn a_key_that_is_not_safe_is_refused_for_what_it_is() {
    check(&publishing("small", &key(vector!("small.jwk.json"))), SMALL, "key: key-size");
    check(&publishing("exponent", &key(vector!("exponent.jwk.json"))), EXPONENT, "key: key-exponent");
    let told = |member: &str, change: fn(Vec<u8>) -> Vec<u8>| {
        let mut other = named_key();
        let bytes = change(from_url_safe(other[member].as_str().unwrap()).unwrap());
        other[member] = url_safe(&bytes).into();
        let published = publishing("named", &other).code(NAMED.as_bytes());
        let brought = World::new().code(headed(NAMED, &json!({"alg": "RS256", "jwk": other})).as_bytes());
        (published, brought)
    };
    let both = |code: &str| (format!("key: {code}"), format!("read: {code}"));
    let padded = |bytes: Vec<u8>| [vec![0], bytes].concat();
    assert_eq!(told("n", padded), both("key-modulus"));
    assert_eq!(told("n", |_| Vec::new()), both("key-modulus"));
    assert_eq!(told("n", |bytes| [bytes, vec![2]].concat()), both("key-modulus"));
    assert_eq!(told("n", |bytes| [vec![1; 800], bytes].concat()), both("key-size"));
    assert_eq!(
        told("n", |mut bytes| {
            bytes[0] = 0x7f;
            bytes
        }),
        both("key-size"),
        "2047 bits"
    );
    assert_eq!(told("e", padded), both("key-exponent"));
    for exponent in [&[][..], &[0], &[1], &[2], &[1, 0, 0], &[2, 0, 0, 0, 1], &[1; 300]] {
        let mut other = named_key();
        other["e"] = url_safe(exponent).into();
        check(&publishing("named", &other), NAMED, "key: key-exponent");
    }
}

/// A key that lies at an address of its own says nothing of whose it is.
#[test]
fn a_lone_key_speaks_for_an_issuer_that_lists_it() {
    const ADDRESS: &str = "https://certif.example/keys/alone";
    let world = World::new();
    let token = vector!("alone.jwt");
    let lone = Document::read_at(&key(vector!("alone.jwk.json")), ADDRESS).unwrap();
    let code = |issuers: &[Document]| {
        let material = Material {
            now: world.now,
            contexts: Contexts::built_in(),
            issuers,
            statuses: &[],
            subject: None,
            evidence: &[],
            receipt: None,
        };
        code(&verify(token.as_bytes(), &material))
    };
    let mut document = world.document.publish();
    assert_eq!(code(std::slice::from_ref(&lone)), "key: issuer-unknown");
    assert_eq!(code(&[lone.clone(), Document::read(&document).unwrap()]), "key: key-not-listed");
    document["assertionMethod"].as_array_mut().unwrap().push(ADDRESS.into());
    assert_eq!(code(&[Document::read(&document).unwrap()]), "key: issuer-unknown", "it is listed, and not at hand");
    let other = Document::read_at(&named_key(), ADDRESS).unwrap();
    assert_eq!(code(&[Document::read(&document).unwrap(), other]), "proof: signature");
    // Believed; what it lacks in this test is the status list.
    assert_eq!(code(&[Document::read(&document).unwrap(), lone]), "status: status-missing");
    assert!(Document::read_at(&json!({"kty": "oct", "k": "AQAB"}), ADDRESS).is_none());
}
