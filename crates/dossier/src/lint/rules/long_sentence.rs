//! Sentences that a juror can read in one breath.

use crate::finding::{Finding, Level};
use crate::lint::Paper;
use crate::lint::sentence::{chunks, sentences};
use crate::source::Place;

pub(super) const ID: &str = "language.long-sentence";

/// French says the same with more words; at 45 both are too long.
const LONGEST: usize = 45;

pub(super) fn run(paper: &Paper<'_>, found: &mut Vec<Finding>) {
    for text in &paper.texts {
        let read = |place: Place| matches!(place, Place::Paragraph | Place::Item | Place::Note);
        for prose in text.prose.iter().filter(|prose| !prose.quoted && read(prose.place)) {
            for sentence in sentences(&prose.text) {
                let words = chunks(&prose.text[sentence.clone()]).len();
                if words > LONGEST {
                    let finding =
                        Finding::at(text.source, prose.locate(&sentence), ID, Level::Warning, "lint-long-sentence");
                    found.push(finding.with("words", words.to_string()).with("most", LONGEST.to_string()));
                }
            }
        }
    }
}
