//! The protocol that every experiment follows, whatever its subject.
//!
//! Baseline, null fault, each fault with its restore, baseline again. It does no input or output of its own: a [`Subject`]
//! does, and a test plays one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::finding::At;
use crate::say::{Say, Spoken, say};
use crate::{Finding, Notice, Outcome, Trial};

/// What is proved: it can be observed, broken and mended.
pub trait Subject {
    /// Runs everything that should notice, and says what reacted. No reaction: all is well.
    ///
    /// # Errors
    /// When nothing can be said of the subject: the engine failed, or what it needs is not here.
    fn observe(&mut self) -> Result<Vec<Reaction>, Stop>;
    /// # Errors
    /// As [`Subject::observe`].
    fn inject(&mut self, fault: &Fault) -> Result<(), Stop>;
    /// Brings the state back to what it was before the fault.
    ///
    /// # Errors
    /// As [`Subject::observe`].
    fn restore(&mut self) -> Result<(), Stop>;
    /// Those of these faults that can be in at once without one hiding, or mending, another. What stands in no group of
    /// several is tried alone.
    fn groups<'f>(&self, _: &[&'f Fault]) -> Vec<Vec<&'f Fault>> {
        Vec::new()
    }
    /// Breaks the subject in all these ways, observes it once and restores it. Gives the reaction to each fault, in their
    /// order, or nothing when it is not certain of every single one that it was noticed in its place.
    ///
    /// # Errors
    /// As [`Subject::observe`].
    fn together(&mut self, _: &[&Fault]) -> Result<Option<Vec<Reaction>>, Stop> {
        Ok(None)
    }
    /// The clock of the run, for the times of trials.
    fn millis(&self) -> u64;
    /// What was found to stand in for something else.
    fn stand_ins(&self) -> Vec<Say> {
        Vec::new()
    }
    /// Documents that were made on the way, by file name.
    fn papers(&self) -> BTreeMap<String, String> {
        BTreeMap::new()
    }
    /// What was seen on the way and does not decide.
    fn notes(&self) -> Vec<Say> {
        Vec::new()
    }
}

/// Who follows the run: hears what is broken now, keeps what is done, and knows when time is up.
pub trait Journal {
    fn say(&mut self, what: &Say);
    /// A trial of an earlier run of the same plan on the same commit.
    fn recall(&mut self, fault: &Fault) -> Option<Trial>;
    fn keep(&mut self, trial: &Trial);
    /// The subject was judged: what was kept of its trials is of no more use.
    fn done(&mut self) {}
    /// Whether the budget is spent: the rest of a sample is then left out, and said.
    fn spent(&self) -> bool;
}

/// Follows a run and keeps nothing of it.
pub struct Silent;

impl Journal for Silent {
    fn say(&mut self, _: &Say) {}
    fn recall(&mut self, _: &Fault) -> Option<Trial> {
        None
    }
    fn keep(&mut self, _: &Trial) {}
    fn spent(&self) -> bool {
        false
    }
}

/// A detector that reacted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reaction {
    /// What reacted: `job test, step 2`, `alert ServiceDown`.
    pub detector: Say,
    /// What kind of place it is, to compare with where the fault must be noticed.
    pub place: Place,
    pub message: Say,
}

/// Where a reaction takes place: experiments name their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place(pub &'static str);

/// Something that is broken on purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub id: String,
    pub change: Say,
    pub kind: FaultKind,
    /// The detector that is meant to notice it: kill ratios are told for each.
    pub detector: Say,
    /// Where it is made, when that is a line of a file.
    pub at: Option<At>,
    /// The places where a reaction counts as noticing it.
    pub noticed_in: Vec<Place>,
}

impl Fault {
    /// One that is made at a line of a file.
    pub(crate) fn in_file(
        id: impl Into<String>,
        change: impl Into<Say>,
        kind: FaultKind,
        detector: impl Into<Say>,
        (path, line): (&str, usize),
        noticed_in: &[Place],
    ) -> Self {
        let at = Some(At { path: path.to_owned(), line });
        Self {
            id: id.into(),
            change: change.into(),
            kind,
            detector: detector.into(),
            at,
            noticed_in: noticed_in.to_vec(),
        }
    }
}

/// What its outcome means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// Nothing that matters is changed: a reaction shows that the detector is flaky, or sees the change and not what it
    /// does. Where it names places, a reaction elsewhere says nothing.
    Null,
    /// It must be noticed.
    Control,
    /// One of a sample: the share that is noticed counts.
    Sampled,
}

/// The experiment cannot go on, and it is not the subject's fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop(pub Say);

impl From<sandbox::Failure> for Stop {
    fn from(failure: sandbox::Failure) -> Self {
        Self(failure.spoken())
    }
}

/// What is asked of the sample: the least share of noticed faults, in percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Teeth(pub u8);

/// Conducts the whole protocol over a subject whose baseline can be observed.
pub fn conduct(
    experiment: &str,
    name: &str,
    subject: &mut dyn Subject,
    faults: &[Fault],
    teeth: Teeth,
    journal: &mut dyn Journal,
) -> Finding {
    let mut trials = Vec::new();
    let outcome = match attempt(subject, faults, teeth, &mut trials, journal) {
        Ok(outcome) => outcome,
        Err(Stop(because)) => Outcome::NotProvableHere { because },
    };
    let notes = subject.notes();
    let stand_ins = subject.stand_ins();
    let papers = subject.papers();
    Finding { experiment: experiment.into(), subject: name.into(), outcome, trials, stand_ins, notes, papers }
}

fn attempt(
    subject: &mut dyn Subject,
    faults: &[Fault],
    teeth: Teeth,
    trials: &mut Vec<Trial>,
    journal: &mut dyn Journal,
) -> Result<Outcome, Stop> {
    journal.say(&say!("baseline"));
    if let Some(first) = subject.observe()?.first() {
        return Ok(Outcome::Refuted {
            because: say!("baseline-red", detector = first.detector, message = first.message),
        });
    }
    let recalled = faults.iter().filter_map(|fault| Some((fault.id.clone(), journal.recall(fault)?)));
    let mut done: BTreeMap<String, Trial> = recalled.collect();
    let mut alone = false;
    for (at, fault) in faults.iter().enumerate() {
        if !alone && fault.kind != FaultKind::Null {
            let open: Vec<&Fault> = faults[at..].iter().filter(|fault| !done.contains_key(&fault.id)).collect();
            done.extend(try_together(subject, &open, journal)?);
            alone = true;
        }
        let known = done.remove(&fault.id);
        if known.is_none() && fault.kind == FaultKind::Sampled && journal.spent() {
            let (tried, all) = (trials.len(), faults.len());
            // What was tried is kept: another run goes on from there.
            return Err(Stop(say!("time-spent", tried, all)));
        }
        let trial = if let Some(known) = known {
            known
        } else {
            journal.say(&fault.change);
            let trial = try_fault(subject, fault)?;
            journal.keep(&trial);
            trial
        };
        let elsewhere = matches!(trial.notice, Notice::Misplaced { .. }) && !fault.noticed_in.is_empty();
        let stop = fault.kind == FaultKind::Null && trial.notice != Notice::Missed && !elsewhere;
        trials.push(trial);
        if stop {
            return Ok(Outcome::Flaky { because: say!("taken-for-fault", change = fault.change) });
        }
    }
    journal.say(&say!("baseline-again"));
    if let Some(first) = subject.observe()?.first() {
        return Ok(Outcome::Flaky {
            because: say!("restored-red", detector = first.detector, message = first.message),
        });
    }
    Ok(weigh(trials, teeth))
}

/// Tries several faults at once where the subject can tell them apart. A group that is not noticed as a whole is halved, and
/// what is left of it is tried alone: an outcome against the subject always comes from a fault by itself.
fn try_together(
    subject: &mut dyn Subject,
    faults: &[&Fault],
    journal: &mut dyn Journal,
) -> Result<BTreeMap<String, Trial>, Stop> {
    let mut trials = BTreeMap::new();
    let spent = journal.spent();
    let open = |fault: &&Fault| fault.kind == FaultKind::Control || (fault.kind == FaultKind::Sampled && !spent);
    let open: Vec<&Fault> = faults.iter().copied().filter(open).collect();
    let mut groups = subject.groups(&open);
    groups.reverse();
    while let Some(group) = groups.pop() {
        if group.len() < 2 || (journal.spent() && group.iter().any(|fault| fault.kind == FaultKind::Sampled)) {
            continue;
        }
        group.iter().for_each(|fault| journal.say(&fault.change));
        let started = subject.millis();
        let Some(reactions) = subject.together(&group)? else {
            let (one, other) = group.split_at(group.len() / 2);
            groups.extend([other.to_vec(), one.to_vec()]);
            continue;
        };
        let share = subject.millis().saturating_sub(started) / group.len() as u64;
        for (fault, reaction) in group.into_iter().zip(reactions) {
            let trial = judged(fault, &[reaction], share);
            journal.keep(&trial);
            trials.insert(fault.id.clone(), trial);
        }
    }
    Ok(trials)
}

fn try_fault(subject: &mut dyn Subject, fault: &Fault) -> Result<Trial, Stop> {
    let started = subject.millis();
    subject.inject(fault)?;
    let observed = subject.observe();
    let millis = subject.millis().saturating_sub(started);
    // Even when nothing could be observed, the next state must be clean.
    subject.restore()?;
    Ok(judged(fault, &observed?, millis))
}

fn judged(fault: &Fault, reactions: &[Reaction], millis: u64) -> Trial {
    let in_place = reactions.iter().find(|reaction| fault.noticed_in.contains(&reaction.place));
    let notice = match (in_place, reactions.first()) {
        (Some(reaction), _) => Notice::Noticed { by: reaction.detector.clone(), message: reaction.message.clone() },
        (None, Some(reaction)) => {
            Notice::Misplaced { by: reaction.detector.clone(), message: reaction.message.clone() }
        }
        (None, None) => Notice::Missed,
    };
    Trial {
        fault: fault.id.clone(),
        change: fault.change.clone(),
        kind: fault.kind,
        detector: fault.detector.clone(),
        at: fault.at.clone(),
        notice,
        millis,
    }
}

/// Controls must all be noticed; of the sample, enough by every detector.
fn weigh(trials: &[Trial], teeth: Teeth) -> Outcome {
    let of = |kind| trials.iter().filter(move |trial| trial.kind == kind);
    if let Some(missed) = of(FaultKind::Control).find(|trial| !trial.noticed()) {
        let because = match &missed.notice {
            Notice::Misplaced { by, .. } => say!("noticed-elsewhere", by, change = missed.change),
            _ => say!("nothing-noticed", change = missed.change),
        };
        return Outcome::Refuted { because };
    }
    let sampled = || of(FaultKind::Sampled);
    let mut sample: BTreeMap<&Say, (usize, usize)> = BTreeMap::new();
    for trial in sampled().filter(|trial| !matches!(trial.notice, Notice::Misplaced { .. })) {
        let (noticed, all) = sample.entry(&trial.detector).or_default();
        *all += 1;
        *noticed += usize::from(trial.noticed());
    }
    if of(FaultKind::Control).count() == 0 && sample.is_empty() {
        return Outcome::NotProvableHere { because: say!("no-control") };
    }
    if sampled().next().is_some() && sampled().all(|trial| matches!(trial.notice, Notice::Misplaced { .. })) {
        return Outcome::Refuted { because: say!("sample-elsewhere") };
    }
    let toothless = sample.iter().find(|(_, (noticed, all))| noticed * 100 < all * usize::from(teeth.0));
    match toothless {
        Some((detector, (noticed, all))) => {
            Outcome::Refuted { because: say!("toothless", detector, noticed, all, asked = teeth.0) }
        }
        None => Outcome::Proven,
    }
}

#[cfg(test)]
#[path = "protocol_tests.rs"]
mod tests;
