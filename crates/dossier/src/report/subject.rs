//! What is copied from the subject that everybody was given.

use std::collections::BTreeSet;

use super::outline::texts;
use super::wording::words;
use crate::finding::{Finding, Level};
use crate::source::Source;

/// So many words in a row are no coincidence.
const RUN: usize = 7;
/// A sentence or two; a shorter passage proves nothing.
const SHORTEST: usize = 14;

/// Paragraphs of which more than half is the subject's.
pub fn check(source: &Source, subjects: &[Source]) -> Vec<Finding> {
    let mut given = BTreeSet::new();
    for subject in subjects {
        for (text, _) in texts(&subject.blocks) {
            runs(&text).into_iter().for_each(|run| {
                given.insert(run);
            });
        }
    }
    let mut found = Vec::new();
    if given.is_empty() {
        return found;
    }
    for (text, range) in texts(&source.blocks) {
        let own = runs(&text);
        let total = own.len() + RUN - 1;
        let mut covered = vec![false; total];
        for (at, run) in own.iter().enumerate() {
            if given.contains(run) {
                covered[at..at + RUN].fill(true);
            }
        }
        let copied = covered.iter().filter(|word| **word).count();
        if total >= SHORTEST && copied * 2 > total {
            let share = (copied * 100 / total).to_string();
            let finding = Finding::at(source, range, "report.copied-subject", Level::Error, "report-copied-subject");
            found.push(finding.with("percent", share));
        }
    }
    found
}

fn runs(text: &str) -> Vec<String> {
    let words: Vec<String> = words(text).into_iter().map(|word| word.folded).collect();
    words.windows(RUN).map(|run| run.join(" ")).collect()
}
