//! One person in one session: what is known of them, and where they stand.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::adjustment::Adjustment;
use crate::admission::Document;
use crate::named::named;
use crate::{
    Act, Built, Change, Decision, EnrolmentId, Event, HandIn, PersonId, Project, ProofFile, Refusal, Run, Session,
    SessionId, Slot, Subject, Timer,
};

named! {
    pub enum Stage {
        /// Asked for a seat; documents may be missing.
        Applied = "applied",
        Waiting = "waiting",
        Enrolled = "enrolled",
        HandedIn = "handed-in",
        Decided = "decided",
        Published = "published",
        Withdrawn = "withdrawn",
        Ineligible = "ineligible",
        /// Taken out without fault of theirs. They did not fail, and may come again.
        Cancelled = "cancelled",
        /// Taken out for fraud that was found.
        Excluded = "excluded",
    }
}

impl Stage {
    pub fn has_seat(self) -> bool {
        matches!(self, Stage::Enrolled | Stage::HandedIn | Stage::Decided | Stage::Published)
    }

    /// Whether the session owes them a decision.
    pub fn is_judged(self) -> bool {
        self.has_seat()
    }

    pub fn is_over(self) -> bool {
        matches!(self, Stage::Withdrawn | Stage::Ineligible | Stage::Cancelled | Stage::Excluded)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    pub id: EnrolmentId,
    pub session: SessionId,
    pub person: PersonId,
    /// The version of the title that was in force when they applied; it stays.
    pub version: u32,
    pub stage: Stage,
    pub applied: Timestamp,
    #[serde(default)]
    pub documents: Vec<Document>,
    #[serde(default)]
    pub adjustments: Vec<Adjustment>,
    #[serde(default)]
    pub project: Option<Project>,
    #[serde(default)]
    pub runs: Vec<Run>,
    #[serde(default)]
    pub papers: Vec<HandIn>,
    /// The signed records of runs at the frozen commit that were believed.
    #[serde(default)]
    pub proofs: Vec<ProofFile>,
    /// Recordings of terminals, which the jury can replay: demonstrations, and what runs showed.
    #[serde(default)]
    pub recordings: Vec<ProofFile>,
    #[serde(default)]
    pub built: Option<Built>,
    #[serde(default)]
    pub oral: Option<Slot>,
    #[serde(default)]
    pub timer: Timer,
    #[serde(default)]
    pub decision: Option<Decision>,
    #[serde(default)]
    pub published: Option<Timestamp>,
    /// A report of fraud waits for its answer.
    #[serde(default)]
    pub fraud_open: bool,
    #[serde(default)]
    pub cancelled_from: Option<Stage>,
    /// When what was handed in and made of it was deleted, because its period was over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files_forgotten: Option<Timestamp>,
}

impl Enrolment {
    pub(crate) fn of(&self, session: &Session) -> Result<(), Refusal> {
        if self.session == session.id { Ok(()) } else { Err(Refusal::WrongSession {}) }
    }

    pub(crate) fn is_one_of(&self, stages: &[Stage]) -> Result<(), Refusal> {
        if stages.contains(&self.stage) {
            return Ok(());
        }
        if self.stage.is_over() {
            return Err(Refusal::EnrolmentOver { stage: self.stage });
        }
        Err(Refusal::StageIs { stage: self.stage, needed: stages[stages.len() - 1] })
    }

    pub(crate) fn event(&self, act: Act, change: Change) -> Event {
        Event::new(Subject::Enrolment(self.id.clone()), act, change)
    }
}
