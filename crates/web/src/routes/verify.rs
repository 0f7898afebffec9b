//! Anyone looks up what a code stands for; whoever has signed in sees their account.

use app::console::programme::AwardState;
use app::console::{Scope, current_key};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::answer::{Refusal, page};
use crate::dates;
use crate::ladder::both_side;
use crate::limits::Limited;
use crate::routes::admin::{retention, tokens};
use crate::shell::Shell;
use crate::visitor::Visit;

#[derive(Template)]
#[template(path = "verify.html")]
struct Verify {
    shell: Shell,
    code: String,
    found: Option<Found>,
    unknown: bool,
}

struct Found {
    state: String,
    class: &'static str,
    facts: Vec<(String, String)>,
    /// What every step of verification found; none when the credential is not signed yet.
    steps: Vec<Taken>,
    code: String,
}

/// A step: how it went, in a word and in a colour, and what is to be said.
struct Taken {
    word: String,
    class: &'static str,
    told: String,
}

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    shell: Shell,
    name: String,
    email: String,
    roles: Vec<String>,
    /// Id, name, last day.
    tokens: Vec<(String, String, String)>,
    may_make: bool,
    /// For how long what is kept of them is kept.
    kept: Vec<String>,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    code: String,
}

/// The page that asks for a code; with one in the query, what it stands for.
pub(crate) async fn verify(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Refusal> {
    show(&visit, &asked.code).await
}

/// What a code stands for: the page, or with `.json` the credential and with `.receipt.json` its line of the log.
pub(crate) async fn of_code(visit: Visit, Path(asked): Path<String>) -> Result<Response, Refusal> {
    let receipt = asked.strip_suffix(".receipt.json");
    let credential = asked.strip_suffix(".json");
    let Some(code) = receipt.or(credential) else { return show(&visit, &asked).await };
    limited(&visit)?;
    crate::routes::issuers::by_code(&visit, &code.to_uppercase(), receipt.is_some()).await
}

/// Codes are long; this keeps anyone from trying them one after the other.
fn limited(visit: &Visit) -> Result<(), Refusal> {
    let allowed = visit.console.limits.allows(Limited::SignIn, &format!("verify {}", visit.visitor.peer));
    if allowed { Ok(()) } else { Err(Refusal::TooMany) }
}

async fn show(visit: &Visit, code: &str) -> Result<Response, Refusal> {
    let shell = visit.shell().titled_with("verify-title");
    let code = code.trim().to_uppercase();
    if code.is_empty() {
        return Ok(page(&Verify { shell, code, found: None, unknown: false }));
    }
    limited(visit)?;
    let today = visit.console.world.today();
    let words = shell.words;
    let scope = Scope::Code(code.clone());
    let found = visit.console.desk.read(&scope, |records| {
        let award = records.awards.iter().find(|award| award.code == code)?;
        let state = award.state(today);
        let title = records.title(&award.title)?;
        let mut facts = vec![
            (words.say("verify-holder"), records.name(&award.person).to_owned()),
            (words.say("word-title"), both_side(&shell, &title.name).to_owned()),
            (words.say("word-issued"), dates::day(words, award.issued)),
        ];
        if let Some(until) = award.until {
            facts.push((words.say("word-until"), dates::day(words, until)));
        }
        if let Some(renewed) = award.renewed.last() {
            facts.push((words.say("verify-renewed-on"), dates::day(words, *renewed)));
        }
        if let Some(revoked) = award.revoked {
            facts.push((words.say("verify-revoked-on"), dates::day(words, revoked)));
        }
        let class = match state {
            AwardState::Held => "reached",
            AwardState::Expired => "open",
            AwardState::Revoked => "below",
        };
        let state = words.say(&format!("verify-{}", state.name()));
        Some(Found { state, class, facts, steps: Vec::new(), code: code.clone() })
    });
    let mut found = found.await?;
    if let Some(found) = &mut found {
        found.steps = steps(visit, &code).await?;
    }
    let unknown = found.is_none();
    let status = if unknown { StatusCode::NOT_FOUND } else { StatusCode::OK };
    Ok((status, page(&Verify { shell, code, found, unknown })).into_response())
}

/// Takes every step over the signed credential, as anybody else would.
async fn steps(visit: &Visit, code: &str) -> Result<Vec<Taken>, Refusal> {
    let console = &visit.console;
    let (award, person, office) = console.desk.award_of_code(&console.offices(), code).await?;
    if person.erased {
        return Ok(Vec::new());
    }
    let (now, words) = (console.world.now(), visit.shell().words);
    let found = tokio::task::spawn_blocking(move || office.verify(&current_key(&award), now));
    let Some(found) = found.await.map_err(|_| Refusal::Internal)? else { return Ok(Vec::new()) };
    let taken = |(outcome, told): (&'static str, String)| {
        let class = match outcome {
            "passed" => "reached",
            "refused" => "below",
            "open" => "open",
            _ => "",
        };
        Taken { word: words.say(&format!("verify-outcome-{outcome}")), class, told }
    };
    Ok(app::credential::lines(&found, words).into_iter().map(taken).collect())
}

pub(crate) async fn account(visit: Visit) -> Result<Response, Refusal> {
    let account = visit.account()?.clone();
    let shell = visit.shell().titled_with("account-title");
    let roles = account.roles.iter().map(|role| shell.say(&format!("role-{}", role.name()))).collect();
    let tokens = tokens(&visit, &shell, &account.person).await?;
    let may_make = !crate::routes::api::scopes_of(&account.roles).is_empty();
    let kept = retention(&visit, &shell);
    Ok(page(&AccountPage { shell, name: account.name, email: account.email, roles, tokens, may_make, kept }))
}

/// All that is kept about whoever has signed in, as they may ask for it.
pub(crate) async fn export(visit: Visit) -> Result<Response, Refusal> {
    let kept = visit.console.desk.export(&visit.account()?.person).await?;
    let headers = [(CONTENT_DISPOSITION, "attachment; filename=\"preuve.json\""), (CACHE_CONTROL, "no-store")];
    Ok((headers, axum::Json(kept)).into_response())
}
