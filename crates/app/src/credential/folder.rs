//! The folder of an issuer: its keys, the document that it publishes, its status list and its log.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use ::credential::issuer::Document;
use ::credential::log::{Checkpoint, Hash, leaf, root};
use ::credential::status::StatusList;
use ::credential::verify::Entry;
use ::credential::{Award, Contexts, Limits, Party, Signer, StatusEntry, document_url, integrity, pretty, read};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::CredentialError;

const DOCUMENT: &str = "issuer.json";
const LEDGER: &str = "ledger.json";
const STATUS: &str = "status.json";
const CHECKPOINT: &str = "checkpoint";
/// Who holds it is the only writer, among processes and among threads of one.
const LOCK: &str = "lock";
/// How long a status list may be believed: a verifier that is shown an older one is told so.
const FRESH: i64 = 92 * 24 * 3_600;

/// An issuer at work.
pub struct Folder {
    path: PathBuf,
    pub document: Document,
    ledger: Ledger,
    signer: Signer,
    /// Held until the folder is dropped.
    _lock: File,
}

/// What was issued and revoked: places of the list, and lines of the log. It names nobody.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ledger {
    format: String,
    url: Option<String>,
    email: Option<String>,
    status_list: String,
    log: String,
    /// Places that are taken, and whether what stands there is revoked.
    pub(super) taken: BTreeMap<usize, bool>,
    pub(super) lines: Vec<String>,
    /// What a console issued, by the key that it knows it by.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) issued: BTreeMap<String, Place>,
}

/// A credential that was signed, and its place in the status list.
pub(super) struct Signed {
    pub document: Value,
    pub place: usize,
}

/// Where something that was issued stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    /// In the status list.
    pub place: usize,
    /// In the log.
    pub line: usize,
}

impl Ledger {
    /// As it was last saved; nobody is kept from writing meanwhile.
    pub(super) fn peek(path: &Path) -> Option<Self> {
        serde_json::from_str(&fs::read_to_string(path.join(LEDGER)).ok()?).ok()
    }

    /// The hashes of the first lines.
    pub(super) fn leaves(&self, size: usize) -> Vec<Hash> {
        self.lines.iter().take(size).map(|line| leaf(line.as_bytes())).collect()
    }
}

/// Waits until nobody else writes into the folder, and keeps others waiting until what it gives is dropped.
pub(crate) fn hold(path: &Path) -> Result<File, CredentialError> {
    let file = path.join(LOCK);
    let opened = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&file);
    let locked = opened.and_then(|file| file.lock().map(|()| file));
    locked.map_err(|source| CredentialError::Write { path: file.display().to_string(), source })
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
    let url = address(issuer)?;
    let lock = lock_made(path)?;
    add_key((path, lock), (issuer, &url), name, chance, now)
}

/// Begins an issuer unless there is one in the folder already: of two who begin at once, one does.
pub(super) fn begin(
    path: &Path,
    issuer: &str,
    name: &str,
    chance: [u8; 32],
    now: Timestamp,
) -> Result<(), CredentialError> {
    let url = address(issuer)?;
    let lock = lock_made(path)?;
    if path.join(LEDGER).exists() {
        return Ok(());
    }
    add_key((path, lock), (issuer, &url), Some(name), chance, now).map(|_| ())
}

fn address(issuer: &str) -> Result<String, CredentialError> {
    document_url(issuer).filter(|_| !issuer.contains('#')).ok_or_else(|| CredentialError::Name(issuer.to_owned()))
}

fn lock_made(path: &Path) -> Result<File, CredentialError> {
    fs::create_dir_all(path).map_err(|source| CredentialError::Write { path: path.display().to_string(), source })?;
    hold(path)
}

fn add_key(
    (path, lock): (&Path, File),
    (issuer, url): (&str, &str),
    name: Option<&str>,
    chance: [u8; 32],
    now: Timestamp,
) -> Result<(PathBuf, String), CredentialError> {
    let known = path.join(DOCUMENT);
    let mut document =
        if known.exists() { read_document(&known)? } else { Document::new(issuer, name.unwrap_or(issuer)) };
    if document.id != issuer {
        return Err(CredentialError::Name(issuer.to_owned()));
    }
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
        let mut folder = Folder { path: path.to_owned(), document, ledger, signer, _lock: lock };
        folder.save(now)?;
    }
    Ok((file, method))
}

pub(super) fn read_document(path: &Path) -> Result<Document, CredentialError> {
    let shown = path.display().to_string();
    let bytes = fs::read(path).map_err(|source| CredentialError::Read { path: shown.clone(), source })?;
    let value = read(&bytes, Limits::default())
        .map_err(|error| CredentialError::Credential { path: shown.clone(), why: error.to_string() })?;
    Document::read(&value).ok_or(CredentialError::NoFolder { path: shown })
}

/// Written beside and put in place, so that a reader never sees half of it.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), CredentialError> {
    let beside = path.with_extension("new");
    let whole = |mut file: File| file.write_all(bytes).and_then(|()| file.sync_all());
    let written = File::create(&beside).and_then(whole).and_then(|()| fs::rename(&beside, path));
    written.map_err(|source| CredentialError::Write { path: path.display().to_string(), source })
}

impl Folder {
    /// Opens the folder of an issuer, with the key that signs now. Whoever else writes there is waited for.
    ///
    /// # Errors
    /// When it is none, or its key is not there.
    pub fn open(path: &Path) -> Result<Self, CredentialError> {
        let none = || CredentialError::NoFolder { path: path.display().to_string() };
        if !path.join(DOCUMENT).exists() {
            return Err(none());
        }
        let lock = hold(path)?;
        let document = read_document(&path.join(DOCUMENT))?;
        let text = fs::read_to_string(path.join(LEDGER)).map_err(|_| none())?;
        let ledger: Ledger = serde_json::from_str(&text).map_err(|_| none())?;
        let current = document.current().ok_or_else(none)?;
        let key = fs::read_to_string(path.join(format!("key-{}.pem", document.methods.len()))).map_err(|_| none())?;
        let signer = Signer::from_pem(&key).map_err(|_| none())?;
        if ::credential::Key::Ed25519(signer.public()) != current.key {
            return Err(none());
        }
        Ok(Self { path: path.to_owned(), document, ledger, signer, _lock: lock })
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

    /// Signs an award with a place of its own in the status list; the ledger is saved by whoever asks. What nobody would
    /// believe is not signed: dates the wrong way round, names that are no addresses.
    ///
    /// # Errors
    /// With what is wrong with it.
    pub(super) fn sign(&mut self, award: &mut Award, chance: [u8; 32], now: Timestamp) -> Result<Signed, String> {
        let (list, index) = self.place(chance);
        award.status = Some(StatusEntry { list, index });
        let mut document = award.credential();
        let (signer, method) = self.signer();
        integrity::sign(&mut document, signer, &method, now, Contexts::built_in())
            .map_err(|error| error.to_string())?;
        ::credential::check(&document).map_err(|error| error.to_string())?;
        Ok(Signed { document, place: index })
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
        self.ledger.leaves(usize::MAX)
    }

    pub(super) fn ledger(&mut self) -> &mut Ledger {
        &mut self.ledger
    }

    /// Whether list and log on the disk are what the ledger says: not so after a writer that was killed.
    pub(super) fn is_published(&self) -> bool {
        fs::read_to_string(self.path.join(CHECKPOINT)).is_ok_and(|kept| kept == self.checkpoint())
    }

    /// The signed state of the log.
    pub(super) fn checkpoint(&self) -> String {
        let leaves = self.leaves();
        Checkpoint { origin: self.ledger.log.clone(), size: leaves.len() as u64, root: root(&leaves) }
            .sign(&self.signer)
    }

    /// Writes ledger, status list and checkpoint, in this order: what is published follows from the ledger, and is made
    /// again from it when a writer was killed in between.
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
