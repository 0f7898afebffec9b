//! Signed records of runs that a candidate hands in, and the keys that a title believes.

use app::console::programme::{Act, EnrolmentId};
use app::console::store::jobs::JobState;
use app::console::{Error, Filed, Filer, Scope};
use askama::Template;
use axum::body::Bytes;
use axum::extract::{Multipart, Path};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::{Refusal, page, see};
use crate::dates;
use crate::form::files;
use crate::ladder::both_side;
use crate::routes::candidate::enrolment_id;
use crate::routes::titling::title_id;
use crate::shell::Shell;
use crate::visitor::Visit;

/// How many files one form may bring.
const FILES: usize = 200;

#[derive(Template)]
#[template(path = "proofs.html")]
struct ProofsPage {
    shell: Shell,
    id: String,
    /// Whether records are taken now.
    open: bool,
    /// Whether the title trusts any key.
    trusts: bool,
    kept: Vec<(String, String)>,
    /// How far a proof is that runs here.
    runs: Option<String>,
    done: Option<String>,
    refused: Vec<String>,
}

async fn show(visit: &Visit, id: &str, filed: Option<Filed>) -> Result<ProofsPage, Refusal> {
    let (person, id) = (visit.account()?.person.clone(), enrolment_id(id)?);
    let shell = visit.shell().titled_with("proofs-title");
    let zone = visit.console.world.zone.clone();
    let scope = Scope::Candidate(person.clone());
    let found = visit.console.desk.read(&scope, |records| {
        let one = records.enrolment(&id).filter(|one| one.person == person).ok_or(Error::NotFound)?;
        let (_, title, _) = records.frame(one).ok_or(Error::NotFound)?;
        let kept = one.proofs.iter().map(|file| (file.file_name.clone(), dates::moment(shell.words, file.at, &zone)));
        let open = one.stage == app::console::programme::Stage::HandedIn;
        Ok::<_, Error>((open, !title.trusted.is_empty(), kept.collect()))
    });
    let (open, trusts, kept) = found.await??;
    let runs = told(visit, &shell, &id).await?;
    let believed = filed.as_ref().filter(|filed| !filed.believed.is_empty());
    let done = believed.map(|filed| {
        let counts = [("believed", filed.believed.len()), ("proven", filed.proven)];
        shell.words.numbers("proofs-done", &counts)
    });
    let refused =
        filed.iter().flat_map(|filed| &filed.refused).map(|both| both_side(&shell, both).to_owned()).collect();
    Ok(ProofsPage { id: id.to_string(), open, trusts, kept, runs, done, refused, shell })
}

/// How far the proof of a project is that this console runs itself, if it does.
pub(crate) async fn told(visit: &Visit, shell: &Shell, id: &EnrolmentId) -> Result<Option<String>, Refusal> {
    let found = visit.console.desk.proving(id).await?;
    Ok(found.map(|found| match found.state {
        JobState::Queued => shell.say("proving-waits"),
        JobState::Running => {
            shell.words.numbers("proving-runs", &[("part", usize::try_from(found.hundredths).unwrap_or(0))])
        }
        JobState::Done => shell.say("proving-done"),
        JobState::Failed | JobState::Cancelled => shell.say("proving-failed"),
    }))
}

pub(crate) async fn own(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    Ok(page(&show(&visit, &id, None).await?))
}

pub(crate) async fn file(visit: Visit, Path(id): Path<String>, form: Multipart) -> Result<Response, Refusal> {
    let (person, of) = (visit.account()?.person.clone(), enrolment_id(&id)?);
    let files = files(form, FILES).await?;
    let world = &visit.console.world;
    let act = Act::by(&person, world.now());
    let packs = &visit.console.packs;
    let filed =
        visit.console.desk.file_proofs(Filer::Candidate(&person), &of, files, packs, (world.today(), act)).await?;
    let status = if filed.refused.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, page(&show(&visit, &id, Some(filed)).await?)).into_response())
}

/// Records as a program sends them: each file as it is, since one names another by its digest.
#[derive(Deserialize)]
struct Sent {
    records: Vec<Record>,
}

#[derive(Deserialize)]
struct Record {
    name: String,
    text: String,
}

/// A program of a certifier hands records in for somebody in a session of theirs, such as a runner that proves projects.
pub(crate) async fn api_file(visit: Visit, Path(id): Path<String>, body: Bytes) -> Result<Response, Refusal> {
    let (account, of) = (visit.account()?, enrolment_id(&id)?);
    let sent: Sent = serde_json::from_slice(&body).map_err(|_| Refusal::Wrong("proofs-unread"))?;
    if sent.records.is_empty() || sent.records.len() > FILES {
        return Err(Refusal::Wrong("proofs-unread"));
    }
    let plain = |name: &str| -> String { name.chars().filter(|c| !c.is_control()).take(120).collect() };
    let files = sent.records.into_iter().map(|one| (plain(&one.name), one.text.into_bytes())).collect();
    let world = &visit.console.world;
    let act = Act::by(&account.person, world.now());
    let (filer, packs) = (Filer::Certifier(account), &visit.console.packs);
    let filed = visit.console.desk.file_proofs(filer, &of, files, packs, (world.today(), act)).await?;
    let status = if filed.refused.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let refused: Vec<Value> = filed.refused.iter().map(|why| json!({ "fr": why.fr, "en": why.en })).collect();
    let told = json!({ "believed": filed.believed, "refused": refused, "proven": filed.proven });
    Ok((status, Json(told)).into_response())
}

#[derive(Deserialize)]
pub(crate) struct Keys {
    #[serde(default)]
    keys: String,
}

/// A certifier says whose signatures a title believes.
pub(crate) async fn trust(visit: Visit, Path(id): Path<String>, Form(given): Form<Keys>) -> Result<Response, Refusal> {
    let (account, id) = (visit.account()?, title_id(&id)?);
    let act = Act::by(&account.person, visit.console.world.now());
    match visit.console.desk.trust_keys(account, &id, &given.keys, act).await {
        Err(Error::Refused(refused)) if refused.code() == "not-filled" => Err(Refusal::Wrong("keys-unread")),
        done => {
            done?;
            Ok(see(&format!("/certifier/titles/{id}")))
        }
    }
}
