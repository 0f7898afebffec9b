//! A strong claim stands beside what supports it: a link, a note, a figure, a file, a commit, a measure of what is claimed.

use std::collections::BTreeSet;
use std::ops::Range;

use framework::{Lang, folded};

use crate::finding::{Finding, Level};
use crate::lint::clause::Said;
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
    let mut found = Vec::new();
    let read = |prose: &&Prose| !prose.quoted && matches!(prose.place, Place::Paragraph | Place::Item);
    for prose in text.prose.iter().filter(read) {
        let mut shown = None;
        for sentence in sentences(&prose.text) {
            if let Some((range, what)) = claimed(&prose.text, &sentence, lang) {
                let supported = *shown.get_or_insert_with(|| supported(text, prose, on_screen));
                found.push(Claim { prose, range, what, supported });
            }
        }
    }
    found
}

/// The first claim of a sentence that nothing denies or measures: its place, and how it is called.
fn claimed(text: &str, sentence: &Range<usize>, lang: Lang) -> Option<(Range<usize>, String)> {
    let written = &text[sentence.clone()];
    let said = Said::of(text, sentence, lang);
    if written.ends_with('?') || said.is_reserved() {
        return None;
    }
    let wanted = vocabulary::lists().claims.get(lang);
    let at = |index: usize| wanted.iter().find_map(|claim| Some((index..index + length(&said, index, claim)?, claim)));
    let stands = |words: &Range<usize>| !said.is_denied(words, &|index| at(index).is_some());
    let word = (0..said.words.len()).filter_map(at).find(|(words, _)| stands(words) && !said.is_measured(words));
    if let Some((words, claim)) = word {
        let (first, last) = (&said.words[words.start], &said.words[words.end - 1]);
        return Some((first.range.start..last.range.end, claim.clone()));
    }
    let range = percent(written)?;
    let range = range.start + sentence.start..range.end + sentence.start;
    let word = said.words.iter().position(|word| word.range.end > range.start)?;
    stands(&(word..word + 1)).then(|| (range.clone(), folded(&text[range])))
}

/// How many words a claim has, when it stands at one; a claim may be several in a row.
fn length(said: &Said<'_>, index: usize, claim: &str) -> Option<usize> {
    let wanted: Vec<&str> = claim.split(' ').collect();
    let here = said.words.get(index..index + wanted.len())?;
    here.iter().zip(&wanted).all(|(word, wanted)| is(&word.lower, wanted)).then_some(wanted.len())
}

fn is(word: &str, wanted: &str) -> bool {
    word.strip_prefix(wanted).is_some_and(|ending| ENDINGS.contains(&ending))
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
        InlineKind::Code(code) => is_place(code) || is_commit(code),
        InlineKind::Text(text) => text.split(|c: char| !c.is_ascii_alphanumeric()).any(is_commit),
        InlineKind::Emphasis(inside) | InlineKind::Strong(inside) | InlineKind::Struck(inside) => any(inside),
        _ => false,
    })
}

/// `k8s/`, `.gitlab-ci.yml`, `Makefile`: a file or a folder, and no version.
fn is_place(code: &str) -> bool {
    let ends = |name: &str| name.rsplit_once('.').is_some_and(|(_, end)| end.starts_with(char::is_alphabetic));
    let name = code.rsplit('/').next().unwrap_or_default();
    code.contains('/') || ends(name) || name.ends_with("file") && name.starts_with(char::is_uppercase)
}

/// `3f2a1bc`: the id of a commit, whole or begun.
fn is_commit(word: &str) -> bool {
    let hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    (7..=40).contains(&word.len())
        && word.chars().all(hex)
        && word.contains(|c: char| c.is_ascii_digit())
        && word.contains(|c: char| c.is_ascii_lowercase())
}
