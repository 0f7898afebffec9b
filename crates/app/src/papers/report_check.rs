//! Check a project's report: what it must tell, and what its repository says of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use dossier::lint::{Asked, Vocabulary};
use dossier::report::{self, Against, asked};
use dossier::{Finding, Folder, Level, Source};
use facts::{Fact, Facts};
use framework::{Lang, Part};

use super::project;
use crate::assess::{self, Assessed, Reading};
use crate::error::AssessError;
use crate::findings::Findings;
use crate::library::Packs;
use crate::lint;
use crate::words::Words;

/// Which report to check, and against what.
#[derive(Clone, Debug)]
pub struct CheckRequest {
    pub repository: String,
    pub rev: String,
    /// The report; found in the repository when it is not named.
    pub report: Option<String>,
    /// Whose report it is.
    pub person: Option<String>,
    /// Texts that were given to everybody, beside those that the repository holds.
    pub subjects: Vec<PathBuf>,
    pub packs: Vec<PathBuf>,
    pub lang: Lang,
    pub reading: Reading,
    /// Write the safe corrections into the work tree.
    pub fix: bool,
}

/// The parts that a pack asks a project's report for: those of the deliverable that is named for its project.
pub(super) fn parts(packs: &Packs) -> &[Part] {
    let evaluations = packs.frameworks.iter().flat_map(|framework| &framework.evaluations);
    let named = |name: &Option<String>| name.as_deref().is_some_and(|name| name.contains("{project}"));
    let mut deliverables = evaluations.flat_map(|evaluation| &evaluation.deliverables);
    deliverables.find(|deliverable| named(&deliverable.file_name)).map_or(&[], |deliverable| &deliverable.parts)
}

/// What is said of a report, and how many corrections were written.
pub struct CheckedReport {
    pub findings: Findings,
    pub corrections: usize,
}

/// Checks the report of a repository. A work tree's report is read as it is now, before it is committed.
///
/// # Errors
/// When the repository or a pack cannot be read, there is no report, or a correction cannot be written.
pub fn check_report(request: &CheckRequest) -> Result<CheckedReport, AssessError> {
    let packs = Packs::load(&request.packs)?;
    let acquired = extract::git::acquire(&request.repository, extract::git::Limits::default())?;
    let assessed = assess::read(&acquired.repository, &request.rev, &request.reading)?;
    let tree = acquired.repository.work_tree().filter(|_| request.rev == "HEAD").map(ToOwned::to_owned);
    let begun = || tree.as_deref().and_then(just_begun);
    let found = request.report.clone().or_else(|| main_report(&assessed.facts)).or_else(begun);
    let path = found.ok_or_else(|| AssessError::NoReport { repository: request.repository.clone() })?;
    let committed = || assessed.project.file(&path).and_then(|file| file.bytes());
    let place = tree.as_ref().filter(|_| plain_path(&path)).map(|tree| tree.join(&path));
    let now = place.as_deref().and_then(read_bounded);
    // What is committed cannot be corrected, only what lies here.
    let mut written = now.clone().and_then(|bytes| String::from_utf8(bytes).ok()).filter(|_| request.fix);
    if request.fix && written.is_none() {
        return Err(AssessError::NoWorkTree { path: request.repository.clone().into() });
    }
    let commit = assessed.commit.as_str();
    let lost =
        || AssessError::ReportNotThere { path: path.clone(), commit: commit.get(..8).unwrap_or(commit).to_owned() };
    let mut source = Source::read(&path, &now.or_else(committed).ok_or_else(lost)?);
    let mut findings = findings(request, &packs, &assessed, &source)?;
    let mut corrections = 0;
    for _ in 0..lint::CORRECTION_ROUNDS {
        let (Some(text), Some(place)) = (&written, &place) else { break };
        let fixed = dossier::lint::apply(text, &findings);
        if fixed.edits == 0 {
            break;
        }
        lint::write(place, fixed.text.as_bytes())?;
        corrections += fixed.edits;
        source = Source::read(&path, fixed.text.as_bytes());
        written = Some(fixed.text);
        findings = self::findings(request, &packs, &assessed, &source)?;
    }
    if !source.refusals.is_empty() {
        findings.insert(0, Finding::on(&path, "report.unread", Level::Error, "report-not-read"));
    }
    let sources = BTreeMap::from([(path.clone(), source)]);
    Ok(CheckedReport { findings: Findings::new(&path, &findings, &sources, Words(request.lang)), corrections })
}

/// Spelling and typography, in the language that the report is written in; the names of its repository are right.
fn language(request: &CheckRequest, packs: &Packs, assessed: &Assessed, source: &Source) -> Vec<Finding> {
    let lang = dossier::lint::written_in(source).unwrap_or(request.lang);
    let mut vocabulary = Vocabulary::of(lang, &packs.frameworks);
    lint::learn(&assessed.facts, &mut vocabulary);
    let folders = assessed.project.files().filter_map(|file| file.path.split('/').next());
    let title = request.repository.trim_end_matches('/').rsplit('/').next();
    folders.chain(title).collect::<BTreeSet<_>>().into_iter().for_each(|name| vocabulary.learn(name));

    dossier::lint::language(source, &Asked::of(lang, &Folder::default(), &vocabulary))
}

fn findings(
    request: &CheckRequest,
    packs: &Packs,
    assessed: &Assessed,
    source: &Source,
) -> Result<Vec<Finding>, AssessError> {
    let mut subjects = Vec::new();
    for path in &request.subjects {
        let text = std::fs::read(path).map_err(|source| AssessError::File { path: path.clone(), source })?;
        subjects.push(Source::read(&path.display().to_string(), &text));
    }
    for fact in assessed.facts.of("doc.file").iter().filter(|fact| fact.is("assignment")) {
        let path = fact.location().path().unwrap_or_default();
        if path != source.path
            && let Some(bytes) = assessed.project.file(path).and_then(|file| file.bytes())
        {
            subjects.push(Source::read(path, &bytes));
        }
    }
    let project = project::shown(&assessed.facts);
    let asked = asked(parts(packs), request.lang);
    let holds = |path: &str| assessed.project.file(path).is_some() || assessed.project.has_dir(path);
    let person = request.person.as_deref();
    let against = Against { asked: &asked, project: &project, holds: &holds, subjects: &subjects, person };
    let mut found = report::check(source, &against);
    found.extend(language(request, packs, assessed, source));
    found.sort_by_key(|finding| finding.range.start);
    Ok(found)
}

/// The document that covers most of what a report covers.
pub(super) fn main_report(facts: &Facts) -> Option<String> {
    let weight = |fact: &Fact| (fact.list("covers").len(), fact.int("words"));
    let reports = facts.of("doc.report").iter().filter(|fact| fact.location().path().is_some());
    let best = reports.max_by(|a, b| weight(a).cmp(&weight(b)).then(b.location().path().cmp(&a.location().path())));
    let role = |fact: &&Fact| fact.text("role") == "report" && !fact.is("example");
    let best = best.or_else(|| facts.of("doc.file").iter().find(role));
    best.and_then(|fact| fact.location().path().map(ToOwned::to_owned))
}

/// The report that `report init` wrote, before it is committed.
fn just_begun(tree: &Path) -> Option<String> {
    let name = super::report_init::report_name(&super::report_init::folder_name(tree));
    tree.join(&name).is_file().then_some(name)
}

/// A path that stays below the folder it is joined to.
fn plain_path(path: &str) -> bool {
    !path.starts_with('/') && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// A regular file of bearable size; a link could lead anywhere.
fn read_bounded(path: &Path) -> Option<Vec<u8>> {
    let data = path.symlink_metadata().ok()?;
    (data.is_file() && data.len() <= dossier::source::LARGEST as u64).then(|| std::fs::read(path).ok())?
}
