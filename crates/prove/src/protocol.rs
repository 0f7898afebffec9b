//! The protocol that every experiment follows, whatever its subject.
//!
//! Baseline, null fault, each fault with its restore, baseline again. It does no input or output of its own: a [`Subject`]
//! does, and a test plays one.

use crate::{Finding, Notice, Outcome, Trial};

/// What is proved: it can be observed, broken and mended.
pub trait Subject {
    /// Runs everything that should notice, and says what reacted. No reaction: all is well.
    fn observe(&mut self) -> Result<Vec<Reaction>, Stop>;
    fn inject(&mut self, fault: &Fault) -> Result<(), Stop>;
    /// Brings the state back to what it was before the fault.
    fn restore(&mut self) -> Result<(), Stop>;
    /// The clock of the run, for the times of trials.
    fn millis(&self) -> u64;
}

/// A detector that reacted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reaction {
    /// What reacted: `job test, step 2`, `alert ServiceDown`.
    pub detector: String,
    /// What kind of place it is, to compare with where the fault must be noticed.
    pub place: Place,
    pub message: String,
}

/// Where a reaction takes place: experiments name their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place(pub &'static str);

/// Something that is broken on purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub id: String,
    pub change: String,
    pub kind: FaultKind,
    /// The places where a reaction counts as noticing it.
    pub noticed_in: Vec<Place>,
}

/// What its outcome means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// Nothing that matters is changed: a reaction shows that the detector is flaky.
    Null,
    /// It must be noticed.
    Control,
    /// One of a sample: the share that is noticed counts.
    Sampled,
}

/// The experiment cannot go on, and it is not the subject's fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop(pub String);

/// What is asked of the sample: the least share of noticed faults, in percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Teeth(pub u8);

/// Conducts the whole protocol. `say` hears what is being broken now.
pub fn conduct(
    experiment: &str,
    name: &str,
    subject: &mut dyn Subject,
    faults: &[Fault],
    teeth: Teeth,
    say: &mut dyn FnMut(&str),
) -> Finding {
    let mut finding = Finding {
        experiment: experiment.into(),
        subject: name.into(),
        outcome: Outcome::Proven,
        trials: Vec::new(),
        stand_ins: Vec::new(),
    };
    finding.outcome = match attempt(subject, faults, teeth, &mut finding.trials, say) {
        Ok(outcome) => outcome,
        Err(Stop(because)) => Outcome::NotProvableHere { because },
    };
    finding
}

fn attempt(
    subject: &mut dyn Subject,
    faults: &[Fault],
    teeth: Teeth,
    trials: &mut Vec<Trial>,
    say: &mut dyn FnMut(&str),
) -> Result<Outcome, Stop> {
    say("baseline");
    if let Some(first) = subject.observe()?.first() {
        return Ok(Outcome::Refuted { because: format!("baseline: {}: {}", first.detector, first.message) });
    }
    for fault in faults {
        say(&fault.change);
        let trial = try_fault(subject, fault)?;
        let stop = fault.kind == FaultKind::Null && trial.notice != Notice::Missed;
        trials.push(trial);
        if stop {
            return Ok(Outcome::Flaky { because: format!("{} was taken for a fault", fault.change) });
        }
    }
    say("baseline again");
    if let Some(first) = subject.observe()?.first() {
        return Ok(Outcome::Flaky { because: format!("restored, yet {}: {}", first.detector, first.message) });
    }
    Ok(weigh(faults, trials, teeth))
}

fn try_fault(subject: &mut dyn Subject, fault: &Fault) -> Result<Trial, Stop> {
    let started = subject.millis();
    subject.inject(fault)?;
    let reactions = subject.observe()?;
    let millis = subject.millis().saturating_sub(started);
    subject.restore()?;
    let notice = match (reactions.iter().find(|reaction| fault.noticed_in.contains(&reaction.place)), reactions.first())
    {
        (Some(reaction), _) => {
            Notice::Noticed { detector: reaction.detector.clone(), message: reaction.message.clone() }
        }
        (None, Some(reaction)) => {
            Notice::Misplaced { detector: reaction.detector.clone(), message: reaction.message.clone() }
        }
        (None, None) => Notice::Missed,
    };
    Ok(Trial { fault: fault.id.clone(), change: fault.change.clone(), notice, millis })
}

/// Controls must all be noticed; of the sample, enough.
fn weigh(faults: &[Fault], trials: &[Trial], teeth: Teeth) -> Outcome {
    let of = |kind| faults.iter().zip(trials).filter(move |(fault, _)| fault.kind == kind).map(|(_, trial)| trial);
    let noticed = |trial: &&Trial| matches!(trial.notice, Notice::Noticed { .. });
    if of(FaultKind::Control).count() + of(FaultKind::Sampled).count() == 0 {
        return Outcome::NotProvableHere { because: "no control could be made".into() };
    }
    if let Some(missed) = of(FaultKind::Control).find(|trial| !noticed(trial)) {
        return Outcome::Refuted { because: format!("nothing noticed: {}", missed.change) };
    }
    let (sample, caught) = (of(FaultKind::Sampled).count(), of(FaultKind::Sampled).filter(noticed).count());
    if sample > 0 && caught * 100 < sample * usize::from(teeth.0) {
        return Outcome::Refuted { because: format!("{caught} of {sample} faults noticed") };
    }
    Outcome::Proven
}
