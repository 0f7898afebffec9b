//! From the application to a seat: documents that a person checks, the waiting list, and who goes or is taken out.

use serde::{Deserialize, Serialize};

use crate::act::bounded;
use crate::named::named;
use crate::project::digest;
use crate::session::seats_taken;
use crate::{
    Act, Change, DocumentId, Enrolment, EnrolmentId, Event, Person, PersonId, Refusal, Session, SessionState, Stage,
    Timer, Title, Version, first_waiting,
};

named! {
    pub enum DocumentState { Filed = "filed", Accepted = "accepted", Rejected = "rejected" }
}

/// A document that shows a prerequisite. A person looks at it; no program decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    pub id: DocumentId,
    /// Which prerequisite of the title's version it shows.
    pub kind: String,
    pub digest: String,
    pub file_name: String,
    pub state: DocumentState,
    #[serde(default)]
    pub decided_by: Option<PersonId>,
}

impl Enrolment {
    /// Asks for a seat. Binds to the version of the title that is in force on that day.
    ///
    /// # Errors
    /// When the session takes nobody, or the person applied to it already.
    pub fn apply(
        id: EnrolmentId,
        session: &Session,
        title: &Title,
        person: &Person,
        others: &[Enrolment],
        act: Act,
    ) -> Result<(Enrolment, Event), Refusal> {
        session.is(SessionState::Open)?;
        if title.id != session.title {
            return Err(Refusal::WrongTitle {});
        }
        let again = |one: &&Enrolment| one.session == session.id && one.person == person.id && !one.stage.is_over();
        if let Some(already) = others.iter().find(again) {
            return Err(Refusal::AlreadyEnrolled { enrolment: already.id.clone() });
        }
        let version = title.in_force(act.at.to_zoned(jiff::tz::TimeZone::UTC).date())?.number;
        let enrolment = Enrolment {
            id,
            session: session.id.clone(),
            person: person.id.clone(),
            version,
            stage: Stage::Applied,
            applied: act.at,
            documents: Vec::new(),
            adjustments: Vec::new(),
            project: None,
            runs: Vec::new(),
            papers: Vec::new(),
            proofs: Vec::new(),
            recordings: Vec::new(),
            built: None,
            oral: None,
            timer: Timer::default(),
            decision: None,
            published: None,
            fraud_open: false,
            cancelled_from: None,
            files_forgotten: None,
        };
        let event = enrolment.event(act, Change::Applied { session: session.id.clone(), version });
        Ok((enrolment, event))
    }

    /// # Errors
    /// When the file has no digest, or the application is over.
    pub fn file_document(
        &mut self,
        id: DocumentId,
        kind: &str,
        file: (&str, &str),
        act: Act,
    ) -> Result<Event, Refusal> {
        self.is_one_of(&[Stage::Applied, Stage::Waiting])?;
        let (file_name, file_digest) = file;
        digest(file_digest)?;
        bounded(kind)?;
        bounded(file_name)?;
        let change = Change::DocumentFiled { document: id.clone(), digest: file_digest.to_owned() };
        self.documents.push(Document {
            id,
            kind: kind.to_owned(),
            digest: file_digest.to_owned(),
            file_name: file_name.to_owned(),
            state: DocumentState::Filed,
            decided_by: None,
        });
        Ok(self.event(act, change))
    }

    /// A person looked at a document. Rejecting it needs a reason.
    ///
    /// # Errors
    /// When a program decides, or the candidate, or somebody decided already.
    pub fn decide_document(&mut self, id: &DocumentId, accepted: bool, act: Act) -> Result<Event, Refusal> {
        let by = act.person()?.clone();
        if by == self.person {
            return Err(Refusal::SelfCheck {});
        }
        if !accepted {
            act.reason()?;
        }
        let unknown = || Refusal::DocumentUnknown { document: id.clone() };
        let document = self.documents.iter_mut().find(|document| document.id == *id).ok_or_else(unknown)?;
        if document.state != DocumentState::Filed {
            return Err(Refusal::DocumentChecked { document: id.clone() });
        }
        document.state = if accepted { DocumentState::Accepted } else { DocumentState::Rejected };
        document.decided_by = Some(by);
        Ok(self.event(act, Change::DocumentDecided { document: id.clone(), accepted }))
    }

    /// The prerequisites that no accepted document shows.
    pub fn missing_documents<'a>(&self, version: &'a Version) -> Vec<&'a str> {
        let shown = |kind: &&String| {
            self.documents.iter().any(|one| one.kind == **kind && one.state == DocumentState::Accepted)
        };
        version.prerequisites.iter().filter(|kind| !shown(kind)).map(String::as_str).collect()
    }

    /// Gives a seat to somebody who is eligible, in the order of waiting.
    ///
    /// # Errors
    /// When a document is missing, no seat is free, or somebody has waited longer.
    pub fn admit(&mut self, session: &Session, title: &Title, all: &[Enrolment], act: Act) -> Result<Event, Refusal> {
        self.of(session)?;
        session.is(SessionState::Open)?;
        self.is_one_of(&[Stage::Applied, Stage::Waiting])?;
        self.eligible(title)?;
        if full(session, all) {
            return Err(Refusal::SessionFull { capacity: session.capacity });
        }
        let before = match first_waiting(all) {
            Some(first) if *first == self.id => 0,
            Some(_) if self.stage == Stage::Applied => {
                all.iter().filter(|one| one.stage == Stage::Waiting && one.id != self.id).count()
            }
            Some(_) => {
                let earlier = |one: &&Enrolment| (one.applied, &one.id) < (self.applied, &self.id);
                all.iter().filter(|one| one.stage == Stage::Waiting).filter(earlier).count()
            }
            None => 0,
        };
        if before > 0 {
            return Err(Refusal::OthersWait { before });
        }
        self.stage = Stage::Enrolled;
        Ok(self.event(act, Change::Admitted {}))
    }

    /// Puts somebody eligible on the waiting list of a full session.
    ///
    /// # Errors
    /// When there is a seat and nobody else waits.
    pub fn wait(&mut self, session: &Session, title: &Title, all: &[Enrolment], act: Act) -> Result<Event, Refusal> {
        self.of(session)?;
        session.is(SessionState::Open)?;
        self.is_one_of(&[Stage::Applied])?;
        self.eligible(title)?;
        if !full(session, all) && first_waiting(all).is_none() {
            return Err(Refusal::SeatFree {});
        }
        self.stage = Stage::Waiting;
        Ok(self.event(act, Change::PutOnWaitingList {}))
    }

    /// Somebody is not eligible, for a reason that they will read.
    ///
    /// # Errors
    /// Without a reason, by a program, or once they have a seat.
    pub fn refuse(&mut self, act: Act) -> Result<Event, Refusal> {
        self.is_one_of(&[Stage::Applied, Stage::Waiting])?;
        act.person()?;
        act.reason()?;
        self.stage = Stage::Ineligible;
        Ok(self.event(act, Change::Refused {}))
    }

    /// They go of their own will, before the decision.
    ///
    /// # Errors
    /// Once it is decided.
    pub fn withdraw(&mut self, act: Act) -> Result<Event, Refusal> {
        self.is_one_of(&[Stage::Applied, Stage::Waiting, Stage::Enrolled, Stage::HandedIn])?;
        self.stage = Stage::Withdrawn;
        Ok(self.event(act, Change::Withdrawn {}))
    }

    /// Takes somebody out without fault of theirs: no result, and no failure.
    ///
    /// # Errors
    /// Without a reason, or after publication.
    pub fn cancel(&mut self, act: Act) -> Result<Event, Refusal> {
        act.reason()?;
        if self.stage.is_over() || self.stage == Stage::Published {
            return Err(Refusal::EnrolmentOver { stage: self.stage });
        }
        self.cancelled_from = Some(self.stage);
        let from = std::mem::replace(&mut self.stage, Stage::Cancelled);
        Ok(self.event(act, Change::Cancelled { from }))
    }

    /// Takes a cancellation back, as long as the session is not published and has a seat.
    ///
    /// # Errors
    /// When it is not cancelled, too late, or the seat is taken.
    pub fn uncancel(&mut self, session: &Session, all: &[Enrolment], act: Act) -> Result<Event, Refusal> {
        self.of(session)?;
        self.is_one_of(&[Stage::Cancelled])?;
        act.reason()?;
        if matches!(session.state, SessionState::Published | SessionState::Archived | SessionState::Cancelled) {
            return Err(Refusal::SessionOver { state: session.state });
        }
        // They may have applied again meanwhile.
        let again = |one: &&Enrolment| one.id != self.id && one.person == self.person && !one.stage.is_over();
        if let Some(already) = all.iter().find(again) {
            return Err(Refusal::AlreadyEnrolled { enrolment: already.id.clone() });
        }
        let to = self.cancelled_from.unwrap_or(Stage::Applied);
        if to.has_seat() && full(session, all) {
            return Err(Refusal::SessionFull { capacity: session.capacity });
        }
        self.cancelled_from = None;
        self.stage = to;
        Ok(self.event(act, Change::Uncancelled { to }))
    }

    fn eligible(&self, title: &Title) -> Result<(), Refusal> {
        let version = title.version(self.version)?;
        match self.missing_documents(version).first() {
            Some(kind) => Err(Refusal::DocumentMissing { kind: (*kind).to_owned() }),
            None => Ok(()),
        }
    }
}

fn full(session: &Session, all: &[Enrolment]) -> bool {
    seats_taken(all) >= usize::try_from(session.capacity).unwrap_or(usize::MAX)
}
