//! Files that go into a container and come out of it.

/// A file, link or folder, at a path relative to where it is laid or was taken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    pub path: String,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    File { bytes: Vec<u8>, executable: bool },
    Link { target: String },
    Folder,
}

impl Entry {
    pub fn file(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { path: path.into(), what: What::File { bytes: bytes.into(), executable: false } }
    }

    pub fn program(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { path: path.into(), what: What::File { bytes: bytes.into(), executable: true } }
    }

    pub fn link(path: impl Into<String>, target: impl Into<String>) -> Self {
        Self { path: path.into(), what: What::Link { target: target.into() } }
    }

    /// The content of a file.
    pub fn bytes(&self) -> Option<&[u8]> {
        match &self.what {
            What::File { bytes, .. } => Some(bytes),
            What::Link { .. } | What::Folder => None,
        }
    }
}

/// What was taken out of a container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Sorted by path.
    pub entries: Vec<Entry>,
    /// What was left behind and why, one sentence each: a device, a link that leads out, a path that climbs.
    pub refused: Vec<String>,
}

impl Taken {
    /// The bytes of the file at this path.
    pub fn file(&self, path: &str) -> Option<&[u8]> {
        self.entries.iter().find(|entry| entry.path == path).and_then(Entry::bytes)
    }
}
