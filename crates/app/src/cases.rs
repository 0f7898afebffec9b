//! Runs the literate cases of checks: a small tree, the expected answer, the lines that must be cited.

use std::collections::BTreeMap;

use extract::Project;
use extract::git::Repository;
use facts::{Facts, Location};
use framework::rule::{Case, Check};
use verdict::Answer;

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
    if answer.outcome.name() != case.expect {
        let errors = answer.errors.join("; ");
        return Err(format!(
            "{title}: expected {}, got {} citing {cited:?} {errors}",
            case.expect,
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
fn facts(case: &Case) -> Result<Facts, Box<dyn std::error::Error>> {
    if case.history.is_empty() {
        let project = Project::in_memory(case.tree.iter().map(|(path, text)| (path.clone(), text.clone())));
        return Ok(extract::facts(&project, 1));
    }
    let dir = tempfile::tempdir()?;
    let head = crate::history::make(dir.path(), &case.history, &case.tree)?;
    let repository = Repository::open(dir.path())?;
    let project = repository.project(&repository.resolve(&head)?)?;
    let options = extract::history::Options { threads: 1, ..Default::default() };
    Ok(extract::facts_with_history(&repository, &project, &options))
}

fn cited<'a>(answer: &Answer<'a>) -> Vec<&'a Location> {
    answer
        .evidence
        .iter()
        .flat_map(|evidence| std::iter::once(evidence.fact.location()).chain(evidence.fact.related()))
        .collect()
}
