//! The oral: its parts, its slot, and the timer that all in the room share.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Act, Change, Enrolment, EnrolmentId, Event, Refusal, Session, Words};

/// The parts of an oral, in order: 20 + 10 + 20 minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OralPlan {
    pub parts: Vec<OralPart>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OralPart {
    pub title: Words,
    pub minutes: u32,
}

impl OralPlan {
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        let fits = !self.parts.is_empty() && self.parts.len() <= 20;
        let timed = self.parts.iter().all(|part| (1..=600).contains(&part.minutes));
        if fits && timed { Ok(()) } else { Err(Refusal::NotFilled { field: "oral" }) }
    }

    /// How long it is for somebody with extra time, rounded up to whole seconds.
    pub fn lasts(&self, extra_percent: u32) -> SignedDuration {
        SignedDuration::from_secs(self.seconds(extra_percent).iter().sum())
    }

    /// How long each part is for somebody with extra time.
    pub fn seconds(&self, extra_percent: u32) -> Vec<i64> {
        let all = i64::from(100 + extra_percent);
        self.parts.iter().map(|part| (i64::from(part.minutes) * 60 * all + 99) / 100).collect()
    }
}

/// When and where somebody is heard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    pub starts: Timestamp,
    pub ends: Timestamp,
    pub room: String,
}

impl Slot {
    /// Whether two slots share a moment.
    pub fn meets(&self, other: &Slot) -> bool {
        self.starts < other.ends && other.starts < self.ends
    }
}

/// Finds a slot for somebody, after refusing one that the jury or the calendar does not have.
///
/// # Errors
/// When it lies outside the days of orals or meets another's slot.
pub(crate) fn fit(session: &Session, own: &EnrolmentId, slot: &Slot, others: &[Enrolment]) -> Result<(), Refusal> {
    if slot.starts < session.calendar.orals_from || slot.ends > session.calendar.orals_to {
        return Err(Refusal::SlotOutside {});
    }
    let meets = |other: &Enrolment| {
        other.id != *own && other.session == session.id && other.oral.as_ref().is_some_and(|oral| slot.meets(oral))
    };
    match others.iter().find(|other| meets(other)) {
        Some(other) => Err(Refusal::SlotTaken { enrolment: other.id.clone() }),
        None => Ok(()),
    }
}

/// A timer that everybody in the room computes the same from: only starts and pauses are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timer {
    /// Seconds that ran before the last pause.
    pub ran: i64,
    /// Since when it runs.
    #[serde(default)]
    pub running_since: Option<Timestamp>,
}

/// Where a timer stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TimerView {
    /// Which part, counted from 0; `None` when all are over.
    pub part: Option<usize>,
    /// Seconds left of the part.
    pub left: i64,
    /// Seconds over the end of the last part.
    pub over: i64,
    pub running: bool,
}

impl Timer {
    /// # Errors
    /// When it runs already.
    pub fn start(&mut self, enrolment: &Enrolment, act: Act) -> Result<Event, Refusal> {
        if self.running_since.is_some() {
            return Err(Refusal::TimerRuns {});
        }
        self.running_since = Some(act.at);
        Ok(enrolment.event(act, Change::TimerStarted {}))
    }

    /// # Errors
    /// When it does not run.
    pub fn pause(&mut self, enrolment: &Enrolment, act: Act) -> Result<Event, Refusal> {
        let since = self.running_since.take().ok_or(Refusal::TimerStopped {})?;
        self.ran += elapsed(since, act.at);
        Ok(enrolment.event(act, Change::TimerPaused {}))
    }

    pub fn at(&self, now: Timestamp, plan: &OralPlan, extra_percent: u32) -> TimerView {
        let mut ran = self.ran + self.running_since.map_or(0, |since| elapsed(since, now));
        let running = self.running_since.is_some();
        for (nth, seconds) in plan.seconds(extra_percent).into_iter().enumerate() {
            if ran < seconds {
                return TimerView { part: Some(nth), left: seconds - ran, over: 0, running };
            }
            ran -= seconds;
        }
        TimerView { part: None, left: 0, over: ran, running }
    }
}

/// A clock that jumps back makes no negative time.
fn elapsed(since: Timestamp, now: Timestamp) -> i64 {
    now.duration_since(since).as_secs().max(0)
}
