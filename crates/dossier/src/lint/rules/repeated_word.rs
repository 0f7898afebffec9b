//! The same word twice in a row.

use framework::{Lang, folded};

use crate::finding::{Finding, Level};
use crate::lint::Paper;
use crate::lint::sentence::chunks;

pub(super) const ID: &str = "language.repeated-word";

pub(super) fn run(paper: &Paper<'_>, found: &mut Vec<Finding>) {
    let meant: &[&str] = match paper.asked.lang {
        Lang::Fr => &["nous", "vous", "bla"],
        Lang::En => &["had", "that", "bla"],
    };
    for text in &paper.texts {
        for prose in text.prose.iter().filter(|prose| !prose.quoted) {
            for pair in chunks(&prose.text).windows(2) {
                let [first, second] = pair else { continue };
                let word = folded(first.text);
                let letters = word.chars().all(|c| c.is_alphabetic() || c == '\'' || c == '’');
                // One letter may be a name: « A A » in a table of cases.
                let long = word.chars().count() > 1 || "aày".contains(&*word);
                if !second.follows || !letters || !long || word != folded(second.text) || meant.contains(&word.as_str())
                {
                    continue;
                }
                let range = prose.locate(&(first.start..second.range().end));
                let finding = Finding::at(text.source, range, ID, Level::Warning, "lint-repeated-word");
                found.push(finding.with("word", first.text));
            }
        }
    }
}
