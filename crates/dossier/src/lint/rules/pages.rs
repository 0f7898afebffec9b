//! The compiled paper is as long as the framework asks.

use crate::finding::{Finding, Level};
use crate::lint::Paper;

pub(super) const ID: &str = "structure.pages";

/// *Approximately* leaves a page on either side.
const TOLERANCE: u32 = 1;

pub(super) fn run(paper: &Paper<'_>, found: &mut Vec<Finding>) {
    let (Some(measured), Some(first)) = (paper.asked.pages, paper.texts.first()) else { return };
    let Some(bounds) = paper.asked.deliverable.and_then(|deliverable| deliverable.pages) else { return };
    let (min, max) = (bounds.min, bounds.max);
    let tolerance = if bounds.approximate { TOLERANCE } else { 0 };
    let (message, lines) = if measured.pages > max {
        let over = (measured.pages - max - 1) * measured.lines_per_page + measured.last_lines;
        ("lint-pages-over", over)
    } else if measured.pages < min {
        // The last page counts as soon as one line is on it.
        let left = measured.lines_per_page.saturating_sub(measured.last_lines);
        ("lint-pages-under", (min - measured.pages - 1) * measured.lines_per_page + left + 1)
    } else {
        return;
    };
    let far = measured.pages > max + tolerance || measured.pages + tolerance < min;
    let mut longest: Vec<_> = measured.parts.iter().collect();
    longest.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let longest: Vec<String> = longest.iter().take(3).map(|(title, lines)| format!("{title} ({lines})")).collect();
    let level = if far { Level::Error } else { Level::Warning };
    let finding = Finding::on(&first.source.path, ID, level, message)
        .with("pages", measured.pages.to_string())
        .with("min", min.to_string())
        .with("max", max.to_string())
        .with("lines", lines.to_string())
        .with("longest", longest.join(", "));
    found.push(finding);
}
