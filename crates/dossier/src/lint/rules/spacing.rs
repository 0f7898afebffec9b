//! One space between words, none before a comma, one after it.

use crate::finding::{Edit, Finding, Level};
use crate::lint::Paper;
use crate::source::{OBJECT, Prose, Source};

pub(super) const ID: &str = "typography.spacing";

pub(super) fn run(paper: &Paper<'_>, found: &mut Vec<Finding>) {
    for text in &paper.texts {
        for prose in &text.prose {
            one(text.source, prose, found);
        }
    }
}

fn one(source: &Source, prose: &Prose, found: &mut Vec<Finding>) {
    let characters: Vec<(usize, char)> = prose.text.char_indices().collect();
    let at = |index: usize| characters.get(index).map_or('\n', |(_, c)| *c);
    let mut report = |from: usize, to: usize, message, with: &str| {
        let end = characters.get(to).map_or(prose.text.len(), |(at, _)| *at);
        let range = characters[from].0..end;
        let place = prose.locate(&range);
        let mut finding = Finding::at(source, place.clone(), ID, Level::Warning, message);
        if prose.verbatim(source, &range) {
            finding.fix = Some(Edit { range: place, with: with.to_owned() });
        }
        found.push(finding);
    };
    let mut index = 0;
    while index < characters.len() {
        let c = at(index);
        if c == ' ' {
            let end = (index..characters.len()).find(|next| at(*next) != ' ').unwrap_or(characters.len());
            let inside = index > 0 && end < characters.len();
            let before_mark = matches!(at(end), ',' | ')') || at(end) == '.' && stops(&prose.text, &characters, end);
            // A smiley or a file name such as `.env` is no punctuation.
            if inside && before_mark && at(index - 1) != OBJECT && !at(index - 1).is_whitespace() {
                report(index, end, "lint-space-before", "");
            } else if inside && end - index > 1 && !at(index - 1).is_whitespace() {
                report(index, end, "lint-space-double", " ");
            }
            index = end;
            continue;
        }
        let letters = index > 0 && at(index - 1).is_alphabetic() && at(index + 1).is_alphabetic();
        if c == ',' && letters && !listed(&prose.text, characters[index].0) {
            report(index, index + 1, "lint-space-after", ", ");
        }
        if c == '(' && at(index + 1) == ' ' {
            report(index, index + 2, "lint-space-inside", "(");
            index += 1;
        }
        index += 1;
    }
}

/// Whether a point ends a sentence: `build . && run` names a folder.
fn stops(text: &str, characters: &[(usize, char)], index: usize) -> bool {
    let Some((at, c)) = characters.get(index) else { return false };
    let after = &text[at + c.len_utf8()..];
    after.trim().is_empty()
        || after.starts_with(char::is_whitespace) && after.trim_start().starts_with(char::is_uppercase)
}

/// Whether a comma stands in a list without any space, as commands take them: `pod,service,job`.
fn listed(text: &str, at: usize) -> bool {
    let (before, after) = text.split_at(at);
    let start = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    let end = after.split(char::is_whitespace).next().unwrap_or_default();
    start.matches(',').count() + end.trim_end_matches(',').matches(',').count() > 1
}
