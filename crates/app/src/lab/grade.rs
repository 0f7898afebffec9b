//! A grade: which faults were repaired, what broke beside them, what was not honest, and the points that follow.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use verdict::Outcome;

use super::draw::{Drawn, Seeded};
use super::honest::Caught;
use super::services::Live;
use crate::words::Words;

/// The shape of the JSON form.
const FORMAT: &str = "preuve-lab-grade/1";

/// What a run of an experiment showed: its outcome by name, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    pub proven: bool,
    pub because: String,
}

/// Points are told in hundredths, so that a third of one stays exact enough for everybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Grade {
    format: &'static str,
    pub lab: String,
    pub title: String,
    pub seed: u64,
    pub commit: String,
    pub tasks: Vec<TaskGrade>,
    /// Checks that were met at the start and no longer are.
    pub broken: Vec<Broken>,
    pub caught: Vec<Caught>,
    /// None when there is no journal to tell.
    pub hints: Option<usize>,
    pub time: Time,
    /// What was earned before anything was taken off.
    pub earned: u32,
    pub taken_off: u32,
    pub points: u32,
    pub of: u32,
    /// The share that passes, in percent.
    pub pass: u32,
    pub passed: bool,
    /// Whether a part can only be told by a run that was not made.
    pub open: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beyond: Option<String>,
    /// Files that are not as the commit has them.
    pub uncommitted: usize,
    /// How what runs stands, where the lab has services.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live: Option<Live>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TaskGrade {
    pub points: u32,
    pub of: u32,
    pub faults: Vec<FaultGrade>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FaultGrade {
    pub symptom: String,
    /// What the mistake was; told once it is repaired.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    pub state: State,
    /// The checks or experiments that decide, each with what it says.
    pub told_by: Vec<(String, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    Repaired,
    Standing,
    NeedsRun,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Broken {
    pub check: String,
    pub question: String,
    pub places: Vec<String>,
}

/// How the work stands in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "state", content = "minutes")]
pub enum Time {
    /// Minutes that were left when the last commit says that it was made.
    Within(i64),
    /// Minutes after the end.
    Late(i64),
    Unknown,
}

impl Grade {
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("strings and numbers are always written") + "\n"
    }
}

/// What a grade is made of.
pub(super) struct Ground<'a> {
    pub drawn: &'a Drawn<'a>,
    pub seed: u64,
    pub commit: String,
    pub after: &'a BTreeMap<String, Outcome>,
    pub runs: &'a BTreeMap<String, Ran>,
    pub broken: Vec<Broken>,
    pub caught: Vec<Caught>,
    pub hints: Option<usize>,
    pub time: Time,
    pub uncommitted: usize,
    pub live: Option<Live>,
}

/// Whether a fault is repaired, and what says so.
pub(super) fn judge(
    seeded: &Seeded<'_>,
    after: &BTreeMap<String, Outcome>,
    runs: &BTreeMap<String, Ran>,
    words: Words,
) -> (State, Vec<(String, String)>) {
    let mut told = Vec::new();
    let mut state = State::Repaired;
    for id in &seeded.fault.noticed_by {
        let (here, says) = match (after.get(&**id), runs.get(&**id)) {
            (Some(outcome), _) => {
                let state = if *outcome == Outcome::Met { State::Repaired } else { State::Standing };
                (state, words.say(&format!("outcome-{}", outcome.name())))
            }
            (None, Some(ran)) => (if ran.proven { State::Repaired } else { State::Standing }, ran.because.clone()),
            (None, None) => (State::NeedsRun, words.say("lab-needs-run")),
        };
        told.push((id.to_string(), says));
        // What stands is worse than what is open, which is worse than what is repaired.
        state = match (state, here) {
            (State::Standing, _) | (_, State::Standing) => State::Standing,
            (State::NeedsRun, _) | (_, State::NeedsRun) => State::NeedsRun,
            _ => State::Repaired,
        };
    }
    (state, told)
}

/// Checks that were met and no longer are.
pub(super) fn fallen<'a>(
    before: &'a BTreeMap<String, Outcome>,
    after: &BTreeMap<String, Outcome>,
) -> BTreeSet<&'a str> {
    let met = before.iter().filter(|(_, outcome)| **outcome == Outcome::Met);
    met.map(|(id, _)| id.as_str()).filter(|id| after.get(*id) != Some(&Outcome::Met)).collect()
}

/// The points that follow from what was found.
pub(super) fn grade(ground: Ground<'_>, words: Words) -> Grade {
    let lab = ground.drawn.lab;
    let of = lab.points * 100;
    let mut tasks = Vec::new();
    for task in &ground.drawn.tasks {
        let share = |count: usize| {
            let whole = u64::from(task.points) * 100 * u64::try_from(count).unwrap_or(0);
            u32::try_from(whole / u64::try_from(task.faults.len().max(1)).unwrap_or(1)).unwrap_or(0)
        };
        let faults: Vec<FaultGrade> = task.faults.iter().map(|seeded| fault(seeded, &ground, words)).collect();
        let repaired = faults.iter().filter(|fault| fault.state == State::Repaired).count();
        tasks.push(TaskGrade { points: share(repaired), of: task.points * 100, faults });
    }
    let earned: u32 = tasks.iter().map(|task| task.points).sum();
    let off = |percent: u32, count: usize| of / 100 * percent * u32::try_from(count).unwrap_or(u32::MAX / of.max(1));
    let unwell = usize::from(matches!(ground.live, Some(Live::Unwell(_))));
    let fell = ground.broken.len() + unwell;
    let taken_off = off(lab.hint, ground.hints.unwrap_or(0)).saturating_add(off(lab.breaking, fell));
    let points = if ground.caught.is_empty() { earned.saturating_sub(taken_off) } else { 0 };
    let unseen = matches!(ground.live, Some(Live::Absent | Live::Behind(_)));
    let open = unseen || tasks.iter().flat_map(|task| &task.faults).any(|fault| fault.state == State::NeedsRun);
    let enough = u64::from(points) * 100 >= u64::from(of) * u64::from(lab.pass);
    Grade {
        format: FORMAT,
        lab: lab.id.to_string(),
        title: words.of(&lab.title).to_owned(),
        seed: ground.seed,
        commit: ground.commit,
        tasks,
        broken: ground.broken,
        caught: ground.caught,
        hints: ground.hints,
        time: ground.time,
        earned,
        taken_off: taken_off.min(earned),
        points,
        of,
        pass: lab.pass,
        passed: enough && matches!(ground.live, None | Some(Live::Well)) && !matches!(ground.time, Time::Late(_)),
        open,
        beyond: lab.beyond.as_ref().map(|text| words.of(text).to_owned()),
        uncommitted: ground.uncommitted,
        live: ground.live,
    }
}

fn fault(seeded: &Seeded<'_>, ground: &Ground<'_>, words: Words) -> FaultGrade {
    let (state, told_by) = judge(seeded, ground.after, ground.runs, words);
    FaultGrade {
        symptom: words.of(&seeded.fault.symptom).to_owned(),
        title: (state == State::Repaired).then(|| words.of(&seeded.fault.title).to_owned()),
        state,
        told_by,
    }
}
