//! The statement of a lab, as a candidate reads it in the repository.

use std::fmt::Write;

use super::draw::Drawn;
use crate::words::Words;

/// `LAB.md`: what is wrong as people see it, what is asked, what counts.
pub(super) fn write(drawn: &Drawn<'_>, words: Words) -> String {
    let lab = drawn.lab;
    let mut out = format!("# {}\n\n{}\n\n", words.of(&lab.title), words.of(&lab.statement));
    let _ = writeln!(out, "## {}\n", words.say("lab-symptoms"));
    for (number, seeded) in drawn.faults().enumerate() {
        let _ = writeln!(out, "{}. {}", number + 1, words.of(&seeded.fault.symptom));
    }
    let (minutes, points) = (lab.minutes.to_string(), lab.points.to_string());
    let (pass, hint, breaking) = (lab.pass.to_string(), lab.hint.to_string(), lab.breaking.to_string());
    let _ = writeln!(out, "\n## {}\n", words.say("lab-rules"));
    for (rule, arguments) in [
        ("lab-rule-time", vec![("minutes", minutes.as_str())]),
        ("lab-rule-points", vec![("points", &points), ("pass", &pass)]),
        ("lab-rule-commit", Vec::new()),
        ("lab-rule-breaking", vec![("percent", &breaking)]),
        ("lab-rule-hint", vec![("percent", &hint)]),
        ("lab-rule-honest", Vec::new()),
    ] {
        let _ = writeln!(out, "- {}", words.with(rule, &arguments));
    }
    if lab.services.is_some() {
        let _ = writeln!(out, "- {}", words.say("lab-rule-services"));
    }
    if let Some(beyond) = &lab.beyond {
        let _ = writeln!(out, "\n## {}\n\n{}", words.say("lab-beyond"), words.of(beyond));
    }
    out
}
