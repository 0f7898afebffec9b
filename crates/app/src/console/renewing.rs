//! Awards that end soon: who is reminded, once for each end, and how one is prolonged.

use jiff::ToSpan;
use jiff::civil::Date;
use programme::{Act, Award, AwardId, AwardState, Person, Role, Title, Words as Both};
use store::Find;

use super::Error;
use super::desk::Desk;
use super::identity::Account;
use super::scope::Scope;

/// The longest time before its end in which an award may be renewed, whatever its title says.
const SOONEST: i32 = 366;
/// How many are reminded together; the next hour takes the next.
const MOST: i64 = 500;

/// Somebody who is told that an award ends soon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reminder {
    pub award: AwardId,
    pub holder: Person,
    /// Who reads for the company that employs the holder.
    pub readers: Vec<Person>,
    pub title: Both,
    pub until: Date,
}

fn name(award: &AwardId) -> String {
    format!("reminded:{award}")
}

impl Desk {
    /// Prolongs an award whose end is near. Gives the award, since its credential must be signed now.
    ///
    /// # Errors
    /// When it is another certifier's, or the rules refuse: too early, over, revoked.
    pub async fn renew(&self, certifier: &Account, id: &AwardId, act: Act) -> Result<Award, Error> {
        self.change(&Scope::Award(id.clone()), |records| {
            let award = records.awards.iter().find(|award| award.id == *id).ok_or(Error::NotFound)?;
            let session = records.enrolment(&award.enrolment).ok_or(Error::NotFound)?.session.clone();
            records.session_for(certifier, &session)?;
            let title = records.title(&award.title).cloned().ok_or(Error::NotFound)?;
            let award = records.awards.iter_mut().find(|award| award.id == *id).ok_or(Error::NotFound)?;
            let event = award.renew(&title, act.clone())?;
            let renewed = award.clone();
            records.events.push(event);
            Ok(renewed)
        })
        .await
    }

    /// The awards that may be renewed from today on, and whose end nobody was told about yet.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn reminders(&self, today: Date) -> Result<Vec<Reminder>, Error> {
        let last = today.saturating_add(SOONEST.days());
        let soon = Find::<Award>::all()
            .at_least("until", today.to_string().as_str())
            .at_most("until", last.to_string().as_str())
            .order("until")
            .page(0, 10_000);
        let mut found = Vec::new();
        for award in self.store.find(soon).await? {
            let Some(until) = award.until else { continue };
            let title = self.store.get::<Title>(award.title.as_str()).await?;
            let from = title.version(award.version).ok().and_then(|version| award.renewable(version));
            let near = from.is_some_and(|from| from <= today) && award.state(today) == AwardState::Held;
            if !near || self.store.setting(&name(&award.id)).await? == Some(until.to_string()) {
                continue;
            }
            let holder = self.store.get::<Person>(award.person.as_str()).await?.into_inner();
            if holder.erased {
                continue;
            }
            let readers = match &holder.employer {
                Some(company) => self.store.people_in(Role::CompanyReader, company).await?,
                None => Vec::new(),
            };
            found.push(Reminder {
                award: award.id.clone(),
                holder,
                readers: readers.into_iter().map(|kept| kept.into_inner()).collect(),
                title: title.name.clone(),
                until,
            });
            if i64::try_from(found.len()).unwrap_or(MOST) >= MOST {
                break;
            }
        }
        Ok(found)
    }

    /// Says that a reminder was written; another end is told again.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn reminded(&self, reminder: &Reminder) -> Result<(), Error> {
        Ok(self.store.set_setting(&name(&reminder.award), &reminder.until.to_string()).await?)
    }
}
