//! Keys: Ed25519 in the PEM files that other tools read too.

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use super::base64;

/// What stands before the 32 bytes in PKCS #8 and in a public key's DER.
const PRIVATE: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
const PUBLIC: [u8; 12] = [0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0];

/// A key file that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an Ed25519 key in PEM")]
pub struct KeyError;

/// Signs: the runner's own key.
pub struct Signer(SigningKey);

/// Verifies: a key that someone trusts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl Signer {
    /// From 32 bytes of chance.
    pub fn new(seed: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&seed))
    }

    /// # Errors
    /// When the text holds no such key.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let seed = blocks(pem, "PRIVATE KEY").find_map(|der| inner(&der, &PRIVATE)).ok_or(KeyError)?;
        Ok(Self::new(seed))
    }

    pub fn to_pem(&self) -> String {
        block("PRIVATE KEY", &[&PRIVATE[..], &self.0.to_bytes()].concat())
    }

    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    pub(super) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl PublicKey {
    /// Every public key of a file.
    ///
    /// # Errors
    /// When it holds none, or one that is no Ed25519 key.
    pub fn all_from_pem(pem: &str) -> Result<Vec<Self>, KeyError> {
        let keys: Result<Vec<Self>, KeyError> = blocks(pem, "PUBLIC KEY")
            .map(|der| {
                let bytes = inner(&der, &PUBLIC).ok_or(KeyError)?;
                VerifyingKey::from_bytes(&bytes).map(Self).map_err(|_| KeyError)
            })
            .collect();
        keys.and_then(|keys| if keys.is_empty() { Err(KeyError) } else { Ok(keys) })
    }

    pub fn to_pem(&self) -> String {
        block("PUBLIC KEY", &self.der())
    }

    /// The name of the key: the SHA-256 of its DER.
    pub fn id(&self) -> String {
        digest(&self.der())
    }

    fn der(&self) -> Vec<u8> {
        [&PUBLIC[..], self.0.as_bytes()].concat()
    }

    /// Strict: no weak key, no second way of writing a signature.
    pub(super) fn accepts(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.0.verify_strict(message, &signature).is_ok())
    }
}

/// The SHA-256 of bytes, as records write it.
pub fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn inner(der: &[u8], prefix: &[u8]) -> Option<[u8; 32]> {
    der.strip_prefix(prefix)?.try_into().ok()
}

fn block(name: &str, der: &[u8]) -> String {
    format!("-----BEGIN {name}-----\n{}\n-----END {name}-----\n", base64::encode(der))
}

fn blocks(pem: &str, name: &str) -> impl Iterator<Item = Vec<u8>> {
    let end = format!("-----END {name}-----");
    let begin = format!("-----BEGIN {name}-----");
    let texts: Vec<String> = pem
        .split(&begin)
        .skip(1)
        .filter_map(|rest| Some(rest.split_once(&end)?.0.split_whitespace().collect()))
        .collect();
    texts.into_iter().map(|text| base64::decode(&text).unwrap_or_default())
}
