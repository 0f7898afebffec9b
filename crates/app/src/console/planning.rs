//! Cohorts and sessions, as a certifier plans them.

use programme::{
    Act, Calendar, Cohort, CohortId, OrganisationId, OrganisationKind, PersonId, Refusal, Role, Session, SessionId,
    TitleId,
};

use super::Error;
use super::desk::{Desk, Records};
use super::identity::Account;
use super::scope::Scope;

/// A cohort to be.
#[derive(Clone, Debug)]
pub struct CohortPlan {
    pub name: String,
    /// The certifier's own organisation, or a school.
    pub organisation: OrganisationId,
    pub starts: jiff::civil::Date,
    pub ends: jiff::civil::Date,
    pub coaches: Vec<PersonId>,
}

/// A session to be, or what is changed of one.
#[derive(Clone, Debug)]
pub struct SessionPlan {
    pub title: TitleId,
    pub name: String,
    pub capacity: u32,
    pub calendar: Calendar,
    pub cohort: Option<CohortId>,
}

impl Records {
    /// Organisations in which a certifier may gather a cohort: their own, and schools.
    pub fn homes_of_cohorts<'r>(
        &'r self,
        certifier: &'r PersonId,
    ) -> impl Iterator<Item = &'r programme::Organisation> {
        self.organisations
            .iter()
            .filter(|one| one.kind == OrganisationKind::School || self.certifies(certifier, &one.id).is_ok())
    }

    /// Cohorts that a session of this certifier may be for.
    pub fn cohorts_for<'r>(&'r self, certifier: &'r PersonId) -> impl Iterator<Item = &'r Cohort> {
        self.cohorts.iter().filter(|cohort| self.homes_of_cohorts(certifier).any(|home| home.id == cohort.organisation))
    }
}

impl Desk {
    /// # Errors
    /// When the organisation is none of theirs, a coach does not coach there, or the rules refuse.
    pub async fn create_cohort(&self, certifier: &Account, plan: &CohortPlan, act: Act) -> Result<CohortId, Error> {
        let id = CohortId::from_bytes(self.store.fresh());
        self.change(&Scope::Office(certifier.person.clone()), |records| {
            if !records.homes_of_cohorts(&certifier.person).any(|home| home.id == plan.organisation) {
                return Err(Error::NotFound);
            }
            let coaches_there = |coach: &PersonId| {
                records.person(coach).is_some_and(|person| person.has(Role::Coach, &plan.organisation))
            };
            if !plan.coaches.iter().all(coaches_there) {
                return Err(Refusal::NotFilled { field: "coaches" }.into());
            }
            let cohort = Cohort {
                id: id.clone(),
                organisation: plan.organisation.clone(),
                name: plan.name.trim().to_owned(),
                starts: plan.starts,
                ends: plan.ends,
                coaches: plan.coaches.clone(),
            };
            let (cohort, event) = Cohort::create(cohort, act.clone())?;
            records.cohorts.push(cohort);
            records.events.push(event);
            Ok(id.clone())
        })
        .await
    }

    /// # Errors
    /// When title or cohort are none of theirs, or the rules refuse.
    pub async fn create_session(&self, certifier: &Account, plan: &SessionPlan, act: Act) -> Result<SessionId, Error> {
        let id = SessionId::from_bytes(self.store.fresh());
        self.change(&Scope::Office(certifier.person.clone()), |records| {
            let title = records.title_for(certifier, &plan.title)?.clone();
            fits(records, certifier, plan)?;
            let home = title.certifier.clone();
            let calendar = plan.calendar.clone();
            let (mut session, drafted) =
                Session::draft(id.clone(), &title, home, &plan.name, calendar.clone(), act.clone())?;
            let planned = session.plan(plan.capacity, calendar, plan.cohort.clone(), &[], act.clone())?;
            records.sessions.push(session);
            records.events.extend([drafted, planned]);
            Ok(id.clone())
        })
        .await
    }

    /// Changes seats, dates and cohort of a session that is not closed.
    ///
    /// # Errors
    /// When the session is not theirs, or the rules refuse.
    pub async fn plan_session(
        &self,
        certifier: &Account,
        id: &SessionId,
        plan: &SessionPlan,
        act: Act,
    ) -> Result<(), Error> {
        let office = Scope::Office(certifier.person.clone());
        self.read(&office, |records| fits(records, certifier, plan)).await??;
        self.change(&Scope::Session(id.clone()), |records| {
            let mut session = records.session_for(certifier, id)?.clone();
            let all: Vec<_> = records.enrolments_of(id).cloned().collect();
            let (calendar, cohort) = (plan.calendar.clone(), plan.cohort.clone());
            let event = session.plan(plan.capacity, calendar, cohort, &all, act.clone())?;
            records.events.push(event);
            if let Some(kept) = records.sessions.iter_mut().find(|kept| kept.id == session.id) {
                *kept = session;
            }
            Ok(())
        })
        .await
    }

    /// The session does not take place, for a reason.
    ///
    /// # Errors
    /// When the session is not theirs, or the rules refuse.
    pub async fn cancel_session(&self, certifier: &Account, id: &SessionId, act: Act) -> Result<(), Error> {
        self.change(&Scope::Session(id.clone()), |records| {
            records.session_for(certifier, id)?;
            let session = records.sessions.iter_mut().find(|one| one.id == *id).ok_or(Error::NotFound)?;
            let event = session.cancel(act.clone())?;
            records.events.push(event);
            Ok(())
        })
        .await
    }
}

fn fits(records: &Records, certifier: &Account, plan: &SessionPlan) -> Result<(), Error> {
    match &plan.cohort {
        Some(cohort) if !records.cohorts_for(&certifier.person).any(|known| known.id == *cohort) => {
            Err(Error::NotFound)
        }
        _ => Ok(()),
    }
}
