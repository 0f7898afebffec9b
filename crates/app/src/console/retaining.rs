//! What is kept for a period and no longer: files of enrolments that are settled, people to whom nothing is due, and
//! invitations to sessions that are over.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use programme::{
    Act, Appeal, Enrolment, EnrolmentId, Invitation, InvitationId, PersonId, Retention, Session, Title, is_past, parted,
};
use store::{Find, Kept, Write};

use super::Error;
use super::desk::{Desk, TRIES};
use super::scope::Scope;

/// How many sessions are read at once, and more people than any session has.
const SESSIONS: i64 = 100;
const PEOPLE: i64 = 10_000;

/// The setting that says for which day, and with which periods, all was forgotten.
const DONE: &str = "retained";

/// Something whose period is over.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Due {
    Files(EnrolmentId),
    Invitation(InvitationId),
    Person(PersonId),
}

/// How much was forgotten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    pub files: usize,
    pub invitations: usize,
    pub people: usize,
}

impl Desk {
    /// Everything whose period is over on a day: files first, people last. Nothing is changed.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn due(&self, periods: Retention, today: Date) -> Result<Vec<Due>, Error> {
        let Some(shortest) = periods.shortest() else { return Ok(Vec::new()) };
        let (mut found, mut people) = (Vec::new(), BTreeSet::new());
        for skip in (0..).step_by(usize::try_from(SESSIONS).unwrap_or(1)) {
            let page = Find::<Session>::all().order("opens").page(skip, SESSIONS);
            let sessions = self.store.find(page).await?;
            let last = sessions.is_empty();
            for session in sessions {
                if session.ended().is_some_and(|ended| is_past(ended, shortest, today)) {
                    self.due_in(&session, periods, today, (&mut found, &mut people)).await?;
                }
            }
            if last {
                break;
            }
        }
        for person in people {
            if self.has_parted(&person, periods, today).await? {
                found.push(Due::Person(person));
            }
        }
        Ok(found)
    }

    /// What is due in a session, and whom it may leave without anything that is due to them.
    async fn due_in(
        &self,
        session: &Session,
        periods: Retention,
        today: Date,
        (found, people): (&mut Vec<Due>, &mut BTreeSet<PersonId>),
    ) -> Result<(), Error> {
        let title = self.store.get::<Title>(session.title.as_str()).await?;
        let of = Find::<Appeal>::by("session", session.id.as_str()).page(0, PEOPLE);
        let appeals: Vec<Appeal> = self.store.find(of).await?.into_iter().map(Kept::into_inner).collect();
        let of = Find::<Enrolment>::by("session", session.id.as_str()).page(0, PEOPLE);
        for one in self.store.find(of).await? {
            let Ok(version) = title.version(one.version) else { continue };
            let Some(settled) = one.settled(session, version, &appeals) else { continue };
            let is_over = |days: Option<u16>| days.is_some_and(|days| is_past(settled, days, today));
            if is_over(periods.files) && one.files_forgotten.is_none() && one.files().next().is_some() {
                found.push(Due::Files(one.id.clone()));
            }
            if is_over(periods.people) {
                people.insert(one.person.clone());
            }
        }
        let invited_until = session.ended().zip(periods.people);
        if invited_until.is_some_and(|(ended, days)| is_past(ended, days, today)) {
            let of = Find::<Invitation>::by("session", session.id.as_str()).page(0, PEOPLE);
            let invited = self.store.find(of).await?.into_iter().filter(|one| !one.email.is_empty());
            found.extend(invited.map(|one| Due::Invitation(one.id.clone())));
        }
        Ok(())
    }

    async fn has_parted(&self, id: &PersonId, periods: Retention, today: Date) -> Result<bool, Error> {
        let scope = Scope::Candidate(id.clone());
        let since = self.read(&scope, |records| {
            let settled = |one: &Enrolment| {
                let (session, _, version) = records.frame(one)?;
                one.settled(session, version, &records.appeals)
            };
            let settled: Vec<Option<Date>> = records.enrolments.iter().map(settled).collect();
            records.person(id).and_then(|person| parted(person, &settled, &records.awards))
        });
        Ok(since.await?.zip(periods.people).is_some_and(|(since, days)| is_past(since, days, today)))
    }

    /// Forgets everything whose period is over, once a day. What fails does not hold up what comes after it, and is tried
    /// again when it is asked next.
    ///
    /// # Errors
    /// With the first thing that failed, once the rest is done.
    pub async fn retain(&self, periods: Retention, today: Date, now: Timestamp) -> Result<Forgotten, Error> {
        let act = |days: Option<u16>| {
            let why = format!("durée de conservation / retention period: {}", days.unwrap_or_default());
            Act::of_service("retention", now).because(&why)
        };
        let (mut forgotten, mut failed) = (Forgotten::default(), None);
        let done = format!("{today} {periods:?}");
        if !periods.is_any() || self.store.setting(DONE).await?.is_some_and(|last| last == done) {
            return Ok(forgotten);
        }
        for due in self.due(periods, today).await? {
            let (done, count) = match due {
                Due::Files(id) => (self.forget_files(&id, act(periods.files)).await, &mut forgotten.files),
                Due::Invitation(id) => {
                    (self.forget_invitation(&id, act(periods.people)).await, &mut forgotten.invitations)
                }
                Due::Person(id) => (self.erase(&id, act(periods.people)).await, &mut forgotten.people),
            };
            match done {
                Ok(()) => *count += 1,
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        if let Some(error) = failed {
            return Err(error);
        }
        self.store.set_setting(DONE, &done).await?;
        Ok(forgotten)
    }

    /// Deletes what was handed in with an enrolment and made of it. The files go first: what a stop leaves undone is
    /// due again.
    async fn forget_files(&self, id: &EnrolmentId, act: Act) -> Result<(), Error> {
        for _ in 0..TRIES {
            let mut one = self.store.get::<Enrolment>(id.as_str()).await?;
            let files: BTreeSet<String> = one.files().map(str::to_owned).collect();
            for digest in files {
                if !self.store.is_file_of_another(&digest, ("id", id.as_str())).await? {
                    self.store.forget_file(&digest).await?;
                }
            }
            let event = one.forget_files(act.clone());
            match self.store.commit(Write::new().put(&one, event)).await {
                Err(store::StoreError::Stale { .. }) => {}
                done => return Ok(done?),
            }
        }
        Err(Error::Busy)
    }

    async fn forget_invitation(&self, id: &InvitationId, act: Act) -> Result<(), Error> {
        let mut one = self.store.get::<Invitation>(id.as_str()).await?;
        let event = one.erase(act);
        Ok(self.store.commit(Write::new().put(&one, event)).await?)
    }
}
