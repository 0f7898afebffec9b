//! Faults as data: a mistake seen in the field, seeded in the reference application, and who must notice it.

mod catalogue;
mod edit;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::{id::Id, text::Text};

pub(crate) use catalogue::is_catalogue;
pub use catalogue::{Catalogue, load_catalogue};
pub use edit::{Edit, EditError, Tree, apply};

/// One mistake.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    pub id: Id,
    pub title: Text,
    /// What it belongs to: a competence, or a subject that crosses them.
    pub area: Area,
    /// From 1, visible at a glance, to 3, which takes an expert.
    pub difficulty: u8,
    /// Faults of one family may stand for each other in a lab.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    /// The healthy variants on which it is seeded, where the reference application is redundant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on: Vec<Id>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<Edit>,
    /// What is done to the running system instead of, or after, the edits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<Text>,
    pub symptom: Text,
    pub hint: Text,
    pub explanation: Text,
    /// Checks that must fall, or experiments that must fail.
    pub noticed_by: Vec<Id>,
    /// Checks that fall with them by right.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Id>,
    /// The line that the evidence must touch; an absence is cited nowhere.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

/// A line of a file, found by a part of its text.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    pub path: String,
    pub line: String,
}

/// What a fault belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Area {
    C1,
    C2,
    C3,
    C4,
    C5,
    C6,
    C7,
    #[serde(rename = "image")]
    Image,
    #[serde(rename = "kubernetes")]
    Kubernetes,
    #[serde(rename = "security")]
    Security,
    #[serde(rename = "supply")]
    Supply,
    #[serde(rename = "versioning")]
    Versioning,
    #[serde(rename = "documents")]
    Documents,
}

impl Area {
    /// As packs write it.
    pub fn name(self) -> &'static str {
        match self {
            Area::C1 => "C1",
            Area::C2 => "C2",
            Area::C3 => "C3",
            Area::C4 => "C4",
            Area::C5 => "C5",
            Area::C6 => "C6",
            Area::C7 => "C7",
            Area::Image => "image",
            Area::Kubernetes => "kubernetes",
            Area::Security => "security",
            Area::Supply => "supply",
            Area::Versioning => "versioning",
            Area::Documents => "documents",
        }
    }
}

/// The same quality in another form: no check may fall.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    pub id: Id,
    pub title: Text,
    pub edits: Vec<Edit>,
    /// Checks that have nothing to examine in this form, by right.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<Id>,
}

/// One or several faults to repair, or something to build, in a limited time.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lab {
    pub id: Id,
    pub title: Text,
    pub statement: Text,
    pub minutes: u32,
    pub points: u32,
    /// The share of the points that passes, in percent.
    pub pass: u32,
    /// What each hint costs, in percent of the points.
    pub hint: u32,
    /// What each check costs that was met at the start and no longer is, in percent of the points.
    pub breaking: u32,
    /// The healthy variants that the repository starts from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on: Vec<Id>,
    /// What is seeded. A task with several faults seeds as many of them as it says, chosen by the seed.
    pub tasks: Vec<Task>,
    /// What runs while it is repaired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub services: Option<Services>,
    /// What a grader here cannot see, said plainly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beyond: Option<Text>,
}

/// The services of a lab: a Compose file of the repository, and the addresses that must answer well.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Services {
    pub compose: String,
    pub asks: Vec<String>,
}

/// A part of a lab that is graded by itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    pub faults: Vec<Id>,
    /// How many of the faults are seeded; all without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pick: Option<usize>,
    pub points: u32,
}
