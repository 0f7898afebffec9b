//! A text cut into chunks between spaces, words and sentences, each with its range.

use std::ops::Range;

use crate::source::OBJECT;

/// Points that end no sentence.
const ABBREVIATIONS: [&str; 21] = [
    "etc.", "ex.", "p.", "cf.", "fig.", "m.", "mm.", "mme.", "dr.", "e.g.", "i.e.", "vs.", "no.", "mr.", "mrs.", "ms.",
    "approx.", "chap.", "art.", "env.", "al.",
];

/// What stands between two spaces, without the punctuation around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chunk<'a> {
    pub text: &'a str,
    pub start: usize,
    /// Nothing but spaces stands between this chunk and the one before.
    pub follows: bool,
    /// It opens a sentence.
    pub opens: bool,
}

impl Chunk<'_> {
    pub(super) fn range(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    /// A path, an address, an option, a version, an identifier: nothing that a dictionary knows.
    pub(super) fn is_technical(&self) -> bool {
        let mut slashes = 0;
        for (at, c) in self.text.char_indices() {
            match c {
                '/' if at > 0 => slashes += 1,
                '-' if at == 0 => return true,
                'ᵉ' | 'ʳ' | '°' | 'º' => return true,
                c if c.is_alphabetic() || "'’-‑·".contains(c) => {}
                _ => return true,
            }
        }
        slashes > 1
    }
}

/// The chunks of a text.
pub(super) fn chunks(text: &str) -> Vec<Chunk<'_>> {
    let mut found = Vec::new();
    let starts: Vec<usize> = sentences(text).iter().map(|sentence| sentence.start).collect();
    let mut clean = false;
    let mut next_start = starts.iter().copied().peekable();
    let mut opens = false;
    for (start, piece) in pieces(text) {
        let word = |c: char| c.is_alphanumeric() || c == OBJECT || "/#$@_%~+=*&<>".contains(c);
        let Some(first) = piece.find(|c: char| word(c) || c == '-' || c == '.') else {
            clean = false;
            continue;
        };
        let after = piece.char_indices().rev().find(|(_, c)| word(*c)).map(|(at, c)| at + c.len_utf8());
        let Some(after) = after.filter(|after| *after > first) else {
            clean = false;
            continue;
        };
        while next_start.peek().is_some_and(|next| *next <= start + first) {
            next_start.next();
            opens = true;
        }
        let chunk = &piece[first..after];
        found.push(Chunk { text: chunk, start: start + first, follows: clean && first == 0, opens });
        opens = false;
        clean = after == piece.len();
    }
    found
}

/// What stands between spaces, dashes that join clauses being spaces too.
fn pieces(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let space = |c: char| c.is_whitespace() || c == '—' || c == '–' || c == '…' || c == '|';
    text.split(space)
        .map(move |piece| (piece.as_ptr() as usize - text.as_ptr() as usize, piece))
        .filter(|(_, piece)| !piece.is_empty())
}

/// The words of a chunk: parts between a single slash, elided articles set apart.
pub(super) fn words<'a>(chunk: &Chunk<'a>) -> Vec<(usize, &'a str)> {
    let mut found = Vec::new();
    let mut at = chunk.start;
    for part in chunk.text.split('/') {
        let mut rest = part;
        let mut start = at;
        while let Some((article, word)) = rest.split_once(['\'', '’'])
            && is_elided(article)
        {
            start += rest.len() - word.len();
            rest = word;
        }
        let trimmed = rest.trim_matches(['-', '\'', '’', '·']);
        if !trimmed.is_empty() {
            found.push((start + rest.find(trimmed).unwrap_or_default(), trimmed));
        }
        at += part.len() + 1;
    }
    found
}

fn is_elided(article: &str) -> bool {
    let article = article.to_lowercase();
    let elided = ["l", "d", "j", "m", "t", "s", "c", "n", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "presqu"];
    elided.contains(&article.as_str())
}

/// The sentences of a text, spaces around them left out.
pub(super) fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut previous = 0;
    for (at, c) in text.char_indices() {
        if c.is_whitespace() && ends(&text[start..at], &text[at..]) {
            push(text, start..at, &mut found);
            start = at;
        }
        previous = at + c.len_utf8();
    }
    push(text, start..previous, &mut found);
    found
}

fn push(text: &str, range: Range<usize>, found: &mut Vec<Range<usize>>) {
    let inside = &text[range.clone()];
    let trimmed = inside.trim();
    if !trimmed.is_empty() {
        let start = range.start + inside.len() - inside.trim_start().len();
        found.push(start..start + trimmed.len());
    }
}

/// Whether a sentence ends between what was read and what comes.
fn ends(before: &str, after: &str) -> bool {
    let bare = before.trim_end_matches(['»', '”', '"', ')', ']', ' ', '\u{a0}', '\u{202f}']);
    let last = bare.rsplit(char::is_whitespace).next().unwrap_or_default();
    let stops = match bare.chars().next_back() {
        Some('!' | '?' | '…') => true,
        Some('.') => {
            let word = last.trim_start_matches(['(', '«', '"']).to_lowercase();
            // One letter and a point is an initial.
            !ABBREVIATIONS.contains(&word.as_str()) && word.chars().filter(|c| c.is_alphabetic()).count() != 1
        }
        _ => false,
    };
    let next = after.trim_start().trim_start_matches(['«', '“', '"', '(', '\u{a0}', '\u{202f}', ' ']).chars().next();
    let counts = ["min", "max"].contains(&last.trim_end_matches('.')) && next.is_some_and(char::is_numeric);
    stops && !counts && next.is_none_or(|c| c.is_uppercase() || c.is_numeric() || c == OBJECT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_they_do() {
        let check = |text: &str, expected: &[&str]| {
            let found: Vec<&str> = sentences(text).into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, expected);
        };
        check("Un. Deux ? Trois.", &["Un.", "Deux ?", "Trois."]);
        check("Voir p. ex. Ansible. Version 1.2 suit.", &["Voir p. ex. Ansible.", "Version 1.2 suit."]);
        check("« Fini. » Ensuite", &["« Fini. »", "Ensuite"]);
        check("a.b et c. d", &["a.b et c. d"]);
        check("", &[]);
    }

    #[test]
    fn chunks_and_words() {
        let text = "L'API, (dev/prod) sert ./x.sh à 99,9 % — fin.";
        let shown: Vec<&str> = chunks(text).iter().map(|chunk| chunk.text).collect();
        assert_eq!(shown, ["L'API", "dev/prod", "sert", "./x.sh", "à", "99,9", "%", "fin"]);
        let technical: Vec<bool> = chunks(text).iter().map(Chunk::is_technical).collect();
        assert_eq!(technical, [false, false, false, true, false, true, true, false]);
        let all = chunks(text);
        let found: Vec<&str> = words(&all[0]).into_iter().chain(words(&all[1])).map(|(_, word)| word).collect();
        assert_eq!(found, ["API", "dev", "prod"]);
    }
}
