//! Marks that hardly any text holds: whole texts are searched for all of them at once before anything else is done.

use aho_corasick::{AhoCorasick, packed};

/// A set of marks.
pub(crate) struct Marks {
    /// Compares many bytes at a time, on processors that can.
    packed: Option<packed::Searcher>,
    any: AhoCorasick,
}

impl Marks {
    /// Takes marks that are constant and not empty.
    pub(crate) fn new<'m>(marks: impl Iterator<Item = &'m str> + Clone) -> Self {
        let packed = packed::Searcher::new(marks.clone());
        Self { packed, any: AhoCorasick::new(marks).expect("constant marks fit in an automaton") }
    }

    /// Whether a text holds one of the marks.
    pub(crate) fn any_in(&self, text: &str) -> bool {
        match &self.packed {
            Some(packed) => packed.find(text).is_some(),
            None => self.any.is_match(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_searching_agree() {
        let marks = ["gitleaks:allow", "nosec", "ref+vault://"];
        let fast = Marks::new(marks.into_iter());
        let plain = Marks { packed: None, any: AhoCorasick::new(marks).unwrap() };
        let check = |text: &str, expected: bool| {
            assert_eq!((fast.any_in(text), plain.any_in(text)), (expected, expected), "{text:?}");
        };
        check("", false);
        check("nose", false);
        check("x  # nosec", true);
        check(&format!("{}ref+vault://a", "ref+vaul".repeat(100)), true);
        check(&"gitleaks allow nose ".repeat(100), false);
    }
}
