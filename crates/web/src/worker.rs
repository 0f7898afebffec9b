//! What a console does by itself: looks at what is handed in or asked for, tells, reminds, and forgets what is old.

use std::sync::Arc;
use std::time::Duration;

use app::console::looking::{Asked, LOOKS, Means, Phase, look};
use app::console::programme::EnrolmentId;
use app::console::{BUILDS, Forgotten, build_for_jury};
use app::{AssessError, Packs, console};
use jiff::SignedDuration;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::console::Console;
use crate::jobs::{FETCHED, Held, LEASE, Taker, each, watched};
use crate::{hooks, mail, prover, reminding, traces};

/// How long a look may take in all; what it reads is bounded besides.
const LONGEST: Duration = Duration::from_secs(20 * 60);
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

/// Takes one job after the other until the console stops: looks, and what is built of them.
async fn looks(console: Arc<Console>) {
    let kinds = [&LOOKS[..], &BUILDS[..]].concat();
    let taker = Taker { who: "look", kinds: &kinds, lease: LEASE, wake: Some(&console.wake) };
    let work = async |console, held: Held| {
        if BUILDS.contains(&&*held.job.kind) { build(console, held).await } else { one(console, held).await }
    };
    each(&console, taker, work).await;
}

async fn one(console: Arc<Console>, held: Held) -> Result<bool, console::Error> {
    let (desk, job) = (&console.desk, &held.job);
    let subject = match desk.asked(job, console.world.today()).await? {
        Asked::Look(subject) => subject,
        Asked::Later => return held.fail(&console, "not-handed-in", true).await.map(|()| false),
        Asked::Nothing => return held.fail(&console, "superseded", false).await.map(|()| false),
    };
    let work = move |packs: &Packs, means: &Means, told: &dyn Fn(Phase)| look(packs, &subject, means, told);
    let Some(looked) = read(&console, &held, work).await? else { return Ok(false) };
    let kept = desk.keep_found(job, &held.name, looked, (&console.packs, console.world.now())).await;
    if held.kept(&console, kept).await?.is_none() {
        return Ok(false);
    }
    tracing::info!(job = %job.id, "looked at");
    // What is handed in is proven once it was read, where somebody proves, and built for its jury.
    if let Some(about) = job.about.as_deref().and_then(|id| EnrolmentId::new(id).ok()) {
        desk.queue_proof(&about, console.world.now()).await?;
        desk.queue_build(&about, console.world.now()).await?;
    }
    Ok(true)
}

/// Builds what a jury is given of a hand-in.
async fn build(console: Arc<Console>, held: Held) -> Result<bool, console::Error> {
    let (desk, job) = (&console.desk, &held.job);
    let Some(hand) = desk.build_asked(job, &console.packs, console.world.today()).await? else {
        return held.fail(&console, "superseded", false).await.map(|()| false);
    };
    let hand = Arc::new(hand);
    let given = Arc::clone(&hand);
    let work = move |packs: &Packs, means: &Means, told: &dyn Fn(Phase)| build_for_jury(packs, &given, means, told);
    let Some(files) = read(&console, &held, work).await? else { return Ok(false) };
    let kept = desk.keep_built((job, &held.name), &hand, files, console.world.now()).await;
    if held.kept(&console, kept).await?.is_none() {
        return Ok(false);
    }
    tracing::info!(job = %job.id, "built for the jury");
    Ok(true)
}

/// Reads a stranger's repository for something, in a thread of its own; none when nothing came of it, which the job then
/// says.
async fn read<T: Send + 'static>(
    console: &Arc<Console>,
    held: &Held,
    work: impl FnOnce(&Packs, &Means, &dyn Fn(Phase)) -> Result<T, AssessError> + Send + 'static,
) -> Result<Option<T>, console::Error> {
    let (shared, reach) = (Arc::clone(console), console.settings.reach.clone());
    let first = (Phase::Fetching.hundredths(), Phase::Fetching.name());
    let found = watched(console, held, (first, LONGEST), move |progress| {
        let means = Means { reach, limits: FETCHED, threads: 1, stop: Arc::clone(&progress.stop) };
        work(&shared.packs, &means, &|at: Phase| progress.at(at.hundredths(), at.name()))
    });
    match found.await? {
        Some(Ok(found)) => Ok(Some(found)),
        Some(Err(error)) => {
            tracing::info!(job = %held.job.id, error = %error, "could not be read");
            console.desk.unread_job(&held.job, &held.name, &error, console.world.now()).await.map(|()| None)
        }
        None => Ok(None),
    }
}

/// Forgets whose period is over, if the operator gave periods.
async fn retain(console: &Console) {
    let (world, periods) = (&console.world, console.settings.retention);
    match console.desk.retain(periods, world.now()).await {
        Ok(Forgotten { files: 0, invitations: 0, people: 0 }) => {}
        Ok(Forgotten { files, invitations, people }) => {
            tracing::info!(files, invitations, people, "what was kept for its period is forgotten");
        }
        Err(error) => tracing::error!(error = %error, "not all whose period is over could be forgotten"),
    }
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
        retain(&console).await;
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
