//! The tree of a Markdown text: blocks that hold inline runs, each with its bytes in the source.

use std::ops::Range;

/// A block and the bytes it was written in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    pub kind: BlockKind,
    pub range: Range<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// Level 1 to 6.
    Heading {
        level: u8,
        inlines: Vec<Inline>,
    },
    Paragraph(Vec<Inline>),
    Quote(Vec<Block>),
    /// `start` is the first number of an ordered list.
    List {
        start: Option<u64>,
        items: Vec<Item>,
    },
    Table {
        head: Row,
        rows: Vec<Row>,
        alignments: Vec<Alignment>,
    },
    /// `info` is what stands after the fence, `content` the bytes between the fences.
    Code {
        info: String,
        text: String,
        content: Range<usize>,
    },
    /// Raw HTML, kept as text.
    Html(String),
    Rule,
    Footnote {
        label: String,
        blocks: Vec<Block>,
    },
    /// The YAML between `---` at the very start.
    Metadata(String),
}

/// An item of a list; `task` says whether its box is ticked, when it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub range: Range<usize>,
    pub task: Option<bool>,
    pub blocks: Vec<Block>,
}

#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Row {
    pub range: Range<usize>,
    pub cells: Vec<Cell>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    pub range: Range<usize>,
    pub inlines: Vec<Inline>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alignment {
    None,
    Left,
    Center,
    Right,
}

/// A run of a text and the bytes it was written in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inline {
    pub kind: InlineKind,
    pub range: Range<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InlineKind {
    Text(String),
    Code(String),
    /// Raw HTML, kept as text.
    Html(String),
    Emphasis(Vec<Inline>),
    Strong(Vec<Inline>),
    Struck(Vec<Inline>),
    Link {
        target: String,
        title: String,
        inlines: Vec<Inline>,
    },
    /// `alt` is the plain text of what stands between the brackets.
    Image {
        target: String,
        title: String,
        alt: String,
    },
    FootnoteReference(String),
    SoftBreak,
    HardBreak,
}

/// The words of inline runs, without marks; code is kept as it reads.
pub fn plain(inlines: &[Inline]) -> String {
    let mut out = String::new();
    collect(inlines, &mut out);
    out
}

fn collect(inlines: &[Inline], out: &mut String) {
    for inline in inlines {
        match &inline.kind {
            InlineKind::Text(text) | InlineKind::Code(text) => out.push_str(text),
            InlineKind::Emphasis(inside) | InlineKind::Strong(inside) | InlineKind::Struck(inside) => {
                collect(inside, out);
            }
            InlineKind::Link { inlines, .. } => collect(inlines, out),
            InlineKind::Image { alt, .. } => out.push_str(alt),
            InlineKind::SoftBreak | InlineKind::HardBreak => out.push(' '),
            InlineKind::Html(_) | InlineKind::FootnoteReference(_) => {}
        }
    }
}
