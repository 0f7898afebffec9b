//! The history of a repository as facts: how much, by whom, how integrated, how released.

mod clean;
mod files;
mod ignored;
mod lines;
mod message;
mod past;
mod people;
mod sample;
mod tags;
mod walk;

use std::collections::BTreeSet;
use std::path::PathBuf;

use facts::{Fact, Location, Oid, Place};
use gix::ObjectId;

use crate::git::Repository;
use crate::{Project, Sink, budget};
use people::Identity;
use walk::{Commit, History};

pub use files::versions as changelog_versions;
pub use message::{co_authors, request as integrated_request};
pub use tags::is_version;

pub(crate) use clean::run as clean;
pub(crate) use files::run as files;

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
    let mut sink = Sink::default();
    let repo = repository.shared.to_thread_local();
    let Ok(tip) = ObjectId::from_hex(project.commit.as_str().as_bytes()) else { return Vec::new() };
    if repo.is_shallow().unwrap_or(true) {
        let reason = "the clone is shallow: fetch the whole history with `git fetch --unshallow`";
        sink.push(Fact::new("vcs.shallow", READER, project.whole()).with("reason", reason));
        return sink.into_facts();
    }
    let history = match walk::walk(&repo.objects, tip, None) {
        Ok(history) => history,
        Err(error) => {
            sink.push(Fact::new("vcs.shallow", READER, project.whole()).with("reason", error.to_string()));
            return sink.into_facts();
        }
    };
    authors(project, &history, &mut sink);
    requests(&history, &mut sink);
    tagged(&repo, &history, &mut sink);
    summary(repository, &repo, (project, &history), options, &mut sink);
    sink.into_facts()
}

fn at_commit(id: ObjectId) -> Location {
    Location { place: Place::Commit, commit: Oid::new(id.to_string()) }
}

fn summary(
    repository: &Repository,
    repo: &gix::Repository,
    (project, history): (&Project, &History),
    options: &Options,
    sink: &mut Sink,
) {
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
    let exact = options.deep || history.commits.len() <= budget::EXACT_COMMITS;
    let past = past::Past::default();
    let counted = if exact { counted_lines(repository, history, options, &past) } else { None };
    match (exact, counted.is_some()) {
        (true, true) => past.tell(project, sink),
        (true, false) => past::unread(project, "the past versions are too many bytes, or some are missing", sink),
        (false, _) => past::unread(project, "the history is long; read it with `--deep`", sink),
    }
    if let Some((total, largest, at)) = counted {
        let share = (largest * 100).div_ceil(total.max(1));
        fact = fact.with("added_lines", whole(total)).with("largest_share", whole(share)).with("share_known", true);
        fact = fact.with("method", "exact").also(at_commit(history.commits[at].id));
    } else if let Some(bound) = sample::bound(&repo.objects, history) {
        fact = fact.with("largest_share", whole(bound.share)).with("share_known", bound.known).with("method", "bound");
        fact = fact.also(at_commit(bound.largest));
    } else {
        fact = fact.with("method", "bound");
    }
    sink.push(fact);
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// All lines added, the most that one commit added, and which one.
fn counted_lines(
    repository: &Repository,
    history: &History,
    options: &Options,
    past: &past::Past,
) -> Option<(u64, u64, usize)> {
    let all: Vec<usize> = (0..history.commits.len()).collect();
    let added = lines::added(&repository.shared, history, &all, options.threads, &|commit, path, blob, bytes| {
        past.see(commit, path, blob, bytes)
    })?;
    let total = added.iter().map(|(_, lines)| lines).sum();
    // Of equals the oldest, which stands last.
    let (at, largest) = added.into_iter().max_by_key(|(_, lines)| *lines)?;
    Some((total, largest, at))
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
    requests.sort_by(|a, b| (b.time, b.id).cmp(&(a.time, a.id)));
    for commit in requests.into_iter().take(TOLD) {
        let Some((how, reference)) = &commit.request else { continue };
        let fact = Fact::new("vcs.request", READER, at_commit(commit.id)).with("how", how.name());
        let sure = if *how == message::How::Branch { facts::Confidence::Likely } else { facts::Confidence::Exact };
        sink.push(fact.with("reference", reference.as_str()).confidence(sure));
    }
}

fn tagged(repo: &gix::Repository, history: &History, sink: &mut Sink) {
    let (versions, others): (Vec<_>, Vec<_>) = tags::tags(repo, history).into_iter().partition(|tag| tag.version);
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
