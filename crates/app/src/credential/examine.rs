//! Whether an issuer is whole: its key, its ledger, and every credential that it signed.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use ::credential::Contexts;
use ::credential::verify::{Act, Entry};

use super::{Folder, Office};

/// What is wrong with an issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// It awarded something, and has no folder.
    Missing,
    /// Its document, ledger or key cannot be read.
    Unreadable(String),
    /// Others may read a key.
    Open(String),
    /// A credential is gone.
    Lost(String),
    /// A credential is not the one that was signed.
    Altered(String),
}

impl Flaw {
    /// The end of the message's name, and its particular.
    pub fn said(&self) -> (&'static str, &str) {
        match self {
            Flaw::Missing => ("missing", ""),
            Flaw::Unreadable(what) => ("unreadable", what),
            Flaw::Open(what) => ("open", what),
            Flaw::Lost(what) => ("lost", what),
            Flaw::Altered(what) => ("altered", what),
        }
    }

    #[cfg(test)]
    pub(crate) fn samples() -> [Flaw; 5] {
        let x = || "x".to_owned();
        [Flaw::Missing, Flaw::Unreadable(x()), Flaw::Open(x()), Flaw::Lost(x()), Flaw::Altered(x())]
    }
}

impl Office {
    /// How many credentials were read, and what is wrong.
    pub fn examine(&self) -> (usize, Vec<Flaw>) {
        let mut flaws = Vec::new();
        let mut folder = match Folder::open(self.path()) {
            Ok(folder) => folder,
            Err(error) => return (0, vec![Flaw::Unreadable(error.to_string())]),
        };
        for nth in 1..=folder.document.methods.len() {
            let key = self.path().join(format!("key-{nth}.pem"));
            match fs::metadata(&key) {
                Ok(about) if about.permissions().mode() & 0o077 != 0 => {
                    flaws.push(Flaw::Open(key.display().to_string()));
                }
                Ok(_) => {}
                Err(error) => flaws.push(Flaw::Unreadable(format!("{}: {error}", key.display()))),
            }
        }
        let ledger = folder.ledger().clone();
        for (key, place) in &ledger.issued {
            let Some(bytes) = self.credential(key) else {
                flaws.push(Flaw::Lost(key.clone()));
                continue;
            };
            let line = ledger.lines.get(place.line);
            let at = line.and_then(|line| line.lines().nth(3)).and_then(|at| at.parse().ok());
            let entry = self
                .value(key, &bytes)
                .ok()
                .zip(at)
                .and_then(|(document, at)| Entry::of(Act::Issued, &document, at, Contexts::built_in()).ok());
            let same = entry.is_some_and(|entry| line.is_some_and(|line| entry.bytes() == line.as_bytes()));
            if !same {
                flaws.push(Flaw::Altered(key.clone()));
            }
        }
        (ledger.issued.len(), flaws)
    }
}
