//! Traces of requests and jobs for a collector: OTLP over HTTP, as JSON, when an operator names one.
//!
//! A span says which route, which status, how long. It holds no address, no query, no name, no header. What waits is
//! bounded: a collector that is slow or gone costs spans, never requests.

mod context;
mod otlp;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TryRecvError;
use tokio::task::JoinHandle;

pub(crate) use context::Context;
pub use otlp::Collector;

use crate::console::Console;

/// How many spans may wait, and how many are sent together.
const WAITING: usize = 4_096;
const TOGETHER: usize = 512;
const PAUSE: Duration = Duration::from_secs(2);
/// How long to wait before what was not taken is sent again.
const AGAIN: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(5)];

/// What a span is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Server = 2,
    Consumer = 5,
}

/// Something that took time.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    pub context: Context,
    /// The span around it.
    pub parent: Option<[u8; 8]>,
    pub name: String,
    pub kind: Kind,
    pub began: Timestamp,
    pub ended: Timestamp,
    pub texts: Vec<(&'static str, String)>,
    pub numbers: Vec<(&'static str, i64)>,
    pub failed: bool,
}

/// Where spans go; nowhere unless an operator named a collector.
pub(crate) struct Traces {
    sender: Option<mpsc::Sender<Span>>,
    /// Taken by the task that sends.
    receiver: std::sync::Mutex<Option<mpsc::Receiver<Span>>>,
}

impl Traces {
    pub(crate) fn new(wanted: bool) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        if wanted {
            return Self { sender: Some(sender), receiver: std::sync::Mutex::new(Some(receiver)) };
        }
        Self { sender: None, receiver: std::sync::Mutex::new(None) }
    }

    pub(crate) fn wanted(&self) -> bool {
        self.sender.is_some()
    }

    /// Gives a span away; says whether it was taken. Never waits.
    fn give(&self, span: Span) -> bool {
        self.sender.as_ref().is_none_or(|sender| sender.try_send(span).is_ok())
    }
}

impl Console {
    /// Ends a span, if anybody wants it.
    pub(crate) fn span(&self, span: impl FnOnce() -> Span) {
        if !self.traces.wanted() {
            return;
        }
        let span = span();
        if span.context.sampled && !self.traces.give(span) {
            self.metrics.span_lost();
        }
    }

    /// The span of a job, from its beginning to now.
    pub(crate) fn job_span(&self, context: Context, kind: &str, attempt: i64, began: Timestamp, failed: bool) {
        self.span(|| Span {
            context,
            parent: None,
            // What a process adds to the name of a kind is its own.
            name: format!("job {}", kind.split('-').next().unwrap_or_default()),
            kind: Kind::Consumer,
            began,
            ended: self.world.now(),
            texts: Vec::new(),
            numbers: vec![("preuve.job.attempt", attempt)],
            failed,
        });
    }

    /// A trace that begins here.
    pub(crate) fn new_trace(&self) -> Context {
        Context::fresh(&(self.world.chance)())
    }
}

/// Begins to send, if a collector is named.
pub(crate) fn begin(console: &Arc<Console>) -> Option<JoinHandle<()>> {
    let collector = console.settings.collector.clone()?;
    let receiver = console.traces.receiver.lock().ok()?.take()?;
    Some(tokio::spawn(send_all(Arc::clone(console), collector, receiver)))
}

async fn send_all(console: Arc<Console>, collector: Arc<Collector>, mut receiver: mpsc::Receiver<Span>) {
    let mut stopped = console.stop.subscribe();
    let mut over = false;
    while !over {
        tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => over = true,
            () = tokio::time::sleep(PAUSE) => {}
        }
        loop {
            let mut batch = Vec::new();
            while batch.len() < TOGETHER {
                match receiver.try_recv() {
                    Ok(span) => batch.push(span),
                    Err(TryRecvError::Empty | TryRecvError::Disconnected) => break,
                }
            }
            if batch.is_empty() {
                break;
            }
            send(&console, &collector, batch, over).await;
        }
    }
}

/// Sends a batch; what is not taken for a passing reason is sent again, unless the process stops.
async fn send(console: &Console, collector: &Arc<Collector>, batch: Vec<Span>, over: bool) {
    let body = Arc::new(otlp::body(&collector.service, &batch));
    let pauses: &[Duration] = if over { &[] } else { &AGAIN };
    for pause in pauses.iter().map(Some).chain([None]) {
        let (collector, body) = (Arc::clone(collector), Arc::clone(&body));
        let sent = tokio::task::spawn_blocking(move || collector.post(&body)).await;
        let passing = match sent {
            Ok(Ok(status)) if (200..300).contains(&status) => return,
            Ok(Ok(status)) => {
                tracing::warn!(status, "a collector did not take spans");
                matches!(status, 429 | 502..=504)
            }
            Ok(Err(error)) => {
                tracing::warn!(error = %error, "a collector cannot be reached");
                true
            }
            Err(_) => false,
        };
        match pause {
            Some(pause) if passing => tokio::time::sleep(*pause).await,
            _ => break,
        }
    }
    for _ in &batch {
        console.metrics.span_lost();
    }
}
