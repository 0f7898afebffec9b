//! Text that stands for text: instructions of a skeleton, « to do », filler.

use std::ops::Range;

use super::wording::{folded, words};
use crate::finding::{Finding, Level};
use crate::source::{Block, BlockKind, Source, plain};

/// How an instruction of our own skeleton begins, in both languages; it is a quotation.
pub const TO_WRITE: [&str; 2] = ["À écrire :", "To write:"];

/// Where such an instruction begins a text: its mark, however the space before its colon is written.
pub fn mark(text: &str) -> Option<Range<usize>> {
    const LONGEST: usize = 24;
    let start = text.len() - text.trim_start().len();
    let colon = text.find(':').filter(|colon| *colon <= start + LONGEST)?;
    let said = folded(text.get(start..colon)?);
    TO_WRITE.iter().any(|mark| folded(mark) == said).then_some(start..colon + 1)
}

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

/// Whether an instruction of a skeleton stands among these blocks.
pub fn waits(blocks: &[Block]) -> bool {
    blocks.iter().any(|block| matches!(&block.kind, BlockKind::Quote(inside) if instruction(inside).is_some()))
}

/// The first words of a quotation when they are an instruction.
fn instruction(inside: &[Block]) -> Option<String> {
    let (text, _) = super::outline::texts(inside).into_iter().next()?;
    mark(&text).map(|_| text)
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
                found.extend(instruction(inside).map(|first| at(source, block, &first)));
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

/// How much of such a text is told.
const SHOWN: usize = 60;

fn at(source: &Source, block: &Block, text: &str) -> Finding {
    let mut short: String = text.chars().take(SHOWN).collect();
    if text.chars().count() > SHOWN {
        short.push('…');
    }
    Finding::at(source, block.range.clone(), "report.placeholder", Level::Error, "report-placeholder")
        .with("text", short)
}
