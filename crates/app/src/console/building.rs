//! Files that are built of a hand-in for its jury: a job for each state of it, once it was read and again when papers or
//! records of runs come in.

use framework::Lang;
use jiff::Timestamp;
use jiff::civil::Date;
use programme::{Act, Built, BuiltFile, Enrolment, EnrolmentId, HandIn, PersonId, RunId, Stage};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::jobs::{Job, JobState, NewJob};

use super::identity::Account;
use super::looking::{Looked, Means, Phase};
use super::{Desk, Error, Records, Scope};
use crate::error::AssessError;
use crate::library::Packs;
use crate::papers::{HandedIn as Given, HandedPaper, build_handed_in};

/// The kind of these jobs.
pub(super) const BUILD: &str = "build";
pub const BUILDS: [&str; 1] = [BUILD];
const ATTEMPTS: i64 = 3;
/// What is built begins anew when it is put together in another way.
const SHAPE: &str = "preuve-built/1";

#[derive(Serialize, Deserialize)]
struct Payload {
    url: String,
    /// What it is built from, as one digest.
    from: String,
}

/// A hand-in, ready to be built.
#[derive(Clone, Debug)]
pub struct Hand {
    enrolment: EnrolmentId,
    from: String,
    given: Given,
    looked: Looked,
}

/// How far the files of a hand-in are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Building {
    pub job: String,
    pub state: JobState,
    pub hundredths: i64,
}

/// Who asks for files of a hand-in.
#[derive(Clone, Copy)]
pub enum Reader<'a> {
    /// Who judges the candidate.
    Juror(&'a PersonId),
    /// Who certifies in the session's organisation.
    Certifier(&'a Account),
}

impl Reader<'_> {
    pub(super) fn may(self, records: &Records, one: &Enrolment) -> Result<(), Error> {
        match self {
            Self::Juror(person) => records.file_for(person, &one.id).map(|_| ()),
            Self::Certifier(account) => records.session_for(account, &one.session).map(|_| ()),
        }
    }
}

/// What jobs about the files of a hand-in are about.
fn about(id: &EnrolmentId) -> String {
    format!("{BUILD}:{id}")
}

/// The enrolment that such a job is about.
pub(super) fn enrolment_of(job: &Job) -> Option<EnrolmentId> {
    EnrolmentId::new(job.about.as_deref()?.strip_prefix(BUILD)?.strip_prefix(':')?).ok()
}

/// The papers that count, one for each that is asked for.
fn papers(one: &Enrolment) -> Vec<&HandIn> {
    let mut ids: Vec<_> = one.papers.iter().map(|paper| &paper.paper).collect();
    ids.sort();
    ids.dedup();
    ids.into_iter().filter_map(|id| one.paper(id)).collect()
}

/// All that a file for the jury is built from, as one digest; none before there is anything to build.
fn from(one: &Enrolment) -> Option<String> {
    if one.stage != Stage::HandedIn {
        return None;
    }
    let run = one.run_to_judge()?;
    let mut said = format!("{SHAPE}\n{}\n{}\n", run.commit, run.digest);
    for paper in papers(one) {
        said.push_str(&format!("{} {}\n", paper.paper, paper.digest));
    }
    Some(hex::encode(Sha256::digest(said)))
}

/// Whether what is built is as the hand-in is now.
pub fn is_current(one: &Enrolment) -> bool {
    one.built.as_ref().is_some_and(|built| from(one).is_none_or(|from| from == built.from))
}

/// Builds, and says how far it is.
///
/// # Errors
/// When nobody wants it any more, or the file for the jury cannot be set.
pub fn build_for_jury(
    packs: &Packs,
    hand: &Hand,
    means: &Means,
    told: &dyn Fn(Phase),
) -> Result<Vec<(String, Vec<u8>)>, AssessError> {
    build_handed_in(packs, (&hand.given, hand.looked.clone()), means, told)
}

impl Desk {
    /// Queues the files of a hand-in, when they are not built of what is there now and were not asked for already.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn queue_build(&self, id: &EnrolmentId, now: Timestamp) -> Result<Option<String>, Error> {
        self.queue_build_of(id, now, |records| records.enrolment(id).is_some_and(is_current)).await
    }

    /// Asks for the files of a hand-in that one judges or certifies, though they were built before.
    ///
    /// # Errors
    /// When the file is not theirs, or nothing was read yet.
    pub async fn ask_for_build(&self, who: Reader<'_>, id: &EnrolmentId, now: Timestamp) -> Result<String, Error> {
        let scope = Scope::Enrolment(id.clone());
        let theirs = self.read(&scope, |records| {
            let one = records.enrolment(id).ok_or(Error::NotFound)?;
            who.may(records, one)
        });
        theirs.await??;
        let queued = self.queue_build_of(id, now, |_| false).await?;
        queued.ok_or(Error::Refused(programme::Refusal::NoProject {}))
    }

    async fn queue_build_of(
        &self,
        id: &EnrolmentId,
        now: Timestamp,
        built: impl FnOnce(&Records) -> bool,
    ) -> Result<Option<String>, Error> {
        let scope = Scope::Enrolment(id.clone());
        let found = self.read(&scope, |records| {
            let one = records.enrolment(id)?;
            let payload = Payload { url: one.project.as_ref()?.url.clone(), from: from(one)? };
            (!built(records)).then_some(payload)
        });
        let Some(payload) = found.await? else { return Ok(None) };
        let job = NewJob {
            id: RunId::from_bytes(self.store.fresh()).to_string(),
            kind: BUILD.to_owned(),
            // Another state of the hand-in is another job: what is being built then is dropped when it is kept.
            key: Some(format!("{}:{}", about(id), payload.from)),
            about: Some(about(id)),
            payload: serde_json::to_string(&payload).unwrap_or_default(),
            run_at: now,
            most_attempts: ATTEMPTS,
        };
        Ok(Some(self.store.enqueue(&job, now).await?))
    }

    /// What a job asks to build, as things stand now; none when the hand-in is another by now.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn build_asked(&self, job: &Job, packs: &Packs, today: Date) -> Result<Option<Hand>, Error> {
        let payload = serde_json::from_str::<Payload>(&job.payload).ok();
        let (Some(id), Some(asked)) = (enrolment_of(job), payload) else { return Ok(None) };
        let scope = Scope::Enrolment(id.clone());
        let found = self.read(&scope, |records| {
            let one = records.enrolment(&id).filter(|one| from(one).as_deref() == Some(&*asked.from))?;
            let (_, title, version) = records.frame(one)?;
            // A framework that this program no longer carries is judged by hand.
            packs.framework(&version.framework.id).ok()?;
            let person = records.person(&one.person)?;
            let lang = if person.lang == programme::Lang::Fr { Lang::Fr } else { Lang::En };
            let given = Given {
                person: records.name(&one.person).to_owned(),
                lang,
                title: if lang == Lang::Fr { title.name.fr.clone() } else { title.name.en.clone() },
                framework: version.framework.id.clone(),
                url: one.project.as_ref()?.url.clone(),
                papers: papers(one).into_iter().map(handed).collect(),
                as_of: today,
            };
            Some((given, one.run_to_judge()?.digest.clone()))
        });
        let Some((mut given, run)) = found.await? else { return Ok(None) };
        let Some(looked) = self.looked(&run).await? else { return Ok(None) };
        for paper in given.papers.iter_mut().filter(|paper| is_text(&paper.file_name)) {
            paper.text = Some(self.store.file(&paper.digest).await?);
        }
        Ok(Some(Hand { enrolment: id, from: asked.from, given, looked }))
    }

    /// Keeps what was built, and ends the job.
    ///
    /// # Errors
    /// When it cannot be kept, or the hand-in is another by now.
    pub async fn keep_built(
        &self,
        (job, worker): (&Job, &str),
        hand: &Hand,
        files: Vec<(String, Vec<u8>)>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut kept = Vec::new();
        for (file_name, bytes) in files {
            let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            kept.push(BuiltFile { file_name, digest: self.keep(&bytes, now).await?, size });
        }
        let id = &hand.enrolment;
        let commit = hand.looked.commit.clone();
        let built = Built { at: now, commit, from: hand.from.clone(), files: kept };
        let scope = Scope::Enrolment(id.clone());
        let before = self.change(&scope, |records| {
            let mut one = records.enrolment(id).ok_or(Error::NotFound)?.clone();
            let before = one.built.clone();
            if from(&one).as_ref() != Some(&hand.from) {
                return Err(Error::NotFound);
            }
            let session = records.session(&one.session).ok_or(Error::NotFound)?;
            let event = one.record_built(session, built.clone(), Act::of_service(BUILD, now))?;
            records.events.push(event);
            records.put(one);
            Ok(before)
        });
        // What was built before bears the same name, and nothing leads to it any more.
        for old in before.await?.into_iter().flat_map(|before| before.files) {
            let stays = built.files.iter().any(|file| file.digest == old.digest);
            if !stays && !self.store.is_file_of_another(&old.digest, ("id", id.as_str())).await? {
                self.store.forget_file(&old.digest).await?;
            }
        }
        self.store.finish(&job.id, worker, &built.files[0].digest, now).await?;
        Ok(())
    }

    /// How far the last build of a hand-in is, for somebody who may see it.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn building(&self, id: &EnrolmentId) -> Result<Option<Building>, Error> {
        let last = self.store.jobs_about(&about(id), 1).await?.into_iter().next();
        Ok(last.map(|job| Building { job: job.id, state: job.state, hundredths: job.progress }))
    }

    /// A paper or a built file of a hand-in, by its digest: for its jury and its certifier, and a paper for who wrote it.
    /// Gives its name and its bytes.
    ///
    /// # Errors
    /// When there is none, or it is not for who asks.
    pub async fn handed_file(&self, who: &Account, id: &EnrolmentId, digest: &str) -> Result<(String, Vec<u8>), Error> {
        let scope = Scope::Enrolment(id.clone());
        let name = self.read(&scope, |records| {
            let one = records.enrolment(id)?;
            let judges = [Reader::Juror(&who.person), Reader::Certifier(who)];
            let judges = judges.into_iter().any(|reader| reader.may(records, one).is_ok());
            let paper = one.papers.iter().find(|paper| paper.digest == digest);
            let built = one.built.iter().flat_map(|built| &built.files).find(|file| file.digest == digest);
            let paper = paper.filter(|_| judges || one.person == who.person).map(|paper| paper.file_name.clone());
            paper.or_else(|| built.filter(|_| judges).map(|file| file.file_name.clone()))
        });
        let name = name.await?.ok_or(Error::NotFound)?;
        Ok((name, self.store.file(digest).await?))
    }
}

/// A paper that is text; a PDF goes to the jury as it is.
pub fn is_text(file_name: &str) -> bool {
    let lower = file_name.to_ascii_lowercase();
    [".md", ".markdown"].iter().any(|ending| lower.ends_with(ending))
}

fn handed(paper: &HandIn) -> HandedPaper {
    HandedPaper {
        deliverable: paper.paper.to_string(),
        file_name: paper.file_name.clone(),
        day: paper.at.to_zoned(jiff::tz::TimeZone::UTC).date(),
        digest: paper.digest.clone(),
        text: None,
    }
}

#[cfg(test)]
mod tests {
    use super::is_text;

    #[test]
    fn what_is_text_is_told_by_its_name() {
        for (name, expected) in [("e1.md", true), ("E1.MARKDOWN", true), ("e1.pdf", false), ("md", false)] {
            assert_eq!(is_text(name), expected, "{name}");
        }
    }
}
