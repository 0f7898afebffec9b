//! The words of texts as they are compared: without case, accents and endings, names and numbers as one sign each.

use std::ops::Range;

use framework::folded;

use crate::source::{OBJECT, Prose, Source};

/// Letters of a word that are compared: what follows is mostly an ending.
const STEM: usize = 7;

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub stem: String,
    /// The file it stands in, and its bytes.
    pub source: usize,
    pub range: Range<usize>,
    /// The paragraph, heading, item or cell it stands in.
    pub block: usize,
}

/// The words of all files in order, quotations left out.
pub(super) fn of(sources: &[Source]) -> Vec<Token> {
    let mut found = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        for (block, prose) in source.prose().iter().enumerate().filter(|(_, prose)| !prose.quoted) {
            words(prose, (index, block), &mut found);
        }
    }
    found
}

fn words(prose: &Prose, (source, block): (usize, usize), found: &mut Vec<Token>) {
    let quoted = quotations(&prose.text);
    let mut opens = true;
    let mut start = None;
    let ends = prose.text.char_indices().chain([(prose.text.len(), ' ')]);
    for (at, c) in ends {
        let inside = c.is_alphanumeric() || c == OBJECT;
        match (start, inside) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                start = None;
                let word = &prose.text[from..at];
                if !quoted.iter().any(|range| range.contains(&from)) {
                    found.push(Token { stem: stem(word, opens), source, range: prose.locate(&(from..at)), block });
                }
                opens = ".!?:".contains(c);
            }
            _ if !c.is_whitespace() && !inside => opens = opens || ".!?:".contains(c),
            _ => {}
        }
    }
}

/// A capital inside a sentence begins a name, which copies change.
fn stem(word: &str, opens: bool) -> String {
    if word.chars().any(|c| c.is_ascii_digit() || c == OBJECT) {
        return "#".to_owned();
    }
    if !opens && word.starts_with(char::is_uppercase) {
        return "@".to_owned();
    }
    folded(word).chars().take(STEM).collect::<String>().trim_end_matches(['s', 'e']).to_owned()
}

/// What stands between quotation marks, when it is more than a few words.
fn quotations(text: &str) -> Vec<Range<usize>> {
    const FEW: usize = 4;
    let mut found = Vec::new();
    for (open, close) in [('«', '»'), ('“', '”'), ('"', '"')] {
        let mut from = 0;
        while let Some(start) = text[from..].find(open).map(|at| from + at) {
            let inside = start + open.len_utf8();
            let Some(end) = text[inside..].find(close).map(|at| inside + at) else { break };
            if text[inside..end].split_whitespace().count() > FEW {
                found.push(start..end);
            }
            from = end + close.len_utf8();
        }
    }
    found
}
