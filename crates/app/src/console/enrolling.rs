//! How people come into a session: a list, an invitation, documents, seats, slots of the oral, and how they leave it.

use jiff::{SignedDuration, Timestamp};
use programme::{
    Act, DocumentId, Enrolment, EnrolmentId, Invitation, InvitationId, Lang, Listed, Person, PersonId, Refusal, Role,
    Session, SessionId, Stage, Title,
};

use super::Error;
use super::desk::{Desk, Records};
use super::identity::Account;
use super::scope::Scope;

/// What a list or an invitation brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrived {
    /// Who applied by it.
    pub applied: Vec<PersonId>,
    /// How many had applied already.
    pub there: usize,
}

/// What the link of an invitation is for.
const INVITATION: &str = "invitation";
/// How long somebody may think about it.
const HOLDS: SignedDuration = SignedDuration::from_hours(24 * 21);
/// Between two orals.
pub(super) const BREAK: SignedDuration = SignedDuration::from_mins(10);

impl Desk {
    /// Has everybody on a list apply to a session. Who is not known yet is made a person; who applied already stays.
    ///
    /// # Errors
    /// When the session is not theirs, the list has a problem, or the rules refuse: then nobody applies.
    pub async fn import(&self, certifier: &Account, id: &SessionId, list: &[u8], act: Act) -> Result<Arrived, Error> {
        let listed = programme::read_candidates(list).map_err(Error::List)?;
        let fresh: Vec<([u8; 16], [u8; 16])> =
            listed.iter().map(|_| (self.store.fresh(), self.store.fresh())).collect();
        let emails = listed.iter().map(|one| one.email.clone()).collect();
        self.change(&Scope::Arrivals(id.clone(), emails), |records| {
            records.session_for(certifier, id)?;
            let mut arrived = Arrived::default();
            for (one, chance) in listed.iter().zip(&fresh) {
                let (person, new) = arrive(records, id, one, *chance, &act)?;
                if new { arrived.applied.push(person) } else { arrived.there += 1 }
            }
            Ok(arrived)
        })
        .await
    }

    /// Offers a seat to an address; the secret is what the link carries.
    ///
    /// # Errors
    /// When the session is not theirs, or the rules refuse.
    pub async fn invite(
        &self,
        certifier: &Account,
        id: &SessionId,
        (name, email): (&str, &str),
        secret: &str,
        act: Act,
    ) -> Result<Invitation, Error> {
        let fresh = InvitationId::from_bytes(self.store.fresh());
        let expires = act.at + HOLDS;
        let scope = Scope::Session(id.clone());
        let invitation = self.change(&scope, |records| {
            records.session_for(certifier, id)?;
            let (sent, event) = Invitation::send(fresh.clone(), id, name, email, expires, act.clone())?;
            records.invitations.push(sent.clone());
            records.events.push(event);
            Ok(sent)
        });
        let invitation = invitation.await?;
        self.store.make_link(secret, INVITATION, invitation.id.as_str(), expires).await?;
        Ok(invitation)
    }

    /// The invitation of a link, with its title and session, as long as the link works.
    ///
    /// # Errors
    /// When it does not.
    pub async fn invitation(
        &self,
        secret: &str,
        now: Timestamp,
    ) -> Result<Option<(Invitation, Title, Session)>, Error> {
        let Some(id) = self.store.peek_link(secret, INVITATION, now).await? else { return Ok(None) };
        let id = InvitationId::new(&id).map_err(|_| Error::NotFound)?;
        let scope = Scope::Invitation(id.clone());
        let found = self.read(&scope, |records| {
            let invitation = records.invitations.iter().find(|one| one.id == id)?.clone();
            let session = records.session(&invitation.session)?.clone();
            Some((invitation, records.title(&session.title)?.clone(), session))
        });
        found.await
    }

    /// Takes an invitation up: whoever was invited applies, and is made a person when they are none yet.
    ///
    /// # Errors
    /// When the link does not work any more, or the rules refuse; the link then still works.
    pub async fn accept(&self, secret: &str, lang: Lang, now: Timestamp) -> Result<Account, Error> {
        let id = self.store.peek_link(secret, INVITATION, now).await?.ok_or(Error::NotFound)?;
        let id = InvitationId::new(&id).map_err(|_| Error::NotFound)?;
        let chance = (self.store.fresh(), self.store.fresh());
        let scope = Scope::Invitation(id.clone());
        let person = self.change(&scope, |records| {
            let at = records.invitations.iter().position(|one| one.id == id).ok_or(Error::NotFound)?;
            let mut invitation = records.invitations[at].clone();
            let listed = Listed { line: 1, name: invitation.name.clone(), email: invitation.email.clone(), lang };
            let act = Act::of_service("invitation", now);
            records.events.push(invitation.accept(act.clone())?);
            let session = invitation.session.clone();
            records.invitations[at] = invitation;
            Ok(arrive(records, &session, &listed, chance, &act)?.0)
        });
        let person = person.await?;
        self.store.use_link(secret, INVITATION, now).await?;
        self.account_by_id(&person).await?.ok_or(Error::NotFound)
    }

    /// Gives a seat, or a place on the waiting list, to everybody who applied and may have one. How many could not.
    ///
    /// # Errors
    /// When the session is not theirs, or is not open.
    pub async fn admit_all(&self, certifier: &Account, id: &SessionId, act: Act) -> Result<usize, Error> {
        self.change(&Scope::Session(id.clone()), |records| {
            let session = records.session_for(certifier, id)?.clone();
            let title = records.title(&session.title).cloned().ok_or(Error::NotFound)?;
            records.guarded = Some(session.id.clone());
            // Who has waited longest comes first.
            let mut order: Vec<_> = records
                .enrolments_of(id)
                .filter(|one| matches!(one.stage, Stage::Applied | Stage::Waiting))
                .map(|one| (one.stage == Stage::Applied, one.applied, one.id.clone()))
                .collect();
            order.sort();
            let mut left = 0;
            for (_, _, one) in order {
                let all: Vec<_> = records.enrolments_of(id).cloned().collect();
                let Some(mut enrolment) = records.enrolment(&one).cloned() else { continue };
                let full = programme::seats_taken(&all) >= usize::try_from(session.capacity).unwrap_or(usize::MAX);
                let done = match (full, enrolment.stage) {
                    (true, Stage::Waiting) => continue,
                    (true, _) => enrolment.wait(&session, &title, &all, act.clone()),
                    (false, _) => enrolment.admit(&session, &title, &all, act.clone()),
                };
                match done {
                    Ok(event) => {
                        records.events.push(event);
                        put(records, enrolment);
                    }
                    Err(Refusal::DocumentMissing { .. }) => left += 1,
                    Err(refusal) => return Err(refusal.into()),
                }
            }
            Ok(left)
        })
        .await
    }

    /// Refuses somebody a seat, or takes somebody out of a session without fault of theirs, for a reason.
    ///
    /// # Errors
    /// When the session is not theirs, or the rules refuse.
    pub async fn turn_away(&self, certifier: &Account, id: &EnrolmentId, act: Act) -> Result<SessionId, Error> {
        self.change(&Scope::Enrolment(id.clone()), |records| {
            let session = records.enrolment(id).ok_or(Error::NotFound)?.session.clone();
            records.session_for(certifier, &session)?;
            let one = records.enrolments.iter_mut().find(|one| one.id == *id).ok_or(Error::NotFound)?;
            let waits = matches!(one.stage, Stage::Applied | Stage::Waiting);
            let event = if waits { one.refuse(act.clone())? } else { one.cancel(act.clone())? };
            records.events.push(event);
            Ok(session)
        })
        .await
    }

    /// Files a document that shows a prerequisite.
    ///
    /// # Errors
    /// When the enrolment is not theirs, or its title does not ask for it.
    pub async fn file_document(
        &self,
        (person, id): (&PersonId, &EnrolmentId),
        kind: &str,
        file: (&str, &str),
        act: Act,
    ) -> Result<(), Error> {
        let fresh = DocumentId::from_bytes(self.store.fresh());
        self.change(&Scope::Enrolment(id.clone()), |records| {
            let one = records.enrolment(id).filter(|one| one.person == *person).ok_or(Error::NotFound)?;
            let (_, _, version) = records.frame(one).ok_or(Error::NotFound)?;
            if !version.prerequisites.iter().any(|asked| asked == kind) {
                return Err(Error::NotFound);
            }
            let one = records.enrolments.iter_mut().find(|one| one.id == *id).ok_or(Error::NotFound)?;
            let event = one.file_document(fresh.clone(), kind, file, act.clone())?;
            records.events.push(event);
            Ok(())
        })
        .await
    }

    /// Gives a slot of the oral to everybody who has a seat and none yet: one after the other, in one room, by name.
    ///
    /// # Errors
    /// When the session is not theirs, or its days of orals are too few.
    pub async fn set_orals(&self, certifier: &Account, id: &SessionId, room: &str, act: Act) -> Result<usize, Error> {
        self.change(&Scope::Session(id.clone()), |records| {
            let session = records.session_for(certifier, id)?.clone();
            let title = records.title(&session.title).cloned().ok_or(Error::NotFound)?;
            let mut order: Vec<(String, EnrolmentId)> = records
                .enrolments_of(id)
                .filter(|one| matches!(one.stage, Stage::Enrolled | Stage::HandedIn) && one.oral.is_none())
                .map(|one| (records.name(&one.person).to_owned(), one.id.clone()))
                .collect();
            order.sort();
            let last = records.enrolments_of(id).filter_map(|one| one.oral.as_ref().map(|slot| slot.ends)).max();
            let mut starts = last.map_or(session.calendar.orals_from, |ends| ends + BREAK);
            let count = order.len();
            for (_, one) in order {
                let all: Vec<_> = records.enrolments_of(id).cloned().collect();
                let Some(mut enrolment) = records.enrolment(&one).cloned() else { continue };
                let version = title.version(enrolment.version)?;
                let event = match enrolment.set_oral(&session, version, starts, room, &all, act.clone()) {
                    Ok(event) if within_hours(&session, enrolment.oral.as_ref().map_or(starts, |slot| slot.ends)) => {
                        event
                    }
                    _ => enrolment.set_oral(&session, version, next_day(&session, starts), room, &all, act.clone())?,
                };
                starts = enrolment.oral.as_ref().map_or(starts, |slot| slot.ends + BREAK);
                records.events.push(event);
                put(records, enrolment);
            }
            Ok(count)
        })
        .await
    }
}

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// The hours of each day are those at which the orals begin and end as a whole.
fn since_opening(session: &Session, at: Timestamp) -> i64 {
    at.duration_since(session.calendar.orals_from).as_secs().rem_euclid(DAY.as_secs())
}

pub(super) fn within_hours(session: &Session, ends: Timestamp) -> bool {
    let last = since_opening(session, session.calendar.orals_to);
    last == 0 || (1..=last).contains(&since_opening(session, ends))
}

pub(super) fn next_day(session: &Session, at: Timestamp) -> Timestamp {
    at - SignedDuration::from_secs(since_opening(session, at)) + DAY
}

fn put(records: &mut Records, enrolment: Enrolment) {
    if let Some(kept) = records.enrolments.iter_mut().find(|kept| kept.id == enrolment.id) {
        *kept = enrolment;
    }
}

/// Somebody applies to a session; says whether they had not before.
fn arrive(
    records: &mut Records,
    session: &SessionId,
    listed: &Listed,
    chance: ([u8; 16], [u8; 16]),
    act: &Act,
) -> Result<(PersonId, bool), Error> {
    let session = records.session(session).cloned().ok_or(Error::NotFound)?;
    let title = records.title(&session.title).cloned().ok_or(Error::NotFound)?;
    let known = records.people.iter().find(|person| person.email.as_ref() == Some(&listed.email)).cloned();
    let mut person = match known {
        Some(person) => person,
        None => {
            let id = PersonId::from_bytes(chance.0);
            let (person, born) = Person::create(id, &listed.name, &listed.email, listed.lang, act.clone())?;
            records.events.push(born);
            records.people.push(person.clone());
            person
        }
    };
    if !person.has(Role::Candidate, &session.organisation) {
        records.events.push(person.give(Role::Candidate, &session.organisation, act.clone()));
        records.people.retain(|other| other.id != person.id);
        records.people.push(person.clone());
    }
    let all: Vec<_> = records.enrolments_of(&session.id).cloned().collect();
    let id = EnrolmentId::from_bytes(chance.1);
    match Enrolment::apply(id, &session, &title, &person, &all, act.clone()) {
        Ok((one, event)) => {
            records.enrolments.push(one);
            records.events.push(event);
            Ok((person.id, true))
        }
        Err(Refusal::AlreadyEnrolled { .. }) => Ok((person.id, false)),
        Err(refusal) => Err(refusal.into()),
    }
}
