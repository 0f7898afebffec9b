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
mod tests {
    use super::*;

    /// An archive with one entry that a builder would not make.
    fn crafted(path: &[u8], kind: EntryType, mode: u32, link: &[u8], bytes: &[u8]) -> Vec<u8> {
        let mut header = Header::new_gnu();
        let raw = header.as_old_mut();
        raw.name[..path.len()].copy_from_slice(path);
        raw.linkname[..link.len()].copy_from_slice(link);
        header.set_entry_type(kind);
        header.set_mode(mode);
        header.set_size(bytes.len() as u64);
        header.set_cksum();
        let mut archive = header.as_bytes().to_vec();
        archive.extend(bytes);
        archive.resize(archive.len().next_multiple_of(512) + 1024, 0);
        archive
    }

    fn check(archive: &[u8], entries: usize, refused: &str) {
        let taken = unpack(archive, "x", 1 << 20).unwrap();
        assert_eq!((taken.entries.len(), taken.refused.join("\n").as_str()), (entries, refused));
    }

    #[test]
    fn what_a_hostile_archive_holds_is_refused_by_name() {
        use EntryType as Kind;
        check(&crafted(b"x/a", Kind::Regular, 0o644, b"", b"1"), 1, "");
        check(&crafted(b"/etc/passwd", Kind::Regular, 0o644, b"", b"1"), 0, "/etc/passwd: its path climbs out");
        check(&crafted(b"x/../../a", Kind::Regular, 0o644, b"", b"1"), 0, "x/../../a: its path climbs out");
        check(&crafted(b"x/d", Kind::Char, 0o644, b"", b""), 0, "d: a device");
        check(&crafted(b"x/b", Kind::Block, 0o644, b"", b""), 0, "b: a device");
        check(&crafted(b"x/p", Kind::Fifo, 0o644, b"", b""), 0, "p: a pipe");
        check(&crafted(b"x/l", Kind::Symlink, 0o777, b"/etc", b""), 0, "l: a link that leads out, to /etc");
        check(&crafted(b"x/a/l", Kind::Symlink, 0o777, b"../../e", b""), 0, "a/l: a link that leads out, to ../../e");
        check(&crafted(b"x/a/l", Kind::Symlink, 0o777, b"../b", b""), 1, "");
        check(
            &crafted(b"x/h", Kind::Link, 0o777, b"/etc/shadow", b""),
            0,
            "h: another name of a file that was not taken",
        );
        check(
            &crafted(b"x/s", Kind::Regular, 0o6755, b"", b"1"),
            1,
            "s: its set-user-id and set-group-id bits were dropped",
        );
        check(&crafted(b"x/\xff", Kind::Regular, 0o644, b"", b"1"), 0, "x/\u{fffd}: its name is not text");
        check(
            &crafted(b"x/a\x1b[2Jb", Kind::Regular, 0o6644, b"", b"1"),
            1,
            "a\\u{1b}[2Jb: its set-user-id and set-group-id bits were dropped",
        );
        let deep = "d/".repeat(DEEPEST);
        let refused = format!("{deep}f: it is too deep");
        let deep = pack_unchecked(&format!("{deep}f"));
        check(&deep, 0, &refused);
    }

    fn pack_unchecked(path: &str) -> Vec<u8> {
        let mut builder = Builder::new(Vec::new());
        let mut header = Header::new_gnu();
        header.set_size(0);
        header.set_mode(0o644);
        builder.append_data(&mut header, path, std::io::empty()).unwrap();
        builder.into_inner().unwrap()
    }

    #[test]
    fn a_size_that_lies_takes_no_memory() {
        let mut archive = crafted(b"x/a", EntryType::Regular, 0o644, b"", b"1");
        let mut header = Header::from_byte_slice(&archive[..512]).clone();
        header.set_size(1 << 40);
        header.set_cksum();
        archive[..512].copy_from_slice(header.as_bytes());
        assert!(unpack(&archive, "x", 1 << 20).is_err());
        assert!(unpack(&crafted(b"x/a", EntryType::Regular, 0o644, b"", &[0; 2048]), "x", 1024).is_err());
        assert!(
            unpack(b"not an archive at all, but long enough to be read as one".repeat(20).as_slice(), "x", 9).is_err()
        );
    }

    #[test]
    fn there_and_back() {
        let files = vec![Entry::file("a/b\nc", "1"), Entry::program("run", "2"), Entry::link("l", "a")];
        let archive = pack(&files, 1000).unwrap();
        assert_eq!(archive, pack(&files, 1000).unwrap(), "the same bytes each time");
        assert_eq!(
            unpack(&archive, "x", 10).unwrap().entries,
            files.into_iter().collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>()
        );
        for path in ["", "/a", "../a", "a/../../b"] {
            assert!(pack(&[Entry::file(path, "")], 0).is_err(), "{path}");
        }
    }
}
