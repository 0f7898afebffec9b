//! What is read from Markdown, with positions; and hostile texts, which end and are told.

use std::fmt::Write;

use expect_test::{Expect, expect};

use super::*;

fn check(text: &str, expected: &Expect) {
    let source = Source::parse("a.md", text);
    let mut out = String::new();
    show(&source, &source.blocks, 0, &mut out);
    expected.assert_eq(&out);
}

/// One line a block: its kind, its place, its words.
fn show(source: &Source, blocks: &[Block], depth: usize, out: &mut String) {
    for block in blocks {
        let (start, end) = source.positions(&block.range);
        let place = format!("{}:{}-{}:{}", start.line, start.column, end.line, end.column);
        let pad = "  ".repeat(depth);
        let mut line = |text: String| writeln!(out, "{pad}{place} {text}").unwrap();
        match &block.kind {
            BlockKind::Heading { level, inlines } => line(format!("h{level} {}", plain(inlines))),
            BlockKind::Paragraph(inlines) => line(format!("p {}", plain(inlines))),
            BlockKind::Code { info, text, content } => {
                line(format!("code {info:?} {text:?} {:?}", source.slice(content)));
            }
            BlockKind::Html(text) => line(format!("html {text:?}")),
            BlockKind::Rule => line("rule".to_owned()),
            BlockKind::Metadata(text) => line(format!("metadata {text:?}")),
            BlockKind::Table { head, rows, .. } => {
                let cells = |row: &Row| row.cells.iter().map(|cell| plain(&cell.inlines)).collect::<Vec<_>>();
                line(format!("table {:?} {:?}", cells(head), rows.iter().map(cells).collect::<Vec<_>>()));
            }
            BlockKind::Quote(blocks) => {
                line("quote".to_owned());
                show(source, blocks, depth + 1, out);
            }
            BlockKind::Footnote { label, blocks } => {
                line(format!("note {label}"));
                show(source, blocks, depth + 1, out);
            }
            BlockKind::List { start, items } => {
                line(format!("list {start:?}"));
                for item in items {
                    writeln!(out, "{pad} - {:?}", item.task).unwrap();
                    show(source, &item.blocks, depth + 1, out);
                }
            }
        }
    }
}

#[test]
fn every_kind_of_block_with_its_place() {
    let text = "---\ntitle: T\n---\n# Titre *été*\n\nUn mot `code`\nsuite[^1].\n\n> Cité\n\n- [x] fait\n- deux\n\n  suite\n\
                \n1. un\n\n| a | b |\n|---|---|\n| c | d |\n\n```sh\nls\n```\n\n<b>x</b>\n\n***\n\n[^1]: Note\n";
    check(
        text,
        &expect![[r#"
        1:1-3:3 metadata "title: T\n"
        4:1-4:14 h1 Titre été
        6:1-7:11 p Un mot code suite.
        9:1-9:7 quote
          9:3-9:7 p Cité
        11:1-15:1 list None
         - Some(true)
          11:7-11:11 p fait
         - None
          12:3-12:7 p deux
          14:3-14:8 p suite
        16:1-17:1 list Some(1)
         - None
          16:4-16:5 p un
        18:1-20:10 table ["a", "b"] [["c", "d"]]
        22:1-24:3 code "sh" "ls\n" "ls\n"
        26:1-26:9 p x
        28:1-28:4 rule
        30:1-30:11 note 1
          30:7-30:11 p Note
    "#]],
    );
}

#[test]
fn prose_knows_where_each_character_was_written() {
    let source = Source::parse("a.md", "Un *été* &amp; `code` très\nlong [lien](x.md).\n");
    let prose = &source.prose()[0];
    assert_eq!(prose.text, "Un été & \u{FFFC} très long lien.");
    for (word, written) in
        [("été", "été"), ("&", "&amp;"), ("\u{FFFC}", "`code`"), ("très long", "très\nlong"), ("lien.", "lien](x.md).")]
    {
        let at = prose.text.find(word).unwrap();
        assert_eq!(source.slice(&prose.locate(&(at..at + word.len()))), written);
    }
    assert!(prose.verbatim(&source, &(3..8)));
    assert!(!prose.verbatim(&source, &(9..10)));
}

#[test]
fn columns_of_long_lines() {
    let text = format!("é\n{}\nfin", "é".repeat(10_000));
    let source = Source::parse("a.md", &text);
    for (offset, line, column) in
        [(0, 1, 1), (3, 2, 1), (3 + 2 * 2_047, 2, 2_048), (3 + 2 * 9_999, 2, 10_000), (text.len() - 3, 3, 1)]
    {
        assert_eq!(source.positions(&(offset..offset)).0, Position { line, column }, "{offset}");
    }
}

#[test]
fn hostile_texts_end_and_are_told() {
    let large = "x".repeat(LARGEST + 1);
    assert_eq!(Source::read("a.md", large.as_bytes()).refusals, [(Refusal::TooLarge, 0..0)]);
    assert_eq!(Source::read("a.md", b"a\0b").refusals, [(Refusal::NotText, 0..0)]);
    assert_eq!(Source::read("a.md", b"\xff\xfe").refusals, [(Refusal::NotText, 0..0)]);
    let many = Some(Refusal::TooMany);
    let deep = Some(Refusal::TooDeep);
    let long = Some(Refusal::TooLong);
    for (piece, times, expected) in [
        ("> ", 20_000, deep),
        ("1. ", 20_000, deep),
        ("*a ", 30_000, None),
        ("*a ", 100_000, many),
        ("[", 50_000, long),
        ("![](", 20_000, long),
        ("`", 300_000, long),
        ("<a ", 20_000, None),
        ("a\n\n", 60_000, many),
        ("**a", 30_000, long),
        ("&#38; ", 100_000, many),
        ("# a\n", 1_001, many),
        ("| a ", 10_000, None),
    ] {
        let source = Source::parse("a.md", &piece.repeat(times));
        let got = source.refusals.first().map(|(why, _)| *why);
        assert_eq!(got, expected, "{piece} {times}");
    }
}

#[test]
fn a_word_without_end_is_told_where_it_is_and_cut() {
    let word = "é".repeat(LONGEST_WORD + 1);
    let text = format!("# A\n\nsome {word} words, `{}`\n", "x".repeat(LONGEST_WORD - 3));
    let source = Source::parse("a.md", &text);
    let [(Refusal::TooLong, range)] = source.refusals.as_slice() else { panic!("{:?}", source.refusals) };
    assert_eq!(source.positions(range).0, Position { line: 3, column: 6 });
    assert_eq!(source.slice(range), word);
    assert_eq!(cut(&format!("a {word} b")), format!("a {} b", "é".repeat(LONGEST_WORD)));
}

#[test]
fn a_heading_without_end_is_told_where_it_is_and_read_as_a_paragraph() {
    let heading = format!("# {}", "word ".repeat(8_000));
    let source = Source::parse("a.md", &format!("# A\n\n{}\n\nB\n", heading.trim_end()));
    let [(Refusal::LongHeading, range)] = source.refusals.as_slice() else { panic!("{:?}", source.refusals) };
    assert_eq!(source.positions(range).0, Position { line: 3, column: 1 });
    let kinds: Vec<_> = source.blocks.iter().map(|block| matches!(block.kind, BlockKind::Heading { .. })).collect();
    assert_eq!(kinds, [true, false, false]);
}
