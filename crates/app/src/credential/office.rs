//! Credentials that a console signs: each once, by the key of its award, whatever is interrupted.
//!
//! A credential is written as a file before the ledger knows of it. A writer that is killed in between leaves the file,
//! which the next one enters as it stands: what somebody may have seen is never signed a second time with other words.

use std::fs;
use std::path::PathBuf;

use ::credential::log::inclusion;
use ::credential::verify::{Act, Entry, Material, Receipt, StatusFile, verify as take_steps};
use ::credential::{Award, Contexts, Limits, integrity, pretty, read};
use jiff::Timestamp;
use serde_json::Value;

use super::folder::{Ledger, Place, Signed, begin, read_document, write};
use super::shaping::digest;
use super::{CredentialError, Folder, Verified};

/// Where the credentials of one issuer are signed and kept.
#[derive(Clone, Debug)]
pub struct Office {
    path: PathBuf,
}

/// What should be: a credential, and whether it is revoked.
pub struct Order {
    /// The key of the award. It is part of a file's name.
    pub key: String,
    pub award: Award,
    pub revoked: bool,
}

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    pub issued: usize,
    pub revoked: usize,
}

/// A list that holds for less than this is signed again when it is asked for.
const SOON: i64 = 46 * 24 * 3_600;

impl Office {
    pub fn at(path: PathBuf) -> Self {
        Self { path }
    }

    pub(super) fn path(&self) -> &std::path::Path {
        &self.path
    }

    /// Begins the issuer, unless it has begun.
    ///
    /// # Errors
    /// When the name leads nowhere, or the folder cannot be written.
    pub fn begin(&self, issuer: &str, name: &str, chance: [u8; 32], now: Timestamp) -> Result<(), CredentialError> {
        if self.path.join("ledger.json").exists() { Ok(()) } else { begin(&self.path, issuer, name, chance, now) }
    }

    /// What the issuer's credentials name it.
    ///
    /// # Errors
    /// When it has not begun.
    pub fn party(&self) -> Result<::credential::Party, CredentialError> {
        let document = read_document(&self.path.join("issuer.json"))?;
        let name = document.name.clone().unwrap_or_else(|| document.id.clone());
        Ok(::credential::Party { id: document.id, name, url: None, email: None })
    }

    /// What was issued so far, and whether it is revoked.
    pub fn standing(&self) -> std::collections::BTreeMap<String, bool> {
        let ledger = Ledger::peek(&self.path).unwrap_or_default();
        let revoked = |place: &Place| ledger.taken.get(&place.place).copied().unwrap_or_default();
        ledger.issued.iter().map(|(key, place)| (key.clone(), revoked(place))).collect()
    }

    /// Brings ledger, list and log to what should be; doing it twice changes nothing.
    ///
    /// # Errors
    /// When something cannot be signed or written; what was done before stays done.
    pub fn settle(
        &self,
        orders: Vec<Order>,
        chance: &dyn Fn() -> [u8; 32],
        now: Timestamp,
    ) -> Result<Settled, CredentialError> {
        let mut folder = Folder::open(&self.path)?;
        let mut done = Settled::default();
        let mut outcome = Ok(());
        for order in orders {
            let one = self.one(&mut folder, order, chance(), now);
            match one {
                Ok(one) => {
                    done.issued += one.issued;
                    done.revoked += one.revoked;
                }
                Err(error) => {
                    outcome = Err(error);
                    break;
                }
            }
        }
        if done != Settled::default() || !folder.is_published() {
            folder.save(now)?;
        }
        outcome.map(|()| done)
    }

    fn one(
        &self,
        folder: &mut Folder,
        order: Order,
        chance: [u8; 32],
        now: Timestamp,
    ) -> Result<Settled, CredentialError> {
        let mut done = Settled::default();
        if !folder.ledger().issued.contains_key(&order.key) {
            self.issue(folder, &order.key, order.award, chance, now)?;
            done.issued = 1;
        }
        let Some(place) = folder.ledger().issued.get(&order.key).copied() else { return Ok(done) };
        if order.revoked && folder.ledger().taken.get(&place.place) == Some(&false) {
            let bytes = self.credential(&order.key).ok_or_else(|| self.lost(&order.key))?;
            let document = self.value(&order.key, &bytes)?;
            let entry = Entry::of(Act::Revoked, &document, now, Contexts::built_in());
            let entry = entry.map_err(|error| self.wrong(&order.key, error.to_string()))?;
            folder.ledger().taken.insert(place.place, true);
            folder.note(&entry);
            done.revoked = 1;
        }
        Ok(done)
    }

    fn issue(
        &self,
        folder: &mut Folder,
        key: &str,
        mut award: Award,
        chance: [u8; 32],
        now: Timestamp,
    ) -> Result<(), CredentialError> {
        let wrong = |why: String| self.wrong(key, why);
        let left = self.left(folder, key)?;
        let (document, place) = match left {
            Some(found) => found,
            None => {
                let Signed { document, place } = folder.sign(&mut award, chance, now).map_err(wrong)?;
                let file = self.file(key);
                let made = file.parent().map_or(Ok(()), fs::create_dir_all);
                made.map_err(|source| CredentialError::Write { path: file.display().to_string(), source })?;
                write(&file, pretty(&document).as_bytes())?;
                (document, place)
            }
        };
        let signed = integrity::proofs(&document).map_err(|error| wrong(error.to_string()))?;
        let at = signed.first().and_then(|proof| proof.created).unwrap_or(now);
        let entry =
            Entry::of(Act::Issued, &document, at, Contexts::built_in()).map_err(|error| wrong(error.to_string()))?;
        let line = folder.note(&entry);
        folder.ledger().taken.entry(place).or_insert(false);
        folder.ledger().issued.insert(key.to_owned(), Place { place, line });
        Ok(())
    }

    /// What a writer that was killed left: the credential, and its place as long as nobody else has it.
    fn left(&self, folder: &mut Folder, key: &str) -> Result<Option<(Value, usize)>, CredentialError> {
        let Some(bytes) = self.credential(key) else { return Ok(None) };
        let document = self.value(key, &bytes)?;
        let place = document["credentialStatus"]["statusListIndex"].as_str().and_then(|text| text.parse().ok());
        let free = place.filter(|place| !folder.ledger().taken.contains_key(place));
        Ok(free.map(|place| (document, place)))
    }

    fn file(&self, key: &str) -> PathBuf {
        self.path.join("credentials").join(format!("{key}.json"))
    }

    fn wrong(&self, key: &str, why: String) -> CredentialError {
        CredentialError::Credential { path: self.file(key).display().to_string(), why }
    }

    fn lost(&self, key: &str) -> CredentialError {
        CredentialError::Read {
            path: self.file(key).display().to_string(),
            source: std::io::ErrorKind::NotFound.into(),
        }
    }

    pub(super) fn value(&self, key: &str, bytes: &[u8]) -> Result<Value, CredentialError> {
        read(bytes, Limits::default()).map_err(|error| self.wrong(key, error.to_string()))
    }

    pub(super) fn credential(&self, key: &str) -> Option<Vec<u8>> {
        let plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if plain { fs::read(self.file(key)).ok() } else { None }
    }

    /// The signed credential of a key, once it is entered.
    pub fn issued(&self, key: &str) -> Option<String> {
        Ledger::peek(&self.path)?.issued.contains_key(key).then_some(())?;
        String::from_utf8(self.credential(key)?).ok()
    }

    /// The document of the issuer, for whoever asks.
    pub fn document(&self) -> Option<Vec<u8>> {
        fs::read(self.path.join("issuer.json")).ok()
    }

    /// The signed list of what is revoked. One that is about to be too old is signed again.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub fn status(&self, now: Timestamp) -> Result<Option<Vec<u8>>, CredentialError> {
        let path = self.path.join("status.json");
        let Ok(bytes) = fs::read(&path) else { return Ok(None) };
        let until =
            self.value("status", &bytes)?["validUntil"].as_str().and_then(|text| text.parse::<Timestamp>().ok());
        if until.is_some_and(|until| until.as_second() - now.as_second() > SOON) {
            return Ok(Some(bytes));
        }
        Folder::open(&self.path)?.save(now)?;
        Ok(fs::read(&path).ok())
    }

    /// The signed state of the log.
    pub fn checkpoint(&self) -> Option<String> {
        fs::read_to_string(self.path.join("checkpoint")).ok()
    }

    /// The lines of the log, from which anybody computes the state that was signed.
    pub fn lines(&self) -> Option<Vec<String>> {
        Ledger::peek(&self.path).map(|ledger| ledger.lines)
    }

    /// What the log says of a credential.
    pub fn receipt(&self, key: &str) -> Option<String> {
        let checkpoint = self.checkpoint()?;
        let ledger = Ledger::peek(&self.path)?;
        let place = ledger.issued.get(key)?;
        let size: usize = checkpoint.lines().nth(1)?.parse().ok()?;
        let path = inclusion(&ledger.leaves(size), place.line)?;
        let line = ledger.lines.get(place.line)?;
        let mut parts = line.lines().skip(2);
        let digest = digest(parts.next()?)?;
        let at = parts.next()?.parse().ok()?;
        let entry = Entry { act: Act::Issued, digest, at };
        Some(pretty(&Receipt { entry, index: place.line as u64, path, checkpoint }.write()))
    }

    /// Takes every step of verification over what was issued under a key.
    pub fn verify(&self, key: &str, now: Timestamp) -> Option<Verified> {
        let credential = self.issued(key)?;
        let issuers = [read_document(&self.path.join("issuer.json")).ok()?];
        let statuses = [StatusFile { url: None, bytes: self.status(now).ok()?? }];
        let receipt = self.receipt(key);
        let report = take_steps(
            credential.as_bytes(),
            &Material {
                now,
                contexts: Contexts::built_in(),
                issuers: &issuers,
                statuses: &statuses,
                subject: None,
                evidence: &[],
                receipt: receipt.as_ref().map(String::as_bytes),
            },
        );
        Some(Verified { target: key.to_owned(), report, missing: Vec::new() })
    }
}

#[cfg(test)]
#[path = "office_tests.rs"]
mod tests;
