//! How far a work tree is from the commit that was assessed: for a remark, no fact rests on it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::project::{File, Mode};
use crate::{Project, budget};

/// The most bytes of a work tree that are compared; beyond, sizes alone are.
const COMPARED_BYTES: u64 = 256 * 1024 * 1024;
/// How the pointer begins that stands in a commit for a file that LFS keeps elsewhere.
const POINTER: &[u8] = b"version https://git-lfs.github.com/spec/";

/// Tracked files of a work tree that are not as the commit has them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Uncommitted {
    pub changed: usize,
    pub missing: usize,
}

impl Uncommitted {
    /// All of them.
    pub fn files(self) -> usize {
        self.changed + self.missing
    }
}

/// Compares the files of a work tree with those of a commit, by size and then by content. Links are not followed.
pub fn uncommitted(work_tree: &Path, project: &Project) -> Uncommitted {
    let mut found = Uncommitted::default();
    let mut compare = Compare { work_tree, real: BTreeMap::new(), left: COMPARED_BYTES };
    for file in project.all_files().iter().filter(|file| file.mode != Mode::Submodule) {
        match compare.file(file) {
            Some(true) => {}
            Some(false) => found.changed += 1,
            None => found.missing += 1,
        }
    }
    found
}

struct Compare<'a> {
    work_tree: &'a Path,
    /// Directories met so far, and whether they are directories of the work tree rather than links out of it.
    real: BTreeMap<String, bool>,
    left: u64,
}

impl Compare<'_> {
    /// Whether a file is as committed; none when it is gone.
    fn file(&mut self, file: &File) -> Option<bool> {
        // A hostile tree may hold names that climb; git itself never checks those out.
        if !file.path.split('/').all(|part| !matches!(part, "" | "." | ".." | ".git")) || !self.is_real(file.dir()) {
            return None;
        }
        let path = self.work_tree.join(&*file.path);
        let metadata = fs::symlink_metadata(&path).ok()?;
        if file.mode == Mode::Symlink {
            let target = fs::read_link(&path).ok();
            return Some(target.is_some_and(|target| is_blob(target.as_os_str().as_encoded_bytes(), file)));
        }
        if !metadata.is_file() {
            return Some(false);
        }
        let larger = metadata.len().max(file.size);
        if larger > budget::TEXT_BYTES || larger > self.left {
            return Some(metadata.len() == file.size || is_kept_elsewhere(file));
        }
        self.left -= larger;
        let Ok(bytes) = fs::read(&path) else { return Some(false) };
        Some(is_blob(&bytes, file) || is_blob(&unix_lines(&bytes), file) || is_kept_elsewhere(file))
    }

    fn is_real(&mut self, dir: &str) -> bool {
        if dir.is_empty() {
            return true;
        }
        if let Some(known) = self.real.get(dir) {
            return *known;
        }
        let here = fs::symlink_metadata(self.work_tree.join(dir)).is_ok_and(|metadata| metadata.is_dir());
        let real = here && self.is_real(crate::path::dir(dir));
        self.real.insert(dir.to_owned(), real);
        real
    }
}

/// A checkout may have put `\r\n` where the commit has `\n`.
fn unix_lines(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for (at, byte) in bytes.iter().enumerate() {
        if *byte != b'\r' || bytes.get(at + 1) != Some(&b'\n') {
            out.push(*byte);
        }
    }
    out
}

/// Whether the commit has but a pointer: the checkout put the file itself in its place.
fn is_kept_elsewhere(file: &File) -> bool {
    file.size < 1_024 && file.text().is_ok_and(|text| text.as_str().as_bytes().starts_with(POINTER))
}

fn is_blob(bytes: &[u8], file: &File) -> bool {
    let id = file.blob.as_str();
    gix::objs::compute_hash(gix::hash::Kind::Sha1, gix::objs::Kind::Blob, bytes).is_ok_and(|hash| hash == id)
}
