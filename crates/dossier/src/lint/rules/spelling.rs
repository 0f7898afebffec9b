//! Words that are in no dictionary, nor of the trade, nor of the dossier.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use framework::Lang;

use crate::finding::{Finding, Level};
use crate::lint::sentence::{Chunk, chunks, words};
use crate::lint::vocabulary::is_acronym;
use crate::lint::{Paper, Text, dictionary, rules::letters};
use crate::source::{Place, Prose};

pub(super) const ID: &str = "language.spelling";

/// Looking for what was meant is slow; the first words of a paper are enough to see what is wrong with it.
const MOST_SUGGESTED: usize = 25;
/// No word is longer, and the dictionary's work grows with it.
const LONGEST_WORD: usize = 40;
/// How far the words of a passage in the other language are looked for, on either side.
const NEAR: usize = 3;

/// A word and its neighbours, while they are judged.
struct Seen<'p, 't> {
    text: &'p Text<'p>,
    prose: &'t Prose,
    word: &'t str,
    range: Range<usize>,
    /// A word that begins with a capital where no sentence begins is a name.
    opens: bool,
    known: bool,
}

pub(super) fn run(paper: &Paper<'_>, found: &mut Vec<Finding>) {
    let asked = &paper.asked;
    let mut judged: BTreeMap<String, bool> = BTreeMap::new();
    let mut names: BTreeSet<&str> = BTreeSet::new();
    let mut all: Vec<Seen<'_, '_>> = Vec::new();
    for text in &paper.texts {
        for prose in text.prose.iter().filter(|prose| !prose.quoted) {
            for chunk in chunks(&prose.text).iter().filter(|chunk| !chunk.is_technical()) {
                for (start, word) in words(chunk).into_iter().filter(|(_, word)| is_word(word)) {
                    let known =
                        *judged.entry(word.to_owned()).or_insert_with(|| asked.vocabulary.accepts(asked.lang, word));
                    let opens = opens(prose, chunk);
                    if !opens && capital(word) {
                        names.insert(word);
                    }
                    let range = start..start + word.len();
                    all.push(Seen { text, prose, word, range, opens, known });
                }
            }
        }
    }
    let mut suggested = 0;
    let mut told: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for index in 0..all.len() {
        let seen = &all[index];
        let name = capital(seen.word) && (!seen.opens || names.contains(seen.word));
        if seen.known || name || letters::repaired(asked.lang, seen.word).is_some() || foreign(&all, index, asked.lang)
        {
            continue;
        }
        let first = !told.contains_key(seen.word);
        let other = if asked.lang == Lang::Fr { Lang::En } else { Lang::Fr };
        if dictionary::knows(other, seen.word) {
            // A loan or a slip: a person knows.
            if first {
                told.insert(seen.word, Vec::new());
                let range = seen.prose.locate(&seen.range);
                let finding = Finding::at(seen.text.source, range, ID, Level::Note, "lint-spelling-other");
                found.push(finding.with("word", seen.word));
            }
            continue;
        }
        let near = told.entry(seen.word).or_insert_with(|| {
            suggested += 1;
            if suggested <= MOST_SUGGESTED { dictionary::suggest(asked.lang, seen.word) } else { Vec::new() }
        });
        // A word that is wrong everywhere is one mistake: its first place tells.
        if !first {
            continue;
        }
        let range = seen.prose.locate(&seen.range);
        let message = if near.is_empty() { "lint-spelling" } else { "lint-spelling-near" };
        let finding = Finding::at(seen.text.source, range, ID, Level::Warning, message).with("word", seen.word);
        let near: Vec<&str> = near.iter().take(3).map(String::as_str).collect();
        found.push(if near.is_empty() { finding } else { finding.with("near", near.join(", ")) });
    }
}

/// Something that a dictionary could know: not `S3`, `GitLab` or `CI`.
fn is_word(word: &str) -> bool {
    let length = word.chars().count();
    let inner = word.split(['-', '‑']).any(|part| part.chars().skip(1).any(char::is_uppercase));
    length > 1
        && word.len() <= LONGEST_WORD
        && !inner
        && !is_acronym(word)
        && word.chars().all(|c| c.is_alphabetic() || "'’-‑".contains(c))
}

fn capital(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}

/// Whether a capital says nothing here: a sentence begins, or a title in which each word may have one.
fn opens(prose: &Prose, chunk: &Chunk<'_>) -> bool {
    let first = chunk.start == prose.text.len() - prose.text.trim_start().len();
    // The first word of a cell is as often a name as not.
    let names = prose.place == Place::Cell;
    !names && (chunk.opens || first)
}

/// Whether the word stands in a passage of the other language: two words near it are of that one alone.
fn foreign(all: &[Seen<'_, '_>], index: usize, lang: Lang) -> bool {
    let other = if lang == Lang::Fr { Lang::En } else { Lang::Fr };
    let here = &all[index];
    if !dictionary::knows(other, here.word) {
        return false;
    }
    let near = all[index.saturating_sub(NEAR)..].iter().take(2 * NEAR + 1);
    let of_other = |seen: &&Seen<'_, '_>| {
        std::ptr::eq(seen.prose, here.prose)
            && seen.range != here.range
            && dictionary::knows(other, seen.word)
            && !dictionary::knows(lang, seen.word)
    };
    near.filter(of_other).count() >= 2
}
