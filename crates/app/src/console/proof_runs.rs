//! Proofs that the console runs itself, where its operator asked for it: a job for each hand-in, in the sandbox, whose
//! records are kept with the file and believed as those of a key that the title trusts.

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;

use ::prove::Trial;
use ::prove::protocol::{Fault, Journal};
use framework::Lang;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use programme::{Act, EnrolmentId, RunId, Stage};
use serde::{Deserialize, Serialize};
use store::jobs::{Job, JobState, NewJob};

use super::looking::Means;
use super::proving::Filer;
use super::{Desk, Error, Scope};
use crate::assess::Reading;
use crate::error::AssessError;
use crate::library::Packs;
use crate::prove::{Folder, PublicKey, Request, SAMPLE, SEED, Session, Signer, prepare_within, records};

/// What the names of recordings end with.
const RECORDING: &str = ".cast";
/// The kind of these jobs.
pub const PROOFS: [&str; 1] = ["prove"];
const ATTEMPTS: i64 = 3;
/// The keys of this installation's own provers, those of former ones too.
const KEYS: &str = "prover-keys";

/// Opens a session of the sandbox; what takes time is told.
pub type Opener = dyn Fn(&mut dyn FnMut(&str)) -> Result<Session, String> + Send + Sync;

/// What an operator gives a console that proves.
#[derive(Clone)]
pub struct Prover {
    pub open: Arc<Opener>,
    pub signer: Arc<Signer>,
    /// The longest that one proof may take; what is left of a sample then is left out, and said.
    pub longest: SignedDuration,
}

impl std::fmt::Debug for Prover {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Prover")
    }
}

#[derive(Serialize, Deserialize)]
struct Payload {
    url: String,
    commit: String,
}

/// What is proven: a commit that was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandedIn {
    pub enrolment: EnrolmentId,
    pub url: String,
    pub commit: String,
    pub framework: String,
    pub as_of: Date,
}

/// How far the proof of a project is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proving {
    pub state: JobState,
    pub hundredths: i64,
}

/// Why nothing was proven.
#[derive(Debug)]
pub enum Unproven {
    Unread(AssessError),
    /// No engine answers, or its boundary does not hold.
    NoSandbox(String),
}

/// What a worker does meanwhile: hears how far the proof is, and says whether it should go on.
pub trait Watcher {
    /// Hundredths.
    fn at(&self, hundredths: i64);
    fn ends(&self) -> bool;
}

/// Proves a commit in the sandbox and signs what that showed. Trials that are finished are kept in a folder, so that a
/// proof that was interrupted goes on where it was.
///
/// # Errors
/// When the repository cannot be read, or no sandbox can be had.
pub fn prove_handed_in(
    packs: &Packs,
    (subject, prover): (&HandedIn, &Prover),
    (means, states): (&Means, &Path),
    watcher: &dyn Watcher,
) -> Result<Vec<(String, Vec<u8>)>, Unproven> {
    let request = Request {
        repository: subject.url.clone(),
        rev: subject.commit.clone(),
        only: Vec::new(),
        frameworks: vec![subject.framework.clone()],
        packs: Vec::new(),
        as_of: subject.as_of,
        lang: Lang::Fr,
        seed: SEED,
        sample: SAMPLE,
        reading: Reading { deep: false, cache: None, threads: means.threads },
    };
    let prepared =
        prepare_within(packs, &request, (means.limits, &means.reach, &means.stop)).map_err(Unproven::Unread)?;
    watcher.at(5);
    let session = (prover.open)(&mut |_| ()).map_err(Unproven::NoSandbox)?;
    watcher.at(10);
    let (trials, done) = (prepared.trials().max(1), Cell::new(0));
    let report = prepared.conduct(&session, &mut |_, digest| {
        Box::new(Notes { watcher, trials, done: &done, folder: Folder::new(states, digest) })
    });
    let signed = records(&report, &prover.signer).into_iter();
    let mut files: Vec<(String, Vec<u8>)> = signed.map(|record| (record.name, record.text.into_bytes())).collect();
    files.push((format!("preuve{RECORDING}"), session.recording().to_asciicast().into_bytes()));
    Ok(files)
}

/// The journal of one subject.
struct Notes<'w> {
    watcher: &'w dyn Watcher,
    trials: usize,
    done: &'w Cell<usize>,
    folder: Folder,
}

impl Notes<'_> {
    fn step(&self) {
        self.done.set(self.done.get() + 1);
        let part = (self.done.get() * 85 / self.trials).min(85);
        self.watcher.at(10 + i64::try_from(part).unwrap_or(85));
    }
}

impl Journal for Notes<'_> {
    fn say(&mut self, _: &::prove::Say) {}

    fn recall(&mut self, fault: &Fault) -> Option<Trial> {
        let trial = self.folder.recall(&fault.id)?;
        self.step();
        Some(trial)
    }

    fn keep(&mut self, trial: &Trial) {
        self.folder.keep(trial);
        self.step();
    }

    fn done(&mut self) {
        self.folder.forget();
    }

    fn spent(&self) -> bool {
        self.watcher.ends()
    }
}

/// What jobs about the proofs of a project are about.
fn about(id: &EnrolmentId) -> String {
    format!("prove:{id}")
}

impl Desk {
    /// Believes what a prover of this installation signs, for every title.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn believe_prover(&self, key: &PublicKey) -> Result<(), Error> {
        let (mut keys, own) = (self.prover_keys().await?, key.to_pem());
        if !keys.contains(&own) {
            keys.push(own);
            self.store.set_setting(KEYS, &serde_json::to_string(&keys).unwrap_or_default()).await?;
        }
        Ok(())
    }

    pub(crate) async fn prover_keys(&self) -> Result<Vec<String>, Error> {
        let kept = self.store.setting(KEYS).await?;
        Ok(kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    /// Queues the proof of what is handed in, where somebody proves here and it was not done or begun before.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn queue_proof(&self, id: &EnrolmentId, now: Timestamp) -> Result<bool, Error> {
        if self.prover_keys().await?.is_empty() {
            return Ok(false);
        }
        let Some(found) = self.handed_in(id, now.to_zoned(jiff::tz::TimeZone::UTC).date()).await? else {
            return Ok(false);
        };
        let of_it =
            |job: &Job| job.state != JobState::Failed && payload(job).is_some_and(|it| it.commit == found.commit);
        if self.store.jobs_about(&about(id), 50).await?.iter().any(of_it) {
            return Ok(false);
        }
        let payload = Payload { url: found.url, commit: found.commit };
        let job = NewJob {
            id: RunId::from_bytes(self.store.fresh()).to_string(),
            kind: PROOFS[0].to_owned(),
            key: Some(format!("{}:{}", about(id), payload.commit)),
            about: Some(about(id)),
            payload: serde_json::to_string(&payload).unwrap_or_default(),
            run_at: now,
            most_attempts: ATTEMPTS,
        };
        self.store.enqueue(&job, now).await?;
        Ok(true)
    }

    /// What a job asks to prove, as things stand now; none when another commit is judged, or nothing is any more.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn proof_asked(&self, job: &Job, today: Date) -> Result<Option<HandedIn>, Error> {
        let id = job.about.as_deref().and_then(|about| EnrolmentId::new(about.strip_prefix("prove:")?).ok());
        let (Some(id), Some(asked)) = (id, payload(job)) else { return Ok(None) };
        let found = self.handed_in(&id, today).await?;
        Ok(found.filter(|found| (&found.url, &found.commit) == (&asked.url, &asked.commit)))
    }

    async fn handed_in(&self, id: &EnrolmentId, as_of: Date) -> Result<Option<HandedIn>, Error> {
        self.read(&Scope::Enrolment(id.clone()), |records| {
            let one = records.enrolment(id).filter(|one| one.stage == Stage::HandedIn)?;
            let (_, _, version) = records.frame(one)?;
            let project = one.project.as_ref()?;
            Some(HandedIn {
                enrolment: id.clone(),
                url: project.url.clone(),
                commit: project.commit.clone()?,
                framework: version.framework.id.clone(),
                as_of,
            })
        })
        .await
    }

    /// Keeps what a proof signed as if the candidate had handed it in, and ends the job.
    ///
    /// # Errors
    /// When it cannot be kept, or the enrolment no longer wants it.
    pub async fn keep_proof(
        &self,
        (job, worker): (&Job, &str),
        subject: &HandedIn,
        files: Vec<(String, Vec<u8>)>,
        (packs, now): (&Packs, Timestamp),
    ) -> Result<usize, Error> {
        let act = Act::of_service("prove", now);
        let (recordings, files): (Vec<_>, Vec<_>) = files.into_iter().partition(|(name, _)| name.ends_with(RECORDING));
        // A recording that is too long, or one too many, is left out: the records speak without it.
        match self.file_recordings(Filer::Prover, &subject.enrolment, recordings, act.clone()).await {
            Ok(_) | Err(Error::Refused(_)) => {}
            Err(error) => return Err(error),
        }
        let filed = self.file_proofs(Filer::Prover, &subject.enrolment, files, packs, (subject.as_of, act)).await?;
        self.store.finish(&job.id, worker, &filed.proven.to_string(), now).await?;
        Ok(filed.proven)
    }

    /// How far the last proof of a project is, for somebody who may see the project.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn proving(&self, id: &EnrolmentId) -> Result<Option<Proving>, Error> {
        let last = self.store.jobs_about(&about(id), 1).await?.into_iter().next();
        Ok(last.map(|job| Proving { state: job.state, hundredths: job.progress }))
    }
}

fn payload(job: &Job) -> Option<Payload> {
    serde_json::from_str(&job.payload).ok()
}
