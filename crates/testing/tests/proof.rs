//! From a repository to signed records and back to the ladder: over a played engine, and over the real one.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod proving;

use std::path::Path;

use app::papers::{BuildRequest, Built, Paper, build_papers};
use app::prove::{ProofReport, Session, Signer};
use app::{Belief, Lang, Reading, Rung};
use jiff::civil::{Date, date};
use sandbox::fake::Fake;
use sandbox::{Ended, Run, Sandbox};

const WORKFLOW: &str = "on: [push]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: '3.11'
      - run: pip install -r requirements.txt
      - run: python -m pytest -q
";
const FARES: &str = "def fare(zone, age):
    if zone < 1:
        raise ValueError(zone)
    price = zone * 3
    if age <= 12:
        price = price - 2
    return price


def stops(zone):
    total = 0
    for number in range(zone):
        total = total + number
    return total + 1
";
const TEETH: &str = "import pytest
from fares import fare, stops


def test_fare():
    assert fare(2, 30) == 6
    assert fare(1, 30) == 3
    assert fare(2, 12) == 4
    assert fare(2, 13) == 6


def test_zone():
    with pytest.raises(ValueError):
        fare(0, 30)


def test_stops():
    assert stops(1) == 1
    assert stops(3) == 4
";
/// Runs everything, and looks at nothing.
const TOOTHLESS: &str = "from fares import fare, stops


def test_fare():
    assert isinstance(fare(2, 30), int)
    assert isinstance(fare(2, 12), int)


def test_stops():
    assert isinstance(stops(3), int)
";

/// Looks at the text of the program, and at nothing that it does.
const READING: &str = "import ast


def test_fares():
    text = open('fares.py').read()
    assert hash(ast.dump(ast.parse(text))) == hash(ast.dump(ast.parse(EXPECTED)))


EXPECTED = '''@@'''
";

fn repository(path: &Path, tests: &str) -> String {
    let files = [
        (".github/workflows/ci.yml", WORKFLOW),
        ("fares.py", FARES),
        ("tests/test_fares.py", tests),
        ("conftest.py", ""),
        ("requirements.txt", "pytest\n"),
    ];
    proving::repository(path, &files)
}

fn reading() -> Reading {
    Reading { deep: false, cache: None, threads: 1 }
}

fn day() -> Date {
    date(2026, 11, 22)
}

fn prove(path: &Path, session: &Session) -> ProofReport {
    proving::prove(path, "C2", 8, session)
}

/// The proof of a played engine on which every fault is noticed.
fn played(path: &Path) -> ProofReport {
    let run = Run::new("played", b"chance").unwrap();
    let green = || Ended::exit(0, "3 passed in 0.01s");
    let red = || Ended::exit(1, "FAILED tests/test_fares.py::test_fare - assert not True\n1 failed, 2 passed in 0.01s");
    // Preparing, baseline, two null faults; a syntax error, an assertion, eight mutants; the baseline again.
    let answers: Vec<Ended> = [vec![green(); 4], vec![red(); 10], vec![green()]].concat();
    let fake = Fake::new()
        .on("git push /work/server.git HEAD:main 2>&1", [Ended::exit(0, "remote: received refs/heads/main x\nx\n")])
        .on("python -m pytest -q", answers);
    prove(path, &Session::over(Sandbox::over(fake, run, proving::clock())))
}

/// The same, with another pipeline and a lane for each.
fn played_beside(path: &Path, lanes: usize) -> ProofReport {
    let session = |lane: usize| {
        let run = Run::new(&format!("played-{lane}"), b"chance").unwrap();
        let fake = Fake::new().on("git push /work/server.git HEAD:main 2>&1", [Ended::exit(1, "no server here\n")]);
        Session::over(Sandbox::over(fake, run, proving::clock()))
    };
    let sessions: Vec<Session> = (0..lanes).map(session).collect();
    let prepared = app::prove::prepare(&proving::request(path, "C2", 8)).unwrap();
    assert_eq!(prepared.subjects(), 2);
    prepared.conduct_in_lanes(&sessions, &|_, _| Box::new(app::prove::Silent))
}

#[test]
fn lanes_find_the_same_in_the_same_order() {
    let dir = tempfile::tempdir().unwrap();
    let files = [
        (".github/workflows/ci.yml", WORKFLOW),
        (".github/workflows/again.yml", WORKFLOW),
        ("fares.py", FARES),
        ("tests/test_fares.py", TEETH),
        ("conftest.py", ""),
        ("requirements.txt", "pytest\n"),
    ];
    proving::repository(dir.path(), &files);
    let (one, two) = (played_beside(dir.path(), 1), played_beside(dir.path(), 2));
    assert_eq!(one.experiments[0].findings.len(), 2);
    assert_eq!(one.to_json(), two.to_json());
}

/// The rung of the indicator on this day, with the records of a folder.
fn rung(path: &Path, folder: &Path, signer: &Signer, as_of: Date) -> (Rung, Vec<String>) {
    let request = app::Request {
        repository: path.display().to_string(),
        rev: "HEAD".into(),
        frameworks: vec!["rs-devops".into()],
        packs: Vec::new(),
        profile: None,
        as_of,
        lang: Lang::En,
        since: None,
        reading: reading(),
        belief: Some(Belief { folder: folder.to_owned(), trusted: vec![signer.public()], max_age: 90 }),
    };
    let report = app::assess(&request).unwrap();
    let found =
        report.indicators().find(|(_, indicator)| indicator.experiments.iter().any(|id| id == "c2.run-pipeline"));
    let (_, indicator) = found.unwrap();
    let told = indicator.proofs.iter().map(|proof| proof.experiment.clone()).chain(report.refused.clone()).collect();
    (indicator.rung, told)
}

#[test]
fn a_proof_lifts_its_indicator_and_nothing_else_does() {
    let dir = tempfile::tempdir().unwrap();
    let (path, folder) = (dir.path().join("repository"), dir.path().join("records"));
    repository(&path, TEETH);
    let proof = played(&path);
    assert_eq!(proof.experiments[0].outcome, "proven", "{}", proof.to_json());
    let signer = Signer::new([7; 32]);
    std::fs::create_dir(&folder).unwrap();
    for record in app::prove::records(&proof, &signer) {
        std::fs::write(folder.join(record.name), record.text).unwrap();
    }
    let (found, told) = rung(&path, &folder, &signer, day());
    assert_eq!((found, told), (Rung::Proven, vec!["c2.run-pipeline".to_owned()]));
    // Another key, another day, another commit.
    let check = |path: &Path, signer: &Signer, as_of: Date, expected: &str| {
        let (found, told) = rung(path, &folder, signer, as_of);
        assert!(found < Rung::Effective && !told.is_empty(), "{told:?}");
        assert!(told.iter().all(|line| line.contains(expected)), "{told:?}");
    };
    check(&path, &Signer::new([8; 32]), day(), "no trusted key signed exactly this");
    check(&path, &signer, date(2027, 11, 22), "365 days old");
    check(&path, &signer, date(2026, 11, 21), "after the day of the assessment");
    let other = dir.path().join("other");
    repository(&other, TOOTHLESS);
    check(&other, &signer, day(), "it speaks of commit");
}

/// The papers of a dossier on that repository, with the records of a folder.
fn papers(dossier: &Path, records: Option<&Path>, signer: &Signer) -> Built {
    let request = BuildRequest {
        folder: dossier.to_owned(),
        papers: ["e1-report", "e1-slides", "jury-file"].map(str::to_owned).to_vec(),
        packs: Vec::new(),
        as_of: day(),
        reading: reading(),
        belief: records.map(|folder| Belief { folder: folder.to_owned(), trusted: vec![signer.public()], max_age: 90 }),
        reports: Vec::new(),
        cohort: None,
    };
    build_papers(&request).unwrap_or_else(|error| panic!("{:?}", error.told(Lang::En)))
}

#[test]
fn a_record_lifts_what_papers_show_and_a_forged_one_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (path, records, dossier) =
        (dir.path().join("repository"), dir.path().join("records"), dir.path().join("dossier"));
    repository(&path, TEETH);
    let signer = Signer::new([7; 32]);
    std::fs::create_dir(&records).unwrap();
    std::fs::create_dir(&dossier).unwrap();
    let manifest = "title: Fares\nlanguage: en\nframework: rs-devops\nperson: { name: Ann }\npapers:\n\
                    - deliverable: E1.r1\n  source: [e1.md]\n- deliverable: E1.r2\n  source: [e1.md]\n\
                    reports:\n- path: fares.md\n  repository: ../repository\n";
    std::fs::write(dossier.join("dossier.yaml"), manifest).unwrap();
    std::fs::write(dossier.join("e1.md"), "# Fares\n\n## The need\n\nA fare for each age.\n").unwrap();
    std::fs::write(dossier.join("fares.md"), "# Fares\n\n## The need\n\nA fare for each age.\n").unwrap();
    for record in app::prove::records(&played(&path), &signer) {
        std::fs::write(records.join(record.name), record.text).unwrap();
    }
    // How often each paper shows the rung: in the evidence that travels with it, and to its readers.
    let shown = |built: &Built| -> Vec<(String, usize, bool)> {
        let proven = |text: &str| text.matches("\"rung\": \"proven\"").count();
        let paper = |paper: &Paper| {
            let travels = paper.document.attached.iter().map(|file| proven(&file.text)).sum();
            // What the framework asks for is no word of the repository: only cells of evidence count.
            let read = paper.document.parts.iter().filter(|part| part.annex && !part.id.starts_with("verdicts-"));
            let read = read.flat_map(|part| &part.blocks).any(|block| format!("{block:?}").contains("rung: Proven"));
            (paper.name.clone(), travels, read)
        };
        built.papers.iter().filter(|paper| paper.name != "e1-script").map(paper).collect()
    };
    let expected = |travels: usize, read: bool| -> Vec<(String, usize, bool)> {
        ["e1-report", "e1-slides", "jury-file"].map(|name| (name.to_owned(), travels, read)).to_vec()
    };
    let lifted = papers(&dossier, Some(&records), &signer);
    assert_eq!((shown(&lifted), lifted.refused.len()), (expected(1, true), 0));
    assert_eq!(shown(&papers(&dossier, None, &signer)), expected(0, false));
    // Somebody changes one letter of what was signed.
    for entry in std::fs::read_dir(&records).unwrap() {
        let file = entry.unwrap().path();
        let text = std::fs::read_to_string(&file).unwrap();
        let mut envelope: serde_json::Value = serde_json::from_str(&text).unwrap();
        let payload = envelope["payload"].as_str().unwrap().to_owned();
        let (before, after) = payload.split_at(payload.len() / 2);
        let other = if after.starts_with('A') { "B" } else { "A" };
        envelope["payload"] = format!("{before}{other}{}", &after[1..]).into();
        std::fs::write(&file, envelope.to_string()).unwrap();
    }
    let forged = papers(&dossier, Some(&records), &signer);
    assert_eq!(shown(&forged), expected(0, false));
    let told = |line: &String| line.contains("no trusted key signed exactly this");
    assert!(!forged.refused.is_empty() && forged.refused.iter().all(told), "{:?}", forged.refused);
}

/// Runs on the real engine; without one this fails, since a proof that nothing ran is none.
fn really(tests: &str) -> ProofReport {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("repository");
    repository(&path, tests);
    let session = proving::session(tests);
    prove(&path, &session)
}

#[test]
fn tests_with_teeth_are_proven_on_the_real_engine() {
    let proof = really(TEETH);
    let finding = &proof.experiments[0].findings[0];
    assert_eq!(finding.outcome.name(), "proven", "{}", proof.to_json());
    let ratio = finding.ratios().into_values().next().unwrap();
    assert!(ratio.noticed * 10 >= ratio.of * 7, "{}", proof.to_json());
}

#[test]
fn tests_that_read_the_program_are_not_proven() {
    let proof = really(&READING.replace("@@", FARES));
    let finding = &proof.experiments[0].findings[0];
    let because = proving::said(finding.outcome.because());
    assert_eq!(finding.outcome.name(), "flaky", "{}", proof.to_json());
    assert!(because.contains("a definition that nobody uses"), "{because}");
}

#[test]
fn tests_without_teeth_are_refuted_and_survivors_named() {
    let proof = really(TOOTHLESS);
    let finding = &proof.experiments[0].findings[0];
    assert_eq!(finding.outcome.name(), "refuted", "{}", proof.to_json());
    let survivors: Vec<&str> = finding.survivors().filter_map(|trial| Some(trial.at.as_ref()?.path.as_str())).collect();
    assert!(survivors.len() > 2 && survivors.iter().all(|path| *path == "fares.py"), "{}", proof.to_json());
}
