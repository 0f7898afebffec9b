//! Another time for an oral that was set: which are free, and who is told when one is taken.

use jiff::{SignedDuration, Timestamp};
use programme::{Act, EnrolmentId, Event, Person, PersonId, Refusal, SessionState, Slot, Words as Both};

use super::Error;
use super::desk::{Desk, Records};
use super::enrolling::{BREAK, within_hours};
use super::identity::Account;
use super::scope::Scope;

/// How many free times are offered, and how many are looked at for them.
const OFFERED: usize = 8;
const LOOKED_AT: usize = 3_000;
/// Orals begin at times like these.
const STEP: SignedDuration = SignedDuration::from_mins(10);

/// An oral that has another time now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    pub from: Timestamp,
    pub slot: Slot,
    pub candidate: Person,
    /// Those who judge the candidate.
    pub jurors: Vec<Person>,
    pub title: Both,
    pub session: String,
}

/// Where an oral may go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub name: String,
    pub slot: Slot,
    pub free: Vec<Timestamp>,
    /// Why it may go nowhere, whatever the time.
    pub refused: Option<Refusal>,
}

/// When jurors sit in other sessions.
type Busy = Vec<(PersonId, Slot)>;

impl Desk {
    /// When those who judge a candidate hear somebody in another session.
    async fn busy(&self, id: &EnrolmentId) -> Result<Busy, Error> {
        let scope = Scope::Enrolment(id.clone());
        let bench = self.read(&scope, |records| {
            let one = records.enrolment(id).ok_or(Error::NotFound)?;
            let session = records.session(&one.session).ok_or(Error::NotFound)?;
            let bench = session.jury.bench(&one.person).into_iter().map(|juror| juror.person.clone());
            Ok::<_, Error>((session.id.clone(), bench.collect::<Vec<_>>()))
        });
        let (own, bench) = bench.await??;
        let mut busy = Busy::new();
        for juror in bench {
            let scope = Scope::Juror(juror.clone());
            let slots = self.read(&scope, |records| {
                let elsewhere = records.sessions_judged_by(&juror).filter(|session| {
                    session.id != own && matches!(session.state, SessionState::Open | SessionState::Closed)
                });
                let heard = elsewhere.flat_map(|session| {
                    let judged = records.enrolments_of(&session.id).filter(|one| !one.stage.is_over());
                    judged.filter(|one| session.jury.bench(&one.person).iter().any(|sits| sits.person == juror))
                });
                heard.filter_map(|one| one.oral.clone()).collect::<Vec<_>>()
            });
            busy.extend(slots.await?.into_iter().map(|slot| (juror.clone(), slot)));
        }
        Ok(busy)
    }

    /// Gives an oral another time, for a reason.
    ///
    /// # Errors
    /// When the session is not theirs, or the rules refuse.
    pub async fn move_oral(
        &self,
        certifier: &Account,
        id: &EnrolmentId,
        (starts, room): (Timestamp, &str),
        act: Act,
    ) -> Result<Moved, Error> {
        let busy = self.busy(id).await?;
        self.change(&Scope::Enrolment(id.clone()), |records| {
            let one = records.enrolment(id).ok_or(Error::NotFound)?;
            records.session_for(certifier, &one.session)?;
            // Two that are moved at once might meet: nobody may have moved another meanwhile.
            let (session, from) = (one.session.clone(), one.oral.as_ref().map_or(starts, |slot| slot.starts));
            records.guarded = Some(session);
            let (slot, event) = tried(records, id, (starts, room), &busy, act.clone())?;
            let one = records.enrolments.iter_mut().find(|one| one.id == *id).ok_or(Error::NotFound)?;
            one.oral = Some(slot.clone());
            records.events.push(event);
            told(records, id, from, slot)
        })
        .await
    }

    /// The times that are free for an oral.
    ///
    /// # Errors
    /// When the session is not theirs, or no oral is set.
    pub async fn free_times(&self, certifier: &Account, id: &EnrolmentId, now: Timestamp) -> Result<Choice, Error> {
        let busy = self.busy(id).await?;
        let scope = Scope::Enrolment(id.clone());
        let found = self.read(&scope, |records| {
            let one = records.enrolment(id).ok_or(Error::NotFound)?;
            let session = records.session_for(certifier, &one.session)?;
            let slot = one.oral.clone().ok_or_else(|| Refusal::SlotMissing { enrolment: id.clone() })?;
            let act = || Act::by(&certifier.person, now).because("-");
            let mut choice =
                Choice { name: records.name(&one.person).to_owned(), slot, free: Vec::new(), refused: None };
            let mut at = session.calendar.orals_from;
            for _ in 0..LOOKED_AT {
                if at >= session.calendar.orals_to || choice.free.len() == OFFERED {
                    break;
                }
                match tried(records, id, (at, &choice.slot.room), &busy, act()) {
                    Ok((slot, _)) if within_hours(session, slot.ends) => {
                        choice.free.push(at);
                        at = slot.ends + BREAK;
                        continue;
                    }
                    Ok(_) => {}
                    Err(Error::Refused(refused)) if is_about_time(&refused) => {}
                    Err(Error::Refused(refused)) => {
                        choice.refused = Some(refused);
                        break;
                    }
                    Err(error) => return Err(error),
                }
                at += STEP;
            }
            Ok::<_, Error>(choice)
        });
        found.await?
    }
}

/// Whether another time would do.
fn is_about_time(refused: &Refusal) -> bool {
    matches!(
        refused,
        Refusal::SlotTaken { .. }
            | Refusal::SlotOutside {}
            | Refusal::SlotPast {}
            | Refusal::SlotSame {}
            | Refusal::JurorBusy { .. }
    )
}

/// The slot that a move would give, and its event; the records stay as they are.
fn tried(
    records: &Records,
    id: &EnrolmentId,
    to: (Timestamp, &str),
    busy: &[(PersonId, Slot)],
    act: Act,
) -> Result<(Slot, Event), Error> {
    let mut one = records.enrolment(id).ok_or(Error::NotFound)?.clone();
    let (session, _, version) = records.frame(&one).ok_or(Error::NotFound)?;
    let others = (&*records.enrolments, &*records.sheets);
    let event = one.move_oral((session, version), to, others, busy, act)?;
    Ok((one.oral.ok_or(Error::NotFound)?, event))
}

fn told(records: &Records, id: &EnrolmentId, from: Timestamp, slot: Slot) -> Result<Moved, Error> {
    let one = records.enrolment(id).ok_or(Error::NotFound)?;
    let (session, title, _) = records.frame(one).ok_or(Error::NotFound)?;
    let known = |person: &PersonId| records.person(person).filter(|person| !person.erased).cloned();
    let bench = session.jury.bench(&one.person);
    Ok(Moved {
        from,
        slot,
        candidate: known(&one.person).ok_or(Error::NotFound)?,
        jurors: bench.into_iter().filter_map(|juror| known(&juror.person)).collect(),
        title: title.name.clone(),
        session: session.name.clone(),
    })
}
