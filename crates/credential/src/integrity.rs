//! Proofs inside the credential: Data Integrity with the suite `eddsa-rdfc-2022`.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::canon::{CanonError, hash};
use crate::contexts::Contexts;
use crate::encoding::{from_multibase, multibase};
use crate::key::{PublicKey, Signer};

pub(crate) const SUITE: &str = "eddsa-rdfc-2022";
/// What a proof may say; anything else would ask for rules that are not known here.
const MEMBERS: [&str; 10] = [
    "@context",
    "id",
    "type",
    "cryptosuite",
    "created",
    "expires",
    "verificationMethod",
    "proofPurpose",
    "proofValue",
    "nonce",
];

/// Why a proof does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    #[error("there is no proof")]
    Missing,
    #[error("the proof is of another suite: {0}")]
    Suite(String),
    #[error("the proof lacks, or misstates, {0}")]
    Member(String),
    #[error("the proof serves another purpose: {0}")]
    Purpose(String),
    #[error(transparent)]
    Canon(#[from] CanonError),
    #[error("the signature is not that of this credential by this key")]
    Signature,
}

/// One proof of a credential, read and not yet verified.
#[derive(Clone, Debug)]
pub struct Proof {
    options: Map<String, Value>,
    pub method: String,
    pub created: Option<Timestamp>,
    pub expires: Option<Timestamp>,
    signature: Vec<u8>,
}

/// Signs a credential in place.
///
/// # Errors
/// When something in it would not be signed.
pub fn sign(
    credential: &mut Value,
    signer: &Signer,
    method: &str,
    created: Timestamp,
    contexts: &Contexts,
) -> Result<(), ProofError> {
    let options = json!({
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": crate::award::moment(created),
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    });
    let Value::Object(mut options) = options else { unreachable!("the literal is an object") };
    let signature = signer.sign(&signed(credential, &options, contexts)?);
    options.insert("proofValue".to_owned(), multibase(&signature).into());
    let document = credential.as_object_mut().ok_or(ProofError::Missing)?;
    document.insert("proof".to_owned(), options.into());
    Ok(())
}

/// The proofs of a credential that can be verified here; one is enough.
///
/// # Errors
/// When there is none: the fault of the first is told.
pub fn proofs(credential: &Value) -> Result<Vec<Proof>, ProofError> {
    let all: Vec<&Value> = match credential.get("proof") {
        Some(Value::Array(proofs)) => proofs.iter().collect(),
        Some(proof) => vec![proof],
        None => Vec::new(),
    };
    let (mut good, mut first) = (Vec::new(), None);
    for proof in all.into_iter().take(8) {
        match read(proof) {
            Ok(proof) => good.push(proof),
            Err(error) => first = first.or(Some(error)),
        }
    }
    if good.is_empty() { Err(first.unwrap_or(ProofError::Missing)) } else { Ok(good) }
}

fn read(proof: &Value) -> Result<Proof, ProofError> {
    let member = |name: &str| ProofError::Member(name.to_owned());
    let text = |name: &str| proof.get(name).and_then(Value::as_str).ok_or_else(|| member(name));
    let options = proof.as_object().ok_or_else(|| member("proof"))?;
    let kind = text("type")?;
    let suite = options.get("cryptosuite").and_then(Value::as_str).unwrap_or_default();
    if kind != "DataIntegrityProof" || suite != SUITE {
        return Err(ProofError::Suite(if suite.is_empty() { kind } else { suite }.to_owned()));
    }
    if let Some(other) = options.keys().find(|key| !MEMBERS.contains(&key.as_str())) {
        return Err(member(other));
    }
    let purpose = text("proofPurpose")?;
    if purpose != "assertionMethod" {
        return Err(ProofError::Purpose(purpose.to_owned()));
    }
    let moment = |name: &str| match options.get(name) {
        None => Ok(None),
        Some(value) => value.as_str().and_then(crate::award::read_moment).map(Some).ok_or_else(|| member(name)),
    };
    let signature = from_multibase(text("proofValue")?, 64)
        .filter(|bytes| bytes.len() == 64)
        .ok_or_else(|| member("proofValue"))?;
    let method = text("verificationMethod")?.to_owned();
    let (created, expires) = (moment("created")?, moment("expires")?);
    let mut options = options.clone();
    options.remove("proofValue");
    Ok(Proof { options, method, created, expires, signature })
}

impl Proof {
    /// Whether the key signed this credential.
    ///
    /// # Errors
    /// When it did not, or the credential has no canonical form.
    pub fn verify(&self, credential: &Value, key: &PublicKey, contexts: &Contexts) -> Result<(), ProofError> {
        let signed = signed(credential, &self.options, contexts)?;
        if key.verifies(&signed, &self.signature) { Ok(()) } else { Err(ProofError::Signature) }
    }
}

/// What is signed: the hash of how the proof was made, then the hash of the credential without proofs.
fn signed(credential: &Value, options: &Map<String, Value>, contexts: &Contexts) -> Result<Vec<u8>, CanonError> {
    let mut options = options.clone();
    if let Some(context) = credential.get("@context") {
        options.insert("@context".to_owned(), context.clone());
    }
    let mut bare = credential.clone();
    bare.as_object_mut().and_then(|document| document.remove("proof"));
    let proof = hash(&Value::Object(options), contexts)?;
    Ok([proof, hash(&bare, contexts)?].concat())
}

#[cfg(test)]
pub(crate) fn hashes(credential: &Value, proof: &Proof, contexts: &Contexts) -> Result<Vec<u8>, CanonError> {
    signed(credential, &proof.options, contexts)
}
