//! What a certifier sees: sessions, awards, titles and their versions.

use std::collections::BTreeSet;

use app::console::programme::{AwardId, AwardState, Session, SessionId, SessionState, Stage};
use app::console::{Account, Records, Scope};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::response::Response;
use serde::Deserialize;

use crate::answer::{Refusal, page, see};
use crate::form::Reason;
use crate::ladder::both_side;
use crate::routes::session::settle;
use crate::shell::Shell;
use crate::visitor::Visit;
use crate::{dates, telling};

#[derive(Template)]
#[template(path = "certifier.html")]
struct Overview {
    shell: Shell,
    figures: Vec<(String, usize)>,
    /// What waits for a decision: where, what, in which session.
    waiting: Vec<(String, String, String)>,
    sessions: Vec<Row>,
    /// The way to all of them, where some that are over are left out.
    all: Option<String>,
    titles: Vec<TitleRow>,
    awards: Vec<AwardRow>,
}

struct Row {
    id: String,
    name: String,
    state: String,
    seats: String,
    dates: String,
}

struct TitleRow {
    id: String,
    name: String,
    versions: Vec<String>,
}

struct AwardRow {
    id: String,
    name: String,
    title: String,
    until: String,
    state: String,
    class: &'static str,
    held: bool,
    /// Whether its end is near enough to be put off.
    renewable: bool,
}

fn own<'r>(records: &'r Records, account: &Account) -> Vec<&'r Session> {
    let mut own: Vec<&Session> =
        records.sessions.iter().filter(|session| records.session_for(account, &session.id).is_ok()).collect();
    own.sort_by_key(|session| std::cmp::Reverse(session.calendar.opens));
    own
}

/// How many sessions that are over the page shows, the latest first, unless all are asked for.
const OVER: usize = 12;

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    sessions: String,
}

pub(crate) async fn overview(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Refusal> {
    let account = visit.account()?.clone();
    let shell = visit.shell().titled_with("nav-certifier");
    let today = visit.console.world.today();
    let scope = Scope::Certifier(account.person.clone());
    let shown = visit.console.desk.read(&scope, |records| {
        let own = own(records, &account);
        let count = |wanted: &dyn Fn(&Session) -> bool| own.iter().filter(|session| wanted(session)).count();
        let ids: BTreeSet<&SessionId> = own.iter().map(|session| &session.id).collect();
        let mine = |id: &SessionId| ids.contains(id);
        let stage = |wanted: Stage| -> usize {
            own.iter().map(|session| records.counted(&session.id, |stage| stage == wanted)).sum()
        };
        let held = records.awards.iter().filter(|award| award.state(today) == AwardState::Held).count();
        let figures = vec![
            (shell.say("figure-open"), count(&|session| session.state == SessionState::Open)),
            (shell.say("figure-applied"), stage(Stage::Applied)),
            (shell.say("figure-to-decide"), stage(Stage::HandedIn)),
            (shell.say("figure-held"), held),
        ];
        let over = |session: &Session| session.state == SessionState::Archived;
        let most = if asked.sessions == "all" { usize::MAX } else { OVER };
        let ended: Vec<&SessionId> = own.iter().filter(|one| over(one)).map(|one| &one.id).collect();
        let all = (ended.len() > most).then(|| shell.words.count("certifier-all-sessions", own.len()));
        let kept: BTreeSet<&SessionId> = ended.into_iter().take(most).collect();
        let shown = own.iter().filter(|session| !over(session) || kept.contains(&session.id));
        let sessions =
            shown.map(|session| row(&shell, records, session, records.counted(&session.id, Stage::has_seat)));
        let sessions = sessions.collect();
        let titles = records.titles.iter().map(|title| TitleRow {
            id: title.id.to_string(),
            name: both_side(&shell, &title.name).to_owned(),
            versions: title.versions.iter().map(|version| crate::routes::titling::told(&shell, version)).collect(),
        });
        // They are from sessions of these organisations: the store was asked for no others.
        let awards = records.awards.iter().map(|award| award_row(&shell, records, award, today)).collect();
        let waiting = crate::routes::enrolled::waiting(&shell, records, &|one| mine(&one.session));
        Overview { figures, waiting, sessions, all, titles: titles.collect(), awards, shell: shell.clone() }
    });
    Ok(page(&shown.await?))
}

fn row(shell: &Shell, records: &Records, session: &Session, taken: usize) -> Row {
    let name = records.title(&session.title).map_or("", |title| both_side(shell, &title.name));
    let from = dates::day(shell.words, session.calendar.opens);
    let to = dates::day(shell.words, session.calendar.deliberation);
    Row {
        id: session.id.to_string(),
        name: format!("{name} · {}", session.name),
        state: telling::session_state(shell.words, session.state),
        seats: format!("{taken} / {}", session.capacity),
        dates: shell.words.with("session-dates", &[("from", &from), ("to", &to)]),
    }
}

fn award_row(
    shell: &Shell,
    records: &Records,
    award: &app::console::programme::Award,
    today: jiff::civil::Date,
) -> AwardRow {
    let state = award.state(today);
    AwardRow {
        id: award.id.to_string(),
        name: records.name(&award.person).to_owned(),
        title: records.title(&award.title).map_or(String::new(), |title| both_side(shell, &title.name).to_owned()),
        until: award.until.map_or_else(|| shell.say("award-for-life"), |day| dates::day(shell.words, day)),
        state: shell.say(&format!("state-{}", state.name())),
        class: match state {
            AwardState::Held => "reached",
            AwardState::Expired => "open",
            AwardState::Revoked => "below",
        },
        held: state == AwardState::Held,
        renewable: state == AwardState::Held
            && records
                .title(&award.title)
                .and_then(|title| award.renewable(title.version(award.version).ok()?))
                .is_some_and(|from| from <= today),
    }
}

/// What a certifier does to an award.
#[derive(Clone, Copy)]
enum Change {
    Revoke,
    Renew,
}

/// Changes an award and its credential with it.
async fn change(visit: &Visit, id: &str, given: &Reason, how: Change) -> Result<Response, Refusal> {
    let (account, desk) = (visit.account()?, &visit.console.desk);
    let id = AwardId::new(id).map_err(|_| Refusal::NotFound)?;
    match how {
        Change::Revoke => desk.revoke(account, &id, given.act(visit)?).await?,
        Change::Renew => drop(desk.renew(account, &id, given.act(visit)?).await?),
    }
    settle(visit, &[id]).await;
    Ok(see("/certifier"))
}

pub(crate) async fn revoke(
    visit: Visit,
    Path(id): Path<String>,
    Form(given): Form<Reason>,
) -> Result<Response, Refusal> {
    change(&visit, &id, &given, Change::Revoke).await
}

/// Prolongs an award: its holder gets a credential that is signed anew.
pub(crate) async fn renew(
    visit: Visit,
    Path(id): Path<String>,
    Form(given): Form<Reason>,
) -> Result<Response, Refusal> {
    change(&visit, &id, &given, Change::Renew).await
}
