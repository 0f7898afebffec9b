//! Text that stands for text: instructions of a skeleton, « to do », filler.

use super::wording::{folded, words};
use crate::finding::{Finding, Level};
use crate::source::{Block, BlockKind, Source, plain};

/// How an instruction of our own skeleton begins, in both languages; it is a quotation.
pub const TO_WRITE: [&str; 2] = ["À écrire :", "To write:"];

/// A whole text that is one of these.
const ALONE: [&str; 10] = ["x", "xxx", "todo", "n a", "na", "a venir", "texte", "text", "wip", "example"];

/// Whether a text is nothing else.
pub fn is_all(text: &str) -> bool {
    let folded = folded(text);
    let bare = text.trim();
    folded.is_empty()
        || ALONE.contains(&folded.as_str())
        || (marked(&folded) && words(text).len() < 12)
        || (bare.starts_with('<') && bare.ends_with('>'))
        || (bare.starts_with('[') && bare.ends_with(']') && !bare.contains("]("))
}

/// Whether one of the words that every paper is searched for stands in a text.
fn marked(folded: &str) -> bool {
    let padded = format!(" {folded} ");
    crate::lint::placeholders().iter().any(|mark| padded.contains(&format!(" {mark} ")))
}

/// Every place that stands for text.
pub fn check(source: &Source) -> Vec<Finding> {
    let mut found = Vec::new();
    walk(source, &source.blocks, &mut found);
    found
}

fn walk(source: &Source, blocks: &[Block], found: &mut Vec<Finding>) {
    for block in blocks {
        let text = match &block.kind {
            BlockKind::Paragraph(inlines) => plain(inlines),
            BlockKind::Quote(inside) => {
                let first = super::outline::texts(inside).first().map(|(text, _)| text.clone()).unwrap_or_default();
                if TO_WRITE.iter().any(|mark| first.starts_with(mark)) {
                    found.push(at(source, block, &first));
                }
                continue;
            }
            BlockKind::List { items, .. } => {
                items.iter().for_each(|item| walk(source, &item.blocks, found));
                continue;
            }
            _ => continue,
        };
        let picture = text.trim().is_empty() || source.slice(&block.range).contains("![");
        if !picture && (is_all(&text) || marked(&folded(&text))) {
            found.push(at(source, block, &text));
        }
    }
}

fn at(source: &Source, block: &Block, text: &str) -> Finding {
    let short: String = text.chars().take(60).collect();
    Finding::at(source, block.range.clone(), "report.placeholder", Level::Error, "report-placeholder")
        .with("text", short)
}
