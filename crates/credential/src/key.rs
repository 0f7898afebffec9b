//! The key of an issuer: Ed25519, as a multikey for proofs, as PEM for files, as JWK for tokens.

use std::fmt;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

use crate::encoding::{from_multibase, from_padded, from_url_safe, multibase, padded, url_safe};

/// What PKCS#8 writes before the 32 bytes of a private key.
const PRIVATE: [u8; 16] = *b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";
/// What multicodec writes before the 32 bytes of a public key.
const MULTICODEC: [u8; 2] = [0xed, 0x01];
const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";

/// Text that holds no Ed25519 key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an Ed25519 key")]
pub struct KeyError;

/// Signs. It is never shown.
#[derive(Clone)]
pub struct Signer(SigningKey);

impl fmt::Debug for Signer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Signer({})", self.public().multikey())
    }
}

impl Signer {
    /// A key from 32 bytes that nobody can guess.
    pub fn new(seed: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&seed))
    }

    /// Reads what `openssl genpkey -algorithm ed25519` writes too.
    ///
    /// # Errors
    /// When the text holds no private Ed25519 key.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let body = text.split_once(BEGIN).and_then(|(_, rest)| rest.split_once(END)).ok_or(KeyError)?.0;
        let body: String = body.split_whitespace().collect();
        let der = from_padded(&body).ok_or(KeyError)?;
        let seed = der.strip_prefix(&PRIVATE).and_then(|seed| seed.try_into().ok()).ok_or(KeyError)?;
        Ok(Self::new(seed))
    }

    /// As PKCS#8, which other tools read.
    pub fn to_pem(&self) -> String {
        let body = padded(&[&PRIVATE[..], &self.0.to_bytes()].concat());
        format!("{BEGIN}\n{body}\n{END}\n")
    }

    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    pub(crate) fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.0.sign(bytes).to_bytes()
    }
}

/// Verifies what a [`Signer`] signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// # Errors
    /// When the text is no multikey of Ed25519.
    pub fn from_multikey(text: &str) -> Result<Self, KeyError> {
        let bytes = from_multibase(text, 34).ok_or(KeyError)?;
        Self::from_bytes(bytes.strip_prefix(&MULTICODEC).ok_or(KeyError)?)
    }

    /// # Errors
    /// When the member `x` of a JWK is no key of Ed25519.
    pub fn from_jwk_x(text: &str) -> Result<Self, KeyError> {
        Self::from_bytes(&from_url_safe(text).ok_or(KeyError)?)
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        let bytes = bytes.try_into().map_err(|_| KeyError)?;
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| KeyError)?;
        // Under such a key almost anything verifies.
        if key.is_weak() { Err(KeyError) } else { Ok(Self(key)) }
    }

    /// `z6Mk…`
    pub fn multikey(&self) -> String {
        multibase(&[&MULTICODEC[..], self.0.as_bytes()].concat())
    }

    /// The member `x` of its JWK.
    pub fn jwk_x(&self) -> String {
        url_safe(self.0.as_bytes())
    }

    pub(crate) fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    pub(crate) fn verifies(&self, bytes: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.0.verify_strict(bytes, &signature).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_its_forms() {
        let signer = Signer::new([7; 32]);
        let again = Signer::from_pem(&signer.to_pem()).unwrap();
        assert_eq!(again.public(), signer.public());
        assert_eq!(PublicKey::from_multikey(&signer.public().multikey()), Ok(signer.public()));
        assert_eq!(PublicKey::from_jwk_x(&signer.public().jwk_x()), Ok(signer.public()));
        assert!(!format!("{signer:?}").contains(&signer.to_pem()[30..60]));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in ["", "z", "z6Mk", "u7QE", "zDnaegE6RR3atJtHKwTRTWHsJ3kNHqFwv7n9YjTgmU7TyfU76", &"z1".repeat(9_000)]
        {
            assert_eq!(PublicKey::from_multikey(text), Err(KeyError), "{text:.20}");
        }
        // The neutral element of the curve, under which a signature of nothing verifies.
        let mut weak = MULTICODEC.to_vec();
        weak.extend([1]);
        weak.extend([0; 31]);
        assert_eq!(PublicKey::from_multikey(&multibase(&weak)), Err(KeyError));
        assert!(Signer::from_pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----").is_err());
    }
}
