//! What becomes of a job: taken, held while somebody works, kept with the record that it is about, ended or tried again.

use jiff::{SignedDuration, Timestamp};
use programme::{Act, EnrolmentId, Run, RunId, RunKind, Words as Both};
use store::jobs::{Job, NewJob};

use super::findings::findings;
use super::jobs::{ABOUT_NOBODY, ASSESS, Payload};
use super::kept::Looked;
use super::look::Subject;
use crate::console::{Desk, Error, Scope};
use crate::error::AssessError;
use crate::library::Packs;

/// The shortest wait before another try.
const AGAIN: SignedDuration = SignedDuration::from_secs(30);

/// What a worker should do with a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    Look(Subject),
    /// What it waits for is not there yet.
    Later,
    /// Nobody needs it any more.
    Nothing,
}

impl Desk {
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
    pub async fn keep_found(
        &self,
        job: &Job,
        worker: &str,
        mut looked: Looked,
        (packs, now): (&Packs, Timestamp),
    ) -> Result<bool, Error> {
        let about = job.about.as_deref().and_then(|id| EnrolmentId::new(id).ok());
        if let Some(about) = &about {
            let today = looked.as_of;
            self.lift_by_proofs(about, &mut looked, packs, today).await?;
        }
        let digest = self.keep(&looked.to_bytes(), now).await?;
        if let Some(about) = about {
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
                    findings: findings(version, &looked),
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
        // What to do about it on a command line is of no use here.
        let told = |lang| error.told(lang).message;
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
