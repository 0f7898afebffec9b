//! The state that all requests share.

use std::path::PathBuf;
use std::sync::Arc;

use app::Packs;
use app::console::looking::Reach;
use app::console::programme::{AwardId, Retention};
use app::console::{Desk, Offices, Prover};
use app::oidc::Provider;
use jiff::SignedDuration;
use tokio::sync::{Notify, Semaphore, watch};

use crate::limits::Limits;
use crate::mail::Mailer;
use crate::metrics::Metrics;
use crate::outbox::Mailbox;
use crate::traces::{Collector, Traces};
use crate::world::World;

/// The seed of the key that signs the log; never shown.
#[derive(Clone)]
pub struct LogKey(pub [u8; 32]);

impl std::fmt::Debug for LogKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LogKey")
    }
}

/// How long the link of an empty console works.
const FIRST: SignedDuration = SignedDuration::from_hours(24);

/// What the operator chose.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Where people find this console, such as `https://preuve.example.org`.
    pub public_url: String,
    /// Where the files of this console lie.
    pub data: PathBuf,
    /// Whether what it shows is made up.
    pub demo: bool,
    /// Whether the peer's address is in `X-Forwarded-For`, since a proxy of ours stands in front.
    pub behind_proxy: bool,
    /// With this, `/metrics` may be read from other machines.
    pub metrics_token: Option<String>,
    /// How many looks at repositories run at once in this process.
    pub workers: usize,
    /// With this, what is handed in is proven in the sandbox of this machine.
    pub prover: Option<Prover>,
    /// Where repositories may be fetched from.
    pub reach: Reach,
    /// Whether anybody may have a public repository looked at, and for how many days what was found is kept.
    pub open_looks: bool,
    pub look_days: u32,
    /// For how long what speaks of people is kept.
    pub retention: Retention,
    /// With this, the log is signed once a day.
    pub log_key: Option<LogKey>,
    /// The mail server that takes messages; without one they stay in the outbox.
    pub mailer: Option<Arc<Mailer>>,
    /// Whether webhooks may be told at private addresses, and without TLS on this machine.
    pub private_webhooks: bool,
    /// Who takes traces.
    pub collector: Option<Arc<Collector>>,
    /// The house where people may sign in instead.
    pub provider: Option<Arc<Provider>>,
}

/// How many streams of events may be open at once.
const STREAMS: usize = 256;

impl Settings {
    /// Whether browsers reach this console over TLS.
    pub(crate) fn secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// Who writes messages when no mail server says so.
    pub(crate) fn writer(&self) -> Mailbox {
        if let Some(mailer) = &self.mailer {
            return mailer.from.clone();
        }
        let host = self.public_url.split("://").nth(1).unwrap_or_default();
        let host = host.split(['/', ':']).next().unwrap_or_default();
        let named = Mailbox::of(&format!("Preuve <preuve@{host}>"));
        named.unwrap_or_else(|| Mailbox::of("Preuve <preuve@localhost>").expect("it is an address"))
    }
}

/// The console.
pub struct Console {
    pub(crate) settings: Settings,
    pub(crate) packs: Packs,
    pub(crate) desk: Desk,
    pub(crate) world: World,
    pub(crate) limits: Limits,
    pub(crate) metrics: Metrics,
    pub(crate) traces: Traces,
    /// Becomes true when the process is asked to stop.
    pub(crate) stop: watch::Sender<bool>,
    /// Wakes an idle worker.
    pub(crate) wake: Notify,
    pub(crate) wake_mail: Notify,
    pub(crate) wake_hooks: Notify,
    pub(crate) streams: Arc<Semaphore>,
}

impl Console {
    /// The link that makes the first administrator, as long as there is none who could sign in.
    ///
    /// # Errors
    /// When the records cannot be reached.
    pub async fn first_link(&self) -> Result<Option<String>, String> {
        let told = |error: app::console::Error| error.to_string();
        if self.settings.demo || !self.desk.lacks_administrator().await.map_err(told)? {
            return Ok(None);
        }
        let secret = self.world.secret();
        let until = self.world.now() + FIRST;
        self.desk.make_first_link(&secret, until).await.map_err(told)?;
        Ok(Some(format!("{}/welcome/{secret}", self.settings.public_url)))
    }

    /// Where the credentials of this console are signed.
    pub(crate) fn offices(&self) -> Offices {
        Offices { folder: self.settings.data.join("issuers"), base: self.settings.public_url.clone() }
    }

    /// Signs and revokes what some awards lack.
    pub(crate) async fn settle(&self, awards: &[AwardId]) -> Result<(), app::console::Error> {
        let (offices, now) = (self.offices(), self.world.now());
        self.desk.settle(&offices, &self.packs, awards, &*self.world.chance, now).await
    }

    /// Brings all credentials to what the awards say: whatever a stop in between left.
    ///
    /// # Errors
    /// With the first that could not be settled.
    pub async fn settle_all(&self) -> Result<(), app::console::Error> {
        let (offices, now) = (self.offices(), self.world.now());
        let done = self.desk.settle_all(&offices, &self.packs, &*self.world.chance, now).await?;
        if done.issued + done.revoked > 0 {
            tracing::info!(issued = done.issued, revoked = done.revoked, "credentials were settled");
        }
        Ok(())
    }

    /// Whether what this console needs answers.
    pub(crate) async fn ready(&self) -> bool {
        self.desk.answers().await
    }

    pub fn new(settings: Settings, packs: Packs, desk: Desk, world: World) -> Self {
        Self {
            traces: Traces::new(settings.collector.is_some()),
            settings,
            packs,
            desk,
            world,
            limits: Limits::default(),
            metrics: Metrics::default(),
            stop: watch::Sender::new(false),
            wake: Notify::new(),
            wake_mail: Notify::new(),
            wake_hooks: Notify::new(),
            streams: Arc::new(Semaphore::new(STREAMS)),
        }
    }

    /// Asks workers and streams to end.
    pub fn end(&self) {
        self.stop.send_replace(true);
    }
}
