//! The programming interface: the same use cases as the pages, as JSON, described by `openapi.json`.

use app::console::programme::{Act, SessionId, Stage};
use app::console::{Account, Error, Role, Scope, store};
use askama::Template;
use axum::Form;
use axum::Json;
use axum::extract::Path;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use jiff::ToSpan;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::{Refusal, page, see};
use crate::dates;
use crate::limits::Limited;
use crate::policy::{ORALS, PROOFS, WEBHOOKS};
use crate::shell::Shell;
use crate::visitor::Visit;

/// The description, as it is committed. A test compares it with the table of routes.
pub const DESCRIPTION: &str = include_str!("../../openapi.json");

#[derive(Template)]
#[template(path = "api.html")]
struct ApiPage {
    shell: Shell,
    routes: Vec<(String, String, String)>,
}

/// The description for people.
pub(crate) async fn about(visit: Visit) -> Result<Response, Refusal> {
    let shell = visit.shell().titled_with("console-api");
    let document: Value = serde_json::from_str(DESCRIPTION).map_err(|_| Refusal::Internal)?;
    let mut routes = Vec::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let summary = operation["summary"].as_str().unwrap_or_default().to_owned();
            routes.push((method.to_uppercase(), path.clone(), summary));
        }
    }
    Ok(page(&ApiPage { shell, routes }))
}

pub(crate) async fn description() -> Response {
    ([(CONTENT_TYPE, "application/json")], DESCRIPTION).into_response()
}

pub(crate) async fn titles(visit: Visit) -> Json<Value> {
    let titles = visit.console.packs.frameworks.iter().map(|framework| {
        json!({
            "id": framework.id(),
            "version": framework.header.version,
            "date": framework.header.date,
            "name": framework.header.title,
            "summary": framework.header.summary,
        })
    });
    Json(json!({ "titles": titles.collect::<Vec<_>>() }))
}

pub(crate) async fn title(visit: Visit, Path(id): Path<String>) -> Result<Json<Value>, Refusal> {
    let framework = visit.console.packs.framework(&id).map_err(|_| Refusal::NotFound)?;
    let competences = framework.competences.iter().map(|competence| {
        let criteria = competence.criteria.iter().map(|one| json!({ "id": one.id, "title": one.title }));
        let indicators = competence
            .indicators
            .iter()
            .map(|one| json!({ "id": one.id, "title": one.title, "required": one.required }));
        json!({
            "id": competence.id,
            "label": competence.label,
            "criteria": criteria.collect::<Vec<_>>(),
            "indicators": indicators.collect::<Vec<_>>(),
        })
    });
    Ok(Json(json!({
        "id": framework.id(),
        "version": framework.header.version,
        "date": framework.header.date,
        "name": framework.header.title,
        "summary": framework.header.summary,
        "competences": competences.collect::<Vec<_>>(),
    })))
}

/// What a code stands for, as on the page that verifies.
pub(crate) async fn award(visit: Visit, Path(code): Path<String>) -> Result<Json<Value>, Refusal> {
    if !visit.console.limits.allows(Limited::SignIn, &format!("verify {}", visit.visitor.peer)) {
        return Err(Refusal::TooMany);
    }
    let today = visit.console.world.today();
    let scope = Scope::Code(code.trim().to_uppercase());
    let found = visit.console.desk.read(&scope, |records| {
        let award = records.awards.first()?;
        Some(json!({
            "state": award.state(today).name(),
            "holder": records.name(&award.person),
            "title": award.title.as_str(),
            "version": award.version,
            "issued": award.issued,
            "until": award.until,
            "revoked": award.revoked,
        }))
    });
    found.await?.map(Json).ok_or(Refusal::NotFound)
}

/// The sessions of whoever holds the token.
pub(crate) async fn sessions(visit: Visit) -> Result<Json<Value>, Refusal> {
    let account = visit.account()?.clone();
    let scope = Scope::Certifier(account.person.clone());
    let sessions = visit.console.desk.read(&scope, |records| {
        let own = records.sessions.iter().filter(|session| records.session_for(&account, &session.id).is_ok());
        let told = own.map(|session| {
            let seats = records.counted(&session.id, Stage::has_seat);
            json!({
                "id": session.id.as_str(),
                "title": session.title.as_str(),
                "name": session.name,
                "state": session.state.name(),
                "capacity": session.capacity,
                "seats": seats,
                "opens": session.calendar.opens,
                "deliberation": session.calendar.deliberation,
            })
        });
        told.collect::<Vec<_>>()
    });
    Ok(Json(json!({ "sessions": sessions.await? })))
}

/// The published results of a session.
pub(crate) async fn results(visit: Visit, Path(id): Path<String>) -> Result<Json<Value>, Refusal> {
    let account = visit.account()?.clone();
    let id = SessionId::new(&id).map_err(|_| Refusal::NotFound)?;
    let scope = Scope::Session(id.clone());
    let results = visit.console.desk.read(&scope, |records| {
        records.session_for(&account, &id)?;
        // What a jury decided stays with it until it is published.
        let published = records.enrolments_of(&id).filter(|one| one.stage == Stage::Published);
        let told = published.filter_map(|one| {
            let grade = &one.decision.as_ref()?.grade;
            Some(json!({
                "enrolment": one.id.as_str(),
                "person": one.person.as_str(),
                "passed": grade.passed,
                "basis_points": grade.basis_points,
            }))
        });
        Ok::<_, Error>(told.collect::<Vec<_>>())
    });
    Ok(Json(json!({ "results": results.await?? })))
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    name: String,
    /// Whether it may manage webhooks, too.
    webhooks: Option<String>,
    /// Whether it may hand in records of runs.
    proofs: Option<String>,
    /// Whether it may move orals.
    orals: Option<String>,
}

#[derive(Template)]
#[template(path = "token.html")]
struct TokenPage {
    shell: Shell,
    secret: String,
    until: String,
    /// The page of whoever has the token, and what it is called.
    above: (String, String),
}

/// The scopes that a role can give to a token of its own.
pub(crate) fn scopes_of(roles: &[Role]) -> Vec<String> {
    if roles.contains(&Role::Certifier) { vec!["sessions:read".to_owned()] } else { Vec::new() }
}

/// Makes a personal token, whose secret is shown once.
pub(crate) async fn make_token(visit: Visit, Form(wanted): Form<Wanted>) -> Result<Response, Refusal> {
    let account = visit.account()?.clone();
    token_for(&visit, &account, wanted).await
}

/// Makes a token for somebody's own programs, or for a service.
pub(crate) async fn token_for(visit: &Visit, account: &Account, wanted: Wanted) -> Result<Response, Refusal> {
    let name: String = wanted.name.trim().chars().filter(|c| !c.is_control()).take(80).collect();
    let mut scopes = scopes_of(&account.roles);
    if !scopes.is_empty() {
        let more = [(wanted.webhooks, WEBHOOKS), (wanted.proofs, PROOFS), (wanted.orals, ORALS)];
        scopes.extend(more.into_iter().filter(|(asked, _)| asked.is_some()).map(|(_, scope)| scope.to_owned()));
    }
    if name.is_empty() || scopes.is_empty() {
        return Err(Refusal::Wrong("token-unfit"));
    }
    let world = &visit.console.world;
    let (secret, now) = (format!("preuve_{}", world.secret()), world.now());
    let last = world.today().saturating_add(TOKEN_DAYS.days());
    let ends = now + jiff::SignedDuration::from_hours(24 * i64::from(TOKEN_DAYS));
    let token = store::identity::Token {
        id: world.secret()[..32].to_owned(),
        person: Some(account.person.clone()),
        name,
        scopes,
        made: now,
        ends: Some(ends),
        seen: None,
        revoked: None,
    };
    let act = Act::by(&visit.account()?.person, now);
    visit.console.desk.make_token(&account.person, (&token, &secret), act).await?;
    let shell = visit.shell().titled_with("token-title");
    let until = dates::day(shell.words, last);
    let above = match account.service {
        true => (format!("/admin/people/{}", account.person), account.name.clone()),
        false => ("/account".to_owned(), shell.say("account-title")),
    };
    Ok(page(&TokenPage { shell, secret, until, above }))
}

const TOKEN_DAYS: i32 = 90;

/// Takes a token of one's own away.
pub(crate) async fn revoke_token(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let account = visit.account()?.clone();
    let act = Act::by(&account.person, visit.console.world.now());
    visit.console.desk.revoke_token(&account.person, &id, act).await?;
    Ok(see("/account"))
}
