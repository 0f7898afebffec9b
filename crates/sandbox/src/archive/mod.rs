//! Archives that carry files into containers and out of them. What comes out was made by the subject and is not trusted.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Component, Path};

use tar::{Archive, Builder, EntryType, Header};

use crate::{Entry, Failure, Taken, What};

/// More entries than this are not a project.
const MOST_ENTRIES: usize = 200_000;
const DEEPEST: usize = 64;
const LONGEST_NAME: usize = 4096;

/// Packs files, as they are laid: owner, group and times are always the same.
pub(crate) fn pack(files: &[Entry], owner: u32) -> Result<Vec<u8>, Failure> {
    let mut builder = Builder::new(Vec::new());
    for file in files {
        inside(&file.path).map_err(|why| Failure::Refused(format!("{}: {why}", shown(&file.path))))?;
        let mut header = Header::new_gnu();
        header.set_uid(u64::from(owner));
        header.set_gid(u64::from(owner));
        header.set_mtime(0);
        let added = match &file.what {
            What::File { bytes, executable } => {
                header.set_entry_type(EntryType::Regular);
                header.set_mode(if *executable { 0o755 } else { 0o644 });
                header.set_size(bytes.len() as u64);
                builder.append_data(&mut header, &file.path, bytes.as_slice())
            }
            What::Link { target } => {
                header.set_entry_type(EntryType::Symlink);
                header.set_mode(0o777);
                header.set_size(0);
                builder.append_link(&mut header, &file.path, target)
            }
            What::Folder => {
                header.set_entry_type(EntryType::Directory);
                header.set_mode(0o755);
                header.set_size(0);
                builder.append_data(&mut header, &file.path, std::io::empty())
            }
        };
        added.map_err(|error| Failure::Refused(format!("{}: {error}", shown(&file.path))))?;
    }
    builder.into_inner().map_err(|error| Failure::Refused(format!("packing: {error}")))
}

/// Unpacks what a container gave, in memory and up to `max_bytes`. `root` is the name of what was asked for: it is taken
/// off the paths below it.
pub(crate) fn unpack(bytes: &[u8], root: &str, max_bytes: u64) -> Result<Taken, Failure> {
    let mut taking = Taking { files: BTreeMap::new(), refused: Vec::new(), room: max_bytes };
    let mut archive = Archive::new(bytes);
    let entries = archive.entries().map_err(|error| broken(&error))?;
    for (count, entry) in entries.enumerate() {
        if count >= MOST_ENTRIES {
            return Err(Failure::Refused(format!("{}: more than {MOST_ENTRIES} files", shown(root))));
        }
        let mut entry = entry.map_err(|error| broken(&error))?;
        let Ok(path) = String::from_utf8(entry.path_bytes().into_owned()) else {
            taking
                .refused
                .push(format!("{}: its name is not text", String::from_utf8_lossy(&entry.path_bytes()).escape_debug()));
            continue;
        };
        match relative(&path, root) {
            Ok(relative) => taking.take(&mut entry, relative, root)?,
            Err(why) => taking.refused.push(format!("{}: {why}", shown(&path))),
        }
    }
    taking.refused.sort();
    Ok(Taken {
        entries: taking.files.into_iter().map(|(path, what)| Entry { path, what }).collect(),
        refused: taking.refused,
    })
}

struct Taking {
    files: BTreeMap<String, What>,
    refused: Vec<String>,
    room: u64,
}

impl Taking {
    fn take<R: Read>(&mut self, entry: &mut tar::Entry<'_, R>, path: String, root: &str) -> Result<(), Failure> {
        let mode = entry.header().mode().unwrap_or(0);
        if mode & 0o6000 != 0 && entry.header().entry_type().is_file() {
            self.refused.push(format!("{}: its set-user-id and set-group-id bits were dropped", shown(&path)));
        }
        let what = match entry.header().entry_type() {
            EntryType::Regular | EntryType::Continuous => {
                let mut bytes = Vec::new();
                entry.take(self.room + 1).read_to_end(&mut bytes).map_err(|error| broken(&error))?;
                let left = self.room.checked_sub(bytes.len() as u64);
                self.room = left.ok_or_else(|| Failure::Refused(format!("{}: too large", shown(root))))?;
                What::File { bytes, executable: mode & 0o111 != 0 }
            }
            EntryType::Directory => What::Folder,
            EntryType::Symlink => match target(entry) {
                Some(target) if !leads_out(&path, &target) => What::Link { target },
                target => {
                    self.refused.push(format!("{}: a link that leads out, to {}", shown(&path), told(target)));
                    return Ok(());
                }
            },
            EntryType::Link => match target(entry).and_then(|target| relative(&target, root).ok()) {
                Some(first) if matches!(self.files.get(&first), Some(What::File { .. })) => {
                    let what = self.files[&first].clone();
                    let size = if let What::File { bytes, .. } = &what { bytes.len() as u64 } else { 0 };
                    let left = self.room.checked_sub(size);
                    self.room = left.ok_or_else(|| Failure::Refused(format!("{}: too large", shown(root))))?;
                    what
                }
                _ => {
                    self.refused.push(format!("{}: another name of a file that was not taken", shown(&path)));
                    return Ok(());
                }
            },
            kind => {
                self.refused.push(format!("{}: {}", shown(&path), special(kind)));
                return Ok(());
            }
        };
        // A file that was asked for by its own name keeps it.
        let path = if path.is_empty() && matches!(what, What::File { .. }) { root.to_owned() } else { path };
        if !path.is_empty() {
            self.files.insert(path, what);
        }
        Ok(())
    }
}

fn target<R: Read>(entry: &tar::Entry<'_, R>) -> Option<String> {
    entry.link_name_bytes().and_then(|name| String::from_utf8(name.into_owned()).ok())
}

fn told(target: Option<String>) -> String {
    target.map_or_else(|| "a name that is not text".into(), |target| shown(&target))
}

fn special(kind: EntryType) -> &'static str {
    match kind {
        EntryType::Block | EntryType::Char => "a device",
        EntryType::Fifo => "a pipe",
        EntryType::GNUSparse => "a sparse file",
        _ => "neither a file nor a link nor a folder",
    }
}

/// The path below the root that was asked for; the root itself is its own name when it is a file.
fn relative(path: &str, root: &str) -> Result<String, &'static str> {
    let path = path.trim_start_matches("./").trim_end_matches('/');
    let below =
        if path == root { "" } else { path.strip_prefix(root).and_then(|rest| rest.strip_prefix('/')).unwrap_or(path) };
    if below.is_empty() {
        return Ok(String::new());
    }
    inside(below).map(|()| below.to_owned())
}

/// Whether a path stays below where it is laid.
fn inside(path: &str) -> Result<(), &'static str> {
    if path.is_empty() || path.len() > LONGEST_NAME || path.contains('\0') {
        return Err("its name is empty or too long");
    }
    let mut depth = 0;
    for component in Path::new(path).components() {
        match component {
            Component::Normal(_) => depth += 1,
            Component::CurDir => {}
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return Err("its path climbs out"),
        }
    }
    if depth > DEEPEST { Err("it is too deep") } else { Ok(()) }
}

/// Whether a link points beyond what was taken.
fn leads_out(path: &str, target: &str) -> bool {
    let mut depth = Path::new(path).components().count().saturating_sub(1);
    for component in Path::new(target).components() {
        match component {
            Component::Normal(_) => depth += 1,
            Component::CurDir => {}
            Component::ParentDir if depth > 0 => depth -= 1,
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return true,
        }
    }
    false
}

/// A name that the subject chose, safe to print: control characters are escaped, and it is not long.
pub(crate) fn shown(name: &str) -> String {
    let escaped: String = name.escape_debug().collect();
    match escaped.char_indices().nth(200) {
        Some((cut, _)) => format!("{}…", &escaped[..cut]),
        None => escaped,
    }
}

fn broken(error: &std::io::Error) -> Failure {
    Failure::Refused(format!("an archive that cannot be read: {error}"))
}

#[cfg(test)]
mod tests;
