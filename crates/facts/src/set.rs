//! All facts of one repository, in one order that does not depend on who found them first.

use crate::Fact;

/// The facts of one repository at one commit, sorted by kind, place and fields.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    sorted: Vec<Fact>,
}

impl Facts {
    /// Sorts the facts and drops exact repetitions.
    pub fn new(mut facts: Vec<Fact>) -> Self {
        facts.sort();
        facts.dedup();
        Self { sorted: facts }
    }

    /// Adds facts found later, as relations are.
    pub fn extend(&mut self, more: Vec<Fact>) {
        let more = Self::new(more).sorted;
        let mut merged = Vec::with_capacity(self.sorted.len() + more.len());
        // Few come to many: each looks for its place, instead of all being compared again.
        let places: Vec<usize> = more.iter().map(|new| self.sorted.partition_point(|known| known < new)).collect();
        let mut known = std::mem::take(&mut self.sorted).into_iter();
        let mut taken = 0;
        for (new, place) in more.into_iter().zip(places) {
            merged.extend(known.by_ref().take(place - taken));
            taken = place;
            if known.as_slice().first() != Some(&new) {
                merged.push(new);
            }
        }
        merged.extend(known);
        self.sorted = merged;
    }

    /// All facts of one kind, in order.
    pub fn of(&self, kind: &str) -> &[Fact] {
        let start = self.sorted.partition_point(|fact| fact.kind() < kind);
        let end = self.sorted.partition_point(|fact| fact.kind() <= kind);
        &self.sorted[start..end]
    }

    pub fn iter(&self) -> impl Iterator<Item = &Fact> {
        self.sorted.iter()
    }

    pub fn len(&self) -> usize {
        self.sorted.len()
    }

    pub fn is_empty(&self) -> bool {
        self.sorted.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Location, Oid, Place};

    fn facts(names: &[&str]) -> Vec<Fact> {
        let location = Location { place: Place::Repository, commit: Oid::new("c".to_owned()) };
        names.iter().map(|name| Fact::new("vcs.tag", "test", location.clone()).with("name", *name)).collect()
    }

    #[test]
    fn what_is_added_stands_where_it_would_have_stood() {
        let check = |first: &[&str], more: &[&str]| {
            let mut grown = Facts::new(facts(first));
            grown.extend(facts(more));
            let all = Facts::new(facts(&[first, more].concat()));
            assert!(grown.iter().eq(all.iter()), "{first:?} + {more:?}");
            assert_eq!(grown.len(), all.len());
        };
        check(&[], &[]);
        check(&[], &["b", "a", "b"]);
        check(&["b", "a"], &[]);
        check(&["b", "d", "f"], &["a", "c", "e", "g"]);
        check(&["b", "d", "f"], &["f", "b", "d", "d"]);
        check(&["a", "b", "a"], &["c", "a", "d", "c"]);
    }
}
