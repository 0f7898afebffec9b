//! Labs: each can be started, earns nothing untouched and everything repaired, and what is not honest is named.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "a candidate commits with the git program")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use app::lab::{Given, Grade, Ran, Room, State, Time, Trick};
use app::{Catalogue, Lang, Packs, Reading};

type Tree = BTreeMap<String, String>;

/// Monday 2 June 2025, nine o'clock.
const NOW: i64 = 1_748_854_800;

struct Class {
    packs: Packs,
    catalogue: Catalogue,
    dir: tempfile::TempDir,
}

impl Class {
    fn new() -> Self {
        let packs = Packs::load(&[]).unwrap();
        let catalogue = packs.catalogue(&[]).unwrap();
        Self { packs, catalogue, dir: tempfile::tempdir().unwrap() }
    }

    fn journals(&self) -> PathBuf {
        self.dir.path().join("journals")
    }

    fn room<'a>(&'a self, journals: &'a Path) -> Room<'a> {
        let reading = Reading { deep: false, cache: None, threads: 2 };
        Room { packs: &self.packs, catalogue: &self.catalogue, journals, lang: Lang::En, now: NOW, reading }
    }
}

/// Replaces the files of a repository and commits, ten minutes after the start.
fn commit(dir: &Path, tree: &Tree, orphan: bool) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap() == ".git" {
            continue;
        }
        if path.is_dir() { std::fs::remove_dir_all(path).unwrap() } else { std::fs::remove_file(path).unwrap() }
    }
    for (path, text) in tree {
        let file = dir.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    if orphan {
        git(dir, &["checkout", "--quiet", "--orphan", "other"]);
    }
    git(dir, &["add", "--all", "--force"]);
    git(dir, &["commit", "--quiet", "--allow-empty", "--message", "Repair"]);
}

fn git(dir: &Path, arguments: &[&str]) {
    let date = format!("{} +0000", NOW + 600);
    let status = Command::new("git")
        .args(["-c", "user.name=Rosalind", "-c", "user.email=rosalind@example.org", "-c", "core.hooksPath=/dev/null"])
        .args(arguments)
        .current_dir(dir)
        .envs([("GIT_AUTHOR_DATE", &date), ("GIT_COMMITTER_DATE", &date)])
        .status();
    assert!(status.unwrap().success(), "git {arguments:?}");
}

fn ran(proven: bool) -> impl FnMut(&Path, &[String]) -> Option<BTreeMap<String, Ran>> {
    move |_, ids| Some(ids.iter().map(|id| (id.clone(), Ran { proven, because: String::new() })).collect())
}

fn states(grade: &Grade) -> BTreeSet<&'static str> {
    let name = |state: State| match state {
        State::Repaired => "repaired",
        State::Standing => "standing",
        State::NeedsRun => "needs-run",
    };
    grade.tasks.iter().flat_map(|task| &task.faults).map(|fault| name(fault.state)).collect()
}

#[test]
fn every_lab_earns_nothing_untouched_and_everything_repaired() {
    let class = Class::new();
    let journals = class.journals();
    let room = class.room(&journals);
    assert!(class.catalogue.labs.len() >= 15);
    for lab in &class.catalogue.labs {
        let dir = class.dir.path().join(&*lab.id);
        let started = room.start(&lab.id, &dir, 1).unwrap();
        assert_eq!(
            started.symptoms.len(),
            lab.tasks.iter().map(|task| task.pick.unwrap_or(task.faults.len())).sum::<usize>()
        );
        let untouched = room.grade(&dir, None, &mut ran(false)).unwrap();
        assert_eq!((untouched.points, untouched.passed), (0, false), "{}: {:#?}", lab.id, untouched.tasks);
        assert_eq!(states(&untouched), BTreeSet::from(["standing"]), "{}", lab.id);
        assert_eq!((untouched.caught.as_slice(), untouched.broken.as_slice()), (&[][..], &[][..]), "{}", lab.id);

        let (_, healthy) = room.key(&Given { lab: lab.id.to_string(), seed: 1 }).unwrap();
        commit(&dir, &healthy, false);
        let repaired = room.grade(&dir, None, &mut ran(true)).unwrap();
        assert_eq!((repaired.caught.as_slice(), repaired.broken.as_slice()), (&[][..], &[][..]), "{}", lab.id);
        assert_eq!(repaired.points, repaired.of, "{}: {:#?}", lab.id, repaired.tasks);
        // Where services belong to it, somebody must keep them.
        let unseen = lab.services.is_some();
        assert_eq!((repaired.passed, repaired.open), (!unseen, unseen), "{}: {:?}", lab.id, repaired.live);
        assert!(matches!(repaired.time, Time::Within(_)), "{}: {:?}", lab.id, repaired.time);
    }
}

#[test]
fn what_only_a_run_can_tell_stays_open_without_one() {
    let class = Class::new();
    let journals = class.journals();
    let room = class.room(&journals);
    let dir = class.dir.path().join("lab");
    room.start("c4.a-test-without-teeth", &dir, 1).unwrap();
    let grade = room.grade(&dir, None, &mut |_, _| None).unwrap();
    assert_eq!((states(&grade), grade.open, grade.passed), (BTreeSet::from(["needs-run"]), true, false));
}

#[test]
fn neighbours_differ_and_the_same_number_gives_the_same() {
    let class = Class::new();
    let journals = class.journals();
    let room = class.room(&journals);
    for lab in &class.catalogue.labs {
        let tree = |seed| room.key(&Given { lab: lab.id.to_string(), seed }).unwrap().0;
        assert_eq!(tree(1), tree(1), "{}", lab.id);
        let different: BTreeSet<Tree> = (1..=8).map(tree).collect();
        assert!(different.len() >= 5, "{}: {} of 8 differ", lab.id, different.len());
    }
}

/// Lines of the healthy files that the broken ones lack, with their file.
fn gone(broken: &Tree, healthy: &Tree) -> (String, String) {
    let lacking = |path: &String, line: &&str| {
        line.trim().len() > 12
            && !line.trim().starts_with('#')
            && !broken.get(path).is_some_and(|text| text.contains(line.trim()))
    };
    healthy
        .iter()
        .filter(|(path, _)| broken.contains_key(*path))
        .find_map(|(path, text)| Some((path.clone(), text.lines().find(|line| lacking(path, line))?.trim().to_owned())))
        .unwrap()
}

#[test]
fn what_is_not_honest_is_named_and_earns_nothing() {
    type Change = fn(&mut Tree, &Tree);
    let cases: [(&str, Trick, bool, Change); 9] = [
        ("the statement", Trick::StatementEdited, true, |tree, _| {
            tree.insert("LAB.md".to_owned(), "Nothing to do.\n".to_owned());
        }),
        ("a test that is gone", Trick::TestRemoved, true, |tree, _| {
            tree.remove("tests/unit/test_web.py").unwrap();
        }),
        ("a test that is skipped", Trick::TestSwitchedOff, true, |tree, _| {
            let text = tree.get_mut("tests/unit/test_web.py").unwrap();
            *text = text.replacen("def test_", "@pytest.mark.skip\ndef test_", 1);
        }),
        ("a failure that is swallowed", Trick::TestSwitchedOff, true, |tree, _| {
            let text = tree.get_mut("Makefile").unwrap();
            *text = text.replace("mypy", "mypy || true");
        }),
        ("a scanner that looks away", Trick::ScannerSilenced, true, |tree, _| {
            tree.insert(".gitattributes".to_owned(), "kubernetes/** linguist-vendored\n".to_owned());
        }),
        ("an ignore file", Trick::ScannerSilenced, true, |tree, _| {
            tree.insert(".trivyignore".to_owned(), "CVE-2024-0001\n".to_owned());
        }),
        ("a comment", Trick::OnlyInComment, false, |tree, healthy| {
            let (path, line) = gone(tree, healthy);
            tree.get_mut(&path).unwrap().push_str(&format!("# {line}\n"));
        }),
        ("a file that nothing uses", Trick::OnlyInDeadFile, false, |tree, healthy| {
            let (_, line) = gone(tree, healthy);
            tree.insert("attic/answer.yaml".to_owned(), format!("{line}\n"));
        }),
        ("another beginning", Trick::HistoryRewritten, true, |_, _| {}),
    ];
    let class = Class::new();
    let journals = class.journals();
    let room = class.room(&journals);
    for (number, (name, trick, repaired, change)) in cases.into_iter().enumerate() {
        let dir = class.dir.path().join(number.to_string());
        room.start("c5.deliver-without-a-cut", &dir, 2).unwrap();
        let given = Given { lab: "c5.deliver-without-a-cut".to_owned(), seed: 2 };
        let (broken, healthy) = room.key(&given).unwrap();
        let mut tree = if repaired { healthy.clone() } else { broken };
        change(&mut tree, &healthy);
        commit(&dir, &tree, trick == Trick::HistoryRewritten);
        let grade = room.grade(&dir, None, &mut ran(true)).unwrap();
        assert!(grade.caught.iter().any(|caught| caught.trick == trick), "{name}: {:?}", grade.caught);
        assert_eq!((grade.points, grade.passed), (0, false), "{name}");
    }
}

#[test]
fn a_journal_that_was_edited_or_speaks_of_another_lab_is_named() {
    let class = Class::new();
    let journals = class.journals();
    let room = class.room(&journals);
    let dir = class.dir.path().join("lab");
    room.start("cpn.sops-secret", &dir, 1).unwrap();
    let hint = room.hint(&dir, None).unwrap();
    assert_eq!((hint.symptom, hint.cost), (1, 10));
    let caught = |given: Option<&Given>| {
        let grade = room.grade(&dir, given, &mut ran(true)).unwrap();
        (grade.hints, grade.caught.iter().map(|caught| caught.trick).collect::<Vec<_>>())
    };
    assert_eq!(caught(None), (Some(1), vec![]));
    let other = Given { lab: "cpn.deploy".to_owned(), seed: 1 };
    assert_eq!(caught(Some(&other)), (None, vec![Trick::JournalEdited, Trick::HistoryRewritten]));
    let file = std::fs::read_dir(&journals).unwrap().next().unwrap().unwrap().path();
    let mut journal: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    journal["hints"] = serde_json::json!([]);
    std::fs::write(&file, journal.to_string()).unwrap();
    assert_eq!(caught(None), (Some(0), vec![Trick::JournalEdited]));
    std::fs::remove_file(&file).unwrap();
    let given = Given { lab: "cpn.sops-secret".to_owned(), seed: 1 };
    assert_eq!(caught(Some(&given)), (None, vec![]));
}

#[test]
fn hints_and_what_broke_are_paid_and_time_ends() {
    let class = Class::new();
    let journals = class.journals();
    let room = class.room(&journals);
    let dir = class.dir.path().join("lab");
    room.start("c2.nothing-starts", &dir, 1).unwrap();
    room.hint(&dir, None).unwrap();
    let (_, mut healthy) = room.key(&Given { lab: "c2.nothing-starts".to_owned(), seed: 1 }).unwrap();
    healthy.retain(|path, _| !path.starts_with("docs/adr/"));
    commit(&dir, &healthy, false);
    let grade = room.grade(&dir, None, &mut ran(true)).unwrap();
    assert!(!grade.broken.is_empty() && grade.caught.is_empty(), "{:?}", grade.broken);
    let off = 10 + 25 * u32::try_from(grade.broken.len()).unwrap();
    assert_eq!((grade.earned, grade.taken_off, grade.points), (100, off, 100 - off));
    assert_eq!(grade.time, Time::Within(10));
    let late = Room { now: NOW + 3 * 3_600, ..class.room(&journals) };
    assert_eq!(late.status(&dir).unwrap().left, -160);
    let kept = late.reset(&dir).unwrap();
    assert!(kept.join("LAB.md").exists() && dir.join("LAB.md").exists());
    assert_eq!(late.status(&dir).unwrap().hints, 1);
}

#[test]
fn a_commit_after_the_end_is_late() {
    let class = Class::new();
    let journals = class.journals();
    let early = Room { now: NOW - 7_200, ..class.room(&journals) };
    let dir = class.dir.path().join("lab");
    early.start("c2.nothing-starts", &dir, 1).unwrap();
    let (_, healthy) = early.key(&Given { lab: "c2.nothing-starts".to_owned(), seed: 1 }).unwrap();
    commit(&dir, &healthy, false);
    let grade = early.grade(&dir, None, &mut ran(true)).unwrap();
    assert_eq!((grade.points, grade.passed, grade.time), (100, false, Time::Late(110)));
}
