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

pub(super) fn run(paper: &Paper<'_>, found: &mut Vec<Finding>) {
    if paper.asked.measures.is_empty() {
        return;
    }
    for text in &paper.texts {
        for prose in text.prose.iter().filter(|prose| !prose.quoted) {
            let all = chunks(&prose.text);
            for pair in all.windows(2) {
                let Some((measure, said)) = paper.asked.measures.iter().find_map(|measure| differs(measure, pair))
                else {
                    continue;
                };
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

fn is_begun(version: &str, by: &str) -> bool {
    version.strip_prefix(by).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn number(text: &str) -> Option<String> {
    let text = folded(text);
    let written = LETTERS.iter().find(|(word, _)| *word == text).map(|(_, number)| (*number).to_owned());
    let digits: BTreeSet<bool> = text.bytes().map(|byte| byte.is_ascii_digit()).collect();
    written.or_else(|| (digits.len() == 1 && digits.contains(&true)).then_some(text))
}
