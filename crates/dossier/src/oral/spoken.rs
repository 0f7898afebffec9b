//! What a talk shows and says, as a text of its own in which every character keeps its place.

use std::ops::Range;

use super::{DEMO, SLIDE, is_fence};
use crate::source::{BlockKind, Source};

/// The titles and the Markdown of slides, and what a demonstration expects; all else is blank. So a rule that reads this
/// text speaks of places of the file.
pub fn spoken(source: &Source) -> Source {
    let blank = |byte: u8| if matches!(byte, b'\n' | b'\r') { byte } else { b' ' };
    let mut text: Vec<u8> = source.text.bytes().map(blank).collect();
    for block in &source.blocks {
        let BlockKind::Code { info, .. } = &block.kind else { continue };
        if is_fence(info) {
            let (opening, inside) = lines(source, &block.range);
            title(source, opening, &mut text);
            match info.split_whitespace().next() {
                Some(SLIDE) => slide(source, inside, &mut text),
                Some(DEMO) => expected(source, inside, &mut text),
                _ => {}
            }
        }
    }
    // What is kept begins and ends between characters, and spaces stand for the rest.
    let text = String::from_utf8(text).expect("whole lines of a text and spaces are a text");
    Source::parse(&source.path, &text)
}

/// The opening line of a fence, and the lines between it and the closing one.
fn lines(source: &Source, range: &Range<usize>) -> (Range<usize>, Range<usize>) {
    let block = source.slice(range);
    let first = range.start + block.find('\n').map_or(block.len(), |at| at + 1);
    let closes = |line: &str| line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
    let written = block.trim_end();
    let last = written.rfind('\n').map_or(range.start, |at| range.start + at + 1);
    // A fence that nobody closed ends with the text.
    let end =
        if last >= first && closes(source.slice(&(last..range.start + written.len()))) { last } else { range.end };
    (range.start..first, first..end.max(first))
}

fn keep(source: &Source, range: Range<usize>, text: &mut [u8]) {
    text[range.clone()].copy_from_slice(source.slice(&range).as_bytes());
}

/// A quotation is a mark of the source here: what it holds is said, in the candidate's own words.
fn slide(source: &Source, inside: Range<usize>, text: &mut [u8]) {
    keep(source, inside.clone(), text);
    let mut start = inside.start;
    for line in source.slice(&inside).split_inclusive('\n') {
        if line.starts_with('>') {
            text[start] = b' ';
        }
        start += line.len();
    }
}

/// `title="The need"` becomes a heading, where it stands.
fn title(source: &Source, opening: Range<usize>, text: &mut [u8]) {
    let line = source.slice(&opening);
    let Some(at) = line.find("title=").map(|at| at + "title=".len()) else { return };
    let value = match line[at..].strip_prefix('"') {
        Some(quoted) => quoted.split('"').next().map(|value| at + 1..at + 1 + value.trim_end().len()),
        None => line[at..].split_whitespace().next().map(|value| at..at + value.len()),
    };
    if let Some(value) = value.filter(|value| !value.is_empty()) {
        text[opening.start] = b'#';
        keep(source, opening.start + value.start..opening.start + value.end, text);
    }
}

/// Lines that begin with `#` say what must be seen: each is an item.
fn expected(source: &Source, inside: Range<usize>, text: &mut [u8]) {
    let mut start = inside.start;
    for line in source.slice(&inside).split_inclusive('\n') {
        if line.starts_with("# ") {
            keep(source, start..start + line.len(), text);
            text[start] = b'-';
        }
        start += line.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAPER: &str = "# Écrit\n\nTexte.\n\n```slide minutes=2 title=\"Le bésoin\"\n- un point\n\n> dit\n```\n\nAutre.\n\n\
                         ```demo title=Start\n# tout est là\nmake up\n```\n\n~~~~slide\n```yaml\na: 1\n```\nfin\n~~~~\n\n```slide\nouvert é";

    #[track_caller]
    fn says(text: &str, expected: &[(&str, usize, usize)]) {
        let source = Source::parse("a.md", text);
        let spoken = spoken(&source);
        assert_eq!(spoken.text.len(), text.len());
        let place = |prose: &crate::source::Prose| {
            let range = prose.locate(&(0..prose.text.len()));
            let start = source.positions(&range).0;
            (source.slice(&range).to_owned(), start.line, start.column)
        };
        let found: Vec<_> = spoken.prose().iter().map(place).collect();
        let expected: Vec<_> =
            expected.iter().map(|(text, line, column)| ((*text).to_owned(), *line, *column)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_said_keeps_its_place() {
        says(
            PAPER,
            &[
                ("Le bésoin", 5, 27),
                ("un point", 6, 3),
                ("dit", 8, 3),
                ("Start", 13, 15),
                ("tout est là", 14, 3),
                ("fin", 22, 1),
                ("ouvert é", 26, 1),
            ],
        );
    }

    #[test]
    fn a_paper_without_a_talk_says_nothing() {
        says("# A\n\nText.\n\n```sh\nmake\n```\n", &[]);
        says("", &[]);
        says("```slide title=\"", &[]);
        says("```slide title=\"\"\n```", &[]);
        says("```slide\n```", &[]);
        says("```demo", &[]);
    }

    #[test]
    fn whatever_is_cut_or_put_in_keeps_its_place() {
        let check = |text: &str| {
            let source = Source::parse("a.md", text);
            let spoken = spoken(&source);
            assert_eq!(spoken.text.len(), text.len());
            for prose in spoken.prose() {
                let range = prose.locate(&(0..prose.text.len()));
                assert!(text.get(range.clone()).is_some(), "{range:?} cuts a character of {text:?}");
            }
        };
        for (at, _) in PAPER.char_indices() {
            check(&PAPER[..at]);
            for put in ["é", "\r\n", "> ", "    ", "```\n", "~~~", "\"", "=", "# ", "- ", "\t"] {
                check(&format!("{}{put}{}", &PAPER[..at], &PAPER[at..]));
            }
        }
    }
}
