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
        self.files.keys().filter_map(|path| self.entry(path)).collect()
    }

    /// One file as a sandbox takes it.
    pub fn entry(&self, path: &str) -> Option<Entry> {
        let what = match &self.files.get(path)?.content {
            Content::Bytes { bytes, executable } => What::File { bytes: bytes.clone(), executable: *executable },
            Content::Link(target) => What::Link { target: target.clone() },
        };
        Some(Entry { path: path.to_owned(), what })
    }

    /// The same tree with another text at a path, where a file that is there keeps its mode.
    #[must_use]
    pub fn with(&self, path: &str, text: &str) -> Self {
        let executable =
            matches!(self.files.get(path), Some(File { content: Content::Bytes { executable: true, .. }, .. }));
        let own = self.files.get(path).is_none_or(|file| file.own);
        let content = Content::Bytes { bytes: text.as_bytes().to_vec(), executable };
        let mut tree = self.clone();
        tree.files.insert(path.to_owned(), File { content, own });
        tree
    }

    /// The same tree without a file.
    #[must_use]
    pub fn without(&self, path: &str) -> Self {
        let mut tree = self.clone();
        tree.files.remove(path);
        tree
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
