//! Every hostile tree, through the whole extraction and all built-in checks. `HOSTILE=yaml cargo test -p testing` runs some of them.

use std::collections::BTreeMap;
use std::sync::{LazyLock, mpsc};
use std::time::Duration;

use extract::Project;
use facts::Facts;
use framework::rule::Check;
use testing::hostile::{Expect, Hostile, corpus};
use verdict::FactVocabulary;

/// Far more than an honest project has, far less than an explosion.
const MOST_FACTS: usize = 250_000;
/// Only to tell a hang from work on however busy a machine: every case is seconds of work at most.
const HANG: Duration = Duration::from_secs(1_200);

static CHECKS: LazyLock<BTreeMap<String, Check>> = LazyLock::new(|| {
    let library =
        framework::load(&framework::builtin(), &FactVocabulary).unwrap_or_else(|problems| panic!("{problems:?}"));
    library.checks.into_iter().map(|check| (check.id.clone(), check)).collect()
});

/// What is wrong with how a tree was read.
fn problem(case: Hostile) -> Option<String> {
    let project = Project::in_memory(case.files);
    let facts = extract::facts(&project, 2);
    let answers = verdict::evaluate(&CHECKS, &facts);
    if facts.len() > MOST_FACTS {
        return Some(format!("{} facts", facts.len()));
    }
    let broken = answers.values().flat_map(|answer| &answer.errors).next();
    let unmet = || case.expect.iter().find(|expect| !holds(expect, &facts, &answers));
    broken.cloned().or_else(|| unmet().map(|expect| format!("{expect:?} does not hold: {}", said(&facts))))
}

fn holds(expect: &Expect, facts: &Facts, answers: &verdict::Answers<'_>) -> bool {
    let unread = |area: &str| facts.of("file.unread").iter().any(|fact| fact.text("area") == area);
    match expect {
        Expect::Unread(area) => unread(area),
        Expect::Read(area) => !unread(area),
        Expect::Facts(kind, count) => facts.of(kind).len() == *count,
        Expect::AtLeast(kind, count) => facts.of(kind).len() >= *count,
        Expect::Outcome(check, outcome) => answers.get(*check).is_some_and(|answer| answer.outcome.name() == *outcome),
    }
}

/// How many facts of each kind there are, and what was unread.
fn said(facts: &Facts) -> String {
    let mut kinds: Vec<(&str, usize)> = Vec::new();
    for fact in facts.iter() {
        match kinds.last_mut().filter(|(kind, _)| *kind == fact.kind()) {
            Some((_, count)) => *count += 1,
            None => kinds.push((fact.kind(), 1)),
        }
    }
    let unread: Vec<String> = facts
        .of("file.unread")
        .iter()
        .map(|fact| format!("{}: {}", fact.text("area"), fact.text("reason")))
        .take(5)
        .collect();
    format!("{kinds:?} {unread:?}")
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a filter for people who add cases")]
fn hostile_trees_are_read_within_bounds() {
    let only = std::env::var("HOSTILE").unwrap_or_default();
    let cases = corpus();
    assert!(cases.len() >= 100 && cases.iter().filter(|case| !case.expect.is_empty()).count() >= 40);
    let mut wrong = Vec::new();
    for case in cases.into_iter().filter(|case| case.name.contains(&only)) {
        let name = case.name.clone();
        eprintln!("{name}");
        let (send, receive) = mpsc::channel();
        std::thread::spawn(move || send.send(problem(case)));
        match receive.recv_timeout(HANG) {
            Ok(None) => {}
            Ok(Some(problem)) => wrong.push(format!("{name}: {problem}")),
            Err(mpsc::RecvTimeoutError::Timeout) => wrong.push(format!("{name}: still being read after {HANG:?}")),
            Err(mpsc::RecvTimeoutError::Disconnected) => wrong.push(format!("{name}: panicked")),
        }
    }
    assert!(wrong.is_empty(), "{} trees:\n{}", wrong.len(), wrong.join("\n"));
}
