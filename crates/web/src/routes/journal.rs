//! The journal: every act, for an administrator; those on what their organisations hold, for a certifier.

use app::console::store::Logged;
use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;

use crate::answer::{Refusal, page};
use crate::dates;
use crate::visitor::Visit;

#[derive(Template)]
#[template(path = "journal.html")]
struct Journal {
    shell: crate::shell::Shell,
    /// Where it is, and what is above it.
    at: &'static str,
    above: (&'static str, String),
    lead: String,
    events: Vec<Entry>,
    /// The number of the last one shown, when there are older ones.
    older: Option<i64>,
    /// Whether later ones are on another page.
    later: bool,
}

struct Entry {
    when: String,
    who: String,
    what: String,
    why: String,
    /// The page of what it is about, where a certifier has one.
    on: Option<String>,
}

/// How many events a page shows.
const SHOWN: i64 = 200;

#[derive(Deserialize)]
pub(crate) struct Before {
    /// The number of an event: those before it are shown.
    #[serde(default)]
    before: String,
}

impl Before {
    fn number(&self) -> Option<i64> {
        self.before.parse().ok()
    }
}

/// Everything that happened here.
pub(crate) async fn all(visit: Visit, Query(asked): Query<Before>) -> Result<Response, Refusal> {
    // One more than is shown tells whether there are older ones.
    let logged = visit.console.desk.journal(asked.number(), SHOWN + 1).await?;
    show(&visit, logged, &asked, ("/admin/journal", "/admin", "nav-admin", "journal-lead")).await
}

/// What happened to the titles, sessions and candidates of the organisations that somebody certifies for.
pub(crate) async fn own(visit: Visit, Query(asked): Query<Before>) -> Result<Response, Refusal> {
    let logged = visit.console.desk.journal_of(visit.account()?, asked.number(), SHOWN + 1).await?;
    show(&visit, logged, &asked, ("/certifier/journal", "/certifier", "nav-certifier", "journal-own-lead")).await
}

async fn show(
    visit: &Visit,
    mut logged: Vec<Logged>,
    asked: &Before,
    (at, above, above_word, lead): (&'static str, &'static str, &'static str, &'static str),
) -> Result<Response, Refusal> {
    let shell = visit.shell().titled_with("journal-title");
    let zone = visit.console.world.zone.clone();
    let more = logged.len() as i64 > SHOWN;
    logged.truncate(SHOWN as usize);
    let older = logged.last().map(|last| last.seq).filter(|_| more);
    let who = logged.iter().filter_map(|logged| logged.event.as_ref()?.act.by.person().cloned());
    let people = visit.console.desk.names(&who.collect()).await?;
    let leads = at != "/admin/journal";
    let entry = |logged: Logged| {
        let event = logged.event.as_ref();
        let who = event.and_then(|event| event.act.by.person());
        Entry {
            when: dates::moment(shell.words, logged.at, &zone),
            who: who.map_or_else(|| shell.say("journal-service"), |id| people.get(id).cloned().unwrap_or_default()),
            what: event.map(|_| logged.what.clone()).unwrap_or_default(),
            why: event.and_then(|event| event.act.why.clone()).unwrap_or_default(),
            on: page_of(&logged).filter(|_| leads),
        }
    };
    let events = logged.into_iter().map(entry).collect();
    let (above, lead) = ((above, shell.say(above_word)), shell.say(lead));
    Ok(page(&Journal { shell, at, above, lead, events, older, later: asked.number().is_some() }))
}

fn page_of(logged: &Logged) -> Option<String> {
    let at = match &*logged.kind {
        "session" => "sessions",
        "enrolment" | "deliberation" => "enrolments",
        "title" => "titles",
        _ => return None,
    };
    Some(format!("/certifier/{at}/{}", logged.subject))
}
