//! HTML in Markdown, which a paper shows as text.

use crate::finding::{Finding, Level};
use crate::lint::Paper;
use crate::lint::outline::references;
use crate::papers::is_break;

pub(super) const ID: &str = "source.raw-html";

pub(super) fn run(paper: &Paper<'_>, found: &mut Vec<Finding>) {
    for text in &paper.texts {
        for (html, range) in references(text.source).html {
            let written = html.trim();
            if written.is_empty() || is_break(written) || written.starts_with("<!--") && written.ends_with("-->") {
                continue;
            }
            let shown: String = written.lines().next().unwrap_or_default().chars().take(40).collect();
            let (level, message) = match acts(written) {
                true => (Level::Error, "lint-html-acts"),
                false => (Level::Warning, "lint-html"),
            };
            found.push(Finding::at(text.source, range, ID, level, message).with("html", shown));
        }
    }
}

/// Whether a browser would run or load something.
fn acts(html: &str) -> bool {
    let html = html.to_ascii_lowercase();
    let tags =
        ["<script", "<iframe", "<object", "<embed", "<link", "<meta", "<style", "<form", "<svg", "<base", "<img"];
    tags.iter().any(|tag| html.contains(tag)) || html.contains("javascript:") || html.split_whitespace().any(is_handler)
}

/// `onclick=…`
fn is_handler(word: &str) -> bool {
    let word = word.trim_start_matches('/');
    word.starts_with("on") && word.split('=').next().is_some_and(|name| name.len() > 3 && name.len() < word.len())
}
