//! Markdown into a tree of blocks with byte ranges, within bounds that no hostile text passes.

mod build;
mod lines;
mod long;
mod prose;
mod tree;

use std::ops::Range;

pub use lines::Position;
pub(crate) use long::cut;
pub use prose::{OBJECT, Place, Prose};
pub use tree::{Alignment, Block, BlockKind, Cell, Inline, InlineKind, Item, Row, plain};

use lines::Lines;

/// A report of a hundred pages has some 300 kB.
pub const LARGEST: usize = 1024 * 1024;
/// Quotes in lists in quotes: people stop at four or five.
pub const DEEPEST: usize = 24;
/// Blocks, cells and runs of one text together.
pub const MOST_NODES: usize = 100_000;

/// A report has some tens; the contents of a paper lists each.
pub const MOST_HEADINGS: usize = 1_000;

/// The longest addresses have two thousand characters; a PDF holds no text of more than 32,767 without a space.
pub const LONGEST_WORD: usize = 8_000;

/// People stop at a line; a PDF names none of more than 32,767 characters in its contents.
pub const LONGEST_HEADING: usize = 4_000;

/// Why part of a text was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// More than [`LARGEST`] bytes; nothing was read.
    TooLarge,
    /// Not UTF-8, or it holds NUL bytes; nothing was read.
    NotText,
    /// Nested deeper than [`DEEPEST`]; what is deeper was left out.
    TooDeep,
    /// More than [`MOST_NODES`] or [`MOST_HEADINGS`]; what follows was left out.
    TooMany,
    /// More than [`LONGEST_WORD`] characters without a space; papers leave out what follows of it.
    TooLong,
    /// More than [`LONGEST_HEADING`] bytes; it is read as a paragraph.
    LongHeading,
}

impl Refusal {
    /// What the catalogue calls it.
    pub fn message(self) -> &'static str {
        match self {
            Refusal::TooLarge => "lint-unread-large",
            Refusal::NotText => "lint-unread-not-text",
            Refusal::TooDeep => "lint-unread-deep",
            Refusal::TooMany => "lint-unread-many",
            Refusal::TooLong => "lint-unread-long",
            Refusal::LongHeading => "lint-unread-heading",
        }
    }
}

/// One Markdown file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub path: String,
    pub text: String,
    pub blocks: Vec<Block>,
    /// What was not read, with the place where reading stopped.
    pub refusals: Vec<(Refusal, Range<usize>)>,
    lines: Lines,
}

impl Source {
    /// Reads a file. It always gives a source: what could not be read is among its refusals.
    pub fn read(path: &str, bytes: &[u8]) -> Self {
        if bytes.len() > LARGEST {
            return Self::refused(path, Refusal::TooLarge);
        }
        match std::str::from_utf8(bytes) {
            Ok(text) if !text.contains('\0') => Self::parse(path, text),
            _ => Self::refused(path, Refusal::NotText),
        }
    }

    /// Reads a text that is known to be one.
    pub fn parse(path: &str, text: &str) -> Self {
        if text.len() > LARGEST {
            return Self::refused(path, Refusal::TooLarge);
        }
        let (blocks, mut refusals) = build::blocks(text);
        refusals.extend(long::words(text).map(|range| (Refusal::TooLong, range)));
        Self { path: path.to_owned(), text: text.to_owned(), blocks, refusals, lines: Lines::of(text) }
    }

    /// A text that is no Markdown, such as a table: its places, without blocks.
    pub fn plain(path: &str, text: &str) -> Self {
        let (path, lines) = (path.to_owned(), Lines::of(text));
        Self { path, text: text.to_owned(), blocks: Vec::new(), refusals: Vec::new(), lines }
    }

    /// The offset of a place, whose line and column count from 1; the end of the text when it has no such place.
    pub fn offset(&self, line: u64, column: u64) -> usize {
        let index = |n: u64| usize::try_from(n.saturating_sub(1)).unwrap_or(usize::MAX);
        let mut starts = self.text.split_inclusive('\n').scan(0, |at, text| {
            let start = *at;
            *at += text.len();
            Some((start, text))
        });
        let Some((start, text)) = starts.nth(index(line)) else { return self.text.len() };
        let within = text.char_indices().nth(index(column)).map_or(text.trim_end().len(), |(at, _)| at);
        start + within
    }

    /// A file that was found too large before it was read.
    pub fn too_large(path: &str) -> Self {
        Self::refused(path, Refusal::TooLarge)
    }

    fn refused(path: &str, why: Refusal) -> Self {
        let refusals = vec![(why, 0..0)];
        Self { path: path.to_owned(), text: String::new(), blocks: Vec::new(), refusals, lines: Lines::of("") }
    }

    /// Where a range starts, and where its last character is.
    pub fn positions(&self, range: &Range<usize>) -> (Position, Position) {
        let start = self.lines.position(&self.text, range.start);
        let last = self.text.get(range.clone()).and_then(|text| text.char_indices().next_back());
        let end = last.map_or(start, |(at, _)| self.lines.position(&self.text, range.start + at));
        (start, end)
    }

    /// The text between two offsets, empty when they cut a character.
    pub fn slice(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// Everything that is read as sentences, block by block in the order of the text.
    pub fn prose(&self) -> Vec<Prose> {
        prose::of(self)
    }
}

#[cfg(test)]
mod tests;
