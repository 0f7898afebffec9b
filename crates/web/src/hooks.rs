//! Webhooks, told by the server itself: one task reads the log, some send what it queued.

use std::sync::Arc;
use std::time::Duration;

use app::console::webhooks::DELIVERIES;
use app::credential::Reach;
use jiff::SignedDuration;

use crate::console::Console;

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
    let name = format!("webhook-{}", &console.world.secret()[..16]);
    let mut stopped = console.stop.subscribe();
    while !*stopped.borrow() {
        match console.desk.next_job(&name, &[DELIVERIES], console.world.now(), LEASE).await {
            Ok(Some(job)) => {
                let (context, began) = (console.new_trace(), console.world.now());
                let parent = console.traces.wanted().then(|| context.write());
                let means = (console.hooks_reach(), parent.as_deref());
                let sent = console.desk.deliver(&job, &name, means, console.world.now()).await;
                console.job_span(context, &job.kind, job.attempts, began, !matches!(sent, Ok(true)));
                match sent {
                    Ok(true) => tracing::info!(job = %job.id, "a webhook was told"),
                    Ok(false) => tracing::warn!(job = %job.id, attempt = job.attempts, "a webhook did not take it"),
                    Err(error) => tracing::error!(error = %error, job = %job.id, "a message could not be ended"),
                }
                continue;
            }
            Ok(None) => {}
            Err(error) => tracing::error!(error = %error, "messages cannot be taken"),
        }
        tokio::select! {
            _ = stopped.changed() => {}
            () = console.wake_hooks.notified() => {}
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}
