//! The deliberation: agreed marks, by whom, and what the minority says.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::act::bounded;
use crate::sheet::{deviates, missing_sheets};
use crate::{
    Act, Change, CriterionId, Enrolment, EnrolmentId, Event, Grade, Majority, Mark, PersonId, Refusal, Session,
    SessionId, SessionState, Sheet, Stage, Subject, Version, grade,
};

/// What a jury decides about one candidate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deliberation {
    pub enrolment: EnrolmentId,
    pub session: SessionId,
    pub version: u32,
    /// Who judges.
    pub bench: Vec<PersonId>,
    pub agreed: BTreeMap<CriterionId, Agreed>,
    #[serde(default)]
    pub concluded: Option<Timestamp>,
}

/// The mark of a criterion, and who was for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    pub mark: Mark,
    pub against: Vec<PersonId>,
    /// What the minority wants to be kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Why it differs from the prepared finding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A dissent that stays with the decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Minority {
    pub criterion: CriterionId,
    pub jurors: Vec<PersonId>,
    pub note: Option<String>,
}

/// The result of one candidate. Anybody who has the version and the marks computes the same grade.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub enrolment: EnrolmentId,
    pub version: u32,
    pub marks: BTreeMap<CriterionId, Mark>,
    pub grade: Grade,
    pub bench: Vec<PersonId>,
    pub minority: Vec<Minority>,
    pub at: Timestamp,
}

impl Deliberation {
    /// Opens the deliberation on a candidate whom the whole bench has scored.
    ///
    /// # Errors
    /// When a sheet is missing, or those who are there may not judge.
    pub fn open(
        session: &Session,
        enrolment: &Enrolment,
        version: &Version,
        sheets: &[Sheet],
        act: Act,
    ) -> Result<(Deliberation, Event), Refusal> {
        enrolment.of(session)?;
        session.is(SessionState::Deliberating)?;
        enrolment.is_one_of(&[Stage::HandedIn])?;
        is_version_of(version, enrolment)?;
        session.jury.may_judge(&version.jury, &enrolment.person)?;
        let count = missing_sheets(session, enrolment, sheets);
        if count > 0 {
            return Err(Refusal::SheetsMissing { enrolment: enrolment.id.clone(), count });
        }
        let bench = session.jury.bench(&enrolment.person).iter().map(|juror| juror.person.clone()).collect();
        let deliberation = Deliberation {
            enrolment: enrolment.id.clone(),
            session: session.id.clone(),
            version: version.number,
            bench,
            agreed: BTreeMap::new(),
            concluded: None,
        };
        let event = deliberation.event(act, Change::DeliberationOpened {});
        Ok((deliberation, event))
    }

    /// Records the mark that the bench agrees on. Everybody on it votes; `act.why` says why the mark differs from the
    /// prepared finding, when it does.
    ///
    /// # Errors
    /// When somebody has not voted, the majority that the title asks for is missing, or the minority says nothing.
    pub fn agree(
        &mut self,
        at: (&Enrolment, &Version),
        criterion: &CriterionId,
        mark: Mark,
        votes: &BTreeMap<PersonId, bool>,
        note: Option<&str>,
        act: Act,
    ) -> Result<Event, Refusal> {
        let (enrolment, version) = at;
        self.is_open(enrolment, version)?;
        let id = || criterion.clone();
        version.rubric.criterion(criterion).ok_or_else(|| Refusal::CriterionUnknown { criterion: id() })?;
        if !version.rubric.scale.has(mark) {
            return Err(Refusal::MarkOutside { criterion: id(), mark });
        }
        if votes.len() != self.bench.len() || !self.bench.iter().all(|juror| votes.contains_key(juror)) {
            return Err(Refusal::VotesMissing { criterion: id() });
        }
        let against: Vec<PersonId> = votes.iter().filter(|(_, is_for)| !**is_for).map(|(who, _)| who.clone()).collect();
        if version.jury.majority == Majority::Unanimous && !against.is_empty() {
            return Err(Refusal::NotUnanimous { criterion: id() });
        }
        if against.len() * 2 >= votes.len() {
            return Err(Refusal::NoMajority { criterion: id() });
        }
        let note = note.map(str::trim).filter(|note| !note.is_empty());
        bounded(note.unwrap_or_default())?;
        if version.jury.minority_note && !against.is_empty() && note.is_none() {
            return Err(Refusal::MinorityNoteNeeded { criterion: id() });
        }
        let mut reason = None;
        if let Some(prepared) = deviates(enrolment.prepared().get(criterion), mark, version.tolerance) {
            let unexplained = |_| Refusal::DeviationUnexplained { criterion: id(), prepared };
            reason = Some(act.reason().map_err(unexplained)?.to_owned());
        }
        let change = Change::MarkAgreed { criterion: id(), mark, unanimous: against.is_empty() };
        self.agreed.insert(id(), Agreed { mark, against, note: note.map(str::to_owned), reason });
        Ok(self.event(act, change))
    }

    /// The mark in the middle of the bench's, to begin the talk with; the lower one of two.
    pub fn proposal(&self, sheets: &[Sheet]) -> BTreeMap<CriterionId, Mark> {
        let mut marks: BTreeMap<CriterionId, Vec<Mark>> = BTreeMap::new();
        for sheet in
            sheets.iter().filter(|sheet| sheet.enrolment == self.enrolment && self.bench.contains(&sheet.juror))
        {
            for (criterion, score) in &sheet.scores {
                marks.entry(criterion.clone()).or_default().push(score.mark);
            }
        }
        let middle = |mut marks: Vec<Mark>| {
            marks.sort();
            marks[(marks.len() - 1) / 2]
        };
        marks.into_iter().map(|(criterion, marks)| (criterion, middle(marks))).collect()
    }

    /// Ends the deliberation with a decision, which the enrolment then takes.
    ///
    /// # Errors
    /// When a criterion has no agreed mark.
    pub fn conclude(
        &mut self,
        enrolment: &Enrolment,
        version: &Version,
        act: Act,
    ) -> Result<(Decision, Event), Refusal> {
        self.is_open(enrolment, version)?;
        let marks: BTreeMap<CriterionId, Mark> =
            self.agreed.iter().map(|(id, agreed)| (id.clone(), agreed.mark)).collect();
        let grade = grade(version, &marks)?;
        let dissent = self.agreed.iter().filter(|(_, agreed)| !agreed.against.is_empty());
        let minority = dissent
            .map(|(criterion, agreed)| Minority {
                criterion: criterion.clone(),
                jurors: agreed.against.clone(),
                note: agreed.note.clone(),
            })
            .collect();
        let (enrolment, bench, at) = (self.enrolment.clone(), self.bench.clone(), act.at);
        let change = Change::Decided { passed: grade.passed, basis_points: grade.basis_points };
        let decision = Decision { enrolment, version: self.version, marks, grade, bench, minority, at };
        self.concluded = Some(act.at);
        Ok((decision, self.event(act, change)))
    }

    fn is_open(&self, enrolment: &Enrolment, version: &Version) -> Result<(), Refusal> {
        if self.enrolment != enrolment.id {
            return Err(Refusal::WrongEnrolment {});
        }
        is_version_of(version, enrolment)?;
        if self.concluded.is_some() { Err(Refusal::DecisionTaken {}) } else { Ok(()) }
    }

    fn event(&self, act: Act, change: Change) -> Event {
        Event::new(Subject::Deliberation(self.enrolment.clone()), act, change)
    }
}

fn is_version_of(version: &Version, enrolment: &Enrolment) -> Result<(), Refusal> {
    if version.number == enrolment.version { Ok(()) } else { Err(Refusal::NoSuchVersion { number: version.number }) }
}
