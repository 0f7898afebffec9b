//! The parser's events into a tree, without recursion and within bounds.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

use super::tree::{Alignment, Block, BlockKind, Cell, Inline, InlineKind, Item, Row, plain};
use super::{DEEPEST, LONGEST_HEADING, MOST_HEADINGS, MOST_NODES, Refusal};

/// Formulas are not among them: `$` is for shells here, and what is not parsed cannot explode.
const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_YAML_STYLE_METADATA_BLOCKS);

/// What is open, with what its end will need.
enum Open {
    Root,
    Paragraph,
    Heading(u8),
    Quote,
    List(Option<u64>),
    Item,
    Table(Vec<Alignment>),
    Head,
    Row,
    Cell,
    Code(String),
    Html,
    Footnote(String),
    Metadata,
    Emphasis,
    Strong,
    Struck,
    Link(String, String),
    Image(String, String),
}

/// An open element and what it holds so far.
struct Frame {
    open: Open,
    range: Range<usize>,
    blocks: Vec<Block>,
    inlines: Vec<Inline>,
    items: Vec<Item>,
    rows: Vec<Row>,
    cells: Vec<Cell>,
    text: String,
    content: Option<Range<usize>>,
    task: Option<bool>,
}

impl Frame {
    fn new(open: Open, range: Range<usize>) -> Self {
        let (blocks, inlines, items) = (Vec::new(), Vec::new(), Vec::new());
        let (rows, cells, text) = (Vec::new(), Vec::new(), String::new());
        Self { open, range, blocks, inlines, items, rows, cells, text, content: None, task: None }
    }

    /// Text that stands in an item or a note without a paragraph of its own becomes one.
    fn settle(&mut self) {
        let (Some(first), Some(last)) = (self.inlines.first(), self.inlines.last()) else { return };
        let range = first.range.start..last.range.end;
        if matches!(self.open, Open::Item | Open::Footnote(_) | Open::Quote | Open::Root) {
            let inlines = std::mem::take(&mut self.inlines);
            self.blocks.push(Block { kind: BlockKind::Paragraph(inlines), range });
        }
    }

    fn inline(&mut self, kind: InlineKind, range: Range<usize>) {
        // The parser cuts text where a mark might have been; whoever reads wants whole words.
        if let (InlineKind::Text(more), Some(last)) = (&kind, self.inlines.last_mut())
            && let InlineKind::Text(text) = &mut last.kind
            && last.range.end == range.start
            && last.range.len() == text.len()
            && range.len() == more.len()
        {
            text.push_str(more);
            last.range.end = range.end;
            return;
        }
        self.inlines.push(Inline { kind, range });
    }
}

struct Builder {
    stack: Vec<Frame>,
    /// How many elements are open that lie too deep to be kept.
    skipped: usize,
    nodes: usize,
    headings: usize,
    refusals: Vec<(Refusal, Range<usize>)>,
}

/// The blocks of a text, and what was left out.
pub(super) fn blocks(text: &str) -> (Vec<Block>, Vec<(Refusal, Range<usize>)>) {
    let root = Frame::new(Open::Root, 0..text.len());
    let mut builder = Builder { stack: vec![root], skipped: 0, nodes: 0, headings: 0, refusals: Vec::new() };
    for (event, range) in Parser::new_ext(text, OPTIONS).into_offset_iter() {
        builder.nodes += 1;
        builder.headings += usize::from(matches!(event, Event::Start(Tag::Heading { .. })));
        if builder.nodes > MOST_NODES || builder.headings > MOST_HEADINGS {
            builder.refusals.push((Refusal::TooMany, range));
            break;
        }
        builder.event(event, range);
    }
    // What was open when reading stopped is closed, so that nothing read is lost.
    while builder.stack.len() > 1 {
        builder.close();
    }
    let mut root = builder.stack.pop().expect("the root is never closed");
    root.settle();
    (root.blocks, builder.refusals)
}

impl Builder {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => return self.start(tag, range),
            Event::End(_) if self.skipped > 0 => return self.skipped -= 1,
            Event::End(_) => return self.close(),
            _ if self.skipped > 0 => return,
            // In a loose list the box stands in the item's first paragraph.
            Event::TaskListMarker(ticked) => {
                if let Some(item) = self.stack.iter_mut().rfind(|frame| matches!(frame.open, Open::Item)) {
                    item.task = Some(ticked);
                }
                return;
            }
            _ => {}
        }
        let Some(frame) = self.stack.last_mut() else { return };
        match event {
            Event::Text(text) if matches!(frame.open, Open::Code(_) | Open::Metadata) => {
                frame.text.push_str(&text);
                let start = frame.content.as_ref().map_or(range.start, |content| content.start);
                frame.content = Some(start..range.end);
            }
            Event::Text(text) | Event::Html(text) if matches!(frame.open, Open::Html) => frame.text.push_str(&text),
            Event::Text(text) => frame.inline(InlineKind::Text(text.into_string()), range),
            Event::Code(text) => frame.inline(InlineKind::Code(text.into_string()), range),
            Event::Html(text) | Event::InlineHtml(text) => {
                frame.inline(InlineKind::Html(text.into_string()), range);
            }
            Event::FootnoteReference(label) => {
                frame.inline(InlineKind::FootnoteReference(label.into_string()), range);
            }
            Event::SoftBreak => frame.inline(InlineKind::SoftBreak, range),
            Event::HardBreak => frame.inline(InlineKind::HardBreak, range),
            Event::Rule => {
                frame.settle();
                frame.blocks.push(Block { kind: BlockKind::Rule, range });
            }
            Event::TaskListMarker(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::Start(_)
            | Event::End(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        if self.skipped > 0 || self.stack.len() > DEEPEST {
            if self.skipped == 0 && !self.refusals.iter().any(|(why, _)| *why == Refusal::TooDeep) {
                self.refusals.push((Refusal::TooDeep, range));
            }
            self.skipped += 1;
            return;
        }
        let open = opened(tag);
        let inline = matches!(open, Open::Emphasis | Open::Strong | Open::Struck | Open::Link(..) | Open::Image(..));
        if let Some(frame) = self.stack.last_mut().filter(|_| !inline) {
            frame.settle();
        }
        self.stack.push(Frame::new(open, range));
    }

    fn close(&mut self) {
        let Some(mut frame) = self.stack.pop() else { return };
        let Some(parent) = self.stack.last_mut() else { return self.stack.push(frame) };
        frame.settle();
        let Frame { open, range, blocks, inlines, items, rows, cells, text, content, task } = frame;
        let kind = match open {
            Open::Emphasis => return parent.inline(InlineKind::Emphasis(inlines), range),
            Open::Strong => return parent.inline(InlineKind::Strong(inlines), range),
            Open::Struck => return parent.inline(InlineKind::Struck(inlines), range),
            Open::Link(target, title) => return parent.inline(InlineKind::Link { target, title, inlines }, range),
            Open::Image(target, title) => {
                return parent.inline(InlineKind::Image { target, title, alt: plain(&inlines) }, range);
            }
            Open::Item => return parent.items.push(Item { range, task, blocks }),
            Open::Cell => return parent.cells.push(Cell { range, inlines }),
            Open::Head | Open::Row => return parent.rows.push(Row { range, cells }),
            Open::Table(alignments) => {
                let mut rows = rows.into_iter();
                let head = rows.next().unwrap_or_default();
                BlockKind::Table { head, rows: rows.collect(), alignments }
            }
            Open::Root => return,
            Open::Paragraph => BlockKind::Paragraph(inlines),
            Open::Heading(_) if range.len() > LONGEST_HEADING => {
                self.refusals.push((Refusal::LongHeading, range.clone()));
                BlockKind::Paragraph(inlines)
            }
            Open::Heading(level) => BlockKind::Heading { level, inlines },
            Open::Quote => BlockKind::Quote(blocks),
            Open::List(start) => BlockKind::List { start, items },
            Open::Code(info) => {
                let content = content.unwrap_or(range.start..range.start);
                BlockKind::Code { info, text, content }
            }
            Open::Html => BlockKind::Html(text),
            Open::Footnote(label) => BlockKind::Footnote { label, blocks },
            Open::Metadata => BlockKind::Metadata(text),
        };
        parent.blocks.push(Block { kind, range });
    }
}

fn opened(tag: Tag<'_>) -> Open {
    match tag {
        Tag::Heading { level, .. } => Open::Heading(level as u8),
        Tag::BlockQuote(_) => Open::Quote,
        Tag::CodeBlock(CodeBlockKind::Fenced(info)) => Open::Code(info.into_string()),
        Tag::CodeBlock(CodeBlockKind::Indented) => Open::Code(String::new()),
        Tag::HtmlBlock => Open::Html,
        Tag::List(start) => Open::List(start),
        Tag::Item => Open::Item,
        Tag::FootnoteDefinition(label) => Open::Footnote(label.into_string()),
        Tag::Table(alignments) => Open::Table(alignments.into_iter().map(alignment).collect()),
        Tag::TableHead => Open::Head,
        Tag::TableRow => Open::Row,
        Tag::TableCell => Open::Cell,
        Tag::Emphasis => Open::Emphasis,
        Tag::Strong => Open::Strong,
        Tag::Strikethrough => Open::Struck,
        Tag::Link { dest_url, title, .. } => Open::Link(dest_url.into_string(), title.into_string()),
        Tag::Image { dest_url, title, .. } => Open::Image(dest_url.into_string(), title.into_string()),
        Tag::MetadataBlock(_) => Open::Metadata,
        // The rest belongs to extensions that are not enabled; its words are kept as those of a paragraph.
        _ => Open::Paragraph,
    }
}

fn alignment(alignment: pulldown_cmark::Alignment) -> Alignment {
    match alignment {
        pulldown_cmark::Alignment::None => Alignment::None,
        pulldown_cmark::Alignment::Left => Alignment::Left,
        pulldown_cmark::Alignment::Center => Alignment::Center,
        pulldown_cmark::Alignment::Right => Alignment::Right,
    }
}
