//! Jobs, done inside the server: a bounded number at once, each held by a lease that is renewed while it works.
//!
//! Several processes may share the jobs of one database. One that is killed loses its lease, and another takes the job
//! again; one that is asked to stop gives back what it has not finished.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use app::console::looking::{Asked, LOOKS, Limits, Looked, Means, Phase, Subject, look};
use app::console::programme::EnrolmentId;
use app::console::store::jobs::Job;
use app::{AssessError, console};
use jiff::SignedDuration;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::console::Console;
use crate::{hooks, mail, prover, reminding, traces};

/// How long a job is held without a word of its worker, and how often the worker says one.
const LEASE: SignedDuration = SignedDuration::from_secs(60);
const BEAT: Duration = Duration::from_secs(10);
/// How often an idle worker looks for what another process queued.
const PAUSE: Duration = Duration::from_secs(2);
/// How long a look may take in all; what it reads is bounded besides.
const LONGEST: Duration = Duration::from_secs(20 * 60);
/// What may be fetched for one look.
const FETCHED: Limits = Limits { seconds: 300, bytes: 1 << 30 };
/// What is read recurses, within bounds that fit into this.
const STACK: usize = 32 << 20;
/// How often old results are looked for, and whether today's root of the log is signed.
const SWEEP: Duration = Duration::from_secs(3600);

/// How many messages to webhooks are sent at once, and for how long their journal is kept.
const HOOKS: usize = 3;
const HOOKS_KEPT: SignedDuration = SignedDuration::from_hours(24 * 30);

/// Begins to work, as far as the operator wants it.
pub fn work(console: &Arc<Console>) -> Vec<JoinHandle<()>> {
    let mut begun: Vec<_> = (0..console.settings.workers).map(|_| tokio::spawn(looks(Arc::clone(console)))).collect();
    if console.settings.workers > 0 || console.settings.log_key.is_some() {
        begun.push(tokio::spawn(sweep(Arc::clone(console))));
    }
    if console.settings.workers > 0 {
        begun.push(tokio::spawn(hooks::tell_all(Arc::clone(console))));
        // A receiver that is slow holds up one of them.
        begun.extend((0..HOOKS).map(|_| tokio::spawn(hooks::send_all(Arc::clone(console)))));
    }
    if let Some(prover) = console.settings.prover.clone() {
        begun.push(tokio::spawn(prover::prove_all(Arc::clone(console), prover)));
    }
    begun.extend(traces::begin(console));
    if console.settings.mailer.is_some() {
        begun.push(tokio::spawn(mail::send_all(Arc::clone(console))));
    }
    begun
}

/// Takes one look after the other until the console stops.
async fn looks(console: Arc<Console>) {
    let name = format!("look-{}", &console.world.secret()[..16]);
    let mut stopped = console.stop.subscribe();
    while !*stopped.borrow() {
        match console.desk.next_job(&name, &LOOKS, console.world.now(), LEASE).await {
            Ok(Some(job)) => {
                let (context, began) = (console.new_trace(), console.world.now());
                let done = one(&console, &name, &job, &mut stopped).await;
                console.job_span(context, &job.kind, job.attempts, began, done.is_err());
                if let Err(error) = done {
                    // The lease ends by itself, and the job is taken again.
                    tracing::error!(error = %error, job = %job.id, "a job could not be ended");
                }
                continue;
            }
            Ok(None) => {}
            Err(error) => tracing::error!(error = %error, "jobs cannot be taken"),
        }
        tokio::select! {
            _ = stopped.changed() => {}
            () = console.wake.notified() => {}
            () = sleep(PAUSE) => {}
        }
    }
}

/// What a look ended with.
enum Ended {
    Found(Box<Looked>),
    Unread(AssessError),
    Crashed,
    TooSlow,
    /// Somebody else has the job now, or nobody wants it.
    Lost,
    Stopped,
}

async fn one(
    console: &Arc<Console>,
    name: &str,
    job: &Job,
    stopped: &mut watch::Receiver<bool>,
) -> Result<(), console::Error> {
    let desk = &console.desk;
    let now = || console.world.now();
    let subject = match desk.asked(job, console.world.today()).await? {
        Asked::Look(subject) => subject,
        Asked::Later => return desk.fail_job(job, name, "not-handed-in", true, now()).await,
        Asked::Nothing => return desk.fail_job(job, name, "superseded", false, now()).await,
    };
    match watched(console, name, job, subject, stopped).await? {
        Ended::Found(looked) => match desk.keep_found(job, name, *looked, (&console.packs, now())).await {
            Ok(_) => {
                tracing::info!(job = %job.id, "looked at");
                // What is handed in is proven once it was read, where somebody proves.
                if let Some(about) = job.about.as_deref().and_then(|id| EnrolmentId::new(id).ok()) {
                    desk.queue_proof(&about, now()).await?;
                }
            }
            Err(console::Error::Refused(_) | console::Error::NotFound) => {
                desk.fail_job(job, name, "superseded", false, now()).await?;
            }
            Err(error) => {
                tracing::error!(error = %error, job = %job.id, "what was found cannot be kept");
                desk.fail_job(job, name, "unkept", true, now()).await?;
            }
        },
        Ended::Unread(error) => {
            tracing::info!(job = %job.id, error = %error, "could not be looked at");
            desk.unread_job(job, name, &error, now()).await?;
        }
        Ended::Crashed => desk.fail_job(job, name, "crashed", false, now()).await?,
        Ended::TooSlow => desk.fail_job(job, name, "too-slow", false, now()).await?,
        Ended::Lost => {}
        Ended::Stopped => desk.give_back(job, name).await?,
    }
    Ok(())
}

/// Looks in a thread of its own, and meanwhile says how far it is.
async fn watched(
    console: &Arc<Console>,
    name: &str,
    job: &Job,
    subject: Subject,
    stopped: &mut watch::Receiver<bool>,
) -> Result<Ended, console::Error> {
    let stop = Arc::new(AtomicBool::new(false));
    let (phase, mut phases) = watch::channel(Phase::Fetching);
    let (tell, mut answer) = oneshot::channel();
    let means = Means { reach: console.settings.reach.clone(), limits: FETCHED, threads: 1, stop: Arc::clone(&stop) };
    let shared = Arc::clone(console);
    // Not a task of the runtime: a process that must stop does not wait for it.
    let begun = std::thread::Builder::new().name("look".to_owned()).stack_size(STACK).spawn(move || {
        let told = |at: Phase| {
            phase.send_replace(at);
        };
        let _ = tell.send(look(&shared.packs, &subject, &means, &told));
    });
    if begun.is_err() {
        return Ok(Ended::Crashed);
    }
    let mut beat = tokio::time::interval(BEAT);
    let slow = sleep(LONGEST);
    tokio::pin!(slow);
    let ended = loop {
        tokio::select! {
            found = &mut answer => break match found {
                Ok(Ok(looked)) => Ended::Found(Box::new(looked)),
                Ok(Err(error)) => Ended::Unread(error),
                Err(_) => Ended::Crashed,
            },
            _ = stopped.changed() => break Ended::Stopped,
            () = &mut slow => break Ended::TooSlow,
            _ = beat.tick() => {}
            Ok(()) = phases.changed() => {}
        }
        let at = *phases.borrow_and_update();
        let until = console.world.now() + LEASE;
        let held = console.desk.hold(job, name, (at.hundredths(), at.name()), until).await;
        if held.is_err() {
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

/// Forgets what was kept for some days only, and signs the log of the day.
async fn sweep(console: Arc<Console>) {
    let mut stopped = console.stop.subscribe();
    while !*stopped.borrow() {
        let kept = SignedDuration::from_hours(24 * i64::from(console.settings.look_days.max(1)));
        match console.desk.forget_looks(console.world.now() - kept).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "old looks were forgotten"),
            Err(error) => tracing::error!(error = %error, "old looks cannot be forgotten"),
        }
        match reminding::remind(&console).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "awards end soon; their holders were told"),
            Err(error) => tracing::error!(error = %error, "nobody could be told of awards that end soon"),
        }
        if let Err(error) = console.desk.forget_deliveries(console.world.now() - HOOKS_KEPT).await {
            tracing::error!(error = %error, "old messages cannot be forgotten");
        }
        if let Some(key) = &console.settings.log_key {
            match console.desk.sign_log(&key.0, console.world.now()).await {
                Ok(root) => tracing::debug!(day = %root.day, size = root.size, root = %root.root, "the log is signed"),
                Err(error) => tracing::error!(error = %error, "the log cannot be signed"),
            }
        }
        tokio::select! {
            _ = stopped.changed() => {}
            () = sleep(SWEEP) => {}
        }
    }
}
