//! Objects as the reading of a whole history needs them: tens of thousands, each by its name alone.
//!
//! What packs do not give is asked of gix: loose objects, those of other repositories, and what cannot be read.

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gix::objs::{Data, Find, FindHeader, Header};
use gix::odb::pack::cache::DecodeEntry;
use gix::odb::pack::cache::lru::StaticLinkedList;
use gix::odb::pack::data;
use gix::odb::pack::data::decode::{entry, header};
use gix::oid;

use super::names::Names;
use crate::budget;

/// With more packs than this, those of gix that are met most are faster than all in turn.
const PACKS: usize = 16;
/// What is kept of objects that others are differences from.
const BASES: usize = 64;

/// The packs of a repository, open for all threads.
#[derive(Default)]
pub(crate) struct Packs(Vec<Pack>);

struct Pack {
    names: Names,
    data: data::File,
}

impl Packs {
    /// Opens what lies in a repository. What cannot be opened here is left to gix, which says why.
    pub(crate) fn open(repo: &gix::Repository) -> Self {
        let whole = repo.references().is_ok_and(|refs| {
            refs.prefixed("refs/replace/").is_ok_and(|mut replacements| replacements.next().is_none())
        });
        // Another object stands for one that is replaced.
        if !whole {
            return Self::default();
        }
        let names = names(&repo.objects.store_ref().path().join("pack"));
        if names.len() > PACKS {
            return Self::default();
        }
        Self(names.iter().filter_map(|name| Pack::open(name, repo.object_hash())).collect())
    }
}

/// The indices of a folder, in one order.
fn names(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut names: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|end| end == "idx")).collect();
    names.sort();
    names
}

impl Pack {
    fn open(names: &Path, hash: gix::hash::Kind) -> Option<Self> {
        let limit = usize::try_from(budget::BLOB_BYTES).ok();
        let data = data::File::at(names.with_extension("pack"), hash).ok()?.with_alloc_limit_bytes(limit);
        Some(Self { names: Names::open(names, hash)?, data })
    }

    fn entry(&self, id: &oid) -> Option<data::Entry> {
        self.data.entry(self.names.offset(id)?).ok()
    }
}

/// Objects for one thread.
pub(crate) struct Objects {
    packs: Arc<Packs>,
    work: RefCell<Work>,
    rest: gix::OdbHandle,
}

struct Work {
    inflate: gix::zlib::Inflate,
    bases: StaticLinkedList<BASES>,
}

impl Objects {
    pub(crate) fn new(packs: Arc<Packs>, rest: gix::OdbHandle) -> Self {
        let work = RefCell::new(Work { inflate: gix::zlib::Inflate::default(), bases: StaticLinkedList::default() });
        Self { packs, work, rest }
    }

    fn packed(&self, id: &oid, buffer: &mut Vec<u8>) -> Option<gix::objs::Kind> {
        let (pack, entry) = self.packs.0.iter().find_map(|pack| Some((pack, pack.entry(id)?)))?;
        let base = |id: &oid, _: &mut Vec<u8>| Ok(pack.entry(id).map(entry::ResolvedBase::InPack));
        let Work { inflate, bases } = &mut *self.work.borrow_mut();
        let bases: &mut dyn DecodeEntry = bases;
        pack.data.decode_entry(entry, buffer, inflate, &base, bases).ok().map(|found| found.kind)
    }

    fn packed_header(&self, id: &oid) -> Option<Header> {
        let (pack, entry) = self.packs.0.iter().find_map(|pack| Some((pack, pack.entry(id)?)))?;
        let base = |id: &oid| Ok(pack.entry(id).map(header::ResolvedBase::InPack));
        let found = pack.data.decode_header(entry, &mut self.work.borrow_mut().inflate, &base).ok()?;
        Some(Header { kind: found.kind, size: found.object_size })
    }
}

impl Find for Objects {
    fn try_find<'a>(&self, id: &oid, buffer: &'a mut Vec<u8>) -> gix::Result<Option<Data<'a>>> {
        match self.packed(id, buffer) {
            Some(kind) => Ok(Some(Data::new(buffer, kind, id.kind()))),
            None => self.rest.try_find(id, buffer),
        }
    }
}

impl FindHeader for Objects {
    fn try_header(&self, id: &oid) -> gix::Result<Option<Header>> {
        match self.packed_header(id) {
            Some(header) => Ok(Some(header)),
            None => FindHeader::try_header(&self.rest, id),
        }
    }
}
