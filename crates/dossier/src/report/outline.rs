//! The sections of a source: a heading and everything below it until the next heading of its rank.

use std::ops::Range;

use crate::source::{Block, BlockKind, Source, plain};

/// One section, its sub-sections included.
#[derive(Clone, Debug)]
pub struct Section<'a> {
    pub heading: String,
    pub level: u8,
    /// The bytes of the heading.
    pub range: Range<usize>,
    /// The blocks below it.
    pub blocks: &'a [Block],
    /// How many of them come before the first sub-heading.
    pub own: usize,
}

/// All sections of a source, in order.
pub fn sections(source: &Source) -> Vec<Section<'_>> {
    let mut found = Vec::new();
    for (at, block) in source.blocks.iter().enumerate() {
        let BlockKind::Heading { level, inlines } = &block.kind else { continue };
        let rest = &source.blocks[at + 1..];
        let rank = |block: &Block| match block.kind {
            BlockKind::Heading { level, .. } => Some(level),
            _ => None,
        };
        let end = rest.iter().position(|block| rank(block).is_some_and(|found| found <= *level)).unwrap_or(rest.len());
        let own = rest.iter().position(|block| rank(block).is_some()).unwrap_or(rest.len());
        found.push(Section {
            heading: plain(inlines),
            level: *level,
            range: block.range.clone(),
            blocks: &rest[..end],
            own: own.min(end),
        });
    }
    found
}

/// The sentences of blocks, each with where it starts: what a person wrote, without quotations and code.
pub fn texts(blocks: &[Block]) -> Vec<(String, Range<usize>)> {
    let mut found = Vec::new();
    walk(blocks, &mut found);
    found
}

fn walk(blocks: &[Block], found: &mut Vec<(String, Range<usize>)>) {
    for block in blocks {
        match &block.kind {
            BlockKind::Paragraph(inlines) => found.push((plain(inlines), block.range.clone())),
            BlockKind::List { items, .. } => items.iter().for_each(|item| walk(&item.blocks, found)),
            BlockKind::Table { head, rows, .. } => {
                for cell in std::iter::once(head).chain(rows).flat_map(|row| &row.cells) {
                    found.push((plain(&cell.inlines), cell.range.clone()));
                }
            }
            BlockKind::Footnote { blocks, .. } => walk(blocks, found),
            _ => {}
        }
    }
}
