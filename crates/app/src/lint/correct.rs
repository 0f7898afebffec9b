//! The corrections that are safe, written into files.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use dossier::lint;
use dossier::{Finding, Folder};

use crate::error::AssessError;

/// Writes one round of corrections, and says how many were made.
pub(super) fn correct(dir: &Path, folder: &mut Folder, findings: &[Finding]) -> Result<usize, AssessError> {
    let mut paths: Vec<&str> = findings.iter().filter(|one| one.fix.is_some()).map(|one| one.path.as_str()).collect();
    paths.dedup();
    paths.sort_unstable();
    paths.dedup();
    let mut made = 0;
    for path in paths {
        let Some(Ok(text)) = folder.bytes(path).map(|bytes| std::str::from_utf8(bytes)) else { continue };
        let fixed = lint::apply(text, findings.iter().filter(|finding| finding.path == path));
        if fixed.edits > 0 {
            write(&dir.join(path), fixed.text.as_bytes())?;
            made += fixed.edits;
            folder.files.insert(path.to_owned(), dossier::File::Bytes(fixed.text.into_bytes()));
        }
    }
    Ok(made)
}

/// Writes beside and renames, so that an interruption leaves the old text or the new one, and so that a link which lies
/// in the way is replaced, never followed.
///
/// # Errors
/// When the file cannot be written.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), AssessError> {
    let fail = |source| AssessError::Write { path: path.to_owned(), source };
    let mut beside = path.as_os_str().to_owned();
    beside.push(".preuve-new");
    let beside = PathBuf::from(beside);
    // What an interruption left is removed; whoever puts something there meanwhile is told of, and not written to.
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(fail(error)),
        _ => {}
    }
    fs::File::create_new(&beside).and_then(|mut file| file.write_all(bytes)).map_err(fail)?;
    fs::rename(&beside, path).map_err(fail)
}
