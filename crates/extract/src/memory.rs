//! A tree held in memory: for literate cases, unit tests and fuzzing.

use std::collections::BTreeMap;
use std::sync::Arc;

use facts::Oid;

use crate::project::{BlobError, Blobs, Entry, Mode, Project};

#[derive(Default)]
struct Memory(BTreeMap<Oid, Vec<u8>>);

impl Blobs for Memory {
    fn read(&self, blob: &Oid) -> Result<Vec<u8>, BlobError> {
        self.0.get(blob).cloned().ok_or_else(|| BlobError("no such blob".to_owned()))
    }
}

impl Project {
    /// A tree of the given files. Ids are those of a counter, not of git.
    pub fn in_memory<P: Into<String>, C: Into<Vec<u8>>>(files: impl IntoIterator<Item = (P, C)>) -> Self {
        Self::in_memory_where(files, |_| true)
    }

    /// The same, with the blobs of some paths only: as a partial clone leaves a tree.
    pub fn in_memory_where<P: Into<String>, C: Into<Vec<u8>>>(
        files: impl IntoIterator<Item = (P, C)>,
        held: impl Fn(&str) -> bool,
    ) -> Self {
        let mut memory = Memory::default();
        let mut entries = Vec::new();
        for (number, (path, content)) in files.into_iter().enumerate() {
            let blob = Oid::new(format!("{:040x}", number + 1));
            let (path, content) = (path.into(), content.into());
            let mode = if content.starts_with(b"#!") { Mode::Executable } else { Mode::File };
            let size = content.len() as u64;
            if held(&path) {
                memory.0.insert(blob.clone(), content);
            }
            entries.push(Entry { path, blob, size, mode });
        }
        let blobs: Arc<dyn Blobs> = Arc::new(memory);
        Project::new(Oid::new(format!("{:040x}", 0)), entries, &blobs)
    }
}
