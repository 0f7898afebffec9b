//! Who does not sit after all: a juror who is missing or dismissed, one who may not judge somebody, a candidate who goes.

use programme::{Act, EnrolmentId, Ground, PersonId, Refusal, Session, SessionId};

use super::Error;
use super::desk::{Desk, Records};
use super::identity::Account;
use super::running::own;
use super::scope::Scope;

/// What becomes of a juror's seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seat<'a> {
    /// They are missing; an alternate may take their seat.
    Absent(Option<&'a PersonId>),
    /// They are there after all.
    Present,
    Dismissed,
}

impl Desk {
    /// Says that a juror is missing, is there after all, or sits no more.
    ///
    /// # Errors
    /// When the session is not theirs, or the rules refuse.
    pub async fn unseat(
        &self,
        certifier: &Account,
        id: &SessionId,
        (juror, seat): (&PersonId, Seat<'_>),
        act: Act,
    ) -> Result<(), Error> {
        reasoned(&act)?;
        self.change(&Scope::Session(id.clone()), |records| {
            let mut session = records.session_for(certifier, id)?.clone();
            let event = match seat {
                Seat::Absent(substitute) => session.mark_absent(juror, substitute, act.clone())?,
                Seat::Present => session.mark_present(juror, &records.sheets, act.clone())?,
                Seat::Dismissed => session.dismiss(juror, act.clone())?,
            };
            records.events.push(event);
            put(records, session);
            Ok(())
        })
        .await
    }

    /// A juror says that they may not judge a candidate; from then on their file is closed to them.
    ///
    /// # Errors
    /// When the file is not theirs to judge, or the rules refuse.
    pub async fn stand_aside(&self, juror: &PersonId, id: &EnrolmentId, ground: Ground, act: Act) -> Result<(), Error> {
        self.change(&Scope::Enrolment(id.clone()), |records| {
            let (one, session, _) = records.file_for(juror, id)?;
            let (candidate, mut session) = (one.person.clone(), session.clone());
            records.events.push(session.declare_conflict(&candidate, ground, act.clone())?);
            put(records, session);
            Ok(())
        })
        .await
    }

    /// A candidate goes of their own will, for a reason.
    ///
    /// # Errors
    /// When the enrolment is not theirs, or it is decided.
    pub async fn withdraw(&self, person: &PersonId, id: &EnrolmentId, act: Act) -> Result<(), Error> {
        reasoned(&act)?;
        self.change(&Scope::Enrolment(id.clone()), |records| {
            let event = own(records, person, id)?.withdraw(act.clone())?;
            records.events.push(event);
            Ok(())
        })
        .await
    }
}

/// What cannot be taken back by the same hand is explained.
fn reasoned(act: &Act) -> Result<(), Refusal> {
    let told = act.why.as_deref().is_some_and(|why| !why.trim().is_empty());
    if told { Ok(()) } else { Err(Refusal::ReasonNeeded {}) }
}

fn put(records: &mut Records, session: Session) {
    if let Some(kept) = records.sessions.iter_mut().find(|kept| kept.id == session.id) {
        *kept = session;
    }
}
