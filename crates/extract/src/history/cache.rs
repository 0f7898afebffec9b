//! What a commit id names for ever, kept between runs: one file for each assessed commit, replaced as a whole.
//!
//! A file holds the walk that ends at its commit. A later run on the same commit takes it over; one on a newer
//! commit walks until it meets the older one. What is not written by this version, or is damaged, is ignored.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use gix::ObjectId;
use sha2::{Digest, Sha256};

use super::record;
use super::walk::History;

/// Changes whenever a walk keeps other things of a commit, or reads them in another way.
const VERSION: &str = "history-1";
/// The most that all files together may take; the oldest go first.
const FOLDER_BYTES: u64 = 256 * 1024 * 1024;
/// The largest file that is read or written.
const FILE_BYTES: u64 = 128 * 1024 * 1024;
const DIGEST: usize = 32;

/// A folder of walks; without one, nothing is known and nothing is kept.
pub(crate) struct Cache {
    folder: Option<PathBuf>,
    tips: BTreeSet<ObjectId>,
}

impl Cache {
    /// Looks which walks a folder holds.
    pub(crate) fn open(folder: Option<&Path>) -> Self {
        let folder = folder.map(|folder| folder.join(VERSION));
        let entries = folder.iter().flat_map(fs::read_dir).flatten().flatten();
        let tips = entries.filter_map(|entry| ObjectId::from_hex(entry.file_name().to_str()?.as_bytes()).ok());
        Self { tips: tips.collect(), folder }
    }

    /// Whether a walk that ends at the commit may be known.
    pub(crate) fn holds(&self, tip: ObjectId) -> bool {
        self.tips.contains(&tip)
    }

    /// The walk that ends at a commit.
    pub(crate) fn load(&self, tip: ObjectId) -> Option<History> {
        let path = self.folder.as_ref().filter(|_| self.holds(tip))?.join(tip.to_string());
        if fs::metadata(&path).ok()?.len() > FILE_BYTES {
            return None;
        }
        let bytes = fs::read(path).ok()?;
        let (body, digest) = bytes.split_at_checked(bytes.len().checked_sub(DIGEST)?)?;
        if Sha256::digest(body).as_slice() != digest {
            return None;
        }
        record::read(body).filter(|history| history.commits.first().is_some_and(|commit| commit.id == tip))
    }

    /// Keeps a walk. A folder that cannot be written to only makes the next run slower.
    pub(crate) fn keep(&self, history: &History) {
        let Some((folder, tip)) = self.folder.as_ref().zip(history.commits.first()) else { return };
        let mut bytes = record::write(history);
        bytes.extend_from_slice(&Sha256::digest(&bytes));
        if bytes.len() as u64 > FILE_BYTES || fs::create_dir_all(folder).is_err() {
            return;
        }
        // The file appears under its name only when it is whole: runs at the same time do not see each other's halves.
        let written = tempfile::NamedTempFile::new_in(folder).and_then(|mut file| {
            file.write_all(&bytes)?;
            file.persist(folder.join(tip.id.to_string())).map_err(|error| error.error)
        });
        if written.is_ok() {
            prune(folder, &tip.id.to_string());
        }
    }
}

/// Removes the oldest files while all together are too large; what another run removes first is no loss.
fn prune(folder: &Path, keep: &str) {
    let mut files: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let meta = entry.metadata().ok().filter(fs::Metadata::is_file)?;
            Some((meta.modified().ok()?, entry.file_name(), meta.len()))
        })
        .collect();
    files.sort();
    let mut total: u64 = files.iter().map(|(_, _, size)| size).sum();
    for (_, name, size) in files {
        if total <= FOLDER_BYTES {
            break;
        }
        if name != keep && fs::remove_file(folder.join(&name)).is_ok() {
            total -= size;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::people::Identity;
    use super::super::walk::{Added, Commit};
    use super::*;
    use crate::history::message::How;

    fn id(digit: char) -> ObjectId {
        ObjectId::from_hex(digit.to_string().repeat(40).as_bytes()).unwrap()
    }

    fn history() -> History {
        let commit = |at: char, parents: Vec<u32>| Commit {
            id: id(at),
            tree: id('e'),
            parents,
            author: 0,
            co_authors: vec![1],
            day: -3,
            time: 1_700_000_000,
            request: Some((How::Squash, "#8".to_owned())),
            added: Some(Added { lines: 7, bytes: 70 }),
        };
        let identity = |name: &str| Identity { name: name.to_owned(), email: format!("{name}@example.org") };
        History {
            commits: vec![commit('a', vec![1]), commit('b', Vec::new())],
            identities: vec![identity("Ada"), identity("Béla")],
            bound: None,
        }
    }

    #[test]
    fn what_is_kept_is_read_back() {
        let dir = tempfile::tempdir().unwrap();
        Cache::open(Some(dir.path())).keep(&history());
        let cache = Cache::open(Some(dir.path()));
        assert_eq!(cache.load(id('a')), Some(history()));
        assert_eq!(cache.load(id('b')), None);
        assert_eq!(Cache::open(None).load(id('a')), None);
    }

    #[test]
    fn what_is_damaged_or_foreign_is_ignored() {
        let dir = tempfile::tempdir().unwrap();
        Cache::open(Some(dir.path())).keep(&history());
        let path = dir.path().join(VERSION).join(id('a').to_string());
        let good = fs::read(&path).unwrap();
        let check = |bytes: &[u8]| {
            fs::write(&path, bytes).unwrap();
            assert_eq!(Cache::open(Some(dir.path())).load(id('a')), None);
        };
        check(b"");
        check(b"something else");
        check(&good[..good.len() - 1]);
        for at in [0, 8, good.len() / 2, good.len() - 1] {
            let mut bytes = good.clone();
            bytes[at] ^= 1;
            check(&bytes);
        }
        // Whole, but under the name of another commit.
        let other = dir.path().join(VERSION).join(id('c').to_string());
        fs::write(other, &good).unwrap();
        assert_eq!(Cache::open(Some(dir.path())).load(id('c')), None);
    }

    #[test]
    fn other_versions_are_not_looked_at() {
        let dir = tempfile::tempdir().unwrap();
        Cache::open(Some(dir.path())).keep(&history());
        fs::rename(dir.path().join(VERSION), dir.path().join("history-0")).unwrap();
        assert_eq!(Cache::open(Some(dir.path())).load(id('a')), None);
    }
}
