//! One check and its answer, for people: evidence, note, remarks.

use framework::rule::Check;
use verdict::{Answer, Outcome, Role};

use crate::cite::Citations;
use crate::report::model::{CheckReport, Cited};
use crate::words::Words;

/// How many places a check cites; the rest is counted.
const SHOWN: usize = 25;

pub(crate) fn report(words: Words, check: &Check, answer: &Answer<'_>, citations: &Citations<'_>) -> CheckReport {
    let mut evidence: Vec<Cited> = Vec::new();
    for found in &answer.evidence {
        for cited in citations.fact(&check.id, role_name(found.role), found.fact) {
            if !evidence.iter().any(|known| known.place() == cited.place()) {
                evidence.push(cited);
            }
        }
        // A hundred facts of one kind tell no more than the first of them, and cost memory.
        if evidence.len() > 4 * SHOWN {
            break;
        }
    }
    let more = answer.evidence.len().max(evidence.len()) - evidence.len().min(SHOWN);
    evidence.truncate(SHOWN);
    let remarks = answer.remarks.iter().take(SHOWN);
    CheckReport {
        id: check.id.clone(),
        question: words.of(&check.question).to_owned(),
        outcome: answer.outcome,
        note: note(words, check, answer),
        evidence,
        more,
        remarks: remarks.flat_map(|fact| citations.fact(&check.id, "remark", fact)).collect(),
        advice: words.of(&check.fix).to_owned(),
    }
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Supports => "supports",
        Role::Against => "against",
        Role::Partial => "partial",
        Role::Hides => "hides",
    }
}

fn note(words: Words, check: &Check, answer: &Answer<'_>) -> String {
    if let Some(error) = answer.errors.first() {
        return words.with("note-failed", &[("what", error)]);
    }
    let sought = words.of(&check.sought);
    let against = answer.evidence.iter().filter(|evidence| evidence.role == Role::Against).count();
    match answer.outcome {
        Outcome::Met => String::new(),
        Outcome::NotApplicable if answer.precondition => words.say("note-precondition"),
        Outcome::NotApplicable => words.say("note-nothing-to-judge"),
        Outcome::Unknown => match answer.evidence.iter().find(|evidence| evidence.role == Role::Hides) {
            Some(hiding) => {
                let place = hiding.fact.location().to_string();
                let reason = hidden_reason(hiding.fact);
                words.with("note-hidden", &[("reason", &reason), ("place", &place)])
            }
            None => words.with("note-sought", &[("what", sought)]),
        },
        Outcome::NotMet if against > 0 => {
            let examined = answer.examined.max(against);
            words.numbers("note-against", &[("n", against), ("examined", examined)])
        }
        Outcome::NotMet if answer.evidence.is_empty() => words.with("note-sought", &[("what", sought)]),
        Outcome::NotMet => words.with("note-partial", &[("what", sought)]),
    }
}

/// Why a fact hides what is needed: its reason, else what it refers to.
fn hidden_reason(fact: &facts::Fact) -> String {
    let known = fact.fields();
    let text = ["reason", "reference", "what"].into_iter().filter(|name| known.contains_key(name));
    text.map(|name| fact.text(name)).find(|text| !text.is_empty()).unwrap_or(fact.kind()).to_owned()
}
