//! How far a job is: as a page that refreshes itself, and as events for scripts.

use std::convert::Infallible;
use std::time::Duration;

use app::Words;
use app::console::looking::Progress;
use app::console::store::jobs::JobState;
use askama::Template;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};

use crate::answer::{Refusal, page};
use crate::shell::Shell;
use crate::visitor::Visit;

/// How often a stream looks, and how long it lasts; a browser that still listens comes back.
const TICK: Duration = Duration::from_secs(1);
const TICKS: u32 = 900;

/// A job, ready to be shown.
pub(crate) struct Shown {
    pub said: String,
    pub class: &'static str,
    pub hundredths: i64,
    pub over: bool,
    pub failure: Option<String>,
    pub events: String,
    pub at: String,
}

impl Shown {
    /// `at` is the address of the job's page.
    pub(crate) fn of(words: Words, progress: &Progress, at: String) -> Self {
        let class = match progress.state {
            JobState::Done => "reached",
            JobState::Failed => "below",
            _ => "open",
        };
        Self {
            said: said(words, progress),
            class,
            hundredths: progress.hundredths,
            over: progress.is_over(),
            failure: progress.told(words),
            events: format!("{at}/events"),
            at,
        }
    }
}

/// Where a job stands, in a sentence.
fn said(words: Words, progress: &Progress) -> String {
    match (progress.state, progress.phase) {
        (JobState::Queued, _) if progress.before == 0 => words.say("job-next"),
        (JobState::Queued, _) => words.count("job-before", usize::try_from(progress.before).unwrap_or(0)),
        (JobState::Running, Some(phase)) => words.say(&format!("job-phase-{}", phase.name())),
        (JobState::Running, None) => words.say("job-phase-fetching"),
        (JobState::Done, _) => words.say("job-done"),
        (JobState::Failed, _) if progress.builds => words.say("build-failed"),
        (JobState::Failed, _) => words.say("job-failed"),
        (JobState::Cancelled, _) => words.say("job-cancelled"),
    }
}

#[derive(Template)]
#[template(path = "job.html")]
struct JobPage {
    shell: Shell,
    job: Shown,
    url: String,
    /// Where it leads once it is done: address and words.
    next: Option<(String, String)>,
}

/// The page of a job.
pub(crate) fn job_page(shell: Shell, progress: &Progress, at: String, next: Option<(String, String)>) -> Response {
    let job = Shown::of(shell.words, progress, at);
    let next = next.filter(|_| progress.result.is_some());
    page(&JobPage { shell, job, url: progress.url.clone(), next })
}

/// What a stream remembers between two events.
struct Watched {
    visit: Visit,
    id: String,
    told: String,
    left: u32,
    stopped: tokio::sync::watch::Receiver<bool>,
    _place: tokio::sync::OwnedSemaphorePermit,
}

/// The events of a job that the visitor may see.
pub(crate) fn stream(visit: Visit, id: String) -> Result<Response, Refusal> {
    let place = std::sync::Arc::clone(&visit.console.streams).try_acquire_owned().map_err(|_| Refusal::TooMany)?;
    let stopped = visit.console.stop.subscribe();
    let begun = Watched { visit, id, told: String::new(), left: TICKS, stopped, _place: place };
    let events = futures_util::stream::unfold(begun, async |watched| next(watched).await);
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))).into_response())
}

/// The next event: when something changed, or once it is over.
async fn next(mut watched: Watched) -> Option<(Result<Event, Infallible>, Watched)> {
    loop {
        if watched.left == 0 || *watched.stopped.borrow() {
            return None;
        }
        let found = watched.visit.console.desk.look_again(&watched.id).await.ok().flatten()?;
        if found.is_over() {
            watched.left = 0;
            return Some((Ok(Event::default().event("over").data("{}")), watched));
        }
        let words = watched.visit.shell().words;
        let told = serde_json::json!({ "said": said(words, &found), "hundredths": found.hundredths }).to_string();
        let changed = told != watched.told;
        watched.left -= 1;
        if changed {
            watched.told.clone_from(&told);
            return Some((Ok(Event::default().data(told)), watched));
        }
        tokio::select! {
            _ = watched.stopped.changed() => {}
            () = tokio::time::sleep(TICK) => {}
        }
    }
}
