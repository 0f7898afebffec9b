//! Recordings of terminals: a candidate hands them in, and whoever may read the file replays them.

use app::console::programme::{Act, Enrolment, Stage};
use app::console::{Error, Filer, Scope};
use app::{recording_page, recording_policy};
use askama::Template;
use axum::extract::{Multipart, Path};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::answer::{Refusal, page};
use crate::dates;
use crate::form::files;
use crate::ladder::both_side;
use crate::routes::candidate::enrolment_id;
use crate::shell::Shell;
use crate::visitor::Visit;

/// How many files one form may bring.
const FILES: usize = 20;

#[derive(Template)]
#[template(path = "recordings.html")]
struct RecordingsPage {
    shell: Shell,
    id: String,
    /// Whether recordings are taken now.
    open: bool,
    kept: Vec<Recording>,
    refused: Vec<String>,
}

/// A recording, ready to be replayed.
pub(crate) struct Recording {
    pub at: String,
    pub name: String,
    pub when: String,
}

/// The recordings of a file; none once they were deleted.
pub(crate) fn of(visit: &Visit, shell: &Shell, one: &Enrolment) -> Vec<Recording> {
    let zone = &visit.console.world.zone;
    let shown = |file: &app::console::programme::ProofFile| Recording {
        at: format!("/recordings/{}/{}", one.id, file.digest),
        name: file.file_name.clone(),
        when: dates::moment(shell.words, file.at, zone),
    };
    one.recordings.iter().filter(|_| one.files_forgotten.is_none()).map(shown).collect()
}

async fn show(visit: &Visit, id: &str, refused: Vec<String>) -> Result<RecordingsPage, Refusal> {
    let (person, id) = (visit.account()?.person.clone(), enrolment_id(id)?);
    let shell = visit.shell().titled_with("recordings-title");
    let scope = Scope::Candidate(person.clone());
    let found = visit.console.desk.read(&scope, |records| {
        records.enrolment(&id).filter(|one| one.person == person).cloned().ok_or(Error::NotFound)
    });
    let one = found.await??;
    let kept = of(visit, &shell, &one);
    Ok(RecordingsPage { id: id.to_string(), open: one.stage == Stage::HandedIn, kept, refused, shell })
}

pub(crate) async fn own(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    Ok(page(&show(&visit, &id, Vec::new()).await?))
}

pub(crate) async fn file(visit: Visit, Path(id): Path<String>, form: Multipart) -> Result<Response, Refusal> {
    let (person, of) = (visit.account()?.person.clone(), enrolment_id(&id)?);
    let files = files(form, FILES).await?;
    let act = Act::by(&person, visit.console.world.now());
    let refused = visit.console.desk.file_recordings(Filer::Candidate(&person), &of, files, act).await?;
    let shell = visit.shell();
    let refused: Vec<String> = refused.iter().map(|both| both_side(&shell, both).to_owned()).collect();
    let status = if refused.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, page(&show(&visit, &id, refused).await?)).into_response())
}

/// The page is ours and holds what a stranger recorded as text: its one script and its one style are allowed by their
/// digests, and nothing else.
pub(crate) async fn replay(visit: Visit, Path((id, digest)): Path<(String, String)>) -> Result<Response, Refusal> {
    let (account, id) = (visit.account()?, enrolment_id(&id)?);
    let cast = visit.console.desk.recording(account, &id, &digest).await?;
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (CONTENT_SECURITY_POLICY, format!("{}; frame-ancestors 'none'", recording_policy())),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, recording_page(&cast, visit.shell().words)).into_response())
}
