//! Headings go down one level at a time, and the first is of the first level.

use crate::finding::{Finding, Level};
use crate::lint::Paper;
use crate::lint::outline::sections;

pub(super) const ID: &str = "structure.heading-levels";

pub(super) fn run(paper: &Paper<'_>, found: &mut Vec<Finding>) {
    let mut before = 0;
    for text in &paper.texts {
        for section in sections(text.source) {
            if section.level > before + 1 {
                let message = if before == 0 { "lint-heading-first" } else { "lint-heading-jump" };
                let finding = Finding::at(text.source, section.range.clone(), ID, Level::Warning, message)
                    .with("level", section.level.to_string())
                    .with("expected", (before + 1).to_string());
                found.push(finding);
            }
            if section.title.trim().is_empty() {
                found.push(Finding::at(text.source, section.range, ID, Level::Warning, "lint-heading-empty"));
            }
            before = section.level;
        }
    }
}
