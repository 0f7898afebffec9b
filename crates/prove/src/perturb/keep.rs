//! Backups as `preuve.yaml` declares them: made in a service, taken out, laid in a fresh one, brought back.

use sandbox::{Command, Entry, What};

use super::floor::Floor;
use super::journey::declared_at;
use crate::declared::Backup;
use crate::finding::At;
use crate::output::{tail, text};
use crate::protocol::Stop;
use crate::say::{Say, say};
use crate::tree::Tree;

/// The most that is kept.
const KEPT: u64 = 128 << 20;

/// A declared backup, and where it is written.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub backup: Backup,
    pub at: At,
}

pub(super) fn declared(tree: &Tree, backups: &[Backup]) -> Vec<Kept> {
    let at = |backup: &Backup| declared_at(tree, backup.restore.lines().next().unwrap_or("restore:").trim());
    backups.iter().map(|backup| Kept { backup: backup.clone(), at: at(backup) }).collect()
}

impl Kept {
    /// Makes a backup, and takes out what is kept. The inner error is what the command said.
    pub fn make(&self, floor: &Floor<'_>) -> Result<Result<Vec<Entry>, Say>, Stop> {
        self.lay(floor)?;
        let folder = &self.backup.keeps;
        let line = format!("mkdir -p '{folder}' && cd / && {}", self.backup.backup);
        if let Some(said) = self.run(floor, &line)? {
            return Ok(Err(said));
        }
        let container = floor.stack.container(&self.backup.service)?;
        let taken = floor.bench.engine.get(container, folder, KEPT)?;
        let holds = taken.entries.iter().any(|entry| entry.bytes().is_some_and(|bytes| !bytes.is_empty()));
        Ok(if holds { Ok(taken.entries) } else { Err(say!("folder-empty", folder)) })
    }

    /// Lays what was kept, and brings it back; what the command said when it did not.
    pub fn bring_back(&self, floor: &Floor<'_>, entries: &[Entry]) -> Result<Option<Say>, Stop> {
        self.lay(floor)?;
        let container = floor.stack.container(&self.backup.service)?;
        floor.bench.engine.put(container, &self.backup.keeps, entries)?;
        self.run(floor, &format!("cd / && {}", self.backup.restore))
    }

    /// What the command that compares says; none when none is declared.
    pub fn compared(&self, floor: &Floor<'_>) -> Result<Option<String>, Stop> {
        let Some(line) = &self.backup.compare else { return Ok(None) };
        let ended = floor.stack.exec(&self.backup.service, Command::sh(line.as_str()).seconds(120))?;
        Ok(Some(format!("{}{}", if ended.succeeded() { "" } else { "it failed: " }, text(&ended))))
    }

    fn lay(&self, floor: &Floor<'_>) -> Result<(), Stop> {
        let Some(folder) = &self.backup.laid else { return Ok(()) };
        let named = |path: &String| {
            let entry = floor.bench.tree.entry(path)?;
            Some(Entry { path: path.rsplit('/').next().unwrap_or(path).to_owned(), ..entry })
        };
        let files: Vec<Entry> = self.backup.files.iter().filter_map(named).collect();
        let container = floor.stack.container(&self.backup.service)?;
        Ok(floor.bench.engine.put(container, folder, &files)?)
    }

    fn run(&self, floor: &Floor<'_>, line: &str) -> Result<Option<Say>, Stop> {
        let ended = floor.stack.exec(&self.backup.service, Command::sh(line).seconds(300).output_bytes(4 << 20))?;
        Ok((!ended.succeeded()).then(|| say!("about", detector = ended.status, because = tail(&text(&ended), 2))))
    }
}

/// The largest file with one byte in its middle changed.
pub(super) fn damaged(entries: &[Entry]) -> Vec<Entry> {
    let Some(largest) = largest(entries) else { return entries.to_vec() };
    let damage = |(index, entry): (usize, &Entry)| {
        let mut entry = entry.clone();
        if let (true, What::File { bytes, .. }) = (index == largest, &mut entry.what) {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 0x55;
        }
        entry
    };
    entries.iter().enumerate().map(damage).collect()
}

/// Without the largest file.
pub(super) fn without(entries: &[Entry]) -> Vec<Entry> {
    let gone = largest(entries);
    let kept = entries.iter().enumerate().filter(|(index, _)| Some(*index) != gone);
    kept.map(|(_, entry)| entry.clone()).collect()
}

fn largest(entries: &[Entry]) -> Option<usize> {
    let size = |entry: &Entry| entry.bytes().map_or(0, <[u8]>::len);
    let all = entries.iter().enumerate().filter(|(_, entry)| size(entry) > 0);
    all.max_by_key(|(_, entry)| size(entry)).map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_and_damaged() {
        let entries = [Entry::file("a", "x"), Entry::file("b", "hello"), Entry::file("c", "")];
        let changed = damaged(&entries);
        assert_eq!((changed[0].bytes(), changed[1].bytes()), (Some(&b"x"[..]), Some(&b"he9lo"[..])));
        assert_eq!(without(&entries).iter().map(|entry| entry.path.as_str()).collect::<Vec<_>>(), ["a", "c"]);
        assert!(damaged(&[]).is_empty() && without(&[]).is_empty());
    }
}
