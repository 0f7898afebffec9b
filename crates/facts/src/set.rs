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
        self.sorted.extend(more);
        self.sorted.sort();
        self.sorted.dedup();
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
