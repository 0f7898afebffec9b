//! A paper as one HTML page that needs nothing else: no script, no address to load, pictures inside.

use std::fmt::Write;

use framework::Lang;

use super::model::{Align, Block, Document, Run, Runs};
use super::picture::colours;

const STYLE: &str = include_str!("paper.css");

/// The page.
pub fn page(document: &Document) -> String {
    let lang = document.lang.code();
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{lang}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\
         <meta name=\"author\" content=\"{}\"><title>{}</title><style>{STYLE}</style></head><body>\n",
        escaped(&document.author),
        escaped(&document.title)
    );
    let _ =
        write!(out, "<header><p class=\"kind\">{}</p><h1>{}</h1>", escaped(&document.kind), escaped(&document.title));
    if !document.subtitle.is_empty() {
        let _ = write!(out, "<p class=\"sub\">{}</p>", escaped(&document.subtitle));
    }
    out.push_str("<dl>");
    for (label, value) in &document.facts {
        let _ = write!(out, "<dt>{}</dt><dd>{}</dd>", escaped(label), runs(value));
    }
    out.push_str("</dl>");
    document.colophon.iter().for_each(|line| out.push_str(&format!("<p class=\"small\">{}</p>", runs(line))));
    let _ = write!(out, "</header>\n<nav aria-label=\"{0}\"><h2>{0}</h2><ol>", escaped(&document.words.contents));
    for part in &document.parts {
        let _ = write!(out, "<li><a href=\"#{}\">{}</a></li>", escaped(&part.id), runs(&part.title));
    }
    out.push_str("</ol></nav>\n<main>\n");
    let mut view = View { document, counts: [0; 3] };
    for part in &document.parts {
        let class = if part.annex { " class=\"annex\"" } else { "" };
        let _ = writeln!(out, "<section{class}><h2 id=\"{}\">{}</h2>", escaped(&part.id), runs(&part.title));
        if let Some(minutes) = &part.minutes {
            let _ = writeln!(out, "<p class=\"small\">{}</p>", escaped(minutes));
        }
        view.blocks(&part.blocks, &mut out);
        out.push_str("</section>\n");
    }
    out.push_str("</main></body></html>\n");
    out
}

/// Counts figures, tables and listings as the printed paper does.
struct View<'a> {
    document: &'a Document,
    counts: [usize; 3],
}

impl View<'_> {
    fn blocks(&mut self, blocks: &[Block], out: &mut String) {
        blocks.iter().for_each(|block| self.block(block, out));
    }

    fn block(&mut self, block: &Block, out: &mut String) {
        match block {
            Block::Heading { level, id, c } => {
                let level = (level + 1).min(6);
                let _ = writeln!(out, "<h{level} id=\"{}\">{}</h{level}>", escaped(id), runs(c));
            }
            Block::Para { c } => {
                let _ = writeln!(out, "<p>{}</p>", runs(c));
            }
            Block::List { ordered, start, items } => {
                let tag = if *ordered { "ol" } else { "ul" };
                let start = if *ordered && *start != 1 { format!(" start=\"{start}\"") } else { String::new() };
                let _ = writeln!(out, "<{tag}{start}>");
                for item in items {
                    out.push_str("<li>");
                    self.blocks(item, out);
                    out.push_str("</li>\n");
                }
                let _ = writeln!(out, "</{tag}>");
            }
            Block::Table { caption, head, rows, align, .. } => self.table(caption.as_ref(), head, rows, align, out),
            Block::Code { text, caption, source, .. } => {
                let caption = caption.as_ref().map(|caption| self.numbered(2, &self.document.words.raw, caption));
                let _ = write!(out, "<figure><pre tabindex=\"0\"><code>{}</code></pre>", escaped(text));
                let cited = source.as_ref().map(|source| format!("<span class=\"small\">{}</span>", runs(source)));
                let told: Vec<String> = caption.into_iter().chain(cited).collect();
                if !told.is_empty() {
                    let _ = write!(out, "<figcaption>{}</figcaption>", told.join("<br>"));
                }
                out.push_str("</figure>\n");
            }
            Block::Image { path, alt, caption, .. } => {
                let caption = caption.as_ref().map(|caption| self.numbered(0, &self.document.words.image, caption));
                let address = self.document.pictures.get(path).map(|bytes| data_address(bytes)).unwrap_or_default();
                let _ = write!(out, "<figure><img src=\"{address}\" alt=\"{}\">", escaped(alt));
                caption.iter().for_each(|caption| out.push_str(&format!("<figcaption>{caption}</figcaption>")));
                out.push_str("</figure>\n");
            }
            Block::Quote { c } => self.wrapped("blockquote", "", c, out),
            Block::Callout { c } => self.wrapped("div", " class=\"callout\"", c, out),
            Block::Terms { items } => {
                out.push_str("<dl>");
                for item in items {
                    let _ = write!(out, "<dt>{}</dt><dd>{}</dd>", runs(&item.term), runs(&item.c));
                }
                out.push_str("</dl>\n");
            }
            Block::Rule => out.push_str("<hr>\n"),
            Block::Space { .. } | Block::Page => {}
        }
    }

    fn wrapped(&mut self, tag: &str, attributes: &str, blocks: &[Block], out: &mut String) {
        let _ = writeln!(out, "<{tag}{attributes}>");
        self.blocks(blocks, out);
        let _ = writeln!(out, "</{tag}>");
    }

    fn table(&mut self, caption: Option<&Runs>, head: &[Runs], rows: &[Vec<Runs>], align: &[Align], out: &mut String) {
        let side = |at: usize| match align.get(at) {
            Some(Align::Right) => " class=\"right\"",
            Some(Align::Center) => " class=\"center\"",
            _ => "",
        };
        out.push_str("<div class=\"wide\" tabindex=\"0\"><table>");
        if let Some(caption) = caption {
            let _ = write!(out, "<caption>{}</caption>", self.numbered(1, &self.document.words.table, caption));
        }
        out.push_str("<thead><tr>");
        for (at, cell) in head.iter().enumerate() {
            let named = runs(cell);
            // A corner without words is the head of nothing.
            let _ = match named.trim() {
                "" => write!(out, "<td></td>"),
                _ => write!(out, "<th scope=\"col\"{}>{named}</th>", side(at)),
            };
        }
        out.push_str("</tr></thead><tbody>\n");
        for row in rows {
            out.push_str("<tr>");
            for (at, cell) in row.iter().enumerate() {
                let _ = write!(out, "<td{}>{}</td>", side(at), runs(cell));
            }
            out.push_str("</tr>\n");
        }
        out.push_str("</tbody></table></div>\n");
    }

    fn numbered(&mut self, kind: usize, word: &str, caption: &Runs) -> String {
        self.counts[kind] += 1;
        // French sets a space before a colon.
        let colon = if self.document.lang == Lang::Fr { "\u{a0}:" } else { ":" };
        format!("{} {}{colon} {}", escaped(word), self.counts[kind], runs(caption))
    }
}

fn runs(list: &[Run]) -> String {
    let mut out = String::new();
    for run in list {
        match run {
            Run::Text { v } => out.push_str(&escaped(v)),
            Run::Strong { c } => out.push_str(&format!("<strong>{}</strong>", runs(c))),
            Run::Emph { c } => out.push_str(&format!("<em>{}</em>", runs(c))),
            Run::Struck { c } => out.push_str(&format!("<s>{}</s>", runs(c))),
            Run::Code { v } => out.push_str(&format!("<code>{}</code>", escaped(v))),
            Run::Link { url, c } => {
                let shown = if c.is_empty() { escaped(url) } else { runs(c) };
                out.push_str(&format!("<a href=\"{}\" rel=\"noopener noreferrer\">{shown}</a>", escaped(url)));
            }
            Run::Place { to, c } => out.push_str(&format!("<a href=\"#{}\">{}</a>", escaped(to), runs(c))),
            Run::Note { c } => out.push_str(&format!("<small class=\"note\"> ({})</small>", runs(c))),
            Run::Rung { rung, v } => {
                let (fill, ink) = colours(*rung);
                let style = format!("background:{fill};color:{ink}");
                out.push_str(&format!("<span class=\"rung\" style=\"{style}\">{}</span>", escaped(v)));
            }
            Run::Break => out.push_str("<br>"),
        }
    }
    out
}

/// A text as HTML shows it.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A picture as an address that holds it.
fn data_address(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let kind = match bytes {
        [0x89, b'P', ..] => "image/png",
        [0xff, 0xd8, ..] => "image/jpeg",
        _ => "image/svg+xml",
    };
    let mut out = format!("data:{kind};base64,");
    for three in bytes.chunks(3) {
        let whole = three.iter().fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte)) << (8 * (3 - three.len()));
        for digit in 0..4 {
            let shown = if digit <= three.len() { DIGITS[whole >> (18 - 6 * digit) & 63] } else { b'=' };
            out.push(char::from(shown));
        }
    }
    out
}
