//! What is kept for a period and no longer: files of enrolments that are settled, people to whom nothing is due, and
//! invitations to sessions that are over.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use programme::{
    Act, Appeal, Award, Enrolment, EnrolmentId, FraudReport, Invitation, InvitationId, Person, PersonId, Retention,
    Session, Title, is_past, last_act, parted,
};
use store::{Find, Kept, Write};

use super::Error;
use super::desk::{Desk, TRIES, plain};

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

/// Days of periods are counted by one clock, wherever people are.
fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
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
            if sessions.is_empty() {
                break;
            }
            for session in sessions {
                if session.ended().is_some_and(|ended| is_past(ended, shortest, today)) {
                    self.due_in(&session, periods, today, (&mut found, &mut people)).await?;
                }
            }
        }
        for id in people {
            let person = self.store.get::<Person>(id.as_str()).await?;
            if self.has_parted(&person, periods, today).await? {
                found.push(Due::Person(id));
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
        // No period of an enrolment begins before its session ended: most need not be looked at any closer.
        let may =
            |days: Option<u16>| session.ended().zip(days).is_some_and(|(ended, days)| is_past(ended, days, today));
        let of = Find::<Enrolment>::by("session", session.id.as_str()).page(0, PEOPLE);
        for one in self.store.find(of).await? {
            if may(periods.files) && self.has_files_due(&one, periods, today).await? {
                found.push(Due::Files(one.id.clone()));
            }
            if may(periods.people) {
                people.insert(one.person.clone());
            }
        }
        if may(periods.people) {
            let of = Find::<Invitation>::by("session", session.id.as_str()).page(0, PEOPLE);
            let invited = self.store.find(of).await?.into_iter().filter(|one| !one.email.is_empty());
            found.extend(invited.map(|one| Due::Invitation(one.id.clone())));
        }
        Ok(())
    }

    async fn has_files_due(&self, one: &Enrolment, periods: Retention, today: Date) -> Result<bool, Error> {
        let Some(days) = periods.files else { return Ok(false) };
        if one.files_forgotten.is_some() || (one.files().next().is_none() && one.adjustments.is_empty()) {
            return Ok(false);
        }
        Ok(self.settled(one).await?.is_some_and(|since| is_past(since, days, today)))
    }

    async fn has_parted(&self, person: &Person, periods: Retention, today: Date) -> Result<bool, Error> {
        let Some(days) = periods.people.filter(|_| !person.erased) else { return Ok(false) };
        let awards: Vec<Award> = plain(&self.store.find(Find::by("person", person.id.as_str())).await?);
        let mut settled = Vec::new();
        for one in self.store.find(Find::<Enrolment>::by("person", person.id.as_str())).await? {
            settled.push(self.settled(&one).await?);
        }
        Ok(parted(person, &settled, &awards).is_some_and(|since| is_past(since, days, today)))
    }

    /// Since when nothing is due in an enrolment: what the rules say, but not before the last thing that anybody did about
    /// it. An appeal may be answered, or a session called off, long after the day that was planned.
    async fn settled(&self, one: &Enrolment) -> Result<Option<Date>, Error> {
        let session = self.store.get::<Session>(one.session.as_str()).await?;
        let title = self.store.get::<Title>(session.title.as_str()).await?;
        let appeals: Vec<Appeal> = plain(&self.store.find(Find::by("enrolment", one.id.as_str())).await?);
        let Ok(version) = title.version(one.version) else { return Ok(None) };
        let Some(by_rule) = one.settled(&session, version, &appeals) else { return Ok(None) };
        let reports: Vec<FraudReport> = plain(&self.store.find(Find::by("enrolment", one.id.as_str())).await?);
        let appeals = appeals.iter().map(|appeal| ("appeal", appeal.id.as_str()));
        let reports = reports.iter().map(|report| ("fraud-report", report.id.as_str()));
        let itself = [("enrolment", one.id.as_str()), ("session", session.id.as_str())];
        let mut last = by_rule;
        for (kind, id) in itself.into_iter().chain(appeals).chain(reports) {
            let events = self.store.history(kind, id).await?;
            let acted = last_act(events.iter().filter_map(|logged| logged.event.as_ref()));
            last = last.max(acted.map_or(last, day));
        }
        Ok(Some(last))
    }

    /// Forgets everything whose period is over, once a day. What fails does not hold up what comes after it, and is tried
    /// again when it is asked next.
    ///
    /// # Errors
    /// With the first thing that failed, once the rest is done.
    pub async fn retain(&self, periods: Retention, now: Timestamp) -> Result<Forgotten, Error> {
        let today = day(now);
        let (mut forgotten, mut failed) = (Forgotten::default(), None);
        let done = format!("{today} {periods:?}");
        if !periods.is_any() || self.store.setting(DONE).await?.is_some_and(|last| last == done) {
            return Ok(forgotten);
        }
        for due in self.due(periods, today).await? {
            // Something may have happened since the list was made: each is asked again before it goes.
            let (gone, count) = match &due {
                Due::Files(id) => (self.forget_files(id, periods, now).await, &mut forgotten.files),
                Due::Invitation(id) => (self.forget_invitation(id, periods, now).await, &mut forgotten.invitations),
                Due::Person(id) => (self.forget_person(id, periods, now).await, &mut forgotten.people),
            };
            match gone {
                Ok(gone) => *count += usize::from(gone),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        if let Some(error) = failed {
            return Err(error);
        }
        self.store.set_setting(DONE, &done).await?;
        Ok(forgotten)
    }

    /// Deletes what was handed in with an enrolment and made of it; says whether that was due. The files go first: what a
    /// stop leaves undone is due again.
    async fn forget_files(&self, id: &EnrolmentId, periods: Retention, now: Timestamp) -> Result<bool, Error> {
        for _ in 0..TRIES {
            let mut one = self.store.get::<Enrolment>(id.as_str()).await?;
            if !self.has_files_due(&one, periods, day(now)).await? {
                return Ok(false);
            }
            let files: BTreeSet<String> = one.files().map(str::to_owned).collect();
            for digest in files {
                if !self.store.is_file_of_another(&digest, ("id", id.as_str())).await? {
                    self.store.forget_file(&digest).await?;
                }
            }
            let event = one.forget_files(act(periods.files, now));
            match self.store.commit(Write::new().put(&one, event)).await {
                Err(store::StoreError::Stale { .. }) => {}
                done => return Ok(done.map(|()| true)?),
            }
        }
        Err(Error::Busy)
    }

    async fn forget_invitation(&self, id: &InvitationId, periods: Retention, now: Timestamp) -> Result<bool, Error> {
        let mut one: Kept<Invitation> = self.store.get(id.as_str()).await?;
        if one.email.is_empty() {
            return Ok(false);
        }
        let event = one.erase(act(periods.people, now));
        Ok(self.store.commit(Write::new().put(&one, event)).await.map(|()| true)?)
    }

    async fn forget_person(&self, id: &PersonId, periods: Retention, now: Timestamp) -> Result<bool, Error> {
        for _ in 0..TRIES {
            let person = self.store.get::<Person>(id.as_str()).await?;
            if !self.has_parted(&person, periods, day(now)).await? {
                return Ok(false);
            }
            if self.erase_as_read(person, &act(periods.people, now)).await? {
                return Ok(true);
            }
        }
        Err(Error::Busy)
    }
}

fn act(days: Option<u16>, now: Timestamp) -> Act {
    let why = format!("durée de conservation / retention period: {}", days.unwrap_or_default());
    Act::of_service("retention", now).because(&why)
}
