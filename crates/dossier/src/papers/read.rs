//! From a source to the shape of papers: what a view cannot show is left out here, once for all views.

use std::collections::BTreeMap;

use crate::source::{Alignment, Block as Read, BlockKind, Inline, InlineKind, Row, Source, plain as words_of};

use super::excerpt::{Excerpts, Wanted};
use super::model::{Align, Block, Run, Runs};
use super::names::Names;

/// Lists in quotations in lists: the engine that sets pages stops soon after.
const DEEPEST: usize = 10;
/// Characters of notes in one paper: a note that is called a thousand times is set as often.
const MOST_NOTED: usize = 200_000;

/// Reads sources into blocks; names of headings stay distinct over all of them.
pub struct Reader<'a> {
    pub excerpts: &'a Excerpts,
    /// The pictures of the folder that can be shown, by the path that is written in the paper.
    pub pictures: &'a BTreeMap<String, Vec<u8>>,
    /// Headings move by so many levels.
    pub deeper: i8,
    /// What stands where a fence asks for the table of documents.
    pub documents: Vec<Block>,
    names: Names,
    notes: BTreeMap<String, Runs>,
    noted: usize,
}

impl<'a> Reader<'a> {
    pub fn new(excerpts: &'a Excerpts, pictures: &'a BTreeMap<String, Vec<u8>>) -> Self {
        let (documents, names, notes) = (Vec::new(), Names::default(), BTreeMap::new());
        Self { excerpts, pictures, deeper: 0, documents, names, notes, noted: 0 }
    }

    /// Learns the notes of a source, before its blocks are read. A note within a note could hold notes without end, and
    /// is left out.
    pub fn learn(&mut self, source: &Source) {
        self.notes.clear();
        let mut notes = BTreeMap::new();
        for block in &source.blocks {
            let BlockKind::Footnote { label, blocks } = &block.kind else { continue };
            let mut runs = Vec::new();
            for block in blocks {
                if let BlockKind::Paragraph(inlines) = &block.kind {
                    runs.extend(self.runs(inlines));
                }
            }
            notes.insert(label.clone(), runs);
        }
        self.notes = notes;
    }

    /// The blocks of a part of a source. Levels never skip one on the way down, which archives forbid.
    pub fn blocks(&mut self, source: &Source, blocks: &[Read]) -> Vec<Block> {
        let mut level = 1;
        let mut out = self.within(source, blocks, 0);
        for block in &mut out {
            if let Block::Heading { level: found, .. } = block {
                *found = (*found).min(level + 1);
                level = *found;
            }
        }
        out
    }

    fn within(&mut self, source: &Source, blocks: &[Read], depth: usize) -> Vec<Block> {
        if depth > DEEPEST {
            return Vec::new();
        }
        let mut out = Vec::new();
        for block in blocks {
            match &block.kind {
                BlockKind::Code { info, .. } if crate::oral::is_fence(info) => {}
                // It has one place.
                BlockKind::Code { info, .. } if super::is_documents(info) => out.append(&mut self.documents),
                BlockKind::Paragraph(inlines) => self.paragraph(source, inlines, &mut out),
                _ => out.extend(self.block(source, block, depth)),
            }
        }
        out
    }

    fn block(&mut self, source: &Source, block: &Read, depth: usize) -> Option<Block> {
        Some(match &block.kind {
            // Archives know no heading without words.
            BlockKind::Heading { inlines, .. } if words_of(inlines).trim().is_empty() => return None,
            BlockKind::Heading { level, inlines } => {
                let id = self.id(&words_of(inlines));
                let level = level.saturating_add_signed(self.deeper).clamp(2, 4);
                Block::Heading { level, id, c: self.runs(inlines) }
            }
            BlockKind::Quote(blocks) => Block::Quote { c: self.within(source, blocks, depth + 1) },
            BlockKind::List { start, items } => Block::List {
                ordered: start.is_some(),
                start: start.unwrap_or(1),
                items: items.iter().map(|item| self.within(source, &item.blocks, depth + 1)).collect(),
            },
            BlockKind::Table { head, rows, alignments } => self.table(head, rows, alignments),
            BlockKind::Code { info, text, .. } => self.code(source, info, text),
            BlockKind::Rule => Block::Rule,
            BlockKind::Html(html) if !is_comment(html) => Block::para(shown(html.trim())),
            BlockKind::Html(_) | BlockKind::Footnote { .. } | BlockKind::Metadata(_) | BlockKind::Paragraph(_) => {
                return None;
            }
        })
    }

    /// A paragraph; a picture in it is a figure between what stands before and after.
    fn paragraph(&mut self, source: &Source, inlines: &[Inline], out: &mut Vec<Block>) {
        let mut from = 0;
        for (at, inline) in inlines.iter().enumerate() {
            let Some(figure) = self.figure(source, inline) else { continue };
            self.words(&inlines[from..at], out);
            out.push(figure);
            from = at + 1;
        }
        self.words(&inlines[from..], out);
    }

    fn words(&mut self, inlines: &[Inline], out: &mut Vec<Block>) {
        let blank = |inline: &Inline| match &inline.kind {
            InlineKind::Text(text) => text.trim().is_empty(),
            InlineKind::SoftBreak | InlineKind::HardBreak => true,
            _ => false,
        };
        let start = inlines.iter().position(|inline| !blank(inline)).unwrap_or(inlines.len());
        let end = inlines.iter().rposition(|inline| !blank(inline)).map_or(start, |last| last + 1);
        let c = self.runs(&inlines[start..end]);
        if !c.is_empty() {
            out.push(Block::Para { c });
        }
    }

    /// A picture of the folder, by itself or as all that a link shows.
    fn figure(&self, source: &Source, inline: &Inline) -> Option<Block> {
        let (target, title, alt) = match &inline.kind {
            InlineKind::Image { target, title, alt } => (target, title, alt),
            InlineKind::Link { inlines, .. } => match inlines.as_slice() {
                [one] => return self.figure(source, one),
                _ => return None,
            },
            _ => return None,
        };
        let path = crate::Folder::resolve(&source.path, target)?;
        self.pictures.contains_key(&path).then_some(())?;
        let caption = if title.is_empty() { alt } else { title };
        Some(Block::Image { path, alt: shown(alt), caption: Some(vec![Run::text(shown(caption))]), width: 100 })
    }

    fn table(&mut self, head: &Row, rows: &[Row], alignments: &[Alignment]) -> Block {
        let columns = head.cells.len();
        let mut cells = |row: &Row| {
            let mut cells: Vec<Runs> = row.cells.iter().map(|cell| self.runs(&cell.inlines)).collect();
            cells.resize(columns, Vec::new());
            cells
        };
        let head_cells = cells(head);
        let rows: Vec<Vec<Runs>> = rows.iter().map(&mut cells).collect();
        let align = (0..columns).map(|at| match alignments.get(at) {
            Some(Alignment::Right) => Align::Right,
            Some(Alignment::Center) => Align::Center,
            _ => Align::Left,
        });
        let widths = super::model::widths(&head_cells, &rows);
        Block::Table { caption: None, head: head_cells, align: align.collect(), widths: Some(widths), rows }
    }

    fn code(&mut self, _: &Source, info: &str, text: &str) -> Block {
        let wanted = Wanted::parse(info);
        let lang = info.split_whitespace().next().filter(|word| !word.contains('=')).map(str::to_ascii_lowercase);
        let found = wanted.as_ref().and_then(|wanted| self.excerpts.get(wanted));
        let own = text.trim_end_matches('\n');
        let text = found.filter(|_| own.trim().is_empty()).map_or(own, |found| &found.text);
        // An empty frame would hide that something is missing.
        let lost =
            (text.trim().is_empty() && found.is_none()).then(|| wanted.as_ref().map(|wanted| wanted.file.clone()));
        let lost = lost.flatten().map(|file| format!("{file} ?"));
        let text = lost.as_deref().unwrap_or(text);
        // Terminal escapes and other controls have no picture.
        let text: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        let text = crate::source::cut(&text);
        let source = found.map(|found| found.cited());
        let caption = wanted.and_then(|wanted| wanted.caption).map(|caption| vec![Run::text(caption)]);
        Block::Code { lang, text, caption, source }
    }

    fn runs(&mut self, inlines: &[Inline]) -> Runs {
        let mut out = Vec::new();
        for inline in inlines {
            match &inline.kind {
                InlineKind::Text(text) => out.push(Run::text(shown(text))),
                InlineKind::Code(text) => out.push(Run::code(shown(text))),
                InlineKind::Emphasis(inside) => out.push(Run::Emph { c: self.runs(inside) }),
                InlineKind::Strong(inside) => out.push(Run::Strong { c: self.runs(inside) }),
                InlineKind::Struck(inside) => out.push(Run::Struck { c: self.runs(inside) }),
                InlineKind::Link { target, inlines, .. } => {
                    let c = self.runs(inlines);
                    match target.split_once(':') {
                        Some(("https" | "http" | "mailto", _)) => out.push(Run::Link { url: shown(target), c }),
                        // What lies elsewhere in the folder cannot be reached from a paper.
                        _ => out.extend(c),
                    }
                }
                InlineKind::Image { alt, .. } => out.push(Run::text(shown(alt))),
                InlineKind::FootnoteReference(label) => out.extend(self.note(label)),
                InlineKind::SoftBreak => out.push(Run::text(" ")),
                InlineKind::HardBreak => out.push(Run::Break),
                InlineKind::Html(html) if is_break(html) => out.push(Run::Break),
                InlineKind::Html(html) if is_comment(html) => {}
                InlineKind::Html(html) => out.push(Run::text(shown(html))),
            }
        }
        out
    }

    fn note(&mut self, label: &str) -> Option<Run> {
        let runs = self.notes.get(label)?;
        self.noted += super::model::plain(runs).len();
        (self.noted <= MOST_NOTED).then(|| Run::Note { c: runs.clone() })
    }

    /// A name for a heading that no other has.
    pub fn id(&mut self, heading: &str) -> String {
        self.names.of(heading)
    }
}

/// A text without what would turn a line around or drive a terminal, and without words that no page holds.
pub(crate) fn shown(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
    };
    let text: String = text.chars().filter(|c| !hidden(*c)).collect();
    if text.len() > crate::source::LONGEST_WORD { crate::source::cut(&text) } else { text }
}

/// What tables use for a line of their own.
pub(crate) fn is_break(html: &str) -> bool {
    matches!(html.trim().to_ascii_lowercase().replace(' ', "").as_str(), "<br>" | "<br/>")
}

fn is_comment(html: &str) -> bool {
    let html = html.trim();
    html.starts_with("<!--") && html.ends_with("-->")
}
