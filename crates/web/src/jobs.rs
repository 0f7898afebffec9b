//! Jobs of the database, done inside the server: taken one after the other, each held by a lease that is renewed while a
//! thread of its own works at it.
//!
//! Several processes may share the jobs of one database. One that is killed loses its lease, and another takes the job
//! again; one that is asked to stop gives back what it has not finished.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use app::console::Error;
use app::console::looking::Limits;
use app::console::store::jobs::Job;
use jiff::SignedDuration;
use tokio::sync::{Notify, oneshot, watch};
use tokio::time::sleep;

use crate::console::Console;
use crate::traces::Context;

/// How long a job is held without a word of its worker, and how often the worker says one.
pub(crate) const LEASE: SignedDuration = SignedDuration::from_secs(60);
const BEAT: Duration = Duration::from_secs(10);
/// How often an idle worker looks for what another process queued.
const PAUSE: Duration = Duration::from_secs(2);
/// What may be fetched for one job.
pub(crate) const FETCHED: Limits = Limits { seconds: 300, bytes: 1 << 30 };
/// What is read recurses, within bounds that fit into this.
const STACK: usize = 32 << 20;

/// Who takes jobs: as what it is named, of which kinds, for how long without a word, and what wakes it.
pub(crate) struct Taker<'a> {
    pub who: &'static str,
    pub kinds: &'a [&'a str],
    pub lease: SignedDuration,
    pub wake: Option<&'a Notify>,
}

/// A job that this process holds, under the name of its worker.
pub(crate) struct Held {
    pub job: Job,
    pub name: Arc<str>,
    pub context: Context,
}

impl Held {
    pub(crate) async fn fail(&self, console: &Console, reason: &str, again: bool) -> Result<(), Error> {
        console.desk.fail_job(&self.job, &self.name, reason, again, console.world.now()).await
    }

    /// Ends a job whose result was or was not kept: what nobody wants any more is no defect.
    pub(crate) async fn kept<T>(&self, console: &Console, kept: Result<T, Error>) -> Result<Option<T>, Error> {
        match kept {
            Ok(kept) => return Ok(Some(kept)),
            Err(Error::Refused(_) | Error::NotFound) => self.fail(console, "superseded", false).await?,
            Err(error) => {
                tracing::error!(error = %error, job = %self.job.id, "a result cannot be kept");
                self.fail(console, "unkept", true).await?;
            }
        }
        Ok(None)
    }
}

/// Takes one job after the other until the console stops. What is done with one says whether it succeeded.
pub(crate) async fn each<Work>(console: &Arc<Console>, taker: Taker<'_>, work: impl Fn(Arc<Console>, Held) -> Work)
where
    Work: Future<Output = Result<bool, Error>>,
{
    let name: Arc<str> = format!("{}-{}", taker.who, &console.world.secret()[..16]).into();
    let mut stopped = console.stop.subscribe();
    while !*stopped.borrow() {
        match console.desk.next_job(&name, taker.kinds, console.world.now(), taker.lease).await {
            Ok(Some(job)) => {
                let (context, began) = (console.new_trace(), console.world.now());
                let (id, kind, attempt) = (job.id.clone(), job.kind.clone(), job.attempts);
                let done = work(Arc::clone(console), Held { job, name: Arc::clone(&name), context }).await;
                console.job_span(context, &kind, attempt, began, !matches!(done, Ok(true)));
                if let Err(error) = done {
                    // The lease ends by itself, and the job is taken again.
                    tracing::error!(error = %error, job = %id, kind, "a job could not be ended");
                }
                continue;
            }
            Ok(None) => {}
            Err(error) => tracing::error!(error = %error, who = taker.who, "jobs cannot be taken"),
        }
        tokio::select! {
            _ = stopped.changed() => {}
            () = woken(taker.wake) => {}
            () = sleep(PAUSE) => {}
        }
    }
}

async fn woken(wake: Option<&Notify>) {
    match wake {
        Some(wake) => wake.notified().await,
        None => std::future::pending().await,
    }
}

/// What the thread that works at a job shares with the task that holds it.
pub(crate) struct Progress {
    /// Becomes true when nobody wants the result any more.
    pub stop: Arc<AtomicBool>,
    at: watch::Sender<(i64, &'static str)>,
}

impl Progress {
    /// How far it is, in hundredths, and what it does just now.
    pub(crate) fn at(&self, hundredths: i64, doing: &'static str) {
        self.at.send_replace((hundredths, doing));
    }
}

enum Ended<T> {
    Done(T),
    Crashed,
    TooSlow,
    /// Somebody else has the job now, or nobody wants it.
    Lost,
    Stopped,
}

/// Works in a thread of its own, from what is done first on, and meanwhile says how far it is. Nothing comes of a job that
/// ended without a result, which its record then says.
pub(crate) async fn watched<T: Send + 'static>(
    console: &Console,
    held: &Held,
    (first, longest): ((i64, &'static str), Duration),
    work: impl FnOnce(&Progress) -> T + Send + 'static,
) -> Result<Option<T>, Error> {
    let stop = Arc::new(AtomicBool::new(false));
    let (at, far) = watch::channel(first);
    let (tell, mut answer) = oneshot::channel();
    let progress = Progress { stop: Arc::clone(&stop), at };
    // Not a task of the runtime: a process that must stop does not wait for it.
    let begun = std::thread::Builder::new().name(held.job.kind.clone()).stack_size(STACK).spawn(move || {
        let _ = tell.send(work(&progress));
    });
    let ended = match begun {
        Ok(_) => waited(console, held, longest, (&mut answer, far)).await,
        Err(_) => Ok(Ended::Crashed),
    };
    stop.store(true, Ordering::Relaxed);
    let ended = ended?;
    if matches!(ended, Ended::TooSlow | Ended::Lost) {
        // One thread at a time: what was given up ends before the next begins.
        let _ = answer.await;
    }
    match ended {
        Ended::Done(found) => return Ok(Some(found)),
        Ended::Crashed => held.fail(console, "crashed", false).await?,
        Ended::TooSlow => held.fail(console, "too-slow", false).await?,
        Ended::Lost => {}
        Ended::Stopped => console.desk.give_back(&held.job, &held.name).await?,
    }
    Ok(None)
}

async fn waited<T>(
    console: &Console,
    held: &Held,
    longest: Duration,
    (answer, mut far): (&mut oneshot::Receiver<T>, watch::Receiver<(i64, &'static str)>),
) -> Result<Ended<T>, Error> {
    let mut stopped = console.stop.subscribe();
    let mut beat = tokio::time::interval(BEAT);
    let slow = sleep(longest);
    tokio::pin!(slow);
    loop {
        tokio::select! {
            found = &mut *answer => return Ok(found.map_or(Ended::Crashed, Ended::Done)),
            _ = stopped.wait_for(|stopped| *stopped) => return Ok(Ended::Stopped),
            () = &mut slow => return Ok(Ended::TooSlow),
            _ = beat.tick() => {}
            Ok(()) = far.changed() => {}
        }
        let at = *far.borrow_and_update();
        if !console.desk.hold(&held.job, &held.name, at, console.world.now() + LEASE).await? {
            return Ok(Ended::Lost);
        }
    }
}
