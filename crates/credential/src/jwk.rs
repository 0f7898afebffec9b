//! Keys that verify what others signed: Ed25519, with which we sign, and RSA, which Open Badges asks of every verifier
//! of tokens.

use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use serde_json::{Value, json};

use crate::encoding::{from_url_safe, url_safe};
use crate::key::PublicKey;

/// The bits of a modulus, and the most that an exponent may be.
const BITS: std::ops::RangeInclusive<usize> = 2_048..=8_192;
const EXPONENT: u64 = (1 << 33) - 1;

/// How a token is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    Ed25519,
    Rs256,
}

/// A key that an issuer publishes, or that a token brings along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    Ed25519(PublicKey),
    Rsa(RsaKey),
}

/// An RSA key as it was written; [`Key::fits`] says whether anything that it signs is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RsaKey {
    modulus: Vec<u8>,
    exponent: Vec<u8>,
}

/// Why nothing that a key signs is believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("the algorithm {asked} is not that of a key of the kind {kind}")]
    Kind { asked: &'static str, kind: &'static str },
    #[error("the modulus has {0} bits, and 2048 to 8192 are asked for")]
    Size(usize),
    #[error("the modulus is even, or begins with zeros")]
    Modulus,
    #[error("the exponent is even, below 3, above 2^33 - 1, or begins with zeros")]
    Exponent,
}

impl Unfit {
    /// The word for programs.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Kind { .. } => "key-of-other-kind",
            Self::Size(_) => "key-size",
            Self::Modulus => "key-modulus",
            Self::Exponent => "key-exponent",
        }
    }
}

impl Algorithm {
    /// As the header of a token names it.
    pub(crate) fn read(name: &str) -> Option<Self> {
        match name {
            "EdDSA" | "Ed25519" => Some(Self::Ed25519),
            "RS256" => Some(Self::Rs256),
            _ => None,
        }
    }
}

impl Key {
    /// A key from a JWK; one that holds its secret too, or serves something else, is refused.
    pub(crate) fn from_jwk(value: &Value) -> Option<Self> {
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        let is = |name: &str, expected: &str| value.get(name).is_none_or(|said| said == expected);
        if value.get("d").is_some() || !is("use", "sig") {
            return None;
        }
        match (text("kty")?, text("crv")) {
            ("OKP", Some("Ed25519")) => PublicKey::from_jwk_x(text("x")?).ok().map(Self::Ed25519),
            ("RSA", _) if is("alg", "RS256") => {
                let (modulus, exponent) = (from_url_safe(text("n")?)?, from_url_safe(text("e")?)?);
                Some(Self::Rsa(RsaKey { modulus, exponent }))
            }
            _ => None,
        }
    }

    /// The members of a method of verification that hold it.
    pub(crate) fn members(&self) -> [(&'static str, Value); 2] {
        match self {
            Self::Ed25519(key) => [("type", "Multikey".into()), ("publicKeyMultibase", key.multikey().into())],
            Self::Rsa(RsaKey { modulus, exponent }) => {
                let jwk = json!({"kty": "RSA", "n": url_safe(modulus), "e": url_safe(exponent)});
                [("type", "JsonWebKey".into()), ("publicKeyJwk", jwk)]
            }
        }
    }

    pub(crate) fn ed25519(&self) -> Option<&PublicKey> {
        if let Self::Ed25519(key) = self { Some(key) } else { None }
    }

    /// Whether what it signs by this algorithm is believed. A key serves one algorithm: who could choose another would
    /// have the one verify what the other made.
    ///
    /// # Errors
    /// When it is of another kind, or of a size or form that is not safe.
    pub fn fits(&self, algorithm: Algorithm) -> Result<(), Unfit> {
        match (self, algorithm) {
            (Self::Ed25519(_), Algorithm::Ed25519) => Ok(()),
            (Self::Rsa(key), Algorithm::Rs256) => key.fits(),
            (Self::Ed25519(_), Algorithm::Rs256) => Err(Unfit::Kind { asked: "RS256", kind: "Ed25519" }),
            (Self::Rsa(_), Algorithm::Ed25519) => Err(Unfit::Kind { asked: "EdDSA", kind: "RSA" }),
        }
    }

    pub(crate) fn verifies(&self, algorithm: Algorithm, bytes: &[u8], signature: &[u8]) -> bool {
        self.fits(algorithm).is_ok()
            && match self {
                Self::Ed25519(key) => key.verifies(bytes, signature),
                Self::Rsa(RsaKey { modulus: n, exponent: e }) => {
                    RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, bytes, signature).is_ok()
                }
            }
    }
}

impl RsaKey {
    fn fits(&self) -> Result<(), Unfit> {
        let whole = |number: &[u8]| number.first().is_some_and(|first| *first != 0);
        let odd = |number: &[u8]| number.last().is_some_and(|last| last % 2 == 1);
        if !whole(&self.modulus) || !odd(&self.modulus) {
            return Err(Unfit::Modulus);
        }
        let bits = self.modulus.len() * 8 - self.modulus[0].leading_zeros() as usize;
        if !BITS.contains(&bits) {
            return Err(Unfit::Size(bits));
        }
        let number = self.exponent.iter().try_fold(0_u64, |number, byte| {
            number.checked_mul(256).map(|number| number | u64::from(*byte)).filter(|number| *number <= EXPONENT)
        });
        let known = whole(&self.exponent) && odd(&self.exponent) && number.is_some_and(|number| number >= 3);
        if known { Ok(()) } else { Err(Unfit::Exponent) }
    }
}
