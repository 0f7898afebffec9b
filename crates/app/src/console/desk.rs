//! Where the console's use cases find records and put them back.

use std::collections::BTreeMap;
use std::sync::Mutex;

use programme::{
    Award, Cohort, Deliberation, Enrolment, EnrolmentId, Event, Organisation, Person, PersonId, Session, SessionId,
    Sheet, Title, TitleId,
};

use super::identity::{Account, Link, Login};
use super::{Demo, Error};

/// All records, as they are read together.
#[derive(Clone, Debug, Default)]
pub struct Records {
    pub organisations: Vec<Organisation>,
    pub people: Vec<Person>,
    pub titles: Vec<Title>,
    pub cohorts: Vec<Cohort>,
    pub sessions: Vec<Session>,
    pub enrolments: Vec<Enrolment>,
    pub sheets: Vec<Sheet>,
    pub deliberations: Vec<Deliberation>,
    pub awards: Vec<Award>,
    pub events: Vec<Event>,
    pub(super) accounts: BTreeMap<PersonId, Account>,
    pub(super) logins: BTreeMap<String, Login>,
    pub(super) links: BTreeMap<String, Link>,
}

/// The desk of a console. It keeps records in memory: they go when the process does.
#[derive(Debug, Default)]
pub struct Desk {
    records: Mutex<Records>,
}

impl Desk {
    /// A desk with the records of a demonstration.
    pub fn of_demo(demo: Demo) -> Self {
        let accounts = demo.people.iter().map(|person| (person.id.clone(), Account::of(person))).collect();
        let records = Records {
            organisations: demo.organisations,
            people: demo.people,
            titles: demo.titles,
            cohorts: demo.cohorts,
            sessions: demo.sessions,
            enrolments: demo.enrolments,
            sheets: demo.sheets,
            deliberations: demo.deliberations,
            awards: demo.awards,
            events: demo.events,
            accounts,
            ..Records::default()
        };
        Self { records: Mutex::new(records) }
    }

    /// Whether records can be read.
    pub fn answers(&self) -> bool {
        self.records.lock().is_ok()
    }

    /// Reads records.
    ///
    /// # Errors
    /// When they cannot be reached.
    pub fn read<T>(&self, look: impl FnOnce(&Records) -> T) -> Result<T, Error> {
        self.records.lock().map(|records| look(&records)).map_err(|_| Error::Records)
    }

    /// Changes records; what fails changes nothing.
    ///
    /// # Errors
    /// When they cannot be reached, or the change is refused.
    pub fn change<T>(&self, act: impl FnOnce(&mut Records) -> Result<T, Error>) -> Result<T, Error> {
        let mut records = self.records.lock().map_err(|_| Error::Records)?;
        let mut draft = records.clone();
        let done = act(&mut draft)?;
        *records = draft;
        Ok(done)
    }
}

impl Records {
    pub fn person(&self, id: &PersonId) -> Option<&Person> {
        self.people.iter().find(|one| one.id == *id)
    }

    /// What somebody is called, also after they were erased.
    pub fn name(&self, id: &PersonId) -> &str {
        self.person(id).map_or("–", |person| if person.erased { "–" } else { &person.name })
    }

    pub fn title(&self, id: &TitleId) -> Option<&Title> {
        self.titles.iter().find(|one| one.id == *id)
    }

    pub fn session(&self, id: &SessionId) -> Option<&Session> {
        self.sessions.iter().find(|one| one.id == *id)
    }

    pub fn enrolment(&self, id: &EnrolmentId) -> Option<&Enrolment> {
        self.enrolments.iter().find(|one| one.id == *id)
    }

    pub fn enrolments_of<'a>(&'a self, session: &'a SessionId) -> impl Iterator<Item = &'a Enrolment> {
        self.enrolments.iter().filter(move |one| one.session == *session)
    }

    /// The session, the title and the rules that an enrolment is judged by.
    pub fn frame(&self, one: &Enrolment) -> Option<(&Session, &Title, &programme::Version)> {
        let session = self.session(&one.session)?;
        let title = self.title(&session.title)?;
        Some((session, title, title.version(one.version).ok()?))
    }
}
