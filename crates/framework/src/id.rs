//! A name written in a pack, which remembers where it was written.

use std::{borrow::Borrow, cmp::Ordering, fmt, ops::Deref};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_saphyr::Spanned;

/// A place in a pack file; line and column count from 1, and 0 means that it is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: u64,
    pub column: u64,
}

impl From<serde_saphyr::Location> for Position {
    fn from(location: serde_saphyr::Location) -> Position {
        Position { line: location.line(), column: location.column() }
    }
}

/// An identifier or a reference to one.
///
/// It reads as a `&str`, compares by its text alone and serializes as a string; the position
/// serves the messages about packs.
#[derive(Clone, Debug)]
pub struct Id {
    text: String,
    position: Position,
}

impl Id {
    /// An identifier that comes from no file.
    pub fn new(text: impl Into<String>) -> Id {
        Id { text: text.into(), position: Position::default() }
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn position(&self) -> Position {
        self.position
    }
}

impl Deref for Id {
    type Target = str;
    fn deref(&self) -> &str {
        &self.text
    }
}

impl Borrow<str> for Id {
    fn borrow(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl PartialEq for Id {
    fn eq(&self, other: &Id) -> bool {
        self.text == other.text
    }
}

impl Eq for Id {}

impl PartialEq<str> for Id {
    fn eq(&self, other: &str) -> bool {
        self.text == other
    }
}

impl PartialEq<&str> for Id {
    fn eq(&self, other: &&str) -> bool {
        self.text == *other
    }
}

impl PartialOrd for Id {
    fn partial_cmp(&self, other: &Id) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Id {
    fn cmp(&self, other: &Id) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Id, D::Error> {
        let spanned = Spanned::<String>::deserialize(deserializer)?;
        Ok(Id { text: spanned.value, position: spanned.referenced.into() })
    }
}
