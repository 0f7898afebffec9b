//! What of a file could not be read.

use crate::finding::{Finding, Level};
use crate::lint::Paper;

pub(super) const ID: &str = "source.unread";

pub(super) fn run(paper: &Paper<'_>, found: &mut Vec<Finding>) {
    for text in &paper.texts {
        for (why, range) in &text.source.refusals {
            let shown = range.start..range.end.min(range.start + first(text.source.slice(range)));
            found.push(Finding::at(text.source, shown, ID, Level::Error, why.message()));
        }
    }
}

/// How many bytes the first character has.
fn first(text: &str) -> usize {
    text.chars().next().map_or(1, char::len_utf8)
}
