//! The packs that ship inside the program.

use include_dir::{Dir, include_dir};

use crate::load::PackFile;

static PACKS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../packs");

/// The files of the built-in packs, with paths that start with `packs/`, in the order of their
/// paths. Give them to [`load`](crate::load()) together with the files of other packs.
pub fn builtin() -> Vec<PackFile> {
    let mut files = Vec::new();
    collect(&PACKS, &mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn collect(dir: &Dir<'_>, files: &mut Vec<PackFile>) {
    for file in dir.files() {
        // Packs are text; anything else (a logo) is no business of the loader.
        if let (Some(path), Some(text)) = (file.path().to_str(), file.contents_utf8()) {
            files.push(PackFile { path: format!("packs/{path}"), text: text.to_owned() });
        }
    }
    dir.dirs().for_each(|dir| collect(dir, files));
}
