//! The plan and the proof as data, and as pages.

use std::fmt::Write;

use ::prove::{Finding, Line, Outcome, Ratio, Say};
use jiff::civil::Date;
use serde::Serialize;

use super::{Preparation, Prepared, page};
use crate::report::model::Tool;
use crate::words::Words;

/// What would be run.
#[derive(Clone, Debug, Serialize)]
pub struct PlanReport {
    pub schema: &'static str,
    pub commit: String,
    pub seed: u64,
    pub experiments: Vec<PlannedExperiment>,
}

/// One experiment of a plan.
#[derive(Clone, Debug, Serialize)]
pub struct PlannedExperiment {
    pub id: String,
    pub title: String,
    pub subjects: Vec<PlannedSubject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_provable: Option<Say>,
}

/// One subject of a plan.
#[derive(Clone, Debug, Serialize)]
pub struct PlannedSubject {
    pub name: String,
    pub runs: Vec<Line>,
    pub faults: Vec<Say>,
    pub skipped: Vec<Line>,
    pub stand_ins: Vec<Say>,
}

/// What was found.
#[derive(Clone, Debug, Serialize)]
pub struct ProofReport {
    pub schema: &'static str,
    pub tool: Tool,
    pub as_of: Date,
    /// What the repository is called where it was read from.
    pub repository: String,
    pub commit: String,
    pub seed: u64,
    pub experiments: Vec<ExperimentReport>,
}

/// What was found by one experiment, over all its subjects.
#[derive(Clone, Debug, Serialize)]
pub struct ExperimentReport {
    pub id: String,
    pub title: String,
    /// `proven` when a subject is proven and none refuted or flaky.
    pub outcome: &'static str,
    pub supports: Vec<Support>,
    pub findings: Vec<Finding>,
    #[serde(skip)]
    pub(super) plans: Vec<String>,
}

/// An indicator that an experiment supports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Support {
    pub framework: String,
    pub version: String,
    pub indicator: String,
}

pub(super) fn plan(preparation: &Preparation) -> PlanReport {
    let experiments = preparation.experiments.iter().map(|prepared| PlannedExperiment {
        id: prepared.id.clone(),
        title: prepared.title.get(preparation.lang).to_owned(),
        not_provable: prepared.plan.as_ref().err().cloned(),
        subjects: prepared
            .plan
            .iter()
            .flatten()
            .map(|planned| {
                let sketch = planned.sketch();
                PlannedSubject {
                    name: sketch.subject,
                    runs: sketch.runs,
                    faults: planned.faults().into_iter().map(|fault| fault.change).collect(),
                    skipped: sketch.skipped,
                    stand_ins: sketch.stand_ins,
                }
            })
            .collect(),
    });
    PlanReport {
        schema: "preuve-plan/1",
        commit: preparation.commit.to_string(),
        seed: preparation.seed,
        experiments: experiments.collect(),
    }
}

pub(super) fn experiment(lang: crate::Lang, prepared: &Prepared, found: Vec<(Finding, String)>) -> ExperimentReport {
    let (findings, plans): (Vec<Finding>, Vec<String>) = found.into_iter().unzip();
    let some = |name: &str| findings.iter().any(|finding| finding.outcome.name() == name);
    let outcome = ["refuted", "flaky", "proven"].into_iter().find(|name| some(name)).unwrap_or("not-provable-here");
    let supports = prepared.supports.iter().map(|(framework, version, indicator)| Support {
        framework: framework.clone(),
        version: version.clone(),
        indicator: indicator.clone(),
    });
    let title = prepared.title.get(lang).to_owned();
    ExperimentReport { id: prepared.id.clone(), title, outcome, supports: supports.collect(), findings, plans }
}

pub(super) fn proof(preparation: &Preparation, experiments: Vec<ExperimentReport>) -> ProofReport {
    ProofReport {
        schema: "preuve-proof/1",
        tool: Tool { name: "preuve", version: env!("CARGO_PKG_VERSION") },
        as_of: preparation.as_of,
        repository: preparation.repository.clone(),
        commit: preparation.commit.to_string(),
        seed: preparation.seed,
        experiments,
    }
}

impl PlanReport {
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("every key of a plan is text") + "\n"
    }
}

impl ProofReport {
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("every key of a proof is text") + "\n"
    }
}

/// The proof as Markdown.
pub fn markdown(proof: &ProofReport, words: Words) -> String {
    let mut out = format!(
        "# {}: {}\n\n{} `{}` · {} {}\n",
        words.say("prove-title"),
        escape(&proof.repository),
        words.say("report-commit"),
        proof.commit,
        words.say("report-as-of"),
        proof.as_of
    );
    for experiment in &proof.experiments {
        let outcome = words.say(&format!("prove-{}", experiment.outcome));
        let _ = write!(out, "\n## {} · {outcome}\n\n{}\n", experiment.id, experiment.title);
        for finding in &experiment.findings {
            one(&mut out, finding, words);
        }
    }
    out
}

fn one(out: &mut String, finding: &Finding, words: Words) {
    let outcome = words.say(&format!("prove-{}", finding.outcome.name()));
    let subject = if finding.subject.is_empty() { &finding.experiment } else { &finding.subject };
    let _ = write!(out, "\n### `{}`: {outcome}\n\n", escape(subject));
    if let Some(because) = finding.outcome.because() {
        let _ = writeln!(out, "{}\n", escape(&words.said(because)));
    }
    for (detector, Ratio { noticed, of }) in finding.ratios() {
        let told = words.numbers("prove-ratio", &[("noticed", noticed), ("of", of)]);
        let _ = writeln!(out, "- {}: {told}", escape(&words.said(detector)));
    }
    if !finding.trials.is_empty() {
        let [change, notice, seconds] = ["change", "notice", "seconds"].map(|id| words.say(&format!("prove-{id}")));
        let _ = write!(out, "\n| {change} | {notice} | {seconds} |\n|---|---|--:|\n");
    }
    for trial in &finding.trials {
        let told = words.say(&format!("prove-trial-{}", page::ended(trial)));
        let by = page::reaction(trial)
            .map_or(String::new(), |(by, message)| format!(" {}: {}", words.said(by), words.said(message)));
        let _ = writeln!(
            out,
            "| {} | **{told}**{} | {} |",
            escape(&words.said(&trial.change)),
            escape(&by),
            page::seconds(trial)
        );
    }
    for (title, items) in [("prove-stand-ins", &finding.stand_ins), ("prove-notes", &finding.notes)] {
        if !items.is_empty() {
            let _ = write!(out, "\n{}\n\n", words.say(title));
        }
        for item in items {
            let _ = writeln!(out, "- {}", escape(&words.said(item)));
        }
    }
}

fn escape(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    line.replace('&', "&amp;").replace('<', "&lt;").replace('|', "\\|").replace('`', "'")
}

impl ProofReport {
    /// Whether something that was asked for is refuted, or judged differently from one time to the next.
    pub fn refuted(&self) -> bool {
        self.experiments.iter().any(|experiment| {
            experiment
                .findings
                .iter()
                .any(|finding| matches!(finding.outcome, Outcome::Refuted { .. } | Outcome::Flaky { .. }))
        })
    }
}
