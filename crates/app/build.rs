//! Puts the reference application, and its documents in the other language, into the program as tables of text.

use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

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
/// The program stays small: what a folder may weigh.
const LARGEST: u64 = 2 << 20;

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let mut out = String::new();
    for (name, folder) in
        [("APPLICATION", "reference-app"), ("FRENCH", "templates/reference/fr"), ("ENGLISH", "templates/reference/en")]
    {
        table(&mut out, name, &root.join(folder))?;
    }
    #[expect(clippy::disallowed_methods, reason = "how cargo says where generated code goes")]
    let target = std::env::var("OUT_DIR")?;
    Ok(fs::write(Path::new(&target).join("reference.rs"), out)?)
}

fn table(out: &mut String, name: &str, root: &Path) -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed={}", root.display());
    let (mut files, mut open, mut weight): (Vec<PathBuf>, Vec<PathBuf>, u64) = (Vec::new(), vec![root.to_owned()], 0);
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(dir)? {
            let entry = entry?;
            if LEFT_BEHIND.iter().any(|left| entry.file_name() == *left) {
                continue;
            }
            let data = entry.metadata()?;
            if data.is_dir() {
                open.push(entry.path());
            } else {
                weight += data.len();
                files.push(entry.path());
            }
        }
    }
    if weight > LARGEST {
        return Err(format!("{} weighs {weight} bytes, {LARGEST} at most", root.display()).into());
    }
    files.sort();
    writeln!(out, "pub(super) static {name}: &[(&str, &str)] = &[")?;
    for file in files {
        let path = file.strip_prefix(root)?.to_str().ok_or("a path is no text")?.replace('\\', "/");
        writeln!(out, "    ({path:?}, include_str!({:?})),", file.display().to_string())?;
    }
    writeln!(out, "];")?;
    Ok(())
}
