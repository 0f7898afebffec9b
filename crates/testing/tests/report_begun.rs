//! A project's report begun and checked where it lies: what is written, where nothing is, and how it reads.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use app::papers::{CheckRequest, InitRequest, begin_report, check_report};
use app::start::{Name, Target, project};
use app::{AssessError, Lang, Reading};
use extract::git::{First, begin_with};

fn reading() -> Reading {
    Reading { deep: false, cache: None, threads: 1 }
}

/// A clone with the files of the reference application.
fn clone(path: &Path, lang: Lang) {
    app::start::begin(path, &project(&Name::parse("Ferry").unwrap(), lang, Target::PublicCloud)).unwrap();
    let first = First { name: "Rosalind", email: "rosalind@example.org", seconds: 1_743_000_000, message: "Begin" };
    begin_with(path, first).unwrap();
    fs::remove_file(path.join("ferry.md")).unwrap();
}

fn begin(repository: &Path, lang: Lang) -> Result<(), AssessError> {
    let request =
        InitRequest { repository: repository.to_owned(), name: None, lang, packs: Vec::new(), reading: reading() };
    begin_report(&request).map(|_| ())
}

/// The rules that speak about a report, and how many corrections were written.
fn check(repository: &Path, report: &str, lang: Lang, fix: bool) -> Result<(Vec<String>, usize), AssessError> {
    let checked = check_report(&CheckRequest {
        repository: repository.display().to_string(),
        rev: "HEAD".to_owned(),
        report: Some(report.to_owned()),
        person: None,
        subjects: Vec::new(),
        packs: Vec::new(),
        lang,
        reading: reading(),
        fix,
    })?;
    let told = checked.findings.findings.into_iter().map(|one| format!("{}:{} {}", one.line, one.column, one.rule));
    Ok((told.collect(), checked.corrections))
}

#[test]
fn nothing_is_written_where_no_files_of_a_repository_lie() {
    let dir = tempfile::tempdir().unwrap();
    let (clone, bare, plain) = (dir.path().join("ferry"), dir.path().join("bare.git"), dir.path().join("plain"));
    testing::fixture::make(&bare).unwrap();
    self::clone(&clone, Lang::En);
    fs::create_dir(&plain).unwrap();
    for place in [&bare, &plain, &dir.path().join("gone")] {
        let before = fs::read_dir(place).map(Iterator::count).unwrap_or(0);
        let told = begin(place, Lang::En).unwrap_err().told(Lang::En);
        assert!(told.message.contains(&*place.to_string_lossy()) && told.hints[0].contains("git clone"), "{told:?}");
        assert_eq!(fs::read_dir(place).map(Iterator::count).unwrap_or(0), before);
    }
    // The advice works.
    begin(&clone, Lang::En).unwrap();
    assert!(clone.join("ferry.md").is_file());
}

#[test]
fn a_report_is_read_in_its_own_language_and_corrected_where_it_lies() {
    for lang in [Lang::Fr, Lang::En] {
        let dir = tempfile::tempdir().unwrap();
        let clone = dir.path().join("ferry");
        self::clone(&clone, lang);
        begin(&clone, lang).unwrap();
        // What is begun waits for its author, and is well written.
        let rules = check(&clone, "ferry.md", lang, false).unwrap().0;
        let other = |rule: &&String| !rule.ends_with("report.placeholder") && !rule.ends_with("report.authorship");
        assert_eq!(rules.iter().filter(other).collect::<Vec<_>>(), Vec::<&String>::new(), "{lang}");
        // The language of who asks is not that of the text.
        let (text, fixed, wrong) = match lang {
            Lang::En => (
                "Le déploiement de l'application est recu par le serveur de recette, et  chaque équipe regarde le résultat dans la journée.",
                "Le déploiement de l’application est recu par le serveur de recette, et chaque équipe regarde le résultat dans la journée.",
                "1:37 language.spelling",
            ),
            Lang::Fr => (
                "The deployement of this application reaches the staging server, and  each team looks at the result within the day.",
                "The deployement of this application reaches the staging server, and each team looks at the result within the day.",
                "1:5 language.spelling",
            ),
        };
        fs::write(clone.join("r.md"), text).unwrap();
        let told = check(&clone, "r.md", lang, false).unwrap().0;
        assert!(told.iter().any(|one| one == wrong), "{told:?}");
        assert!(told.iter().any(|one| one.ends_with("typography.spacing")), "{told:?}");
        assert_eq!(fs::read_to_string(clone.join("r.md")).unwrap(), text);
        let (told, corrections) = check(&clone, "r.md", lang, true).unwrap();
        assert!(corrections > 0 && !told.iter().any(|one| one.contains("typography")), "{told:?}");
        assert_eq!(fs::read_to_string(clone.join("r.md")).unwrap(), fixed);
    }
}
