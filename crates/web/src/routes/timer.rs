//! The timer of an oral, that a whole bench shares.

use app::console::programme::Act;
use app::console::{Error, Scope};
use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use serde::Deserialize;

use super::jury::ids;
use crate::answer::{Refusal, page, see};
use crate::ladder::both_side;
use crate::shell::Shell;
use crate::visitor::Visit;

#[derive(Template)]
#[template(path = "timer.html")]
struct TimerPage {
    shell: Shell,
    id: String,
    part: String,
    clock: String,
    running: bool,
    until: Option<String>,
    now: String,
    /// Name, how long it lasts for this candidate, whether it is now.
    parts: Vec<(String, String, bool)>,
    granted: Vec<String>,
}

pub(crate) async fn timer(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let (juror, id) = ids(&visit, &id)?;
    let now = visit.console.world.now();
    let shell = visit.shell();
    let scope = Scope::Enrolment(id.clone());
    let shown = visit.console.desk.read(&scope, |records| {
        let (one, _, version) = records.file_for(&juror, &id)?;
        let plan = version.oral.as_ref().ok_or(Error::NotFound)?;
        let view = one.timer.at(now, plan, one.extra_percent());
        let parts = plan.parts.iter().enumerate();
        let lasting = plan.seconds(one.extra_percent());
        let parts = parts.map(|(at, part)| {
            let lasts = lasting.get(at).copied().unwrap_or(0);
            (both_side(&shell, &part.title).to_owned(), minutes(lasts), view.part == Some(at))
        });
        let until = view.running.then(|| (now + jiff::SignedDuration::from_secs(view.left)).to_string());
        let part =
            view.part.map_or_else(|| shell.say("timer-over"), |at| both_side(&shell, &plan.parts[at].title).to_owned());
        Ok::<_, Error>(TimerPage {
            id: id.to_string(),
            part,
            clock: format!("{}:{:02}", view.left / 60, view.left % 60),
            running: view.running,
            until,
            now: now.to_string(),
            parts: parts.collect(),
            granted: super::adjustments::granted(&shell, one),
            shell: shell.clone().titled(records.name(&one.person)),
        })
    });
    let shown = shown.await??;
    Ok(page(&shown))
}

/// "26 min", "26 min 40 s".
fn minutes(seconds: i64) -> String {
    match (seconds / 60, seconds % 60) {
        (minutes, 0) => format!("{minutes}\u{202f}min"),
        (minutes, rest) => format!("{minutes}\u{202f}min {rest}\u{202f}s"),
    }
}

#[derive(Deserialize)]
pub(crate) struct Turn {
    turn: String,
}

pub(crate) async fn turn_timer(
    visit: Visit,
    Path(id): Path<String>,
    Form(given): Form<Turn>,
) -> Result<Response, Refusal> {
    let (juror, id) = ids(&visit, &id)?;
    let act = Act::by(&juror, visit.console.world.now());
    visit.console.desk.timer(&juror, &id, given.turn == "start", act).await?;
    Ok(see(&format!("/jury/{id}/timer")))
}
