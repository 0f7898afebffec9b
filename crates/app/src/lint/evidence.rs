//! What a repository counts and names, for papers to be held against: numbers, versions, words.

use std::collections::{BTreeMap, BTreeSet};

use dossier::lint::{Measure, Shape, Vocabulary};
use extract::git::Repository;
use facts::{Fact, Facts};

use crate::assess::{self, Reading};
use crate::error::AssessError;

/// How what is counted is called in both languages, without accents and in the singular.
const AUTHORS: &[&str] = &["contributeur", "contributor"];
const REPLICAS: &[&str] = &["replica", "replique"];
const ALERTS: &[&str] = &["alerte", "alert"];
const DASHBOARDS: &[&str] = &["dashboard"];
/// Names of the repository that a paper may use as they are.
const NAMES: [(&str, &str); 8] = [
    ("app.component", "name"),
    ("compose.service", "name"),
    ("k8s.workload", "name"),
    ("vcs.author", "name"),
    ("ci.job", "name"),
    ("ansible.role", "name"),
    ("mon.alert", "name"),
    ("mon.exporter", "name"),
];

/// Reads a repository: its numbers are given, its names are learnt.
///
/// # Errors
/// When the repository cannot be read.
pub(super) fn of(repository: &str, reading: &Reading, words: &mut Vocabulary) -> Result<Vec<Measure>, AssessError> {
    let acquired = extract::git::acquire(repository, extract::git::Limits::default())?;
    at(&acquired.repository, "HEAD", reading, words)
}

/// Reads a repository that is open, at a revision.
///
/// # Errors
/// As [`of`].
pub(super) fn at(
    repository: &Repository,
    rev: &str,
    reading: &Reading,
    words: &mut Vocabulary,
) -> Result<Vec<Measure>, AssessError> {
    let assessed = assess::read(repository, rev, reading)?;
    learn(&assessed.facts, words);
    Ok(measures(&assessed.facts))
}

/// Takes the names of a repository for right.
pub(crate) fn learn(facts: &Facts, words: &mut Vocabulary) {
    for (kind, field) in NAMES {
        facts.of(kind).iter().for_each(|fact| words.learn(fact.text(field)));
    }
}

/// The numbers of a repository.
pub(super) fn measures(facts: &Facts) -> Vec<Measure> {
    let mut found = Vec::new();
    for summary in facts.of("vcs.summary") {
        // Commits are not compared: a paper is older than the commit that holds it.
        found.push(count(AUTHORS, [summary.int("authors").to_string()].into(), "git"));
    }
    let scales: Vec<&Fact> = facts.of("k8s.scale").iter().filter(|fact| !fact.is("example")).collect();
    if let Some(first) = scales.first() {
        let values = scales.iter().flat_map(|fact| [fact.int("replicas"), fact.int("minimum")]);
        found.push(count(REPLICAS, values.map(|n| n.to_string()).collect(), &first.location().to_string()));
    }
    let rules: Vec<&Fact> = facts.of("mon.alert").iter().filter(|fact| fact.text("form") == "rule").collect();
    for (names, field, all) in
        [(ALERTS, "name", rules), (DASHBOARDS, "title", facts.of("mon.dashboard").iter().collect())]
    {
        if let Some(first) = all.first() {
            // The same rule may be written for two platforms; a rule without a name counts by itself.
            let names_of: BTreeSet<&str> =
                all.iter().map(|fact| fact.text(field)).filter(|name| !name.is_empty()).collect();
            let unnamed = all.iter().filter(|fact| fact.text(field).is_empty()).count();
            let total = (names_of.len() + unnamed).to_string();
            found.push(Measure { shape: Shape::Total, ..count(names, [total].into(), &first.location().to_string()) });
        }
    }
    found.extend(versions(facts));
    found
}

fn count(names: &[&str], values: BTreeSet<String>, place: &str) -> Measure {
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    Measure { shape: Shape::Count, names, values, place: place.to_owned() }
}

/// The versions that base images state: `python:3.12-slim` says Python 3.12.
fn versions(facts: &Facts) -> Vec<Measure> {
    let mut by_name: BTreeMap<String, (BTreeSet<String>, String)> = BTreeMap::new();
    for base in facts.of("container.base") {
        let name = base.text("image").rsplit('/').next().unwrap_or_default().to_lowercase();
        let tag = base.text("tag").trim_start_matches('v');
        let version: String = tag.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        let version = version.trim_end_matches('.');
        if name.is_empty() || version.is_empty() {
            continue;
        }
        let entry = by_name.entry(name).or_insert_with(|| (BTreeSet::new(), base.location().to_string()));
        entry.0.insert(version.to_owned());
    }
    let measure = |(name, (values, place))| {
        // People write the product's name, images that of its runtime.
        let names = if name == "node" { vec![name, "node.js".to_owned(), "nodejs".to_owned()] } else { vec![name] };
        Measure { shape: Shape::Version, names, values, place }
    };
    by_name.into_iter().map(measure).collect()
}
