//! Cells that a spreadsheet would run when the table is copied into one.

use crate::finding::{Finding, Level};
use crate::lint::Paper;
use crate::source::Place;

pub(super) const ID: &str = "source.formula";

pub(super) fn run(paper: &Paper<'_>, found: &mut Vec<Finding>) {
    for text in &paper.texts {
        for prose in text.prose.iter().filter(|prose| prose.place == Place::Cell) {
            let cell = prose.text.trim();
            if is_formula(cell) {
                let shown: String = cell.chars().take(30).collect();
                let range = prose.locate(&(0..prose.text.len()));
                found.push(Finding::at(text.source, range, ID, Level::Error, "lint-formula").with("cell", shown));
            }
        }
    }
}

pub(crate) fn is_formula(cell: &str) -> bool {
    let Some(rest) = cell.strip_prefix(['=', '+', '-', '@', '\t']) else { return false };
    let calls = rest.contains('(') || rest.contains('|') || rest.contains('!');
    let starts = rest.trim_start_matches(['=', '+', '-', '@']).starts_with(|c: char| c.is_ascii_alphanumeric());
    starts && (cell.starts_with('=') || calls)
}
