//! Names of headings for links: distinct over a whole paper.

use std::collections::{BTreeMap, BTreeSet};

/// The names that were given.
#[derive(Default)]
pub(super) struct Names {
    given: BTreeSet<String>,
    /// The last number that was given to headings of a name.
    numbered: BTreeMap<String, usize>,
}

impl Names {
    /// A name for a heading that no other has.
    pub(super) fn of(&mut self, heading: &str) -> String {
        let mut slug: String = heading
            .chars()
            .flat_map(char::to_lowercase)
            .map(|c| if c.is_alphanumeric() { c } else { '-' })
            .take(60)
            .collect();
        if slug.is_empty() {
            slug.push('s');
        }
        let mut id = slug.clone();
        while !self.given.insert(id.clone()) {
            let n = self.numbered.entry(slug.clone()).or_insert(1);
            *n += 1;
            id = format!("{slug}-{n}");
        }
        id
    }
}
