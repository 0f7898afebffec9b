//! What of a file could not be read.

use crate::finding::{Finding, Level};
use crate::lint::Paper;
use crate::source::Refusal;

pub(super) const ID: &str = "source.unread";

pub(super) fn run(paper: &Paper<'_>, found: &mut Vec<Finding>) {
    for text in &paper.texts {
        for (why, range) in &text.source.refusals {
            let message = match why {
                Refusal::TooLarge => "lint-unread-large",
                Refusal::NotText => "lint-unread-not-text",
                Refusal::TooDeep => "lint-unread-deep",
                Refusal::TooMany => "lint-unread-many",
            };
            let shown = range.start..range.end.min(range.start + 1);
            found.push(Finding::at(text.source, shown, ID, Level::Error, message));
        }
    }
}
