//! What people write to each other about an enrolment: notes among coaches, messages between a candidate and their coach
//! or certifier. None of it is an act, and none of it weighs in a decision.

use jiff::Timestamp;
use programme::{EnrolmentId, PersonId, Refusal, Role};
use store::notes::Note;

use super::Error;
use super::desk::{Desk, Records};
use super::identity::Account;
use super::scope::Scope;

/// The longest message, in bytes.
const LONGEST: usize = 8_000;
/// How much of a thread is shown, the latest first.
const SHOWN: i64 = 100;

/// Between whom something is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thread {
    /// Among the coaches of one organisation; the candidate never sees it.
    Notes,
    Coach,
    Certifier,
}

/// One message, with the name of who wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub author: String,
    pub mine: bool,
    /// Whether its reader sees it for the first time.
    pub new: bool,
    pub at: Timestamp,
    pub body: String,
}

/// As whom somebody reads or writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    Candidate,
    Coach,
    Certifier,
}

impl Records {
    /// An enrolment in a cohort that somebody coaches, with the organisation as which they do.
    ///
    /// # Errors
    /// When there is none, or another coaches it.
    pub fn coached_by(
        &self,
        coach: &Account,
        id: &EnrolmentId,
    ) -> Result<(&programme::Enrolment, programme::OrganisationId), Error> {
        let one = self.enrolment(id).ok_or(Error::NotFound)?;
        let cohort = self.session(&one.session).and_then(|session| session.cohort.as_ref()).ok_or(Error::NotFound)?;
        let cohort = self.cohorts.iter().find(|known| known.id == *cohort).ok_or(Error::NotFound)?;
        if !cohort.coaches.contains(&coach.person) {
            return Err(Error::NotFound);
        }
        let own = || coach.held.iter().find(|held| held.role == Role::Coach).map(|held| held.organisation.clone());
        let home = Some(cohort.organisation.clone()).filter(|home| coach.holds(Role::Coach, home)).or_else(own);
        Ok((one, home.ok_or(Error::NotFound)?))
    }
}

impl Records {
    /// The name of a thread for who asks.
    ///
    /// # Errors
    /// When the thread is not theirs.
    pub fn thread(&self, (who, voice): (&Account, Voice), id: &EnrolmentId, thread: Thread) -> Result<String, Error> {
        let one = self.enrolment(id).ok_or(Error::NotFound)?;
        match (voice, thread) {
            (Voice::Candidate, Thread::Certifier) if one.person == who.person => Ok(named(thread, id)),
            // Without a cohort nobody would read it.
            (Voice::Candidate, Thread::Coach)
                if one.person == who.person
                    && self.session(&one.session).is_some_and(|session| session.cohort.is_some()) =>
            {
                Ok(named(thread, id))
            }
            (Voice::Coach, Thread::Coach) => self.coached_by(who, id).map(|_| named(thread, id)),
            (Voice::Coach, Thread::Notes) => Ok(format!("notes:{}:{id}", self.coached_by(who, id)?.1)),
            (Voice::Certifier, Thread::Certifier) => self.session_for(who, &one.session).map(|_| named(thread, id)),
            _ => Err(Error::NotFound),
        }
    }
}

impl Desk {
    /// The name of a thread for who asks, and the candidate.
    async fn thread(
        &self,
        (who, voice): (&Account, Voice),
        id: &EnrolmentId,
        thread: Thread,
    ) -> Result<(String, PersonId), Error> {
        let scope = match voice {
            Voice::Candidate => Scope::Candidate(who.person.clone()),
            Voice::Coach => Scope::Coach(who.person.clone()),
            Voice::Certifier => Scope::Enrolment(id.clone()),
        };
        let found = self.read(&scope, |records| {
            let about = records.thread((who, voice), id, thread)?;
            let one = records.enrolment(id).ok_or(Error::NotFound)?;
            Ok::<_, Error>((about, one.person.clone()))
        });
        found.await?
    }

    /// What was said in a thread, the latest first. What a candidate reads here is seen.
    ///
    /// # Errors
    /// When the thread is not theirs.
    pub async fn read_thread(
        &self,
        who: (&Account, Voice),
        id: &EnrolmentId,
        thread: Thread,
        seen: Option<Timestamp>,
    ) -> Result<Vec<Said>, Error> {
        let (about, _) = self.thread(who, id, thread).await?;
        let said = self.told_as_said(self.store.notes_about(&about, SHOWN).await?, &who.0.person).await?;
        if let Some(at) = seen
            && said.iter().any(|one| one.new)
        {
            self.store.see_notes(&about, &who.0.person, at).await?;
        }
        Ok(said)
    }

    /// The last word of others in each of these threads, which the reader may read.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn last_heard(&self, reader: &PersonId, threads: &[String]) -> Result<Vec<Said>, Error> {
        self.told_as_said(self.store.last_heard(threads, reader).await?, reader).await
    }

    async fn told_as_said(&self, notes: Vec<Note>, reader: &PersonId) -> Result<Vec<Said>, Error> {
        let names = self.names(&notes.iter().map(|note| note.author.clone()).collect()).await?;
        let said = notes.into_iter().map(|note| Said {
            author: names.get(&note.author).cloned().unwrap_or_default(),
            mine: note.author == *reader,
            new: note.addressee.as_ref() == Some(reader) && note.seen.is_none(),
            at: note.at,
            body: note.body,
        });
        Ok(said.collect())
    }

    /// Says something. Gives who should be told of it: the candidate, when it is for them.
    ///
    /// # Errors
    /// When the thread is not theirs, or nothing is said.
    pub async fn say(
        &self,
        who: (&Account, Voice),
        id: &EnrolmentId,
        thread: Thread,
        body: &str,
        at: Timestamp,
    ) -> Result<Option<PersonId>, Error> {
        let (about, candidate) = self.thread(who, id, thread).await?;
        let body = body.trim();
        if body.is_empty() {
            return Err(Refusal::NotFilled { field: "message" }.into());
        }
        if body.len() > LONGEST {
            return Err(Refusal::TextTooLong { most: LONGEST }.into());
        }
        let addressee = (thread != Thread::Notes && who.1 != Voice::Candidate).then_some(candidate);
        let note = Note {
            id: programme::RunId::from_bytes(self.store.fresh()).to_string(),
            about,
            author: who.0.person.clone(),
            addressee: addressee.clone(),
            at,
            seen: None,
            body: body.to_owned(),
        };
        self.store.add_note(&note).await?;
        Ok(addressee)
    }

    /// Of these enrolments, those whose candidate waits for a word.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn waiting_for_a_word(&self, thread: Thread, of: &[EnrolmentId]) -> Result<Vec<EnrolmentId>, Error> {
        let threads: Vec<String> = of.iter().map(|id| named(thread, id)).collect();
        let found = self.store.unanswered(&threads).await?;
        Ok(of.iter().filter(|id| found.contains(&named(thread, id))).cloned().collect())
    }
}

/// The thread of an enrolment that its candidate reads.
pub(in crate::console) fn named(thread: Thread, id: &EnrolmentId) -> String {
    let kind = match thread {
        Thread::Notes => "notes",
        Thread::Coach => "coach",
        Thread::Certifier => "certifier",
    };
    format!("{kind}:{id}")
}
