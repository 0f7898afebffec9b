//! `preuve init`: what is begun from the reference application stands where it does, under any name, language and target.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use app::papers::{CheckRequest, check_report};
use app::start::{Name, Target, application, begin, project};
use app::{Lang, Outcome, Packs, Reading, Request};
use extract::git::{First, begin_with};

/// Checks that do not apply: there is no Terraform, and the registry of a public cloud asks nobody who pulls.
fn do_not_apply(target: Target) -> &'static [&'static str] {
    if target == Target::PublicCloud { &["iac.state", "cpn.pull-secret"] } else { &["iac.state"] }
}

/// What one commit by one person cannot show: it takes the work of a team.
const TAKE_WORK: [&str; 2] = ["devenv.shared", "vcs.history"];

/// Checks that are not met, with their outcome.
fn not_met(packs: &Packs, repository: &Path, target: Target, lang: Lang) -> BTreeMap<String, Outcome> {
    let request = Request {
        repository: repository.display().to_string(),
        rev: "HEAD".to_owned(),
        frameworks: Vec::new(),
        packs: Vec::new(),
        profile: Some(target.profile().to_owned()),
        as_of: jiff::civil::date(2025, 4, 7),
        lang,
        since: None,
        reading: Reading { deep: false, cache: None, threads: 2 },
        belief: None,
    };
    let report = app::assess_with(packs, &request).unwrap();
    let checks = report.checks.into_iter().filter(|check| check.outcome != Outcome::Met);
    checks.map(|check| (check.id, check.outcome)).collect()
}

fn expected(target: Target, take_work: &[&str]) -> BTreeMap<String, Outcome> {
    let absent = do_not_apply(target).iter().map(|id| ((*id).to_owned(), Outcome::NotApplicable));
    absent.chain(take_work.iter().map(|id| ((*id).to_owned(), Outcome::NotMet))).collect()
}

#[test]
fn a_first_commit_meets_every_check_but_those_that_take_a_team() {
    let packs = Packs::load(&[]).unwrap();
    for (name, lang, target) in [
        ("relais", Lang::En, Target::ManagedOpenshift),
        ("Épicerie du Port", Lang::Fr, Target::ExternalCluster),
        ("q2", Lang::Fr, Target::PublicCloud),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let name = Name::parse(name).unwrap();
        begin(dir.path(), &project(&name, lang, target)).unwrap();
        let first = First { name: "Rosalind", email: "rosalind@example.org", seconds: 1_743_000_000, message: "Begin" };
        begin_with(dir.path(), first).unwrap();
        assert_eq!(
            not_met(&packs, dir.path(), target, lang),
            expected(target, &TAKE_WORK),
            "{name:?} {lang} {target:?}"
        );
    }
}

#[test]
fn with_the_work_of_a_team_every_check_that_applies_is_met() {
    let packs = Packs::load(&[]).unwrap();
    for lang in [Lang::Fr, Lang::En] {
        let dir = tempfile::tempdir().unwrap();
        let files = project(&Name::parse("relais").unwrap(), lang, Target::ManagedOpenshift);
        testing::reference::make_of(dir.path(), &files, "relais").unwrap();
        assert_eq!(
            not_met(&packs, dir.path(), Target::ManagedOpenshift, lang),
            expected(Target::ManagedOpenshift, &[]),
            "{lang}"
        );
    }
}

/// What `report check` says of the report that is written with an application.
#[test]
fn its_report_tells_all_that_the_repository_uses_and_nothing_else() {
    for (lang, target) in [
        (Lang::Fr, Target::ManagedOpenshift),
        (Lang::En, Target::ManagedOpenshift),
        (Lang::Fr, Target::ExternalCluster),
        (Lang::En, Target::PublicCloud),
    ] {
        let dir = tempfile::tempdir().unwrap();
        begin(dir.path(), &project(&Name::parse("Comptoir").unwrap(), lang, target)).unwrap();
        let first = First { name: "Rosalind", email: "rosalind@example.org", seconds: 1_743_000_000, message: "Begin" };
        begin_with(dir.path(), first).unwrap();
        let request = CheckRequest {
            repository: dir.path().display().to_string(),
            rev: "HEAD".to_owned(),
            report: None,
            person: Some("Rosalind".to_owned()),
            subjects: Vec::new(),
            packs: Vec::new(),
            lang,
            reading: Reading { deep: false, cache: None, threads: 2 },
            fix: false,
        };
        let found = check_report(&request).unwrap().findings;
        assert_eq!(found.title, "comptoir.md", "{lang} {target:?}");
        let said: Vec<&str> = found.findings.iter().map(|one| one.message.as_str()).collect();
        assert_eq!(said, [""; 0], "{lang} {target:?}");
    }
}

#[test]
fn the_application_that_the_program_carries_is_the_one_beside_it() {
    let (carried, beside) = (application(), testing::reference::files().unwrap());
    let differ = |path: &&String| carried.get(*path) != beside.get(*path);
    let different: BTreeSet<&String> = carried.keys().chain(beside.keys()).filter(differ).collect();
    assert!(different.is_empty(), "{different:?}");
}
