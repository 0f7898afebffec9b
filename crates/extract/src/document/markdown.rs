//! Markdown as an [`Outline`], with the byte range of everything in it.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::html;
use super::outline::{Content, Outline, ReferenceKind};

/// Reads Markdown.
pub(crate) fn read(text: &str) -> Outline {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut reader = Reader { outline: Outline::new(), ..Reader::default() };
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        reader.event(event, range);
    }
    let mut outline = reader.outline;
    let last = outline.last();
    outline.sections[last].end = outline.sections[last].end.max(text.trim_end().len());
    outline
}

/// A table while it is read: its header, its rows, and the row that is open.
#[derive(Default)]
struct Table {
    header: Vec<String>,
    rows: Vec<(Vec<String>, Range<usize>)>,
    row: Vec<String>,
    start: usize,
}

#[derive(Default)]
struct Reader {
    outline: Outline,
    /// The text of the block that is open.
    text: String,
    /// Where an item's own text started, for each list item that is open.
    items: Vec<usize>,
    quotes: usize,
    heading: Option<usize>,
    code: Option<(String, Option<usize>)>,
    table: Option<Table>,
    /// Links and images that are open: target, kind, start, length of text before them.
    open: Vec<(String, ReferenceKind, Range<usize>, usize)>,
    /// How many bytes of the open paragraph are strong.
    strong: usize,
    in_strong: usize,
    html: Option<(String, usize)>,
    metadata: bool,
}

impl Reader {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) => self.push(&text, &range),
            Event::Code(code) => {
                self.outline.refer(range.clone(), ReferenceKind::Code, "", &code);
                self.push(&code, &range);
            }
            Event::Html(text) => match &mut self.html {
                Some((html, _)) => html.push_str(&text),
                None => self.html(&text, range.start),
            },
            Event::InlineHtml(text) => self.inline_html(&text, range),
            Event::SoftBreak | Event::HardBreak => self.text.push('\n'),
            _ => {}
        }
    }

    fn push(&mut self, text: &str, range: &Range<usize>) {
        if self.metadata {
            return;
        }
        if let Some((_, start @ None)) = &mut self.code {
            *start = Some(range.start);
        }
        if self.in_strong > 0 {
            self.strong += text.len();
        }
        self.text.push_str(text);
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Paragraph => self.begin(),
            Tag::Heading { level, .. } => {
                self.flush_item(range.start);
                self.begin();
                self.heading = Some(number(level));
            }
            Tag::CodeBlock(kind) => {
                self.flush_item(range.start);
                self.begin();
                let language = match kind {
                    CodeBlockKind::Fenced(info) => {
                        let first = info.split([' ', ',', '{', ':']).next().unwrap_or_default();
                        first.to_ascii_lowercase()
                    }
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some((language, None));
            }
            Tag::BlockQuote(_) => self.quotes += 1,
            Tag::Item => {
                self.flush_item(range.start);
                self.begin();
                self.items.push(range.start);
            }
            Tag::List(_) => self.flush_item(range.start),
            Tag::Table(_) => {
                self.flush_item(range.start);
                self.table = Some(Table::default());
            }
            Tag::TableHead | Tag::TableRow => {
                if let Some(table) = &mut self.table {
                    table.row = Vec::new();
                    table.start = range.start;
                }
            }
            Tag::TableCell => self.begin(),
            Tag::Strong => self.in_strong += 1,
            Tag::Link { dest_url, .. } => {
                self.open.push((dest_url.to_string(), ReferenceKind::Link, range, self.text.len()));
            }
            Tag::Image { dest_url, .. } => {
                self.open.push((dest_url.to_string(), ReferenceKind::Image, range, self.text.len()));
            }
            Tag::HtmlBlock => self.html = Some((String::new(), range.start)),
            Tag::MetadataBlock(_) => self.metadata = true,
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Paragraph => self.paragraph(range),
            TagEnd::Heading(_) => {
                let text = std::mem::take(&mut self.text);
                if let Some(level) = self.heading.take() {
                    self.outline.open(&text, level, range);
                }
            }
            TagEnd::CodeBlock => {
                let text = std::mem::take(&mut self.text);
                if let Some((language, start)) = self.code.take() {
                    let start = start.unwrap_or(range.start);
                    self.outline.add(range, Content::Code { language, text, start });
                }
            }
            TagEnd::BlockQuote(_) => self.quotes = self.quotes.saturating_sub(1),
            TagEnd::Item => {
                self.flush_item(range.end);
                self.items.pop();
            }
            TagEnd::TableCell => {
                let text = std::mem::take(&mut self.text);
                if let Some(table) = &mut self.table {
                    table.row.push(text.trim().to_owned());
                }
            }
            TagEnd::TableHead => {
                if let Some(table) = &mut self.table {
                    table.header = std::mem::take(&mut table.row);
                }
            }
            TagEnd::TableRow => {
                if let Some(table) = &mut self.table {
                    let row = std::mem::take(&mut table.row);
                    table.rows.push((row, table.start..range.end));
                }
            }
            TagEnd::Table => {
                if let Some(Table { header, rows, .. }) = self.table.take() {
                    self.outline.add(range, Content::Table { header, rows });
                }
            }
            TagEnd::Strong => self.in_strong = self.in_strong.saturating_sub(1),
            TagEnd::Link | TagEnd::Image => self.close_reference(),
            TagEnd::HtmlBlock => {
                if let Some((text, start)) = self.html.take() {
                    self.html(&text, start);
                }
            }
            TagEnd::MetadataBlock(_) => self.metadata = false,
            _ => {}
        }
    }

    fn begin(&mut self) {
        if self.items.is_empty() || self.table.is_some() {
            self.text.clear();
        } else if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.strong = 0;
    }

    /// A paragraph is an item's text inside a list, and a heading when all of it is strong and short.
    fn paragraph(&mut self, range: Range<usize>) {
        if !self.items.is_empty() {
            return;
        }
        let text = std::mem::take(&mut self.text);
        let trimmed = text.trim().trim_end_matches(':').trim();
        if trimmed.is_empty() {
            return;
        }
        let all_strong = self.strong + 2 >= trimmed.len() && self.strong > 0;
        if self.quotes == 0 && all_strong && trimmed.len() <= 80 && !trimmed.ends_with('.') {
            let level = self.outline.sections[self.outline.last()].level;
            let level = if level == 7 { 7 } else { 7.max(level) };
            self.outline.open(trimmed, level, range);
        } else if self.quotes > 0 {
            self.outline.add(range, Content::Quote(text));
        } else {
            self.outline.add(range, Content::Paragraph(text));
        }
    }

    /// The text that an item has before its sub-list or code starts, or until its end.
    fn flush_item(&mut self, until: usize) {
        let Some(start) = self.items.last_mut() else {
            return;
        };
        let text = std::mem::take(&mut self.text);
        let range = *start..until.max(*start);
        *start = until;
        if !text.trim().is_empty() {
            self.outline.add(range, Content::Item(text));
        }
    }

    fn close_reference(&mut self) {
        let Some((target, kind, range, before)) = self.open.pop() else {
            return;
        };
        let text = self.text.get(before..).unwrap_or_default().to_owned();
        if kind == ReferenceKind::Image {
            // The alternative text is not what the author says about the project.
            self.text.truncate(before.min(self.text.len()));
        }
        self.outline.refer(range, kind, &target, &text);
    }

    fn inline_html(&mut self, text: &str, range: Range<usize>) {
        for (kind, target, alt) in html::references(text) {
            self.outline.refer(range.clone(), kind, &target, &alt);
        }
        if text.starts_with("<br") {
            self.text.push('\n');
        }
    }

    fn html(&mut self, text: &str, start: usize) {
        for piece in html::pieces(text) {
            let range = start + piece.range.start..start + piece.range.end;
            match piece.heading {
                Some(level) => self.outline.open(&piece.text, level, range),
                None if piece.text.split_whitespace().count() > 0 => {
                    self.outline.add(range, Content::Paragraph(piece.text));
                }
                None => {}
            }
        }
        for (kind, target, alt) in html::references(text) {
            self.outline.refer(start..start + text.trim_end().len(), kind, &target, &alt);
        }
    }
}

fn number(level: HeadingLevel) -> usize {
    level as usize
}
