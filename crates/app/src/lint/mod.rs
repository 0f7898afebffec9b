//! Check the papers of a dossier by the rules, and write the corrections that are safe.

mod cohort;
mod evidence;
mod folder;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use dossier::documents::{self, Table};
use dossier::lint::{self, Asked, Measure, Vocabulary};
use dossier::report::placeholder::mark;
use dossier::{Finding, Folder, Manifest, Source};
use framework::{Deliverable, Framework};
use jiff::civil::Date;

use crate::assess::Reading;
use crate::error::AssessError;
use crate::findings::Findings;
use crate::library::Packs;
use crate::papers::gather;
use crate::words::Words;

pub use dossier::Level;
pub use dossier::lint::{Guide, Measured};
pub use folder::read_dossier;

/// Corrections may make room for others; after this many rounds the rest is a person's.
const ROUNDS: usize = 4;

/// Which dossier to check, and by what.
#[derive(Clone, Debug)]
pub struct CheckRequest {
    pub dir: PathBuf,
    /// Repositories whose facts the papers are held against, at their HEAD.
    pub repositories: Vec<String>,
    /// How the compiled papers fill their pages, by deliverable.
    pub measured: BTreeMap<String, Measured>,
    /// A folder of dossiers whose passages are compared with this one's.
    pub cohort: Option<PathBuf>,
    /// Write the safe corrections into the files.
    pub fix: bool,
    /// The day on which dates are judged.
    pub as_of: Date,
    pub reading: Reading,
}

/// What the rules say, and how many corrections were written.
pub struct Checked {
    pub findings: Findings,
    pub corrections: usize,
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
    let mut vocabulary = Vocabulary::of(manifest.language, &packs.frameworks);
    vocabulary.of_dossier(&manifest);
    let mut measures = Vec::new();
    for repository in &request.repositories {
        measures.extend(evidence::of(repository, &request.reading, &mut vocabulary)?);
    }
    if request.repositories.is_empty() {
        // Those that the dossier rests on; one that cannot be read is told by who builds the papers.
        for repository in gather::repositories(&request.dir, &manifest) {
            measures.extend(evidence::of(&repository, &request.reading, &mut vocabulary).unwrap_or_default());
        }
    }
    let judged = Judged { packs, manifest: &manifest, vocabulary: &vocabulary, measures: &measures, request };
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
    if let Some(others) = &request.cohort {
        all.extend(cohort::similar(&request.dir, &manifest, &folder, others)?);
        let order = |finding: &Finding| (finding.path.clone(), finding.range.start, finding.range.end);
        all.sort_by_key(order);
    }
    let sources = all.iter().map(|finding| (finding.path.clone(), source(&folder, &finding.path))).collect();
    Ok(Checked { findings: Findings::new(&manifest.title, &all, &sources, words), corrections })
}

/// Reads `dossier.yaml`.
///
/// # Errors
/// When it is not there or says something that is not understood.
pub fn manifest(dir: &Path, folder: &Folder) -> Result<Manifest, AssessError> {
    let Some(bytes) = folder.bytes(dossier::PATH) else {
        return Err(AssessError::NoDossier { path: dir.to_owned() });
    };
    let text = String::from_utf8_lossy(bytes);
    Manifest::read(dossier::PATH, &text).map_err(|problem| AssessError::Packs(vec![*problem]))
}

/// A file that `dossier.yaml` names and the folder does not hold.
fn missing(path: &str) -> Finding {
    Finding::on(dossier::PATH, "source.unread", Level::Error, "lint-unread-missing").with("path", path)
}

fn source(folder: &Folder, path: &str) -> Source {
    match folder.files.get(path) {
        Some(dossier::File::TooLarge(_)) => Source::too_large(path),
        _ => Source::read(path, folder.bytes(path).unwrap_or_default()),
    }
}

/// What the papers of one dossier are judged by.
struct Judged<'a> {
    packs: &'a Packs,
    manifest: &'a Manifest,
    vocabulary: &'a Vocabulary,
    measures: &'a [Measure],
    request: &'a CheckRequest,
}

impl Judged<'_> {
    fn findings(&self, folder: &Folder) -> Vec<Finding> {
        let mut found: Vec<Finding> = self.unfilled(folder);
        for paper in &self.manifest.papers {
            let asked = self.deliverable(&paper.deliverable);
            if asked.is_none() {
                let finding = Finding::on(dossier::PATH, "source.unread", Level::Error, "lint-unread-deliverable");
                found.push(finding.with("id", paper.deliverable.as_str()));
            }
            let pages = self.request.measured.get(&paper.deliverable);
            let given = paper.documents.is_some();
            let written = asked.is_none_or(|asked| asked.form == framework::Form::Written);
            self.paper(folder, &paper.source, asked, pages, written.then_some(given), &mut found);
            if let Some(path) = &paper.documents {
                match folder.bytes(path) {
                    Some(bytes) => found.extend(documents::check(&Table::read(path, bytes), self.request.as_of)),
                    None => found.push(missing(path)),
                }
            }
        }
        let report = self.frameworks().flat_map(written).find(|paper| paper.file_name.is_some());
        for entry in self.manifest.reports.iter().filter(|entry| entry.repository.is_none()) {
            self.paper(folder, std::slice::from_ref(&entry.path), report, None, None, &mut found);
        }
        // A file that serves two papers is told once.
        let mut told: Vec<Finding> = Vec::with_capacity(found.len());
        for finding in found {
            if !told.contains(&finding) {
                told.push(finding);
            }
        }
        // What two papers of one file are told stands together.
        let mut order: Vec<String> = Vec::new();
        for finding in &told {
            if !order.contains(&finding.path) {
                order.push(finding.path.clone());
            }
        }
        let place = |finding: &Finding| order.iter().position(|path| *path == finding.path);
        told.sort_by_key(|finding| (place(finding), finding.range.start, finding.range.end));
        told
    }

    /// What `dossier.yaml` still lacks of what `dossier init` leaves to its author.
    fn unfilled(&self, folder: &Folder) -> Vec<Finding> {
        let text = String::from_utf8_lossy(folder.bytes(dossier::PATH).unwrap_or_default());
        let source = Source::plain(dossier::PATH, &text);
        let titles = self.manifest.papers.iter().filter_map(|paper| paper.title.as_deref());
        let told = [self.manifest.title.as_str(), self.manifest.person.name.as_str()].into_iter().chain(titles);
        let finding = |told: &str| {
            mark(told)?;
            let at = text.find(told).map(|at| at..at + told.len());
            let (rule, message) = ("structure.placeholder", "lint-placeholder");
            let on = || Finding::on(dossier::PATH, rule, Level::Error, message);
            Some(at.map_or_else(on, |at| Finding::at(&source, at, rule, Level::Error, message)).with("text", told))
        };
        told.filter_map(finding).collect()
    }

    fn paper(
        &self,
        folder: &Folder,
        paths: &[String],
        deliverable: Option<&Deliverable>,
        pages: Option<&Measured>,
        documents: Option<bool>,
        found: &mut Vec<Finding>,
    ) {
        found.extend(paths.iter().filter(|path| !folder.contains(path)).map(|path| missing(path)));
        let sources: Vec<Source> =
            paths.iter().filter(|path| folder.contains(path)).map(|path| source(folder, path)).collect();
        // A repository that cannot be read is told by who builds the papers.
        let excerpts = gather::excerpts(&self.request.dir, self.manifest, &sources);
        let missing = excerpts.map(|(_, missing)| missing).unwrap_or_default();
        let all = sources.iter().flat_map(|source| source.text.chars());
        let lacking: BTreeSet<char> = all.filter(|c| !c.is_ascii() && !typeset::shows(*c)).collect();
        let asked = Asked {
            lang: self.manifest.language,
            deliverable,
            folder,
            vocabulary: self.vocabulary,
            pages,
            measures: self.measures,
            missing: &missing,
            documents,
            lacking: &lacking,
        };
        found.extend(lint::check(&sources, &asked));
    }

    fn frameworks(&self) -> impl Iterator<Item = &Framework> {
        let wanted = self.manifest.framework.as_deref();
        self.packs.frameworks.iter().filter(move |framework| wanted.is_none_or(|id| framework.id() == id))
    }

    fn deliverable(&self, id: &str) -> Option<&Deliverable> {
        self.frameworks().flat_map(written).find(|paper| paper.id == id)
    }
}

fn written(framework: &Framework) -> impl Iterator<Item = &Deliverable> {
    framework.evaluations.iter().flat_map(|evaluation| &evaluation.deliverables)
}

/// Writes one round of corrections, and says how many were made.
fn correct(dir: &Path, folder: &mut Folder, findings: &[Finding]) -> Result<usize, AssessError> {
    let mut paths: Vec<&str> = findings.iter().filter(|one| one.fix.is_some()).map(|one| one.path.as_str()).collect();
    paths.dedup();
    paths.sort_unstable();
    paths.dedup();
    let mut made = 0;
    for path in paths {
        let Some(Ok(text)) = folder.bytes(path).map(|bytes| std::str::from_utf8(bytes)) else { continue };
        let fixed = lint::apply(text, findings.iter().filter(|finding| finding.path == path));
        if fixed.edits > 0 {
            write(&dir.join(path), fixed.text.as_bytes())?;
            made += fixed.edits;
            folder.files.insert(path.to_owned(), dossier::File::Bytes(fixed.text.into_bytes()));
        }
    }
    Ok(made)
}

/// Writes beside and renames, so that an interruption leaves the old text or the new one, and so that a link which lies
/// in the way is replaced, never followed.
///
/// # Errors
/// When the file cannot be written.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), AssessError> {
    let fail = |source| AssessError::Write { path: path.to_owned(), source };
    let mut beside = path.as_os_str().to_owned();
    beside.push(".preuve-new");
    let beside = PathBuf::from(beside);
    // What an interruption left is removed; whoever puts something there meanwhile is told of, and not written to.
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(fail(error)),
        _ => {}
    }
    fs::File::create_new(&beside).and_then(|mut file| file.write_all(bytes)).map_err(fail)?;
    fs::rename(&beside, path).map_err(fail)
}

#[cfg(test)]
mod tests;
