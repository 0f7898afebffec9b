//! Webhooks, told by the server itself: one task reads the log, some send what it queued.

use std::sync::Arc;
use std::time::Duration;

use app::console::webhooks::DELIVERIES;
use app::credential::Reach;
use jiff::SignedDuration;

use crate::console::Console;
use crate::jobs::{Held, Taker, each};

/// How long a job holds a message: longer than the client waits.
const LEASE: SignedDuration = SignedDuration::from_mins(2);
const PAUSE: Duration = Duration::from_secs(2);

impl Console {
    /// What webhooks may reach.
    pub(crate) fn hooks_reach(&self) -> Reach {
        if self.settings.private_webhooks { Reach::Private } else { Reach::Public }
    }
}

/// Queues what happened, until the console stops.
pub(crate) async fn tell_all(console: Arc<Console>) {
    let mut stopped = console.stop.subscribe();
    while !*stopped.borrow() {
        match console.desk.tell_webhooks(&console.settings.public_url, console.world.now()).await {
            Ok(0) => {}
            Ok(_) => console.wake_hooks.notify_waiters(),
            Err(error) => tracing::error!(error = %error, "webhooks cannot be told"),
        }
        tokio::select! {
            _ = stopped.changed() => {}
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// Sends one message after the other until the console stops.
pub(crate) async fn send_all(console: Arc<Console>) {
    let taker = Taker { who: "webhook", kinds: &[DELIVERIES], lease: LEASE, wake: Some(&console.wake_hooks) };
    each(&console, taker, send).await;
}

async fn send(console: Arc<Console>, held: Held) -> Result<bool, app::console::Error> {
    let parent = console.traces.wanted().then(|| held.context.write());
    let means = (console.hooks_reach(), parent.as_deref());
    let told = console.desk.deliver(&held.job, &held.name, means, console.world.now()).await?;
    if told {
        tracing::info!(job = %held.job.id, "a webhook was told");
    } else {
        tracing::warn!(job = %held.job.id, attempt = held.job.attempts, "a webhook did not take it");
    }
    Ok(told)
}
