//! Webhooks of an organisation: where it is told what happens, as pages and for programs.

use app::console::store::jobs::JobState;
use app::console::store::webhooks::Webhook;
use app::console::webhooks::{Delivery, KINDS};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::{Refusal, page, see};
use crate::dates;
use crate::form::{Field, Filled, FormPage};
use crate::shell::Shell;
use crate::visitor::Visit;

/// How many messages a page shows.
const SHOWN: i64 = 50;

#[derive(Template)]
#[template(path = "webhooks.html")]
struct List {
    shell: Shell,
    hooks: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "webhook.html")]
struct One {
    shell: Shell,
    id: String,
    url: String,
    organisation: String,
    events: Vec<String>,
    /// Shown once.
    secret: Option<String>,
    deliveries: Vec<Row>,
}

struct Row {
    made: String,
    kind: String,
    class: &'static str,
    state: String,
    attempts: i64,
    last: String,
    next: String,
}

pub(crate) async fn list(visit: Visit) -> Result<Response, Refusal> {
    let shell = visit.shell().titled_with("webhooks-title");
    let account = visit.account()?;
    let homes = visit.console.desk.certified_by(account).await?;
    let hooks = visit.console.desk.webhooks(account).await?;
    let hooks = hooks.into_iter().map(|hook| {
        let home = homes.iter().find(|(id, _)| *id == hook.organisation);
        (hook.id, hook.url, home.map_or_else(String::new, |(_, name)| name.clone()))
    });
    Ok(page(&List { hooks: hooks.collect(), shell }))
}

async fn form(visit: &Visit, filled: &Filled) -> Result<Response, Refusal> {
    let shell = visit.shell().titled_with("webhook-new");
    let homes = visit.console.desk.certified_by(visit.account()?).await?;
    let homes = homes.into_iter().map(|(id, name)| (id.to_string(), name));
    let kinds = KINDS.iter().map(|kind| ((*kind).to_owned(), told_kind(&shell, kind)));
    let fields = vec![
        filled.select(&shell, "organisation", homes),
        Field { hint: shell.say("webhook-address-hint"), ..filled.field(&shell, "url", "address") },
        Field { kind: "checks", ..filled.select(&shell, "events", kinds) },
    ];
    let (lead, above) = (shell.say("webhook-lead"), shell.say("webhooks-title"));
    let form = FormPage::new(shell, "/certifier/webhooks", "webhook-add");
    Ok(form.below("/certifier/webhooks", above).lead(lead).group(String::new(), fields).answer(filled))
}

fn told_kind(shell: &Shell, kind: &str) -> String {
    shell.say(&format!("webhook-kind-{}", kind.replace(['.', '_'], "-")))
}

pub(crate) async fn new(visit: Visit) -> Result<Response, Refusal> {
    form(&visit, &Filled::default()).await
}

pub(crate) async fn add(visit: Visit, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, Refusal> {
    let mut filled = Filled::of(fields);
    let events: Vec<String> = filled.all("events").map(str::to_owned).collect();
    let asked = (filled.text("address"), events);
    match make(&visit, filled.text("organisation"), asked).await {
        Ok(hook) => show(&visit, &hook, true).await,
        Err(app::console::Error::Webhook(why)) => {
            let field = if why == "webhook-events-unfit" { "events" } else { "address" };
            filled.blame(field, visit.shell().say(why));
            form(&visit, &filled).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn make(visit: &Visit, organisation: &str, asked: (&str, Vec<String>)) -> Result<Webhook, app::console::Error> {
    let console = &visit.console;
    let account = visit.account().map_err(|_| app::console::Error::NotFound)?;
    let means = (console.hooks_reach(), (console.world.chance)());
    console.desk.add_webhook(account, organisation, asked, means, console.world.now()).await
}

async fn show(visit: &Visit, hook: &Webhook, with_secret: bool) -> Result<Response, Refusal> {
    let shell = visit.shell().titled_with("webhook-title");
    let account = visit.account()?;
    let homes = visit.console.desk.certified_by(account).await?;
    let home = homes.into_iter().find(|(id, _)| *id == hook.organisation);
    let sent = visit.console.desk.deliveries(account, &hook.id, SHOWN).await?;
    let deliveries = sent.iter().map(|one| row(visit, &shell, one)).collect();
    Ok(page(&One {
        id: hook.id.clone(),
        url: hook.url.clone(),
        organisation: home.map(|(_, name)| name).unwrap_or_default(),
        events: hook.events.iter().map(|kind| told_kind(&shell, kind)).collect(),
        secret: with_secret.then(|| hook.secret.clone()),
        deliveries,
        shell,
    }))
}

fn row(visit: &Visit, shell: &Shell, one: &Delivery) -> Row {
    let zone = &visit.console.world.zone;
    let (class, state) = match one.state {
        JobState::Done => ("reached", "webhook-state-done"),
        JobState::Failed => ("below", "webhook-state-given-up"),
        JobState::Cancelled => ("below", "webhook-state-cancelled"),
        JobState::Queued if one.attempts > 0 => ("open", "webhook-state-again"),
        JobState::Queued | JobState::Running => ("open", "webhook-state-waits"),
    };
    // A status is a number; anything else is the name of a reason.
    let last = match &*one.last {
        "" => "–".to_owned(),
        code if code.bytes().all(|byte| byte.is_ascii_digit()) => code.to_owned(),
        "fetch-private" => shell.say("webhook-address-private"),
        "fetch-scheme" => shell.say("webhook-address-scheme"),
        "fetch-host" => shell.say("webhook-failed-host"),
        "fetch-slow" => shell.say("webhook-failed-slow"),
        "webhook-gone" => shell.say("webhook-gone"),
        _ => shell.say("webhook-failed-other"),
    };
    Row {
        made: dates::moment(shell.words, one.made, zone),
        kind: if one.kind == "webhook.test" { shell.say("webhook-kind-test") } else { told_kind(shell, &one.kind) },
        class,
        state: shell.say(state),
        attempts: one.attempts,
        last,
        next: one.next.map_or_else(|| "–".to_owned(), |at| dates::moment(shell.words, at, zone)),
    }
}

pub(crate) async fn one(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let hook = visit.console.desk.webhook(visit.account()?, &id).await?;
    show(&visit, &hook, false).await
}

pub(crate) async fn test(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    try_out(&visit, &id).await?;
    Ok(see(&format!("/certifier/webhooks/{id}")))
}

async fn try_out(visit: &Visit, id: &str) -> Result<String, Refusal> {
    let console = &visit.console;
    let message = console.desk.test_webhook(visit.account()?, id, console.world.now()).await?;
    console.wake_hooks.notify_waiters();
    Ok(message)
}

async fn turn(visit: &Visit, id: &str) -> Result<Webhook, Refusal> {
    let world = &visit.console.world;
    let account = visit.account()?;
    Ok(visit.console.desk.rotate_webhook(account, id, (world.chance)(), world.now()).await?)
}

pub(crate) async fn rotate(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let hook = turn(&visit, &id).await?;
    show(&visit, &hook, true).await
}

async fn take_away(visit: &Visit, id: &str) -> Result<(), Refusal> {
    Ok(visit.console.desk.remove_webhook(visit.account()?, id, visit.console.world.now()).await?)
}

pub(crate) async fn remove(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    take_away(&visit, &id).await?;
    Ok(see("/certifier/webhooks"))
}

fn told(hook: &Webhook, with_secret: bool) -> Value {
    let mut told = json!({
        "id": hook.id,
        "organisation": hook.organisation.as_str(),
        "url": hook.url,
        "events": hook.events,
        "made": hook.made,
    });
    if with_secret {
        told["secret"] = hook.secret.as_str().into();
    }
    told
}

pub(crate) async fn api_list(visit: Visit) -> Result<Json<Value>, Refusal> {
    let hooks = visit.console.desk.webhooks(visit.account()?).await?;
    Ok(Json(json!({ "webhooks": hooks.iter().map(|hook| told(hook, false)).collect::<Vec<_>>() })))
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    organisation: Option<String>,
    url: String,
    events: Vec<String>,
}

pub(crate) async fn api_add(visit: Visit, body: axum::body::Bytes) -> Result<Response, Refusal> {
    let wanted: Wanted = serde_json::from_slice(&body).map_err(|_| Refusal::Wrong("webhook-unread"))?;
    let homes = visit.console.desk.certified_by(visit.account()?).await?;
    // Who certifies for one organisation need not name it.
    let only = if homes.len() == 1 { homes.first().map(|(id, _)| id.to_string()) } else { None };
    let home = wanted.organisation.or(only).ok_or(Refusal::Wrong("webhook-unread"))?;
    let hook = make(&visit, &home, (&wanted.url, wanted.events)).await?;
    Ok((StatusCode::CREATED, Json(told(&hook, true))).into_response())
}

pub(crate) async fn api_rotate(visit: Visit, Path(id): Path<String>) -> Result<Json<Value>, Refusal> {
    Ok(Json(told(&turn(&visit, &id).await?, true)))
}

pub(crate) async fn api_remove(visit: Visit, Path(id): Path<String>) -> Result<StatusCode, Refusal> {
    take_away(&visit, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn api_test(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let message = try_out(&visit, &id).await?;
    Ok((StatusCode::ACCEPTED, Json(json!({ "message": message }))).into_response())
}

pub(crate) async fn api_deliveries(visit: Visit, Path(id): Path<String>) -> Result<Json<Value>, Refusal> {
    let sent = visit.console.desk.deliveries(visit.account()?, &id, SHOWN).await?;
    let told = sent.iter().map(|one| {
        json!({
            "id": one.id,
            "type": one.kind,
            "state": one.state.name(),
            "attempts": one.attempts,
            "made": one.made,
            "finished": one.finished,
            "next": one.next,
            "last": one.last,
        })
    });
    Ok(Json(json!({ "deliveries": told.collect::<Vec<_>>() })))
}
