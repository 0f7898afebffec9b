//! Activities, competences, criteria and indicators: what a person or a product is judged on.

use serde::{Deserialize, Serialize};

use crate::{
    expression::BoolExpr,
    id::Id,
    model::Item,
    passage::Passage,
    requirement::{ProfileRule, Requirement},
    rung::Rung,
    text::Text,
};

/// A professional activity and its tasks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Activity {
    pub id: Id,
    pub title: Text,
    #[serde(default)]
    pub tasks: Vec<Item>,
}

/// A competence, a skill block or a family of requirements.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Competence {
    pub id: Id,
    pub title: Text,
    /// A few words of ours for tables and pictures.
    pub label: Text,
    #[serde(default)]
    pub source_note: Option<Text>,
    /// The activity it stems from.
    #[serde(default)]
    pub activity: Option<Id>,
    /// The tasks of that activity that it covers.
    #[serde(default)]
    pub tasks: Vec<Id>,
    /// The evaluation in which it is judged.
    #[serde(default)]
    pub evaluation: Option<Id>,
    /// What the candidate must do.
    #[serde(default)]
    pub modalities: Vec<Item>,
    #[serde(default)]
    pub criteria: Vec<Criterion>,
    #[serde(default)]
    pub indicators: Vec<Indicator>,
}

/// What a jury pronounces. It has no rung and no expression: the tool never decides a criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    pub id: Id,
    pub title: Text,
    #[serde(default)]
    pub source_note: Option<Text>,
    /// Checks whose evidence is worth showing to the juror who reads it.
    #[serde(default)]
    pub shown_by: Vec<Id>,
}

/// What the tool puts on a rung: an indicator, an item of a skill block or a requirement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    pub id: Id,
    pub title: Text,
    /// A few words of ours for tables.
    #[serde(default)]
    pub label: Option<Text>,
    #[serde(default)]
    pub source_note: Option<Text>,
    /// The rung that the framework asks for.
    pub required: Rung,
    /// The checks that put it on [`Rung::Present`]; without them, files cannot show it.
    #[serde(default)]
    pub present: Option<BoolExpr>,
    /// What it takes beyond files and history to reach the required rung.
    #[serde(default)]
    pub needs: Vec<Need>,
    /// The experiments (by name, see [`Experiment`]) that put it on [`Rung::Proven`].
    #[serde(default)]
    pub experiments: Vec<Id>,
    /// The passages that put it on [`Rung::Declared`]: any of them.
    #[serde(default)]
    pub declared: Vec<Passage>,
    /// What to do next, beyond the advice of the checks.
    #[serde(default)]
    pub advice: Option<Text>,
    /// What only requirements have.
    #[serde(default)]
    pub requirement: Option<Requirement>,
    /// What changes with the target platform.
    #[serde(default)]
    pub profiles: Vec<ProfileRule>,
}

/// What an indicator waits for when checks cannot settle it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// Something must be built or run.
    Run,
    /// A live platform, cluster or forge must be asked.
    Cluster,
    /// A person must read it.
    Reader,
}

impl Need {
    /// The words that follow « unknown: needs ».
    pub fn label(self) -> Text {
        match self {
            Need::Run => Text::new("une exécution", "a run"),
            Need::Cluster => Text::new("un environnement vivant", "a live environment"),
            Need::Reader => Text::new("un lecteur", "a reader"),
        }
    }
}

/// How far checks settle an indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Extent {
    /// Met checks are all that is asked.
    Full,
    /// Met checks are a part; the rest is in [`Indicator::needs`].
    Partial,
    /// No check says anything.
    None,
}

/// How an indicator is judged on one target platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied<'a> {
    /// By these checks.
    Checks(&'a BoolExpr),
    /// By no check: it stays unknown until what it [needs](Indicator::needs).
    NoCheck,
    /// Not asked on that platform, for the reason given.
    NotApplicable(&'a Text),
}

impl Indicator {
    /// How far checks settle it, whatever the profile.
    pub fn extent(&self) -> Extent {
        let checked = self.present.is_some() || self.profiles.iter().any(|p| p.present.is_some());
        match checked {
            false => Extent::None,
            true if self.required <= Rung::Present => Extent::Full,
            true => Extent::Partial,
        }
    }

    /// Which checks judge it on a target platform; without a profile, or when the profile says
    /// nothing about it, its own.
    pub fn applied(&self, profile: Option<&str>) -> Applied<'_> {
        let rule = profile.and_then(|id| self.profiles.iter().find(|rule| rule.profile == id));
        if let Some(rule) = rule
            && rule.not_applicable
        {
            return Applied::NotApplicable(&rule.reason);
        }
        match rule.and_then(|rule| rule.present.as_ref()).or(self.present.as_ref()) {
            Some(expression) => Applied::Checks(expression),
            None => Applied::NoCheck,
        }
    }

    /// Every check it names, in any profile, each once.
    pub fn checks(&self) -> Vec<&Id> {
        let profiles = self.profiles.iter().filter_map(|rule| rule.present.as_ref());
        let mut found: Vec<&Id> = Vec::new();
        for id in self.present.iter().chain(profiles).flat_map(BoolExpr::checks) {
            if !found.contains(&id) {
                found.push(id);
            }
        }
        found
    }
}

/// A run with a fault injected. Frameworks name experiments; the tool cannot run them yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Experiment {
    pub id: Id,
    /// What must succeed.
    pub title: Text,
    /// The fault that must be noticed.
    pub control: Text,
}
