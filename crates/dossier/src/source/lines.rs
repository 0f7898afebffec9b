//! Byte offsets to lines and columns.

use serde::Serialize;

/// A place in a text for people: both count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

/// How many bytes are counted again at most to find a column: a text may be one line of a mebibyte.
const STEP: usize = 4096;

/// Where each line starts, and places in long lines: byte, line, column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lines(Vec<(usize, Position)>);

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        let mut here = Position { line: 1, column: 1 };
        let mut known = vec![(0, here)];
        let mut last = 0;
        for (at, c) in text.char_indices() {
            if at - last >= STEP {
                known.push((at, here));
                last = at;
            }
            here.column += 1;
            if c == '\n' {
                here = Position { line: here.line + 1, column: 1 };
                known.push((at + 1, here));
                last = at + 1;
            }
        }
        Self(known)
    }

    pub(super) fn position(&self, text: &str, offset: usize) -> Position {
        let offset = offset.min(text.len());
        let index = self.0.partition_point(|(start, _)| *start <= offset);
        let (start, at) = self.0[index - 1];
        let before = text.get(start..offset).unwrap_or_default();
        Position { line: at.line, column: at.column + before.chars().count() }
    }
}
