//! How bytes are written as text: base58, base64url, hexadecimal; and the one hash.

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Bytes of lower-case hexadecimal.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    hex::decode(text).ok().filter(|bytes| hex::encode(bytes) == text)
}

/// base64url without padding, as JOSE and status lists write it.
pub(crate) fn url_safe(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn from_url_safe(text: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(text).ok()
}

/// base64 with padding, as PEM and signed notes write it.
pub(crate) fn padded(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}

pub(crate) fn from_padded(text: &str) -> Option<Vec<u8>> {
    BASE64_STANDARD.decode(text).ok()
}

/// Multibase in base58, the form of keys and proof values.
pub(crate) fn multibase(bytes: &[u8]) -> String {
    format!("z{}", bs58::encode(bytes).into_string())
}

/// At most so many bytes from multibase in base58; decoding takes time that grows with the square of the length.
pub(crate) fn from_multibase(text: &str, most: usize) -> Option<Vec<u8>> {
    let text = text.strip_prefix('z').filter(|text| text.len() <= most * 3 / 2 + 1)?;
    bs58::decode(text).into_vec().ok()
}
