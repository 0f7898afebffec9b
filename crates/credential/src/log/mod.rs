//! A log that only grows: a Merkle tree as RFC 6962 builds it, over leaves of any bytes. Whoever keeps an earlier
//! checkpoint can prove that nothing was altered or removed since; whoever holds a leaf can prove that it is listed.

mod checkpoint;

use crate::encoding::sha256;

pub use checkpoint::{Checkpoint, NoteError, Trusted};

/// A hash of the tree.
pub type Hash = [u8; 32];

/// The hash of a leaf.
pub fn leaf(bytes: &[u8]) -> Hash {
    sha256(&[&[0], bytes].concat())
}

/// The hash of two subtrees together.
pub fn node(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&[1], &left[..], right].concat())
}

/// The hash of an entry in a chain: what was before, and what is said now.
pub fn chained(previous: &Hash, entry: &[u8]) -> Hash {
    sha256(&[&[2], &previous[..], entry].concat())
}

/// A tree that is grown leaf by leaf, of which only the roots of its whole subtrees are kept: a leaf costs the
/// logarithm of what is there already, in time and memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    /// The largest first.
    roots: Vec<Hash>,
}

impl Frontier {
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf.
    pub fn push(&mut self, bytes: &[u8]) {
        self.push_hash(leaf(bytes));
    }

    /// Adds a leaf by its hash.
    pub fn push_hash(&mut self, mut hash: Hash) {
        for _ in 0..self.size.trailing_ones() {
            let left = self.roots.pop().expect("each bit of the size is a kept root");
            hash = node(&left, &hash);
        }
        self.roots.push(hash);
        self.size += 1;
    }

    pub fn root(&self) -> Hash {
        self.roots.iter().rev().copied().reduce(|right, left| node(&left, &right)).unwrap_or_else(|| sha256(&[]))
    }
}

/// The root over leaves given by their hashes.
pub fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => sha256(&[]),
        [one] => *one,
        many => {
            let (left, right) = many.split_at(split(many.len()));
            node(&root(left), &root(right))
        }
    }
}

/// The largest power of two below a number above one.
fn split(len: usize) -> usize {
    1 << (len - 1).ilog2()
}

/// The hashes that lead from a leaf to the root; none when there is no such leaf.
pub fn inclusion(leaves: &[Hash], index: usize) -> Option<Vec<Hash>> {
    if index >= leaves.len() {
        return None;
    }
    if leaves.len() == 1 {
        return Some(Vec::new());
    }
    let at = split(leaves.len());
    let (left, right) = leaves.split_at(at);
    let (mut path, beside) =
        if index < at { (inclusion(left, index)?, root(right)) } else { (inclusion(right, index - at)?, root(left)) };
    path.push(beside);
    Some(path)
}

/// The hashes that prove that the first `size` leaves are still the beginning; none when there are fewer.
pub fn consistency(leaves: &[Hash], size: usize) -> Option<Vec<Hash>> {
    if size > leaves.len() {
        return None;
    }
    if size == 0 || size == leaves.len() {
        return Some(Vec::new());
    }
    Some(part(leaves, size, true))
}

fn part(leaves: &[Hash], size: usize, whole: bool) -> Vec<Hash> {
    if size == leaves.len() {
        return if whole { Vec::new() } else { vec![root(leaves)] };
    }
    let at = split(leaves.len());
    let (left, right) = leaves.split_at(at);
    let (mut path, beside) =
        if size <= at { (part(left, size, whole), root(right)) } else { (part(right, size - at, false), root(left)) };
    path.push(beside);
    path
}

/// Whether a path leads from a leaf at its place to the root of a tree of that size.
pub fn includes(leaf: &Hash, index: u64, size: u64, path: &[Hash], expected: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut hash) = (index, size - 1, *leaf);
    for beside in path {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            hash = node(beside, &hash);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, beside);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *expected
}

/// Whether the tree of the first size, with its root, is the beginning of the second.
pub fn extends(first: (u64, &Hash), second: (u64, &Hash), path: &[Hash]) -> bool {
    let ((size, root), (larger, grown)) = (first, second);
    if size == 0 || size >= larger {
        return path.is_empty() && (size == 0 && *root == sha256(&[]) || size == larger && root == grown);
    }
    let mut path = path.iter();
    // A whole subtree is its own start.
    let Some(start) = (if size.is_power_of_two() { Some(root) } else { path.next() }) else { return false };
    let (mut at, mut last) = (size - 1, larger - 1);
    while at & 1 == 1 {
        at >>= 1;
        last >>= 1;
    }
    let (mut old, mut new) = (*start, *start);
    for beside in path {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            old = node(beside, &old);
            new = node(beside, &new);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            new = node(&new, beside);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && old == *root && new == *grown
}

#[cfg(test)]
mod tests;
