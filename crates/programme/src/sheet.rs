//! One juror's marks for one candidate, made before seeing those of the others.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::act::bounded;
use crate::{
    Act, Change, CriterionId, Enrolment, EnrolmentId, Event, Finding, Mark, PersonId, Refusal, Session, SessionId,
    SessionState, SheetId, Stage, Subject, Version,
};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    pub mark: Mark,
    /// Why it differs from the prepared finding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// For the deliberation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    pub id: SheetId,
    pub session: SessionId,
    pub enrolment: EnrolmentId,
    pub juror: PersonId,
    pub scores: BTreeMap<CriterionId, Score>,
    /// Counts what was saved, so that a form sent twice or late does no harm.
    pub revision: u64,
    #[serde(default)]
    pub submitted: Option<Timestamp>,
}

impl Sheet {
    /// Gives a juror an empty sheet for a candidate whom they judge.
    ///
    /// # Errors
    /// When they are not on the bench of this candidate.
    pub fn begin(id: SheetId, session: &Session, enrolment: &Enrolment, act: Act) -> Result<(Sheet, Event), Refusal> {
        enrolment.of(session)?;
        let juror = act.person()?.clone();
        on_bench(session, enrolment, &juror)?;
        let sheet = Sheet {
            id,
            session: session.id.clone(),
            enrolment: enrolment.id.clone(),
            juror,
            scores: BTreeMap::new(),
            revision: 0,
            submitted: None,
        };
        let event = sheet.event(act, Change::SheetBegun { enrolment: enrolment.id.clone() });
        Ok((sheet, event))
    }

    /// Keeps what the juror wrote so far. `known` is the revision that the form was filled from. The same scores sent
    /// again change nothing, so that a form may be sent until an answer comes.
    ///
    /// # Errors
    /// When the sheet was submitted, somebody saved a newer one, or a mark is none.
    pub fn save(
        &mut self,
        at: (&Session, &Enrolment, &Version),
        known: u64,
        scores: BTreeMap<CriterionId, Score>,
        act: Act,
    ) -> Result<Option<Event>, Refusal> {
        let (session, enrolment, version) = at;
        if scores == self.scores && known <= self.revision {
            return Ok(None);
        }
        self.may_write(session, enrolment, &act)?;
        if known != self.revision {
            return Err(Refusal::SheetOld { revision: self.revision });
        }
        for (criterion, score) in &scores {
            if version.rubric.criterion(criterion).is_none() {
                return Err(Refusal::CriterionUnknown { criterion: criterion.clone() });
            }
            if !version.rubric.scale.has(score.mark) {
                return Err(Refusal::MarkOutside { criterion: criterion.clone(), mark: score.mark });
            }
            bounded(score.reason.as_deref().unwrap_or_default())?;
            bounded(score.note.as_deref().unwrap_or_default())?;
        }
        self.scores = scores;
        self.revision += 1;
        Ok(Some(self.event(act, Change::SheetSaved { revision: self.revision })))
    }

    /// Submits the sheet; from then on it stands.
    ///
    /// # Errors
    /// When a criterion has no mark, or one differs from the prepared finding without a reason.
    pub fn submit(
        &mut self,
        session: &Session,
        enrolment: &Enrolment,
        version: &Version,
        act: Act,
    ) -> Result<Event, Refusal> {
        self.may_write(session, enrolment, &act)?;
        let prepared = enrolment.prepared();
        for criterion in &version.rubric.criteria {
            let missing = || Refusal::ScoreMissing { criterion: criterion.id.clone() };
            let score = self.scores.get(&criterion.id).ok_or_else(missing)?;
            let explained = score.reason.as_deref().is_some_and(|reason| !reason.trim().is_empty());
            if let Some(found) = deviates(prepared.get(&criterion.id), score.mark, version.tolerance)
                && !explained
            {
                return Err(Refusal::DeviationUnexplained { criterion: criterion.id.clone(), prepared: found });
            }
        }
        self.submitted = Some(act.at);
        Ok(self.event(act, Change::SheetSubmitted { revision: self.revision }))
    }

    /// Gives a sheet back to its juror, which is too late once they could see the others'.
    ///
    /// # Errors
    /// Without a reason, or when the whole bench has submitted.
    pub fn reopen(
        &mut self,
        session: &Session,
        enrolment: &Enrolment,
        sheets: &[Sheet],
        act: Act,
    ) -> Result<Event, Refusal> {
        act.reason()?;
        self.of(session, enrolment)?;
        if self.submitted.is_none() || all_submitted(session, enrolment, sheets) {
            return Err(Refusal::ScoredAfterOthers {});
        }
        self.submitted = None;
        Ok(self.event(act, Change::SheetReopened {}))
    }

    fn may_write(&self, session: &Session, enrolment: &Enrolment, act: &Act) -> Result<(), Refusal> {
        self.of(session, enrolment)?;
        if *act.person()? != self.juror {
            return Err(Refusal::NotJuror {});
        }
        on_bench(session, enrolment, &self.juror)?;
        if !matches!(session.state, SessionState::Closed | SessionState::Deliberating) {
            return Err(Refusal::SessionIs { state: session.state, needed: SessionState::Closed });
        }
        enrolment.is_one_of(&[Stage::HandedIn])?;
        if self.submitted.is_some() { Err(Refusal::SheetSubmitted {}) } else { Ok(()) }
    }

    fn of(&self, session: &Session, enrolment: &Enrolment) -> Result<(), Refusal> {
        enrolment.of(session)?;
        if self.enrolment == enrolment.id { Ok(()) } else { Err(Refusal::WrongEnrolment {}) }
    }

    fn event(&self, act: Act, change: Change) -> Event {
        Event::new(Subject::Sheet(self.id.clone()), act, change)
    }
}

/// The prepared mark, when a mark lies further from it than the title tolerates.
pub(crate) fn deviates(prepared: Option<&Finding>, mark: Mark, tolerance: Mark) -> Option<Mark> {
    let prepared = prepared?.mark?;
    ((mark.0 - prepared.0).abs() > tolerance.0).then_some(prepared)
}

fn on_bench(session: &Session, enrolment: &Enrolment, juror: &PersonId) -> Result<(), Refusal> {
    let sits = session.jury.bench(&enrolment.person).iter().any(|sitting| sitting.person == *juror);
    if sits { Ok(()) } else { Err(Refusal::NotJuror {}) }
}

/// Whether everybody who judges this candidate has submitted.
pub(crate) fn all_submitted(session: &Session, enrolment: &Enrolment, sheets: &[Sheet]) -> bool {
    missing_sheets(session, enrolment, sheets) == 0
}

/// How many of those who judge this candidate have not submitted.
pub(crate) fn missing_sheets(session: &Session, enrolment: &Enrolment, sheets: &[Sheet]) -> usize {
    let submitted = |juror: &PersonId| {
        sheets.iter().any(|sheet| sheet.enrolment == enrolment.id && sheet.juror == *juror && sheet.submitted.is_some())
    };
    session.jury.bench(&enrolment.person).iter().filter(|juror| !submitted(&juror.person)).count()
}

/// The sheets of a candidate that somebody may see: a juror their own, and those of the others once the whole bench has
/// submitted.
pub fn visible<'a>(session: &Session, enrolment: &Enrolment, sheets: &'a [Sheet], viewer: &PersonId) -> Vec<&'a Sheet> {
    let open = session.jury.juror(viewer).is_some()
        && on_bench(session, enrolment, viewer).is_ok()
        && all_submitted(session, enrolment, sheets);
    let of = sheets.iter().filter(|sheet| sheet.enrolment == enrolment.id);
    of.filter(|sheet| open || sheet.juror == *viewer).collect()
}
