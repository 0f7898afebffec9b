//! Words of a text without case and accents, each with its bytes.

use std::ops::Range;

/// One word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub folded: String,
    pub range: Range<usize>,
}

/// The words of a text. Hyphens, dots, underscores, `#` and `+` stay inside a word: `node_exporter`, `C#`.
pub fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let inside = c.is_alphanumeric() || matches!(c, '-' | '.' | '_' | '#' | '+');
        match (inside, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                push(text, from..at, &mut found);
                start = None;
            }
            _ => {}
        }
    }
    found
}

fn push(text: &str, range: Range<usize>, found: &mut Vec<Word>) {
    let edges = ['-', '.', '_', '+'];
    let word = &text[range.clone()];
    let left = word.trim_start_matches(edges);
    let right = left.trim_end_matches(edges);
    if right.is_empty() || right.chars().all(|c| c == '#') {
        return;
    }
    let start = range.start + (word.len() - left.len());
    found.push(Word { folded: right.chars().flat_map(fold).collect(), range: start..start + right.len() });
}

/// A text as its words, one space between two.
pub fn folded(text: &str) -> String {
    words(text).into_iter().map(|word| word.folded).collect::<Vec<_>>().join(" ")
}

/// Lower case without the accents of French.
fn fold(c: char) -> impl Iterator<Item = char> {
    let plain = |c: char| match c {
        'à' | 'â' | 'ä' => 'a',
        'ç' => 'c',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' => 'i',
        'ô' | 'ö' => 'o',
        'ù' | 'û' | 'ü' => 'u',
        c => c,
    };
    c.to_lowercase()
        .flat_map(move |c| match c {
            'œ' => ['o', 'e'].into_iter().chain(None),
            c => [plain(c), '\0'].into_iter().chain(None),
        })
        .filter(|c| *c != '\0')
}
