//! From a source to the shape of papers: what a view cannot show is left out here, once for all views.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Alignment, Block as Read, BlockKind, Inline, InlineKind, Row, Source, plain as words_of};

use super::excerpt::{Excerpts, Wanted};
use super::model::{Align, Block, Run, Runs};

/// Lists in quotations in lists: the engine that sets pages stops soon after.
const DEEPEST: usize = 10;

/// Reads sources into blocks; names of headings stay distinct over all of them.
pub struct Reader<'a> {
    pub excerpts: &'a Excerpts,
    /// The pictures of the folder that can be shown, by the path that is written in the paper.
    pub pictures: &'a BTreeMap<String, Vec<u8>>,
    /// Headings move by so many levels.
    pub deeper: i8,
    /// What stands where a fence asks for the table of documents.
    pub documents: Vec<Block>,
    ids: BTreeSet<String>,
    notes: BTreeMap<String, Runs>,
}

impl<'a> Reader<'a> {
    pub fn new(excerpts: &'a Excerpts, pictures: &'a BTreeMap<String, Vec<u8>>) -> Self {
        Self { excerpts, pictures, deeper: 0, documents: Vec::new(), ids: BTreeSet::new(), notes: BTreeMap::new() }
    }

    /// The blocks of a part of a source. Levels never skip one on the way down, which archives forbid.
    pub fn blocks(&mut self, source: &Source, blocks: &[Read]) -> Vec<Block> {
        for block in &source.blocks {
            if let BlockKind::Footnote { label, blocks } = &block.kind {
                let runs = blocks.iter().flat_map(|block| match &block.kind {
                    BlockKind::Paragraph(inlines) => self.runs(inlines),
                    _ => Vec::new(),
                });
                let runs = runs.collect();
                self.notes.insert(label.clone(), runs);
            }
        }
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
                BlockKind::Code { info, .. } if super::is_documents(info) => out.extend(self.documents.iter().cloned()),
                _ => out.extend(self.block(source, block, depth)),
            }
        }
        out
    }

    fn block(&mut self, source: &Source, block: &Read, depth: usize) -> Option<Block> {
        Some(match &block.kind {
            BlockKind::Heading { level, inlines } => {
                let id = self.id(&words_of(inlines));
                let level = level.saturating_add_signed(self.deeper).clamp(2, 4);
                Block::Heading { level, id, c: self.runs(inlines) }
            }
            BlockKind::Paragraph(inlines) => self.paragraph(source, inlines)?,
            BlockKind::Quote(blocks) => Block::Quote { c: self.within(source, blocks, depth + 1) },
            BlockKind::List { start, items } => Block::List {
                ordered: start.is_some(),
                start: start.unwrap_or(1),
                items: items.iter().map(|item| self.within(source, &item.blocks, depth + 1)).collect(),
            },
            BlockKind::Table { head, rows, alignments } => self.table(head, rows, alignments),
            BlockKind::Code { info, text, .. } => self.code(source, info, text),
            BlockKind::Rule => Block::Rule,
            BlockKind::Html(_) | BlockKind::Footnote { .. } | BlockKind::Metadata(_) => return None,
        })
    }

    /// A picture that stands alone is a figure.
    fn paragraph(&mut self, source: &Source, inlines: &[Inline]) -> Option<Block> {
        if let [Inline { kind: InlineKind::Image { target, title, alt }, .. }] = inlines
            && let Some(path) = crate::Folder::resolve(&source.path, target)
            && self.pictures.contains_key(&path)
        {
            let caption = if title.is_empty() { alt } else { title };
            return Some(Block::Image {
                path,
                alt: alt.clone(),
                caption: Some(vec![Run::text(caption.clone())]),
                width: 100,
            });
        }
        let c = self.runs(inlines);
        (!c.is_empty()).then_some(Block::Para { c })
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
        let widths = widths(&head_cells, &rows);
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
        let source = found.map(|found| found.cited());
        let caption = wanted.and_then(|wanted| wanted.caption).map(|caption| vec![Run::text(caption)]);
        Block::Code { lang, text, caption, source }
    }

    fn runs(&self, inlines: &[Inline]) -> Runs {
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
                InlineKind::FootnoteReference(label) => {
                    out.extend(self.notes.get(label).map(|runs| Run::Note { c: runs.clone() }));
                }
                InlineKind::SoftBreak => out.push(Run::text(" ")),
                InlineKind::HardBreak => out.push(Run::Break),
                InlineKind::Html(_) => {}
            }
        }
        out
    }

    /// A name for a heading that no other has.
    pub fn id(&mut self, heading: &str) -> String {
        let mut slug: String = heading
            .chars()
            .flat_map(char::to_lowercase)
            .map(|c| if c.is_alphanumeric() { c } else { '-' })
            .take(60)
            .collect();
        if slug.is_empty() {
            slug.push('s');
        }
        let mut id = slug.clone();
        let mut n = 1;
        while !self.ids.insert(id.clone()) {
            n += 1;
            id = format!("{slug}-{n}");
        }
        id
    }
}

/// A text without what would turn a line around or drive a terminal.
pub(crate) fn shown(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
    };
    text.chars().filter(|c| !hidden(*c)).collect()
}

/// How wide columns are, by what they hold: no column starves and none takes all.
fn widths(head: &[Runs], rows: &[Vec<Runs>]) -> Vec<u32> {
    let length = |runs: &Runs| super::model::plain(runs).chars().count();
    let of = |at: usize| {
        let cells = rows.iter().take(200).filter_map(|row| row.get(at)).map(length);
        let longest = cells.chain([length(&head[at])]).max().unwrap_or(0);
        u32::try_from(longest.clamp(8, 48)).unwrap_or(48)
    };
    (0..head.len()).map(of).collect()
}
