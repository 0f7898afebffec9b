//! Where a fact was seen: a commit, and in it a range of a file, the commit itself, or a tag.

use std::fmt;
use std::sync::Arc;

/// The name of a git object, in hexadecimal.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Oid(Arc<str>);

impl Oid {
    /// Takes the hexadecimal form.
    pub fn new(hex: impl Into<Arc<str>>) -> Self {
        Self(hex.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first seven characters, for people.
    pub fn short(&self) -> &str {
        self.0.get(..7).unwrap_or(&self.0)
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A range of a file: bytes from `start` up to but not including `end`. Lines and columns count from 1;
/// columns count characters, and `end_line`, `end_column` name the last character inside the range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Span {
    pub start: usize,
    pub end: usize,
    pub line: usize,
    pub column: usize,
    pub end_line: usize,
    pub end_column: usize,
}

/// What part of the repository a location names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A range of one version of a file.
    File { path: Arc<str>, blob: Oid, span: Span },
    /// The commit itself: its message, author or date.
    Commit,
    /// A tag that names the commit.
    Tag(Arc<str>),
    /// The repository as a whole, for what no file holds.
    Repository,
}

/// Where a fact was seen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    pub place: Place,
    pub commit: Oid,
}

impl Location {
    /// The path of the file, when the location is in one.
    pub fn path(&self) -> Option<&str> {
        match &self.place {
            Place::File { path, .. } => Some(path),
            _ => None,
        }
    }

    /// The range in the file, when the location is in one.
    pub fn span(&self) -> Option<&Span> {
        match &self.place {
            Place::File { span, .. } => Some(span),
            _ => None,
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::File { path, span, .. } if span.line == span.end_line => write!(f, "{path}:{}", span.line),
            Place::File { path, span, .. } => write!(f, "{path}:{}-{}", span.line, span.end_line),
            Place::Commit => write!(f, "commit:{}", self.commit),
            Place::Tag(name) => write!(f, "tag:{name}"),
            Place::Repository => write!(f, "repository"),
        }
    }
}
