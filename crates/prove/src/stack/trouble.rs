//! What goes wrong with a stack: of its own, or because of what is not to be had here.

use sandbox::Failure;

use crate::finding::At;
use crate::protocol::Stop;

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
    pub message: String,
    /// What it seems to want that a sandbox does not give.
    pub wanting: Option<&'static str>,
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
    pub fn new(stage: Stage, service: &str, at: &At, message: String, output: &str) -> Self {
        Self { stage, service: service.to_owned(), at: at.clone(), message, wanting: wanting(output) }
    }
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}: {}", self.at.path, self.at.line, self.service, self.message)
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
const SIGNS: [(&str, &str); 16] = [
    ("Could not resolve host", "it asks the internet"),
    ("Temporary failure resolving", "it asks the internet"),
    ("Temporary failure in name resolution", "it asks the internet"),
    ("Name or service not known", "it asks the internet"),
    ("unable to resolve host address", "it asks the internet"),
    ("getaddrinfo EAI_AGAIN", "it asks the internet"),
    ("Network is unreachable", "it asks the internet"),
    ("Failed to connect to", "it asks the internet"),
    ("unable to access 'https://", "it fetches from a forge"),
    ("403  Forbidden", "it fetches from a place that is not a package registry"),
    ("apk: not found", "its base image is Alpine, and ours in its stead is Debian"),
    ("apk: command not found", "its base image is Alpine, and ours in its stead is Debian"),
    ("adduser: Only one or two names allowed", "its base image is Alpine, and ours in its stead is Debian"),
    ("addgroup: Only one or two names allowed", "its base image is Alpine, and ours in its stead is Debian"),
    ("yum: not found", "its base image is of another distribution than ours"),
    ("dnf: not found", "its base image is of another distribution than ours"),
];

fn wanting(output: &str) -> Option<&'static str> {
    SIGNS.iter().find(|(sign, _)| output.contains(sign)).map(|(_, why)| *why)
}
