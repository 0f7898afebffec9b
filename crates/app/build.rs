//! Puts the reference application, and its documents in the other language, into the program as tables of text.

use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::Path;

mod versioned;

/// The program stays small: what a folder may weigh.
const LARGEST: u64 = 2 << 20;

fn main() -> Result<(), Box<dyn Error>> {
    // Asked when it runs: what was compiled in another clone may be run again in this one.
    let root = Path::new(&told("CARGO_MANIFEST_DIR")?).join("../..").canonicalize()?;
    let mut out = String::new();
    for (name, folder) in
        [("APPLICATION", "reference-app"), ("FRENCH", "templates/reference/fr"), ("ENGLISH", "templates/reference/en")]
    {
        println!("cargo:rerun-if-changed=../../{folder}");
        table(&mut out, name, &root.join(folder))?;
    }
    Ok(fs::write(Path::new(&told("OUT_DIR")?).join("reference.rs"), out)?)
}

#[expect(clippy::disallowed_methods, reason = "how cargo says where things are")]
fn told(name: &str) -> Result<String, std::env::VarError> {
    std::env::var(name)
}

fn table(out: &mut String, name: &str, root: &Path) -> Result<(), Box<dyn Error>> {
    let files = versioned::files(root)?;
    let sizes: Vec<u64> = files.iter().map(|file| Ok(fs::metadata(file)?.len())).collect::<std::io::Result<_>>()?;
    let weight: u64 = sizes.iter().sum();
    if weight > LARGEST {
        return Err(format!("{} weighs {weight} bytes, {LARGEST} at most", root.display()).into());
    }
    writeln!(out, "pub(super) static {name}: &[(&str, &str)] = &[")?;
    for file in files {
        let path = file.strip_prefix(root)?.to_str().ok_or("a path is no text")?.replace('\\', "/");
        writeln!(out, "    ({path:?}, include_str!({:?})),", file.display().to_string())?;
    }
    writeln!(out, "];")?;
    Ok(())
}
