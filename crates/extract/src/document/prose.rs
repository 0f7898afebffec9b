//! Components and their links told in words or tables, under a heading that announces an architecture.

use std::collections::BTreeSet;
use std::ops::Range;

use facts::Confidence;

use super::diagram::Drawn;
use super::doc::Doc;
use super::normalise::plain;
use super::outline::Content;
use super::words;

/// The sections that explain components and links, with how many they name.
pub(super) fn components(doc: &Doc<'_>) -> Vec<(Range<usize>, Drawn)> {
    if matches!(doc.role, "changelog" | "licence" | "decision") {
        return Vec::new();
    }
    let mut found: Vec<(usize, Range<usize>, Drawn)> = Vec::new();
    for section in 1..doc.outline.sections.len().min(400) {
        let announced = doc.topics[section].contains(&"architecture");
        let covered = found.iter().any(|(ancestor, ..)| doc.outline.within(section, *ancestor));
        // A title names the whole document; that it says "microservices" explains no architecture.
        let title = section == 1 && doc.outline.sections.iter().any(|below| below.parent == Some(1));
        if !announced || covered || title || doc.templates[section] {
            continue;
        }
        if let Some((range, drawn)) = explain(doc, section) {
            found.push((section, range, drawn));
        }
    }
    found.into_iter().map(|(_, range, drawn)| (range, drawn)).collect()
}

fn explain(doc: &Doc<'_>, section: usize) -> Option<(Range<usize>, Drawn)> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    let (mut links, mut end) = (0, doc.outline.sections[section].at.end);
    for block in doc.outline.blocks_within(section).take(200) {
        let prose = block.content.prose();
        links += words::count(&plain(&prose), words::LINKS) + prose.matches('→').count() + prose.matches("->").count();
        end = end.max(block.range.end);
        match &block.content {
            Content::Item(text) => {
                names.insert(plain(text.split([':', '(', '–', '-']).next().unwrap_or_default()));
            }
            Content::Table { rows, .. } => {
                names.extend(rows.iter().filter_map(|(cells, _)| cells.first()).map(|cell| plain(cell)))
            }
            _ => names.extend(proper_names(&prose)),
        }
    }
    names.remove("");
    let words: usize = (section..doc.outline.sections.len())
        .filter(|below| doc.outline.within(*below, section))
        .map(|below| doc.outline.sections[below].words)
        .sum();
    let explained = names.len() >= 3 && links >= 3 && words >= 30;
    let range = doc.outline.sections[section].at.start..end;
    let drawn = Drawn {
        notation: "prose",
        shows: "architecture",
        components: names.len(),
        links,
        confidence: Confidence::Likely,
    };
    explained.then_some((range, drawn))
}

/// Words with a capital inside a sentence.
fn proper_names(text: &str) -> impl Iterator<Item = String> + '_ {
    let mut start = true;
    text.split_whitespace().filter_map(move |word| {
        let first = start;
        start = word.ends_with(['.', '!', '?', ':']);
        let named = word.chars().next().is_some_and(char::is_uppercase) && word.chars().count() > 2;
        (named && !first).then(|| plain(word))
    })
}
