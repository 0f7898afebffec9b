//! All checks over all facts: outcome, cited evidence, remarks.

use std::collections::{BTreeMap, BTreeSet};

use facts::{Fact, Facts};
use framework::rule::{Check, Clause};

use crate::clause::{self, Finding};

/// The answer to a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Met,
    NotMet,
    /// What was needed could not be read.
    Unknown,
    /// The precondition is absent.
    NotApplicable,
}

impl Outcome {
    /// The name used in files.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Met => "met",
            Outcome::NotMet => "not-met",
            Outcome::Unknown => "unknown",
            Outcome::NotApplicable => "not-applicable",
        }
    }
}

/// How a fact bears on the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// It shows that the check is met.
    Supports,
    /// It is a counter-example.
    Against,
    /// It goes some way, not far enough.
    Partial,
    /// It hides what is needed.
    Hides,
}

/// One cited fact.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'f> {
    pub fact: &'f Fact,
    pub role: Role,
}

/// The answer to one check, with everything that it cites.
#[derive(Clone, Debug)]
pub struct Answer<'f> {
    pub outcome: Outcome,
    pub evidence: Vec<Evidence<'f>>,
    pub remarks: Vec<&'f Fact>,
    /// How many facts the rule looked at.
    pub examined: usize,
    /// Whether the precondition, not the rule, gave the answer.
    pub precondition: bool,
    /// Expressions that failed: errors of the pack.
    pub errors: Vec<String>,
}

/// The answers by check id.
pub type Answers<'f> = BTreeMap<String, Answer<'f>>;

/// Answers all checks.
pub fn evaluate<'f>(checks: &BTreeMap<String, Check>, facts: &'f Facts) -> Answers<'f> {
    evaluate_with(checks, facts, 1)
}

/// Answers all checks on several threads; the answers are the same.
pub fn evaluate_with<'f>(checks: &BTreeMap<String, Check>, facts: &'f Facts, threads: usize) -> Answers<'f> {
    let threads = threads.clamp(1, checks.len().max(1));
    // A check that others ask for may be answered by several, in the same way.
    let part = |first: usize| {
        let mut evaluation = Evaluation { checks, facts, done: BTreeMap::new(), asking: BTreeSet::new() };
        for id in checks.keys().skip(first).step_by(threads) {
            evaluation.check(id);
        }
        evaluation.done
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|first| scope.spawn(move || part(first))).collect();
        let mut answers = part(0);
        for other in others {
            answers.extend(other.join().unwrap_or_else(|bug| std::panic::resume_unwind(bug)));
        }
        answers
    })
}

struct Evaluation<'c, 'f> {
    checks: &'c BTreeMap<String, Check>,
    facts: &'f Facts,
    done: Answers<'f>,
    asking: BTreeSet<String>,
}

impl<'f> Evaluation<'_, 'f> {
    fn check(&mut self, id: &str) -> (Outcome, Vec<Evidence<'f>>) {
        if let Some(answer) = self.done.get(id) {
            return (answer.outcome, answer.evidence.clone());
        }
        // A check that asks for itself is refused when packs are loaded; here it is simply not known.
        let Some(check) = self.checks.get(id).filter(|_| self.asking.insert(id.to_owned())) else {
            return (Outcome::Unknown, Vec::new());
        };
        let answer = self.answer(check);
        self.asking.remove(id);
        let given = (answer.outcome, answer.evidence.clone());
        self.done.insert(id.to_owned(), answer);
        given
    }

    fn clause(&mut self, clause: &Clause) -> Finding<'f> {
        let facts = self.facts;
        clause::answer(clause, facts, &mut |id| self.check(id))
    }

    fn answer(&mut self, check: &Check) -> Answer<'f> {
        let mut errors = Vec::new();
        let remarks = clause::selected(&check.remarks, self.facts, &mut errors);
        let hiding = clause::selected(&check.unknown_when, self.facts, &mut errors);
        if let Some(condition) = &check.applies_when {
            let finding = self.clause(condition);
            if finding.outcome != Outcome::Met {
                let outcome = match finding.outcome {
                    Outcome::Unknown => Outcome::Unknown,
                    _ => Outcome::NotApplicable,
                };
                let (outcome, evidence) = unless_hidden(outcome, finding.open, &hiding);
                errors.extend(finding.errors);
                let examined = finding.examined;
                return Answer { outcome, evidence, remarks, examined, precondition: true, errors };
            }
        }
        let Finding { outcome, open, mut evidence, examined, errors: failed } = self.clause(&check.rule);
        errors.extend(failed);
        let (outcome, hides) = unless_hidden(outcome, open, &hiding);
        evidence.extend(hides);
        evidence.sort_by_key(|evidence| (evidence.role, evidence.fact.how_sure()));
        Answer { outcome, evidence, remarks, examined, precondition: false, errors }
    }
}

/// The answer, unknown where what could not be read might change it. A file that its own tool refuses would add
/// nothing to the repository, but it may hold the counter-example that was looked for: it hides only a good answer.
/// Where contents are missing, what was found may be as wrong as what was not.
fn unless_hidden<'f>(outcome: Outcome, open: bool, hiding: &[&'f Fact]) -> (Outcome, Vec<Evidence<'f>>) {
    if outcome == Outcome::Unknown {
        return (outcome, Vec::new());
    }
    let refused_anyway = |fact: &Fact| outcome == Outcome::NotMet && fact.is("rejected");
    let matters = |fact: &&&Fact| fact.is("missing") || open && !refused_anyway(fact);
    let hides: Vec<Evidence<'f>> =
        hiding.iter().filter(matters).map(|fact| Evidence { fact, role: Role::Hides }).collect();
    if hides.is_empty() { (outcome, hides) } else { (Outcome::Unknown, hides) }
}
