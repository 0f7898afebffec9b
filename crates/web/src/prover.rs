//! Proofs of what was handed in, one at a time, where the operator asked for it; tried again when the sandbox could not be had.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use app::console;
use app::console::looking::Means;
use app::console::{PROOFS, Prover, Unproven, Watcher, prove_handed_in};
use jiff::Timestamp;

use crate::console::Console;
use crate::jobs::{FETCHED, Held, LEASE, Progress, Taker, each, watched};

/// How much longer than its budget a proof may take to put things back, before its thread is no longer waited for.
const REST: Duration = Duration::from_secs(20 * 60);
const DOING: &str = "proving";

/// Takes one proof after the other until the console stops.
pub(crate) async fn prove_all(console: Arc<Console>, prover: Prover) {
    let taker = Taker { who: "prove", kinds: &PROOFS, lease: LEASE, wake: None };
    each(&console, taker, |console, held| one(console, prover.clone(), held)).await;
}

async fn one(console: Arc<Console>, prover: Prover, held: Held) -> Result<bool, console::Error> {
    let (desk, job) = (&console.desk, &held.job);
    let Some(subject) = desk.proof_asked(job, console.world.today()).await? else {
        return held.fail(&console, "superseded", false).await.map(|()| false);
    };
    let (shared, handed_in, until) = (Arc::clone(&console), subject.clone(), console.world.now() + prover.longest);
    let longest = prover.longest.unsigned_abs() + REST;
    let proven = watched(&console, &held, ((0, DOING), longest), move |progress| {
        let reach = shared.settings.reach.clone();
        let means = Means { reach, limits: FETCHED, threads: 1, stop: Arc::clone(&progress.stop) };
        let states = shared.settings.data.join("proofs");
        let watcher = Bounded { console: &shared, progress, until };
        prove_handed_in(&shared.packs, (&handed_in, &prover), (&means, &states), &watcher)
    });
    let now = || console.world.now();
    match proven.await? {
        Some(Ok(files)) => {
            let kept = desk.keep_proof((job, &held.name), &subject, files, (&console.packs, now())).await;
            let kept = held.kept(&console, kept).await?;
            if let Some(proven) = kept {
                tracing::info!(job = %job.id, proven, "proven");
                desk.queue_build(&subject.enrolment, now()).await?;
            }
            return Ok(kept.is_some());
        }
        Some(Err(Unproven::Unread(error))) => desk.unread_job(job, &held.name, &error, now()).await?,
        Some(Err(Unproven::NoSandbox(why))) => {
            tracing::error!(job = %job.id, why, "no sandbox to prove in");
            held.fail(&console, "no-sandbox", true).await?;
        }
        None => {}
    }
    Ok(false)
}

/// What hears how far a proof is, and ends it when nobody wants it any more or its time is up.
struct Bounded<'a> {
    console: &'a Console,
    progress: &'a Progress,
    until: Timestamp,
}

impl Watcher for Bounded<'_> {
    fn at(&self, hundredths: i64) {
        self.progress.at(hundredths, DOING);
    }

    fn ends(&self) -> bool {
        self.progress.stop.load(Ordering::Relaxed) || self.console.world.now() >= self.until
    }
}
