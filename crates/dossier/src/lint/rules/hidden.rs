//! Characters that a reader does not see and that change what is shown: terminal escapes, reversed writing, nothing-wide marks.

use std::ops::Range;

use crate::finding::{Finding, Level};
use crate::lint::{Paper, Text};

pub(super) const ID: &str = "source.hidden";

/// More marks than this on one letter paint over other lines.
const MOST_MARKS: usize = 3;

pub(super) fn run(paper: &Paper<'_>, found: &mut Vec<Finding>) {
    for text in &paper.texts {
        written(text, found);
        resulting(text, found);
    }
}

/// What stands in the file itself, in code and addresses too.
fn written(text: &Text<'_>, found: &mut Vec<Finding>) {
    let source = text.source;
    let mut marks = 0;
    let mut before = ' ';
    let mut characters = source.text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        marks = if is_mark(c) { marks + 1 } else { 0 };
        if marks == MOST_MARKS + 1 {
            report(text, at..at + c.len_utf8(), Level::Error, "lint-hidden-marks", c, found);
        }
        let next = characters.peek().map_or(' ', |(_, c)| *c);
        let joins = c == '\u{200d}' && !before.is_ascii() && !next.is_ascii();
        before = c;
        let Some(message) = kind(c).filter(|_| !joins && !(c == '\u{feff}' && at == 0)) else { continue };
        report(text, at..at + c.len_utf8(), Level::Error, message, c, found);
    }
}

/// What entities such as `&#x202E;` become.
fn resulting(text: &Text<'_>, found: &mut Vec<Finding>) {
    for prose in &text.prose {
        for (at, c) in prose.text.char_indices() {
            let range = at..at + c.len_utf8();
            if let Some(message) = kind(c).filter(|_| !prose.verbatim(text.source, &range) && c != '\u{ad}') {
                report(text, prose.locate(&range), Level::Error, message, c, found);
            }
        }
    }
}

fn report(
    text: &Text<'_>,
    range: Range<usize>,
    level: Level,
    message: &'static str,
    c: char,
    found: &mut Vec<Finding>,
) {
    let code = format!("U+{:04X}", u32::from(c));
    found.push(Finding::at(text.source, range, ID, level, message).with("code", code));
}

fn kind(c: char) -> Option<&'static str> {
    match c {
        '\n' | '\r' | '\t' => None,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => Some("lint-hidden-control"),
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}' => {
            Some("lint-hidden-direction")
        }
        '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{180e}' | '\u{e0000}'..='\u{e007f}' => {
            Some("lint-hidden-width")
        }
        _ => None,
    }
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}')
}
