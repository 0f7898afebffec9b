//! Code that is applied on the host itself: Puppet without a server, and scripts.

use super::claim::Claim;
use super::farm::Farm;
use super::puppet::{self, Entry, Manifests};
use super::said::Said;
use super::script;
use crate::output::{tail, text};
use crate::protocol::Stop;
use crate::say::say;

/// Where the repository is laid on a host.
const CODE: &str = "/var/tmp/code";

/// What is applied on each host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Local {
    Puppet(Manifests),
    /// A command from the root of the repository, and where it is declared.
    Script {
        command: String,
        at: String,
    },
}

impl Local {
    /// The image of a host that can apply it.
    pub fn image(&self) -> &'static str {
        match self {
            Self::Puppet(_) => "puppet",
            Self::Script { .. } => "host",
        }
    }

    pub fn shown(&self) -> String {
        match self {
            Self::Puppet(manifests) => manifests.shown(),
            Self::Script { command, .. } => command.clone(),
        }
    }

    /// A module lies under its own name, as modules are looked up by it.
    pub fn root(&self) -> String {
        match self {
            Self::Puppet(Manifests { entry: Entry::Class(name), .. }) => format!("{CODE}/{name}"),
            _ => CODE.to_owned(),
        }
    }

    /// Applies it once on all hosts.
    pub fn converge(&self, farm: &Farm<'_>) -> Result<Said, Stop> {
        let mut all = Said::default();
        for host in farm.names() {
            all.join(self.once(farm, &host)?);
        }
        Ok(all)
    }

    fn once(&self, farm: &Farm<'_>, host: &str) -> Result<Said, Stop> {
        let root = self.root();
        match self {
            Self::Puppet(manifests) => {
                let ended = farm.on(host, &manifests.apply(&root, host))?;
                puppet::said(&ended.text(), &root, host)
                    .ok_or_else(|| Stop(say!("run-not-begun", status = ended.status, told = tail(&text(&ended), 3))))
            }
            Self::Script { command, at } => {
                let ended = farm.on(host, &script::run(command, &root))?;
                Ok(script::said(command, at, &ended, &tail(&text(&ended), 1)))
            }
        }
    }

    /// What the code keeps true on all hosts.
    pub fn claims(&self, farm: &Farm<'_>) -> Result<Vec<Claim>, Stop> {
        let root = self.root();
        let mut claims = Vec::new();
        for host in farm.names() {
            claims.extend(match self {
                Self::Puppet(manifests) => {
                    puppet::claims(&farm.on(&host, &manifests.compile(&root, &host))?.text(), &root, &host)
                }
                Self::Script { command, at } => script::claims(command, at, &host, &|path| farm.read(path)),
            });
        }
        Ok(claims)
    }
}
