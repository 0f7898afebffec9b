//! The literate cases of checks: a small tree, the expected answer, the lines that must be cited.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

use extract::Project;
use extract::git::{Draft, Repository};
use facts::{Facts, Location};
use framework::rule::{Case, CaseCommit, Check};
use verdict::Answer;

use crate::Packs;

/// Runs the cases of all checks that a folder defines: how many there are, and what is wrong with those that fail.
pub fn of_folder(packs: &Packs, folder: &Path) -> (usize, Vec<String>) {
    let own = packs.checks.values().filter(|check| Path::new(&check.path).starts_with(folder));
    let cases = own.flat_map(|check| check.cases.iter().map(move |case| (check, case)));
    let outcomes: Vec<Result<(), String>> = cases.map(|(check, case)| run(&packs.checks, check, case)).collect();
    (outcomes.len(), outcomes.into_iter().filter_map(Result::err).collect())
}

/// Runs one case of a check; what is wrong comes back as text.
///
/// # Errors
/// When the answer or the evidence is not the expected one.
pub fn run(checks: &BTreeMap<String, Check>, check: &Check, case: &Case) -> Result<(), String> {
    let facts = facts(case).map_err(|error| format!("{} · {}: {error}", check.id, case.name))?;
    let answers = verdict::evaluate(checks, &facts);
    let answer = &answers[&check.id];
    let title = format!("{} · {}", check.id, case.name);
    let cited: Vec<String> = cited(answer).iter().map(ToString::to_string).collect();
    if answer.outcome.name() != case.expect.value {
        let errors = answer.errors.join("; ");
        return Err(format!(
            "{title}: expected {}, got {} citing {cited:?} {errors}",
            case.expect.value,
            answer.outcome.name()
        ));
    }
    for wanted in &case.evidence {
        if !cited.contains(wanted) {
            return Err(format!("{title}: {wanted} is not cited, only {cited:?}"));
        }
    }
    Ok(())
}

/// The facts of the tree alone, or of a repository made for the case when it has a history.
fn facts(case: &Case) -> Result<Facts, Box<dyn Error>> {
    if case.history.is_empty() {
        let project = Project::in_memory(case.tree.iter().map(|(path, text)| (path.clone(), text.clone())));
        return Ok(extract::facts(&project, 1));
    }
    let dir = tempfile::tempdir()?;
    let head = make(dir.path(), &case.history, &case.tree)?;
    let repository = Repository::open(dir.path())?;
    let project = repository.project(&repository.resolve(&head)?)?;
    let options = extract::history::Options { threads: 1, ..Default::default() };
    Ok(extract::facts_with_history(&repository, &project, &options))
}

/// Makes a bare repository at a path from the history of a case and a last tree, and gives the id of its last commit.
///
/// # Errors
/// When the file system refuses, or a commit is not well written.
pub fn make(path: &Path, commits: &[CaseCommit], last: &BTreeMap<String, String>) -> Result<String, Box<dyn Error>> {
    let drafts: Vec<Draft<'_>> = commits
        .iter()
        .map(|commit| Draft {
            message: &commit.message,
            author: commit.author.as_deref(),
            date: commit.date.as_deref(),
            tree: &commit.tree,
            tag: commit.tag.as_deref(),
            merge: commit.merge,
        })
        .collect();
    extract::git::draft(path, &drafts, last)
}

fn cited<'a>(answer: &Answer<'a>) -> Vec<&'a Location> {
    answer
        .evidence
        .iter()
        .flat_map(|evidence| std::iter::once(evidence.fact.location()).chain(evidence.fact.related()))
        .collect()
}
