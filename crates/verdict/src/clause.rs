//! One clause over the facts: its answer, what it cites, and whether more reading could change it.

use std::collections::BTreeSet;

use facts::{Fact, Facts};
use framework::rule::{Clause, Predicate, Select, WhenNone};

use crate::evaluate::{Evidence, Outcome, Role};
use crate::vocabulary::FactValues;

/// The answer of one clause.
pub(crate) struct Finding<'f> {
    pub outcome: Outcome,
    /// Whether facts that could not be read might change the answer.
    pub open: bool,
    pub evidence: Vec<Evidence<'f>>,
    /// How many facts were examined.
    pub examined: usize,
    pub errors: Vec<String>,
}

impl<'f> Finding<'f> {
    fn new(outcome: Outcome, open: bool, evidence: Vec<Evidence<'f>>, examined: usize) -> Self {
        Self { outcome, open, evidence, examined, errors: Vec::new() }
    }
}

/// Answers of other checks, asked by id.
pub(crate) type Ask<'a, 'f> = &'a mut dyn FnMut(&str) -> (Outcome, Vec<Evidence<'f>>);

/// Answers one clause.
pub(crate) fn answer<'f>(clause: &Clause, facts: &'f Facts, ask: Ask<'_, 'f>) -> Finding<'f> {
    match clause {
        Clause::Some { of, at_least, distinct } => some(of, *at_least, distinct.as_deref(), facts),
        Clause::Every { of, satisfies, when_none } => ratio(of, satisfies, 100, *when_none, facts),
        Clause::Ratio { of, satisfies, percent, when_none } => ratio(of, satisfies, *percent, *when_none, facts),
        Clause::None { of, shown_by } => none(of, shown_by, facts),
        Clause::AllOf(clauses) => all_of(clauses, facts, ask),
        Clause::AnyOf(clauses) => any_of(clauses, facts, ask),
        Clause::Not(clause) => not(answer(clause, facts, ask)),
        Clause::Check(id) => {
            let (outcome, evidence) = ask(id);
            // The other check already weighed what it could not read; what it did not find may still be hidden here.
            Finding::new(outcome, matches!(outcome, Outcome::NotMet | Outcome::NotApplicable), evidence, 0)
        }
    }
}

/// The facts that a selection matches, in order, each once.
pub(crate) fn selected<'f>(of: &[Select], facts: &'f Facts, errors: &mut Vec<String>) -> Vec<&'f Fact> {
    let mut found: Vec<&Fact> = Vec::new();
    for select in of {
        for fact in facts.of(&select.kind) {
            if select.predicate.as_ref().is_none_or(|predicate| holds(predicate, fact, errors)) {
                found.push(fact);
            }
        }
    }
    // Facts of one kind come in order, each once.
    if of.len() > 1 {
        found.sort();
        found.dedup();
    }
    found
}

fn holds(predicate: &Predicate, fact: &Fact, errors: &mut Vec<String>) -> bool {
    match predicate.holds(&FactValues(fact)) {
        Ok(answer) => answer,
        Err(error) => {
            errors.push(error.to_string());
            false
        }
    }
}

/// An expression that failed leaves the answer open, whatever the other facts say.
fn settle<'f>(mut finding: Finding<'f>, errors: Vec<String>) -> Finding<'f> {
    if !errors.is_empty() && finding.open {
        finding.outcome = Outcome::Unknown;
    }
    finding.errors = errors;
    finding
}

fn some<'f>(of: &[Select], at_least: usize, distinct: Option<&str>, facts: &'f Facts) -> Finding<'f> {
    let mut errors = Vec::new();
    let found = selected(of, facts, &mut errors);
    let count = match distinct {
        Some(field) => {
            let value = |fact: &&Fact| FactValues(fact).text_of(field);
            found.iter().map(value).filter(|value| !value.is_empty()).collect::<BTreeSet<_>>().len()
        }
        None => found.len(),
    };
    let met = count >= at_least;
    let examined = found.len();
    let role = if met { Role::Supports } else { Role::Partial };
    let evidence = found.into_iter().map(|fact| Evidence { fact, role }).collect();
    let outcome = if met { Outcome::Met } else { Outcome::NotMet };
    settle(Finding::new(outcome, !met, evidence, examined), errors)
}

fn ratio<'f>(of: &[Select], satisfies: &Predicate, percent: u8, when_none: WhenNone, facts: &'f Facts) -> Finding<'f> {
    let mut errors = Vec::new();
    let found = selected(of, facts, &mut errors);
    if found.is_empty() {
        let (outcome, open) = match when_none {
            WhenNone::NotApplicable => (Outcome::NotApplicable, true),
            WhenNone::NotMet => (Outcome::NotMet, true),
            WhenNone::Met => (Outcome::Met, true),
        };
        return settle(Finding::new(outcome, open, Vec::new(), 0), errors);
    }
    let examined = found.len();
    let (good, bad): (Vec<&Fact>, Vec<&Fact>) = found.into_iter().partition(|fact| holds(satisfies, fact, &mut errors));
    let met = good.len() * 100 >= usize::from(percent) * examined;
    let (shown, role) = if met { (good, Role::Supports) } else { (bad, Role::Against) };
    let evidence = shown.into_iter().map(|fact| Evidence { fact, role }).collect();
    let outcome = if met { Outcome::Met } else { Outcome::NotMet };
    // One counter-example settles *every*; a ratio could still change either way.
    settle(Finding::new(outcome, met || percent < 100, evidence, examined), errors)
}

fn none<'f>(of: &[Select], shown_by: &[Select], facts: &'f Facts) -> Finding<'f> {
    let mut errors = Vec::new();
    let found = selected(of, facts, &mut errors);
    let met = found.is_empty();
    let examined = found.len();
    let (shown, role) =
        if met { (selected(shown_by, facts, &mut errors), Role::Supports) } else { (found, Role::Against) };
    let evidence = shown.into_iter().map(|fact| Evidence { fact, role }).collect();
    let outcome = if met { Outcome::Met } else { Outcome::NotMet };
    settle(Finding::new(outcome, met, evidence, examined), errors)
}

fn not(finding: Finding<'_>) -> Finding<'_> {
    let outcome = match finding.outcome {
        Outcome::Met => Outcome::NotMet,
        Outcome::NotMet | Outcome::NotApplicable => Outcome::Met,
        Outcome::Unknown => Outcome::Unknown,
    };
    Finding { outcome, evidence: Vec::new(), ..finding }
}

fn all_of<'f>(clauses: &[Clause], facts: &'f Facts, ask: Ask<'_, 'f>) -> Finding<'f> {
    let findings: Vec<Finding<'f>> = clauses.iter().map(|clause| answer(clause, facts, ask)).collect();
    let has = |outcome| findings.iter().any(|finding| finding.outcome == outcome);
    let outcome = if has(Outcome::NotMet) {
        Outcome::NotMet
    } else if has(Outcome::Unknown) {
        Outcome::Unknown
    } else if !findings.is_empty() && findings.iter().all(|finding| finding.outcome == Outcome::NotApplicable) {
        Outcome::NotApplicable
    } else {
        Outcome::Met
    };
    let settled_no = findings.iter().any(|finding| finding.outcome == Outcome::NotMet && !finding.open);
    let open = match outcome {
        Outcome::NotMet => !settled_no,
        _ => findings.iter().any(|finding| finding.open),
    };
    join(outcome, open, findings)
}

fn any_of<'f>(clauses: &[Clause], facts: &'f Facts, ask: Ask<'_, 'f>) -> Finding<'f> {
    let findings: Vec<Finding<'f>> = clauses.iter().map(|clause| answer(clause, facts, ask)).collect();
    let has = |outcome| findings.iter().any(|finding| finding.outcome == outcome);
    let outcome = if has(Outcome::Met) {
        Outcome::Met
    } else if has(Outcome::Unknown) {
        Outcome::Unknown
    } else if has(Outcome::NotMet) {
        Outcome::NotMet
    } else {
        Outcome::NotApplicable
    };
    let settled_yes = findings.iter().any(|finding| finding.outcome == Outcome::Met && !finding.open);
    let open = match outcome {
        Outcome::Met => !settled_yes,
        _ => findings.iter().any(|finding| finding.open),
    };
    join(outcome, open, findings)
}

/// Keeps the evidence of the clauses that agree with the outcome; when none holds, of all that found something.
fn join<'f>(outcome: Outcome, open: bool, findings: Vec<Finding<'f>>) -> Finding<'f> {
    let examined = findings.iter().map(|finding| finding.examined).sum();
    let errors = findings.iter().flat_map(|finding| finding.errors.clone()).collect();
    let agreeing = findings.into_iter().filter(|finding| finding.outcome == outcome);
    let evidence = agreeing.flat_map(|finding| finding.evidence).collect();
    Finding { outcome, open, evidence, examined, errors }
}
