//! Where the console's use cases find records and put them back.

use std::pin::Pin;
use std::sync::{Arc, Mutex};

use programme::{
    Appeal, Award, Cohort, Deliberation, Enrolment, EnrolmentId, Event, FraudReport, Invitation, Organisation, Person,
    PersonId, Question, Role, Session, SessionId, Sheet, Stage, Title, TitleId,
};
use store::{Kept, Record, Store, StoreError, Write};

use super::Error;
use super::identity::Account;
use super::remembered::Remembered;
use super::scope::Scope;

/// What a use case looks at: the records of its scope and nothing else.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Records {
    pub organisations: Vec<Organisation>,
    pub people: Vec<Person>,
    pub titles: Vec<Title>,
    pub cohorts: Vec<Cohort>,
    pub sessions: Vec<Session>,
    pub invitations: Vec<Invitation>,
    pub enrolments: Vec<Enrolment>,
    pub sheets: Vec<Sheet>,
    pub deliberations: Vec<Deliberation>,
    pub awards: Vec<Award>,
    pub appeals: Vec<Appeal>,
    pub frauds: Vec<FraudReport>,
    /// The bank of the title that a scope is about.
    pub questions: Vec<Question>,
    /// How many are at each stage of a session, where a scope counts them instead of reading them.
    pub counts: Vec<(SessionId, Stage, i64)>,
    /// What happened since the records were read.
    pub events: Vec<Event>,
    /// A session that stands for all its enrolments: nobody may have changed it meanwhile.
    pub guarded: Option<SessionId>,
    /// Files that a demonstration brings along.
    pub files: Vec<Vec<u8>>,
    /// What the people of a demonstration wrote to each other.
    pub notes: Vec<store::notes::Note>,
}

/// The records of a scope as the store gave them.
#[derive(Default)]
pub(super) struct Loaded {
    pub organisations: Vec<Kept<Organisation>>,
    pub people: Vec<Kept<Person>>,
    pub titles: Vec<Kept<Title>>,
    pub cohorts: Vec<Kept<Cohort>>,
    pub sessions: Vec<Kept<Session>>,
    pub invitations: Vec<Kept<Invitation>>,
    pub enrolments: Vec<Kept<Enrolment>>,
    pub sheets: Vec<Kept<Sheet>>,
    pub deliberations: Vec<Kept<Deliberation>>,
    pub awards: Vec<Kept<Award>>,
    pub appeals: Vec<Kept<Appeal>>,
    pub frauds: Vec<Kept<FraudReport>>,
    pub questions: Vec<Kept<Question>>,
    pub counts: Vec<(SessionId, Stage, i64)>,
}

pub(super) fn plain<T: Record>(kept: &[Kept<T>]) -> Vec<T> {
    kept.iter().map(|one| (**one).clone()).collect()
}

impl Loaded {
    pub(super) fn records(&self) -> Records {
        Records {
            organisations: plain(&self.organisations),
            people: plain(&self.people),
            titles: plain(&self.titles),
            cohorts: plain(&self.cohorts),
            sessions: plain(&self.sessions),
            invitations: plain(&self.invitations),
            enrolments: plain(&self.enrolments),
            sheets: plain(&self.sheets),
            deliberations: plain(&self.deliberations),
            awards: plain(&self.awards),
            appeals: plain(&self.appeals),
            frauds: plain(&self.frauds),
            questions: plain(&self.questions),
            counts: self.counts.clone(),
            events: Vec::new(),
            guarded: None,
            files: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// What differs in a draft, as one write.
    fn difference(self, draft: &Records) -> Write {
        let events = &draft.events;
        let mut write = Write::new();
        if let Some(kept) = self.sessions.iter().find(|kept| Some(&kept.id) == draft.guarded.as_ref()) {
            write = write.guard(kept);
        }
        write = changed(write, self.organisations, &draft.organisations, events);
        write = changed(write, self.people, &draft.people, events);
        write = changed(write, self.titles, &draft.titles, events);
        write = changed(write, self.cohorts, &draft.cohorts, events);
        write = changed(write, self.sessions, &draft.sessions, events);
        write = changed(write, self.invitations, &draft.invitations, events);
        write = changed(write, self.enrolments, &draft.enrolments, events);
        write = changed(write, self.sheets, &draft.sheets, events);
        write = changed(write, self.deliberations, &draft.deliberations, events);
        write = changed(write, self.awards, &draft.awards, events);
        write = changed(write, self.appeals, &draft.appeals, events);
        write = changed(write, self.frauds, &draft.frauds, events);
        changed(write, self.questions, &draft.questions, events)
    }
}

/// Adds what is new of one kind, and puts back what was changed, each with what happened to it.
fn changed<T: Record>(mut write: Write, kept: Vec<Kept<T>>, draft: &[T], events: &[Event]) -> Write {
    let mut kept: Vec<Option<Kept<T>>> = kept.into_iter().map(Some).collect();
    for record in draft {
        let subject = record.subject();
        let told: Vec<Event> = events.iter().filter(|event| event.on == subject).cloned().collect();
        let before = kept.iter_mut().find(|one| one.as_ref().is_some_and(|one| one.subject() == subject));
        match before.and_then(Option::take) {
            // Every change has an event: what nothing happened to is as it was.
            Some(_) if told.is_empty() => {}
            Some(mut one) => {
                *one = record.clone();
                write = write.put_all(&one, told);
            }
            None => write = write.add_all(record, told),
        }
    }
    write
}

/// A write that goes on. Boxed, since who calls it must be able to wait for it on any thread.
pub(super) type Writing<'w, O> = Pin<Box<dyn Future<Output = Result<O, StoreError>> + Send + 'w>>;

/// The desk of a console, over its store.
#[derive(Clone)]
pub struct Desk {
    pub(super) store: Store,
    pub(super) remembered: Arc<Mutex<Remembered>>,
}

/// The setting that marks a store of made-up people for ever.
const DEMONSTRATION: &str = "demonstration";
/// How often a change is tried again when somebody else changed the same records meanwhile.
pub(super) const TRIES: usize = 8;

impl Desk {
    pub fn new(store: Store) -> Self {
        Self { store, remembered: Arc::default() }
    }

    /// Whether the store answers.
    pub async fn answers(&self) -> bool {
        self.store.ping().await.is_ok()
    }

    /// Whether what this store holds is made up. In a demonstration anyone may be anyone, so it never holds real people.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn is_demonstration(&self) -> Result<bool, Error> {
        Ok(self.store.setting(DEMONSTRATION).await?.is_some())
    }

    /// Fills an empty store with a demonstration; one that holds something is left as it is. Says whether it is one now.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn fill(&self, demo: Records) -> Result<bool, Error> {
        if self.store.count(store::Find::<Organisation>::all()).await? > 0 {
            return self.is_demonstration().await;
        }
        self.store.set_setting(DEMONSTRATION, "true").await?;
        let at = demo.events.last().map_or(jiff::Timestamp::UNIX_EPOCH, |event| event.act.at);
        for file in &demo.files {
            self.store.put_file(file, at).await?;
        }
        self.store.commit(Loaded::default().difference(&demo).in_order()).await?;
        for note in &demo.notes {
            self.store.add_note(note).await?;
        }
        Ok(true)
    }

    /// Changes the records of a scope, all of it or nothing. Somebody else may change them meanwhile: then it is looked
    /// at again, and decided again.
    ///
    /// # Errors
    /// When they cannot be reached, or the change is refused.
    pub async fn change<T>(&self, scope: &Scope, act: impl Fn(&mut Records) -> Result<T, Error>) -> Result<T, Error> {
        for _ in 0..TRIES {
            let loaded = scope.load(&self.store).await?;
            let mut draft = loaded.records();
            let done = act(&mut draft)?;
            if draft.events.is_empty() {
                return Ok(done);
            }
            match self.store.commit(loaded.difference(&draft)).await {
                Err(StoreError::Stale { .. } | StoreError::Exists { .. }) => {}
                Err(error) => return Err(error.into()),
                Ok(()) => return Ok(done),
            }
        }
        Err(Error::Busy)
    }

    /// Writes what is kept beside the records together with the event that tells it. The event stands on a record that
    /// stays as it is; when that was changed meanwhile, it is tried again.
    pub(super) async fn told<'w, T: Record, O>(
        &self,
        id: &str,
        event: &Event,
        write: impl Fn(Write) -> Writing<'w, O>,
    ) -> Result<O, Error> {
        for _ in 0..TRIES {
            let kept = self.store.get::<T>(id).await?;
            match write(Write::new().put(&kept, event.clone())).await {
                Err(StoreError::Stale { .. }) => {}
                done => return Ok(done?),
            }
        }
        Err(Error::Busy)
    }

    /// The journal, newest first: from its end, or from before the event of a number.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub async fn journal(&self, before: Option<i64>, most: i64) -> Result<Vec<store::Logged>, Error> {
        Ok(self.store.log(before, most).await?)
    }

    /// The same of what the organisations hold that somebody certifies for.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub async fn journal_of(
        &self,
        certifier: &Account,
        before: Option<i64>,
        most: i64,
    ) -> Result<Vec<store::Logged>, Error> {
        let person = self.store.get::<Person>(certifier.person.as_str()).await?;
        let (mut found, limit) = (Vec::new(), usize::try_from(most).unwrap_or(0));
        for home in person.roles.iter().filter(|held| held.role == Role::Certifier) {
            found.extend(self.store.log_of(home.organisation.as_str(), before, most).await?);
        }
        // A title of one may be examined by another.
        found.sort_by_key(|logged| std::cmp::Reverse(logged.seq));
        found.dedup_by_key(|logged| logged.seq);
        found.truncate(limit);
        Ok(found)
    }

    /// Signs the log as it stands: the first time that it is asked on a day.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub async fn sign_log(&self, key: &[u8; 32], at: jiff::Timestamp) -> Result<store::Root, Error> {
        Ok(self.store.sign_root(key, at).await?)
    }

    /// Keeps a file and gives its digest.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub async fn keep(&self, bytes: &[u8], at: jiff::Timestamp) -> Result<String, Error> {
        Ok(self.store.put_file(bytes, at).await?)
    }
}

impl Records {
    pub fn person(&self, id: &PersonId) -> Option<&Person> {
        self.people.iter().find(|one| one.id == *id)
    }

    /// What somebody is called; nothing once they were erased.
    pub fn name(&self, id: &PersonId) -> &str {
        self.person(id).filter(|person| !person.erased).map_or("–", |person| &person.name)
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

    /// Puts a record back that was changed outside of the draft.
    pub(super) fn put(&mut self, enrolment: Enrolment) {
        if let Some(kept) = self.enrolments.iter_mut().find(|kept| kept.id == enrolment.id) {
            *kept = enrolment;
        }
    }

    pub fn enrolments_of<'a>(&'a self, session: &'a SessionId) -> impl Iterator<Item = &'a Enrolment> {
        self.enrolments.iter().filter(move |one| one.session == *session)
    }

    /// How many of a session are at such a stage, of those that were counted.
    pub fn counted(&self, session: &SessionId, stage: impl Fn(Stage) -> bool) -> usize {
        let of = self.counts.iter().filter(|(of, at, _)| of == session && stage(*at));
        of.map(|(_, _, count)| usize::try_from(*count).unwrap_or(0)).sum()
    }

    /// The session, the title and the rules that an enrolment is judged by.
    pub fn frame(&self, one: &Enrolment) -> Option<(&Session, &Title, &programme::Version)> {
        let session = self.session(&one.session)?;
        let title = self.title(&session.title)?;
        Some((session, title, title.version(one.version).ok()?))
    }
}
