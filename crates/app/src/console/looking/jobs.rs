//! Jobs that look at repositories: who may ask for one, and who may see how far it is.

use jiff::{SignedDuration, Timestamp};
use programme::{EnrolmentId, PersonId, RunId, Words as Both};
use serde::{Deserialize, Serialize};
use store::jobs::{Job, JobState, NewJob};

use super::look::Phase;
use crate::console::building::{self, BUILD};
use crate::console::{Account, Desk, Error, Scope};
use crate::words::Words;

/// A candidate's project.
pub(super) const ASSESS: &str = "assess";
/// Anybody's public repository.
pub(super) const ABOUT_NOBODY: &str = "look";
/// The kinds of jobs that look at a repository.
pub const LOOKS: [&str; 2] = [ASSESS, ABOUT_NOBODY];
/// How often a look is tried: a network, or a worker, may fail for a while.
const ATTEMPTS: i64 = 3;
/// A hand-in is queued before it is written, and taken after.
const AFTER: SignedDuration = SignedDuration::from_secs(2);

/// What a job is asked, as it is kept with it.
#[derive(Serialize, Deserialize)]
pub(super) struct Payload {
    pub url: String,
    /// The frozen commit; what is newest without one.
    #[serde(default)]
    pub commit: Option<String>,
    /// The framework that somebody who is nobody here asks for.
    #[serde(default)]
    pub framework: Option<String>,
}

/// What somebody is to the project that is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    Own,
    Judged,
    Certified,
}

/// A job as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    pub id: String,
    pub state: JobState,
    pub enrolment: Option<EnrolmentId>,
    /// Whether files are built for the jury, instead of a repository being looked at.
    pub builds: bool,
    pub url: String,
    /// How many wait before it.
    pub before: i64,
    pub hundredths: i64,
    pub phase: Option<Phase>,
    /// Why the last attempt failed, when that is known in words.
    pub failure: Option<Both>,
    /// The code of a failure without words.
    pub code: Option<String>,
    pub result: Option<String>,
    pub made: Timestamp,
}

impl Progress {
    /// Whether nothing more will change.
    pub fn is_over(&self) -> bool {
        !matches!(self.state, JobState::Queued | JobState::Running)
    }
}

impl Desk {
    /// Queues a look at a candidate's project. Gives the job, and whether it is a new one.
    pub(in crate::console) async fn queue_assessment(
        &self,
        id: &EnrolmentId,
        (url, commit): (&str, Option<&str>),
        (run_at, now): (Timestamp, Timestamp),
    ) -> Result<(String, bool), Error> {
        let payload = Payload { url: url.to_owned(), commit: commit.map(str::to_owned), framework: None };
        let fresh = RunId::from_bytes(self.store.fresh()).to_string();
        let job = NewJob {
            id: fresh.clone(),
            kind: ASSESS.to_owned(),
            // The frozen commit is looked at once; another look does not hold it up.
            key: Some(format!("{ASSESS}:{id}:{}", commit.unwrap_or("newest"))),
            about: Some(id.to_string()),
            payload: serde_json::to_string(&payload).unwrap_or_default(),
            run_at,
            most_attempts: ATTEMPTS,
        };
        let queued = self.store.enqueue(&job, now).await?;
        let new = queued == fresh;
        Ok((queued, new))
    }

    /// Queues the look that a hand-in needs, before it is written: a hand-in that is acknowledged has its look.
    pub(in crate::console) async fn queue_before_hand_in(
        &self,
        person: &PersonId,
        id: &EnrolmentId,
        commit: &str,
        now: Timestamp,
    ) -> Result<Option<String>, Error> {
        let commit = commit.trim().to_lowercase();
        // What is no commit is refused by the rules in a moment.
        if !matches!(commit.len(), 40 | 64) || !commit.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Ok(None);
        }
        let scope = Scope::Candidate(person.clone());
        let url = self.read(&scope, |records| {
            let one = records.enrolment(id).filter(|one| one.person == *person)?;
            one.project.as_ref().filter(|project| project.commit.is_none()).map(|project| project.url.clone())
        });
        let Some(url) = url.await? else { return Ok(None) };
        let (job, new) = self.queue_assessment(id, (&url, Some(&commit)), (now + AFTER, now)).await?;
        Ok(new.then_some(job))
    }

    /// Asks for a look at one's own project: at the frozen commit, or at what is newest.
    ///
    /// # Errors
    /// When the enrolment is not theirs, or names no project.
    pub async fn ask_for_own(&self, person: &PersonId, id: &EnrolmentId, now: Timestamp) -> Result<String, Error> {
        let scope = Scope::Candidate(person.clone());
        let project = self.read(&scope, |records| {
            let one = records.enrolment(id).filter(|one| one.person == *person).ok_or(Error::NotFound)?;
            one.project.clone().ok_or(Error::Refused(programme::Refusal::NoProject {}))
        });
        let project = project.await??;
        Ok(self.queue_assessment(id, (&project.url, project.commit.as_deref()), (now, now)).await?.0)
    }

    /// Asks for a look at the project of somebody whom one judges.
    ///
    /// # Errors
    /// When the file is not theirs to judge, or nothing is handed in.
    pub async fn ask_for_judged(&self, juror: &PersonId, id: &EnrolmentId, now: Timestamp) -> Result<String, Error> {
        let scope = Scope::Enrolment(id.clone());
        let project = self.read(&scope, |records| {
            let (one, _, _) = records.file_for(juror, id)?;
            let frozen = one.project.clone().filter(|project| project.commit.is_some());
            frozen.ok_or(Error::Refused(programme::Refusal::NoProject {}))
        });
        let project = project.await??;
        Ok(self.queue_assessment(id, (&project.url, project.commit.as_deref()), (now, now)).await?.0)
    }

    /// Asks for a look at a public repository, unless too many wait: then nothing is queued.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn ask_for_public(
        &self,
        url: &str,
        framework: &str,
        most: i64,
        now: Timestamp,
    ) -> Result<Option<String>, Error> {
        let payload = Payload { url: url.to_owned(), commit: None, framework: Some(framework.to_owned()) };
        let job = NewJob {
            id: RunId::from_bytes(self.store.fresh()).to_string(),
            kind: ABOUT_NOBODY.to_owned(),
            key: Some(format!("{ABOUT_NOBODY}:{framework}:{url}")),
            about: None,
            payload: serde_json::to_string(&payload).unwrap_or_default(),
            run_at: now,
            most_attempts: ATTEMPTS,
        };
        let id = self.store.enqueue(&job, now).await?;
        let queued = self.store.job(&id).await?.ok_or(Error::NotFound)?;
        if id == job.id && self.store.jobs_before(&queued, &[ABOUT_NOBODY]).await? >= most {
            self.store.cancel_job(&id, now).await?;
            return Ok(None);
        }
        Ok(Some(id))
    }

    /// The look at a public repository of that id; whoever knows the id may see it.
    ///
    /// # Errors
    /// When there is none.
    pub async fn public_look(&self, id: &str) -> Result<Progress, Error> {
        let job = self.store.job(id).await?.filter(|job| job.kind == ABOUT_NOBODY).ok_or(Error::NotFound)?;
        self.progress(&job).await
    }

    /// The look at somebody's project, for the candidate, those who judge them, and the certifier of the session; what is
    /// built for the jury, for all but the candidate.
    ///
    /// # Errors
    /// When there is none, or it is not for who asks.
    pub async fn look_for(&self, who: &Account, id: &str) -> Result<(Progress, Relation), Error> {
        let job = self.store.job(id).await?.ok_or(Error::NotFound)?;
        let (about, built) = match &*job.kind {
            ASSESS => (enrolment_of(&job), false),
            BUILD => (building::enrolment_of(&job), true),
            _ => (None, false),
        };
        let about = about.ok_or(Error::NotFound)?;
        let scope = Scope::Enrolment(about.clone());
        let theirs = self.read(&scope, |records| {
            let one = records.enrolment(&about)?;
            // What is built for a jury is not for the candidate.
            if one.person == who.person {
                return (!built).then_some(Relation::Own);
            }
            let judged = records.file_for(&who.person, &about).is_ok();
            let certified = records.session_for(who, &one.session).is_ok();
            judged.then_some(Relation::Judged).or(certified.then_some(Relation::Certified))
        });
        let relation = theirs.await?.ok_or(Error::NotFound)?;
        Ok((self.progress(&job).await?, relation))
    }

    /// A look by its id, for somebody who was allowed to see it a moment ago.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn look_again(&self, id: &str) -> Result<Option<Progress>, Error> {
        match self.store.job(id).await?.filter(|job| LOOKS.contains(&&*job.kind) || job.kind == BUILD) {
            Some(job) => Ok(Some(self.progress(&job).await?)),
            None => Ok(None),
        }
    }

    /// The latest look at a project.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn latest_look(&self, id: &EnrolmentId) -> Result<Option<Progress>, Error> {
        match self.store.jobs_about(id.as_str(), 1).await?.first() {
            Some(job) => Ok(Some(self.progress(job).await?)),
            None => Ok(None),
        }
    }

    async fn progress(&self, job: &Job) -> Result<Progress, Error> {
        let waits = job.state == JobState::Queued;
        let before = if waits { self.store.jobs_before(job, &[ASSESS, ABOUT_NOBODY, BUILD]).await? } else { 0 };
        let failure = job.failure.as_deref();
        let words = failure.and_then(|failure| serde_json::from_str::<Both>(failure).ok());
        let url = serde_json::from_str::<Payload>(&job.payload).map(|payload| payload.url).unwrap_or_default();
        Ok(Progress {
            id: job.id.clone(),
            state: job.state,
            enrolment: building::enrolment_of(job).or_else(|| enrolment_of(job)),
            builds: job.kind == BUILD,
            url,
            before,
            hundredths: job.progress,
            phase: Phase::ALL.into_iter().find(|phase| job.note.as_deref() == Some(phase.name())),
            code: failure.filter(|_| words.is_none()).map(str::to_owned),
            failure: words,
            result: job.result.clone().filter(|_| job.state == JobState::Done),
            made: job.made,
        })
    }
}

/// The enrolment that a look is about.
fn enrolment_of(job: &Job) -> Option<EnrolmentId> {
    job.about.as_deref().and_then(|id| EnrolmentId::new(id).ok())
}

impl Progress {
    /// Why the last attempt failed, in one language.
    pub fn told(&self, words: Words) -> Option<String> {
        if let Some(both) = &self.failure {
            return Some(if words.0 == framework::Lang::Fr { both.fr.clone() } else { both.en.clone() });
        }
        let code = self.code.as_deref()?;
        let id = format!("job-failed-{code}");
        Some(words.say(if words.has(&id) { &id } else { "job-failed-other" }))
    }
}
