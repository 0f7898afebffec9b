//! A strong claim stands beside what supports it: a link, a note, a figure, a file, a number.

use std::collections::BTreeSet;
use std::ops::Range;

use framework::{Lang, folded};

use crate::finding::{Finding, Level};
use crate::lint::sentence::{chunks, sentences};
use crate::lint::{Paper, Text, vocabulary};
use crate::source::{Block, BlockKind, Inline, InlineKind, Place, Prose};

pub(super) const ID: &str = "claim.unsupported";

/// What a claimed word may end with: plural, feminine.
const ENDINGS: [&str; 4] = ["", "s", "e", "es"];

pub(super) fn run(paper: &Paper<'_>, found: &mut Vec<Finding>) {
    let lang = paper.asked.lang;
    // A talk rests on its paper: what is supported there need not be supported again on a screen.
    let mut told = BTreeSet::new();
    for source in paper.beside {
        let written = Text { source, prose: source.prose() };
        told.extend(claims(&written, lang, false).into_iter().filter(|claim| claim.supported).map(|claim| claim.what));
    }
    for text in &paper.texts {
        for claim in claims(text, lang, !paper.beside.is_empty()) {
            if !claim.supported && !told.contains(&claim.what) {
                let finding =
                    Finding::at(text.source, claim.prose.locate(&claim.range), ID, Level::Warning, "lint-claim");
                found.push(finding.with("claim", &claim.prose.text[claim.range.clone()]));
            }
        }
    }
}

/// What a sentence claims.
struct Claim<'a> {
    prose: &'a Prose,
    range: Range<usize>,
    /// The same for each way of writing it.
    what: String,
    supported: bool,
}

/// The first claim of each sentence that makes one.
fn claims<'a>(text: &'a Text<'_>, lang: Lang, on_screen: bool) -> Vec<Claim<'a>> {
    let lists = vocabulary::lists();
    let (wanted, reservations) = (lists.claims.get(lang), lists.reservations.get(lang));
    let mut found = Vec::new();
    let read = |prose: &&Prose| !prose.quoted && matches!(prose.place, Place::Paragraph | Place::Item);
    for prose in text.prose.iter().filter(read) {
        let mut shown = None;
        for sentence in sentences(&prose.text) {
            let said = &prose.text[sentence.clone()];
            let words: Vec<(String, Range<usize>)> = words(said, sentence.start);
            if said.ends_with('?') || words.iter().any(|(word, _)| reservations.contains(&folded(word))) {
                continue;
            }
            let percent = || {
                let range = percent(said)?;
                Some((range.start + sentence.start..range.end + sentence.start, folded(&said[range])))
            };
            let word = claimed(&words, wanted);
            let counted = word.is_some() && numbered(&words);
            let Some((range, what)) = word.filter(|_| !counted).or_else(percent) else { continue };
            let supported = *shown.get_or_insert_with(|| supported(text, prose, on_screen));
            found.push(Claim { prose, range, what, supported });
        }
    }
    found
}

/// The words of a sentence in lower case, elided articles being words of their own.
fn words(said: &str, start: usize) -> Vec<(String, Range<usize>)> {
    let mut found = Vec::new();
    for chunk in chunks(said) {
        let mut at = chunk.start;
        for part in chunk.text.split(['\'', '’']) {
            found.push((part.to_lowercase(), start + at..start + at + part.len()));
            at += part.len() + chunk.text[at - chunk.start + part.len()..].chars().next().map_or(0, char::len_utf8);
        }
    }
    found
}

/// The first claim: its place, one word or several in a row, and how it is called.
fn claimed(words: &[(String, Range<usize>)], claims: &[String]) -> Option<(Range<usize>, String)> {
    (0..words.len()).find_map(|index| {
        claims.iter().find_map(|claim| {
            let wanted: Vec<&str> = claim.split(' ').collect();
            let here = words.get(index..index + wanted.len())?;
            let said = here.iter().zip(&wanted).all(|((word, _), wanted)| is(word, wanted));
            let range = here.first()?.1.start..here.last()?.1.end;
            said.then(|| (range, claim.clone()))
        })
    })
}

fn is(word: &str, wanted: &str) -> bool {
    word.strip_prefix(wanted).is_some_and(|ending| ENDINGS.contains(&ending))
}

/// Whether a quantity is given: `14 jobs`, `12 ms`. A year or a version is none.
fn numbered(words: &[(String, Range<usize>)]) -> bool {
    words.iter().any(|(word, _)| !word.is_empty() && word.len() < 4 && word.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `99.9 %`, `100%`: a number that itself wants a source.
fn percent(said: &str) -> Option<Range<usize>> {
    let end = said.find('%')?;
    let before = said[..end].trim_end_matches([' ', '\u{a0}', '\u{202f}']);
    let start = before
        .rfind(|c: char| !(c.is_ascii_digit() || c == '.' || c == ','))
        .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    let number: f64 = before[start..].replace(',', ".").parse().ok()?;
    (number >= 99.0).then_some(start..end + 1)
}

/// Whether the passage itself, or what stands right before or after it, shows something; of a screen, all that is on it.
fn supported(text: &Text<'_>, prose: &Prose, on_screen: bool) -> bool {
    let refers = |word: &str| vocabulary::lists().figures.contains(&folded(word.trim_end_matches('.')));
    let numbers = chunks(&prose.text);
    let figure =
        numbers.windows(2).any(|pair| refers(pair[0].text) && pair[1].text.bytes().all(|byte| byte.is_ascii_digit()));
    let said = folded(&prose.text);
    let beside = vocabulary::lists().beside.iter().any(|beside| said.contains(beside.as_str()));
    if figure || beside {
        return true;
    }
    let blocks = &text.source.blocks;
    let Some(index) = blocks.iter().position(|block| block.range.contains(&prose.range.start)) else { return false };
    if on_screen {
        let opens = |block: &&Block| !matches!(block.kind, BlockKind::Heading { .. });
        let (before, after) =
            (blocks[..index].iter().rev().take_while(opens), blocks[index..].iter().take_while(opens));
        return before.chain(after).any(shows) || cites(&blocks[index], &prose.range);
    }
    let near = [index.checked_sub(1), Some(index + 1)];
    near.into_iter().flatten().filter_map(|at| blocks.get(at)).any(shows) || cites(&blocks[index], &prose.range)
}

/// Whether a block shows something by itself: an extract, a table, a picture.
fn shows(block: &Block) -> bool {
    match &block.kind {
        // Slides are left out of the paper that they stand in.
        BlockKind::Code { info, .. } => !crate::oral::is_fence(info),
        BlockKind::Table { .. } => true,
        BlockKind::Paragraph(inlines) => matches!(inlines.as_slice(), [Inline { kind: InlineKind::Image { .. }, .. }]),
        _ => false,
    }
}

/// Whether the passage at `range` holds a link, a note, a picture or the name of a file.
fn cites(block: &Block, range: &Range<usize>) -> bool {
    match &block.kind {
        BlockKind::Paragraph(inlines) => {
            block.range.start <= range.start && range.end <= block.range.end && any(inlines)
        }
        BlockKind::Quote(blocks) => inside(blocks, range),
        BlockKind::List { items, .. } => items.iter().any(|item| inside(&item.blocks, range)),
        _ => false,
    }
}

fn inside(blocks: &[Block], range: &Range<usize>) -> bool {
    let overlaps =
        |block: &&Block| block.range.start <= range.start && range.start < block.range.end.max(block.range.start + 1);
    // What an extract in the same item shows supports the item.
    blocks.iter().filter(overlaps).any(|block| cites(block, range)) || blocks.iter().any(shows)
}

fn any(inlines: &[Inline]) -> bool {
    inlines.iter().any(|inline| match &inline.kind {
        InlineKind::Link { .. } | InlineKind::Image { .. } | InlineKind::FootnoteReference(_) => true,
        InlineKind::Code(code) => code.contains(['/', '.']),
        InlineKind::Emphasis(inside) | InlineKind::Strong(inside) | InlineKind::Struck(inside) => any(inside),
        _ => false,
    })
}
