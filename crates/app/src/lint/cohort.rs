//! The dossiers of a cohort, for their passages to be read beside those of one of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use dossier::similar::{self, Text};
use dossier::{Finding, Folder, Level, Manifest, Source};

use super::{manifest, read_dossier, source};
use crate::error::AssessError;

/// A session has some tens of candidates.
const MOST: usize = 300;

/// What this dossier shares with each other one below `folder`.
///
/// # Errors
/// When the folder cannot be read.
pub(super) fn similar(
    dir: &Path,
    own: &Manifest,
    own_folder: &Folder,
    folder: &Path,
) -> Result<Vec<Finding>, AssessError> {
    let here = papers(own, own_folder);
    let given: Vec<Vec<Source>> = own.subject.iter().map(|path| vec![source(own_folder, path)]).collect();
    let given: Vec<Text<'_>> = given.iter().map(|sources| Text::new(sources)).collect();
    let text = Text::new(&here);
    let mut found = Vec::new();
    for (name, path) in dossiers(folder)? {
        // The dossier itself stands among its cohort.
        let same = fs::canonicalize(&path).ok() == fs::canonicalize(dir).ok();
        if same {
            continue;
        }
        // What one of them holds keeps nobody from comparing the others.
        let read = read_dossier(&path).and_then(|folder| Ok((manifest(&path, &folder)?, folder)));
        let Ok((other, other_folder)) = read else {
            let finding = Finding::on(dossier::PATH, similar::ID, Level::Note, "lint-unread-dossier");
            found.push(finding.with("name", name));
            continue;
        };
        let there = papers(&other, &other_folder);
        let other = Text::new(&there);
        let matches = similar::compare(&text, &other, &given);
        found.extend(similar::findings(&text, &other, &matches, &name));
    }
    Ok(found)
}

/// Each file of the papers and reports once, in order.
fn papers(manifest: &Manifest, folder: &Folder) -> Vec<Source> {
    let reports = manifest.reports.iter().filter(|report| report.repository.is_none()).map(|report| &report.path);
    let mut paths: Vec<&String> = Vec::new();
    for path in manifest.papers.iter().flat_map(|paper| &paper.source).chain(reports) {
        if folder.contains(path) && !paths.contains(&path) {
            paths.push(path);
        }
    }
    paths.into_iter().map(|path| source(folder, path)).collect()
}

/// The folders that hold a `dossier.yaml`, by name.
fn dossiers(folder: &Path) -> Result<BTreeMap<String, PathBuf>, AssessError> {
    let fail = |source| AssessError::Dossier { path: folder.to_owned(), source };
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let is_dir = entry.file_type().map_err(fail)?.is_dir();
        if is_dir && entry.path().join(dossier::PATH).is_file() {
            found.insert(entry.file_name().to_string_lossy().into_owned(), entry.path());
        }
        if found.len() > MOST {
            return Err(AssessError::DossierLarge { path: folder.to_owned(), most: MOST });
        }
    }
    Ok(found)
}
