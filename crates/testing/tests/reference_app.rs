//! The reference application stands on *present* for every check that applies to it, in every framework and profile.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use app::report::model::Report;
use app::{Lang, Outcome, Packs, Reading, Request, Rung};

/// Checks that do not apply, and why.
const DO_NOT_APPLY: &[(&str, &str)] = &[("iac.state", "no Terraform: resources belong to operators and Ansible")];

fn report(repository: &Path, profile: &str) -> Report {
    let request = Request {
        repository: repository.display().to_string(),
        rev: "HEAD".to_owned(),
        frameworks: vec!["rs-devops".into(), "cloud-devops-expert".into(), "cloud-pi-native".into()],
        packs: Vec::new(),
        profile: Some(profile.to_owned()),
        as_of: jiff::civil::date(2025, 4, 7),
        lang: Lang::En,
        since: None,
        reading: Reading { deep: false, cache: None, threads: 2 },
        belief: None,
    };
    app::assess_with(&Packs::load(&[]).unwrap(), &request).unwrap()
}

#[test]
fn every_check_that_applies_is_met_on_every_platform() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("comptoir");
    testing::reference::make(&path).unwrap();
    for profile in ["managed-openshift", "external-restricted", "public-cloud"] {
        let report = report(&path, profile);
        assert!(report.checks.len() >= 63);
        for check in &report.checks {
            let expected = DO_NOT_APPLY.iter().find(|(id, _)| *id == check.id);
            let wanted = if expected.is_some() { Outcome::NotApplicable } else { Outcome::Met };
            assert_eq!(check.outcome, wanted, "{profile}: {}: {} {:?}", check.id, check.note, check.evidence);
        }
    }
}

#[test]
fn every_indicator_that_files_can_show_is_present() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("comptoir");
    testing::reference::make(&path).unwrap();
    let report = report(&path, "managed-openshift");
    let indicators =
        || report.frameworks.iter().flat_map(|framework| &framework.competences).flat_map(|one| &one.indicators);
    assert!(indicators().count() > 60);
    for indicator in indicators() {
        assert!(
            indicator.lacking.is_empty() && indicator.unknown.is_empty(),
            "{} lacks {:?}, unknown {:?}",
            indicator.id,
            indicator.lacking,
            indicator.unknown
        );
    }
    assert!(indicators().filter(|indicator| indicator.rung >= Rung::Present).count() > 40);
}

#[test]
fn the_same_sources_make_the_same_repository() {
    let dir = tempfile::tempdir().unwrap();
    let [one, two] = ["one", "two"].map(|name| testing::reference::make(&dir.path().join(name)).unwrap());
    assert_eq!(one, two);
}
