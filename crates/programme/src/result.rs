//! The jury's decision as the candidate's record takes it, and its publication.

use crate::{Act, Change, Decision, Enrolment, Event, Refusal, Session, SessionState, Stage, Version};

impl Enrolment {
    /// Takes the jury's decision.
    ///
    /// # Errors
    /// When it is decided already, nothing was handed in, or a paper that is required is missing.
    pub fn decide(
        &mut self,
        session: &Session,
        version: &Version,
        decision: Decision,
        act: Act,
    ) -> Result<Event, Refusal> {
        self.of(session)?;
        session.is(SessionState::Deliberating)?;
        if self.stage == Stage::Decided {
            return Err(Refusal::DecisionTaken {});
        }
        self.is_one_of(&[Stage::HandedIn])?;
        if decision.enrolment != self.id || decision.version != self.version {
            return Err(Refusal::WrongEnrolment {});
        }
        if let Some(missing) = version.papers.iter().find(|paper| paper.required && self.paper(&paper.id).is_none()) {
            return Err(Refusal::PaperMissing { paper: missing.id.clone() });
        }
        let change = Change::Decided { passed: decision.grade.passed, basis_points: decision.grade.basis_points };
        self.decision = Some(decision);
        self.stage = Stage::Decided;
        Ok(self.event(act, change))
    }

    /// The candidate may see the result from now on.
    ///
    /// # Errors
    /// Before the session is published.
    pub fn publish(&mut self, session: &Session, act: Act) -> Result<Event, Refusal> {
        self.of(session)?;
        session.is(SessionState::Published)?;
        self.is_one_of(&[Stage::Decided])?;
        self.stage = Stage::Published;
        self.published = Some(act.at);
        Ok(self.event(act, Change::ResultPublished {}))
    }

    /// Takes a published result back, after the session was.
    ///
    /// # Errors
    /// When the session is still published, or without a reason.
    pub fn unpublish(&mut self, session: &Session, act: Act) -> Result<Event, Refusal> {
        self.of(session)?;
        session.is(SessionState::Deliberating)?;
        self.is_one_of(&[Stage::Published])?;
        act.reason()?;
        self.stage = Stage::Decided;
        self.published = None;
        Ok(self.event(act, Change::ResultWithdrawn {}))
    }
}
