//! What verification found, for people and for programs.

use ::credential::verify::{Outcome, Reason, Step, Summary, Verdict};
use serde_json::{Value, json};

use super::Verified;
use crate::Words;

/// A step, how it went (`passed`, `refused`, `open`, `not-asked`, `not-reached`), and what is to be said.
pub type Line = (&'static str, String);

/// The steps, in words.
pub fn lines(verified: &Verified, words: Words) -> Vec<Line> {
    verified.report.steps.iter().map(|(step, outcome)| line(*step, outcome, words)).collect()
}

fn line(step: Step, outcome: &Outcome, words: Words) -> Line {
    let name = words.say(&format!("verify-step-{}", step.code()));
    match outcome {
        Outcome::Passed => ("passed", name),
        Outcome::NotAsked => {
            ("not-asked", format!("{name} — {}", words.say(&format!("verify-not-asked-{}", asked(step)))))
        }
        Outcome::NotReached => ("not-reached", format!("{name} — {}", words.say("verify-not-reached"))),
        Outcome::Open(reason) => ("open", format!("{name} — {}", told(reason, words))),
        Outcome::Refused(reason) => ("refused", format!("{name} — {}", told(reason, words))),
    }
}

fn asked(step: Step) -> &'static str {
    if step == Step::Status { "status" } else { "other" }
}

/// A reason in words, with its particulars.
pub fn told(reason: &Reason, words: Words) -> String {
    let said = words.say(&format!("verify-reason-{}", reason.code()));
    format!("{said} ({reason})")
}

/// The word of a verdict.
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Verified => "verified",
        Verdict::Refused => "refused",
        Verdict::Open => "open",
    }
}

/// The report as data: `preuve-verification/1`.
pub fn json(verified: &Verified, words: Words) -> Value {
    let report = &verified.report;
    let steps = report.steps.iter().map(|(step, outcome)| {
        let (state, told) = line(*step, outcome, words);
        let mut out = json!({"step": step.code(), "outcome": state, "told": told});
        if let Outcome::Open(reason) | Outcome::Refused(reason) = outcome {
            out["reason"] = reason.code().into();
            out["detail"] = reason.to_string().into();
        }
        out
    });
    let mut out = json!({
        "format": "preuve-verification/1",
        "target": verified.target,
        "verdict": verdict(report.verdict()),
        "steps": steps.collect::<Vec<_>>(),
    });
    if let Some((_, reason)) = report.reason() {
        out["reason"] = reason.code().into();
    }
    if let Some(key) = &report.key {
        out["key"] = key.id.clone().into();
    }
    if let Some(summary) = &report.summary {
        out["says"] = says(summary);
    }
    out
}

fn says(summary: &Summary) -> Value {
    json!({
        "id": summary.id,
        "name": summary.name,
        "issuer": {"id": summary.issuer, "name": summary.issuer_name},
        "achievement": summary.achievement,
        "holder": summary.holder,
        "awarded": summary.awarded,
        "validFrom": summary.valid_from,
        "validUntil": summary.valid_until,
        "results": summary.results.iter().map(|one| json!({"criterion": one.criterion, "result": one.told})).collect::<Vec<_>>(),
        "evidence": summary.evidence.iter().map(|one| json!({"name": one.name, "id": one.id})).collect::<Vec<_>>(),
        "alignment": summary.alignments.iter().map(|(code, name, url)| json!({"code": code, "name": name, "url": url})).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Lang;

    #[test]
    fn every_step_and_reason_has_its_words() {
        for words in [Words(Lang::Fr), Words(Lang::En)] {
            for step in Step::ALL {
                assert!(!words.say(&format!("verify-step-{}", step.code())).starts_with('⟨'), "{}", step.code());
            }
            for code in Reason::CODES.iter().chain(&Reason::ASKED) {
                assert!(!words.say(&format!("verify-reason-{code}")).starts_with('⟨'), "{code}");
            }
            for id in [
                "not-asked-status",
                "not-asked-other",
                "not-reached",
                "verdict-verified",
                "verdict-refused",
                "verdict-open",
            ] {
                assert!(!words.say(&format!("verify-{id}")).starts_with('⟨'), "{id}");
            }
        }
    }
}
