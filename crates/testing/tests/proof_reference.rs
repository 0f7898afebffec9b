//! The reference application stands on *proven* for every experiment, conducted as `preuve prove --lanes 2` does.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod proving;

use app::prove::{Outcome, Request, Silent};
use jiff::civil::date;

/// What no sandbox can show of it, and the reason that is given.
const NOT_HERE: &[(&str, &str)] =
    &[("cpn.sign-in", "an identity provider"), ("c7.question-the-sources", "this version")];

#[test]
#[ignore = "it takes half an hour: cargo test --workspace --test proof_reference -- --ignored"]
fn every_experiment_proves_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("comptoir");
    testing::reference::make(&path).unwrap();
    let whole = Request {
        only: Vec::new(),
        frameworks: Vec::new(),
        as_of: date(2026, 11, 22),
        ..proving::request(&path, "", 12)
    };
    let sessions = ["one", "two"].map(|lane| proving::session_with_cluster(&format!("reference {lane}")));
    let report = app::prove::prepare(&whole).unwrap().conduct_in_lanes(&sessions, &|_, _| Box::new(Silent));
    let experiments: Vec<&str> = report.experiments.iter().map(|one| one.id.as_str()).collect();
    assert!(experiments.len() >= 13, "{experiments:?}");
    let mut others = Vec::new();
    for experiment in &report.experiments {
        for finding in &experiment.findings {
            let told = match &finding.outcome {
                Outcome::Proven => continue,
                Outcome::Refuted { because } | Outcome::Flaky { because } => proving::said(Some(because)),
                Outcome::NotProvableHere { because } => {
                    let because = proving::said(Some(because));
                    let known = |(id, reason): &&(&str, &str)| *id == experiment.id && because.contains(reason);
                    if NOT_HERE.iter().any(|one| known(&one)) {
                        continue;
                    }
                    because
                }
            };
            others.push(format!("{} {}: {told}", experiment.id, finding.subject));
        }
    }
    assert!(others.is_empty(), "{}", others.join("\n"));
}
