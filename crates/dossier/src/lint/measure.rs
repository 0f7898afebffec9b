//! Numbers from elsewhere that a paper is compared with: how it fills its pages, and what the evidence counts.

use std::collections::BTreeSet;

use serde::Deserialize;

/// How a compiled paper fills its pages, as the typesetter counted them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Measured {
    /// The pages that count towards the bounds.
    pub pages: u32,
    /// How many lines a full page holds.
    pub lines_per_page: u32,
    /// How many lines the last counted page holds.
    pub last_lines: u32,
    /// The lines of each first-level part, in order.
    pub parts: Vec<(String, u32)>,
}

/// How a number stands to its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// `3 replicas`: the number comes first.
    Count,
    /// `Python 3.12`: the number follows.
    Version,
}

/// A number that the evidence gives.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    pub shape: Shape,
    /// What is counted or versioned, in lower case without accents; a count's name stands for its endings too.
    pub names: Vec<String>,
    /// Every value that the evidence knows: one of them is enough.
    pub values: BTreeSet<String>,
    /// Where the evidence stands, for people.
    pub place: String,
}
