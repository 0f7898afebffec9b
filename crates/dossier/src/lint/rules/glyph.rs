//! Signs that the fonts of the papers lack, such as emoji: the page shows a box instead.

use std::collections::BTreeSet;

use crate::finding::{Finding, Level};
use crate::lint::Paper;

pub(super) const ID: &str = "typography.glyph";

pub(super) fn run(paper: &Paper<'_>, found: &mut Vec<Finding>) {
    for text in &paper.texts {
        // The first place tells; an editor finds the others.
        let mut told = BTreeSet::new();
        for (at, c) in text.source.text.char_indices() {
            if paper.asked.lacking.contains(&c) && told.insert(c) {
                let range = at..at + c.len_utf8();
                let finding = Finding::at(text.source, range, ID, Level::Warning, "lint-glyph");
                found.push(finding.with("sign", c.to_string()).with("code", format!("U+{:04X}", u32::from(c))));
            }
        }
    }
}
