//! What an experiment found.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::protocol::FaultKind;
use crate::say::Say;

/// How an experiment ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "outcome")]
pub enum Outcome {
    /// It ran, and every control was noticed where it should.
    Proven,
    /// It did not run, or a control went unnoticed.
    Refuted { because: Say },
    /// What it needs is not here, or the subject cannot be brought to its baseline for a reason that is not its own.
    NotProvableHere { because: Say },
    /// The same state was judged twice and differently.
    Flaky { because: Say },
}

impl Outcome {
    /// The word of the records: `proven`, `refuted`, `not-provable-here`, `flaky`.
    pub fn name(&self) -> &'static str {
        match self {
            Outcome::Proven => "proven",
            Outcome::Refuted { .. } => "refuted",
            Outcome::NotProvableHere { .. } => "not-provable-here",
            Outcome::Flaky { .. } => "flaky",
        }
    }

    /// Why it is not proven.
    pub fn because(&self) -> Option<&Say> {
        match self {
            Outcome::Proven => None,
            Outcome::Refuted { because } | Outcome::NotProvableHere { because } | Outcome::Flaky { because } => {
                Some(because)
            }
        }
    }
}

/// One fault, and whether it was noticed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// The id of the fault.
    pub fault: String,
    /// What was changed, where: `src/order.py:14: <= became <`.
    pub change: Say,
    pub kind: FaultKind,
    /// The detector that is meant to notice it.
    pub detector: Say,
    /// Where it was changed, when that is in a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<At>,
    #[serde(flatten)]
    pub notice: Notice,
    pub millis: u64,
}

/// A line of a file of the subject.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct At {
    pub path: String,
    pub line: usize,
}

/// Whether a fault was noticed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "notice")]
pub enum Notice {
    /// The detector reacted, in the right place.
    Noticed { by: Say, message: Say },
    /// Something reacted, elsewhere than where it must: a broken build does not show that tests have teeth.
    Misplaced { by: Say, message: Say },
    /// Nothing reacted: a survivor.
    Missed,
}

/// All that an experiment found about one subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub experiment: String,
    pub subject: String,
    #[serde(flatten)]
    pub outcome: Outcome,
    pub trials: Vec<Trial>,
    /// What stood in for something that could not be had: an image, an action, a provider.
    pub stand_ins: Vec<Say>,
    /// What was seen on the way and does not decide: a step that cannot fail, a job that was skipped.
    pub notes: Vec<Say>,
    /// Documents that were made on the way, by file name: they are written beside the report, not in it.
    #[serde(skip)]
    pub papers: BTreeMap<String, String>,
}

/// How many of the faults meant for a detector it noticed. What only something else noticed is not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ratio {
    pub noticed: usize,
    pub of: usize,
}

impl Finding {
    /// An experiment that could not start.
    pub fn not_provable(experiment: &str, subject: &str, because: impl Into<Say>) -> Self {
        Self {
            experiment: experiment.into(),
            subject: subject.into(),
            outcome: Outcome::NotProvableHere { because: because.into() },
            trials: Vec::new(),
            stand_ins: Vec::new(),
            notes: Vec::new(),
            papers: BTreeMap::new(),
        }
    }

    /// The kill ratio of every detector.
    pub fn ratios(&self) -> BTreeMap<&Say, Ratio> {
        let mut ratios: BTreeMap<&Say, Ratio> = BTreeMap::new();
        for trial in self.trials.iter().filter(|trial| trial.counts()) {
            let ratio = ratios.entry(&trial.detector).or_default();
            ratio.of += 1;
            ratio.noticed += usize::from(trial.noticed());
        }
        ratios
    }

    /// The faults that nothing noticed.
    pub fn survivors(&self) -> impl Iterator<Item = &Trial> {
        self.trials.iter().filter(|trial| trial.kind != FaultKind::Null && trial.notice == Notice::Missed)
    }
}

impl Trial {
    pub fn noticed(&self) -> bool {
        matches!(self.notice, Notice::Noticed { .. })
    }

    /// Whether it says something of its detector: of a sample, what broke something else on the way does not.
    fn counts(&self) -> bool {
        match self.kind {
            FaultKind::Null => false,
            FaultKind::Control => true,
            FaultKind::Sampled => !matches!(self.notice, Notice::Misplaced { .. }),
        }
    }
}
