//! What goes wrong with a stack: of its own, or because of what is not to be had here.

use sandbox::Failure;

use crate::finding::At;
use crate::protocol::Stop;
use crate::say::{Say, Spoken, say};

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// The subject's own doing.
    Subject(Trouble),
    /// Nothing can be said of the subject.
    Here(Stop),
}

/// Where something of a stack went wrong, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub stage: Stage,
    pub service: String,
    pub at: At,
    pub message: Say,
    /// What it seems to want that a sandbox does not give.
    pub wanting: Option<Wanting>,
}

/// How far it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    /// The files could not be read as a project.
    Read,
    Build,
    Start,
}

impl Trouble {
    /// `output` is what was written last; what it asked in vain of the world outside is told from it.
    pub fn new(stage: Stage, service: &str, at: &At, message: Say, output: &str) -> Self {
        Self { stage, service: service.to_owned(), at: at.clone(), message, wanting: wanting(output) }
    }
}

impl Spoken for Trouble {
    fn spoken(&self) -> Say {
        say!("trouble", path = self.at.path, line = self.at.line, service = self.service, message = self.message)
    }
}

/// What a subject wants that a sandbox does not give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanting {
    Internet,
    Forge,
    NoRegistry,
    Alpine,
    Release,
    Distribution,
}

impl Spoken for Wanting {
    fn spoken(&self) -> Say {
        match self {
            Self::Internet => say!("asks-internet"),
            Self::Forge => say!("asks-forge"),
            Self::NoRegistry => say!("asks-no-registry"),
            Self::Alpine => say!("base-alpine"),
            Self::Release => say!("base-older"),
            Self::Distribution => say!("base-other"),
        }
    }
}

impl From<Failure> for Wrong {
    fn from(failure: Failure) -> Self {
        Self::Here(Stop::from(failure))
    }
}

impl From<Stop> for Wrong {
    fn from(stop: Stop) -> Self {
        Self::Here(stop)
    }
}

/// Signs that something was asked of the world outside, or of a program that only the published image holds.
const SIGNS: [(&str, Wanting); 17] = [
    ("Could not resolve host", Wanting::Internet),
    ("Temporary failure resolving", Wanting::Internet),
    ("Temporary failure in name resolution", Wanting::Internet),
    ("Name or service not known", Wanting::Internet),
    ("unable to resolve host address", Wanting::Internet),
    ("getaddrinfo EAI_AGAIN", Wanting::Internet),
    ("Network is unreachable", Wanting::Internet),
    ("Failed to connect to", Wanting::Internet),
    ("unable to access 'https://", Wanting::Forge),
    ("403  Forbidden", Wanting::NoRegistry),
    ("apk: not found", Wanting::Alpine),
    ("apk: command not found", Wanting::Alpine),
    ("adduser: Only one or two names allowed", Wanting::Alpine),
    ("addgroup: Only one or two names allowed", Wanting::Alpine),
    ("has no installation candidate", Wanting::Release),
    ("yum: not found", Wanting::Distribution),
    ("dnf: not found", Wanting::Distribution),
];

fn wanting(output: &str) -> Option<Wanting> {
    SIGNS.iter().find(|(sign, _)| output.contains(sign)).map(|(_, why)| *why)
}
