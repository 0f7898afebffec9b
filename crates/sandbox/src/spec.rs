//! What a container is given. Everything that is not written here is refused to it.

use std::collections::BTreeMap;

use crate::{Image, NetworkName};

/// A container to start: it idles until commands are run in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec {
    pub image: Image,
    /// The name by which the members of its network reach it.
    pub alias: String,
    pub kind: Kind,
    pub network: Network,
    pub limits: Limits,
    /// The folders it may write to, in memory; the rest of a guarded container's root is read-only.
    pub writable: Vec<Writable>,
    pub env: BTreeMap<String, String>,
}

/// How much of a machine it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An unprivileged user, no capability, no new privilege, a read-only root, seccomp.
    Guarded,
    /// The same with a writable root: for preparing an image that is then frozen. Never without limits.
    Preparing,
    /// A server that runs systemd as root of its own name spaces: exactly what systemd needs and no more.
    Host,
    /// A published service image (a database, a broker) that starts as its own image says, without added capability.
    Service,
}

/// Whom it can reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Network {
    None,
    /// The other members of one internal network, and nothing beyond.
    Members(NetworkName),
    /// Package registries, while preparing. Never while judging.
    Registries,
}

/// How much it may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub milli_cpus: u32,
    pub memory_bytes: u64,
    pub processes: u32,
}

/// A folder in memory, bounded: what fills it fills no disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Writable {
    pub path: String,
    pub bytes: u64,
    /// Whether programs in it may be run.
    pub executable: bool,
}
