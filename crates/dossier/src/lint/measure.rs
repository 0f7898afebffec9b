//! What a paper is compared with: how it fills its pages, what the evidence counts, which code is not as it says.

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
    /// `11 alerts`, of all there are: a text may speak of fewer.
    Total,
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

/// Code that a paper asks for and does not get as it says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Missing {
    /// What stands after the fence.
    pub info: String,
    pub why: Why,
    /// The commit that was read, or how many lines the file has.
    #[serde(default)]
    pub seen: String,
}

/// Why a paper does not get its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    /// No report of that name has a repository.
    Project,
    /// The commit has no such file, or it is no text.
    File,
    /// The file has fewer lines.
    Lines,
    /// What the paper shows is not what stands there.
    Differs,
    /// The lines that are asked for are no range.
    Range,
}
