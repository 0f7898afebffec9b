//! Jobs that look at repositories: who may ask for one, who may see it, and what becomes of what it found.

use jiff::{SignedDuration, Timestamp};
use programme::{Act, EnrolmentId, PersonId, Run, RunId, RunKind, Words as Both};
use serde::{Deserialize, Serialize};
use store::jobs::{Job, JobState, NewJob};

use super::findings::findings;
use super::kept::Looked;
use super::look::{Phase, Subject};
use crate::console::{Account, Desk, Error, Scope};
use crate::error::AssessError;
use crate::words::Words;

/// A candidate's project.
const ASSESS: &str = "assess";
/// Anybody's public repository.
pub const ABOUT_NOBODY: &str = "look";
/// The kinds of jobs that look at a repository.
pub const LOOKS: [&str; 2] = [ASSESS, ABOUT_NOBODY];
/// How often a look is tried: a network, or a worker, may fail for a while.
const ATTEMPTS: i64 = 3;
/// A hand-in is queued before it is written, and taken after.
const AFTER: SignedDuration = SignedDuration::from_secs(2);
const AGAIN: SignedDuration = SignedDuration::from_secs(30);

/// What a job is asked, as it is kept with it.
#[derive(Serialize, Deserialize)]
struct Payload {
    url: String,
    /// The frozen commit; what is newest without one.
    #[serde(default)]
    commit: Option<String>,
    /// The framework that somebody who is nobody here asks for.
    #[serde(default)]
    framework: Option<String>,
}

/// What somebody is to the project that is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    Own,
    Judged,
    Certified,
}

/// What a worker should do with a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    Look(Subject),
    /// What it waits for is not there yet.
    Later,
    /// Nobody needs it any more.
    Nothing,
}

/// A job as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    pub id: String,
    pub state: JobState,
    pub enrolment: Option<EnrolmentId>,
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

    /// The look at somebody's project, for the candidate, those who judge them, and the certifier of the session.
    ///
    /// # Errors
    /// When there is none, or it is not for who asks.
    pub async fn look_for(&self, who: &Account, id: &str) -> Result<(Progress, Relation), Error> {
        let job = self.store.job(id).await?.filter(|job| job.kind == ASSESS).ok_or(Error::NotFound)?;
        let about = job.about.as_deref().and_then(|id| EnrolmentId::new(id).ok()).ok_or(Error::NotFound)?;
        let scope = Scope::Enrolment(about.clone());
        let theirs = self.read(&scope, |records| {
            let one = records.enrolment(&about)?;
            if one.person == who.person {
                return Some(Relation::Own);
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
        match self.store.job(id).await?.filter(|job| LOOKS.contains(&&*job.kind)) {
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
        let before = if waits { self.store.jobs_before(job, &LOOKS).await? } else { 0 };
        let failure = job.failure.as_deref();
        let words = failure.and_then(|failure| serde_json::from_str::<Both>(failure).ok());
        let url = serde_json::from_str::<Payload>(&job.payload).map(|payload| payload.url).unwrap_or_default();
        Ok(Progress {
            id: job.id.clone(),
            state: job.state,
            enrolment: job.about.as_deref().and_then(|id| EnrolmentId::new(id).ok()),
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

    /// What was kept of a run; none when the file is not there or of another shape.
    ///
    /// # Errors
    /// When the files cannot be reached.
    pub async fn looked(&self, digest: &str) -> Result<Option<Looked>, Error> {
        match self.store.file(digest).await {
            Ok(bytes) => Ok(Looked::read(&bytes)),
            Err(store::StoreError::Missing { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Takes the next job of these kinds.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn next_job(
        &self,
        worker: &str,
        kinds: &[&str],
        now: Timestamp,
        lease: SignedDuration,
    ) -> Result<Option<Job>, Error> {
        Ok(self.store.claim(worker, kinds, now, lease).await?)
    }

    /// What a job that looks at a repository asks for, as things stand now.
    ///
    /// # Errors
    /// When the records cannot be reached.
    pub async fn asked(&self, job: &Job, today: jiff::civil::Date) -> Result<Asked, Error> {
        let Ok(payload) = serde_json::from_str::<Payload>(&job.payload) else { return Ok(Asked::Nothing) };
        let rev = payload.commit.clone().unwrap_or_else(|| "HEAD".to_owned());
        let subject = Subject {
            job: job.id.clone(),
            url: payload.url.clone(),
            rev,
            frameworks: payload.framework.clone().into_iter().collect(),
            as_of: today,
        };
        let Some(about) = job.about.as_deref().and_then(|id| EnrolmentId::new(id).ok()) else {
            return Ok(Asked::Look(subject));
        };
        let scope = Scope::Enrolment(about.clone());
        let asked = self.read(&scope, |records| {
            let Some(one) = records.enrolment(&about) else { return Asked::Nothing };
            let Some((_, _, version)) = records.frame(one) else { return Asked::Nothing };
            let frozen = one.project.as_ref().and_then(|project| project.commit.clone());
            match (&payload.commit, frozen) {
                (Some(_), None) if !one.stage.is_over() => Asked::Later,
                (wanted, frozen) if *wanted != frozen => Asked::Nothing,
                _ => Asked::Look(Subject { frameworks: vec![version.framework.id.clone()], ..subject.clone() }),
            }
        });
        asked.await
    }

    /// Keeps what was found, puts it on the enrolment, and ends the job. Doing it twice changes nothing.
    ///
    /// # Errors
    /// When it cannot be kept, or the enrolment no longer wants it.
    pub async fn keep_found(&self, job: &Job, worker: &str, looked: &Looked, now: Timestamp) -> Result<bool, Error> {
        let digest = self.keep(&looked.to_bytes(), now).await?;
        if let Some(about) = job.about.as_deref().and_then(|id| EnrolmentId::new(id).ok()) {
            let id = RunId::new(&job.id).map_err(|_| Error::NotFound)?;
            self.change(&Scope::Enrolment(about.clone()), |records| {
                let one = records.enrolment(&about).ok_or(Error::NotFound)?;
                if one.runs.iter().any(|run| run.id == id) {
                    return Ok(());
                }
                let (_, _, version) = records.frame(one).ok_or(Error::NotFound)?;
                let run = Run {
                    id: id.clone(),
                    kind: RunKind::Assessment,
                    commit: looked.commit.clone(),
                    digest: digest.clone(),
                    finished: now,
                    findings: findings(version, looked),
                };
                let one = records.enrolments.iter_mut().find(|one| one.id == about).ok_or(Error::NotFound)?;
                let event = one.record_run(run, Act::of_service(ASSESS, now))?;
                records.events.push(event);
                Ok(())
            })
            .await?;
        }
        Ok(self.store.finish(&job.id, worker, &digest, now).await?)
    }

    /// Says how far a job is and holds it longer. `false` when it is no longer this worker's.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn hold(&self, job: &Job, worker: &str, at: (i64, &str), until: Timestamp) -> Result<bool, Error> {
        Ok(self.store.progress(&job.id, worker, at.0, Some(at.1), until).await?)
    }

    /// Gives a job back that this process can no longer do.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn give_back(&self, job: &Job, worker: &str) -> Result<(), Error> {
        self.store.release_job(&job.id, worker).await?;
        Ok(())
    }

    /// Ends an attempt whose repository could not be looked at. Only what another day may change is tried again.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn unread_job(&self, job: &Job, worker: &str, error: &AssessError, now: Timestamp) -> Result<(), Error> {
        use extract::git::{AcquireError, Failed, Refusal};
        let passing = match error {
            AssessError::Acquire(AcquireError::Clone { why, .. }) => !matches!(why, Failed::TooLarge { .. }),
            AssessError::Acquire(AcquireError::Refused { why, .. }) => *why == Refusal::Unknown,
            _ => false,
        };
        let told = |lang| {
            let told = error.told(lang);
            std::iter::once(told.message).chain(told.hints).collect::<Vec<_>>().join(" ")
        };
        let both = Both { fr: told(framework::Lang::Fr), en: told(framework::Lang::En) };
        let failure = serde_json::to_string(&both).unwrap_or_default();
        self.fail_job(job, worker, &failure, passing, now).await
    }

    /// Ends an attempt badly, for a reason that has a message `job-failed-…`.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn fail_job(&self, job: &Job, worker: &str, why: &str, again: bool, now: Timestamp) -> Result<(), Error> {
        // Twice as long each time, up to half an hour.
        let wait = AGAIN * (1_i32 << (job.attempts.clamp(1, 7) - 1));
        let retry = again.then(|| now + wait);
        self.store.fail(&job.id, worker, why, retry, now).await?;
        Ok(())
    }

    /// Queues work of another kind, once.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn queue(&self, kind: &str, payload: &str, most_attempts: i64, now: Timestamp) -> Result<(), Error> {
        let job = NewJob {
            id: RunId::from_bytes(self.store.fresh()).to_string(),
            kind: kind.to_owned(),
            key: Some(format!("{kind}:{payload}")),
            about: None,
            payload: payload.to_owned(),
            run_at: now,
            most_attempts,
        };
        self.store.enqueue(&job, now).await?;
        Ok(())
    }

    /// Ends a job that leaves nothing to keep.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn finish_job(&self, job: &Job, worker: &str, now: Timestamp) -> Result<bool, Error> {
        Ok(self.store.finish(&job.id, worker, "", now).await?)
    }

    /// Forgets looks at public repositories with what they found, and the jobs of projects without what they found.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn forget_looks(&self, before: Timestamp) -> Result<usize, Error> {
        let gone = self.store.forget_jobs(ABOUT_NOBODY, before).await?;
        for digest in gone.iter().filter_map(|job| job.result.as_deref()) {
            self.store.forget_file(digest).await?;
        }
        Ok(gone.len())
    }
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
