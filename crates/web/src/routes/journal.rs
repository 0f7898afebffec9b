//! The journal: every act, for an administrator; those on what their organisations hold, for a certifier.

use app::console::programme::PersonId;
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
    let who = logged.iter().filter_map(|logged| PersonId::new(&logged.actor).ok());
    let people = visit.console.desk.names(&who.collect()).await?;
    let own = at != "/admin/journal";
    let entry = |logged: Logged| {
        let who = PersonId::new(&logged.actor).ok().and_then(|id| people.get(&id).cloned());
        let why =
            logged.event.as_ref().filter(|_| !own || may_be_told(&logged)).and_then(|event| event.act.why.clone());
        Entry {
            when: dates::moment(shell.words, logged.at, &zone),
            who: who.unwrap_or_else(|| shell.say("journal-service")),
            on: page_of(&logged).filter(|_| own),
            what: logged.what,
            why: why.unwrap_or_default(),
        }
    };
    let events = logged.into_iter().map(entry).collect();
    let (above, lead) = ((above, shell.say(above_word)), shell.say(lead));
    Ok(page(&Journal { shell, at, above, lead, events, older, later: asked.number().is_some() }))
}

/// Whether a certifier reads why: what jurors say among themselves is theirs, and what somebody needs is told on the page
/// where it is decided, to who decides it.
fn may_be_told(logged: &Logged) -> bool {
    !matches!(&*logged.kind, "deliberation" | "sheet") && !logged.what.starts_with("adjustment-")
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
