//! A title and its dated versions: framework, rubric and rules are data, since the sources leave them open.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::act::bounded;
use crate::people::named_well;
use crate::{
    Act, Change, CriterionId, Event, JuryRules, Mark, OralPlan, OrganisationId, PaperRule, Refusal, Scale, Subject,
    TitleId, Words,
};

/// How many keys a title may trust.
const MOST_KEYS: usize = 50;

/// What a certifier awards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Title {
    pub id: TitleId,
    pub certifier: OrganisationId,
    pub name: Words,
    /// Oldest first; a version is never changed, only followed by another.
    pub versions: Vec<Version>,
    /// The public keys, in PEM, whose signed records of runs are believed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trusted: Vec<String>,
}

/// The rules of a title from one day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Counts from 1; [`Title::add_version`] gives it.
    #[serde(default)]
    pub number: u32,
    pub in_force: Date,
    pub framework: FrameworkRef,
    pub rubric: Rubric,
    /// The share of all points that passes, in hundredths of a percent: 8000 is 80 %.
    pub pass_mark: u32,
    pub compensation: Compensation,
    /// How far a juror may go from the prepared finding without saying why.
    pub tolerance: Mark,
    pub jury: JuryRules,
    #[serde(default)]
    pub oral: Option<OralPlan>,
    #[serde(default)]
    pub papers: Vec<PaperRule>,
    /// Kinds of documents that a candidate must show, such as `experience` or `ckad`.
    #[serde(default)]
    pub prerequisites: Vec<String>,
    /// How long an award holds; `None` is for life.
    #[serde(default)]
    pub validity_months: Option<u32>,
    /// How many days before its end an award may be renewed.
    #[serde(default)]
    pub renewal_days: u32,
    /// How many days after publication an appeal may be filed.
    #[serde(default)]
    pub appeal_days: u32,
}

/// Which framework, exactly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrameworkRef {
    pub id: String,
    pub version: String,
    /// SHA-256 of the pack, in hexadecimal, so that results stay recomputable.
    pub digest: String,
}

/// What jurors score, on which scale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rubric {
    pub scale: Scale,
    pub criteria: Vec<Criterion>,
    #[serde(default)]
    pub blocks: Vec<Block>,
}

impl Rubric {
    pub fn criterion(&self, id: &CriterionId) -> Option<&Criterion> {
        self.criteria.iter().find(|criterion| criterion.id == *id)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    pub id: CriterionId,
    pub title: Words,
    pub weight: u32,
    /// The block that it belongs to, by id.
    #[serde(default)]
    pub block: Option<String>,
    /// Eliminatory: a mark below it fails, whatever the rest.
    #[serde(default)]
    pub floor: Option<Mark>,
    /// The indicators or checks of the framework that prepare its finding.
    #[serde(default)]
    pub indicators: Vec<String>,
}

/// A group of criteria that may have a pass mark of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    pub id: String,
    pub title: Words,
    #[serde(default)]
    pub pass_mark: Option<u32>,
}

/// Whether what is strong makes up for what is weak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Compensation {
    /// Only the weighted share of all counts.
    Full,
    /// Within a block; every block must reach its pass mark (or the title's).
    WithinBlocks,
    /// Every criterion must reach this share of the scale by itself.
    None { each: u32 },
    /// At most so many criteria may lie below this share of the scale.
    Bounded { below: u32, at_most: u32 },
}

impl Title {
    /// # Errors
    /// When it has no name.
    pub fn create(id: TitleId, certifier: OrganisationId, name: Words, act: Act) -> Result<(Title, Event), Refusal> {
        named_well(&name.fr)?;
        named_well(&name.en)?;
        let event = Event::new(Subject::Title(id.clone()), act, Change::TitleCreated {});
        Ok((Title { id, certifier, name, versions: Vec::new(), trusted: Vec::new() }, event))
    }

    /// Says whose signed records of runs are believed from now on; what was believed before stays as it was found.
    ///
    /// # Errors
    /// When a key is longer than any, or there are too many.
    pub fn trust(&mut self, keys: Vec<String>, act: Act) -> Result<Event, Refusal> {
        for key in &keys {
            bounded(key)?;
        }
        if keys.len() > MOST_KEYS {
            return Err(Refusal::TextTooLong { most: MOST_KEYS });
        }
        let change = Change::KeysTrusted { count: keys.len() };
        self.trusted = keys;
        Ok(Event::new(Subject::Title(self.id.clone()), act, change))
    }

    /// Adds a version that is in force from a day on, later than all others.
    ///
    /// # Errors
    /// When it is dated back or its rules contradict themselves.
    pub fn add_version(&mut self, mut version: Version, act: Act) -> Result<Event, Refusal> {
        if let Some(last) = self.versions.last()
            && version.in_force <= last.in_force
        {
            return Err(Refusal::VersionNotLater { last: last.in_force });
        }
        version.check()?;
        version.number = u32::try_from(self.versions.len()).unwrap_or(u32::MAX).saturating_add(1);
        let change = Change::VersionDated { number: version.number, in_force: version.in_force };
        self.versions.push(version);
        Ok(Event::new(Subject::Title(self.id.clone()), act, change))
    }

    /// The version that somebody who enrols on this day is bound to.
    ///
    /// # Errors
    /// When the title did not exist yet.
    pub fn in_force(&self, date: Date) -> Result<&Version, Refusal> {
        let found = self.versions.iter().rev().find(|version| version.in_force <= date);
        found.ok_or(Refusal::NoVersionInForce { date })
    }

    /// # Errors
    /// When there is no such version.
    pub fn version(&self, number: u32) -> Result<&Version, Refusal> {
        self.versions.iter().find(|version| version.number == number).ok_or(Refusal::NoSuchVersion { number })
    }
}

impl Version {
    /// Refuses rules that no candidate could be judged by.
    ///
    /// # Errors
    /// With the first rule that contradicts itself.
    pub fn check(&self) -> Result<(), Refusal> {
        let rubric = &self.rubric;
        if !rubric.scale.is_fit() {
            return Err(Refusal::ScaleUnfit {});
        }
        if rubric.criteria.is_empty() {
            return Err(Refusal::RubricEmpty {});
        }
        for (nth, criterion) in rubric.criteria.iter().enumerate() {
            let id = &criterion.id;
            if rubric.criteria[..nth].iter().any(|other| other.id == *id) {
                return Err(Refusal::CriterionTwice { criterion: id.clone() });
            }
            if criterion.weight == 0 || criterion.weight > 10_000 {
                return Err(Refusal::WeightZero { criterion: id.clone() });
            }
            if let Some(floor) = criterion.floor.filter(|floor| !rubric.scale.has(*floor)) {
                return Err(Refusal::MarkOutside { criterion: id.clone(), mark: floor });
            }
            let known = |block: &String| rubric.blocks.iter().any(|known| known.id == *block);
            if criterion.block.as_ref().is_some_and(|block| !known(block)) {
                return Err(Refusal::NotFilled { field: "block" });
            }
        }
        let shares = rubric.blocks.iter().filter_map(|block| block.pass_mark).chain([self.pass_mark]);
        if shares.into_iter().any(|share| share > 10_000) {
            return Err(Refusal::PercentOutside { field: "pass_mark" });
        }
        match self.compensation {
            Compensation::None { each: share } | Compensation::Bounded { below: share, .. } if share > 10_000 => {
                return Err(Refusal::PercentOutside { field: "compensation" });
            }
            _ => {}
        }
        if let Some(oral) = &self.oral {
            oral.check()?;
        }
        self.jury.check()
    }

    pub fn paper(&self, id: &crate::PaperId) -> Option<&PaperRule> {
        self.papers.iter().find(|paper| paper.id == *id)
    }
}
