//! Signing in and out, forgotten passwords, links that work once.

use app::console::Account;
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::answer::{Refusal, page};
use crate::console::Console;
use crate::limits::Limited;
use crate::outbox::{self, Message};
use crate::shell::Shell;
use crate::visitor::Visit;
use crate::{identity, mail, password};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    shell: Shell,
    next: String,
    email: String,
    wrong: Option<String>,
    /// Another house where they may sign in: the address that leads there, and what it is called.
    provider: Option<(String, String)>,
    /// In a demonstration anyone may be anyone.
    people: Vec<Someone>,
}

struct Someone {
    id: String,
    name: String,
    role: String,
}

#[derive(Template)]
#[template(path = "forgot.html")]
struct Forgot {
    shell: Shell,
    sent: bool,
}

#[derive(Template)]
#[template(path = "password.html")]
struct NewPassword {
    shell: Shell,
    action: String,
    name: String,
    wrong: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub(crate) struct Credentials {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

async fn sign_in_page(visit: &Visit, next: String, email: String, wrong: Option<&str>) -> Result<SignIn, Refusal> {
    let shell = visit.shell().titled_with("console-sign-in");
    let mut people = Vec::new();
    if visit.console.settings.demo {
        for account in visit.console.desk.accounts().await? {
            let Some(role) = account.roles.first() else { continue };
            let role = shell.say(&format!("role-{}", role.name()));
            people.push(Someone { id: account.person.to_string(), name: account.name, role });
        }
        people.sort_by(|a, b| a.role.cmp(&b.role).then(a.name.cmp(&b.name)));
    }
    let wrong = wrong.map(|id| shell.say(id));
    let provider = visit.console.settings.provider.as_ref().map(|provider| {
        let address = format!("/sign-in/provider?next={}", crate::router::urlencoded(&next));
        (address, shell.words.with("sign-in-provider", &[("name", &provider.settings.name)]))
    });
    Ok(SignIn { shell, next, email, wrong, provider, people })
}

pub(crate) async fn show(visit: Visit, Query(asked): Query<Next>) -> Result<Response, Refusal> {
    Ok(page(&sign_in_page(&visit, asked.next, String::new(), None).await?))
}

pub(crate) async fn enter(
    visit: Visit,
    headers: HeaderMap,
    Form(given): Form<Credentials>,
) -> Result<Response, Refusal> {
    let console = &visit.console;
    let now = console.world.now();
    let account = console.desk.account_by_email(&given.email).await?;
    let tried = format!("account {}", given.email.trim().to_lowercase());
    let peer = format!("peer {}", visit.visitor.peer);
    if !console.limits.allows(Limited::SignIn, &peer) || !console.limits.allows(Limited::SignIn, &tried) {
        return Err(Refusal::TooMany);
    }
    let locked = account.as_ref().is_some_and(|account| account.is_locked(now));
    let hash = account.as_ref().and_then(|account| account.password.clone());
    let right = password::is(given.password, hash).await;
    if let Some(account) = account.as_ref().filter(|_| right && !locked) {
        tracing::info!(person = %account.person, "signed in");
        return identity::begin(console, &headers, account, &given.next).await;
    }
    console.metrics.login_refused();
    if let Some(account) = account.filter(|_| !locked)
        && console.desk.refuse_login(&account.person, now).await?
    {
        tracing::warn!(person = %account.person, "an account is locked after refused logins");
        tell(&visit, &account, "mail-locked", "mail-locked-text", "").await;
    }
    let again = sign_in_page(&visit, given.next, given.email, Some("sign-in-wrong")).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&again)).into_response())
}

/// Writes to somebody. That it failed is logged; who asked learns nothing from it.
async fn tell(visit: &Visit, account: &Account, subject: &str, text: &str, link: &str) {
    let words = visit.shell().words;
    let message = Message {
        to: account.email.clone(),
        subject: words.say(subject),
        text: words.with(text, &[("name", &account.name), ("link", link)]),
    };
    let console = &visit.console;
    let (settings, now) = (&console.settings, console.world.now());
    match outbox::put(&settings.data, &message, &settings.writer(), now, &visit.visitor.request) {
        Ok(file) => mail::queue(console, &file).await,
        Err(error) => tracing::error!(error = %error, "a message cannot be written"),
    }
}

pub(crate) async fn leave(visit: Visit, headers: HeaderMap) -> Result<Response, Refusal> {
    identity::end(&visit.console, &headers).await
}

#[derive(Deserialize)]
pub(crate) struct Played {
    person: String,
}

/// In a demonstration, becomes somebody without a password.
pub(crate) async fn play(visit: Visit, headers: HeaderMap, Form(as_whom): Form<Played>) -> Result<Response, Refusal> {
    if !visit.console.settings.demo {
        return Err(Refusal::NotFound);
    }
    let accounts = visit.console.desk.accounts().await?;
    let account = accounts.iter().find(|one| one.person.as_str() == as_whom.person).ok_or(Refusal::NotFound)?;
    identity::begin(&visit.console, &headers, account, crate::shell::home(&account.roles)).await
}

pub(crate) async fn forgot(visit: Visit) -> Response {
    page(&Forgot { shell: visit.shell().titled_with("forgot-title"), sent: false })
}

#[derive(Deserialize)]
pub(crate) struct Address {
    email: String,
}

/// Sends a link when there is such an account, and says the same when there is none.
pub(crate) async fn send_link(visit: Visit, Form(given): Form<Address>) -> Result<Response, Refusal> {
    if !visit.console.limits.allows(Limited::SignIn, &format!("reset {}", visit.visitor.peer)) {
        return Err(Refusal::TooMany);
    }
    if let Some(account) = visit.console.desk.account_by_email(&given.email).await? {
        let link = make_link(&visit.console, &account).await?;
        tell(&visit, &account, "mail-reset", "mail-reset-text", &link).await;
    }
    Ok(page(&Forgot { shell: visit.shell().titled_with("forgot-title"), sent: true }))
}

/// The address of a link that works once.
pub(crate) async fn make_link(console: &Console, account: &Account) -> Result<String, Refusal> {
    let secret = console.world.secret();
    console.desk.make_link(&account.person, &secret, console.world.now()).await?;
    Ok(format!("{}/link/{secret}", console.settings.public_url))
}

async fn new_password(visit: &Visit, secret: &str, wrong: Option<&str>) -> Result<NewPassword, Refusal> {
    let found = visit.console.desk.link(secret, visit.console.world.now()).await?;
    let account = found.ok_or(Refusal::NotFound)?;
    let shell = visit.shell().titled_with("password-title");
    let wrong = wrong.map(|id| shell.say(id));
    Ok(NewPassword { shell, action: format!("/link/{secret}"), name: account.name, wrong })
}

pub(crate) async fn link(visit: Visit, Path(secret): Path<String>) -> Result<Response, Refusal> {
    Ok(page(&new_password(&visit, &secret, None).await?))
}

#[derive(Deserialize)]
pub(crate) struct Chosen {
    password: String,
}

pub(crate) async fn use_link(
    visit: Visit,
    headers: HeaderMap,
    Path(secret): Path<String>,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Refusal> {
    let again = new_password(&visit, &secret, Some("password-unfit")).await?;
    if !password::is_fit(&chosen.password) {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&again)).into_response());
    }
    let hash = password::hash(chosen.password).await.ok_or(Refusal::Internal)?;
    let account = visit.console.desk.use_link(&secret, &hash, visit.console.world.now()).await?;
    identity::begin(&visit.console, &headers, &account, crate::shell::home(&account.roles)).await
}
