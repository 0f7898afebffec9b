//! What a container is given. Everything that is not written here is refused to it.

use std::collections::BTreeMap;

use crate::{Container, Entry, Image, NetworkName, VolumeName, layout};

/// A container to start: it idles until commands are run in it, unless it is a host or a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec {
    pub image: Image,
    /// The name by which the members of its network reach it.
    pub alias: String,
    /// Further names by which they reach it.
    pub also: Vec<String>,
    pub kind: Kind,
    pub network: Network,
    pub limits: Limits,
    /// The folders it may write to, in memory; the rest of a guarded container's root is read-only.
    pub writable: Vec<Writable>,
    /// The shared folders that a service sees.
    pub volumes: Vec<Shared>,
    pub env: BTreeMap<String, String>,
    /// What a service is told on its command line; empty: as its image says.
    pub argv: Vec<String>,
    /// Files laid before it starts, from the root: the configuration of a service or a host. Owned by root.
    pub files: Vec<Entry>,
    /// Whose identity a service takes instead of the one that its image names.
    pub user: Option<u32>,
    /// Seconds between the health checks of a service, and how many of them may fail, where its image says otherwise.
    pub pace: Option<(u32, u32)>,
    /// Whether a service's root is read-only. A guarded container's always is.
    pub read_only: bool,
    /// Whether a service runs as under a platform that gives it no right: no capability, and no port below 1024.
    pub restricted: bool,
}

impl Spec {
    fn new(image: &Image, kind: Kind) -> Self {
        Self {
            image: image.clone(),
            alias: String::new(),
            also: Vec::new(),
            kind,
            network: Network::None,
            limits: Limits::SMALL,
            writable: Vec::new(),
            volumes: Vec::new(),
            env: BTreeMap::new(),
            argv: Vec::new(),
            files: Vec::new(),
            user: None,
            pace: None,
            read_only: false,
            restricted: false,
        }
    }

    /// For judging: a read-only root, no capability, no network; a work folder and `/tmp` in memory.
    pub fn guarded(image: &Image) -> Self {
        let half = Limits::SMALL.memory_bytes / 2;
        Self { read_only: true, ..Self::new(image, Kind::Guarded) }
            .writable(layout::WORK, half)
            .writable("/tmp", half / 2)
    }

    /// For preparing an image that is then frozen: a writable root, and package registries.
    pub fn preparing(image: &Image) -> Self {
        Self::new(image, Kind::Preparing).network(Network::Registries).limits(Limits::LARGE)
    }

    /// A server with systemd.
    pub fn host(image: &Image) -> Self {
        Self::new(image, Kind::Host)
    }

    /// A database, a broker, the subject's own image.
    pub fn service(image: &Image) -> Self {
        Self::new(image, Kind::Service)
    }

    pub fn alias(mut self, alias: impl Into<String>) -> Self {
        self.alias = alias.into();
        self
    }

    /// Another name by which it is reached.
    pub fn also(mut self, alias: impl Into<String>) -> Self {
        self.also.push(alias.into());
        self
    }

    pub fn network(mut self, network: Network) -> Self {
        self.network = network;
        self
    }

    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// A folder in memory, replacing one of the same path.
    pub fn writable(mut self, path: impl Into<String>, bytes: u64) -> Self {
        let path = path.into();
        self.writable.retain(|writable| writable.path != path);
        self.writable.push(Writable { path, bytes, executable: true });
        self
    }

    pub fn volume(mut self, volume: &VolumeName, path: impl Into<String>, read_only: bool) -> Self {
        self.volumes.push(Shared { volume: volume.clone(), path: path.into(), read_only });
        self
    }

    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.env.insert(name.into(), value.into());
        self
    }

    pub fn argv<S: Into<String>>(mut self, argv: impl IntoIterator<Item = S>) -> Self {
        self.argv = argv.into_iter().map(Into::into).collect();
        self
    }

    pub fn files(mut self, files: Vec<Entry>) -> Self {
        self.files = files;
        self
    }

    pub fn user(mut self, user: u32) -> Self {
        self.user = Some(user);
        self
    }

    pub fn pace(mut self, seconds: u32, retries: u32) -> Self {
        self.pace = Some((seconds, retries));
        self
    }

    pub fn restricted(mut self) -> Self {
        self.restricted = true;
        self
    }

    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }
}

/// How much of a machine it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An unprivileged user, no capability, no new privilege, a read-only root, seccomp. Its image must have a shell, `cp`,
    /// `find`, `sleep` and `tar`.
    Guarded,
    /// The same with a writable root: for preparing an image that is then frozen. Never without limits. The preparing
    /// containers of a run share one door to registries, and so their ports.
    Preparing,
    /// A server that runs systemd as root of its own name spaces: exactly what systemd needs and no more.
    Host,
    /// A published service image (a database, a broker) that starts as its own image says.
    Service,
}

/// Whom it can reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Network {
    None,
    /// The other members of one internal network, and nothing beyond.
    Members(NetworkName),
    /// The addresses and ports of another container of this run, as if both were on one machine.
    Beside(Container),
    /// Package registries, while preparing. Never while judging.
    Registries,
}

/// How much it may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub milli_cpus: u32,
    /// Memory, the folders in memory included. There is no swap beyond it.
    pub memory_bytes: u64,
    pub processes: u32,
    /// Of a writable root, when it has one.
    pub disk_bytes: u64,
}

impl Limits {
    /// For a command or a small service.
    pub const SMALL: Self = Self { milli_cpus: 1000, memory_bytes: 512 << 20, processes: 256, disk_bytes: 1 << 30 };
    /// For building, installing and testing.
    pub const LARGE: Self = Self { milli_cpus: 2000, memory_bytes: 3 << 30, processes: 1024, disk_bytes: 4 << 30 };
}

/// A folder in memory, bounded: what fills it fills no disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Writable {
    pub path: String,
    pub bytes: u64,
    /// Whether programs in it may be run.
    pub executable: bool,
}

/// A shared folder at a path of a service. What the image has there fills it when it is still empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    pub volume: VolumeName,
    pub path: String,
    pub read_only: bool,
}
