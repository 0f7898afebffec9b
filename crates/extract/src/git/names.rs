//! Where a name stands in the index of a pack.
//!
//! A name is a hash, so that those of an index are spread evenly: where one stands can be computed nearly, which
//! touches one or two pages of a large index where halving touches a dozen.

use std::cmp::Ordering;
use std::ops::Range;
use std::path::Path;

use gix::odb::pack::index;
use gix::oid;

/// About how many names of an index are at hand; as many as a cache of the processor holds.
const MARKS: u32 = 16_384;
/// How often a place is computed before the rest is halved: chosen names are not spread evenly.
const GUESSES: usize = 12;

/// The sorted names of a pack, with a few of them at hand: looking at those costs no page of the index.
pub(super) struct Names {
    index: index::File,
    /// What every so many names begin with.
    marks: Vec<u64>,
    apart: u32,
}

impl Names {
    pub(super) fn open(path: &Path, hash: gix::hash::Kind) -> Option<Self> {
        let index = index::File::at(path, hash).ok()?;
        let apart = (index.num_objects() / MARKS).max(1);
        let places = (0..index.num_objects()).step_by(apart as usize);
        let marks = places.map(|place| leading(index.oid_at_index(place))).collect();
        Some(Self { index, marks, apart })
    }

    /// Where in the pack the object of a name begins.
    pub(super) fn offset(&self, id: &oid) -> Option<u64> {
        Some(self.index.pack_offset_at_index(self.place(id)?))
    }

    fn place(&self, id: &oid) -> Option<u32> {
        let wanted = leading(id);
        let after = self.marks.partition_point(|mark| *mark < wanted);
        let same = self.marks[after..].iter().take_while(|mark| **mark == wanted).count();
        let count = self.index.num_objects();
        let at = |mark: usize| u32::try_from(mark).map_or(count, |mark| mark.saturating_mul(self.apart).min(count));
        let first = after.checked_sub(1).map_or(0, |before| self.marks[before]);
        let last = self.marks.get(after + same).copied().unwrap_or(u64::MAX);
        search(id, at(after.saturating_sub(1))..at(after + same), first..last, |place| self.index.oid_at_index(place))
    }
}

/// Finds a name among sorted ones, between two places and what the names at both begin with.
fn search<'n>(id: &oid, places: Range<u32>, values: Range<u64>, name: impl Fn(u32) -> &'n oid) -> Option<u32> {
    let wanted = leading(id);
    let (Range { start: mut from, end: mut to }, Range { start: mut first, end: mut last }) = (places, values);
    let mut guesses = 0;
    while from < to {
        let inside = (first..=last).contains(&wanted) && guesses < GUESSES;
        let at = if inside { guess(from..to, first..last, wanted) } else { u32::midpoint(from, to) };
        guesses += 1;
        let here = name(at);
        match id.cmp(here) {
            Ordering::Equal => return Some(at),
            Ordering::Less => (to, last) = (at, leading(here)),
            Ordering::Greater => (from, first) = (at + 1, leading(here)),
        }
    }
    None
}

/// The place at which a name would stand if all between were evenly spread.
fn guess(places: Range<u32>, values: Range<u64>, wanted: u64) -> u32 {
    // Half of the digits are enough to guess, and are divided faster.
    let (ahead, width) = ((wanted - values.start) >> 32, (values.end - values.start) >> 32);
    let ahead = ahead * u64::from(places.end - places.start) / (width + 1);
    // Less than the count, since what is wanted is inside.
    places.start + u32::try_from(ahead).unwrap_or(0)
}

fn leading(id: &oid) -> u64 {
    id.as_bytes().first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::*;

    /// An index of version 2 that holds the names, in a file.
    fn index(dir: &Path, names: &[[u8; 20]]) -> PathBuf {
        let mut bytes = b"\xfftOc\0\0\0\x02".to_vec();
        for first in 0..=u8::MAX {
            let below = names.partition_point(|name| name[0] <= first);
            bytes.extend(u32::try_from(below).unwrap().to_be_bytes());
        }
        names.iter().for_each(|name| bytes.extend(name));
        // Check sums that nobody asks for, places in the pack, and the sums of both files.
        bytes.extend(vec![0; names.len() * 8 + 40]);
        let path = dir.join("pack-test.idx");
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Names that look random, the same in every run.
    fn names(count: usize) -> Vec<[u8; 20]> {
        let mut state: u64 = 0x2545_f491_4f6c_dd1d;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8
        };
        (0..count).map(|_| std::array::from_fn(|_| next())).collect()
    }

    /// Every name is found where gix finds it, and names beside them are not.
    fn check(mut names: Vec<[u8; 20]>) {
        let dir = tempfile::tempdir().unwrap();
        names.sort_unstable();
        let found = Names::open(&index(dir.path(), &names), gix::hash::Kind::Sha1).unwrap();
        // Enough of them to meet every kind of place, in a test that is not optimised.
        let asked = names.iter().step_by(names.len() / 3_000 + 1);
        let beside = asked.clone().flat_map(|name| {
            let (mut before, mut after) = (*name, *name);
            before[19] = before[19].wrapping_sub(1);
            after[7] = after[7].wrapping_add(1);
            [before, after]
        });
        for name in asked.copied().chain(beside).chain([[0; 20], [0xff; 20]]) {
            let id = gix::ObjectId::from(name);
            let names = |place: Option<u32>| place.map(|place| found.index.oid_at_index(place).to_owned());
            assert_eq!(names(found.place(&id)), names(found.index.lookup(id)), "{id}");
        }
    }

    #[test]
    fn names_are_found_where_gix_finds_them() {
        check(Vec::new());
        check(names(1));
        check(names(3_000));
        // More than are at hand.
        check(names(3 * MARKS as usize + 7));
    }

    #[test]
    fn names_that_are_not_spread_are_found_too() {
        let many = 2 * MARKS as usize;
        let tail = |at: usize| u32::try_from(at).unwrap().to_be_bytes();
        let of = |first: &[u8], at: usize| -> [u8; 20] {
            std::array::from_fn(|byte| match byte {
                16.. => tail(at)[byte - 16],
                byte => first.get(byte).copied().unwrap_or(0),
            })
        };
        // All begin alike; half at either end; one name many times.
        check((0..many).map(|at| of(&[7; 8], at)).collect());
        check((0..many).map(|at| of(&[if at % 2 == 0 { 0 } else { 0xff }; 12], at)).collect());
        check(vec![of(&[3; 8], 1); many]);
    }

    #[test]
    fn a_place_is_inside() {
        let near = |count: u32, values: Range<u64>, wanted: u64, expected: u32| {
            assert_eq!(guess(10..10 + count, values, wanted), 10 + expected);
        };
        let high = |value: u64| value << 32;
        near(100, 0..high(99), 0, 0);
        near(100, 0..high(99), high(50), 50);
        near(100, 0..high(99), high(99), 99);
        near(100, high(20)..high(119), high(70), 50);
        near(1, 7..7, 7, 0);
        near(9, 7..8, 8, 0);
        near(u32::MAX - 10, 0..u64::MAX, u64::MAX, u32::MAX - 11);
    }
}
