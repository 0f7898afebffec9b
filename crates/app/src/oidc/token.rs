//! An id token: read, verified against the keys of its issuer, and refused for a reason that has a name.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use ring::signature::{ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey};
use serde_json::Value;

/// How far the clocks of two houses may differ, in seconds.
const SKEW: i64 = 60;
/// How old a token may be that was asked for a moment ago.
const OLDEST: i64 = 600;
/// The longest token, and the most keys of an issuer.
const LONGEST: usize = 64 * 1024;
const KEYS: usize = 50;

/// Who signed in elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub issuer: String,
    pub subject: String,
    /// Their address, only when the issuer says that it verified it.
    pub verified_email: Option<String>,
}

/// Why a token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("it is not three parts of base64url and JSON")]
    Shape,
    #[error("its algorithm is neither RS256 nor ES256")]
    Algorithm,
    #[error("it asks for what is not understood")]
    Critical,
    #[error("its key is none of the issuer's")]
    Key,
    #[error("its signature is wrong")]
    Signature,
    #[error("another issuer made it")]
    Issuer,
    #[error("it is for somebody else")]
    Audience,
    #[error("it has expired")]
    Expired,
    #[error("it is not valid yet, or too old")]
    Moment,
    #[error("it answers another sign-in")]
    Nonce,
    #[error("it names nobody")]
    Subject,
}

/// One key of an issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Key {
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    /// An uncompressed point of P-256.
    P256(Vec<u8>),
}

/// The keys of an issuer, by their names. A key without a name serves tokens that name none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys(BTreeMap<String, Key>);

impl Keys {
    /// Reads a key set. Keys for encryption, and kinds that are not verified here, are passed over.
    pub fn read(set: &Value) -> Self {
        let keys = set.get("keys").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let read = keys.iter().take(KEYS).filter_map(|key| {
            let text = |name: &str| key.get(name).and_then(Value::as_str);
            if text("use").is_some_and(|purpose| purpose != "sig") {
                return None;
            }
            let bytes = |name: &str| text(name).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
            let found = match (text("kty")?, text("crv")) {
                ("RSA", _) => Key::Rsa { n: bytes("n")?, e: bytes("e")? },
                ("EC", Some("P-256")) => {
                    let (x, y) = (bytes("x")?, bytes("y")?);
                    (x.len() == 32 && y.len() == 32).then(|| Key::P256([&[4], &x[..], &y[..]].concat()))?
                }
                _ => return None,
            };
            Some((text("kid").unwrap_or_default().to_owned(), found))
        });
        Self(read.collect())
    }

    /// Whether a token names a key that is here: otherwise the issuer may have changed its keys.
    pub fn knows(&self, token: &str) -> bool {
        header(token).is_ok_and(|header| self.named(&header).is_some())
    }

    fn named(&self, header: &Value) -> Option<&Key> {
        match header.get("kid").and_then(Value::as_str) {
            Some(kid) => self.0.get(kid),
            // Without a name there must be no doubt.
            None if self.0.len() == 1 => self.0.values().next(),
            None => None,
        }
    }
}

fn header(token: &str) -> Result<Value, Refused> {
    part(token.split('.').next().unwrap_or_default())
}

fn part(text: &str) -> Result<Value, Refused> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| Refused::Shape)?;
    let value: Value = serde_json::from_slice(&bytes).map_err(|_| Refused::Shape)?;
    if value.is_object() { Ok(value) } else { Err(Refused::Shape) }
}

/// Takes every step over an id token.
///
/// # Errors
/// With the first step that fails.
pub fn verify(
    token: &str,
    keys: &Keys,
    (issuer, client, nonce): (&str, &str, &str),
    now: Timestamp,
) -> Result<Identity, Refused> {
    let parts: Vec<&str> = token.split('.').collect();
    let [head, body, signature] = parts[..] else { return Err(Refused::Shape) };
    if token.len() > LONGEST {
        return Err(Refused::Shape);
    }
    let head = part(head)?;
    signed(token, &head, signature, keys)?;
    let claims = part(body)?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    if text("iss") != Some(issuer) {
        return Err(Refused::Issuer);
    }
    for_us(&claims, client)?;
    let moment = |name: &str| claims.get(name).and_then(Value::as_f64).map(|seconds| seconds as i64);
    let now = now.as_second();
    if moment("exp").is_none_or(|exp| exp <= now - SKEW) {
        return Err(Refused::Expired);
    }
    let issued = moment("iat").ok_or(Refused::Moment)?;
    let early = issued > now + SKEW || moment("nbf").is_some_and(|from| from > now + SKEW);
    if early || issued < now - OLDEST {
        return Err(Refused::Moment);
    }
    if nonce.is_empty() || text("nonce") != Some(nonce) {
        return Err(Refused::Nonce);
    }
    let subject = text("sub").filter(|sub| !sub.is_empty() && sub.len() <= 255).ok_or(Refused::Subject)?;
    Ok(Identity { issuer: issuer.to_owned(), subject: subject.to_owned(), verified_email: verified_email(&claims) })
}

/// The algorithm follows from the key and must be the one that is named; a token cannot choose it.
fn signed(token: &str, head: &Value, signature: &str, keys: &Keys) -> Result<(), Refused> {
    let algorithm = head.get("alg").and_then(Value::as_str);
    if !matches!(algorithm, Some("RS256" | "ES256")) {
        return Err(Refused::Algorithm);
    }
    if head.get("crit").is_some() {
        return Err(Refused::Critical);
    }
    let key = keys.named(head).ok_or(Refused::Key)?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| Refused::Shape)?;
    let (message, _) = token.rsplit_once('.').ok_or(Refused::Shape)?;
    let held = match (key, algorithm) {
        (Key::Rsa { n, e }, Some("RS256")) => {
            RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message.as_bytes(), &signature)
        }
        (Key::P256(point), Some("ES256")) => {
            UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message.as_bytes(), &signature)
        }
        _ => return Err(Refused::Algorithm),
    };
    held.map_err(|_| Refused::Signature)
}

/// Whether the audience is this client; among several, it must be the one that asked.
fn for_us(claims: &Value, client: &str) -> Result<(), Refused> {
    let azp = claims.get("azp").and_then(Value::as_str);
    let fits = match claims.get("aud") {
        Some(Value::String(one)) => one == client,
        Some(Value::Array(all)) => all.iter().any(|one| one == client) && (all.len() == 1 || azp.is_some()),
        _ => false,
    };
    if fits && azp.is_none_or(|azp| azp == client) { Ok(()) } else { Err(Refused::Audience) }
}

/// The address, when the issuer says that it verified it. Some write the word instead of the value.
pub(super) fn verified_email(claims: &Value) -> Option<String> {
    let verified = match claims.get("email_verified") {
        Some(Value::Bool(verified)) => *verified,
        Some(Value::String(word)) => word == "true",
        _ => false,
    };
    claims.get("email").and_then(Value::as_str).filter(|email| verified && email.contains('@')).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_800_000_000;
    const ISSUER: &str = "https://id.example/realm";

    struct Issuer {
        key: EcdsaKeyPair,
        chance: SystemRandom,
    }

    impl Issuer {
        fn new() -> Self {
            let chance = SystemRandom::new();
            let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
            let made = EcdsaKeyPair::generate_pkcs8(algorithm, &chance).unwrap();
            Self { key: EcdsaKeyPair::from_pkcs8(algorithm, made.as_ref(), &chance).unwrap(), chance }
        }

        fn keys(&self, kid: &str) -> Keys {
            let point = self.key.public_key().as_ref();
            let (x, y) = (URL_SAFE_NO_PAD.encode(&point[1..33]), URL_SAFE_NO_PAD.encode(&point[33..]));
            Keys::read(&json!({ "keys": [
                { "kty": "oct", "k": "c2VjcmV0", "kid": "shared" },
                { "kty": "EC", "crv": "P-256", "kid": kid, "use": "sig", "x": x, "y": y },
            ] }))
        }

        fn sign(&self, head: &Value, claims: &Value) -> String {
            let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
            let message = format!("{}.{}", encode(head), encode(claims));
            let signature = self.key.sign(&self.chance, message.as_bytes()).unwrap();
            format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
        }
    }

    fn claims(changes: Value) -> Value {
        let mut claims = json!({
            "iss": ISSUER, "sub": "u1", "aud": "preuve", "nonce": "n1",
            "iat": NOW - 5, "exp": NOW + 300, "email": "ada@example.org", "email_verified": true,
        });
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims
    }

    fn try_it(token: &str, keys: &Keys) -> Result<Identity, Refused> {
        verify(token, keys, (ISSUER, "preuve", "n1"), Timestamp::from_second(NOW).unwrap())
    }

    #[test]
    fn every_claim_is_looked_at() {
        let issuer = Issuer::new();
        let keys = issuer.keys("k1");
        let head = json!({ "alg": "ES256", "kid": "k1" });
        for (changes, expected) in [
            (json!({}), None),
            (json!({ "aud": ["preuve"] }), None),
            (json!({ "aud": ["other", "preuve"], "azp": "preuve" }), None),
            (json!({ "exp": NOW - 30 }), None),
            (json!({ "iss": "https://id.example/realm/" }), Some(Refused::Issuer)),
            (json!({ "iss": "https://evil.example" }), Some(Refused::Issuer)),
            (json!({ "aud": "other" }), Some(Refused::Audience)),
            (json!({ "aud": ["other", "preuve"] }), Some(Refused::Audience)),
            (json!({ "azp": "other" }), Some(Refused::Audience)),
            (json!({ "aud": null }), Some(Refused::Audience)),
            (json!({ "exp": NOW - 61 }), Some(Refused::Expired)),
            (json!({ "exp": null }), Some(Refused::Expired)),
            (json!({ "exp": "later" }), Some(Refused::Expired)),
            (json!({ "iat": NOW + 120 }), Some(Refused::Moment)),
            (json!({ "iat": NOW - 3600 }), Some(Refused::Moment)),
            (json!({ "nbf": NOW + 120 }), Some(Refused::Moment)),
            (json!({ "nonce": "n2" }), Some(Refused::Nonce)),
            (json!({ "nonce": null }), Some(Refused::Nonce)),
            (json!({ "sub": "" }), Some(Refused::Subject)),
            (json!({ "sub": 7 }), Some(Refused::Subject)),
        ] {
            let found = try_it(&issuer.sign(&head, &claims(changes.clone())), &keys);
            assert_eq!(found.err(), expected, "{changes}");
        }
    }

    #[test]
    fn a_token_cannot_choose_how_it_is_verified() {
        let (issuer, other) = (Issuer::new(), Issuer::new());
        let keys = issuer.keys("k1");
        for (head, expected) in [
            (json!({ "alg": "none", "kid": "k1" }), Refused::Algorithm),
            (json!({ "alg": "HS256", "kid": "shared" }), Refused::Algorithm),
            (json!({ "alg": "RS256", "kid": "k1" }), Refused::Algorithm),
            (json!({ "alg": "ES256", "kid": "k2" }), Refused::Key),
            (json!({ "alg": "ES256", "kid": "k1", "crit": ["exp"] }), Refused::Critical),
        ] {
            assert_eq!(try_it(&issuer.sign(&head, &claims(json!({}))), &keys), Err(expected), "{head}");
        }
        let head = json!({ "alg": "ES256", "kid": "k1" });
        assert_eq!(try_it(&other.sign(&head, &claims(json!({}))), &keys), Err(Refused::Signature));
        let good = issuer.sign(&head, &claims(json!({})));
        let (message, _) = good.rsplit_once('.').unwrap();
        assert_eq!(try_it(&format!("{message}."), &keys), Err(Refused::Signature), "unsigned");
        for wrong in ["", "a.b", "a.b.c", "....", &format!("{good}.x")] {
            assert_eq!(try_it(wrong, &keys), Err(Refused::Shape), "{wrong}");
        }
        assert!(keys.knows(&good) && !issuer.keys("k2").knows(&good), "a new key is asked for");
    }

    #[test]
    fn an_address_counts_when_it_was_verified() {
        for (claims, expected) in [
            (json!({ "email": "a@b.org", "email_verified": true }), Some("a@b.org")),
            (json!({ "email": "a@b.org", "email_verified": "true" }), Some("a@b.org")),
            (json!({ "email": "a@b.org", "email_verified": false }), None),
            (json!({ "email": "a@b.org" }), None),
            (json!({ "email": "nothing", "email_verified": true }), None),
        ] {
            assert_eq!(verified_email(&claims).as_deref(), expected, "{claims}");
        }
    }
}
