//! The little HTML that READMEs hold: headings, paragraphs, images and links.

use std::ops::Range;
use std::sync::OnceLock;

use regex::Regex;

use super::outline::ReferenceKind;

/// A heading or a run of text.
pub(super) struct Piece {
    pub heading: Option<usize>,
    pub text: String,
    pub range: Range<usize>,
}

fn headings() -> &'static Regex {
    static RE: OnceLock<Regex> = OnceLock::new();
    RE.get_or_init(|| Regex::new(r"(?is)<h([1-6])(?:\s[^>]*)?>(.*?)</h[1-6]\s*>").expect("a constant expression"))
}

fn tags() -> &'static Regex {
    static RE: OnceLock<Regex> = OnceLock::new();
    RE.get_or_init(|| Regex::new(r"(?s)<!--.*?-->|<[^>]*>").expect("a constant expression"))
}

/// Headings and the text between them, tags and comments left out.
pub(super) fn pieces(html: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut from = 0;
    for heading in headings().captures_iter(html) {
        let (Some(whole), Some(level), Some(text)) = (heading.get(0), heading.get(1), heading.get(2)) else {
            continue;
        };
        text_piece(html, from..whole.start(), &mut found);
        let level = level.as_str().parse().ok();
        found.push(Piece { heading: level, text: plain(text.as_str()), range: whole.range() });
        from = whole.end();
    }
    text_piece(html, from..html.len(), &mut found);
    found
}

fn text_piece(html: &str, range: Range<usize>, found: &mut Vec<Piece>) {
    let text = plain(&html[range.clone()]);
    if !text.is_empty() {
        found.push(Piece { heading: None, text, range });
    }
}

fn plain(html: &str) -> String {
    tags().replace_all(html, " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Images and links with their alternative texts.
pub(super) fn references(html: &str) -> Vec<(ReferenceKind, String, String)> {
    static RE: OnceLock<Regex> = OnceLock::new();
    let tag = RE.get_or_init(|| {
        Regex::new(r#"(?is)<(img|a|source)\s[^>]*?(?:src|href|srcset)\s*=\s*["']([^"']+)["'][^>]*>"#)
            .expect("a constant expression")
    });
    let mut found = Vec::new();
    for tag in tag.captures_iter(html).take(500) {
        let kind = if tag[1].eq_ignore_ascii_case("a") { ReferenceKind::Link } else { ReferenceKind::Image };
        found.push((kind, tag[2].to_owned(), attribute(&tag[0], "alt")));
    }
    found
}

fn attribute(tag: &str, name: &str) -> String {
    let Some((_, rest)) = tag.split_once(&format!("{name}=")) else {
        return String::new();
    };
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
    quote.and_then(|quote| rest[1..].split(quote).next()).unwrap_or_default().to_owned()
}
