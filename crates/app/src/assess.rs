//! Assess: a repository in, a cited verdict on every indicator out.

use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};

use ::prove::attest::Verified;
use extract::Project;
use extract::git::{Acquired, Repository};
use facts::{Facts, Oid};
use framework::{Framework, Lang};
use jiff::civil::Date;
use verdict::{Answers, Section, Standing};

use crate::attestations::{self, Belief};
use crate::cite::Citations;
use crate::error::AssessError;
use crate::indicators;
use crate::library::Packs;
use crate::report::model::{FrameworkReport, Report, RepositoryReport, SCHEMA, Tool};
use crate::words::Words;
use crate::{checks, declared, report, since, waivers};

/// What to assess, and how.
#[derive(Clone, Debug)]
pub struct Request {
    /// A path, a bundle or a URL.
    pub repository: String,
    pub rev: String,
    /// The frameworks to report; all when empty.
    pub frameworks: Vec<String>,
    /// Folders with more packs.
    pub packs: Vec<PathBuf>,
    /// The target profile, for frameworks that have several.
    pub profile: Option<String>,
    pub as_of: Date,
    pub lang: Lang,
    /// Compare with this revision.
    pub since: Option<String>,
    pub reading: Reading,
    /// The signed records that may lift an indicator.
    pub belief: Option<Belief>,
}

/// How much work reading may take; it never changes what a fact says, only what stays unknown.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Read what needs the content of all history even when it is long.
    pub deep: bool,
    /// Where history results are kept between runs.
    pub cache: Option<PathBuf>,
    pub threads: usize,
}

/// One commit, read and answered.
pub(crate) struct Assessed {
    pub commit: Oid,
    pub project: Project,
    pub facts: Facts,
}

/// A repository that is being read already.
pub struct Begun(JoinHandle<Result<(Acquired, Assessed), AssessError>>);

/// Begins to read a repository that lies here, while others prepare what is asked of it. One that must be fetched first is
/// left until that is known: nobody should wait for it to learn of a mistake in a pack.
pub fn begin(request: &Request) -> Option<Begun> {
    if request.reading.threads < 2 || !Path::new(&request.repository).is_dir() {
        return None;
    }
    let request = request.clone();
    // What is read recurses, within bounds that fit into this.
    let reader = thread::Builder::new().stack_size(32 << 20);
    reader.spawn(move || acquire(&request)).ok().map(Begun)
}

/// Assesses one commit of a repository.
///
/// # Errors
/// When the repository, the revision or a pack cannot be read, or a waiver has expired.
pub fn assess(request: &Request) -> Result<Report, AssessError> {
    let packs = Packs::load(&request.packs)?;
    assess_with(&packs, request)
}

/// Assesses with packs that are already loaded, as over many repositories.
///
/// # Errors
/// As [`assess`].
pub fn assess_with(packs: &Packs, request: &Request) -> Result<Report, AssessError> {
    assess_begun(packs, request, None)
}

/// Assesses a repository that may have been [begun](begin) for the same request.
///
/// # Errors
/// As [`assess`].
pub fn assess_begun(packs: &Packs, request: &Request, begun: Option<Begun>) -> Result<Report, AssessError> {
    let frameworks = packs.choose(&request.frameworks, request.profile.as_deref())?;
    // A clone that was made for this lives as long as this value.
    let (acquired, assessed) = match begun {
        Some(Begun(reading)) => {
            // The words of the report are read meanwhile.
            Words(request.lang).prepare();
            reading.join().unwrap_or_else(|bug| std::panic::resume_unwind(bug))?
        }
        None => acquire(request)?,
    };
    let repository = &acquired.repository;
    let answers = verdict::evaluate_with(&packs.checks, &assessed.facts, request.reading.threads);
    // Another revision than the checked-out one says nothing about the work tree.
    let work_tree = repository.work_tree().filter(|_| request.rev == "HEAD");
    let uncommitted = work_tree.map(|dir| extract::git::uncommitted(dir, &assessed.project).files());
    let citations = Citations::new(&assessed.project, &assessed.facts);
    let mut report = report(request, packs, &frameworks, &assessed, &answers, &citations)?;
    report.repository.uncommitted = uncommitted;
    if let Some(rev) = &request.since {
        let before = read(repository, rev, &request.reading)?;
        let earlier = verdict::evaluate(&packs.checks, &before.facts);
        report.since = Some(since::compare(rev, &before, &earlier, &assessed, &answers, &report));
    }
    drop(citations);
    drop(answers);
    // A large tree takes a while to give back, which nobody has to wait for.
    thread::spawn(move || drop(assessed));
    Ok(report)
}

/// Assesses one commit for pages of several languages, with the lines around each place.
///
/// # Errors
/// As [`assess`].
pub(crate) fn assess_for_pages(
    packs: &Packs,
    repository: &Repository,
    requests: &[Request],
    weighing: impl FnOnce(),
) -> Result<Vec<Report>, AssessError> {
    const AROUND: usize = 2;
    let Some(request) = requests.first() else { return Ok(Vec::new()) };
    let frameworks = packs.choose(&request.frameworks, request.profile.as_deref())?;
    let assessed = read(repository, &request.rev, &request.reading)?;
    weighing();
    let answers = verdict::evaluate(&packs.checks, &assessed.facts);
    let citations = Citations::new(&assessed.project, &assessed.facts).with_lines_around(AROUND);
    let each = |request| report(request, packs, &frameworks, &assessed, &answers, &citations);
    requests.iter().map(each).collect()
}

fn acquire(request: &Request) -> Result<(Acquired, Assessed), AssessError> {
    let acquired = extract::git::acquire(&request.repository, extract::git::Limits::default())?;
    let assessed = read(&acquired.repository, &request.rev, &request.reading)?;
    Ok((acquired, assessed))
}

pub(crate) fn read(repository: &Repository, rev: &str, reading: &Reading) -> Result<Assessed, AssessError> {
    let commit = repository.resolve(rev)?;
    let options =
        extract::history::Options { threads: reading.threads, deep: reading.deep, cache: reading.cache.clone() };
    let (project, facts) = extract::read(repository, &commit, &options)?;
    Ok(Assessed { commit, project, facts })
}

fn report(
    request: &Request,
    packs: &Packs,
    frameworks: &[&Framework],
    assessed: &Assessed,
    answers: &Answers<'_>,
    citations: &Citations<'_>,
) -> Result<Report, AssessError> {
    let words = Words(request.lang);
    let sections = declared::sections(&assessed.project, &assessed.facts);
    let verified = match &request.belief {
        Some(belief) => attestations::read(belief, &assessed.commit, frameworks, request.as_of)?,
        None => Verified::default(),
    };
    // The many checks and the many indicators take about as long.
    let checks = || answers.iter().filter_map(|(id, answer)| Some((packs.checks.get(id)?, answer)));
    let checks = || checks().map(|(check, answer)| checks::report(words, check, answer, citations)).collect();
    let reported = || {
        let each = |framework: &&Framework| {
            framework_report(request, packs, framework, (assessed, &sections), answers, citations, &verified)
        };
        frameworks.iter().map(each).collect::<Result<_, _>>()
    };
    let (reported, checks): (Result<_, AssessError>, _) = thread::scope(|scope| {
        let beside = (request.reading.threads > 1).then(|| scope.spawn(checks));
        let reported = reported();
        let told = beside.map(|beside| beside.join().unwrap_or_else(|bug| std::panic::resume_unwind(bug)));
        (reported, told.unwrap_or_else(checks))
    });
    Ok(Report {
        schema: SCHEMA,
        tool: Tool { name: "preuve", version: env!("CARGO_PKG_VERSION") },
        language: request.lang,
        as_of: request.as_of,
        repository: repository_report(request, assessed),
        frameworks: reported?,
        checks,
        unread: report::unread::of(&assessed.facts),
        refused: attestations::refused(&verified, words),
        since: None,
    })
}

fn framework_report(
    request: &Request,
    packs: &Packs,
    framework: &Framework,
    (assessed, sections): (&Assessed, &[Section]),
    answers: &Answers<'_>,
    citations: &Citations<'_>,
    verified: &Verified,
) -> Result<FrameworkReport, AssessError> {
    let waived = waivers::read(&assessed.project, framework, request.as_of)?;
    let waived_ids: Vec<&str> = waived.iter().map(|waiver| &*waiver.requirement).collect();
    let named = request.profile.as_deref().filter(|profile| framework.profile(profile).is_some());
    let profile = named.or_else(|| framework.default_profile().map(|profile| &*profile.id));
    let attestations = attestations::for_framework(verified, framework.id());
    let grounds = verdict::Grounds {
        commit: &assessed.commit,
        answers,
        sections,
        attestations: &attestations,
        // No room takes judgements yet; the ladder is ready for them.
        judgements: &[],
        profile,
        waived: &waived_ids,
    };
    let placed: Vec<(&str, Standing<'_>)> = verdict::place(framework, &grounds);
    let report =
        indicators::Reporter { words: Words(request.lang), packs, answers, citations, waivers: &waived, verified };
    Ok(report.framework(framework, profile, &placed))
}

fn repository_report(request: &Request, assessed: &Assessed) -> RepositoryReport {
    let summary = assessed.facts.of("vcs.summary").first();
    RepositoryReport {
        commit: assessed.commit.to_string(),
        rev: request.rev.clone(),
        files: assessed.project.all_files().len(),
        shallow: !assessed.facts.of("vcs.shallow").is_empty(),
        history: summary.map_or(String::new(), |fact| fact.text("method").to_owned()),
        past_secrets: summary.is_some() && assessed.facts.of("secret.past-unread").is_empty(),
        uncommitted: None,
        facts: assessed.facts.len(),
    }
}
