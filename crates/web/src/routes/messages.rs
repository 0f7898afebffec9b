//! Messages between a candidate and those who accompany or certify them, and the notes that coaches share.

use app::console::programme::EnrolmentId;
use app::console::{Error, Said, Thread, Voice};
use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use serde::Deserialize;

use crate::answer::{Refusal, page, see};
use crate::routes::candidate::enrolment_id;
use crate::shell::Shell;
use crate::visitor::Visit;
use crate::{dates, inviting};

/// A message, ready to be shown.
pub(crate) struct Shown {
    pub author: String,
    pub when: String,
    pub body: String,
    pub new: bool,
}

/// One thread with its form.
pub(crate) struct Talk {
    pub title: String,
    pub action: String,
    /// The id of its field, and what the field is called.
    pub field: &'static str,
    pub label: String,
    pub with: &'static str,
    pub said: Vec<Shown>,
    pub empty: String,
}

#[derive(Template)]
#[template(path = "messages.html")]
struct Messages {
    shell: Shell,
    id: String,
    talks: Vec<Talk>,
}

pub(crate) fn shown(visit: &Visit, said: Vec<Said>) -> Vec<Shown> {
    let (shell, zone) = (visit.shell(), &visit.console.world.zone);
    let told = |one: Said| Shown {
        author: if one.mine { shell.say("message-you") } else { one.author },
        when: dates::moment(shell.words, one.at, zone),
        body: one.body,
        new: one.new,
    };
    said.into_iter().map(told).collect()
}

/// A thread as one of its two sides sees it.
pub(crate) async fn talk(
    visit: &Visit,
    voice: Voice,
    id: &EnrolmentId,
    thread: Thread,
    action: String,
) -> Result<Talk, Refusal> {
    let shell = visit.shell();
    let now = (voice == Voice::Candidate).then(|| visit.console.world.now());
    let said = visit.console.desk.read_thread((visit.account()?, voice), id, thread, now).await?;
    let (title, field, label, with, empty) = match (voice, thread) {
        (_, Thread::Notes) => ("message-notes", "note", "message-note", "notes", "message-notes-empty"),
        (Voice::Candidate, Thread::Coach) => {
            ("message-with-coach", "to-coach", "message-write", "coach", "message-coach-empty")
        }
        (Voice::Candidate, Thread::Certifier) => {
            ("message-with-certifier", "to-certifier", "message-write", "certifier", "message-certifier-empty")
        }
        (_, Thread::Coach) => ("message-advice", "advice", "message-advice-write", "coach", "message-none"),
        (_, Thread::Certifier) => ("message-with-candidate", "message", "message-write", "certifier", "message-none"),
    };
    Ok(Talk {
        title: shell.say(title),
        action,
        field,
        label: shell.say(label),
        with,
        said: shown(visit, said),
        empty: shell.say(empty),
    })
}

pub(crate) async fn own(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let id = enrolment_id(&id)?;
    let action = || format!("/candidate/{id}/messages");
    let mut talks = Vec::new();
    // Without a cohort nobody accompanies them.
    match talk(&visit, Voice::Candidate, &id, Thread::Coach, action()).await {
        Ok(talk) => talks.push(talk),
        Err(Refusal::NotFound) => {}
        Err(other) => return Err(other),
    }
    talks.push(talk(&visit, Voice::Candidate, &id, Thread::Certifier, action()).await?);
    Ok(page(&Messages { shell: visit.shell().titled_with("message-title"), id: id.to_string(), talks }))
}

#[derive(Deserialize)]
pub(crate) struct Written {
    #[serde(default)]
    message: String,
    /// With whom a candidate talks.
    #[serde(default)]
    with: String,
}

/// Keeps a message and tells its reader that there is one, never what it says.
async fn say(visit: &Visit, voice: Voice, id: &EnrolmentId, thread: Thread, body: &str) -> Result<(), Refusal> {
    let desk = &visit.console.desk;
    let told = desk.say((visit.account()?, voice), id, thread, body, visit.console.world.now()).await?;
    if let Some(person) = told
        && let Some(account) = desk.account_by_id(&person).await?
    {
        let link = format!("{}/candidate/{id}/messages", visit.console.settings.public_url);
        inviting::message_waits(visit, &account, &link).await;
    }
    Ok(())
}

pub(crate) async fn write_own(
    visit: Visit,
    Path(id): Path<String>,
    Form(given): Form<Written>,
) -> Result<Response, Refusal> {
    let id = enrolment_id(&id)?;
    let thread = match given.with.as_str() {
        "coach" => Thread::Coach,
        "certifier" => Thread::Certifier,
        _ => return Err(Error::NotFound.into()),
    };
    say(&visit, Voice::Candidate, &id, thread, &given.message).await?;
    Ok(see(&format!("/candidate/{id}/messages")))
}

/// A coach writes to somebody whom they accompany, or a note for the other coaches.
pub(crate) async fn write_coach(
    visit: Visit,
    Path(id): Path<String>,
    Form(given): Form<Written>,
) -> Result<Response, Refusal> {
    let id = enrolment_id(&id)?;
    let thread = if given.with == "notes" { Thread::Notes } else { Thread::Coach };
    say(&visit, Voice::Coach, &id, thread, &given.message).await?;
    Ok(see(&format!("/coach/{id}")))
}

pub(crate) async fn write_certifier(
    visit: Visit,
    Path(id): Path<String>,
    Form(given): Form<Written>,
) -> Result<Response, Refusal> {
    let id = enrolment_id(&id)?;
    say(&visit, Voice::Certifier, &id, Thread::Certifier, &given.message).await?;
    Ok(see(&format!("/certifier/enrolments/{id}")))
}
