//! Credentials of past versions: told with commit and path, never shown, in any format.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use app::{Lang, Packs, Reading, Request, Words, report};
use framework::rule::CaseCommit;

const SECRET: &str = "Tr0ub4dor-and-3";
const KEPT: &str = "C0rrect-h0rse-9";

fn commit(message: &str, date: &str, files: &[(&str, &str)]) -> CaseCommit {
    CaseCommit {
        message: message.to_owned(),
        author: None,
        date: Some(date.to_owned()),
        tree: files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect(),
        tag: None,
        merge: false,
    }
}

/// A repository whose `.env` once held a password on the line where something else stands now.
fn report_of(last: &str) -> report::model::Report {
    let dir = tempfile::tempdir().unwrap();
    let commits = [
        commit("one", "2024-05-01T09:00:00Z", &[(".env", &format!("A=1\nDB_PASSWORD={SECRET}\n"))]),
        commit("two", "2024-05-02T09:00:00Z", &[(".env", &format!("A=2\nDB_PASSWORD={SECRET}\n"))]),
        commit("three", "2024-05-03T09:00:00Z", &[(".env", last)]),
    ];
    testing::history::make(dir.path(), &commits, &BTreeMap::new()).unwrap();
    let request = Request {
        repository: dir.path().display().to_string(),
        rev: "HEAD".to_owned(),
        frameworks: Vec::new(),
        packs: Vec::new(),
        profile: None,
        as_of: jiff::civil::date(2024, 6, 1),
        lang: Lang::En,
        since: None,
        reading: Reading { deep: false, cache: None, threads: 2 },
        belief: None,
    };
    app::assess_with(&Packs::load(&[]).unwrap(), &request).unwrap()
}

fn past(report: &report::model::Report) -> Vec<(String, String)> {
    let check = report.check("secrets.none-in-clear").unwrap();
    let past = check.remarks.iter().filter(|cited| cited.says.starts_with("secret.past"));
    past.map(|cited| (cited.place(), cited.says.clone())).collect()
}

#[test]
fn a_removed_password_is_a_remark_and_the_check_is_met() {
    let report = report_of("A=3\nNOTHING=here\n");
    assert_eq!(report.check("secrets.none-in-clear").unwrap().outcome.name(), "met");
    let told = past(&report);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].0, ".env:2");
    assert!(told[0].1.contains("now removed") && told[0].1.contains("Tr… (15)"), "{told:?}");
    let remark = &report.check("secrets.none-in-clear").unwrap().remarks[0];
    assert_ne!(remark.commit, report.repository.commit);
    assert_eq!(remark.excerpt, format!("commit:{}", remark.commit));
    assert!(report.repository.past_secrets && report.repository.uncommitted.is_none());
}

#[test]
fn a_password_that_stays_is_said_to() {
    let report = report_of(&format!("A=3\nDB_PASSWORD={SECRET}\nOTHER_PASSWORD={KEPT}\n"));
    assert_eq!(report.check("secrets.none-in-clear").unwrap().outcome.name(), "not-met");
    let told = past(&report);
    assert_eq!(told.iter().filter(|(_, says)| says.contains("now present")).count(), 2, "{told:?}");
}

#[test]
fn no_format_shows_a_secret() {
    for last in ["A=3\nNOTHING=here\n".to_owned(), format!("A=3\nDB_PASSWORD={SECRET}\nOTHER_PASSWORD={KEPT}\n")] {
        let report = report_of(&last);
        for lang in [Lang::En, Lang::Fr] {
            let words = Words(lang);
            let outputs = [
                report.to_json(),
                report::html::write(&report, words),
                report::markdown::write(&report, words),
                report::sarif::write(&report, words),
                report::junit::write(&report, words),
            ];
            for text in outputs {
                assert!(!text.contains(SECRET) && !text.contains(KEPT), "{text}");
            }
        }
    }
}
