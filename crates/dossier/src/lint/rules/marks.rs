//! The curved apostrophe and the ellipsis of print.

use framework::Lang;

use crate::finding::{Finding, Level};
use crate::lint::Paper;

pub(super) const ID: &str = "typography.marks";

pub(super) fn run(paper: &Paper<'_>, found: &mut Vec<Finding>) {
    for text in &paper.texts {
        for prose in &text.prose {
            let mut report = |at: usize, length: usize, message, with: &str| {
                let range = at..at + length;
                let place = prose.locate(&range);
                let finding = Finding::at(text.source, place.clone(), ID, Level::Note, message);
                found.push(if prose.verbatim(text.source, &range) { finding.fix(place, with) } else { finding });
            };
            for (at, _) in prose.text.match_indices("...") {
                let after = prose.text[at + 3..].chars().next();
                let before = prose.text[..at].chars().next_back();
                // `a...b` is a range of commits, and four points are somebody's own.
                if before.is_some_and(|c| c.is_alphabetic() || ",;) ".contains(c))
                    && after.is_none_or(|c| c.is_whitespace() || ")»".contains(c))
                {
                    report(at, 3, "lint-ellipsis", "…");
                }
            }
            if paper.asked.lang == Lang::Fr {
                for (at, _) in prose.text.match_indices('\'') {
                    let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
                    if letter(prose.text[..at].chars().next_back()) && letter(prose.text[at + 1..].chars().next()) {
                        report(at, 1, "lint-apostrophe", "’");
                    }
                }
            }
        }
    }
}
