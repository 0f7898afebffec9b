//! One commit as a grade needs it: what every check says and cites, what tests assert, and the files.

use std::collections::BTreeMap;

use extract::git::Repository;
use facts::{Facts, Oid};
use framework::fault::Tree;
use verdict::{Answers, Outcome, Role};

use super::Room;
use super::honest::Assertions;
use crate::assess::{Assessed, read};
use crate::error::AssessError;

/// The checks over one commit.
pub(super) struct Answered {
    pub read: Assessed,
    pub outcomes: BTreeMap<String, Outcome>,
    /// Files that support an answer, and places that speak against it.
    pub supports: BTreeMap<String, Vec<String>>,
    pub against: BTreeMap<String, Vec<String>>,
    pub assertions: Assertions,
    pub tree: Tree,
}

impl Answered {
    pub fn of(room: &Room<'_>, repository: &Repository, commit: &Oid) -> Result<Self, AssessError> {
        let read = read(repository, commit.as_str(), &room.reading)?;
        let answers = verdict::evaluate(&room.packs.checks, &read.facts);
        let outcomes = answers.iter().map(|(id, answer)| (id.clone(), answer.outcome)).collect();
        let (supports, against) = (files(&answers), places(&answers));
        let (assertions, tree) = (assertions(&read.facts), tree(&read.project));
        Ok(Self { outcomes, supports, against, assertions, tree, read })
    }
}

fn files(answers: &Answers<'_>) -> BTreeMap<String, Vec<String>> {
    let one = |answer: &verdict::Answer<'_>| {
        let supporting = answer.evidence.iter().filter(|evidence| evidence.role == Role::Supports);
        let mut paths: Vec<String> =
            supporting.filter_map(|evidence| evidence.fact.location().path().map(ToOwned::to_owned)).collect();
        paths.sort();
        paths.dedup();
        paths
    };
    answers.iter().map(|(id, answer)| (id.clone(), one(answer))).collect()
}

fn places(answers: &Answers<'_>) -> BTreeMap<String, Vec<String>> {
    let one = |answer: &verdict::Answer<'_>| {
        let against = answer.evidence.iter().filter(|evidence| evidence.role != Role::Supports);
        against.take(4).map(|evidence| evidence.fact.location().to_string()).collect()
    };
    answers.iter().map(|(id, answer)| (id.clone(), one(answer))).collect()
}

fn assertions(facts: &Facts) -> Assertions {
    let mut found = Assertions::new();
    for kind in ["app.test", "infratest.suite"] {
        for fact in facts.of(kind) {
            let Some(path) = fact.location().path() else { continue };
            // The same file may be a test of both kinds; it asserts what it asserts once.
            let count = found.entry(path.to_owned()).or_insert(0);
            *count = (*count).max(fact.int("assertions"));
        }
    }
    found
}

/// The texts of a commit; what is no text is compared by its id.
pub(super) fn tree(project: &extract::Project) -> Tree {
    let text =
        |file: &extract::File| file.text().map_or_else(|_| file.blob.to_string(), |text| text.as_str().to_owned());
    project.all_files().iter().map(|file| (file.path.to_string(), text(file))).collect()
}
