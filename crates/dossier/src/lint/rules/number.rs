//! Numbers of the text that are not those of the evidence.

use std::collections::BTreeSet;

use framework::folded;

use crate::finding::{Finding, Level};
use crate::lint::sentence::{Chunk, chunks};
use crate::lint::{Measure, Paper, Shape};

pub(super) const ID: &str = "claim.number";

/// Numbers that people write in letters; folded.
const LETTERS: [(&str, &str); 22] = [
    ("deux", "2"),
    ("trois", "3"),
    ("quatre", "4"),
    ("cinq", "5"),
    ("six", "6"),
    ("sept", "7"),
    ("huit", "8"),
    ("neuf", "9"),
    ("dix", "10"),
    ("onze", "11"),
    ("douze", "12"),
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("ten", "10"),
    ("eleven", "11"),
    ("twelve", "12"),
    ("vingt", "20"),
];

/// Words beside a number that make a bound of it; folded.
const BOUNDS: [&str; 12] =
    ["minimum", "maximum", "min", "max", "mini", "maxi", "minimal", "maximal", "jusqu'a", "over", "under", "below"];
const PAIRS: [(&str, &str); 14] = [
    ("at", "least"),
    ("at", "most"),
    ("up", "to"),
    ("more", "than"),
    ("less", "than"),
    ("fewer", "than"),
    ("or", "more"),
    ("or", "less"),
    ("au", "moins"),
    ("au", "plus"),
    ("plus", "de"),
    ("moins", "de"),
    ("ou", "plus"),
    ("au", "maximum"),
];
/// What begins an interval, and what leads to its end.
const FROM: [&str; 4] = ["from", "between", "de", "entre"];
const TO: [&str; 4] = ["to", "a", "and", "et"];

pub(super) fn run(paper: &Paper<'_>, found: &mut Vec<Finding>) {
    if paper.asked.measures.is_empty() {
        return;
    }
    for text in &paper.texts {
        for prose in text.prose.iter().filter(|prose| !prose.quoted) {
            let all = chunks(&prose.text);
            for (at, pair) in all.windows(2).enumerate() {
                let differing = || paper.asked.measures.iter().find_map(|measure| differs(measure, pair));
                let Some((measure, said)) = differing().filter(|_| !bounds(&all, at)) else { continue };
                let range = prose.locate(&(pair[0].start..pair[1].range().end));
                let values: Vec<&str> = measure.values.iter().map(String::as_str).collect();
                let finding = Finding::at(text.source, range, ID, Level::Warning, "lint-number")
                    .with("said", said)
                    .with("known", values.join(", "))
                    .with("place", measure.place.as_str());
                found.push(finding);
            }
        }
    }
}

/// The measure that two chunks in a row speak of, when they say another number than it knows.
fn differs<'m>(measure: &'m Measure, pair: &[Chunk<'_>]) -> Option<(&'m Measure, String)> {
    let [first, second] = pair else { return None };
    let (name, value) = match measure.shape {
        Shape::Count | Shape::Total => (second, number(first.text)?),
        Shape::Version => (first, second.text.trim_start_matches('v').to_owned()),
    };
    let word = folded(name.text);
    let named = measure.names.iter().any(|wanted| match measure.shape {
        Shape::Count | Shape::Total => {
            word.strip_prefix(wanted.as_str()).is_some_and(|ending| ["", "s", "x"].contains(&ending))
        }
        Shape::Version => word == *wanted,
    });
    let numeric =
        value.starts_with(|c: char| c.is_ascii_digit()) && value.chars().all(|c| c.is_ascii_digit() || c == '.');
    // `3.12` speaks of 3.12.4, and `3` of both.
    let same = |known: &String| match measure.shape {
        Shape::Count => *known == value,
        // Two alerts of eleven are two alerts.
        Shape::Total => known.parse::<u64>().ok().zip(value.parse::<u64>().ok()).is_some_and(|(all, some)| some <= all),
        Shape::Version => is_begun(known, &value) || is_begun(&value, known),
    };
    (named && numeric && !measure.values.iter().any(same)).then_some((measure, value))
}

/// Whether the number at a chunk bounds something, or ends an interval: then it is no count of what there is.
fn bounds(all: &[Chunk<'_>], at: usize) -> bool {
    let folds = |chunk: &Chunk<'_>| folded(&chunk.text.replace('’', "'"));
    // What stands before it in its sentence, the nearest first; and after what it counts.
    let opened = all[..=at].iter().rposition(|chunk| chunk.opens).unwrap_or(0);
    let before: Vec<String> = all[opened..at].iter().rev().take(4).map(folds).collect();
    let after: Vec<String> = all[at + 1..].iter().skip(1).take_while(|chunk| !chunk.opens).take(4).map(folds).collect();
    let back = |steps: usize| before.get(steps - 1).map_or("", String::as_str);
    let ahead = |steps: usize| after.get(steps).map_or("", String::as_str);
    let bound = |word: &str| BOUNDS.contains(&word);
    let is_number = |word: &str| number(word).is_some();
    let pair = |first: &str, second: &str| PAIRS.contains(&(first, second));
    let named = bound(back(1)) || bound(back(2)) && ["of", "de"].contains(&back(1)) || pair(back(2), back(1));
    let named = named || pair(ahead(0), ahead(1)) || bound(ahead(0));
    // From 1 to 5; from 1 replica to 5 replicas.
    let between = |steps: usize| ["between", "entre"].contains(&back(steps));
    let led = |steps: usize| is_number(back(steps)) && (["to", "a"].contains(&back(1)) || between(steps + 1));
    let ends = TO.contains(&back(1)) && (led(2) || led(3));
    let starts =
        FROM.contains(&back(1)) && (0..2).any(|steps| TO.contains(&ahead(steps)) && is_number(ahead(steps + 1)));
    // `1–3`, and `1 000` with a narrow space: the number began before.
    let goes_on = at > 0 && is_number(all[at - 1].text) && all[at].start - all[at - 1].range().end == '–'.len_utf8();
    named || ends || starts || goes_on
}

fn is_begun(version: &str, by: &str) -> bool {
    version.strip_prefix(by).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// A number that is written in letters, folded.
pub(in crate::lint) fn in_letters(word: &str) -> Option<&'static str> {
    LETTERS.iter().find(|(letters, _)| *letters == word).map(|(_, number)| *number)
}

fn number(text: &str) -> Option<String> {
    let text = folded(text);
    let written = in_letters(&text).map(str::to_owned);
    let digits: BTreeSet<bool> = text.bytes().map(|byte| byte.is_ascii_digit()).collect();
    written.or_else(|| (digits.len() == 1 && digits.contains(&true)).then_some(text))
}
