//! Proofs around the credential: VC-JWT, as Open Badges narrows it.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::award::read_moment;
use crate::encoding::{from_url_safe, url_safe};
use crate::integrity::ProofError;
use crate::json::{JsonError, Limits, read, sorted};
use crate::jwk::{Algorithm, Key, Unfit};
use crate::key::Signer;

/// What a header may say; others are not allowed.
const HEADER: [&str; 4] = ["alg", "kid", "jwk", "typ"];

/// Why a token is no credential.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("not three parts of base64url")]
    Shape,
    #[error(transparent)]
    Json(#[from] JsonError),
    #[error("the header lacks, or misstates, {0}")]
    Header(String),
    #[error("the algorithm {0} is not verified here")]
    Algorithm(String),
    #[error(transparent)]
    Unfit(#[from] Unfit),
    #[error("the claim {0} differs from the credential")]
    Claim(&'static str),
}

/// A token, read and not yet verified.
#[derive(Clone, Debug)]
pub struct Token {
    /// The credential, without what only tokens have.
    pub credential: Value,
    /// The name of the key.
    pub kid: Option<String>,
    /// The key that the token brings along.
    pub jwk: Option<Key>,
    pub algorithm: Algorithm,
    /// When it says that it was signed.
    pub issued: Option<Timestamp>,
    signed: Vec<u8>,
    signature: Vec<u8>,
}

/// Signs a credential as a token.
///
/// # Errors
/// When it lacks a name of itself, its issuer or its subject, or a moment.
pub fn sign(credential: &Value, signer: &Signer, method: &str) -> Result<String, ProofError> {
    let missing = |name: &str| ProofError::Member(name.to_owned());
    let text = |path: &str| credential.pointer(path).and_then(Value::as_str).ok_or_else(|| missing(path));
    let seconds = |path: &str| {
        text(path).and_then(|text| read_moment(text).ok_or_else(|| missing(path))).map(Timestamp::as_second)
    };
    let mut payload = credential.as_object().cloned().ok_or(ProofError::Missing)?;
    let issuer = text("/issuer/id").or_else(|_| text("/issuer"))?;
    payload.insert("iss".to_owned(), issuer.into());
    payload.insert("jti".to_owned(), text("/id")?.into());
    payload.insert("sub".to_owned(), text("/credentialSubject/id")?.into());
    payload.insert("nbf".to_owned(), seconds("/validFrom")?.into());
    if credential.get("validUntil").is_some() {
        payload.insert("exp".to_owned(), seconds("/validUntil")?.into());
    }
    if let Ok(made) = seconds("/proof/created") {
        payload.insert("iat".to_owned(), made.into());
    }
    let header = json!({"alg": "EdDSA", "kid": method, "typ": "JWT"});
    let part = |value: &Value| url_safe(sorted(value).to_string().as_bytes());
    let signed = format!("{}.{}", part(&header), part(&Value::Object(payload)));
    let signature = url_safe(&signer.sign(signed.as_bytes()));
    Ok(format!("{signed}.{signature}"))
}

/// Reads a token; its claims must say what the credential says.
///
/// # Errors
/// When it is malformed, of another algorithm, or says two things.
pub fn parse(text: &str, limits: Limits) -> Result<Token, TokenError> {
    let text = text.trim();
    if text.len() > limits.bytes {
        return Err(JsonError::TooLarge { met: text.len(), limit: limits.bytes }.into());
    }
    let mut parts = text.split('.');
    let (Some(header), Some(payload), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(TokenError::Shape);
    };
    let decode = |part: &str| from_url_safe(part).ok_or(TokenError::Shape);
    let (algorithm, kid, jwk) = read_header(&read(&decode(header)?, limits)?)?;
    let Value::Object(mut claims) = read(&decode(payload)?, limits)? else { return Err(TokenError::Shape) };
    let issued = claims.get("iat").map(|iat| iat.as_i64().and_then(|iat| Timestamp::from_second(iat).ok()));
    let issued = issued.map(|iat| iat.ok_or(TokenError::Claim("iat"))).transpose()?;
    agree(&mut claims)?;
    let signed = format!("{header}.{payload}").into_bytes();
    let credential = Value::Object(claims);
    Ok(Token { credential, kid, jwk, algorithm, issued, signed, signature: decode(signature)? })
}

fn read_header(header: &Value) -> Result<(Algorithm, Option<String>, Option<Key>), TokenError> {
    let wrong = |name: &str| TokenError::Header(name.to_owned());
    let members = header.as_object().ok_or_else(|| wrong("header"))?;
    if let Some(other) = members.keys().find(|key| !HEADER.contains(&key.as_str())) {
        return Err(wrong(other));
    }
    let name = members.get("alg").and_then(Value::as_str).ok_or_else(|| wrong("alg"))?;
    let algorithm = Algorithm::read(name).ok_or_else(|| TokenError::Algorithm(name.to_owned()))?;
    if members.get("typ").is_some_and(|typ| typ != "JWT") {
        return Err(wrong("typ"));
    }
    let kid = members.get("kid").map(|kid| kid.as_str().map(str::to_owned).ok_or_else(|| wrong("kid"))).transpose()?;
    let key = members.get("jwk").map(|value| Key::from_jwk(value).ok_or_else(|| wrong("jwk"))).transpose()?;
    key.as_ref().map_or(Ok(()), |key| key.fits(algorithm))?;
    if kid.is_none() && key.is_none() { Err(wrong("kid")) } else { Ok((algorithm, kid, key)) }
}

/// Takes the claims of tokens out of the payload, and holds them against the credential that is left.
fn agree(claims: &mut Map<String, Value>) -> Result<(), TokenError> {
    let taken = |claims: &mut Map<String, Value>, name: &str| claims.remove(name);
    let (iss, jti, sub) = (taken(claims, "iss"), taken(claims, "jti"), taken(claims, "sub"));
    let (nbf, exp) = (taken(claims, "nbf"), taken(claims, "exp"));
    taken(claims, "iat");
    let credential = &*claims;
    let issuer = credential.get("issuer").map(|issuer| issuer.get("id").unwrap_or(issuer));
    let subject = credential.get("credentialSubject").and_then(|subject| subject.get("id"));
    let same = |name, claim: Option<&Value>, said: Option<&Value>| {
        if claim.is_some() && claim == said { Ok(()) } else { Err(TokenError::Claim(name)) }
    };
    same("iss", iss.as_ref(), issuer)?;
    same("jti", jti.as_ref(), credential.get("id"))?;
    same("sub", sub.as_ref(), subject)?;
    let seconds = |name: &str| {
        let said = credential.get(name).and_then(Value::as_str).and_then(read_moment);
        said.map(Timestamp::as_second)
    };
    if nbf.as_ref().and_then(Value::as_i64) != seconds("validFrom") || nbf.is_none() {
        return Err(TokenError::Claim("nbf"));
    }
    // The token must say all that it must, or a verifier of tokens alone would never see it end.
    if exp.as_ref().and_then(Value::as_i64) != seconds("validUntil") {
        return Err(TokenError::Claim("exp"));
    }
    Ok(())
}

impl Token {
    pub(crate) fn verifies(&self, key: &Key) -> bool {
        key.verifies(self.algorithm, &self.signed, &self.signature)
    }
}
