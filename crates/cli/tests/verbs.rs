//! The program as people and pipelines use it: outputs, exit codes, both languages.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A repository that is removed with the value.
struct Fixture {
    _dir: tempfile::TempDir,
    path: PathBuf,
}

fn fixture() -> Fixture {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ferry");
    testing::fixture::make(&path).unwrap();
    Fixture { _dir: dir, path }
}

#[expect(clippy::disallowed_methods, reason = "the program under test")]
fn preuve(args: &[&str], home: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_preuve"))
        .args(args)
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("HOME", home)
        .output()
        .unwrap()
}

fn run(args: &[&str]) -> (i32, String, String) {
    let home = tempfile::tempdir().unwrap();
    let output = preuve(args, home.path());
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_report_goes_to_stdout_and_talk_to_stderr() {
    let fixture = fixture();
    let path = fixture.path.display().to_string();
    let (code, out, err) = run(&["assess", &path, "--framework", "rs-devops", "--as-of", "2025-04-01"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("C2.in1") && !out.contains('\u{1b}'), "{out}");
    let (_, french, _) = run(&["assess", &path, "--framework", "rs-devops", "--lang", "fr"]);
    assert!(french.contains("Les prochaines actions"), "{french}");
}

#[test]
fn a_requirement_decides_the_exit_code() {
    let fixture = fixture();
    let path = fixture.path.display().to_string();
    let (code, ..) = run(&["assess", &path, "--framework", "rs-devops", "--require", "declared"]);
    assert_eq!(code, 0);
    let (code, _, err) = run(&["assess", &path, "--framework", "rs-devops", "--require", "proven"]);
    assert_eq!(code, 1);
    assert!(err.contains("rs-devops C3.in1"), "{err}");
}

#[test]
fn errors_say_what_to_do() {
    let fixture = fixture();
    let path = fixture.path.display().to_string();
    let (code, _, err) = run(&["assess", "/nowhere"]);
    assert_eq!(code, 3);
    assert!(err.contains("hint:"), "{err}");
    let (code, _, err) = run(&["assess", &path, "--rev", "v9"]);
    assert_eq!(code, 3);
    assert!(err.contains("v9"), "{err}");
    let (code, _, err) = run(&["assess", &path, "--framework", "rs-devop"]);
    assert_eq!(code, 2);
    assert!(err.contains("did you mean `rs-devops`?"), "{err}");
    let (code, _, err) = run(&["explain", "ci.tests", "--lang", "fr"]);
    assert_eq!(code, 2);
    assert!(err.contains("vouliez-vous dire `ci.test`"), "{err}");
    assert_eq!(run(&["assess"]).0, 2);
}

#[test]
fn an_expired_waiver_is_an_error_with_its_line() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("r");
    let waivers = "waivers:\n  - requirement: EXI-ARCH-11\n    reason: no human user\n    approver: Ada\n    expiry: 2024-01-31\n";
    let tree = [("waivers.yaml".to_owned(), waivers.to_owned())].into_iter().collect();
    testing::history::make(&path, &[], &tree).unwrap();
    let path = path.display().to_string();
    let (code, _, err) = run(&["assess", &path, "--framework", "cloud-pi-native", "--as-of", "2025-01-01"]);
    assert_eq!(code, 3, "{err}");
    assert!(err.contains("waivers.yaml:5"), "{err}");
    let (code, ..) = run(&["assess", &path, "--framework", "cloud-pi-native", "--as-of", "2024-01-31"]);
    assert_eq!(code, 0);
}

#[test]
fn frameworks_are_listed_shown_checked_and_exported() {
    let (code, out, _) = run(&["framework", "list"]);
    assert_eq!(code, 0);
    for id in ["rs-devops", "cloud-devops-expert", "cloud-pi-native"] {
        assert!(out.contains(id), "{out}");
        assert_eq!(run(&["framework", "show", id]).0, 0);
        assert!(run(&["framework", "export", id, "--format", "case"]).1.contains("CFDocument"));
    }
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("checks")).unwrap();
    std::fs::write(dir.path().join("checks/x.y.yaml"), "id: x.y\nquestion: {fr: a, en: b}\n").unwrap();
    let (code, _, err) = run(&["framework", "check", &dir.path().display().to_string()]);
    assert_eq!(code, 3);
    assert!(err.contains("x.y.yaml:"), "{err}");
}

#[test]
fn a_cohort_is_a_line_each() {
    let dir = tempfile::tempdir().unwrap();
    testing::fixture::make(&dir.path().join("b")).unwrap();
    testing::fixture::make(&dir.path().join("a")).unwrap();
    let path = dir.path().display().to_string();
    let (code, out, _) = run(&["assess", "--cohort", &path, "--format", "json"]);
    assert_eq!(code, 0);
    let starts: Vec<&str> = out.lines().map(|line| &line[..11]).collect();
    assert_eq!(starts, ["{\"path\":\"a\"", "{\"path\":\"b\""]);
}

#[test]
fn since_names_what_changed() {
    let fixture = fixture();
    let path = fixture.path.display().to_string();
    let (code, out, _) = run(&["assess", &path, "--framework", "rs-devops", "--since", "v1.0.0"]);
    assert_eq!(code, 0);
    assert!(out.contains("iac.definition") && out.contains("terraform/modules/cluster/main.tf"), "{out}");
}
