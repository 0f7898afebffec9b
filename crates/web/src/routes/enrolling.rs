//! How a certifier brings people into a session: a list, an invitation, seats, slots, reports; and the list that goes out.

use app::console::programme::{Act, ListProblem, results_list};
use app::console::{Error, Scope};
use askama::Template;
use axum::Form;
use axum::extract::{Multipart, Path};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::answer::{Refusal, page, see};
use crate::form::{Filled, FormPage, Reason};
use crate::ladder::both_side;
use crate::routes::candidate::enrolment_id;
use crate::routes::session::session_id;
use crate::shell::Shell;
use crate::visitor::Visit;
use crate::{inviting, telling};

/// The first file of a form, by its field.
pub(crate) async fn file(form: &mut Multipart, field: &str) -> Result<Option<(String, Vec<u8>)>, Refusal> {
    while let Some(part) = form.next_field().await.map_err(|_| Refusal::Wrong("paper-unread"))? {
        if part.name() != Some(field) {
            continue;
        }
        let name = part.file_name().unwrap_or("file").chars().filter(|c| !c.is_control()).take(120).collect();
        let bytes = part.bytes().await.map_err(|_| Refusal::Wrong("paper-unread"))?;
        return Ok(Some((name, bytes.to_vec())));
    }
    Ok(None)
}

/// Title and session, as a message names them.
async fn named(visit: &Visit, id: &app::console::programme::SessionId) -> Result<String, Refusal> {
    let account = visit.account()?.clone();
    let shell = visit.shell();
    let scope = Scope::Session(id.clone());
    let name = visit.console.desk.read(&scope, |records| {
        let session = records.session_for(&account, id)?;
        let title = records.title(&session.title).ok_or(Error::NotFound)?;
        Ok::<_, Error>(format!("{} · {}", both_side(&shell, &title.name), session.name))
    });
    Ok(name.await??)
}

#[derive(Template)]
#[template(path = "import.html")]
struct ImportPage {
    shell: Shell,
    id: String,
    name: String,
    problems: Vec<String>,
    done: Option<String>,
}

fn problem(shell: &Shell, problem: &ListProblem) -> String {
    let words = shell.words;
    let at = |line: &u64| line.to_string();
    match problem {
        ListProblem::TooLarge { most } => words.with("list-too-large", &[("most", &most.to_string())]),
        ListProblem::TooLong { most } => words.with("list-too-long", &[("most", &most.to_string())]),
        ListProblem::NotUtf8 => words.say("list-not-utf8"),
        ListProblem::NoColumn { column } => words.with("list-no-column", &[("column", column)]),
        ListProblem::Line { line, refusal } => {
            words.with("list-line", &[("line", &at(line)), ("why", &telling::refused(words, refusal))])
        }
        ListProblem::CellTooLong { line, most } => {
            words.with("list-cell-too-long", &[("line", &at(line)), ("most", &most.to_string())])
        }
        ListProblem::Twice { line, first } => words.with("list-twice", &[("line", &at(line)), ("first", &at(first))]),
        ListProblem::Broken { line } => words.with("list-broken", &[("line", &at(line))]),
    }
}

pub(crate) async fn import_form(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let id = session_id(&id)?;
    let name = named(&visit, &id).await?;
    let shell = visit.shell().titled_with("import-title");
    Ok(page(&ImportPage { shell, id: id.to_string(), name, problems: Vec::new(), done: None }))
}

pub(crate) async fn import(visit: Visit, Path(id): Path<String>, mut form: Multipart) -> Result<Response, Refusal> {
    let (account, id) = (visit.account()?.clone(), session_id(&id)?);
    let name = named(&visit, &id).await?;
    let shell = visit.shell().titled_with("import-title");
    let (_, list) = file(&mut form, "list").await?.ok_or(Refusal::Wrong("paper-unread"))?;
    let act = Act::by(&account.person, visit.console.world.now());
    let (problems, done) = match visit.console.desk.import(&account, &id, &list, act).await {
        Ok(arrived) => {
            for (nth, person) in arrived.applied.iter().enumerate() {
                let Some(account) = visit.console.desk.account_by_id(person).await? else { continue };
                inviting::welcome(&visit, &account, &name, nth).await?;
            }
            let counts = [("applied", arrived.applied.len()), ("there", arrived.there)];
            (Vec::new(), Some(shell.words.numbers("import-done", &counts)))
        }
        Err(Error::List(problems)) => (problems.iter().map(|one| problem(&shell, one)).collect(), None),
        Err(Error::Refused(refused)) => (vec![telling::refused(shell.words, &refused)], None),
        Err(other) => return Err(other.into()),
    };
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, page(&ImportPage { shell, id: id.to_string(), name, problems, done })).into_response())
}

/// Who is in the session and with which result, as far as results are published.
pub(crate) async fn export(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let (account, id) = (visit.account()?.clone(), session_id(&id)?);
    let scope = Scope::Session(id.clone());
    let list = visit.console.desk.read(&scope, |records| {
        records.session_for(&account, &id)?;
        let enrolments: Vec<_> = records.enrolments_of(&id).cloned().collect();
        Ok::<_, Error>(results_list(&records.people, &enrolments))
    });
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"candidates.csv\""),
        (CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, list.await??).into_response())
}

fn invitation_form(shell: Shell, id: &str, name: String, filled: &Filled) -> FormPage {
    let shell = shell.titled_with("invite-title");
    let fields = vec![filled.field(&shell, "text", "name"), filled.field(&shell, "email", "email")];
    let (lead, place) = (shell.say("invite-lead"), shell.say("nav-certifier"));
    FormPage::new(shell, format!("/certifier/sessions/{id}/invite"), "invite-send")
        .below("/certifier", place)
        .below(format!("/certifier/sessions/{id}"), name)
        .lead(lead)
        .group(String::new(), fields)
}

pub(crate) async fn invite_form(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let name = named(&visit, &session_id(&id)?).await?;
    let filled = Filled::default();
    Ok(invitation_form(visit.shell(), &id, name, &filled).answer(&filled))
}

pub(crate) async fn invite(
    visit: Visit,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let (account, id) = (visit.account()?.clone(), session_id(&id)?);
    let (shell, mut filled) = (visit.shell(), Filled::of(fields));
    let name = named(&visit, &id).await?;
    let secret = visit.console.world.secret();
    let act = Act::by(&account.person, visit.console.world.now());
    let whom = (filled.text("name"), filled.text("email"));
    match visit.console.desk.invite(&account, &id, whom, &secret, act).await {
        Ok(sent) => {
            let link = format!("{}/invitation/{secret}", visit.console.settings.public_url);
            inviting::offer(&visit, (&sent.name, &sent.email), &name, &link).await;
            return Ok(see(&format!("/certifier/sessions/{id}")));
        }
        Err(error) => filled.take(&shell, error)?,
    }
    Ok(invitation_form(shell, id.as_str(), name, &filled).answer(&filled))
}

pub(crate) async fn admit_all(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let (account, id) = (visit.account()?.clone(), session_id(&id)?);
    let act = Act::by(&account.person, visit.console.world.now());
    visit.console.desk.admit_all(&account, &id, act).await?;
    Ok(see(&format!("/certifier/sessions/{id}")))
}

#[derive(Deserialize)]
pub(crate) struct Room {
    #[serde(default)]
    room: String,
}

pub(crate) async fn orals(visit: Visit, Path(id): Path<String>, Form(given): Form<Room>) -> Result<Response, Refusal> {
    let (account, id) = (visit.account()?.clone(), session_id(&id)?);
    let act = Act::by(&account.person, visit.console.world.now());
    visit.console.desk.set_orals(&account, &id, given.room.trim(), act).await?;
    Ok(see(&format!("/certifier/sessions/{id}")))
}

pub(crate) async fn turn_away(
    visit: Visit,
    Path(id): Path<String>,
    Form(given): Form<Reason>,
) -> Result<Response, Refusal> {
    let (account, id) = (visit.account()?.clone(), enrolment_id(&id)?);
    let session = visit.console.desk.turn_away(&account, &id, given.act(&visit)?).await?;
    Ok(see(&format!("/certifier/sessions/{session}")))
}

/// Takes a report of `preuve assess --format json` for a candidate.
pub(crate) async fn report(visit: Visit, Path(id): Path<String>, mut form: Multipart) -> Result<Response, Refusal> {
    let (account, id) = (visit.account()?.clone(), enrolment_id(&id)?);
    let (_, report) = file(&mut form, "report").await?.ok_or(Refusal::Wrong("paper-unread"))?;
    let act = Act::by(&account.person, visit.console.world.now());
    let session = visit.console.desk.record_report(&account, &id, &report, act).await?;
    Ok(see(&format!("/certifier/sessions/{session}")))
}
