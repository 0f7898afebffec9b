//! A plan and a proof on a terminal.

use std::fmt::Write;

use anstyle::Style;
use app::Words;
use app::prove::{Finding, PlanReport, ProofReport};

use crate::terminal::{plain, wrapped};
use crate::ui::{BAD, BOLD, DIM, GOOD, LINK, OPEN, styled};

/// How many survivors and notes are shown.
const SHOWN: usize = 12;
/// How much of a script is shown.
const LINES: usize = 6;

/// What would be run.
pub(crate) fn plan(plan: &PlanReport, words: Words) -> String {
    let mut out = String::new();
    for experiment in &plan.experiments {
        let _ = writeln!(out, "{} {}", styled(BOLD, &experiment.id), experiment.title);
        if let Some(because) = &experiment.not_provable {
            let _ = writeln!(
                out,
                "{}",
                wrapped(&format!("{}: {}", words.say("prove-not-provable-here"), plain(&words.said(because))), 2)
            );
        }
        for subject in &experiment.subjects {
            let _ = writeln!(out, "  {}", styled(LINK, &plain(&subject.name)));
            for run in &subject.runs {
                let _ = writeln!(
                    out,
                    "    {} {}",
                    plain(&words.said(&run.what)),
                    styled(DIM, &plain(&run.from.join(", ")))
                );
                for line in words.said(&run.text).lines().filter(|line| !line.trim().is_empty()).take(LINES) {
                    let _ = writeln!(out, "      {}", plain(line));
                }
            }
            for skipped in &subject.skipped {
                let from = plain(&skipped.from.join(", "));
                let text = format!("{}: {}", plain(&words.said(&skipped.what)), plain(&words.said(&skipped.text)));
                let _ =
                    writeln!(out, "    {} {text} {}", styled(OPEN, &words.say("prove-skipped")), styled(DIM, &from));
            }
            // Some damages follow from what a run makes.
            let faults = match subject.faults.len() {
                0 => words.say("prove-faults-later"),
                n => words.count("prove-fault-count", n),
            };
            let _ = writeln!(out, "    {faults}");
            for fault in &subject.faults {
                let _ = writeln!(out, "      {}", plain(&words.said(fault)));
            }
            for stand_in in &subject.stand_ins {
                let _ =
                    writeln!(out, "    {} {}", styled(DIM, &words.say("prove-stand-in")), plain(&words.said(stand_in)));
            }
        }
        out.push('\n');
    }
    out
}

/// What was found.
pub(crate) fn write(report: &ProofReport, words: Words) -> String {
    let commit = report.commit.get(..12).unwrap_or(&report.commit);
    let mut out = format!(
        "{} · {} {} · {} {}\n",
        styled(BOLD, &plain(&report.repository)),
        words.say("report-commit"),
        styled(BOLD, commit),
        words.say("report-as-of"),
        report.as_of
    );
    for experiment in &report.experiments {
        let outcome = words.say(&format!("prove-{}", experiment.outcome));
        let outcome = styled(style(experiment.outcome), &outcome);
        let _ = write!(out, "\n{} {outcome}\n{}\n", styled(BOLD, &experiment.id), wrapped(&experiment.title, 2));
        for finding in &experiment.findings {
            one(&mut out, finding, words);
        }
    }
    out
}

fn style(outcome: &str) -> Style {
    match outcome {
        "proven" => GOOD,
        "refuted" => BAD,
        "flaky" => OPEN,
        _ => DIM,
    }
}

fn one(out: &mut String, finding: &Finding, words: Words) {
    let name = finding.outcome.name();
    if !finding.subject.is_empty() {
        let _ = writeln!(
            out,
            "  {} {}",
            styled(LINK, &plain(&finding.subject)),
            styled(style(name), &words.say(&format!("prove-{name}")))
        );
    }
    if let Some(because) = finding.outcome.because() {
        let _ = writeln!(out, "{}", wrapped(&plain(&words.said(because)), 4));
    }
    for (detector, ratio) in finding.ratios() {
        let told = words.numbers("prove-ratio", &[("noticed", ratio.noticed), ("of", ratio.of)]);
        let _ = writeln!(out, "    {}: {told}", plain(&words.said(detector)));
    }
    for trial in finding.survivors().take(SHOWN) {
        let _ =
            writeln!(out, "    {} {}", styled(BAD, &words.say("prove-survivor")), plain(&words.said(&trial.change)));
    }
    for stand_in in &finding.stand_ins {
        let _ = writeln!(out, "    {} {}", styled(DIM, &words.say("prove-stand-in")), plain(&words.said(stand_in)));
    }
    for note in finding.notes.iter().take(SHOWN) {
        let _ = writeln!(out, "    {}", styled(DIM, &plain(&words.said(note))));
    }
}
