//! What is read as sentences: the words of a paragraph, heading, item or cell, each character with its place.

use std::ops::Range;

use super::Source;
use super::tree::{Block, BlockKind, Inline, InlineKind};

/// Stands for code, a picture or a note in a sentence: a word of no language.
pub const OBJECT: char = '\u{FFFC}';

/// Where a piece of prose stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Heading(u8),
    Paragraph,
    Item,
    Cell,
    Note,
}

/// The words of one block, without marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prose {
    pub place: Place,
    /// Someone else's words: inside a block quotation.
    pub quoted: bool,
    /// Code, pictures and notes are one [`OBJECT`] each; line breaks are spaces.
    pub text: String,
    /// The bytes of the block in the source.
    pub range: Range<usize>,
    /// For each run of `text`: where it starts there, where it starts in the source, and whether both run in step.
    runs: Vec<(usize, Range<usize>, bool)>,
}

impl Prose {
    /// The bytes of the source that a range of `text` was written in.
    pub fn locate(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.offset(range.start, false);
        let end = self.offset(range.end.max(range.start + 1).saturating_sub(1), true);
        start..end.max(start)
    }

    /// Whether the range was written as it reads, so that an edit can replace it.
    pub fn verbatim(&self, source: &Source, range: &Range<usize>) -> bool {
        source.slice(&self.locate(range)) == self.text.get(range.clone()).unwrap_or("\0")
    }

    /// The offset of a byte of `text`; with `after`, the end of the character that holds it.
    fn offset(&self, at: usize, after: bool) -> usize {
        let index = self.runs.partition_point(|(start, ..)| *start <= at).saturating_sub(1);
        let Some((start, source, steps)) = self.runs.get(index) else { return self.range.start };
        match (steps, after) {
            (true, false) => (source.start + at - start).min(source.end),
            (true, true) => {
                let mut end = at + 1;
                while end < self.text.len() && !self.text.is_char_boundary(end) {
                    end += 1;
                }
                (source.start + end - start).min(source.end)
            }
            (false, false) => source.start,
            (false, true) => source.end,
        }
    }

    fn new(place: Place, quoted: bool, range: &Range<usize>, inlines: &[Inline], source: &Source) -> Self {
        let mut prose = Self { place, quoted, text: String::new(), range: range.clone(), runs: Vec::new() };
        prose.add(inlines, source);
        prose
    }

    fn push(&mut self, text: &str, range: &Range<usize>, source: &Source) {
        self.runs.push((self.text.len(), range.clone(), source.slice(range) == text));
        self.text.push_str(text);
    }

    fn add(&mut self, inlines: &[Inline], source: &Source) {
        let mut object = [0; 4];
        let object = &*OBJECT.encode_utf8(&mut object);
        for inline in inlines {
            match &inline.kind {
                InlineKind::Text(text) => self.push(text, &inline.range, source),
                InlineKind::Emphasis(inside) | InlineKind::Strong(inside) | InlineKind::Struck(inside) => {
                    self.add(inside, source);
                }
                InlineKind::Link { inlines, .. } => self.add(inlines, source),
                InlineKind::SoftBreak | InlineKind::HardBreak => self.push(" ", &inline.range, source),
                InlineKind::Code(_) | InlineKind::Image { .. } => self.push(object, &inline.range, source),
                // It is read elsewhere, and a mark stands against the word before it.
                InlineKind::Html(_) | InlineKind::FootnoteReference(_) => {}
            }
        }
    }
}

pub(super) fn of(source: &Source) -> Vec<Prose> {
    let mut found = Vec::new();
    walk(source, &source.blocks, Place::Paragraph, false, &mut found);
    found
}

fn walk(source: &Source, blocks: &[Block], place: Place, quoted: bool, found: &mut Vec<Prose>) {
    for block in blocks {
        match &block.kind {
            BlockKind::Heading { level, inlines } => {
                found.push(Prose::new(Place::Heading(*level), quoted, &block.range, inlines, source));
            }
            BlockKind::Paragraph(inlines) => {
                found.push(Prose::new(place, quoted, &block.range, inlines, source));
            }
            BlockKind::Quote(blocks) => walk(source, blocks, place, true, found),
            BlockKind::List { items, .. } => {
                items.iter().for_each(|item| walk(source, &item.blocks, Place::Item, quoted, found));
            }
            BlockKind::Footnote { blocks, .. } => walk(source, blocks, Place::Note, quoted, found),
            BlockKind::Table { head, rows, .. } => {
                for cell in std::iter::once(head).chain(rows).flat_map(|row| &row.cells) {
                    found.push(Prose::new(Place::Cell, quoted, &cell.range, &cell.inlines, source));
                }
            }
            BlockKind::Code { .. } | BlockKind::Html(_) | BlockKind::Rule | BlockKind::Metadata(_) => {}
        }
    }
}
