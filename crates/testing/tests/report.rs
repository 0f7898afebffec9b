//! The report of the fixture project: the same bytes each time, valid by its schema, self-contained, without secrets.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use app::report::model::Report;
use app::report::{html, junit, markdown, sarif};
use app::{Lang, Packs, Reading, Request, Words};

fn request(repository: &std::path::Path, threads: usize, lang: Lang) -> Request {
    Request {
        repository: repository.display().to_string(),
        rev: "HEAD".to_owned(),
        frameworks: Vec::new(),
        packs: Vec::new(),
        profile: None,
        as_of: jiff::civil::date(2025, 4, 1),
        lang,
        since: None,
        reading: Reading { deep: false, cache: None, threads },
        belief: None,
    }
}

fn report(threads: usize, lang: Lang) -> Report {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ferry");
    testing::fixture::make(&path).unwrap();
    let packs = Packs::load(&[]).unwrap();
    app::assess_with(&packs, &request(&path, threads, lang)).unwrap()
}

#[test]
fn the_same_commit_gives_the_same_bytes() {
    let (one, two) = (report(1, Lang::Fr), report(4, Lang::Fr));
    assert_eq!(one.to_json(), two.to_json());
    assert_eq!(html::write(&one, Words(Lang::Fr)), html::write(&two, Words(Lang::Fr)));
    assert_eq!(sarif::write(&one, Words(Lang::Fr)), sarif::write(&two, Words(Lang::Fr)));
}

#[test]
fn the_report_follows_its_published_schema() {
    let schema: serde_json::Value = serde_json::from_str(include_str!("../../../docs/report.schema.json")).unwrap();
    for lang in [Lang::Fr, Lang::En] {
        let value: serde_json::Value = serde_json::from_str(&report(1, lang).to_json()).unwrap();
        let problems = testing::schema::problems(&schema, &value).unwrap();
        assert!(problems.is_empty(), "{problems:?}");
        // The schema is closed: a field that it does not know is refused.
        let mut more = value.clone();
        more["repository"]["owner"] = "x".into();
        assert_eq!(testing::schema::problems(&schema, &more).unwrap().len(), 1);
    }
}

#[test]
fn every_indicator_of_the_fixture_that_files_can_show_is_present() {
    let report = report(2, Lang::En);
    let framework = report.frameworks.iter().find(|framework| framework.id == "rs-devops").unwrap();
    for indicator in framework.competences.iter().flat_map(|competence| &competence.indicators) {
        assert!(
            indicator.rung >= app::Rung::Present,
            "{} {:?} {:?}",
            indicator.id,
            indicator.lacking,
            indicator.unknown
        );
        assert!(!indicator.evidence.is_empty(), "{} cites nothing", indicator.id);
    }
}

#[test]
fn every_met_check_cites_a_place_and_every_other_says_why() {
    for check in report(2, Lang::En).checks {
        let met = check.outcome == app::Outcome::Met;
        assert!(
            !met || !check.evidence.is_empty() || !check.note.is_empty() || check.id == "vcs.clean",
            "{}",
            check.id
        );
        assert!(met || !check.note.is_empty(), "{} does not say why", check.id);
    }
}

#[test]
fn the_page_needs_nothing_else() {
    let page = html::write(&report(1, Lang::Fr), Words(Lang::Fr));
    for outside in ["<script", "src=", "@import", "url(", "<link"] {
        assert!(!page.contains(outside), "the page holds {outside}");
    }
    assert!(page.contains("<html lang=\"fr\">"));
    assert!(!page.contains('⟨'), "a word is missing from the catalogue");
    let text = markdown::write(&report(1, Lang::En), Words(Lang::En));
    assert!(!text.contains('⟨') && text.contains("C2.in1"));
    assert!(junit::write(&report(1, Lang::En), Words(Lang::En)).contains("<testsuite name=\"rs-devops\""));
}
