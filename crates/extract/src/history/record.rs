//! A walk as bytes and back. What is read may be anything: every number is checked, nothing is trusted to be in range.

use gix::ObjectId;

use super::message::How;
use super::people::Identity;
use super::sample::Bound;
use super::walk::{Added, Commit, History};

const MAGIC: &[u8; 8] = b"preuve 1";

/// The bytes of a walk.
pub(crate) fn write(history: &History) -> Vec<u8> {
    let mut out = Vec::with_capacity(64 * history.commits.len() + 64);
    out.extend_from_slice(MAGIC);
    number(&mut out, history.identities.len() as u64);
    for identity in &history.identities {
        text(&mut out, &identity.name);
        text(&mut out, &identity.email);
    }
    number(&mut out, history.commits.len() as u64);
    for commit in &history.commits {
        write_commit(&mut out, commit);
    }
    number(&mut out, u64::from(history.bound.is_some()));
    if let Some(bound) = &history.bound {
        number(&mut out, bound.share);
        number(&mut out, u64::from(bound.known));
        object(&mut out, &bound.largest);
    }
    out
}

fn write_commit(out: &mut Vec<u8>, commit: &Commit) {
    object(out, &commit.id);
    object(out, &commit.tree);
    number(out, commit.parents.len() as u64);
    commit.parents.iter().for_each(|parent| number(out, u64::from(*parent)));
    number(out, u64::from(commit.author));
    number(out, commit.co_authors.len() as u64);
    commit.co_authors.iter().for_each(|author| number(out, u64::from(*author)));
    out.extend_from_slice(&commit.day.to_le_bytes());
    out.extend_from_slice(&commit.time.to_le_bytes());
    out.push(commit.request.as_ref().map_or(0, |(how, _)| how.code()));
    if let Some((_, reference)) = &commit.request {
        text(out, reference);
    }
    out.push(u8::from(commit.added.is_some()));
    if let Some(added) = commit.added {
        number(out, added.lines);
        number(out, added.bytes);
    }
}

/// Seven bits a byte, the lowest first; the high bit says that more follow.
fn number(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn text(out: &mut Vec<u8>, text: &str) {
    number(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

fn object(out: &mut Vec<u8>, id: &ObjectId) {
    out.push(id.as_slice().len() as u8);
    out.extend_from_slice(id.as_slice());
}

/// The walk that the bytes hold, when they hold one.
pub(crate) fn read(bytes: &[u8]) -> Option<History> {
    let mut input = Input { rest: bytes.strip_prefix(MAGIC)? };
    let mut history = History::default();
    for _ in 0..input.count()? {
        history.identities.push(Identity { name: input.text()?, email: input.text()? });
    }
    let commits = input.count()?;
    history.commits.reserve(commits);
    for _ in 0..commits {
        history.commits.push(input.commit(commits, history.identities.len())?);
    }
    if input.number()? != 0 {
        let (share, known) = (input.number()?, input.number()? != 0);
        history.bound = Some(Bound { share, known, largest: input.object()? });
    }
    input.rest.is_empty().then_some(history)
}

struct Input<'a> {
    rest: &'a [u8],
}

impl<'a> Input<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn number(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let [byte] = self.array()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    /// A number of things of at least one byte each, so that there are never more of them than bytes left.
    fn count(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok().filter(|count| *count <= self.rest.len())
    }

    fn text(&mut self) -> Option<String> {
        let length = self.count()?;
        String::from_utf8(self.take(length)?.to_vec()).ok()
    }

    fn object(&mut self) -> Option<ObjectId> {
        let [length] = self.array()?;
        ObjectId::try_from(self.take(usize::from(length))?).ok()
    }

    fn index(&mut self, below: usize) -> Option<u32> {
        u32::try_from(self.number()?).ok().filter(|index| (*index as usize) < below)
    }

    fn indices(&mut self, below: usize) -> Option<Vec<u32>> {
        (0..self.count()?).map(|_| self.index(below)).collect()
    }

    fn commit(&mut self, commits: usize, identities: usize) -> Option<Commit> {
        let (id, tree) = (self.object()?, self.object()?);
        let parents = self.indices(commits)?;
        let author = self.index(identities)?;
        let co_authors = self.indices(identities)?;
        let day = i32::from_le_bytes(self.array()?);
        let time = i64::from_le_bytes(self.array()?);
        let [code] = self.array()?;
        let request = if code == 0 { None } else { Some((How::of_code(code)?, self.text()?)) };
        let [counted] = self.array()?;
        let added = if counted == 0 { None } else { Some(Added { lines: self.number()?, bytes: self.number()? }) };
        Some(Commit { id, tree, parents, author, co_authors, day, time, request, added })
    }
}
