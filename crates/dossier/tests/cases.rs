//! The small texts of the rules' pages are their tests.

use std::collections::{BTreeMap, BTreeSet};

use dossier::lint::{self, Asked, Guide, Vocabulary};
use dossier::{File, Finding, Folder, Source, documents, similar};
use framework::{Deliverable, Framework, Lang};

/// What cases are judged by, read once.
struct Known {
    frameworks: Vec<Framework>,
    vocabularies: BTreeMap<Lang, Vocabulary>,
}

fn known() -> Known {
    let frameworks = framework::load_frameworks(&framework::builtin()).expect("the packs load").frameworks;
    let vocabularies = [Lang::Fr, Lang::En].into_iter().map(|lang| (lang, Vocabulary::of(lang, &frameworks))).collect();
    Known { frameworks, vocabularies }
}

/// The pictures of cases are drawings; what pages can show is known to another room.
fn is_drawing(bytes: &[u8]) -> bool {
    bytes.starts_with(b"<svg") || bytes.starts_with(b"<?xml")
}

/// Everything that the rules say about the text of a case.
fn findings(case: &lint::Case, text: &str, known: &Known) -> Vec<Finding> {
    let bytes = |(path, text): (&String, &String)| (path.clone(), File::Bytes(text.clone().into_bytes()));
    let folder = Folder { files: case.files.iter().map(bytes).collect() };
    let deliverables =
        known.frameworks.iter().flat_map(|framework| &framework.evaluations).flat_map(|one| &one.deliverables);
    let wanted = |deliverable: &&Deliverable| Some(&*deliverable.id) == case.deliverable.as_deref();
    let asked = Asked {
        lang: case.lang,
        deliverable: deliverables.clone().find(wanted),
        folder: &folder,
        vocabulary: &known.vocabularies[&case.lang],
        pages: case.pages.as_ref(),
        measures: &case.measures,
        missing: &case.missing,
        documents: case.documents,
        lacking: &case.lacking,
        takes: is_drawing,
        clock: case.clock,
    };
    assert_eq!(asked.deliverable.is_some(), case.deliverable.is_some(), "{}", case.name);
    if let Some(path) = &case.table {
        return documents::check(&documents::Table::read(path, text.as_bytes()), jiff::civil::date(2026, 6, 1));
    }
    let sources = [Source::parse("text.md", text)];
    let mut found = lint::check(&sources, &asked);
    if let Some(other) = &case.other {
        let there = [Source::parse("other.md", other)];
        let (here, there) = (similar::Text::new(&sources), similar::Text::new(&there));
        found.extend(similar::findings(&here, &there, &similar::compare(&here, &there, &[]), "other"));
    }
    found
}

fn of<'a>(guide: &Guide, findings: &'a [Finding]) -> Vec<&'a Finding> {
    findings.iter().filter(|finding| finding.rule == guide.id).collect()
}

#[test]
fn each_rule_does_what_its_page_shows() {
    let known = known();
    let mut wrong = Vec::new();
    for guide in lint::guides().unwrap() {
        for case in &guide.cases {
            let all = findings(case, &case.text, &known);
            let found = of(&guide, &all);
            let shown: Vec<String> = found.iter().map(|finding| shown(finding, &case.text)).collect();
            if shown != case.expect {
                wrong.push(format!(
                    "{} / {}\n  expected {:?}\n  found    {:?}",
                    guide.id, case.name, case.expect, shown
                ));
            }
            if let Some(fixed) = &case.fixed {
                let got = lint::apply(&case.text, found).text;
                if got != *fixed {
                    wrong.push(format!("{} / {}\n  expected {fixed:?}\n  fixed    {got:?}", guide.id, case.name));
                }
                let again = findings(case, fixed, &known);
                if !of(&guide, &again).is_empty() {
                    wrong.push(format!("{} / {}: the fix leaves something to say", guide.id, case.name));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn shown(finding: &Finding, text: &str) -> String {
    let excerpt: String = text[finding.range.clone()].chars().take(40).collect();
    format!("{}:{} {excerpt}", finding.start.line, finding.start.column)
}

#[test]
fn each_rule_has_a_page_with_cases_of_both_kinds_and_languages() {
    let guides = lint::guides().unwrap();
    let pages: BTreeSet<&str> = guides.iter().map(|guide| guide.id.as_str()).collect();
    let rules: BTreeSet<&str> = lint::ids().collect();
    assert_eq!(pages, rules);
    for guide in &guides {
        for text in [&guide.title, &guide.why, &guide.fix] {
            assert!(text.missing().is_empty(), "{}: a text is missing", guide.id);
        }
        for lang in [Lang::Fr, Lang::En] {
            let cases = || guide.cases.iter().filter(|case| case.lang == lang);
            assert!(cases().any(|case| case.expect.is_empty()), "{} {lang}: no text that is right", guide.id);
            let french = ["typography.quotes", "typography.letters"].contains(&guide.id.as_str()) && lang == Lang::En;
            assert!(
                french || cases().any(|case| !case.expect.is_empty()),
                "{} {lang}: no text that is wrong",
                guide.id
            );
        }
    }
}
