//! What is built of a hand-in for its jury, and the papers as they came: who may have them, and how far they are.

use app::console::programme::{Enrolment, EnrolmentId, Stage};
use app::console::store::jobs::JobState;
use app::console::{Reader, is_current, is_text};
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::answer::{Refusal, see};
use crate::dates;
use crate::limits::Limited;
use crate::routes::candidate::enrolment_id;
use crate::routes::recordings::{self, Recording};
use crate::shell::Shell;
use crate::visitor::Visit;

/// A file, ready to be fetched.
pub(crate) struct File {
    pub at: String,
    pub name: String,
    pub told: String,
    /// Enough of its digest to compare by eye.
    pub digest: String,
}

/// What a jury is given, ready to be shown.
#[derive(Default)]
pub(crate) struct Built {
    pub files: Vec<File>,
    /// When they were built; what has come since.
    pub when: String,
    pub old: bool,
    /// Says when everything was deleted, once its period was over.
    pub gone: Option<String>,
    /// Whether they may be asked for.
    pub may: bool,
    /// What can be replayed: demonstrations, and what runs showed.
    pub recordings: Vec<Recording>,
    /// How far they are, and where that is followed.
    pub runs: Option<(String, String)>,
}

fn file(shell: &Shell, id: &EnrolmentId, (name, digest): (&str, &str), told: &[String]) -> File {
    File {
        at: format!("/files/{id}/{digest}"),
        name: name.to_owned(),
        told: told.iter().filter(|one| !one.is_empty()).cloned().collect::<Vec<_>>().join(", "),
        digest: format!("SHA-256{} {}", shell.say("word-colon"), digest.get(..16).unwrap_or(digest)),
    }
}

fn size(shell: &Shell, bytes: u64) -> String {
    format!("{}\u{202f}{}", bytes.div_ceil(1024), shell.say("word-kilobytes"))
}

/// When the files of an enrolment were deleted, in a sentence.
pub(crate) fn gone(visit: &Visit, shell: &Shell, one: &Enrolment) -> Option<String> {
    let at = dates::moment(shell.words, one.files_forgotten?, &visit.console.world.zone);
    Some(shell.words.with("files-gone", &[("when", &at)]))
}

/// The papers as they came; none once they were deleted.
pub(crate) fn papers(visit: &Visit, shell: &Shell, one: &Enrolment) -> Vec<File> {
    let zone = &visit.console.world.zone;
    let of = |paper: &app::console::programme::HandIn| {
        let told = [dates::moment(shell.words, paper.at, zone), size(shell, paper.size)];
        file(shell, &one.id, (&paper.file_name, &paper.digest), &told)
    };
    one.papers.iter().filter(|_| one.files_forgotten.is_none()).map(of).collect()
}

/// What is built, as the records know it.
pub(crate) fn built(visit: &Visit, shell: &Shell, one: &Enrolment) -> Built {
    if let Some(gone) = gone(visit, shell, one) {
        return Built { gone: Some(gone), ..Built::default() };
    }
    let may = one.stage == Stage::HandedIn && one.run_to_judge().is_some();
    let recordings = recordings::of(visit, shell, one);
    let Some(found) = &one.built else { return Built { may, recordings, ..Built::default() } };
    let of = |built: &app::console::programme::BuiltFile| {
        file(shell, &one.id, (&built.file_name, &built.digest), &[size(shell, built.size)])
    };
    Built {
        gone: None,
        files: found.files.iter().map(of).collect(),
        when: dates::moment(shell.words, found.at, &visit.console.world.zone),
        old: !is_current(one),
        may,
        recordings,
        runs: None,
    }
}

/// How far the last build is, unless it ended well.
pub(crate) async fn runs(visit: &Visit, shell: &Shell, id: &EnrolmentId) -> Result<Option<(String, String)>, Refusal> {
    let found = visit.console.desk.building(id).await?;
    Ok(found.and_then(|found| {
        let told = match found.state {
            JobState::Queued => shell.say("build-waits"),
            JobState::Running => {
                shell.words.numbers("build-runs", &[("part", usize::try_from(found.hundredths).unwrap_or(0))])
            }
            JobState::Failed => shell.say("build-failed"),
            JobState::Done | JobState::Cancelled => return None,
        };
        Some((told, format!("/jobs/{}", found.job)))
    }))
}

async fn ask(visit: &Visit, reader: Reader<'_>, id: &EnrolmentId) -> Result<Response, Refusal> {
    // It may be asked for again, not all the time: each costs a minute of this machine.
    if !visit.console.limits.allows(Limited::Look, &format!("build {id}")) {
        return Err(Refusal::TooMany);
    }
    let job = visit.console.desk.ask_for_build(reader, id, visit.console.world.now()).await?;
    visit.console.wake.notify_one();
    Ok(see(&format!("/jobs/{job}")))
}

pub(crate) async fn by_juror(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let (account, id) = (visit.account()?, enrolment_id(&id)?);
    ask(&visit, Reader::Juror(&account.person), &id).await
}

pub(crate) async fn by_certifier(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let (account, id) = (visit.account()?, enrolment_id(&id)?);
    ask(&visit, Reader::Certifier(account), &id).await
}

/// A file is saved and never shown among the console's own pages: a stranger wrote it.
pub(crate) async fn download(visit: Visit, Path((id, digest)): Path<(String, String)>) -> Result<Response, Refusal> {
    let (account, id) = (visit.account()?, enrolment_id(&id)?);
    let (name, bytes) = visit.console.desk.handed_file(account, &id, &digest).await?;
    let kind = if is_text(&name) { "text/plain; charset=utf-8" } else { "application/pdf" };
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' };
    let name: String = name.chars().map(plain).take(100).collect();
    let headers = [
        (CONTENT_TYPE, kind.to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}
