//! An acronym is spelt out once, in the text or in the glossary.

use std::collections::BTreeSet;

use crate::finding::{Finding, Level};
use crate::lint::sentence::{chunks, words};
use crate::lint::vocabulary::{is_acronym, spelt_out};
use crate::lint::{Paper, dictionary};
use crate::source::{Place, Prose};

/// Small words that people raise their voice with: NOT, PAS.
const STRESSED: [&str; 26] = [
    "not", "no", "yes", "and", "or", "all", "any", "but", "only", "up", "down", "on", "off", "new", "old", "key", "ne",
    "pas", "non", "oui", "et", "ou", "un", "une", "ni", "tip",
];

pub(super) const ID: &str = "language.acronym";

pub(super) fn run(paper: &Paper<'_>, found: &mut Vec<Finding>) {
    let asked = &paper.asked;
    let mut told: BTreeSet<String> = BTreeSet::new();
    for text in &paper.texts {
        tells(&text.prose, &mut told);
    }
    for source in paper.beside {
        let prose = source.prose();
        tells(&prose, &mut told);
        // One that the paper does not spell out is told there.
        let all = prose.iter().flat_map(|prose| chunks(&prose.text));
        told.extend(
            all.flat_map(|chunk| words(&chunk))
                .filter(|(_, word)| is_acronym(word))
                .map(|(_, word)| one(word).to_owned()),
        );
    }
    for text in &paper.texts {
        for prose in text.prose.iter().filter(|prose| !shouts(prose)) {
            let all = chunks(&prose.text);
            for (index, chunk) in all.iter().enumerate() {
                // Words in capitals side by side raise the voice.
                let near = [index.checked_sub(1), Some(index + 1)].into_iter().flatten().filter_map(|at| all.get(at));
                let loud = near.into_iter().any(|next| is_loud(next.text));
                for (start, word) in words(chunk).into_iter().filter(|(_, word)| is_acronym(word)) {
                    let one = one(word);
                    let emphasis = (loud || word.chars().count() > 3)
                        && dictionary::knows(asked.lang, &word.to_lowercase())
                        || STRESSED.contains(&word.to_lowercase().as_str());
                    if emphasis || asked.vocabulary.has_acronym(word) || told.contains(one) || told.contains(word) {
                        continue;
                    }
                    // Once for the whole paper: at its first use.
                    told.insert(one.to_owned());
                    let range = prose.locate(&(start..start + word.len()));
                    let finding = Finding::at(text.source, range, ID, Level::Warning, "lint-acronym");
                    found.push(finding.with("acronym", one));
                }
            }
        }
    }
}

/// The acronyms that a text spells out.
fn tells(prose: &[Prose], told: &mut BTreeSet<String>) {
    for pair in prose.windows(2) {
        told.extend(listed(&pair[0], &pair[1]));
    }
    told.extend(prose.iter().flat_map(|prose| spelt_out(&prose.text).into_keys()));
}

/// An acronym without the sign of its plural.
fn one(word: &str) -> &str {
    word.strip_suffix('s').unwrap_or(word)
}

/// `| CI | continuous integration |`, or `**CI**: continuous integration`.
fn listed(first: &Prose, second: &Prose) -> Option<String> {
    let word = first.text.trim();
    if first.place == Place::Cell && second.place == Place::Cell && is_acronym(word) {
        return (second.text.split_whitespace().count() > 1).then(|| word.to_owned());
    }
    let (word, meaning) = first.text.split_once([':', '=', '—', '–'])?;
    let word = word.trim();
    (is_acronym(word) && meaning.split_whitespace().count() > 1).then(|| word.to_owned())
}

fn is_loud(word: &str) -> bool {
    word.chars().count() > 1 && word.chars().all(char::is_uppercase)
}

/// A heading in capitals.
fn shouts(prose: &Prose) -> bool {
    !prose.text.chars().any(char::is_lowercase)
}
