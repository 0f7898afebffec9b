//! Where a candidate stands on the ladder of proof, competence by competence, as the last run found it.

use framework::{Framework, Rung};
use programme::{CriterionId, Enrolment, Stage, Version, Words as Both};

use crate::Status;

/// One competence of one candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ability {
    pub block: String,
    pub title: Both,
    /// The rung on which its weakest criterion stands; `None` when nothing was run.
    pub rung: Option<Rung>,
    /// The highest rung that an indicator of it requires.
    pub required: Rung,
    /// Criteria at or above what is required, of how many.
    pub reached: usize,
    pub total: usize,
    /// The criteria that lack most, weakest first.
    pub weakest: Vec<(CriterionId, Both, Rung)>,
}

impl Ability {
    pub fn status(&self) -> Status {
        match self.rung {
            None => Status::Unknown,
            Some(_) if self.reached == self.total => Status::Reached,
            // What files can show is there; what lacks must be run or read.
            Some(rung) if rung >= Rung::Present => Status::Open,
            Some(_) => Status::Below,
        }
    }
}

/// The ladder of every competence.
pub fn abilities(framework: Option<&Framework>, version: &Version, one: &Enrolment) -> Vec<Ability> {
    let run = one.last_run();
    let ability = |block: &programme::Block| {
        let criteria = version.rubric.criteria.iter().filter(|c| c.block.as_deref() == Some(&*block.id));
        let competence = framework.and_then(|framework| framework.competences.iter().find(|c| c.id == *block.id));
        let whole = competence.and_then(|competence| competence.indicators.iter().map(|i| i.required).max());
        let mut required = Rung::Missing;
        let mut found = Vec::new();
        for criterion in criteria {
            let needs = criterion.indicators.iter().filter_map(|id| framework?.indicator(id)).map(|i| i.required).max();
            // A criterion that names no indicator is shown by those of its competence.
            let needed = needs.or(whole).unwrap_or(Rung::Present);
            required = required.max(needed);
            let rung = run.and_then(|run| run.findings.get(&criterion.id)).and_then(|f| Rung::from_name(&f.rung));
            found.push((criterion, rung, needed));
        }
        let total = found.len();
        let reached = found.iter().filter(|(_, rung, needed)| rung.is_some_and(|rung| rung >= *needed)).count();
        let mut weakest: Vec<_> = found
            .iter()
            .filter(|(_, rung, needed)| rung.is_some_and(|rung| rung < *needed))
            .map(|(criterion, rung, _)| (criterion.id.clone(), criterion.title.clone(), rung.unwrap_or(Rung::Missing)))
            .collect();
        weakest.sort_by(|a, b| a.2.cmp(&b.2).then(a.0.cmp(&b.0)));
        let rung = run.and_then(|_| found.iter().map(|(_, rung, _)| rung.unwrap_or(Rung::Missing)).min());
        Ability { block: block.id.clone(), title: block.title.clone(), rung, required, reached, total, weakest }
    };
    version.rubric.blocks.iter().map(ability).collect()
}

/// A candidate as their coach sees them.
#[derive(Clone, Debug)]
pub struct Standing {
    pub enrolment: programme::EnrolmentId,
    pub name: String,
    pub abilities: Vec<Ability>,
    /// Whether they still work on their project.
    pub learns: bool,
    /// When something last moved.
    pub moved: Option<jiff::Timestamp>,
}

/// One row of the heat map.
pub fn standing(framework: Option<&Framework>, version: &Version, one: &Enrolment, name: &str) -> Standing {
    Standing {
        enrolment: one.id.clone(),
        name: name.to_owned(),
        abilities: abilities(framework, version, one),
        learns: matches!(one.stage, Stage::Applied | Stage::Waiting | Stage::Enrolled),
        moved: one.last_run().map(|run| run.finished),
    }
}
