//! Who was met lately, by the bytes that stand in a commit: the same few people write most commits of a long history.

use std::hash::{DefaultHasher, Hasher};

/// How many are remembered at most; each has one place, which the next that falls on it takes.
const PLACES: usize = 1 << 14;
/// The longest name with its address that is remembered.
const BYTES: usize = 1_000;

/// Numbers of identities by name and address.
#[derive(Default)]
pub(super) struct Met {
    places: Vec<(Vec<u8>, u32)>,
    /// What was asked for last, and its place.
    asked: Vec<u8>,
    place: usize,
}

impl Met {
    /// The number that was kept for a name and address, when it still is.
    pub(super) fn get(&mut self, name: &[u8], email: &[u8]) -> Option<u32> {
        self.asked.clear();
        self.asked.extend_from_slice(name);
        self.asked.push(0);
        self.asked.extend_from_slice(email);
        let mut hasher = DefaultHasher::new();
        hasher.write(&self.asked);
        self.place = hasher.finish() as usize % PLACES;
        let (key, number) = self.places.get(self.place)?;
        (*key == self.asked).then_some(*number)
    }

    /// Keeps the number of what was asked for last.
    pub(super) fn keep(&mut self, number: u32) {
        if self.asked.len() > BYTES {
            return;
        }
        if self.places.is_empty() {
            self.places = vec![(Vec::new(), 0); PLACES];
        }
        self.places[self.place] = (self.asked.clone(), number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_known_and_nothing_else() {
        let mut met = Met::default();
        assert_eq!(met.get(b"Ada", b"a@x"), None);
        met.keep(7);
        assert_eq!(met.get(b"Ada", b"a@x"), Some(7));
        // The bytes are the same in a row, but not which of them are the name.
        assert_eq!(met.get(b"Ad", b"aa@x"), None);
        assert_eq!(met.get(b"", b""), None);
        let long = [b'x'; BYTES + 1];
        assert_eq!(met.get(&long, b""), None);
        met.keep(8);
        assert_eq!(met.get(&long, b""), None);
    }

    #[test]
    fn more_people_than_places_are_told_apart() {
        let mut met = Met::default();
        for number in 0..3 * PLACES as u32 {
            let name = format!("person {number}");
            assert_eq!(met.get(name.as_bytes(), b"p@x"), None, "{name}");
            met.keep(number);
            assert_eq!(met.get(name.as_bytes(), b"p@x"), Some(number), "{name}");
        }
    }
}
