//! The folder of an issuer: its keys, the document that it publishes, its status list and its log.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use ::credential::issuer::Document;
use ::credential::log::{Checkpoint, Hash, leaf, root};
use ::credential::status::StatusList;
use ::credential::verify::Entry;
use ::credential::{Contexts, Limits, Party, Signer, document_url, integrity, pretty, read};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::CredentialError;

const DOCUMENT: &str = "issuer.json";
const LEDGER: &str = "ledger.json";
const STATUS: &str = "status.json";
const CHECKPOINT: &str = "checkpoint";
/// How long a status list may be believed: a verifier that is shown an older one is told so.
const FRESH: i64 = 92 * 24 * 3_600;

/// An issuer at work.
pub struct Folder {
    path: PathBuf,
    pub document: Document,
    ledger: Ledger,
    signer: Signer,
}

/// What was issued and revoked: places of the list, and lines of the log. It names nobody.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ledger {
    format: String,
    url: Option<String>,
    email: Option<String>,
    status_list: String,
    log: String,
    /// Places that are taken, and whether what stands there is revoked.
    taken: std::collections::BTreeMap<usize, bool>,
    lines: Vec<String>,
}

/// Begins an issuer in a folder, or gives it a new key: the one before retires. Where the key lies, and its name.
///
/// # Errors
/// When the name leads nowhere, or the folder cannot be written.
pub fn new_key(
    path: &Path,
    issuer: &str,
    name: Option<&str>,
    chance: [u8; 32],
    now: Timestamp,
) -> Result<(PathBuf, String), CredentialError> {
    let url = document_url(issuer)
        .filter(|_| !issuer.contains('#'))
        .ok_or_else(|| CredentialError::Name(issuer.to_owned()))?;
    let known = path.join(DOCUMENT);
    let mut document =
        if known.exists() { read_document(&known)? } else { Document::new(issuer, name.unwrap_or(issuer)) };
    if document.id != issuer {
        return Err(CredentialError::Name(issuer.to_owned()));
    }
    fs::create_dir_all(path).map_err(|source| CredentialError::Write { path: path.display().to_string(), source })?;
    let signer = Signer::new(chance);
    let file = path.join(format!("key-{}.pem", document.methods.len() + 1));
    // Nobody else may read it, not even for a moment.
    let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&file);
    let written = opened.and_then(|mut out| out.write_all(signer.to_pem().as_bytes()));
    written.map_err(|source| CredentialError::Write { path: file.display().to_string(), source })?;
    let method = document.rotate(signer.public(), now);
    write(&known, pretty(&document.publish()).as_bytes())?;
    if !path.join(LEDGER).exists() {
        let base = url.trim_end_matches("/did.json").trim_end_matches("/.well-known");
        let log = format!("{}/log", base.trim_start_matches("https://"));
        let ledger = Ledger {
            format: "preuve-ledger/1".to_owned(),
            status_list: format!("{base}/status/1"),
            log,
            ..Ledger::default()
        };
        let mut folder = Folder { path: path.to_owned(), document, ledger, signer };
        folder.save(now)?;
    }
    Ok((file, method))
}

fn read_document(path: &Path) -> Result<Document, CredentialError> {
    let shown = path.display().to_string();
    let bytes = fs::read(path).map_err(|source| CredentialError::Read { path: shown.clone(), source })?;
    let value = read(&bytes, Limits::default())
        .map_err(|error| CredentialError::Credential { path: shown.clone(), why: error.to_string() })?;
    Document::read(&value).ok_or(CredentialError::NoFolder { path: shown })
}

/// Written beside and put in place, so that a reader never sees half of it.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), CredentialError> {
    let beside = path.with_extension("new");
    let written = fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    written.map_err(|source| CredentialError::Write { path: path.display().to_string(), source })
}

impl Folder {
    /// Opens the folder of an issuer, with the key that signs now.
    ///
    /// # Errors
    /// When it is none, or its key is not there.
    pub fn open(path: &Path) -> Result<Self, CredentialError> {
        let none = || CredentialError::NoFolder { path: path.display().to_string() };
        let document = read_document(&path.join(DOCUMENT))?;
        let text = fs::read_to_string(path.join(LEDGER)).map_err(|_| none())?;
        let ledger: Ledger = serde_json::from_str(&text).map_err(|_| none())?;
        let current = document.current().ok_or_else(none)?;
        let key = fs::read_to_string(path.join(format!("key-{}.pem", document.methods.len()))).map_err(|_| none())?;
        let signer = Signer::from_pem(&key).map_err(|_| none())?;
        if signer.public() != current.key {
            return Err(none());
        }
        Ok(Self { path: path.to_owned(), document, ledger, signer })
    }

    /// The issuer as its credentials name it.
    pub fn party(&self) -> Party {
        let name = self.document.name.clone().unwrap_or_else(|| self.document.id.clone());
        Party { id: self.document.id.clone(), name, url: self.ledger.url.clone(), email: self.ledger.email.clone() }
    }

    pub(super) fn signer(&self) -> (&Signer, String) {
        (&self.signer, self.document.current().map(|method| method.id.clone()).unwrap_or_default())
    }

    /// A place in the status list that nobody can guess from its neighbours.
    pub(super) fn place(&mut self, chance: [u8; 32]) -> (String, usize) {
        let room = StatusList::default().room();
        let drawn = chance.iter().fold(0_usize, |sum, byte| (sum * 257 + usize::from(*byte)) % room);
        let free = (0..room).map(|step| (drawn + step) % room).find(|place| !self.ledger.taken.contains_key(place));
        let place = free.unwrap_or_default();
        self.ledger.taken.insert(place, false);
        (self.ledger.status_list.clone(), place)
    }

    /// Marks a place as revoked. Whether something was issued there.
    pub(super) fn revoke(&mut self, list: &str, place: usize) -> bool {
        let known = self.ledger.taken.get_mut(&place).filter(|_| list == self.ledger.status_list);
        known.map(|revoked| *revoked = true).is_some()
    }

    /// Adds a line to the log, and says where it stands.
    pub(super) fn note(&mut self, entry: &Entry) -> usize {
        self.ledger.lines.push(String::from_utf8_lossy(&entry.bytes()).into_owned());
        self.ledger.lines.len() - 1
    }

    /// The hashes of all lines.
    pub(super) fn leaves(&self) -> Vec<Hash> {
        self.ledger.lines.iter().map(|line| leaf(line.as_bytes())).collect()
    }

    /// The signed state of the log.
    pub(super) fn checkpoint(&self) -> String {
        let leaves = self.leaves();
        Checkpoint { origin: self.ledger.log.clone(), size: leaves.len() as u64, root: root(&leaves) }
            .sign(&self.signer)
    }

    /// Writes ledger, status list and checkpoint.
    pub(super) fn save(&mut self, now: Timestamp) -> Result<(), CredentialError> {
        let ledger = serde_json::to_value(&self.ledger).expect("the ledger holds texts and numbers alone");
        write(&self.path.join(LEDGER), pretty(&ledger).as_bytes())?;
        write(&self.path.join(STATUS), pretty(&self.status(now)?).as_bytes())?;
        write(&self.path.join(CHECKPOINT), self.checkpoint().as_bytes())
    }

    fn status(&self, now: Timestamp) -> Result<Value, CredentialError> {
        let mut list = StatusList::default();
        for (place, revoked) in &self.ledger.taken {
            // A place beyond the list was written by another hand.
            let _ = list.set(*place, *revoked);
        }
        let until = Timestamp::from_second(now.as_second() + FRESH).ok();
        let mut out = list.credential(&self.ledger.status_list, &self.document.id, now, until);
        let (signer, method) = self.signer();
        let signed = integrity::sign(&mut out, signer, &method, now, Contexts::built_in());
        signed.map_err(|error| CredentialError::Credential { path: STATUS.to_owned(), why: error.to_string() })?;
        Ok(out)
    }
}
