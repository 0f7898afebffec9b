//! The repositories on this machine that a dossier rests on: what they count and name, and what of them is not there.

use std::collections::BTreeSet;
use std::path::Path;

use dossier::lint::{Measure, Vocabulary};
use dossier::{Finding, Folder, Manifest, ReportEntry};

use super::{evidence, named};
use crate::assess::Reading;
use crate::error::AssessError;
use crate::papers::gather;
use crate::words::Words;

const RULE: &str = "source.unread";

/// Reads each repository at the commit that is cited; one that cannot be read is found, and keeps nobody from the others.
pub(super) fn read(
    dir: &Path,
    (folder, manifest): (&Folder, &Manifest),
    reading: &Reading,
    (vocabulary, measures): (&mut Vocabulary, &mut Vec<Measure>),
    words: Words,
) -> Vec<Finding> {
    let mut lost = Vec::new();
    let mut known = BTreeSet::new();
    for entry in &manifest.reports {
        let Some(address) = gather::lies_here(dir, entry) else { continue };
        let rev = entry.commit.as_deref().unwrap_or("HEAD");
        let new = known.insert((address.clone(), rev.to_owned()));
        let learn = new.then_some((reading, &mut *vocabulary, &mut *measures));
        match of(&address, rev, (folder, entry), learn) {
            Ok(found) => lost.extend(found),
            Err(error) => {
                let written = entry.repository.as_deref().unwrap_or_default();
                let no_commit = matches!(error, AssessError::Open(extract::git::OpenError::NoSuchRevision { .. }));
                let value = if no_commit { rev } else { written };
                let told = error.told(words.0);
                let finding = named::at(folder, value, RULE, "lint-unread-repository").with("repository", written);
                lost.push(finding.with("why", told.message).with("hint", told.hints.join("; ")));
            }
        }
    }
    lost
}

/// What one repository says, and whether its report is where it should be.
fn of(
    address: &str,
    rev: &str,
    (folder, entry): (&Folder, &ReportEntry),
    learn: Option<(&Reading, &mut Vocabulary, &mut Vec<Measure>)>,
) -> Result<Option<Finding>, AssessError> {
    let acquired = extract::git::acquire(address, extract::git::Limits::default())?;
    let commit = acquired.repository.resolve(rev)?;
    let there = acquired.repository.project(&commit)?.file(&entry.path).is_some() || folder.contains(&entry.path);
    if let Some((reading, vocabulary, measures)) = learn {
        measures.extend(evidence::at(&acquired.repository, rev, reading, vocabulary)?);
    }
    let lost = || {
        let commit = commit.as_str();
        let finding = named::at(folder, &entry.path, RULE, "lint-unread-report").with("path", entry.path.as_str());
        finding.with("commit", commit.get(..8).unwrap_or(commit))
    };
    Ok((!there).then(lost))
}
