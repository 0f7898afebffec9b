//! A service of a Compose project, typed: what is run, with what, after what, and how its health is told.

use std::collections::BTreeMap;

use crate::finding::At;
use crate::say::{Say, Spoken, say};

/// A service as it is to be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Service {
    pub name: String,
    pub at: At,
    pub origin: Origin,
    pub command: Option<Vec<String>>,
    pub entrypoint: Option<Vec<String>>,
    pub environment: BTreeMap<String, String>,
    pub ports: Vec<Port>,
    pub health: Health,
    pub needs: Vec<Need>,
    pub mounts: Vec<Mount>,
    /// Folders in memory of its own.
    pub tmpfs: Vec<String>,
    pub user: Option<String>,
    pub directory: Option<String>,
    pub read_only: bool,
    /// Whether it is given no right at all, as platforms run what they do not trust.
    pub restricted: bool,
    /// Names by which others reach it, beside its own.
    pub aliases: Vec<String>,
    /// Whether it is on no network.
    pub alone: bool,
    /// Whether the engine starts it again when it ends.
    pub restarts: bool,
    /// Of profiles that are not asked for, it is not started by itself.
    pub profiles: Vec<String>,
}

/// Where its image comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A name, and where it is written.
    Image(String, At),
    Build(BuildFrom),
}

/// An image that the project builds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct BuildFrom {
    /// The folder that is sent to the builder; empty for the root.
    pub context: String,
    pub dockerfile: Dockerfile,
    pub target: String,
    pub arguments: BTreeMap<String, String>,
    /// The name that it gives to what it builds.
    pub tag: Option<String>,
    pub at: At,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Dockerfile {
    /// A path of the repository.
    File(String),
    Inline(String),
}

/// A port that users reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Port {
    /// Inside the container.
    pub inside: u16,
    /// On the developer's machine.
    pub outside: Option<u16>,
    pub udp: bool,
    pub at: At,
}

/// How its health is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Health {
    /// As its image says, when it says.
    Image,
    Off,
    Check(HealthCheck),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HealthCheck {
    /// The words of the command.
    pub test: Vec<String>,
    pub interval: u32,
    pub timeout: u32,
    pub start: u32,
    pub retries: u32,
    pub at: At,
}

impl HealthCheck {
    /// Seconds after which it is known to be well, or never will be.
    pub fn patience(&self) -> u32 {
        let each = self.interval.saturating_add(self.timeout);
        self.start.saturating_add(each.saturating_mul(self.retries.saturating_add(1)))
    }
}

/// What must be before it starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Need {
    pub service: String,
    pub condition: Condition,
    pub at: At,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    Started,
    Healthy,
    Completed,
}

/// Something at a path of its container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mount {
    pub target: String,
    pub read_only: bool,
    pub source: Source,
    pub at: At,
}

/// What is mounted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    /// A volume of the project.
    Volume(String),
    /// A volume of this service alone.
    Anonymous,
    /// A file of the repository.
    File(String),
    /// A folder of the repository, which may be empty.
    Folder(String),
    /// Text that the project itself writes: a secret or configuration from the environment.
    Text(String),
}

/// What cannot be given to it here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unhonoured {
    pub service: String,
    /// In words: `the host's network`.
    pub what: Say,
    pub at: At,
    /// Whether it cannot be what it is without.
    pub fatal: bool,
}

impl Spoken for Unhonoured {
    fn spoken(&self) -> Say {
        say!("asks-for-at", path = self.at.path, line = self.at.line, service = self.service, what = self.what)
    }
}
