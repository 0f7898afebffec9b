//! What a certifier learns from many results: where people fail, how long decisions take, whom coaches carry.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Serialize;

use crate::alpha::{Metric, alpha};
use crate::{Cohort, CriterionId, Enrolment, EnrolmentId, Mark, PersonId, Session, Sheet, Stage, Version};

/// How one criterion went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CriterionRate {
    pub criterion: CriterionId,
    /// How many have a mark for it.
    pub judged: u32,
    /// How many of them reach the title's pass mark on it alone.
    pub reached: u32,
    /// Their mean mark, in hundredths, rounded down.
    pub mean: Mark,
}

/// How a session went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SessionRates {
    /// By stage: cancelled people are counted as such and never as failed.
    pub stages: BTreeMap<&'static str, u32>,
    pub passed: u32,
    pub failed: u32,
    pub criteria: Vec<CriterionRate>,
    /// Hours from hand-in to decision: the one in the middle.
    pub median_hours: Option<i64>,
}

/// Counts a session. All enrolments are judged by the version that each is bound to; criteria of the same id are one.
pub fn rates(versions: &[Version], enrolments: &[Enrolment]) -> SessionRates {
    let mut stages: BTreeMap<&'static str, u32> = BTreeMap::new();
    let (mut passed, mut failed) = (0, 0);
    let mut criteria: BTreeMap<CriterionId, (u32, u32, i64)> = BTreeMap::new();
    let mut hours = Vec::new();
    for enrolment in enrolments {
        *stages.entry(enrolment.stage.name()).or_default() += 1;
        if !matches!(enrolment.stage, Stage::Decided | Stage::Published) {
            continue;
        }
        let (Some(decision), Some(version)) =
            (&enrolment.decision, versions.iter().find(|version| version.number == enrolment.version))
        else {
            continue;
        };
        if decision.grade.passed {
            passed += 1;
        } else {
            failed += 1;
        }
        let scale = version.rubric.scale;
        for (id, mark) in &decision.marks {
            let (judged, reached, sum) = criteria.entry(id.clone()).or_default();
            let won = i64::from(mark.0 - scale.min.0) * 10_000;
            *judged += 1;
            *reached += u32::from(won >= i64::from(scale.max.0 - scale.min.0) * i64::from(version.pass_mark));
            *sum += i64::from(mark.0);
        }
        if let Some(frozen) = enrolment.project.as_ref().and_then(|project| project.frozen) {
            hours.push(decision.at.duration_since(frozen).as_hours());
        }
    }
    let rate = |(criterion, (judged, reached, sum)): (CriterionId, (u32, u32, i64))| CriterionRate {
        criterion,
        judged,
        reached,
        mean: Mark(i32::try_from(sum.div_euclid(i64::from(judged))).unwrap_or_default()),
    };
    hours.sort_unstable();
    let median_hours = if hours.is_empty() { None } else { Some(hours[(hours.len() - 1) / 2]) };
    SessionRates { stages, passed, failed, criteria: criteria.into_iter().map(rate).collect(), median_hours }
}

/// The criteria that fewest reach, weakest first.
pub fn weakest(rates: &SessionRates, most: usize) -> Vec<&CriterionRate> {
    let mut criteria: Vec<&CriterionRate> = rates.criteria.iter().filter(|rate| rate.judged > 0).collect();
    // Shares are compared as fractions, without rounding.
    criteria.sort_by(|a, b| {
        let (left, right) = (u64::from(a.reached) * u64::from(b.judged), u64::from(b.reached) * u64::from(a.judged));
        left.cmp(&right).then_with(|| a.criterion.cmp(&b.criterion))
    });
    criteria.truncate(most);
    criteria
}

/// How many people somebody coaches just now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CoachLoad {
    pub coach: PersonId,
    pub cohorts: u32,
    pub candidates: u32,
    /// Of those, who has not handed in although the date is near or past.
    pub late: u32,
}

/// The load of every coach, heaviest first. `soon` is the moment by which a hand-in counts as near.
pub fn coach_loads(
    cohorts: &[Cohort],
    sessions: &[Session],
    enrolments: &[Enrolment],
    soon: Timestamp,
) -> Vec<CoachLoad> {
    let mut loads: BTreeMap<PersonId, CoachLoad> = BTreeMap::new();
    for cohort in cohorts {
        let of_cohort = |session: &&Session| session.cohort.as_ref() == Some(&cohort.id);
        let mut candidates: BTreeSet<&PersonId> = BTreeSet::new();
        let mut late: BTreeSet<&PersonId> = BTreeSet::new();
        for session in sessions.iter().filter(of_cohort) {
            for enrolment in enrolments.iter().filter(|one| one.session == session.id && one.stage.has_seat()) {
                candidates.insert(&enrolment.person);
                if enrolment.stage == Stage::Enrolled && enrolment.deadline(session.calendar.hand_in) <= soon {
                    late.insert(&enrolment.person);
                }
            }
        }
        for coach in cohort.coaches.iter().collect::<BTreeSet<_>>() {
            let empty = || CoachLoad { coach: coach.clone(), cohorts: 0, candidates: 0, late: 0 };
            let load = loads.entry(coach.clone()).or_insert_with(empty);
            load.cohorts += 1;
            load.candidates += u32::try_from(candidates.len()).unwrap_or(u32::MAX);
            load.late += u32::try_from(late.len()).unwrap_or(u32::MAX);
        }
    }
    let mut loads: Vec<CoachLoad> = loads.into_values().collect();
    loads.sort_by_key(|load| (std::cmp::Reverse(load.candidates), load.coach.clone()));
    loads
}

/// How far the jurors of a session agree, criterion by criterion and over all, on the marks that they gave alone.
pub fn agreement(sheets: &[Sheet]) -> (Option<f64>, BTreeMap<CriterionId, Option<f64>>) {
    let mut units: BTreeMap<(CriterionId, EnrolmentId), Vec<f64>> = BTreeMap::new();
    for sheet in sheets.iter().filter(|sheet| sheet.submitted.is_some()) {
        for (criterion, score) in &sheet.scores {
            let key = (criterion.clone(), sheet.enrolment.clone());
            units.entry(key).or_default().push(f64::from(score.mark.0) / 100.0);
        }
    }
    let all: Vec<Vec<f64>> = units.values().cloned().collect();
    let mut each: BTreeMap<CriterionId, Vec<Vec<f64>>> = BTreeMap::new();
    for ((criterion, _), values) in units {
        each.entry(criterion).or_default().push(values);
    }
    let each = each.into_iter().map(|(id, units)| (id, alpha(&units, Metric::Interval))).collect();
    (alpha(&all, Metric::Interval), each)
}
