//! A bound on the share of the largest commit of a long history, from samples of the trunk.
//!
//! The size of the own files is taken at a few commits of the first-parent chain. Between two samples no single
//! commit can have brought more than the growth between them, unless what it brought was removed again before the
//! next sample: that is what the bound cannot see, and why the fact says `bound`. Where one stretch holds too much
//! of all growth, it is halved until it does not, or until it is a single commit.

use gix::ObjectId;
use gix::objs::tree::EntryKind;
use gix::objs::{Find, FindHeader, Kind, TreeRefIter};

use super::lines::read;
use super::walk::{Commit, History};
use crate::project::Mode;
use crate::{Class, File, Project};

/// How many stretches the trunk is cut into at first.
const STRETCHES: usize = 4;
/// How often a stretch is halved at most.
const HALVINGS: usize = 24;

/// What samples tell about the largest commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bound {
    /// The share that no commit is over, in percent, rounded up.
    pub share: u64,
    /// Whether that share is certain enough to decide.
    pub known: bool,
    /// The commit at the end of the stretch with the most growth.
    pub largest: ObjectId,
}

/// Bounds the largest share; none when a tree cannot be read. The sizes of the assessed tree are known already.
pub(crate) fn bound(objects: &(impl Find + FindHeader), history: &History, project: &Project) -> Option<Bound> {
    let mut trunk = history.trunk();
    trunk.reverse();
    let mut sizes = Sizes { objects, known: known(project) };
    let mut samples: Vec<(usize, u64)> = Vec::new();
    let last = trunk.len() - 1;
    let mut places: Vec<usize> = (0..=STRETCHES).map(|part| last * part / STRETCHES).collect();
    places.dedup();
    for place in places {
        samples.push((place, sizes.tree(trunk[place].tree, 0)?));
    }
    for _ in 0..HALVINGS {
        let (share, at) = largest(&samples);
        let from = if at == 0 { None } else { Some(samples[at - 1].0) };
        let single = from.is_none_or(|from| samples[at].0 - from <= 1);
        if share <= 80 || single {
            return Some(verdict(share, &trunk, samples[at].0));
        }
        let middle = usize::midpoint(from.unwrap_or(0), samples[at].0);
        samples.insert(at, (middle, sizes.tree(trunk[middle].tree, 0)?));
    }
    let (share, at) = largest(&samples);
    Some(Bound { share, known: share <= 80, largest: trunk[samples[at].0].id })
}

fn verdict(share: u64, trunk: &[&Commit], place: usize) -> Bound {
    // The growth at a merge is that of a whole branch: too much there proves nothing about one commit.
    let known = share <= 80 || trunk[place].parents.len() < 2;
    Bound { share, known, largest: trunk[place].id }
}

/// The share of all growth that the largest stretch holds, and the sample that ends it.
fn largest(samples: &[(usize, u64)]) -> (u64, usize) {
    let growth = |at: usize| match at {
        0 => samples[0].1,
        at => samples[at].1.saturating_sub(samples[at - 1].1),
    };
    let total: u64 = (0..samples.len()).map(growth).sum();
    let at = (0..samples.len()).rev().max_by_key(|at| growth(*at)).unwrap_or(0);
    ((growth(at) * 100).div_ceil(total.max(1)), at)
}

/// The sizes of the assessed files. An empty size may be one that could not be read.
fn known(project: &Project) -> gix::hashtable::HashMap<ObjectId, u64> {
    let files = project.all_files().iter().filter(|file| file.size > 0 && file.mode != Mode::Submodule);
    let sized = |file: &File| Some((ObjectId::from_hex(file.blob.as_str().as_bytes()).ok()?, counted(file.size)));
    files.filter_map(sized).collect()
}

/// What is too large to be read as text is data.
fn counted(size: u64) -> u64 {
    if size > crate::budget::TEXT_BYTES { 0 } else { size }
}

/// Sizes of own files below a tree; trees that several samples share are added up once.
struct Sizes<'a, O> {
    objects: &'a O,
    known: gix::hashtable::HashMap<ObjectId, u64>,
}

impl<O: Find + FindHeader> Sizes<'_, O> {
    fn tree(&mut self, id: ObjectId, depth: usize) -> Option<u64> {
        if let Some(size) = self.known.get(&id) {
            return Some(*size);
        }
        if depth > 100 {
            return None;
        }
        let mut buffer = Vec::new();
        read(self.objects, id, Kind::Tree, &mut buffer)?;
        let mut size: u64 = 0;
        for entry in TreeRefIter::from_bytes(&buffer, id.kind()) {
            let entry = entry.ok()?;
            let name = entry.filename.to_string();
            size += match entry.mode.kind() {
                EntryKind::Tree if Class::of(&format!("{name}/x")).own() => {
                    self.tree(entry.oid.to_owned(), depth + 1)?
                }
                EntryKind::Blob | EntryKind::BlobExecutable if Class::of(&name).own() && !is_data(&name) => {
                    self.blob(entry.oid.to_owned())?
                }
                _ => 0,
            };
        }
        self.known.insert(id, size);
        Some(size)
    }

    fn blob(&mut self, id: ObjectId) -> Option<u64> {
        if let Some(size) = self.known.get(&id) {
            return Some(*size);
        }
        let size = self.objects.try_header(&id).ok()??.size;
        let size = counted(size);
        self.known.insert(id, size);
        Some(size)
    }
}

/// Whether a name is one of a binary format: its content is not looked at here.
fn is_data(name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    [
        "png", "jpg", "jpeg", "gif", "ico", "pdf", "zip", "gz", "jar", "woff", "woff2", "ttf", "mp4", "webp", "exe",
        "tgz", "xz",
    ]
    .contains(&extension.to_ascii_lowercase().as_str())
}
