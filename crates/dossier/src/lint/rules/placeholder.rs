//! What stands where something should still be written.

use framework::folded;

use crate::finding::{Finding, Level};
use crate::lint::{Paper, vocabulary};
use crate::report::placeholder::mark;

pub(super) const ID: &str = "structure.placeholder";

/// How much of an instruction is told.
const SHOWN: usize = 60;

pub(super) fn run(paper: &Paper<'_>, found: &mut Vec<Finding>) {
    let placeholders = &vocabulary::lists().placeholders;
    for text in &paper.texts {
        for prose in &text.prose {
            if let Some(range) = mark(&prose.text) {
                let range = prose.locate(&range);
                let finding = Finding::at(text.source, range, ID, Level::Error, "lint-placeholder");
                let mut shown: String = prose.text.trim().chars().take(SHOWN).collect();
                if prose.text.trim().chars().count() > SHOWN {
                    shown.push('…');
                }
                found.push(finding.with("text", shown));
            }
            let (plain, places) = fold_with_places(&prose.text);
            for wanted in placeholders {
                for (at, _) in plain.match_indices(wanted.as_str()) {
                    let end = at + wanted.len();
                    let edge = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
                    if edge(plain[..at].chars().next_back()) && edge(plain[end..].chars().next()) {
                        let range = prose.locate(&(places[at]..places[end]));
                        let finding = Finding::at(text.source, range.clone(), ID, Level::Error, "lint-placeholder");
                        found.push(finding.with("text", text.source.slice(&range)));
                    }
                }
            }
        }
    }
}

/// A text folded, with the place in the text of each of its bytes and of its end.
fn fold_with_places(text: &str) -> (String, Vec<usize>) {
    let mut out = String::with_capacity(text.len());
    let mut places = Vec::with_capacity(text.len() + 1);
    for (at, c) in text.char_indices() {
        out.push_str(&folded(c.encode_utf8(&mut [0; 4])));
        places.resize(out.len(), at);
    }
    places.push(text.len());
    (out, places)
}
