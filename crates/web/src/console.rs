//! The state that all requests share.

use std::path::PathBuf;

use app::Packs;
use app::console::Desk;

use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::world::World;

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
}

impl Settings {
    /// Whether browsers reach this console over TLS.
    pub(crate) fn secure(&self) -> bool {
        self.public_url.starts_with("https://")
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
        let now = self.world.now();
        let email = "administrator@localhost.localdomain";
        let person = self.desk.first_administrator(email, now).await.map_err(told)?;
        let secret = self.world.secret();
        self.desk.make_link(&person, &secret, now).await.map_err(told)?;
        Ok(Some(format!("{}/link/{secret}", self.settings.public_url)))
    }

    /// Whether what this console needs answers.
    pub(crate) async fn ready(&self) -> bool {
        self.desk.answers().await
    }

    pub fn new(settings: Settings, packs: Packs, desk: Desk, world: World) -> Self {
        Self { settings, packs, desk, world, limits: Limits::default(), metrics: Metrics::default() }
    }
}
