//! What code or tests claim to hold on a host: a file's content, a package, a service.

use crate::say::{Say, Spoken, say};

/// One thing that is claimed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Claim {
    pub host: String,
    pub kind: Kind,
    /// A path, a port, or the name of a package, service or user.
    pub name: String,
    /// The line that a task keeps in a file, when it keeps no more than that; the number that it gives a user.
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

impl Spoken for Claim {
    fn spoken(&self) -> Say {
        let name = &self.name;
        match self.kind {
            Kind::Content => say!("content-of", name),
            Kind::Mode => say!("mode-of", name),
            Kind::Owner => say!("owner-of", name),
            Kind::Package => say!("package", name),
            Kind::Running => say!("running-service", name),
            Kind::Enabled => say!("enabled-service", name),
            Kind::User => say!("user", name),
            Kind::Cron => say!("cron-of", name),
            Kind::Presence => say!("presence-of", name),
            Kind::Port => say!("listener-on", name),
        }
    }
}

impl Claim {
    /// The same with the place of the code that holds it.
    pub fn asserted(&self) -> String {
        format!("{}:{}:{}", self.at, self.id(), self.line.as_deref().unwrap_or_default())
    }

    /// The account that has any number once it is made again, since the code gives it none.
    pub fn renumbered(&self) -> Option<&str> {
        (self.kind == Kind::User && self.line.is_none()).then_some(&*self.name)
    }

    /// A word for records, the same in every run.
    pub fn id(&self) -> String {
        let kind = format!("{:?}", self.kind).to_lowercase();
        format!("{kind}:{}:{}", self.host, self.name)
    }
}
