//! The tree of one commit: its files, read on demand, each at most once.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use facts::{Location, Oid, Place};

use crate::content::{Text, Unreadable};
use crate::node::Documents;
use crate::{Class, budget, path, read_json, read_toml, read_yaml};

/// Where blobs come from: a git object database, or memory in tests.
pub trait Blobs: Send + Sync {
    /// The bytes of a blob.
    ///
    /// # Errors
    /// When the repository does not hold it.
    fn read(&self, blob: &Oid) -> Result<Vec<u8>, BlobError>;
}

/// Why a blob could not be read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BlobError(pub String);

/// What kind of entry a path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    File,
    Executable,
    /// Never followed: its content is the path that it points to.
    Symlink,
    Submodule,
}

/// One file of the tree.
pub struct File {
    pub path: Arc<str>,
    pub blob: Oid,
    pub size: u64,
    pub mode: Mode,
    pub class: Class,
    /// Where the last part of the path begins: every source asks for it.
    name_at: usize,
    commit: Oid,
    blobs: Arc<dyn Blobs>,
    text: OnceLock<Result<Text, Unreadable>>,
    yaml: OnceLock<Documents>,
    json: OnceLock<Documents>,
    toml: OnceLock<Documents>,
    /// What a runner of commands finds in it; targets call each other, so it is read once.
    pub(crate) entries: OnceLock<crate::commands::Entries>,
}

/// The tree of one commit.
pub struct Project {
    pub commit: Oid,
    files: Vec<File>,
    index: BTreeMap<Arc<str>, usize>,
    /// How many entries were left out because the tree is over budget.
    pub files_left_out: usize,
    /// The objects of a cluster that the tree describes, rendered once.
    pub(crate) rendered: OnceLock<crate::kubernetes::Rendered>,
    /// What tells the project's own images from those of third parties, worked out once.
    pub(crate) image_origins: OnceLock<crate::image_origin::Origins>,
}

/// One entry of a tree, before it is read.
pub struct Entry {
    pub path: String,
    pub blob: Oid,
    pub size: u64,
    pub mode: Mode,
}

impl Project {
    /// Takes the entries of a tree.
    pub fn new(commit: Oid, mut entries: Vec<Entry>, blobs: &Arc<dyn Blobs>) -> Self {
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        entries.dedup_by(|a, b| a.path == b.path);
        let files_left_out = entries.len().saturating_sub(budget::TREE_FILES);
        entries.truncate(budget::TREE_FILES);
        let files: Vec<File> = entries.into_iter().map(|entry| File::new(&commit, entry, blobs)).collect();
        let index = files.iter().enumerate().map(|(at, file)| (Arc::clone(&file.path), at)).collect();
        Self { commit, files, index, files_left_out, rendered: OnceLock::new(), image_origins: OnceLock::new() }
    }

    /// All files, in the order of their paths.
    pub fn all_files(&self) -> &[File] {
        &self.files
    }

    /// The project's own regular files: nothing vendored or generated, no links, no submodules.
    pub fn files(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.class.own() && file.is_regular())
    }

    /// The regular file at a path.
    pub fn file(&self, path: &str) -> Option<&File> {
        self.index.get(path).map(|at| &self.files[*at]).filter(|file| file.is_regular())
    }

    /// All regular files below a directory, vendored ones too.
    pub fn below<'a>(&'a self, dir: &'a str) -> impl Iterator<Item = &'a File> {
        let prefix = if dir.is_empty() { String::new() } else { format!("{dir}/") };
        let from = self.files.partition_point(|file| *file.path < *prefix.as_str());
        self.files[from..]
            .iter()
            .take_while(move |file| file.path.starts_with(&prefix))
            .filter(|file| file.is_regular())
    }

    /// Whether any file lies below a directory.
    pub fn has_dir(&self, dir: &str) -> bool {
        self.below(dir).next().is_some()
    }

    /// The repository as a whole, for facts that no file holds.
    pub fn whole(&self) -> Location {
        Location { place: Place::Repository, commit: self.commit.clone() }
    }
}

impl File {
    fn new(commit: &Oid, entry: Entry, blobs: &Arc<dyn Blobs>) -> Self {
        Self {
            class: Class::of(&entry.path),
            name_at: entry.path.len() - path::name(&entry.path).len(),
            path: entry.path.into(),
            blob: entry.blob,
            size: entry.size,
            mode: entry.mode,
            commit: commit.clone(),
            blobs: Arc::clone(blobs),
            text: OnceLock::new(),
            yaml: OnceLock::new(),
            json: OnceLock::new(),
            toml: OnceLock::new(),
            entries: OnceLock::new(),
        }
    }

    pub fn is_regular(&self) -> bool {
        matches!(self.mode, Mode::File | Mode::Executable)
    }

    /// The last part of the path.
    pub fn name(&self) -> &str {
        &self.path[self.name_at..]
    }

    /// The directory, empty for the root.
    pub fn dir(&self) -> &str {
        &self.path[..self.name_at.saturating_sub(1)]
    }

    /// The extension in lower case, without its dot.
    pub fn extension(&self) -> String {
        self.name().rsplit_once('.').map_or(String::new(), |(_, extension)| extension.to_ascii_lowercase())
    }

    /// The text, or why there is none.
    pub fn text(&self) -> Result<&Text, &Unreadable> {
        self.text.get_or_init(|| self.load()).as_ref()
    }

    fn load(&self) -> Result<Text, Unreadable> {
        if self.size > budget::TEXT_BYTES {
            return Err(Unreadable::TooLarge { bytes: self.size });
        }
        let bytes = self.blobs.read(&self.blob).map_err(|error| Unreadable::Missing(error.to_string()))?;
        let text = Text::new(bytes)?;
        match self.is_refused_whole().then(|| text.conflict()).flatten() {
            Some(line) => Err(Unreadable::Conflict { line }),
            None => Ok(text),
        }
    }

    /// Whether its tool refuses the whole of it for a mark that a merge left. Prose, scripts and tests may show such marks.
    fn is_refused_whole(&self) -> bool {
        let name = self.name().to_ascii_lowercase();
        let formats = ["gradle", "hcl", "json", "lock", "mod", "tf", "tfvars", "tofu", "toml", "xml", "yaml", "yml"];
        let names = [
            "containerfile",
            "dockerfile",
            "gemfile",
            "jenkinsfile",
            "makefile",
            "pipfile",
            "requirements",
            "vagrantfile",
        ];
        !self.class.test && (formats.contains(&&*self.extension()) || names.iter().any(|start| name.starts_with(start)))
    }

    /// The text, empty when there is none.
    pub fn str(&self) -> &str {
        self.text().map_or("", Text::as_str)
    }

    /// The bytes as they are, within the text budget: for binary formats.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        if self.size > budget::TEXT_BYTES { None } else { self.blobs.read(&self.blob).ok() }
    }

    /// The content as it is, of a link where it points: for laying the tree out elsewhere.
    pub fn whole(&self) -> Option<Vec<u8>> {
        if self.size > budget::BLOB_BYTES { None } else { self.blobs.read(&self.blob).ok() }
    }

    /// Whether the content is binary, however large it is.
    pub fn is_binary(&self) -> bool {
        match self.text() {
            Ok(_) => false,
            Err(Unreadable::Binary) => true,
            Err(Unreadable::TooLarge { .. }) if self.size <= budget::BLOB_BYTES => {
                self.blobs.read(&self.blob).is_ok_and(|bytes| bytes.iter().take(8_000).any(|byte| *byte == 0))
            }
            // What is too large to be read at all is no source.
            Err(Unreadable::TooLarge { .. }) => true,
            Err(_) => false,
        }
    }

    /// The documents of a YAML stream.
    pub fn yaml(&self) -> &Documents {
        self.yaml.get_or_init(|| read_yaml::read(self.str()))
    }

    /// The document of a JSON file.
    pub fn json(&self) -> &Documents {
        self.json.get_or_init(|| read_json::read(self.str()))
    }

    /// The document of a TOML file.
    pub fn toml(&self) -> &Documents {
        self.toml.get_or_init(|| read_toml::read(self.str()))
    }

    /// A range of the file as a location.
    pub fn at(&self, range: Range<usize>) -> Location {
        let span = self.text().map(|text| text.span(range)).unwrap_or_default();
        self.located(span)
    }

    /// A line of the file, counted from 1, as a location.
    pub fn at_line(&self, line: usize) -> Location {
        let span = self.text().map(|text| text.span(text.line_range(line))).unwrap_or_default();
        self.located(span)
    }

    /// The file as a whole: its first line when it has text.
    pub fn start(&self) -> Location {
        match self.text() {
            Ok(_) => self.at_line(1),
            Err(_) => {
                self.located(facts::Span { line: 1, column: 1, end_line: 1, end_column: 1, ..Default::default() })
            }
        }
    }

    fn located(&self, span: facts::Span) -> Location {
        let place = Place::File { path: Arc::clone(&self.path), blob: self.blob.clone(), span };
        Location { place, commit: self.commit.clone() }
    }
}
