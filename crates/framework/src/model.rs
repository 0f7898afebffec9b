//! The one shape of every framework: who publishes it, and what it lists.
//!
//! A certification lists competences whose indicators are judged; a requirements framework lists
//! families whose requirements take the place of indicators. Everything else is optional.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    competence::{Activity, Competence, Indicator},
    evaluation::Evaluation,
    id::Id,
    requirement::Profile,
    text::{Lang, Text},
};

/// A framework, whole and valid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Framework {
    #[serde(flatten)]
    pub header: Header,
    pub activities: Vec<Activity>,
    pub themes: Vec<Item>,
    pub competences: Vec<Competence>,
    pub evaluations: Vec<Evaluation>,
    pub glossary: Vec<Term>,
    pub skills: Vec<SkillModule>,
    pub profiles: Vec<Profile>,
}

/// The `framework:` section, written once per pack in `framework.yaml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    pub id: Id,
    /// The version of the pack, not of the programme.
    pub version: String,
    /// The day on which this version of the pack was fixed; exports carry it instead of today.
    pub date: Date,
    pub kind: Kind,
    /// The language of the official wording; the other one is our translation.
    pub source_language: Lang,
    pub title: Text,
    pub summary: Text,
    pub publisher: Text,
    /// What is asked of a person before enrolling.
    #[serde(default)]
    pub prerequisite: Option<Item>,
    /// Elements of the source that are neither competence nor evaluation (its own definitions).
    #[serde(default)]
    pub preamble: Vec<Item>,
    /// What the wording was read from.
    #[serde(default)]
    pub sources: Vec<Source>,
    /// What a reader of the pack must know (gaps and contradictions of the source).
    #[serde(default)]
    pub notes: Vec<Text>,
}

/// What kind of programme a framework describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// It certifies people.
    Certification,
    /// It states what a product must meet.
    Requirements,
}

/// A document or repository that the pack was written from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub title: String,
    #[serde(default)]
    pub url: Option<String>,
    /// The version read: a commit or an edition.
    #[serde(default)]
    pub revision: Option<String>,
    #[serde(default)]
    pub date: Option<Date>,
}

/// An element with an identifier and a wording, and nothing to judge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    pub id: Id,
    pub title: Text,
    /// An anomaly of the source that the wording keeps as it is.
    #[serde(default)]
    pub source_note: Option<Text>,
}

/// An entry of the glossary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    pub id: Id,
    pub term: Text,
    pub definition: Text,
}

/// A module of skills that a programme lists beside its requirements.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SkillModule {
    pub id: Id,
    pub title: Text,
    /// How the programme says that the module is validated.
    pub validated_by: Text,
    pub skills: Vec<Skill>,
}

/// One skill, sometimes made of parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Skill {
    pub id: Id,
    pub title: Text,
    #[serde(default)]
    pub parts: Vec<Item>,
}

impl Framework {
    pub fn id(&self) -> &str {
        &self.header.id
    }

    /// Every indicator with the competence it belongs to, in order.
    pub fn indicators(&self) -> impl Iterator<Item = (&Competence, &Indicator)> {
        self.competences.iter().flat_map(|competence| competence.indicators.iter().map(move |i| (competence, i)))
    }

    pub fn indicator(&self, id: &str) -> Option<&Indicator> {
        self.indicators().map(|(_, indicator)| indicator).find(|indicator| indicator.id == id)
    }

    pub fn profile(&self, id: &str) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.id == id)
    }

    /// The profile used when nobody names one.
    pub fn default_profile(&self) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.default)
    }
}
