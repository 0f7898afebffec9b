//! Words without end: where they are, and what papers show of them.

use std::ops::Range;

use super::LONGEST_WORD;

/// The places of words that are too long. A text of a mebibyte has no more than some hundred.
pub(super) fn words(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let place = |word: &str| {
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        start..start + word.len()
    };
    let long = |word: &&str| word.len() > LONGEST_WORD && word.chars().count() > LONGEST_WORD;
    text.split(char::is_whitespace).filter(long).map(place)
}

/// A text of which no word is too long.
pub(crate) fn cut(text: &str) -> String {
    let mut letters = 0;
    let kept = text.chars().filter(|c| {
        letters = if c.is_whitespace() { 0 } else { letters + 1 };
        letters <= LONGEST_WORD
    });
    kept.collect()
}
