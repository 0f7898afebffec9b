//! Anybody has a public repository looked at, where the operator offers it.

use app::console::looking::unfit;
use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::answer::{Refusal, page, see};
use crate::dates;
use crate::evidence::competences;
use crate::limits::Limited;
use crate::progress;
use crate::routes::jobs::{Report, notices};
use crate::shell::Shell;
use crate::visitor::Visit;

/// How many looks of strangers may wait at once.
const WAITING: i64 = 50;

#[derive(Template)]
#[template(path = "look.html")]
struct Look {
    shell: Shell,
    url: String,
    wrong: Option<String>,
    frameworks: Vec<(String, String, bool)>,
    days: String,
}

#[derive(Deserialize)]
pub(crate) struct Given {
    url: String,
    framework: String,
}

fn offered(visit: &Visit) -> Result<(), Refusal> {
    if visit.console.settings.open_looks { Ok(()) } else { Err(Refusal::NotFound) }
}

fn form(visit: &Visit, url: String, chosen: &str, wrong: Option<String>) -> Look {
    let shell = visit.shell().titled_with("look-title");
    let all = visit.console.packs.frameworks.iter();
    let frameworks = all.map(|one| (one.id().to_owned(), shell.of(&one.header.title).to_owned(), one.id() == chosen));
    Look {
        url,
        wrong,
        frameworks: frameworks.collect(),
        days: shell.words.count("look-days", usize::try_from(visit.console.settings.look_days).unwrap_or(0)),
        shell,
    }
}

pub(crate) async fn show(visit: Visit) -> Result<Response, Refusal> {
    offered(&visit)?;
    Ok(page(&form(&visit, String::new(), "rs-devops", None)))
}

pub(crate) async fn ask(visit: Visit, Form(given): Form<Given>) -> Result<Response, Refusal> {
    offered(&visit)?;
    let console = &visit.console;
    let framework = console.packs.framework(&given.framework).map_err(|_| Refusal::NotFound)?.id().to_owned();
    let url = given.url.trim().to_owned();
    if let Some(wrong) = unfit(&console.settings.reach, &url, visit.visitor.lang) {
        // A password that came along by mistake is not shown again.
        let shown = if url.contains('@') { String::new() } else { url };
        let again = form(&visit, shown, &framework, Some(wrong));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&again)).into_response());
    }
    if !console.limits.allows(Limited::Look, &format!("peer {}", visit.visitor.peer)) {
        return Err(Refusal::TooMany);
    }
    let queued = console.desk.ask_for_public(&url, &framework, WAITING, console.world.now()).await?;
    let id = queued.ok_or(Refusal::TooMany)?;
    console.wake.notify_one();
    Ok(see(&format!("/look/{id}")))
}

/// How far it is; once it is done, what was found.
pub(crate) async fn one(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    offered(&visit)?;
    let found = visit.console.desk.public_look(&id).await?;
    let shell = visit.shell().titled_with("look-title");
    let Some(digest) = &found.result else {
        return Ok(progress::job_page(shell, &found, format!("/look/{id}"), None));
    };
    let looked = visit.console.desk.looked(digest).await?.ok_or(Refusal::NotFound)?;
    let packs = &visit.console.packs;
    let until = found.made + jiff::SignedDuration::from_hours(24 * i64::from(visit.console.settings.look_days));
    let day = dates::day(shell.words, until.to_zoned(visit.console.world.zone.clone()).date());
    let groups =
        looked.frameworks.iter().flat_map(|framework| competences(&shell, packs, &looked, &framework.id)).collect();
    Ok(page(&Report {
        back: Some(("/look".to_owned(), shell.say("look-title"))),
        url: looked.url.clone(),
        commit: looked.commit.clone(),
        when: dates::moment(shell.words, found.made, &visit.console.world.zone),
        notices: notices(&shell, &looked),
        groups,
        kept: Some(shell.words.with("look-kept", &[("day", &day)])),
        shell,
    }))
}

pub(crate) async fn events(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    offered(&visit)?;
    visit.console.desk.public_look(&id).await?;
    progress::stream(visit, id)
}
