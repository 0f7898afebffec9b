//! The state that all requests share.

use std::path::PathBuf;

use app::Packs;
use app::console::{Desk, Purpose};

use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::world::{World, digest};

/// What the operator chose.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Where people find this console, such as `https://preuve.example.org`.
    pub public_url: String,
    /// Where the files of this console lie.
    pub data: PathBuf,
    /// Whether what it shows is made up.
    pub demo: bool,
    /// Whether anyone may have a public repository assessed.
    pub open_assessment: bool,
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
    pub fn first_link(&self) -> Result<Option<String>, String> {
        let told = |error: app::console::Error| error.to_string();
        if self.settings.demo || !self.desk.lacks_administrator().map_err(told)? {
            return Ok(None);
        }
        let now = self.world.now();
        let email = "administrator@localhost.localdomain";
        let person = self.desk.first_administrator((self.world.chance)(), email, now).map_err(told)?;
        let secret = self.world.secret();
        self.desk.make_link(&person, Purpose::FirstAdministrator, &digest(&secret), now).map_err(told)?;
        Ok(Some(format!("{}/link/{secret}", self.settings.public_url)))
    }

    /// Whether what this console needs answers.
    pub(crate) async fn ready(&self) -> bool {
        self.desk.answers()
    }

    pub fn new(settings: Settings, packs: Packs, desk: Desk, world: World) -> Self {
        Self { settings, packs, desk, world, limits: Limits::default(), metrics: Metrics::default() }
    }
}

impl Console {
    /// Keeps a file under its digest.
    pub(crate) fn keep(&self, digest: &str, bytes: &[u8]) -> std::io::Result<()> {
        let folder = self.settings.data.join("files").join(&digest[..2]);
        std::fs::create_dir_all(&folder)?;
        let path = folder.join(digest);
        if path.exists() {
            return Ok(());
        }
        // Written aside first, so that a name never leads to half a file.
        let aside = folder.join(format!("{digest}.part"));
        std::fs::write(&aside, bytes)?;
        std::fs::rename(aside, path)
    }
}
