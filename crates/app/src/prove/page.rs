//! The proof as one self-contained page that works without scripts and prints well.

use ::prove::protocol::FaultKind;
use ::prove::{Notice, Ratio, Say, Trial};
use askama::Template;

use super::report::ProofReport;
use crate::words::Words;

#[derive(Template)]
#[template(path = "proof.html")]
struct Page<'a> {
    proof: &'a ProofReport,
    words: Words,
    recording: Option<&'a str>,
}

/// The proof as HTML; `recording` is the page that replays the run, when there is one beside it.
pub fn html(proof: &ProofReport, words: Words, recording: Option<&str>) -> String {
    Page { proof, words, recording }.render().expect("the template writes to memory")
}

/// How a trial ended, as the catalogue and the classes of a page name it.
pub(super) fn ended(trial: &Trial) -> &'static str {
    match (&trial.notice, trial.kind) {
        (Notice::Missed, FaultKind::Null) => "quiet",
        (Notice::Missed, _) => "missed",
        (Notice::Noticed { .. }, _) => "noticed",
        (Notice::Misplaced { .. }, _) => "misplaced",
    }
}

/// What reacted, and what it said.
pub(super) fn reaction(trial: &Trial) -> Option<(&Say, &Say)> {
    match &trial.notice {
        Notice::Missed => None,
        Notice::Noticed { by, message } | Notice::Misplaced { by, message } => Some((by, message)),
    }
}

/// With one decimal.
pub(super) fn seconds(trial: &Trial) -> String {
    format!("{}.{}", trial.millis / 1000, trial.millis % 1000 / 100)
}

impl Page<'_> {
    fn short(&self) -> &str {
        self.proof.commit.get(..12).unwrap_or(&self.proof.commit)
    }

    fn outcome(&self, name: &str) -> String {
        self.words.say(&format!("prove-{name}"))
    }

    fn ratio(&self, ratio: &Ratio) -> String {
        self.words.numbers("prove-ratio", &[("noticed", ratio.noticed), ("of", ratio.of)])
    }

    fn class(&self, trial: &Trial) -> &'static str {
        ended(trial)
    }

    fn told(&self, trial: &Trial) -> String {
        self.words.say(&format!("prove-trial-{}", ended(trial)))
    }

    fn said(&self, said: &Say) -> String {
        self.words.said(said)
    }

    fn reaction(&self, trial: &Trial) -> Option<(String, String)> {
        reaction(trial).map(|(by, message)| (self.words.said(by), self.words.said(message)))
    }

    fn seconds(&self, trial: &Trial) -> String {
        seconds(trial)
    }

    fn made_by(&self) -> String {
        self.words.with("report-made-by", &[("version", self.proof.tool.version)])
    }
}
