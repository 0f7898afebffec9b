//! What pages must be: the same bytes again, tagged, bounded, closed to the outside.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use super::*;

const PIXEL: &[u8] = include_bytes!("../tests/pixel.png");

fn job(blocks: &str) -> Job {
    let words = r#"{"contents":"Contents","image":"Figure","table":"Table","raw":"Listing","annex":"Annex"}"#;
    let data = format!(
        r#"{{"lang":"en","title":"A paper","subtitle":"On paper","author":"Ann","kind":"Test","keywords":["x"],
        "cover":true,"contents":true,"facts":[["Day",[{{"t":"text","v":"today"}}]]],"colophon":[],"words":{words},
        "parts":[{{"id":"one","title":[{{"t":"text","v":"One"}}],"annex":false,"blocks":[{blocks}]}},
                 {{"id":"two","title":[{{"t":"text","v":"Two"}}],"annex":true,"blocks":[]}}]}}"#
    );
    Job {
        layout: Layout::Paper,
        data,
        pictures: BTreeMap::new(),
        day: (2026, 3, 2),
        ident: "test".to_owned(),
        limits: Limits::default(),
    }
}

#[test]
fn a_page_holds_as_many_lines_as_is_said() {
    let lines = |count: usize| {
        let text = r#"{"t":"text","v":"word"},{"t":"break"}"#;
        let all = vec![text; count].join(",");
        let pages = set(job(&format!(r#"{{"t":"para","c":[{all}]}}"#))).expect("it is set");
        let mark = pages.marks().into_iter().find(|mark| mark.id == "body-end").expect("the template marks it");
        (mark.page - 3) as f64 * PAPER.height + mark.down - PAPER.top
    };
    // Two texts on one page differ by their lines alone.
    let measured = (lines(40) - lines(10)) / 30.0;
    assert!((measured - PAPER.line).abs() < 0.02, "a line is {measured} points");
    let fits = |count| lines(count) <= PAPER.height;
    let last = (10..90).take_while(|count| fits(*count)).count() + 10;
    let told = PAPER.height / PAPER.line;
    assert!((last as f64 - told).abs() < 4.0, "{last} lines after a heading, {told} said");
}

/// Where the body ends: pages after that where it begins, and points below the top of the text.
fn body_end(blocks: &str) -> (usize, f64) {
    let pages = set(job(blocks)).expect("it is set");
    let mark = pages.marks().into_iter().find(|mark| mark.id == "body-end").expect("the template marks it");
    (mark.page - 3, mark.down - PAPER.top)
}

#[test]
fn a_listing_leaves_no_few_lines_on_another_page() {
    let listing = |lines: usize| {
        let text: Vec<String> = (0..lines).map(|line| format!("step {line}")).collect();
        let source = r#"[{"t":"text","v":"app.py:1"}]"#;
        format!(r#"{{"t":"code","lang":"sh","text":{:?},"caption":null,"source":{source}}}"#, text.join("\n"))
    };
    // Six lines and what is cited have some seventy points; two have thirty.
    for (lines, least) in [(12, 115.0), (30, 65.0)] {
        let mut broken = 0;
        for before in 20..42 {
            let blocks = [vec![para("Text."); before], vec![listing(lines)]].concat().join(",");
            let (page, down) = body_end(&blocks);
            broken += usize::from(page > 0);
            assert!(page == 0 || down >= least, "{lines} lines after {before}: {down} points of the next page");
        }
        assert!(broken > 3, "no listing of {lines} lines reached another page");
    }
}

#[test]
fn a_few_rows_stay_together_and_many_do_not() {
    let row = r#"[[{"t":"text","v":"one"}],[{"t":"text","v":"two"}]]"#;
    let table = |rows: usize| {
        let (head, rows) = (row, vec![row; rows].join(","));
        format!(
            r#"{{"t":"table","caption":null,"head":{head},"align":["left","left"],"widths":[1,1],"rows":[{rows}]}}"#
        )
    };
    let last =
        |rows: usize, before: usize| body_end(&[vec![para("Text."); before], vec![table(rows)]].concat().join(","));
    // Whole on the next page or on this one: never a row alone.
    let alone = |rows: usize| (10..42).filter(|before| matches!(last(rows, *before), (1, 1.0..60.0))).count();
    assert_eq!(alone(5), 0);
    assert!(alone(20) > 0);
}

fn para(text: &str) -> String {
    format!(r#"{{"t":"para","c":[{{"t":"text","v":{text:?}}}]}}"#)
}

#[test]
fn the_same_input_gives_the_same_archivable_bytes() {
    let one = set(job(&para("Text."))).and_then(|pages| pages.pdf()).expect("it is set");
    let two = set(job(&para("Text."))).and_then(|pages| pages.pdf()).expect("it is set");
    assert_eq!(one, two);
    let text = String::from_utf8_lossy(&one);
    for claim in ["<pdfaid:part>3</pdfaid:part>", "<pdfaid:conformance>A<", "<pdfuaid:part>1<", "StructTreeRoot"] {
        assert!(text.contains(claim), "{claim}");
    }
    let other = set(Job { day: (2026, 3, 3), ..job(&para("Text.")) }).and_then(|pages| pages.pdf());
    assert_ne!(one, other.expect("it is set"));
}

#[test]
fn marks_say_where_parts_lie() {
    let pages = set(job(&para("Text."))).expect("it is set");
    let marks: Vec<(String, usize)> = pages.marks().into_iter().map(|mark| (mark.id, mark.page)).collect();
    let expected = [
        ("cover", 1),
        ("contents", 2),
        ("body", 3),
        ("part:one", 3),
        ("body-end", 3),
        ("annexes", 4),
        ("part:two", 4),
        ("end", 4),
    ];
    assert_eq!(marks, expected.map(|(id, page)| (id.to_owned(), page)));
    assert_eq!(pages.count(), 4);
    assert!(pages.png(NonZeroUsize::MIN, 0.5).is_some_and(|png| png.starts_with(b"\x89PNG")));
    assert!(pages.png(NonZeroUsize::new(5).expect("not zero"), 0.5).is_none());
}

#[test]
fn what_is_written_is_never_evaluated() {
    let hostile =
        "#panic() #read(\"/etc/passwd\") $x$ @ref <label> \\ `a` *b* _c_ = // /* #import \"@preview/x:1.0.0\"";
    let pages = set(job(&para(hostile))).expect("it is text");
    assert!(pages.pdf().is_ok());
}

#[test]
fn a_picture_needs_a_text_and_a_known_format() {
    let image = |alt: &str| format!(r#"{{"t":"image","path":"a.png","alt":{alt},"caption":[{{"t":"text","v":"A"}}]}}"#);
    let with = |alt: &str, bytes: &[u8]| {
        let pictures = BTreeMap::from([("a.png".to_owned(), bytes.to_vec())]);
        set(Job { pictures, ..job(&image(alt)) }).and_then(|pages| pages.pdf())
    };
    assert!(with("\"A dot\"", PIXEL).is_ok());
    assert!(matches!(with("null", PIXEL), Err(Wrong::Document(_))));
    assert_eq!(with("\"A\"", b"GIF89a"), Err(Wrong::Picture { path: "a.png".to_owned() }));
    let entity = b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a 'b'>]><svg xmlns='http://www.w3.org/2000/svg'/>";
    assert_eq!(with("\"A\"", entity), Err(Wrong::Picture { path: "a.png".to_owned() }));
}

#[test]
fn a_huge_picture_or_document_is_refused_before_the_engine_sees_it() {
    let mut bomb = PIXEL.to_vec();
    bomb[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
    let pictures = BTreeMap::from([("a.png".to_owned(), bomb)]);
    let pixels = set(Job { pictures, ..job("") });
    assert_eq!(pixels.err(), Some(Wrong::TooLarge { what: "pixels", met: 1 << 32, limit: 24_000_000 }));
    let limits = Limits { data: 100, ..Limits::default() };
    assert!(matches!(set(Job { limits, ..job("") }), Err(Wrong::TooLarge { what: "document", .. })));
    let limits = Limits { seconds: 0, ..Limits::default() };
    assert_eq!(set(Job { limits, ..job(&para("Text.")) }).err(), Some(Wrong::TooLong { seconds: 0 }));
}

#[test]
fn deep_nesting_is_an_error_and_no_crash() {
    let deep = (0..400).fold(para("deep"), |inner, _| format!(r#"{{"t":"quote","c":[{inner}]}}"#));
    assert!(matches!(set(job(&deep)), Err(Wrong::Document(_))));
}

#[test]
fn a_part_is_a_screen_and_what_runs_over_is_seen() {
    let slides = |blocks: &str| set(Job { layout: Layout::Slides, ..job(blocks) }).expect("it is set");
    let marks = |pages: &Pages| pages.marks().into_iter().map(|mark| (mark.id, mark.page)).collect::<Vec<_>>();
    let fits = slides(&para("Text."));
    assert!(fits.pdf().is_ok_and(|pdf| pdf.starts_with(b"%PDF-1.7")));
    assert_eq!((fits.count(), marks(&fits)[3].clone()), (3, ("part:two".to_owned(), 3)));
    // A few words are as large as the screen allows, and a slide that holds more is set smaller before it runs over.
    let much = slides(&vec![para("Text."); 9].join(","));
    assert_eq!(marks(&much)[3].1, 3);
    let over = slides(&vec![para("Text."); 30].join(","));
    assert!(marks(&over)[3].1 > 3, "{:?}", marks(&over));
}

#[test]
fn a_template_of_the_program_reads_the_same_data() {
    const OWN: &str =
        "#import \"blocks.typ\": *\n#set document(title: document-data.title)\n#mark(\"here\")#document-data.author";
    let pages = set(Job { layout: Layout::Own(OWN), ..job("") }).expect("it is set");
    assert_eq!((pages.count(), pages.marks()[0].id.as_str()), (1, "here"));
}
