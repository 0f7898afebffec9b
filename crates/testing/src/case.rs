//! Runs the literate cases of checks: a small tree, the expected answer, the lines that must be cited.

use std::collections::BTreeMap;

use extract::Project;
use facts::Location;
use framework::rule::{Case, Check};
use verdict::Answer;

/// Runs one case of a check; what is wrong comes back as text.
///
/// # Errors
/// When the answer or the evidence is not the expected one.
pub fn run(checks: &BTreeMap<String, Check>, check: &Check, case: &Case) -> Result<(), String> {
    let project = Project::in_memory(case.tree.iter().map(|(path, text)| (path.clone(), text.clone())));
    let facts = extract::facts(&project, 1);
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

fn cited<'a>(answer: &Answer<'a>) -> Vec<&'a Location> {
    answer
        .evidence
        .iter()
        .flat_map(|evidence| std::iter::once(evidence.fact.location()).chain(evidence.fact.related()))
        .collect()
}
