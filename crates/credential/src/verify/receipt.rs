//! What the log says about a credential: that it was issued or revoked, by the hash of what was signed, and nothing else.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Material, Reason};
use crate::award::{moment, read_moment};
use crate::canon::{CanonError, hash};
use crate::contexts::Contexts;
use crate::encoding::unhex;
use crate::issuer::Document;
use crate::json::{Limits, read};
use crate::log::{Checkpoint, Hash, NoteError, Trusted, includes, leaf};

/// What happened to a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Issued,
    Revoked,
}

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub act: Act,
    /// The hash of the canonical form, which is the same for JSON, token and pictures.
    pub digest: Hash,
    pub at: Timestamp,
}

/// A line of the log, with the proof that it is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub entry: Entry,
    pub index: u64,
    pub path: Vec<Hash>,
    /// The signed note.
    pub checkpoint: String,
}

/// Why the log does not speak for a credential.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogProblem {
    #[error("not a receipt")]
    Shape,
    #[error("the receipt is of another credential")]
    OtherCredential,
    #[error("the receipt tells of a revocation")]
    NotIssued,
    #[error(transparent)]
    Note(#[from] NoteError),
    #[error("the line is not part of the log of the checkpoint")]
    NotIncluded,
}

impl Entry {
    /// The line of a credential.
    ///
    /// # Errors
    /// When the credential has no canonical form.
    pub fn of(act: Act, credential: &Value, at: Timestamp, contexts: &Contexts) -> Result<Self, CanonError> {
        Ok(Self { act, digest: digest(credential, contexts)?, at })
    }

    /// The bytes of the leaf.
    pub fn bytes(&self) -> Vec<u8> {
        format!("preuve-log/1\n{}\n{}\n{}\n", self.act.word(), hex::encode(self.digest), moment(self.at)).into_bytes()
    }
}

impl Act {
    fn word(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Revoked => "revoked",
        }
    }
}

fn digest(credential: &Value, contexts: &Contexts) -> Result<Hash, CanonError> {
    let mut bare = credential.clone();
    bare.as_object_mut().and_then(|document| document.remove("proof"));
    hash(&bare, contexts)
}

impl Receipt {
    /// As a file.
    pub fn write(&self) -> Value {
        json!({
            "format": "preuve-receipt/1",
            "act": self.entry.act.word(),
            "digest": hex::encode(self.entry.digest),
            "at": moment(self.entry.at),
            "index": self.index,
            "path": self.path.iter().map(hex::encode).collect::<Vec<_>>(),
            "checkpoint": self.checkpoint,
        })
    }

    /// # Errors
    /// When the bytes are no receipt.
    pub fn read(bytes: &[u8]) -> Result<Self, Reason> {
        let value = read(bytes, Limits { bytes: 64 << 10, depth: 4, values: 200 })?;
        Ok(Self::of(&value).ok_or(LogProblem::Shape)?)
    }

    fn of(value: &Value) -> Option<Self> {
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        let hash = |text: &str| unhex(text).and_then(|bytes| Hash::try_from(bytes).ok());
        let act = match (text("format")?, text("act")?) {
            ("preuve-receipt/1", "issued") => Act::Issued,
            ("preuve-receipt/1", "revoked") => Act::Revoked,
            _ => return None,
        };
        let path = value.get("path")?.as_array().filter(|path| path.len() <= 64)?;
        let path = path.iter().map(|step| hash(step.as_str()?)).collect::<Option<_>>()?;
        let entry = Entry { act, digest: hash(text("digest")?)?, at: read_moment(text("at")?)? };
        Some(Self { entry, index: value.get("index")?.as_u64()?, path, checkpoint: text("checkpoint")?.to_owned() })
    }

    pub(super) fn lists<'a>(
        &self,
        credential: &Value,
        issuers: impl Iterator<Item = &'a Document>,
        material: &Material<'_>,
    ) -> Result<(), LogProblem> {
        let known = digest(credential, material.contexts).map_err(|_| LogProblem::OtherCredential)?;
        if known != self.entry.digest {
            return Err(LogProblem::OtherCredential);
        }
        if self.entry.act != Act::Issued {
            return Err(LogProblem::NotIssued);
        }
        let origin = self.checkpoint.lines().next().unwrap_or_default();
        let methods = issuers.flat_map(|document| &document.methods);
        let held = methods.filter(|method| method.revoked.is_none_or(|at| at > material.now));
        let keys = held.filter_map(|method| method.key.ed25519().copied());
        let mut notes = keys.map(|key| Checkpoint::open(&self.checkpoint, &Trusted { name: origin.to_owned(), key }));
        let checkpoint = notes.find_map(Result::ok).ok_or(NoteError::Signature)?;
        let leaf = leaf(&self.entry.bytes());
        let listed = includes(&leaf, self.index, checkpoint.size, &self.path, &checkpoint.root);
        if listed { Ok(()) } else { Err(LogProblem::NotIncluded) }
    }
}
