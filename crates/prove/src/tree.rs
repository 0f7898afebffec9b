//! The files of the commit, as an experiment lays them out in a sandbox: never the working folder.

use std::collections::BTreeMap;

use sandbox::{Entry, What};

/// The files of one commit by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    pub commit: String,
    files: BTreeMap<String, File>,
}

/// One file of the commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    pub content: Content,
    /// Nothing vendored or generated: only such files are broken on purpose.
    pub own: bool,
}

/// What a path holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    Bytes {
        bytes: Vec<u8>,
        executable: bool,
    },
    /// A link, as text: it is only followed inside the sandbox, where it leads nowhere else.
    Link(String),
}

impl Tree {
    pub fn new(commit: impl Into<String>, files: BTreeMap<String, File>) -> Self {
        Self { commit: commit.into(), files }
    }

    pub fn files(&self) -> impl Iterator<Item = (&str, &File)> {
        self.files.iter().map(|(path, file)| (&**path, file))
    }

    /// The files as a sandbox takes them.
    pub fn entries(&self) -> Vec<Entry> {
        let what = |content: &Content| match content {
            Content::Bytes { bytes, executable } => What::File { bytes: bytes.clone(), executable: *executable },
            Content::Link(target) => What::Link { target: target.clone() },
        };
        self.files.iter().map(|(path, file)| Entry { path: path.clone(), what: what(&file.content) }).collect()
    }

    pub fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// The text of a regular file.
    pub fn text(&self, path: &str) -> Option<&str> {
        match &self.files.get(path)?.content {
            Content::Bytes { bytes, .. } => std::str::from_utf8(bytes).ok(),
            Content::Link(_) => None,
        }
    }
}
