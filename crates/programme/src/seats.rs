//! The seats of a jury: who is appointed, missing, back, dismissed, or stands aside.

use crate::{
    Act, Change, Conflict, Event, Ground, Juror, Person, PersonId, Refusal, Session, SessionState, Sheet, Ties,
};

/// Making the jury of a session.
impl Session {
    /// Appoints somebody who is tied to no candidate of the session.
    ///
    /// # Errors
    /// When they sit already, or have a conflict of interest with anybody who is enrolled.
    pub fn appoint(
        &mut self,
        person: &Person,
        alternate: bool,
        candidates: &[Ties],
        act: Act,
    ) -> Result<Event, Refusal> {
        self.jury_may_change()?;
        if self.jury.juror(&person.id).is_some() {
            return Err(Refusal::JurorTwice { juror: person.id.clone() });
        }
        let juror = Juror {
            person: person.id.clone(),
            professional: person.professional,
            employer: person.employer.clone(),
            relatives: person.relatives.clone(),
            alternate,
            absent: false,
            stands_for: None,
        };
        for candidate in candidates {
            if let Some(ground) = juror.conflict(candidate) {
                let (juror, candidate) = (juror.person, candidate.person.clone());
                return Err(Refusal::ConflictOfInterest { juror, candidate, ground });
            }
        }
        self.jury.jurors.push(juror);
        Ok(self.event(act, Change::JurorAppointed { juror: person.id.clone(), alternate }))
    }

    /// # Errors
    /// When they do not sit, or the deliberation has begun.
    pub fn dismiss(&mut self, juror: &PersonId, act: Act) -> Result<Event, Refusal> {
        self.jury_may_change()?;
        self.jury.juror(juror).ok_or(Refusal::NotJuror {})?;
        self.jury.jurors.retain(|sitting| sitting.person != *juror);
        // Whoever stood in for them has the seat now.
        for sitting in self.jury.jurors.iter_mut().filter(|sitting| sitting.stands_for.as_ref() == Some(juror)) {
            sitting.stands_for = None;
        }
        Ok(self.event(act, Change::JurorDismissed { juror: juror.clone() }))
    }

    /// Somebody is missing; an alternate may take the seat.
    ///
    /// # Errors
    /// When one does not sit, or the other is no alternate who is there.
    pub fn mark_absent(&mut self, juror: &PersonId, substitute: Option<&PersonId>, act: Act) -> Result<Event, Refusal> {
        self.jury_may_change()?;
        self.jury.juror(juror).ok_or(Refusal::NotJuror {})?;
        if let Some(substitute) = substitute {
            let alternate = self.jury.juror(substitute).ok_or(Refusal::NotJuror {})?;
            if !alternate.alternate || alternate.absent {
                return Err(Refusal::JurorAbsent { juror: substitute.clone() });
            }
        }
        for sitting in &mut self.jury.jurors {
            if sitting.person == *juror {
                sitting.absent = true;
            } else if Some(&sitting.person) == substitute {
                sitting.alternate = false;
                sitting.stands_for = Some(juror.clone());
            }
        }
        let change = Change::JurorAbsent { juror: juror.clone(), substitute: substitute.cloned() };
        Ok(self.event(act, change))
    }

    /// Somebody who was noted as missing by mistake is there after all, and whoever took their seat gives it back.
    ///
    /// # Errors
    /// Without a reason; when they are not missing, or whoever took their seat has begun to mark; when the deliberation
    /// has begun.
    pub fn mark_present(&mut self, juror: &PersonId, sheets: &[Sheet], act: Act) -> Result<Event, Refusal> {
        act.reason()?;
        self.jury_may_change()?;
        let sitting = self.jury.juror(juror).ok_or(Refusal::NotJuror {})?;
        if !sitting.absent {
            return Err(Refusal::JurorPresent { juror: juror.clone() });
        }
        let back = self.jury.standing_for(juror);
        let marked = |person: &PersonId| {
            sheets.iter().any(|sheet| sheet.session == self.id && sheet.juror == *person && !sheet.scores.is_empty())
        };
        if let Some(person) = back.iter().find(|person| marked(person)) {
            return Err(Refusal::SubstituteMarked { juror: person.clone() });
        }
        for sitting in &mut self.jury.jurors {
            if sitting.person == *juror {
                sitting.absent = false;
            } else if back.contains(&sitting.person) {
                sitting.alternate = true;
                sitting.stands_for = None;
            }
        }
        Ok(self.event(act, Change::JurorReturned { juror: juror.clone(), alternates: back }))
    }

    /// A juror says that they may not judge somebody; from then on they do not.
    ///
    /// # Errors
    /// When they do not sit.
    pub fn declare_conflict(&mut self, candidate: &PersonId, ground: Ground, act: Act) -> Result<Event, Refusal> {
        let juror = act.person()?.clone();
        self.jury.juror(&juror).ok_or(Refusal::NotJuror {})?;
        if matches!(self.state, SessionState::Published | SessionState::Archived | SessionState::Cancelled) {
            return Err(Refusal::SessionOver { state: self.state });
        }
        if !self.jury.recused(&juror, candidate) {
            let conflict = Conflict { juror: juror.clone(), candidate: candidate.clone(), ground };
            self.jury.conflicts.push(conflict);
        }
        Ok(self.event(act, Change::ConflictDeclared { juror, candidate: candidate.clone(), ground }))
    }

    /// Refuses a jury one of whom is tied to a candidate and has not stood aside.
    ///
    /// # Errors
    /// With the first conflict that there is.
    pub fn check_conflicts(&self, candidates: &[Ties]) -> Result<(), Refusal> {
        for candidate in candidates {
            for juror in self.jury.bench(&candidate.person) {
                if let Some(ground) = juror.conflict(candidate) {
                    let (juror, candidate) = (juror.person.clone(), candidate.person.clone());
                    return Err(Refusal::ConflictOfInterest { juror, candidate, ground });
                }
            }
        }
        Ok(())
    }

    fn jury_may_change(&self) -> Result<(), Refusal> {
        if matches!(self.state, SessionState::Draft | SessionState::Open | SessionState::Closed) {
            Ok(())
        } else {
            Err(Refusal::SessionOver { state: self.state })
        }
    }
}
