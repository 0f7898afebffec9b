//! What requirements have beyond other indicators: level, theme, means of checking, profiles.

use serde::{Deserialize, Serialize};

use crate::{expression::BoolExpr, id::Id, text::Text};

/// The attributes of a requirement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    pub level: Level,
    /// The theme of the source; some rows have none.
    #[serde(default)]
    pub theme: Option<Id>,
    /// The label in the source, when our identifier had to differ to stay unique.
    #[serde(default)]
    pub source_label: Option<String>,
    /// By which means it can be checked at all, by this tool or another.
    pub methods: Vec<Method>,
}

/// How binding a requirement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Level {
    /// Primordial: an offer that does not meet it is rejected.
    P,
    /// Important: it raises quality.
    I,
}

/// A means of checking and how much it tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Method {
    pub by: Means,
    pub strength: Strength,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Means {
    /// Files and history.
    Static,
    /// Building or running it.
    Dynamic,
    /// Asking a live cluster.
    Live,
    /// A person.
    Human,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strength {
    /// It settles at least a part of the requirement.
    Decides,
    /// It gives partial evidence only.
    Hints,
}

/// A target platform. The same manifest can be right on one and refused by another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    pub id: Id,
    pub title: Text,
    pub summary: Text,
    /// The profile used when nobody names one.
    #[serde(default)]
    pub default: bool,
    /// What the platform does with a manifest that breaks its rules, per environment.
    #[serde(default)]
    pub enforcement: Vec<Enforcement>,
    /// The contradictions of the source that this profile settles, and how.
    #[serde(default)]
    pub settles: Vec<Settlement>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enforcement {
    /// The kind of environment: `development`, `pre-production`, `production`.
    pub environment: String,
    pub mode: Mode,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Reported, and admitted.
    Audit,
    /// Refused.
    Enforce,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settlement {
    pub requirement: Id,
    pub decision: Text,
}

/// How one profile changes one requirement: other checks, or not asked at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileRule {
    pub profile: Id,
    #[serde(default)]
    pub present: Option<BoolExpr>,
    #[serde(default)]
    pub not_applicable: bool,
    pub reason: Text,
}
