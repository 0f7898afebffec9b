//! What a candidate hands in to be assessed: a repository at one commit, and the runs over it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::named::named;
use crate::{CriterionId, Mark, Refusal, RunId};

const LONGEST_URL: usize = 2_000;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    pub url: String,
    /// Frozen at hand-in; nothing else is judged.
    #[serde(default)]
    pub commit: Option<String>,
    #[serde(default)]
    pub frozen: Option<Timestamp>,
}

/// A signed record of a run, as it was handed in and believed; or a recording.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofFile {
    /// SHA-256 of the file.
    pub digest: String,
    pub file_name: String,
    pub at: Timestamp,
}

/// What was built of a hand-in for its jury. The latest counts; those before it are in the log, by their digests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Built {
    pub at: Timestamp,
    pub commit: String,
    /// A digest of all that it was built from: what is the same is not built again.
    pub from: String,
    /// The file for the jury first.
    pub files: Vec<BuiltFile>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuiltFile {
    pub file_name: String,
    /// SHA-256 of the file.
    pub digest: String,
    pub size: u64,
}

named! {
    pub enum RunKind { Assessment = "assessment", Proof = "proof" }
}

/// What a program found at one commit; the report itself is a file, known by its digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    pub id: RunId,
    pub kind: RunKind,
    pub commit: String,
    pub digest: String,
    pub finished: Timestamp,
    /// What it prepares for the jury, by criterion.
    #[serde(default)]
    pub findings: BTreeMap<CriterionId, Finding>,
}

/// A prepared finding: where evidence stands, and the mark that it suggests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The rung, by its name.
    pub rung: String,
    #[serde(default)]
    pub mark: Option<Mark>,
}

/// A URL that a repository could be fetched from. Which hosts may be reached is decided where it is fetched.
pub(crate) fn url(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let scheme = ["https://", "ssh://", "http://"].into_iter().find_map(|scheme| text.strip_prefix(scheme));
    let host = scheme.map(|rest| rest.split('/').next().unwrap_or_default());
    let plain = text.bytes().all(|byte| (0x21..0x7f).contains(&byte) && !matches!(byte, b'"' | b'<' | b'>' | b'\\'));
    // A password in a URL would be shown to everybody who sees the file.
    let secretless = host.is_some_and(|host| {
        !host.is_empty() && !host.split('@').next().unwrap_or("").contains(':') || !host.contains('@')
    });
    if text.len() <= LONGEST_URL && plain && secretless && host.is_some_and(|host| !host.is_empty()) {
        Ok(text.to_owned())
    } else {
        Err(Refusal::UrlUnfit {})
    }
}

/// A commit named in full: forty or sixty-four hexadecimal digits.
pub(crate) fn commit(text: &str) -> Result<String, Refusal> {
    let text = text.trim().to_lowercase();
    let hexadecimal = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if hexadecimal && matches!(text.len(), 40 | 64) { Ok(text) } else { Err(Refusal::CommitUnfit {}) }
}

/// A SHA-256 in lower-case hexadecimal.
pub(crate) fn digest(text: &str) -> Result<(), Refusal> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    if text.len() == 64 && plain { Ok(()) } else { Err(Refusal::DigestUnfit {}) }
}
