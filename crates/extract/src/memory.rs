//! A tree held in memory: for literate cases, unit tests and fuzzing.

use std::collections::BTreeMap;
use std::sync::Arc;

use facts::Oid;

use crate::project::{BlobError, Blobs, Entry, Mode, Project};

struct Memory(BTreeMap<Oid, Vec<u8>>);

impl Blobs for Memory {
    fn read(&self, blob: &Oid) -> Result<Vec<u8>, BlobError> {
        self.0.get(blob).cloned().ok_or_else(|| BlobError("no such blob".to_owned()))
    }
}

impl Project {
    /// A tree of the given files. Ids are those of a counter, not of git.
    pub fn in_memory<P: Into<String>, C: Into<Vec<u8>>>(files: impl IntoIterator<Item = (P, C)>) -> Self {
        let mut blobs = BTreeMap::new();
        let mut entries = Vec::new();
        for (number, (path, content)) in files.into_iter().enumerate() {
            let blob = Oid::new(format!("{:040x}", number + 1));
            let content = content.into();
            let mode = if content.starts_with(b"#!") { Mode::Executable } else { Mode::File };
            entries.push(Entry { path: path.into(), blob: blob.clone(), size: content.len() as u64, mode });
            blobs.insert(blob, content);
        }
        let blobs: Arc<dyn Blobs> = Arc::new(Memory(blobs));
        Project::new(Oid::new(format!("{:040x}", 0)), entries, &blobs)
    }
}
