//! What an experiment found.

use serde::{Deserialize, Serialize};

/// How an experiment ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "outcome")]
pub enum Outcome {
    /// It ran, and every control was noticed where it should.
    Proven,
    /// It did not run, or a control went unnoticed.
    Refuted { because: String },
    /// What it needs is not here, or the subject cannot be brought to its baseline for a reason that is not its own.
    NotProvableHere { because: String },
    /// The same state was judged twice and differently.
    Flaky { because: String },
}

/// One fault, and whether it was noticed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// The id of the fault.
    pub fault: String,
    /// What was changed, where: `src/order.py:14 <= became <`.
    pub change: String,
    pub notice: Notice,
    pub millis: u64,
}

/// Whether a fault was noticed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "notice")]
pub enum Notice {
    /// The detector reacted, in the right place.
    Noticed { detector: String, message: String },
    /// Something reacted, elsewhere than where it must: a broken build does not show that tests have teeth.
    Misplaced { detector: String, message: String },
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
    pub stand_ins: Vec<String>,
}
