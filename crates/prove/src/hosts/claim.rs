//! What code or tests claim to hold on a host: a file's content, a package, a service.

use std::fmt;

/// One thing that is claimed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Claim {
    pub host: String,
    pub kind: Kind,
    /// A path, a port, or the name of a package, service or user.
    pub name: String,
    /// The line that a task keeps in a file, when it keeps no more than that.
    pub line: Option<String>,
    /// Where it is claimed: `roles/web/tasks/main.yml:12`.
    pub at: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Content,
    Mode,
    Owner,
    Package,
    Running,
    Enabled,
    User,
    Cron,
    /// A file or folder is there, whatever it holds.
    Presence,
    /// Something listens on a port.
    Port,
}

impl Kind {
    pub fn is_of_a_file(self) -> bool {
        matches!(self, Self::Content | Self::Mode | Self::Owner | Self::Presence)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Content => "content of",
            Kind::Mode => "mode of",
            Kind::Owner => "owner of",
            Kind::Package => "package",
            Kind::Running => "running service",
            Kind::Enabled => "enabled service",
            Kind::User => "user",
            Kind::Cron => "cron entry of",
            Kind::Presence => "presence of",
            Kind::Port => "listener on port",
        })
    }
}

impl Claim {
    /// A word for records, the same in every run.
    pub fn id(&self) -> String {
        let kind = format!("{:?}", self.kind).to_lowercase();
        format!("{kind}:{}:{}", self.host, self.name)
    }
}
