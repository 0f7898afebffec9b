//! A checkpoint: the size and the root of a log, signed, as a note that other tools of transparency logs read.

use std::fmt;

use crate::encoding::{from_padded, padded, sha256};
use crate::key::{PublicKey, Signer};

use super::Hash;

/// The kind of signature that notes write before an Ed25519 key.
const ED25519: u8 = 1;
const MOST: usize = 16 << 10;

/// What a log is at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name: a host and path, without spaces.
    pub origin: String,
    pub size: u64,
    pub root: Hash,
}

/// Whose signature on a checkpoint is believed.
#[derive(Clone, Debug)]
pub struct Trusted {
    pub name: String,
    pub key: PublicKey,
}

/// Why a note is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    #[error("not a signed checkpoint")]
    Shape,
    #[error("the checkpoint is of another log")]
    Origin,
    #[error("no signature of the known key")]
    Signature,
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}\n{}\n{}\n", self.origin, self.size, padded(&self.root))
    }
}

/// Which key it is: four bytes of the hash of its name and itself.
fn hint(name: &str, key: &PublicKey) -> [u8; 4] {
    let hash = sha256(&[name.as_bytes(), b"\n", &[ED25519], key.as_bytes()].concat());
    [hash[0], hash[1], hash[2], hash[3]]
}

impl Checkpoint {
    /// The signed note.
    pub fn sign(&self, signer: &Signer) -> String {
        let text = self.to_string();
        let stamp = [&hint(&self.origin, &signer.public())[..], &signer.sign(text.as_bytes())].concat();
        format!("{text}\n\u{2014} {} {}\n", self.origin, padded(&stamp))
    }

    /// Reads a signed note that a known key signed.
    ///
    /// # Errors
    /// When it is malformed, of another log, or not signed by that key.
    pub fn open(note: &str, trusted: &Trusted) -> Result<Self, NoteError> {
        if note.len() > MOST {
            return Err(NoteError::Shape);
        }
        let (text, signatures) = note.rsplit_once("\n\n").ok_or(NoteError::Shape)?;
        let text = format!("{text}\n");
        let mut lines = text.lines();
        let mut line = || lines.next().ok_or(NoteError::Shape);
        let (origin, size, root) = (line()?, line()?, line()?);
        if origin != trusted.name {
            return Err(NoteError::Origin);
        }
        let size_text = size;
        let size: u64 = size.parse().map_err(|_| NoteError::Shape)?;
        let root = from_padded(root).and_then(|root| root.try_into().ok()).ok_or(NoteError::Shape)?;
        if size.to_string() != size_text {
            return Err(NoteError::Shape);
        }
        let hint = hint(&trusted.name, &trusted.key);
        let signed = signatures.lines().take(16).any(|line| {
            let Some(stamp) = line.strip_prefix("\u{2014} ").and_then(|rest| rest.strip_prefix(&trusted.name)) else {
                return false;
            };
            let bytes = from_padded(stamp.trim_start_matches(' ')).unwrap_or_default();
            bytes.strip_prefix(&hint).is_some_and(|signature| trusted.key.verifies(text.as_bytes(), signature))
        });
        if signed { Ok(Self { origin: origin.to_owned(), size, root }) } else { Err(NoteError::Signature) }
    }
}
