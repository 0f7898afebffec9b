//! How many lines each commit added to the project's own text files: exact, from the content of every version.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use gix::ObjectId;
use gix::diff::blob::{Algorithm, Diff, InternedInput};
use gix::diff::tree::recorder::Change;
use gix::objs::{Find, Kind, TreeRefIter};

use super::walk::{Added, Commit, History};
use crate::{Class, budget};

/// Is shown every version of a file that a commit brought, from several threads.
pub(super) type OnBlob<'a> = &'a (dyn Fn(&Commit, &str, ObjectId, &[u8]) + Sync);

/// Counts what each commit added, and shows every version on the way. Whether all was read: not when it is over the
/// budget of work, or when the repository lacks an object. Counts that are known already do not spare the reading,
/// since what is shown of the past is never kept between runs.
pub(crate) fn count(
    shared: &gix::ThreadSafeRepository,
    history: &mut History,
    threads: usize,
    on_blob: OnBlob<'_>,
) -> bool {
    let wanted: Vec<usize> = (0..history.commits.len()).collect();
    let next = AtomicUsize::new(0);
    let spent = AtomicU64::new(0);
    let found: Mutex<Vec<(usize, Option<Added>)>> = Mutex::new(Vec::with_capacity(wanted.len()));
    let commits: &History = history;
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, 16).min(wanted.len()) {
            scope.spawn(|| {
                let mut repo = shared.to_thread_local();
                repo.object_cache_size_if_unset(16 * 1024 * 1024);
                let mut reader = Reader {
                    objects: &repo.objects,
                    spent: &spent,
                    on_blob,
                    bytes: 0,
                    before: Vec::new(),
                    after: Vec::new(),
                };
                let mut mine = Vec::new();
                while let Some(at) = wanted.get(next.fetch_add(1, Ordering::Relaxed)) {
                    mine.push((*at, reader.commit(commits, &commits.commits[*at])));
                }
                found.lock().expect("no reader panics while it holds the lock").extend(mine);
            });
        }
    });
    let found = found.into_inner().expect("all readers have ended");
    let whole = found.iter().all(|(_, added)| added.is_some()) && spent.into_inner() <= budget::HISTORY_BYTES;
    for (at, added) in found.into_iter().filter(|_| whole) {
        history.commits[at].added = added;
    }
    whole
}

struct Reader<'a, O> {
    objects: &'a O,
    spent: &'a AtomicU64,
    on_blob: OnBlob<'a>,
    /// What was read for the present commit.
    bytes: u64,
    before: Vec<u8>,
    after: Vec<u8>,
}

/// One file that a commit brought or changed.
struct Changed {
    path: String,
    before: Option<ObjectId>,
    after: ObjectId,
}

impl<O: Find> Reader<'_, O> {
    fn commit(&mut self, history: &History, commit: &Commit) -> Option<Added> {
        // What a merge brings was added by the commits that it merges.
        if commit.parents.len() > 1 {
            return Some(Added { lines: 0, bytes: 0 });
        }
        self.bytes = 0;
        let parent = commit.parents.first().map(|parent| history.commits[*parent as usize].tree);
        let mut lines = 0;
        for changed in self.changes(parent, commit.tree)? {
            lines += self.file(commit, &changed)?;
        }
        Some(Added { lines, bytes: self.bytes })
    }

    fn changes(&self, parent: Option<ObjectId>, tree: ObjectId) -> Option<Vec<Changed>> {
        let (mut left, mut right) = (Vec::new(), Vec::new());
        if let Some(parent) = parent {
            read(self.objects, parent, Kind::Tree, &mut left)?;
        }
        read(self.objects, tree, Kind::Tree, &mut right)?;
        let mut recorder = gix::diff::tree::Recorder::default();
        let trees = (TreeRefIter::from_bytes(&left, tree.kind()), TreeRefIter::from_bytes(&right, tree.kind()));
        let state = gix::diff::tree::State::default();
        gix::diff::tree(trees.0, trees.1, state, self.objects, &mut recorder).ok()?;
        let mut changed = Vec::new();
        let mut gone: Vec<(String, ObjectId)> = Vec::new();
        for record in recorder.records {
            match record {
                Change::Addition { entry_mode, oid, path, .. } if entry_mode.is_blob() => {
                    changed.push(Changed { path: path.to_string(), before: None, after: oid });
                }
                Change::Modification { entry_mode, oid, path, previous_oid, previous_entry_mode }
                    if entry_mode.is_blob() =>
                {
                    let before = previous_entry_mode.is_blob().then_some(previous_oid);
                    changed.push(Changed { path: path.to_string(), before, after: oid });
                }
                Change::Deletion { entry_mode, oid, path, .. } if entry_mode.is_blob() => {
                    gone.push((path.to_string(), oid))
                }
                _ => {}
            }
        }
        changed.retain(|change| Class::of(&change.path).own());
        pair_renames(&mut changed, &gone);
        Some(changed)
    }

    fn file(&mut self, commit: &Commit, changed: &Changed) -> Option<u64> {
        if changed.before == Some(changed.after) {
            return Some(0);
        }
        let size = usize::try_from(budget::TEXT_BYTES).unwrap_or(usize::MAX);
        if self.objects.try_find(&changed.after, &mut self.after).ok()??.kind != Kind::Blob {
            return None;
        }
        let bytes = self.after.len() as u64;
        self.bytes += bytes;
        if self.spent.fetch_add(bytes, Ordering::Relaxed) + bytes > budget::HISTORY_BYTES {
            return None;
        }
        if self.after.len() > size || is_binary(&self.after) {
            return Some(0);
        }
        (self.on_blob)(commit, &changed.path, changed.after, &self.after);
        let Some(before) = changed.before else { return Some(line_count(&self.after)) };
        read(self.objects, before, Kind::Blob, &mut self.before)?;
        if self.before.len() > size || is_binary(&self.before) {
            return Some(line_count(&self.after));
        }
        Some(added_lines(&self.before, &self.after))
    }
}

/// Takes a file that left and one that came in the same commit as one, when the content or the name is the same.
fn pair_renames(changed: &mut [Changed], gone: &[(String, ObjectId)]) {
    if gone.is_empty() {
        return;
    }
    let mut free: Vec<bool> = vec![true; gone.len()];
    let new: Vec<usize> = (0..changed.len()).filter(|at| changed[*at].before.is_none()).collect();
    // A rename of thousands of files at once is matched by content alone, which stays cheap.
    let by_content: std::collections::BTreeMap<ObjectId, usize> =
        gone.iter().enumerate().map(|(at, (_, blob))| (*blob, at)).collect();
    for at in &new {
        if let Some(index) = by_content.get(&changed[*at].after) {
            changed[*at].before = Some(gone[*index].1);
            free[*index] = false;
        }
    }
    let mut by_name: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for (index, (path, _)) in gone.iter().enumerate().filter(|(index, _)| free[*index]) {
        by_name.entry(crate::path::name(path)).or_insert(index);
    }
    for at in new {
        if changed[at].before.is_none()
            && let Some(index) = by_name.remove(crate::path::name(&changed[at].path))
        {
            changed[at].before = Some(gone[index].1);
        }
    }
}

/// Reads an object of a kind into a buffer.
pub(super) fn read(objects: &impl Find, id: ObjectId, kind: Kind, buffer: &mut Vec<u8>) -> Option<()> {
    let object = objects.try_find(&id, buffer).ok()??;
    (object.kind == kind).then_some(())
}

/// Lines of the second text that the first lacks.
fn added_lines(before: &[u8], after: &[u8]) -> u64 {
    let input =
        InternedInput::new(gix::diff::blob::sources::byte_lines(before), gix::diff::blob::sources::byte_lines(after));
    u64::from(Diff::compute(Algorithm::Myers, &input).count_additions())
}

fn line_count(text: &[u8]) -> u64 {
    let newlines = gix::bstr::ByteSlice::find_iter(text, b"\n").count() as u64;
    newlines + u64::from(text.last().is_some_and(|last| *last != b'\n'))
}

pub(super) fn is_binary(bytes: &[u8]) -> bool {
    bytes.iter().take(8_000).any(|byte| *byte == 0)
}
