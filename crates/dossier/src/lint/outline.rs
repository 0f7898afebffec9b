//! A paper as sections, figures and what stands in them.

use std::ops::Range;

use crate::source::{Block, BlockKind, Inline, InlineKind, Source, plain};

/// What stands between a heading and the next.
pub(super) struct Section<'a> {
    pub level: u8,
    pub title: String,
    /// The heading.
    pub range: Range<usize>,
    /// The blocks until the next heading of any level.
    pub own: &'a [Block],
}

/// The sections of a text, in order.
pub(super) fn sections(source: &Source) -> Vec<Section<'_>> {
    let headings: Vec<(usize, u8, &[Inline])> = source
        .blocks
        .iter()
        .enumerate()
        .filter_map(|(index, block)| match &block.kind {
            BlockKind::Heading { level, inlines } => Some((index, *level, inlines.as_slice())),
            _ => None,
        })
        .collect();
    let section = |(at, (index, level, inlines)): (usize, &(usize, u8, &[Inline]))| {
        let next = headings.get(at + 1).map_or(source.blocks.len(), |(index, ..)| *index);
        let range = source.blocks[*index].range.clone();
        let own = &source.blocks[index + 1..next];
        Section { level: *level, title: plain(inlines), range, own }
    };
    headings.iter().enumerate().map(section).collect()
}

/// An image as it is written.
pub(super) struct Image<'a> {
    pub source: &'a Source,
    pub target: &'a str,
    pub alt: &'a str,
    pub range: Range<usize>,
    /// It stands in a paragraph, so that the paper numbers it.
    pub alone: bool,
}

/// A link as it is written.
pub(super) struct Link<'a> {
    pub target: &'a str,
    pub range: Range<usize>,
}

/// What a text shows and where it leads.
#[derive(Default)]
pub(super) struct References<'a> {
    pub images: Vec<Image<'a>>,
    pub links: Vec<Link<'a>>,
    /// Raw HTML: what is written, and where.
    pub html: Vec<(&'a str, Range<usize>)>,
}

/// Everything that a text refers to, in order.
pub(super) fn references(source: &Source) -> References<'_> {
    let mut found = References::default();
    blocks(source, &source.blocks, &mut found);
    found
}

fn blocks<'a>(source: &'a Source, list: &'a [Block], found: &mut References<'a>) {
    for block in list {
        match &block.kind {
            BlockKind::Heading { inlines, .. } => run(source, inlines, false, found),
            BlockKind::Paragraph(inlines) => {
                // A picture of a paragraph is a figure of the paper, whatever words stand around it.
                run(source, inlines, true, found);
            }
            BlockKind::Quote(inside) | BlockKind::Footnote { blocks: inside, .. } => blocks(source, inside, found),
            BlockKind::List { items, .. } => items.iter().for_each(|item| blocks(source, &item.blocks, found)),
            BlockKind::Table { head, rows, .. } => {
                for cell in std::iter::once(head).chain(rows).flat_map(|row| &row.cells) {
                    run(source, &cell.inlines, false, found);
                }
            }
            BlockKind::Html(text) => found.html.push((text, block.range.clone())),
            BlockKind::Code { .. } | BlockKind::Rule | BlockKind::Metadata(_) => {}
        }
    }
}

fn run<'a>(source: &'a Source, inlines: &'a [Inline], alone: bool, found: &mut References<'a>) {
    for inline in inlines {
        let range = inline.range.clone();
        match &inline.kind {
            InlineKind::Image { target, alt, .. } => found.images.push(Image { source, target, alt, range, alone }),
            InlineKind::Link { target, inlines, .. } => {
                found.links.push(Link { target, range });
                run(source, inlines, alone && inlines.len() == 1, found);
            }
            InlineKind::Emphasis(inside) | InlineKind::Strong(inside) | InlineKind::Struck(inside) => {
                run(source, inside, false, found);
            }
            InlineKind::Html(text) => found.html.push((text, range)),
            _ => {}
        }
    }
}
