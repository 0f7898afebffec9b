//! The history of a repository as facts: how much, by whom, how integrated, how released.

mod cache;
mod clean;
mod files;
mod ignored;
mod lines;
mod message;
mod met;
mod past;
mod people;
mod record;
mod sample;
mod tags;
mod walk;
mod walked;

use std::collections::BTreeSet;
use std::path::PathBuf;

use facts::{Fact, Location, Oid, Place};
use gix::ObjectId;

use crate::git::{Objects, Repository};
use crate::{Project, Sink, budget};
use people::Identity;
use walk::{Commit, History};
use walked::Walked;

pub use files::versions as changelog_versions;
pub use message::{co_authors, request as integrated_request};
pub use tags::is_version;

pub(crate) use clean::run as clean;
pub(crate) use files::run as files;
pub(crate) use walked::walk;

/// How the history is read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// How many threads read.
    pub threads: usize,
    /// Whether every version of a long history is read as well.
    pub deep: bool,
    /// Where what is known of commits is kept between runs.
    pub cache: Option<PathBuf>,
}

/// How many requests and tags are told as facts.
const TOLD: usize = 20;
const READER: &str = "git";

/// The facts of the history that leads to the project's commit.
pub fn facts(repository: &Repository, project: &Project, options: &Options) -> Vec<Fact> {
    told(repository, project, walk(repository, &project.commit, options), options)
}

/// The facts of a history that was walked.
pub(crate) fn told(repository: &Repository, project: &Project, walked: Walked, options: &Options) -> Vec<Fact> {
    let mut sink = Sink::default();
    let repo = repository.shared.to_thread_local();
    let mut history = match walked.history {
        Ok(history) => history,
        Err(reason) => {
            sink.push(Fact::new("vcs.shallow", READER, project.whole()).with("reason", reason));
            return sink.into_facts();
        }
    };
    let sampled = std::thread::scope(|scope| {
        let wanted = options.threads > 1 && history.bound.is_none() && !is_exact(&history, options);
        // Samples take longer than all the rest, and nothing of the rest needs them.
        let bound = || sample::bound(&repository.objects(), &history, project);
        let sampled = wanted.then(|| scope.spawn(bound));
        authors(project, &history, &mut sink);
        requests(&history, &mut sink);
        tagged(&repo, &repository.objects(), &history, &mut sink);
        sampled.and_then(|sampled| sampled.join().unwrap_or_else(|bug| std::panic::resume_unwind(bug)))
    });
    let learned = sampled.is_some();
    history.bound = history.bound.or(sampled);
    let counted = summary(repository, (project, &mut history), options, &mut sink) || learned;
    if !walked.known || counted {
        walked.cache.keep(&history);
    }
    sink.into_facts()
}

/// Whether every version of a history is read.
fn is_exact(history: &History, options: &Options) -> bool {
    options.deep || history.commits.len() <= budget::EXACT_COMMITS
}

fn at_commit(id: ObjectId) -> Location {
    Location { place: Place::Commit, commit: Oid::new(id.to_string()) }
}

/// Tells the history in figures, and whether some were worked out that the history did not hold.
fn summary(
    repository: &Repository,
    (project, history): (&Project, &mut History),
    options: &Options,
    sink: &mut Sink,
) -> bool {
    let past = past::Past::default();
    let (largest, learned) = largest(repository, (project, history), options, &past);
    match &largest {
        Some(Largest::Exact { .. }) => past.tell(project, sink),
        _ if is_exact(history, options) => {
            past::unread(project, "the past versions are too many bytes, or some are missing", sink);
        }
        _ => past::unread(project, "the history is long; read it with `--deep`", sink),
    }
    let tip = &history.commits[0];
    let days: BTreeSet<i32> = history.commits.iter().map(|commit| commit.day).collect();
    let merges = history.commits.iter().filter(|commit| commit.parents.len() > 1).count();
    let requests = history.commits.iter().filter(|commit| commit.request.is_some()).count();
    let authors = sink.facts().iter().filter(|fact| fact.kind() == "vcs.author" && !fact.is("bot")).count();
    let mut fact = Fact::new("vcs.summary", READER, at_commit(tip.id))
        .with("commits", history.commits.len())
        .with("days", days.len())
        .with("first_day", days.first().map_or(String::new(), |day| calendar_day(*day)))
        .with("last_day", days.last().map_or(String::new(), |day| calendar_day(*day)))
        .with("authors", authors)
        .with("merges", merges)
        .with("requests", requests);
    match largest {
        Some(Largest::Exact { total, lines, at }) => {
            let share = (lines * 100).div_ceil(total.max(1));
            fact = fact.with("added_lines", whole(total)).with("largest_share", whole(share)).with("share_known", true);
            fact = fact.with("method", "exact").also(at_commit(history.commits[at].id));
        }
        Some(Largest::Bound(bound)) => {
            fact = fact.with("largest_share", whole(bound.share)).with("share_known", bound.known);
            fact = fact.with("method", "bound").also(at_commit(bound.largest));
        }
        None => fact = fact.with("method", "bound"),
    }
    sink.push(fact);
    learned
}

/// The commit that brought the most.
enum Largest {
    /// All lines added, the most that one commit added, and which one.
    Exact {
        total: u64,
        lines: u64,
        at: usize,
    },
    Bound(sample::Bound),
}

fn largest(
    repository: &Repository,
    (project, history): (&Project, &mut History),
    options: &Options,
    past: &past::Past,
) -> (Option<Largest>, bool) {
    let mut learned = false;
    if is_exact(history, options) {
        let missing = history.commits.iter().any(|commit| commit.added.is_none());
        if lines::count(&repository.shared, history, options.threads, &|commit, path, blob, bytes| {
            past.see(commit, path, blob, bytes);
        }) {
            return (exact(history), missing);
        }
    }
    if history.bound.is_none() {
        history.bound = sample::bound(&repository.objects(), history, project);
        learned = history.bound.is_some();
    }
    (history.bound.clone().map(Largest::Bound), learned)
}

fn exact(history: &History) -> Option<Largest> {
    let added = || history.commits.iter().map(|commit| commit.added.map_or(0, |added| added.lines));
    // Of equals the oldest, which stands last.
    let (at, lines) = added().enumerate().max_by_key(|(_, lines)| *lines)?;
    Some(Largest::Exact { total: added().sum(), lines, at })
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn authors(project: &Project, history: &History, sink: &mut Sink) {
    let mailmap = project
        .file(".mailmap")
        .map_or_else(Default::default, |file| gix::mailmap::Snapshot::from_bytes(file.str().as_bytes()));
    let mut commits = vec![0_usize; history.identities.len()];
    let mut newest: Vec<Option<&Commit>> = vec![None; history.identities.len()];
    for commit in &history.commits {
        for identity in std::iter::once(&commit.author).chain(&commit.co_authors) {
            let at = *identity as usize;
            commits[at] += 1;
            let known = &mut newest[at];
            if known.is_none_or(|known| (known.time, known.id) < (commit.time, commit.id)) {
                *known = Some(commit);
            }
        }
    }
    let identities: Vec<(Identity, usize)> = history
        .identities
        .iter()
        .zip(&commits)
        .map(|(identity, commits)| (mapped(&mailmap, identity), *commits))
        .collect();
    for person in people::people(&identities) {
        let Some(commit) = newest[person.identity] else { continue };
        let fact = Fact::new("vcs.author", READER, at_commit(commit.id)).with("name", person.name);
        sink.push(fact.with("commits", person.commits).with("bot", person.bot));
    }
}

fn mapped(mailmap: &gix::mailmap::Snapshot, identity: &Identity) -> Identity {
    let signature = gix::actor::SignatureRef {
        name: identity.name.as_str().into(),
        email: identity.email.as_str().into(),
        time: "0 +0000",
    };
    let Some(resolved) = mailmap.try_resolve_ref(signature) else { return identity.clone() };
    Identity {
        name: resolved.name.map_or_else(|| identity.name.clone(), ToString::to_string),
        email: resolved.email.map_or_else(|| identity.email.clone(), ToString::to_string),
    }
}

fn requests(history: &History, sink: &mut Sink) {
    let mut requests: Vec<&Commit> = history.commits.iter().filter(|commit| commit.request.is_some()).collect();
    requests.sort_by_key(|commit| std::cmp::Reverse((commit.time, commit.id)));
    for commit in requests.into_iter().take(TOLD) {
        let Some((how, reference)) = &commit.request else { continue };
        let fact = Fact::new("vcs.request", READER, at_commit(commit.id)).with("how", how.name());
        let sure = if *how == message::How::Branch { facts::Confidence::Likely } else { facts::Confidence::Exact };
        sink.push(fact.with("reference", reference.as_str()).confidence(sure));
    }
}

fn tagged(repo: &gix::Repository, objects: &Objects, history: &History, sink: &mut Sink) {
    let (versions, others): (Vec<_>, Vec<_>) =
        tags::tags(repo, objects, history).into_iter().partition(|tag| tag.version);
    for tag in versions.into_iter().take(TOLD).chain(others.into_iter().take(TOLD)) {
        let location =
            Location { place: Place::Tag(tag.name.as_str().into()), commit: Oid::new(tag.commit.to_string()) };
        let fact = Fact::new("vcs.tag", READER, location).with("name", tag.name);
        sink.push(fact.with("version", tag.version).with("annotated", tag.annotated));
    }
}

/// A number of days since 1970 as year-month-day.
fn calendar_day(day: i32) -> String {
    let epoch = jiff::civil::date(1970, 1, 1);
    epoch.checked_add(jiff::Span::new().days(day)).map_or(String::new(), |date| date.to_string())
}
