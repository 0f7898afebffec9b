//! All commits that lead to the assessed one, with the few things of each that facts need.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use gix::ObjectId;
use gix::bstr::ByteSlice;
use gix::objs::commit::ref_iter::Token;
use gix::objs::{CommitRefIter, Find, Kind};

use super::cache::Cache;
use super::message::{self, How};
use super::met::Met;
use super::people::Identity;
use super::sample::Bound;
use crate::git::{Header, Signature};

/// The place of a commit that is met but not read yet.
const PENDING: u32 = u32::MAX;

/// One commit, as facts need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Commit {
    pub id: ObjectId,
    pub tree: ObjectId,
    /// Where the parents stand in [`History::commits`].
    pub parents: Vec<u32>,
    /// Where the author stands in [`History::identities`].
    pub author: u32,
    pub co_authors: Vec<u32>,
    /// Days since 1970 at the place of the author.
    pub day: i32,
    /// Seconds since 1970 of the committer.
    pub time: i64,
    pub request: Option<(How, String)>,
    /// What it added to own files, once that was counted.
    pub added: Option<Added>,
}

/// What a commit added, and how much was read to know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Added {
    pub lines: u64,
    pub bytes: u64,
}

impl Commit {
    fn unread(id: ObjectId) -> Self {
        Self {
            id,
            tree: ObjectId::null(id.kind()),
            parents: Vec::new(),
            author: 0,
            co_authors: Vec::new(),
            day: 0,
            time: 0,
            request: None,
            added: None,
        }
    }
}

/// A history: no commit twice, the assessed one first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct History {
    pub commits: Vec<Commit>,
    pub identities: Vec<Identity>,
    /// What samples tell about the largest commit, once they were taken.
    pub bound: Option<Bound>,
}

/// Why a history could not be walked to its end.
#[derive(Debug, thiserror::Error)]
#[error("commit {commit} cannot be read: {why}")]
pub(crate) struct Broken {
    pub commit: ObjectId,
    pub why: String,
}

impl History {
    /// The commits from the assessed one to the root, first parents alone.
    pub(crate) fn trunk(&self) -> Vec<&Commit> {
        let mut trunk = Vec::new();
        let mut next = self.commits.first();
        // A chain longer than the history would be a cycle, which object names exclude.
        while let Some(commit) = next.filter(|_| trunk.len() < self.commits.len()) {
            trunk.push(commit);
            next = commit.parents.first().and_then(|parent| self.commits.get(*parent as usize));
        }
        trunk
    }
}

/// Walks from a commit to all roots, always in the same order. Commits that the cache knows are not read again.
pub(crate) fn walk(objects: &impl Find, tip: ObjectId, cache: &Cache) -> Result<History, Broken> {
    let mut walk = Walk::default();
    let mut known: Option<Known> = None;
    // The parents of all commits, one after the other, and where those of each end.
    let mut parents: Vec<ObjectId> = Vec::new();
    let mut ends = Vec::new();
    let mut pending = vec![tip];
    walk.place.insert(tip, PENDING);
    let mut buffer = Vec::new();
    while let Some(id) = pending.pop() {
        if known.is_none() && cache.holds(id) {
            known = cache.load(id).map(Known::new);
        }
        let first = parents.len();
        let commit = match known.as_mut().and_then(|known| walk.known(known, id, &mut parents)) {
            Some(known) => known,
            None => walk.find(objects, id, &mut buffer, &mut parents)?,
        };
        walk.add(commit);
        // Reversed, so that the first parent is read next: it lies nearest in the pack.
        for parent in parents[first..].iter().rev() {
            walk.place.entry(*parent).or_insert_with(|| {
                pending.push(*parent);
                PENDING
            });
        }
        ends.push(parents.len());
    }
    let mut first = 0;
    for (commit, end) in walk.history.commits.iter_mut().zip(ends) {
        commit.parents = parents[first..end].iter().filter_map(|parent| walk.place.get(parent).copied()).collect();
        first = end;
    }
    Ok(walk.history)
}

/// An earlier walk, with the place of each of its commits.
struct Known {
    history: History,
    place: gix::hashtable::HashMap<ObjectId, usize>,
    /// Where its identities stand in the new walk, as far as they were met.
    identities: Vec<Option<u32>>,
}

impl Known {
    fn new(history: History) -> Self {
        let place = history.commits.iter().enumerate().map(|(at, commit)| (commit.id, at)).collect();
        Self { place, identities: vec![None; history.identities.len()], history }
    }
}

#[derive(Default)]
struct Walk {
    history: History,
    place: gix::hashtable::HashMap<ObjectId, u32>,
    people: BTreeMap<Identity, u32>,
    met: Met,
}

impl Walk {
    fn find(
        &mut self,
        objects: &impl Find,
        id: ObjectId,
        buffer: &mut Vec<u8>,
        parents: &mut Vec<ObjectId>,
    ) -> Result<Commit, Broken> {
        let broken = |why: String| Broken { commit: id, why };
        let object = objects.try_find(&id, buffer).map_err(|error| broken(error.to_string()))?;
        let object = object.ok_or_else(|| broken("the repository does not hold it".to_owned()))?;
        if object.kind != Kind::Commit {
            return Err(broken(format!("it is a {}", object.kind)));
        }
        self.read(id, object.data, parents).map_err(broken)
    }

    fn read(&mut self, id: ObjectId, data: &[u8], parents: &mut Vec<ObjectId>) -> Result<Commit, String> {
        let first = parents.len();
        let mut commit = Commit::unread(id);
        if let Some(header) = Header::read(data, id.kind(), parents) {
            let Signature { name, email, seconds, offset } = header.author;
            commit.tree = header.tree;
            commit.author = self.identity(trimmed(name), trimmed(email));
            commit.day = day(seconds, offset);
            commit.time = header.committer.seconds;
            self.message(&mut commit, header.message, parents.len() - first > 1);
            return Ok(commit);
        }
        for token in CommitRefIter::from_bytes(data, id.kind()) {
            match token.map_err(|error| error.to_string())? {
                Token::Tree { id } => commit.tree = id,
                Token::Parent { id } => parents.push(id),
                Token::Author { signature } => {
                    commit.author = self.identity(trimmed(signature.name), trimmed(signature.email));
                    commit.day = signature.time().map_or(0, |time| day(time.seconds, time.offset));
                }
                Token::Committer { signature } => commit.time = signature.seconds(),
                Token::Message(text) => self.message(&mut commit, text, parents.len() - first > 1),
                Token::Encoding(_) | Token::ExtraHeader(_) => {}
            }
        }
        Ok(commit)
    }

    fn message(&mut self, commit: &mut Commit, text: &[u8], merge: bool) {
        let text = text.to_str_lossy();
        commit.request = message::request(&text, merge);
        if has_co_author(text.as_bytes()) {
            let found = message::co_authors(&text);
            commit.co_authors =
                found.iter().map(|(name, email)| self.identity(name.as_bytes(), email.as_bytes())).collect();
        }
    }

    fn add(&mut self, commit: Commit) {
        let place = u32::try_from(self.history.commits.len()).unwrap_or(PENDING);
        self.place.insert(commit.id, place);
        self.history.commits.push(commit);
    }

    fn identity(&mut self, name: &[u8], email: &[u8]) -> u32 {
        if let Some(known) = self.met.get(name, email) {
            return known;
        }
        let clip = |text: &[u8]| text.to_str_lossy().chars().take(200).collect::<String>();
        let index = self.identified(Identity { name: clip(name), email: clip(email) });
        self.met.keep(index);
        index
    }

    fn identified(&mut self, identity: Identity) -> u32 {
        if let Some(known) = self.people.get(&identity) {
            return *known;
        }
        let index = u32::try_from(self.history.identities.len()).unwrap_or(u32::MAX);
        self.history.identities.push(identity.clone());
        self.people.insert(identity, index);
        index
    }

    /// A commit of an earlier walk, as reading it would give it.
    fn known(&mut self, known: &mut Known, id: ObjectId, parents: &mut Vec<ObjectId>) -> Option<Commit> {
        let mut commit = known.history.commits.get(*known.place.get(&id)?)?.clone();
        for index in std::iter::once(&mut commit.author).chain(&mut commit.co_authors) {
            let met = known.identities.get_mut(*index as usize)?;
            let identity = known.history.identities.get(*index as usize)?;
            *index = *met.get_or_insert_with(|| self.identified(identity.clone()));
        }
        let found = commit.parents.iter().filter_map(|parent| known.history.commits.get(*parent as usize));
        parents.extend(found.map(|parent| parent.id));
        Some(commit)
    }
}

/// The day at the place of whoever wrote it.
fn day(seconds: i64, offset: i32) -> i32 {
    let local = seconds.saturating_add(i64::from(offset));
    i32::try_from(local.div_euclid(86_400)).unwrap_or(0)
}

/// A name or address without the spaces around it, which few have.
fn trimmed(text: &[u8]) -> &[u8] {
    let plain = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    if plain(text.first()) && plain(text.last()) { text } else { text.trim() }
}

static CO_AUTHOR: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder().ascii_case_insensitive(true).build(["co-authored-by"]).expect("the word is constant")
});

fn has_co_author(message: &[u8]) -> bool {
    CO_AUTHOR.is_match(message)
}
