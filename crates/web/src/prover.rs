//! Proofs of what was handed in, one at a time, where the operator asked for it: each held by a lease that is renewed while
//! it runs, given up when it takes too long, and tried again when the sandbox could not be had.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use app::console;
use app::console::looking::{Limits, Means};
use app::console::store::jobs::Job;
use app::console::{HandedIn, PROOFS, Prover, Unproven, Watcher, prove_handed_in};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{oneshot, watch};
use tokio::time::sleep;

use crate::console::Console;

const LEASE: SignedDuration = SignedDuration::from_secs(60);
const BEAT: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_secs(2);
/// How much longer than its budget a proof may take to put things back, before its thread is no longer waited for.
const REST: SignedDuration = SignedDuration::from_mins(20);
const FETCHED: Limits = Limits { seconds: 300, bytes: 1 << 30 };
const STACK: usize = 32 << 20;

/// Takes one proof after the other until the console stops.
pub(crate) async fn prove_all(console: Arc<Console>, prover: Prover) {
    let name = format!("prove-{}", &console.world.secret()[..16]);
    let mut stopped = console.stop.subscribe();
    while !*stopped.borrow() {
        match console.desk.next_job(&name, &PROOFS, console.world.now(), LEASE).await {
            Ok(Some(job)) => {
                let (context, began) = (console.new_trace(), console.world.now());
                let done = one(&console, &prover, (&job, &name), &mut stopped).await;
                console.job_span(context, &job.kind, job.attempts, began, done.is_err());
                if let Err(error) = done {
                    tracing::error!(error = %error, job = %job.id, "a proof could not be ended");
                }
                continue;
            }
            Ok(None) => {}
            Err(error) => tracing::error!(error = %error, "proofs cannot be taken"),
        }
        tokio::select! {
            _ = stopped.changed() => {}
            () = sleep(PAUSE) => {}
        }
    }
}

enum Ended {
    Signed(Vec<(String, Vec<u8>)>),
    Unproven(Unproven),
    Crashed,
    TooSlow,
    /// Somebody else has the job now, or nobody wants it.
    Lost,
    Stopped,
}

async fn one(
    console: &Arc<Console>,
    prover: &Prover,
    (job, name): (&Job, &str),
    stopped: &mut watch::Receiver<bool>,
) -> Result<(), console::Error> {
    let desk = &console.desk;
    let now = || console.world.now();
    let Some(subject) = desk.proof_asked(job, console.world.today()).await? else {
        return desk.fail_job(job, name, "superseded", false, now()).await;
    };
    match watched(console, prover, (job, name), &subject, stopped).await? {
        Ended::Signed(files) => match desk.keep_proof((job, name), &subject, files, (&console.packs, now())).await {
            Ok(proven) => tracing::info!(job = %job.id, proven, "proven"),
            Err(console::Error::Refused(_) | console::Error::NotFound) => {
                desk.fail_job(job, name, "superseded", false, now()).await?;
            }
            Err(error) => {
                tracing::error!(error = %error, job = %job.id, "what was proven cannot be kept");
                desk.fail_job(job, name, "unkept", true, now()).await?;
            }
        },
        Ended::Unproven(Unproven::Unread(error)) => desk.unread_job(job, name, &error, now()).await?,
        Ended::Unproven(Unproven::NoSandbox(why)) => {
            tracing::error!(job = %job.id, why, "no sandbox to prove in");
            desk.fail_job(job, name, "no-sandbox", true, now()).await?;
        }
        Ended::Crashed => desk.fail_job(job, name, "crashed", false, now()).await?,
        Ended::TooSlow => desk.fail_job(job, name, "too-slow", false, now()).await?,
        Ended::Lost => {}
        Ended::Stopped => desk.give_back(job, name).await?,
    }
    Ok(())
}

/// What the thread of a proof shares with the task that holds its job.
struct Shared {
    console: Arc<Console>,
    stop: Arc<AtomicBool>,
    until: Timestamp,
    at: watch::Sender<i64>,
}

impl Watcher for Shared {
    fn at(&self, hundredths: i64) {
        self.at.send_replace(hundredths);
    }

    fn ends(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.console.world.now() >= self.until
    }
}

/// Proves in a thread of its own, and meanwhile says how far it is.
async fn watched(
    console: &Arc<Console>,
    prover: &Prover,
    (job, name): (&Job, &str),
    subject: &HandedIn,
    stopped: &mut watch::Receiver<bool>,
) -> Result<Ended, console::Error> {
    let stop = Arc::new(AtomicBool::new(false));
    let (at, mut far) = watch::channel(0);
    let (tell, mut answer) = oneshot::channel();
    let until = console.world.now() + prover.longest;
    let shared = Shared { console: Arc::clone(console), stop: Arc::clone(&stop), until, at };
    let means = Means { reach: console.settings.reach.clone(), limits: FETCHED, threads: 1, stop: Arc::clone(&stop) };
    let (subject, prover) = (subject.clone(), prover.clone());
    // Not a task of the runtime: a process that must stop does not wait for it. What its containers leave is swept by
    // the next session.
    let begun = std::thread::Builder::new().name("prove".to_owned()).stack_size(STACK).spawn(move || {
        let states = shared.console.settings.data.join("proofs");
        let packs = &shared.console.packs;
        let _ = tell.send(prove_handed_in(packs, (&subject, &prover), (&means, &states), &shared));
    });
    if begun.is_err() {
        return Ok(Ended::Crashed);
    }
    let mut beat = tokio::time::interval(BEAT);
    let ended = loop {
        tokio::select! {
            found = &mut answer => break match found {
                Ok(Ok(files)) => Ended::Signed(files),
                Ok(Err(why)) => Ended::Unproven(why),
                Err(_) => Ended::Crashed,
            },
            _ = stopped.changed() => break Ended::Stopped,
            _ = beat.tick() => {}
            Ok(()) = far.changed() => {}
        }
        if console.world.now() >= until + REST {
            break Ended::TooSlow;
        }
        let hundredths = *far.borrow_and_update();
        let held = console.desk.hold(job, name, (hundredths, "proving"), console.world.now() + LEASE).await;
        if !matches!(held, Ok(true)) {
            stop.store(true, Ordering::Relaxed);
        }
        if !held? {
            break Ended::Lost;
        }
    };
    stop.store(true, Ordering::Relaxed);
    if matches!(ended, Ended::TooSlow | Ended::Lost) {
        // One thread at a time: what was given up ends before the next begins.
        let _ = answer.await;
    }
    Ok(ended)
}
