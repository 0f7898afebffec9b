//! What a recipe takes from this machine as it is: a program that no registry of packages carries, and what is kept for it.

use std::fs;
use std::path::Path;
use std::time::UNIX_EPOCH;

use super::Machine;
use crate::Failure;

/// The most files of a given folder, and how deep they may lie.
const MOST: usize = 2_000;
const DEEPEST: usize = 12;

/// What tells one state of a given program or folder from another: sizes and times, since programs are large.
pub(super) fn mark(machine: &Machine, name: &str) -> Result<Vec<u8>, Failure> {
    let Some(path) = machine.given(name) else {
        return if name.ends_with('/') { Ok(Vec::new()) } else { Err(lacking(machine, name)) };
    };
    let mut seen = Vec::new();
    walk(&path, Path::new(""), 0, &mut |relative, from| {
        let about = fs::metadata(from)?;
        let time = about.modified()?.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
        seen.push(format!("{} {} {time}", relative.display(), about.len()));
        Ok(())
    })
    .map_err(|error| failed(name, &error))?;
    seen.sort();
    Ok(seen.join("\n").into_bytes())
}

/// Copies it beside the recipe's own files.
pub(super) fn lay(machine: &Machine, name: &str, context: &Path) -> Result<(), Failure> {
    let target = context.join(name.trim_end_matches('/'));
    if name.ends_with('/') {
        fs::create_dir_all(&target).map_err(|error| failed(name, &error))?;
    }
    let Some(path) = machine.given(name) else {
        return if name.ends_with('/') { Ok(()) } else { Err(lacking(machine, name)) };
    };
    walk(&path, Path::new(""), 0, &mut |relative, from| {
        let to = if relative.as_os_str().is_empty() { target.clone() } else { target.join(relative) };
        fs::create_dir_all(to.parent().unwrap_or(context))?;
        fs::copy(from, to).map(drop)
    })
    .map_err(|error| failed(name, &error))
}

fn walk(
    path: &Path,
    relative: &Path,
    depth: usize,
    each: &mut dyn FnMut(&Path, &Path) -> std::io::Result<()>,
) -> std::io::Result<()> {
    if !path.is_dir() {
        return each(relative, path);
    }
    if depth > DEEPEST {
        return Err(std::io::Error::other(format!("{} lies too deep", path.display())));
    }
    for (at, entry) in fs::read_dir(path)?.enumerate() {
        if at > MOST {
            return Err(std::io::Error::other(format!("{} holds too many files", path.display())));
        }
        let entry = entry?;
        walk(&entry.path(), &relative.join(entry.file_name()), depth + 1, each)?;
    }
    Ok(())
}

fn lacking(machine: &Machine, name: &str) -> Failure {
    Failure::Lacking(format!(
        "{name} is not on this machine: install it, or put the program at {}",
        machine.place(name).display()
    ))
}

fn failed(name: &str, error: &std::io::Error) -> Failure {
    Failure::Engine { action: format!("read {name}"), message: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_and_what_is_kept_for_it() {
        let dir = tempfile::tempdir().unwrap();
        let machine = Machine::read(dir.path().join("cache"), None);
        let told = mark(&machine, "there-is-no-such-program").unwrap_err().to_string();
        assert!(told.contains("put the program at") && told.contains("cache/programs"), "{told}");
        assert_eq!(mark(&machine, "none/").unwrap(), b"", "a folder may be missing");
        let programs = dir.path().join("cache/programs");
        fs::create_dir_all(programs.join("kept/deep")).unwrap();
        fs::write(programs.join("tool"), "1").unwrap();
        fs::write(programs.join("kept/deep/one"), "2").unwrap();
        let before = mark(&machine, "tool").unwrap();
        let context = dir.path().join("context");
        fs::create_dir_all(&context).unwrap();
        for name in ["tool", "kept/", "none/"] {
            lay(&machine, name, &context).unwrap();
        }
        assert_eq!(fs::read_to_string(context.join("tool")).unwrap(), "1");
        assert_eq!(fs::read_to_string(context.join("kept/deep/one")).unwrap(), "2");
        assert!(context.join("none").is_dir());
        fs::write(programs.join("tool"), "another").unwrap();
        assert_ne!(mark(&machine, "tool").unwrap(), before);
    }
}
