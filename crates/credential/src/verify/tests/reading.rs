//! What is read, and that nothing unsigned or hostile is believed.

use serde_json::{Value, json};

use super::*;

#[test]
fn a_token_says_what_the_credential_says() {
    let world = World::new();
    let credential = world.signed(award().credential());
    let token = jwt::sign(&credential, &world.signer, &world.method()).unwrap();
    let (header, rest) = token.split_once('.').unwrap();
    let (payload, signature) = rest.split_once('.').unwrap();
    let remade = |header: &Value, payload: &Value| {
        let part = |value: &Value| crate::encoding::url_safe(value.to_string().as_bytes());
        format!("{}.{}.{signature}", part(header), part(payload)).into_bytes()
    };
    let decode =
        |part: &str| -> Value { serde_json::from_slice(&crate::encoding::from_url_safe(part).unwrap()).unwrap() };
    let (header, payload) = (decode(header), decode(payload));
    let of = |header_with: &[(&str, Value)], payload_with: &[(&str, Value)]| {
        let (mut header, mut payload) = (header.clone(), payload.clone());
        header_with.iter().for_each(|(key, value)| header[*key] = value.clone());
        payload_with.iter().for_each(|(key, value)| payload[*key] = value.clone());
        world.code(&remade(&header, &payload))
    };
    assert_eq!(of(&[], &[]), "verified");
    assert_eq!(of(&[("alg", "none".into())], &[]), "read: proof-unsupported");
    assert_eq!(of(&[("alg", "HS256".into())], &[]), "read: proof-unsupported");
    assert_eq!(of(&[("crit", json!(["exp"]))], &[]), "read: token");
    assert_eq!(of(&[("kid", "did:web:evil.example#k".into())], &[]), "key: key-not-listed");
    assert_eq!(
        of(&[("jwk", json!({"kty": "OKP", "crv": "Ed25519", "x": Signer::new([5; 32]).public().jwk_x()}))], &[]),
        "key: key-unresolvable"
    );
    assert_eq!(of(&[], &[("exp", 9_999_999_999_u64.into())]), "read: token-differs");
    assert_eq!(of(&[], &[("iss", "did:web:evil.example".into())]), "read: token-differs");
    assert_eq!(of(&[], &[("name", "Docteur".into())]), "proof: signature");
}

/// What is made to keep a verifier busy is refused at once.
#[test]
fn hostile_files_are_refused() {
    let world = World::new();
    let check = |file: &[u8], expected: &str| assert_eq!(world.code(file), expected);
    check(b"", "read: unreadable");
    check(&[0xff; 40], "read: unreadable");
    check(b"[]", "read: not-a-credential");
    check("[".repeat(100_000).as_bytes(), "read: too-large");
    check(&vec![b' '; 2 << 20], "read: too-large");
    check(b"{\"id\": \"a\", \"id\": \"b\"}", "read: ambiguous-json");
    check(b"eyJ", "read: token");
    check(b"eyJ.e30.AA", "read: token");
    // Nameless nodes that look alike, nested: the standard's algorithm would try every order of them.
    let world = World::new();
    let poison = |depth: usize, width: usize| {
        let mut node = json!({"type": ["Alignment"], "targetName": "a", "targetUrl": "https://a.example"});
        for _ in 0..depth {
            node = json!({"type": ["Result"], "alignment": vec![node; width]});
        }
        let mut credential = award().credential();
        credential["credentialSubject"]["result"] = json!([node.clone(), node]);
        credential
    };
    let mut credential = poison(1, 7);
    credential["proof"] = world.signed(award().credential())["proof"].clone();
    check(pretty(&credential).as_bytes(), "proof: not-canonical");
    let mut wide = award().credential();
    wide["credentialSubject"]["result"] = json!(vec![json!({"type": ["Result"], "value": "1"}); 3_000]);
    wide["proof"] = credential["proof"].clone();
    check(pretty(&wide).as_bytes(), "proof: not-canonical");
}
