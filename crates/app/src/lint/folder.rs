//! A dossier's folder read from disk: bounded, no link followed, nothing outside it.

use std::fs;
use std::path::Path;

use dossier::{File, Folder};

use crate::error::AssessError;

/// A dossier is papers and pictures; more files than this is another folder by mistake.
pub(crate) const MOST_FILES: usize = 2_000;
const DEEPEST: usize = 8;
/// Larger files are known and not read.
const LARGEST: u64 = 16 * 1024 * 1024;
/// All that is kept at once.
pub(crate) const LARGEST_TOGETHER: u64 = 128 * 1024 * 1024;
/// What tools keep beside papers.
const SKIPPED: [&str; 4] = [".git", "node_modules", "target", ".venv"];

/// Reads a folder.
///
/// # Errors
/// When it cannot be read, or has too many files to be a dossier.
pub fn read_dossier(root: &Path) -> Result<Folder, AssessError> {
    let mut folder = Folder::default();
    let mut together = 0;
    let mut open = vec![(root.to_owned(), String::new(), 0)];
    while let Some((dir, prefix, depth)) = open.pop() {
        let fail = |source| AssessError::Dossier { path: dir.clone(), source };
        for entry in fs::read_dir(&dir).map_err(fail)? {
            let entry = entry.map_err(fail)?;
            let Some(name) = entry.file_name().to_str().map(ToOwned::to_owned) else { continue };
            let kind = entry.file_type().map_err(fail)?;
            let path = format!("{prefix}{name}");
            if kind.is_dir() && depth < DEEPEST && !SKIPPED.contains(&name.as_str()) {
                open.push((entry.path(), format!("{path}/"), depth + 1));
            } else if kind.is_file() {
                if folder.files.len() >= MOST_FILES {
                    return Err(AssessError::DossierLarge { path: root.to_owned(), most: MOST_FILES });
                }
                let size = entry.metadata().map_err(fail)?.len();
                let fits = size <= LARGEST && together + size <= LARGEST_TOGETHER;
                let file = if fits { File::Bytes(fs::read(entry.path()).map_err(fail)?) } else { File::TooLarge(size) };
                together += if fits { size } else { 0 };
                folder.files.insert(path, file);
            }
        }
    }
    Ok(folder)
}
