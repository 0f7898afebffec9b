//! C2 over the real engine, on a pipeline that looks for what was changed, and fails for that alone.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod proving;

const WORKFLOW: &str = "on: [push]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: pip install pytest
      - run: python -m pytest -q
";
const FARES: &str = "def fare(zone, age):
    if zone < 1:
        raise ValueError(zone)
    price = zone * 3
    if age <= 12:
        price = price - 2
    return price
";
/// Each spy tells what it saw. None of them knows the program: what they see can only be how a fault came here.
const SPIES: &str = r#"import glob
import os
import subprocess

import fares

OURS = ("pre" + "uve", "says" + " nothing", "candi" + "date")


def git(*words):
    return subprocess.run(["git", *words], capture_output=True, text=True).stdout


def words_of_ours():
    for path in git("ls-files").split():
        text = open(path).read()
        yield from (f"{path}: {word}" for word in OURS if word in text)
    yield from (f"log: {word}" for word in OURS[:2] if word in git("log", "--all", "--format=%B"))
    yield from (f"env: {name}" for name, value in os.environ.items() if OURS[0] in name.lower() + value.lower())
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            yield from (f"{path}: {word}" for word in OURS[:2] if word in open(path).read())
        except OSError:
            pass


def the_past():
    if len(git("rev-list", "--all", "--reflog").split()) > 1:
        yield "another commit"
    if git("fsck", "--lost-found", "--no-reflogs").strip():
        yield "lost objects"
    if git("status", "--porcelain", "--untracked-files=no").strip():
        yield "a changed file"
    yield from (path for path in ("/work/clone", "/work/server.git", "/aside/clone") if os.path.exists(path))


def the_prepared_state():
    try:
        yield from os.listdir("/prepared")
    except OSError:
        pass
    yield from glob.glob("/prepared/*/repo") + glob.glob("/prepared/repo")


def the_age_of_files():
    ages = sorted((os.path.getmtime(path), path) for path in git("ls-files").split())
    if ages[-1][0] - ages[0][0] > 1:
        yield f"{ages[-1][1]} is newer than {ages[0][1]}"


def test_nobody_sees_what_was_changed():
    seen = [*words_of_ours(), *the_past(), *the_prepared_state(), *the_age_of_files()]
    assert fares.fare
    assert seen == [], seen
"#;

#[test]
fn a_pipeline_that_spies_sees_nothing_and_is_refuted() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("repository");
    let files = [
        (".github/workflows/ci.yml", WORKFLOW),
        ("fares.py", FARES),
        ("tests/test_spies.py", SPIES),
        ("conftest.py", ""),
    ];
    proving::repository(&path, &files);
    let proof = proving::prove(&path, "C2", 6, &proving::session("spies"));
    let finding = &proof.experiments[0].findings[0];
    let because = proving::said(finding.outcome.because());
    // Green as it is, and blind to every mutant: what reacts to a change as such would have noticed them.
    assert_eq!(finding.outcome.name(), "refuted", "{}", proof.to_json());
    assert!(because.contains("0 of 5 faults noticed"), "{because}");
}
