//! What papers are made of, and that every view tells the same.

use std::collections::BTreeMap;

use framework::{Lang, PackFile, Rung};
use jiff::civil::date;

use super::coverage::{Evidence, Project, State, coverage};
use super::excerpt::{Excerpt, Excerpts, Wanted};
use super::*;
use crate::{Manifest, Source};

const PAPER: &str = "# File\n\nIntro.\n\n## Cloud\n\nWe *run* `pods` on [AKS](https://example.org/aks).\n\n\
                     ### Databases\n\n| a | b |\n|---|--:|\n| 1 | <2> |\n\n## Automation\n\n![A plan](plan.png \"The plan\")\n\n\
                     ```yaml file=ci.yml lines=2-3\n```\n\n<script>alert(1)</script>\n\n- one\n- two\n";

fn manifest() -> Manifest {
    let text = "title: Ferry\nlanguage: en\nperson: { name: Ann }\nacronyms: { CI: continuous integration }\n";
    Manifest::read(crate::PATH, text).expect("it is valid")
}

fn document() -> Document {
    let manifest = manifest();
    let pictures = BTreeMap::from([("plan.png".to_owned(), b"\x89PNG".to_vec())]);
    let wanted = Wanted::parse("yaml file=ci.yml lines=2-3").expect("it names a file");
    let found = Excerpt {
        project: "ferry".to_owned(),
        file: "ci.yml".to_owned(),
        lines: (2, 3),
        commit: "0123456789abcdef".to_owned(),
        url: None,
        text: "test:\n  script: make".to_owned(),
    };
    let excerpts = Excerpts::from([(wanted, found)]);
    let recipe = Recipe {
        manifest: &manifest,
        kind: "Technical file".to_owned(),
        title: None,
        sources: &[Source::parse("file.md", PAPER)],
        pictures: &pictures,
        excerpts: &excerpts,
        documents: None,
        due: Some("3 March 2026, two days late".to_owned()),
        day: day(date(2026, 3, 1), Lang::En),
        projects: vec![("ferry".to_owned(), Some("0123456789abcdef".to_owned()))],
        say: &|id, arguments| format!("{id}{}", arguments.iter().map(|(_, v)| format!(" {v}")).collect::<String>()),
    };
    compose(&recipe, Vec::new())
}

#[test]
fn headings_below_the_title_are_parts_and_annexes_follow() {
    // Text that stands under the title keeps it as its heading: nothing is lost.
    let document = document();
    let parts: Vec<(&str, bool)> = document.parts.iter().map(|part| (&*part.id, part.annex)).collect();
    let expected = [
        ("file", false),
        ("cloud", false),
        ("automation", false),
        ("annex-glossary", true),
        ("annex-bibliography", true),
    ];
    assert_eq!(parts, expected);
    let due = document.facts.iter().find(|(label, _)| label == "paper-due").expect("the clock is on the cover");
    assert_eq!(model::plain(&due.1), "3 March 2026, two days late");
}

#[test]
fn every_view_tells_the_same_and_nothing_that_runs() {
    let document = document();
    let (html, text) = (html::page(&document), markdown::text(&document));
    for told in
        ["script: make", "ci.yml:2-3 @ 01234567", "The plan", "https://example.org/aks", "continuous integration"]
    {
        assert!(html.contains(told) && text.contains(told), "{told}\n{text}");
    }
    assert!(html.contains("&lt;2&gt;") && !html.contains("<script") && !text.replace("\\<", "").contains("<script"));
    assert!(html.contains("src=\"data:image/png;base64,iVBORw==\""));
    assert_eq!(Source::parse("again.md", &text).refusals, Vec::new());
}

#[test]
fn the_matrix_says_what_is_held_weak_and_empty() {
    let files: Vec<PackFile> = framework::builtin();
    let library = framework::load_frameworks(&files).expect("the built-in packs are valid");
    let framework = library.frameworks.iter().find(|one| one.id() == "cloud-devops-expert").expect("it is built in");
    let report = "# Ferry\n\n## Pipeline\n\nEach push is tested.\n\n## Databases\n\nPostgreSQL keeps sailings.\n";
    let evidence =
        Evidence { item: "B2.1".to_owned(), rung: Rung::Proven, places: vec![("ci.yml:1".to_owned(), None)] };
    let project = Project {
        name: "ferry".to_owned(),
        report: Source::parse("ferry.md", report),
        address: "ferry.md".to_owned(),
        commit: None,
        evidence: vec![evidence],
    };
    let paper = Source::parse("file.md", "## Databases\n\nTwo kinds of databases.\n");
    let found = coverage(&framework.competences, &[project], &[paper], Lang::En);
    assert_eq!(found.rows.len(), 18);
    let state = |id: &str| found.rows.iter().find(|row| row.id == id).map(|row| (row.state, row.cells[0].rung));
    assert_eq!(state("B2.1"), Some((State::Held, Rung::Proven)));
    assert_eq!(state("B1.7"), Some((State::Held, Rung::Declared)));
    assert_eq!(state("B1.4"), Some((State::Empty, Rung::Missing)));
    let drawing = matrix(&found, Lang::En, &|id, _| id.to_owned());
    assert_eq!(drawing.matches("<rect").count(), 18);
    assert!(drawing.contains("Install and manage Linux servers"), "the drawing names its lines");
    let annexes = annexes(&found, "coverage.svg", Lang::En, &|id, _| id.to_owned());
    assert_eq!(annexes.len(), 2);
}

#[test]
fn a_section_that_is_called_like_an_item_tells_it() {
    let library = framework::load_frameworks(&framework::builtin()).expect("the built-in packs are valid");
    let framework = library.frameworks.iter().find(|one| one.id() == "cloud-devops-expert").expect("it is built in");
    let items: Vec<_> = framework.competences.iter().flat_map(|block| &block.indicators).collect();
    for lang in [Lang::Fr, Lang::En] {
        let own = |item: &&framework::Indicator| format!("## {}\n\nHere is how.\n\n", item.title.get(lang));
        let paper = Source::parse("file.md", &items.iter().map(own).collect::<String>());
        let found = coverage(&framework.competences, &[], &[paper], lang);
        let untold: Vec<&str> = found.rows.iter().filter(|row| row.paper.is_empty()).map(|row| &*row.id).collect();
        assert_eq!((found.rows.len(), untold), (18, Vec::new()), "{lang}");
    }
}

#[test]
fn what_is_too_long_for_a_page_is_cut() {
    let word = "a".repeat(20_000);
    let text = format!("# {word}\n\n{word} [{word}](https://{word})\n\n```sh\n{word}\n```\n\n![{word}](a.svg)\n");
    let longest = |block: &model::Block| match block {
        model::Block::Para { c } | model::Block::Heading { c, .. } => model::plain(c),
        model::Block::Code { text, .. } => text.clone(),
        model::Block::Image { alt, .. } => alt.clone(),
        other => panic!("{other:?}"),
    };
    let blocks = blocks(&text, &["a.svg"]);
    assert_eq!(blocks.len(), 4);
    for text in blocks.iter().map(longest) {
        let longest = text.split_whitespace().map(str::len).max();
        assert!(longest <= Some(crate::source::LONGEST_WORD), "{longest:?}");
    }
}

fn blocks(text: &str, pictures: &[&str]) -> Vec<model::Block> {
    let source = Source::parse("file.md", text);
    let pictures = pictures.iter().map(|path| ((*path).to_owned(), Vec::new())).collect();
    let excerpts = Excerpts::new();
    let mut reader = Reader::new(&excerpts, &pictures);
    reader.learn(&source);
    reader.blocks(&source, &source.blocks)
}

#[test]
fn a_picture_among_words_is_a_figure_between_them() {
    let shape = |text: &str| {
        let shape = |block: &model::Block| match block {
            model::Block::Image { path, .. } => path.clone(),
            model::Block::Para { c } => model::plain(c),
            other => panic!("{other:?}"),
        };
        blocks(text, &["a.svg", "b.svg"]).iter().map(shape).collect::<Vec<_>>()
    };
    assert_eq!(shape("One: ![A](a.svg) and ![B](b.svg) end.\n"), ["One: ", "a.svg", " and ", "b.svg", " end."]);
    assert_eq!(shape("[![A](a.svg)](https://example.org)\n"), ["a.svg"]);
    assert_eq!(shape("One ![C](c.svg).\n"), ["One C."]);
}

#[test]
fn what_is_no_markdown_is_shown_and_not_lost() {
    let texts = |text: &str| {
        blocks(text, &[])
            .iter()
            .map(|block| match block {
                model::Block::Para { c } => model::plain(c),
                other => panic!("{other:?}"),
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(texts("logs <name>\n\n<div>in</div>\n\n<!-- no -->\n\n# \n"), ["logs <name>", "<div>in</div>"]);
}

#[test]
fn notes_headings_and_tables_that_multiply_stay_small() {
    let notes: String = (1..60).map(|n| format!("[^{n}]: a [^{0}] [^{0}]\n\n", n - 1)).collect();
    assert_eq!(blocks(&format!("x[^59]\n\n[^0]: b\n\n{notes}"), &[]).len(), 1);
    let called = format!("{}\n\n[^1]: {}\n", "x[^1] ".repeat(5_000), "word ".repeat(5_000));
    let all = blocks(&called, &[]);
    let [model::Block::Para { c }] = all.as_slice() else { panic!("one paragraph") };
    assert!(c.iter().filter(|run| matches!(run, model::Run::Note { .. })).count() < 10);
    let heads = blocks(&"# a\n\n".repeat(900), &[]);
    let last = heads.iter().rev().find_map(|block| match block {
        model::Block::Heading { id, .. } => Some(id.as_str()),
        _ => None,
    });
    assert_eq!(last, Some("a-900"));
}

#[test]
fn a_title_that_is_cut_ends_with_a_word_that_says_something() {
    let check = |title: &str, longest, expected: &str| assert_eq!(begun(title, longest), expected);
    check(
        "Develop automatic tests of the infrastructure, in a language",
        54,
        "Develop automatic tests of the infrastructure…",
    );
    check("Short", 54, "Short");
    check("Un deux trois", 8, "Un deux…");
}
