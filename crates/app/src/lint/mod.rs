//! Check the papers of a dossier by the rules, and write the corrections that are safe.

mod cohort;
mod correct;
mod evidence;
mod folder;
mod judged;
mod named;
mod reports;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use dossier::lint::{self, Measure, Vocabulary};
use dossier::{Finding, Folder, Manifest};
use jiff::civil::Date;

use crate::assess::Reading;
use crate::error::AssessError;
use crate::findings::Findings;
use crate::library::Packs;
use crate::papers::Deadline;
use crate::papers::repositories::Repositories;
use crate::words::Words;

use correct::correct;
use judged::{Judged, source};

pub use correct::write;
pub(crate) use evidence::learn;
pub(crate) const CORRECTION_ROUNDS: usize = ROUNDS;
pub use dossier::Level;
pub use dossier::lint::{Guide, Measured};
pub use folder::read_dossier;
pub(crate) use folder::{LARGEST_TOGETHER as DOSSIER_TOGETHER, MOST_FILES as DOSSIER_FILES};

/// Corrections may make room for others; after this many rounds the rest is a person's.
const ROUNDS: usize = 4;

/// A paper that could not be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unset {
    /// None when no paper could be.
    pub deliverable: Option<String>,
    /// The address that could not be fetched, as `dossier.yaml` has it.
    pub address: Option<String>,
    /// In the words of people.
    pub why: String,
}

/// Which dossier to check, and by what.
#[derive(Clone, Debug)]
pub struct CheckRequest {
    pub dir: PathBuf,
    /// Repositories whose facts the papers are held against, at their HEAD; those of the dossier, at the commits that it
    /// cites, when none is given.
    pub repositories: Vec<String>,
    /// How the compiled papers fill their pages, by deliverable.
    pub measured: BTreeMap<String, Measured>,
    pub unset: Vec<Unset>,
    /// A folder of dossiers whose passages are compared with this one's.
    pub cohort: Option<PathBuf>,
    /// Write the safe corrections into the files.
    pub fix: bool,
    /// The day on which dates are judged.
    pub as_of: Date,
    pub reading: Reading,
}

/// What the rules say, how many corrections were written, and when papers are due.
pub struct Checked {
    pub findings: Findings,
    pub corrections: usize,
    pub deadlines: Vec<Deadline>,
}

/// The pages of all rules.
///
/// # Errors
/// When a page of the built-in packs cannot be read.
pub fn guides() -> Result<Vec<Guide>, AssessError> {
    let told = |problem: Box<framework::PackError>| AssessError::Packs(vec![*problem]);
    let mut guides = lint::guides().map_err(told)?;
    guides.extend(dossier::report::guides().map_err(told)?);
    Ok(guides)
}

/// Checks a dossier.
///
/// # Errors
/// When the folder, its `dossier.yaml` or a repository cannot be read, or a correction cannot be written.
pub fn check(packs: &Packs, request: &CheckRequest, words: Words) -> Result<Checked, AssessError> {
    let mut folder = read_dossier(&request.dir)?;
    let manifest = manifest(&request.dir, &folder)?;
    let repositories = Repositories::Written(&request.dir);
    if manifest.papers.is_empty() && manifest.reports.iter().all(|entry| entry.repository.is_some()) {
        return Err(AssessError::NoPapers { path: request.dir.join(dossier::PATH) });
    }
    let learnt = learnt(packs, request, repositories, (&folder, &manifest), words)?;
    let judged = Judged { packs, manifest: &manifest, learnt: &learnt, request, repositories };
    let mut corrections = 0;
    let mut all = judged.findings(&folder);
    for _ in 0..if request.fix { ROUNDS } else { 0 } {
        let made = correct(&request.dir, &mut folder, &all)?;
        corrections += made;
        if made == 0 {
            break;
        }
        all = judged.findings(&folder);
    }
    let deadlines = judged.deadlines();
    Ok(Checked { findings: told(request, (&folder, &manifest), all, words)?, corrections, deadlines })
}

/// Checks a dossier that was read already; nothing is corrected.
///
/// # Errors
/// When a repository or the cohort cannot be read.
pub(crate) fn check_read(
    packs: &Packs,
    request: &CheckRequest,
    repositories: Repositories<'_>,
    (folder, manifest): (&Folder, &Manifest),
    words: Words,
) -> Result<Findings, AssessError> {
    let learnt = learnt(packs, request, repositories, (folder, manifest), words)?;
    let judged = Judged { packs, manifest, learnt: &learnt, request, repositories };
    told(request, (folder, manifest), judged.findings(folder), words)
}

/// What the papers are held against: the words that are right in this dossier, the numbers of the repositories that it rests
/// on, and what of these could not be read.
struct Learnt {
    vocabulary: Vocabulary,
    measures: Vec<Measure>,
    lost: Vec<Finding>,
}

fn learnt(
    packs: &Packs,
    request: &CheckRequest,
    repositories: Repositories<'_>,
    (folder, manifest): (&Folder, &Manifest),
    words: Words,
) -> Result<Learnt, AssessError> {
    let mut vocabulary = Vocabulary::of(manifest.language, &packs.frameworks);
    vocabulary.of_dossier(manifest);
    let (mut measures, mut lost) = (Vec::new(), Vec::new());
    for repository in &request.repositories {
        measures.extend(evidence::of(repository, &request.reading, &mut vocabulary)?);
    }
    match repositories {
        _ if !request.repositories.is_empty() => {}
        Repositories::Written(dir) => {
            let learnt = (&mut vocabulary, &mut measures);
            lost = reports::read(dir, (folder, manifest), &request.reading, learnt, words);
        }
        Repositories::Judged(judged) => {
            if let Some((acquired, _)) = &judged.fetched {
                let commit = &judged.looked.commit;
                measures.extend(evidence::at(&acquired.repository, commit, &request.reading, &mut vocabulary)?);
            }
        }
    }
    Ok(Learnt { vocabulary, measures, lost })
}

/// What is found, passages of others included, as people read it.
fn told(
    request: &CheckRequest,
    (folder, manifest): (&Folder, &Manifest),
    mut all: Vec<Finding>,
    words: Words,
) -> Result<Findings, AssessError> {
    if let Some(others) = &request.cohort {
        all.extend(cohort::similar(&request.dir, manifest, folder, others)?);
        let order = |finding: &Finding| (finding.path.clone(), finding.range.start, finding.range.end);
        all.sort_by_key(order);
    }
    let sources = all.iter().map(|finding| (finding.path.clone(), source(folder, &finding.path))).collect();
    Ok(Findings::new(&manifest.title, &all, &sources, words))
}

/// Reads `dossier.yaml`.
///
/// # Errors
/// When it is not there or says something that is not understood.
pub fn manifest(dir: &Path, folder: &Folder) -> Result<Manifest, AssessError> {
    let Some(bytes) = folder.bytes(dossier::PATH) else {
        return Err(AssessError::NoDossier { path: dir.to_owned() });
    };
    let path = dir.join(dossier::PATH).display().to_string();
    Manifest::read(&path, &String::from_utf8_lossy(bytes)).map_err(AssessError::Manifest)
}

#[cfg(test)]
mod tests;
