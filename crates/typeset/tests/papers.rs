//! Papers as they are composed can be set: every block, in both languages, for archives and assistive technology.

use std::collections::BTreeMap;

use dossier::papers::coverage::{Evidence, Project, coverage};
use dossier::papers::excerpt::{Excerpt, Excerpts, Wanted};
use dossier::papers::{Document, Recipe, annexes, compose, day, matrix};
use dossier::{Manifest, Source};
use framework::{Lang, Rung};
use jiff::civil::date;
use typeset::{Job, Limits, Wrong, set};

const PIXEL: &[u8] = include_bytes!("pixel.png");
const PAPER: &str = include_str!("paper.md");

fn document(lang: Lang) -> Document {
    let code = lang.code();
    let text =
        format!("title: Ferry\nlanguage: {code}\nperson: {{ name: Ann Roux }}\nacronyms: {{ CI: integration }}\n");
    let manifest = Manifest::read(dossier::PATH, &text).expect("it is valid");
    let library = framework::load_frameworks(&framework::builtin()).expect("the built-in packs are valid");
    let framework = library.frameworks.iter().find(|one| one.id() == "cloud-devops-expert").expect("it is built in");
    let items = framework.indicators().map(|(_, item)| item.id.to_string());
    let rungs = [Rung::Missing, Rung::Declared, Rung::Present, Rung::Effective, Rung::Proven, Rung::Confirmed];
    let evidence = items.zip(rungs.into_iter().cycle()).map(|(item, rung)| Evidence {
        item,
        rung,
        places: vec![(
            "monitoring/prometheus/a-long-name-of-rules.yml:12".to_owned(),
            Some("https://example.org/a".to_owned()),
        )],
    });
    let project = Project {
        name: "ferry".to_owned(),
        report: Source::parse("ferry.md", PAPER),
        address: "ferry.md".to_owned(),
        commit: Some("0123456789abcdef".to_owned()),
        evidence: evidence.collect(),
    };
    let sources = [Source::parse("file.md", PAPER)];
    let say = |id: &str, _: &[(&'static str, &str)]| id.to_owned();
    let table = coverage(&framework.competences, &[project], &sources, lang);
    let drawing = matrix(&table, lang, &say).into_bytes();
    let pictures = BTreeMap::from([("plan.png".to_owned(), PIXEL.to_vec()), ("coverage.svg".to_owned(), drawing)]);
    let excerpt = Excerpt {
        project: "ferry".to_owned(),
        file: "ci.yml".to_owned(),
        lines: (2, 3),
        commit: "0123456789abcdef".to_owned(),
        url: Some("https://example.org/ci.yml#L2".to_owned()),
        text: "test:\n  script: make test".to_owned(),
    };
    let wanted = Wanted::parse("yaml file=ci.yml lines=2-3").expect("it names a file");
    let recipe = Recipe {
        manifest: &manifest,
        kind: "Technical file".to_owned(),
        title: None,
        sources: &sources,
        pictures: &pictures,
        excerpts: &Excerpts::from([(wanted, excerpt)]),
        documents: None,
        due: Some("3 March 2026, 2 days left".to_owned()),
        day: day(date(2026, 3, 1), lang),
        projects: vec![("ferry".to_owned(), Some("0123456789abcdef".to_owned()))],
        say: &say,
    };
    compose(&recipe, annexes(&table, "coverage.svg", lang, &say))
}

fn job(document: &Document) -> Job {
    Job {
        layout: typeset::Layout::Paper,
        data: serde_json::to_string(document).expect("a document is JSON"),
        pictures: document.pictures.clone(),
        day: (2026, 3, 1),
        ident: "ferry".to_owned(),
        limits: Limits::default(),
    }
}

#[test]
fn a_composed_paper_is_set_in_both_languages() {
    for lang in [Lang::Fr, Lang::En] {
        let document = document(lang);
        let pages = set(job(&document)).unwrap_or_else(|wrong| panic!("{wrong:?}"));
        let pdf = pages.pdf().unwrap_or_else(|wrong| panic!("{wrong:?}"));
        assert!(pdf.starts_with(b"%PDF-1.7"));
        let marks = pages.marks();
        let page = |id: &str| marks.iter().find(|mark| mark.id == id).map(|mark| mark.page);
        assert_eq!((page("cover"), page("contents"), page("body")), (Some(1), Some(2), Some(3)));
        assert!(page("part:annex-matrix") > page("body-end"));
        // For whoever wants to look at it.
        #[expect(clippy::disallowed_methods, reason = "a folder that a person names to look at pages")]
        if let Ok(dir) = std::env::var("PAPERS") {
            std::fs::write(format!("{dir}/{}.pdf", lang.code()), pdf).expect("the folder can be written");
        }
    }
}

#[test]
fn nesting_as_deep_as_sources_may_be_is_set() {
    let mut document = document(Lang::En);
    let deep = Source::parse("deep.md", &format!("## Deep\n\n{}text\n", "> - ".repeat(400)));
    let pictures = BTreeMap::new();
    let excerpts = Excerpts::new();
    let blocks = dossier::papers::Reader::new(&excerpts, &pictures).blocks(&deep, &deep.blocks);
    document.parts[0].blocks = blocks;
    match set(job(&document)) {
        Ok(pages) => assert!(pages.count() > 3),
        Err(wrong) => assert!(!matches!(wrong, Wrong::Document(_)), "{wrong:?}"),
    }
}
