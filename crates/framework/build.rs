//! Rebuilds the room when an embedded pack changes.

fn main() {
    // Relative, since what was compiled in another clone may be run again in this one.
    let mut dirs = vec![std::path::PathBuf::from("../../packs")];
    while let Some(dir) = dirs.pop() {
        let shown = dir.display().to_string();
        let Ok(entries) = std::fs::read_dir(&dir) else { continue };
        // Cargo looks at the time of a folder only, so each file is named.
        std::io::Write::write_all(&mut std::io::stdout(), format!("cargo:rerun-if-changed={shown}\n").as_bytes())
            .expect("cargo reads what a build script writes");
        for entry in entries.flatten() {
            let path = entry.path();
            let line = format!("cargo:rerun-if-changed={}\n", path.display());
            std::io::Write::write_all(&mut std::io::stdout(), line.as_bytes())
                .expect("cargo reads what a build script writes");
            if path.is_dir() {
                dirs.push(path);
            }
        }
    }
}
