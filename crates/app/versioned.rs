//! The versioned files of a folder: what the build carries, and what the tests compare with it.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// What tools leave behind beside the sources; none of it is versioned.
const LEFT_BEHIND: [&str; 9] = [
    ".venv",
    ".venv-ops",
    "out",
    "__pycache__",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".ansible",
    ".coverage",
];

/// The files below a folder, sorted.
pub fn files(root: &Path) -> io::Result<Vec<PathBuf>> {
    let (mut files, mut open): (Vec<PathBuf>, Vec<PathBuf>) = (Vec::new(), vec![root.to_owned()]);
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(dir)? {
            let entry = entry?;
            if LEFT_BEHIND.iter().any(|left| entry.file_name() == *left) {
                continue;
            }
            if entry.file_type()?.is_dir() { &mut open } else { &mut files }.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}
