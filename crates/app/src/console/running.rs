//! What a candidate and a certifier do: hand in, admit, open, close, publish, revoke.

use programme::{
    Act, Award, AwardId, Enrolment, EnrolmentId, Event, PaperId, PersonId, Refusal, Role, Session, SessionId,
    SessionState, Stage, Title,
};

use super::Error;
use super::desk::{Desk, Records};
use super::identity::Account;
use super::scope::Scope;

/// A step of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Open,
    Close,
    Deliberate,
    Publish,
    Archive,
}

impl Step {
    pub const ALL: [Step; 5] = [Step::Open, Step::Close, Step::Deliberate, Step::Publish, Step::Archive];

    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Close => "close",
            Self::Deliberate => "deliberate",
            Self::Publish => "publish",
            Self::Archive => "archive",
        }
    }

    /// The step that follows a state, if one does.
    pub fn after(state: SessionState) -> Option<Step> {
        match state {
            SessionState::Draft => Some(Self::Open),
            SessionState::Open => Some(Self::Close),
            SessionState::Closed => Some(Self::Deliberate),
            SessionState::Deliberating => Some(Self::Publish),
            SessionState::Published => Some(Self::Archive),
            _ => None,
        }
    }
}

impl Records {
    /// A session of an organisation that somebody certifies for.
    ///
    /// # Errors
    /// When there is none, or it is another's.
    pub fn session_for(&self, certifier: &Account, id: &SessionId) -> Result<&Session, Error> {
        let session = self.session(id).ok_or(Error::NotFound)?;
        let person = self.person(&certifier.person).ok_or(Error::NotFound)?;
        if person.has(Role::Certifier, &session.organisation) { Ok(session) } else { Err(Error::NotFound) }
    }
}

impl Desk {
    /// Names the repository that a candidate works in.
    ///
    /// # Errors
    /// When the enrolment is not theirs, or the rules refuse.
    pub async fn name_project(&self, person: &PersonId, id: &EnrolmentId, url: &str, act: Act) -> Result<(), Error> {
        self.change(&Scope::Enrolment(id.clone()), |records| {
            let one = own(records, person, id)?;
            let event = one.name_project(url, act.clone())?;
            records.events.push(event);
            Ok(())
        })
        .await
    }

    /// Freezes the commit that is judged, and has it looked at.
    ///
    /// # Errors
    /// When the enrolment is not theirs, or the rules refuse.
    pub async fn hand_in(&self, person: &PersonId, id: &EnrolmentId, commit: &str, act: Act) -> Result<(), Error> {
        let job = self.queue_before_hand_in(person, id, commit, act.at).await?;
        let done = self.freeze(person, id, commit, &act).await;
        if let (Err(_), Some(job)) = (&done, job) {
            self.store.cancel_job(&job, act.at).await?;
        }
        done
    }

    async fn freeze(&self, person: &PersonId, id: &EnrolmentId, commit: &str, act: &Act) -> Result<(), Error> {
        self.change(&Scope::Enrolment(id.clone()), |records| {
            let session = own(records, person, id)?.session.clone();
            let session = records.session(&session).cloned().ok_or(Error::NotFound)?;
            let event = own(records, person, id)?.hand_in(&session, commit, act.clone())?;
            records.events.push(event);
            Ok(())
        })
        .await
    }

    /// Takes a paper and gives its receipt.
    ///
    /// # Errors
    /// When the enrolment is not theirs, or the rules refuse.
    pub async fn hand_in_paper(
        &self,
        (person, id): (&PersonId, &EnrolmentId),
        paper: &PaperId,
        (name, digest, size): (&str, &str, u64),
        act: Act,
    ) -> Result<String, Error> {
        self.change(&Scope::Enrolment(id.clone()), |records| {
            let one = records.enrolment(id).filter(|one| one.person == *person).ok_or(Error::NotFound)?;
            let (session, _, version) = records.frame(one).ok_or(Error::NotFound)?;
            let (session, version) = (session.clone(), version.clone());
            let one = own(records, person, id)?;
            let event = one.hand_in_paper(&session, &version, (paper, name), (digest, size), act.clone())?;
            let receipt = one.papers.last().map(|paper| paper.receipt.clone()).unwrap_or_default();
            records.events.push(event);
            Ok(receipt)
        })
        .await
    }

    /// Takes a session one step on. Publishing shows every result and awards the title to those who passed; their awards
    /// are given, since their credentials must be signed now.
    ///
    /// # Errors
    /// When the session is not theirs, or the rules refuse.
    pub async fn step(
        &self,
        certifier: &Account,
        id: &SessionId,
        step: Step,
        chance: &(dyn Fn() -> [u8; 32] + Send + Sync),
        act: &Act,
    ) -> Result<Vec<AwardId>, Error> {
        let issued = self.store.count(store::Find::<Award>::all()).await?;
        self.change(&Scope::Session(id.clone()), |records| {
            let mut session = records.session_for(certifier, id)?.clone();
            let title = records.title(&session.title).cloned().ok_or(Error::NotFound)?;
            let mut all: Vec<_> = records.enrolments_of(id).cloned().collect();
            let event = match step {
                Step::Open => session.open(&title, act.clone())?,
                Step::Close => session.close(act.clone())?,
                Step::Deliberate => session.deliberate(&title, &all, act.clone())?,
                Step::Publish => session.publish(&all, act.clone())?,
                Step::Archive => session.archive(act.clone())?,
            };
            records.events.push(event);
            if step == Step::Publish {
                for one in all.iter_mut().filter(|one| one.stage == Stage::Decided) {
                    records.events.push(one.publish(&session, act.clone())?);
                    if one.decision.as_ref().is_some_and(|decision| decision.grade.passed) {
                        let place = issued + i64::try_from(records.awards.len()).unwrap_or(0);
                        let (award, event) = issue(one, &title, place, chance(), act)?;
                        records.awards.push(award);
                        records.events.push(event);
                    }
                }
                for one in all {
                    if let Some(kept) = records.enrolments.iter_mut().find(|kept| kept.id == one.id) {
                        *kept = one;
                    }
                }
            }
            if let Some(kept) = records.sessions.iter_mut().find(|kept| kept.id == session.id) {
                *kept = session;
            }
            Ok(records.awards.iter().map(|award| award.id.clone()).collect())
        })
        .await
    }

    /// Gives a seat, or a place on the waiting list when there is none.
    ///
    /// # Errors
    /// When the session is not theirs, or the rules refuse.
    pub async fn admit(&self, certifier: &Account, id: &EnrolmentId, act: Act) -> Result<(), Error> {
        self.change(&Scope::Enrolment(id.clone()), |records| {
            let mut one = records.enrolment(id).ok_or(Error::NotFound)?.clone();
            let session = records.session_for(certifier, &one.session)?.clone();
            let title = records.title(&session.title).cloned().ok_or(Error::NotFound)?;
            let all: Vec<_> = records.enrolments_of(&session.id).cloned().collect();
            records.guarded = Some(session.id.clone());
            let full = programme::seats_taken(&all) >= usize::try_from(session.capacity).unwrap_or(usize::MAX);
            let event = if full && one.stage == Stage::Applied {
                one.wait(&session, &title, &all, act.clone())?
            } else {
                one.admit(&session, &title, &all, act.clone())?
            };
            records.events.push(event);
            if let Some(kept) = records.enrolments.iter_mut().find(|kept| kept.id == one.id) {
                *kept = one;
            }
            Ok(())
        })
        .await
    }

    /// Decides on a document that shows a prerequisite.
    ///
    /// # Errors
    /// When the session is not theirs, or the rules refuse.
    pub async fn decide_document(
        &self,
        certifier: &Account,
        id: &EnrolmentId,
        document: &programme::DocumentId,
        accepted: bool,
        act: Act,
    ) -> Result<(), Error> {
        self.change(&Scope::Enrolment(id.clone()), |records| {
            let session = records.enrolment(id).ok_or(Error::NotFound)?.session.clone();
            records.session_for(certifier, &session)?;
            let one = records.enrolments.iter_mut().find(|one| one.id == *id).ok_or(Error::NotFound)?;
            let event = one.decide_document(document, accepted, act.clone())?;
            records.events.push(event);
            Ok(())
        })
        .await
    }

    /// Takes an award back, for a reason.
    ///
    /// # Errors
    /// When it is another certifier's, or the rules refuse.
    pub async fn revoke(&self, certifier: &Account, id: &AwardId, act: Act) -> Result<(), Error> {
        self.change(&Scope::Award(id.clone()), |records| {
            let award = records.awards.iter().find(|award| award.id == *id).ok_or(Error::NotFound)?;
            let session = records.enrolment(&award.enrolment).ok_or(Error::NotFound)?.session.clone();
            records.session_for(certifier, &session)?;
            let award = records.awards.iter_mut().find(|award| award.id == *id).ok_or(Error::NotFound)?;
            let event = award.revoke(act.clone())?;
            records.events.push(event);
            Ok(())
        })
        .await
    }

    /// Appoints a juror.
    ///
    /// # Errors
    /// When the session is not theirs, or the rules refuse: a conflict of interest, for one.
    pub async fn appoint(
        &self,
        certifier: &Account,
        id: &SessionId,
        juror: &PersonId,
        alternate: bool,
        act: Act,
    ) -> Result<(), Error> {
        self.change(&Scope::Session(id.clone()), |records| {
            let mut session = records.session_for(certifier, id)?.clone();
            let person = records.person(juror).cloned().ok_or(Error::NotFound)?;
            let cohort = records.cohorts.iter().find(|cohort| Some(&cohort.id) == session.cohort.as_ref());
            let coaches = cohort.map_or(&[][..], |cohort| &cohort.coaches);
            let ties: Vec<_> = records
                .enrolments_of(id)
                .filter(|one| !one.stage.is_over())
                .filter_map(|one| Some(programme::Ties::of(records.person(&one.person)?, coaches)))
                .collect();
            let event = session.appoint(&person, alternate, &ties, act.clone())?;
            records.events.push(event);
            if let Some(kept) = records.sessions.iter_mut().find(|kept| kept.id == session.id) {
                *kept = session;
            }
            Ok(())
        })
        .await
    }
}

/// Awards a title to somebody who passed, with a code and a place of its own.
pub(super) fn issue(
    one: &Enrolment,
    title: &Title,
    place: i64,
    chance: [u8; 32],
    act: &Act,
) -> Result<(Award, Event), Refusal> {
    let place = u64::try_from(place).unwrap_or(0);
    Award::issue(AwardId::from_bytes(half(chance)), one, title, &code(&chance[16..]), place, act.clone())
}

/// As much chance as an identifier takes.
pub fn half(chance: [u8; 32]) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&chance[..16]);
    half
}

pub(super) fn own<'r>(
    records: &'r mut Records,
    person: &PersonId,
    id: &EnrolmentId,
) -> Result<&'r mut Enrolment, Error> {
    records.enrolments.iter_mut().find(|one| one.id == *id && one.person == *person).ok_or(Error::NotFound)
}

/// Twelve letters and digits that people can tell apart.
fn code(bytes: &[u8]) -> String {
    const LETTERS: &[u8] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let letters: Vec<char> =
        bytes.iter().take(12).map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}
