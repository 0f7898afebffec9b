//! Anyone looks up what a code stands for; whoever has signed in sees their account.

use app::console::Scope;
use app::console::programme::AwardState;
use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::answer::{Refusal, page};
use crate::dates;
use crate::ladder::both_side;
use crate::limits::Limited;
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
}

#[derive(Template)]
#[template(path = "admin.html")]
struct Admin {
    shell: Shell,
    people: Vec<(String, String, String, bool)>,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    code: String,
}

pub(crate) async fn verify(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Refusal> {
    let shell = visit.shell().titled_with("verify-title");
    let code = asked.code.trim().to_uppercase();
    if code.is_empty() {
        return Ok(page(&Verify { shell, code, found: None, unknown: false }));
    }
    // Codes are long; this keeps anyone from trying them one after the other.
    if !visit.console.limits.allows(Limited::SignIn, &format!("verify {}", visit.visitor.peer)) {
        return Err(Refusal::TooMany);
    }
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
        if let Some(revoked) = award.revoked {
            facts.push((words.say("verify-revoked-on"), dates::day(words, revoked)));
        }
        let class = match state {
            AwardState::Held => "reached",
            AwardState::Expired => "open",
            AwardState::Revoked => "below",
        };
        Some(Found { state: words.say(&format!("verify-{}", state.name())), class, facts })
    });
    let found = found.await?;
    let unknown = found.is_none();
    let status = if unknown { StatusCode::NOT_FOUND } else { StatusCode::OK };
    Ok((status, page(&Verify { shell, code, found, unknown })).into_response())
}

pub(crate) async fn account(visit: Visit) -> Result<Response, Refusal> {
    let account = visit.account()?.clone();
    let shell = visit.shell().titled_with("account-title");
    let roles = account.roles.iter().map(|role| shell.say(&format!("role-{}", role.name()))).collect();
    let zone = visit.console.world.zone.clone();
    let alive = visit.console.desk.tokens(&account.person).await?.into_iter().filter(|token| token.revoked.is_none());
    let tokens = alive.map(|token| {
        let ends = token.ends.map(|at| dates::day(shell.words, at.to_zoned(zone.clone()).date()));
        (token.id, token.name, ends.unwrap_or_default())
    });
    let tokens = tokens.collect();
    let may_make = !crate::routes::api::scopes_of(&account.roles).is_empty();
    Ok(page(&AccountPage { shell, name: account.name, email: account.email, roles, tokens, may_make }))
}

/// All that is kept about whoever has signed in, as they may ask for it.
pub(crate) async fn export(visit: Visit) -> Result<Response, Refusal> {
    let person = visit.account()?.person.clone();
    let scope = Scope::Candidate(person.clone());
    let kept = visit.console.desk.read(&scope, |records| {
        let enrolments: Vec<_> = records
            .enrolments
            .iter()
            .map(|one| {
                let mut own = one.clone();
                // What a jury decided stays with it until it is published.
                own.decision = own.decision.filter(|_| one.published.is_some());
                own
            })
            .collect();
        serde_json::json!({ "person": records.person(&person), "enrolments": enrolments, "awards": records.awards })
    });
    let kept = kept.await?;
    let headers = [(CONTENT_DISPOSITION, "attachment; filename=\"preuve.json\""), (CACHE_CONTROL, "no-store")];
    Ok((headers, axum::Json(kept)).into_response())
}

pub(crate) async fn admin(visit: Visit) -> Result<Response, Refusal> {
    let shell = visit.shell().titled_with("nav-admin");
    let now = visit.console.world.now();
    let accounts = visit.console.desk.accounts().await?;
    let people = accounts.into_iter().map(|account| {
        let roles: Vec<String> = account.roles.iter().map(|role| shell.say(&format!("role-{}", role.name()))).collect();
        let locked = account.is_locked(now);
        (account.name, account.email, roles.join(", "), locked)
    });
    let people = people.collect();
    Ok(page(&Admin { shell, people }))
}
