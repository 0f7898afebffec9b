//! Honest work: what passes a check without repairing anything is found by comparing trees, and named with its place.

use std::collections::BTreeMap;

use framework::fault::Tree;
use serde::Serialize;

use super::draw::{Seeded, lines};

/// The statement, which belongs to the examiner.
pub(super) const STATEMENT: &str = "LAB.md";

/// A way to pass without repairing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trick {
    /// The history does not begin where the lab began.
    HistoryRewritten,
    /// The journal of time and hints was edited.
    JournalEdited,
    /// The statement was edited.
    StatementEdited,
    /// A test went, or asserts less.
    TestRemoved,
    /// A test is skipped, or its failure is swallowed.
    TestSwitchedOff,
    /// A scanner was told to look away.
    ScannerSilenced,
    /// What was asked for stands in a comment only.
    OnlyInComment,
    /// What was asked for stands in a file that nothing uses.
    OnlyInDeadFile,
}

/// A trick and where it was seen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Caught {
    pub trick: Trick,
    pub place: String,
}

/// Assertions by test file.
pub(super) type Assertions = BTreeMap<String, i64>;

/// What is compared.
pub(super) struct Work<'a> {
    pub start: &'a Tree,
    pub healthy: &'a Tree,
    pub now: &'a Tree,
    pub asserted_before: &'a Assertions,
    pub asserted_now: &'a Assertions,
}

/// Ends a test or swallows its failure, wherever it is written.
const SWITCHES: [&str; 26] = [
    "|| true",
    "|| :",
    "|| exit 0",
    "allow_failure: true",
    "continue-on-error: true",
    "ignore_errors: true",
    "ignore_errors: yes",
    "failed_when: false",
    "pytest.mark.skip",
    "pytest.mark.xfail",
    "pytest.skip(",
    "unittest.skip",
    "collect_ignore",
    ".skip(",
    "xit(",
    "xdescribe(",
    "t.Skip(",
    "@Disabled",
    "@Ignore",
    "assert True",
    "or True",
    "expect(true)",
    "--deselect",
    "--ignore=tests",
    "-DskipTests",
    "--passWithNoTests",
];
/// Tells a scanner to look away.
const SILENCES: [&str; 14] = [
    "gitleaks:allow",
    "pragma: allowlist",
    "nosec",
    "trivy:ignore",
    "checkov:skip",
    "hadolint ignore",
    "yamllint disable",
    "kics-scan",
    "tfsec:ignore",
    "noqa",
    "linguist-vendored",
    "linguist-generated",
    "nosemgrep",
    "kube-linter.io/ignore",
];
/// Files by which scanners and graders are told what not to see.
const EXEMPTIONS: [&str; 10] = [
    ".gitleaksignore",
    ".gitleaks.toml",
    ".trivyignore",
    ".semgrepignore",
    ".checkov.yaml",
    ".checkov.yml",
    ".hadolint.yaml",
    ".secrets.baseline",
    "waivers.yaml",
    "waivers.yml",
];
/// Where tools read files by their name, so that no other file needs to name them.
const READ_BY_NAME: [&str; 8] =
    [".git", ".devcontainer", ".sops", "docker-compose", "compose", "Dockerfile", "Makefile", "CODEOWNERS"];

/// Everything that was found, in a fixed order.
pub(super) fn look(work: &Work<'_>, standing: &[&Seeded<'_>], shown_by: &[(String, Vec<String>)]) -> Vec<Caught> {
    let mut caught = Vec::new();
    if work.now.get(STATEMENT) != work.start.get(STATEMENT) {
        caught.push(Caught { trick: Trick::StatementEdited, place: STATEMENT.to_owned() });
    }
    tests(work, &mut caught);
    added(work, &mut caught);
    for name in EXEMPTIONS {
        let changed = work.now.iter().filter(|(path, _)| path.rsplit('/').next() == Some(name));
        let changed =
            changed.filter(|(path, text)| ![work.start, work.healthy].iter().any(|t| t.get(*path) == Some(*text)));
        caught.extend(changed.map(|(path, _)| Caught { trick: Trick::ScannerSilenced, place: path.clone() }));
    }
    for seeded in standing {
        words(work, seeded, &mut caught);
    }
    for (_, paths) in shown_by {
        let dead = !paths.is_empty() && paths.iter().all(|path| is_dead(work, path));
        caught.extend(
            paths.iter().filter(|_| dead).map(|path| Caught { trick: Trick::OnlyInDeadFile, place: path.clone() }),
        );
    }
    caught.sort();
    caught.dedup();
    caught
}

/// Fewer assertions than at the start: the file that lost them is named.
fn tests(work: &Work<'_>, caught: &mut Vec<Caught>) {
    if work.asserted_now.values().sum::<i64>() >= work.asserted_before.values().sum::<i64>() {
        return;
    }
    for (path, before) in work.asserted_before {
        if work.asserted_now.get(path).copied().unwrap_or(0) < *before {
            caught.push(Caught { trick: Trick::TestRemoved, place: path.clone() });
        }
    }
}

/// Lines that neither the start nor the healthy application holds as often.
fn added(work: &Work<'_>, caught: &mut Vec<Caught>) {
    let known = [count(work.start), count(work.healthy)];
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (path, text) in work.now.iter().filter(|(path, _)| !path.ends_with(".md") && !path.ends_with(".lock")) {
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            let silences = SILENCES.iter().any(|mark| line.contains(mark));
            let switches = !is_comment(line) && SWITCHES.iter().any(|mark| line.contains(mark));
            if !silences && !switches {
                continue;
            }
            let count = seen.entry(line).or_insert(0);
            *count += 1;
            if known.iter().all(|known| known.get(line).copied().unwrap_or(0) < *count) {
                let trick = if switches { Trick::TestSwitchedOff } else { Trick::ScannerSilenced };
                caught.push(Caught { trick, place: format!("{path}:{}", number + 1) });
            }
        }
    }
}

fn count(tree: &Tree) -> BTreeMap<&str, usize> {
    let mut all = BTreeMap::new();
    for text in tree.values() {
        for (line, count) in lines(text) {
            *all.entry(line).or_insert(0) += count;
        }
    }
    all
}

/// A fault that still stands although the lines that it took away are written somewhere.
fn words(work: &Work<'_>, seeded: &Seeded<'_>, caught: &mut Vec<Caught>) {
    for (path, text) in work.now.iter().filter(|(path, text)| work.start.get(*path) != Some(*text)) {
        let before = lines(work.start.get(path).map_or("", String::as_str));
        let new = !work.start.contains_key(path) && !work.healthy.contains_key(path);
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if before.contains_key(line) || path == STATEMENT || path.ends_with(".md") {
                continue;
            }
            let told = seeded
                .gone
                .iter()
                .any(|(_, gone)| if is_comment(line) { line.contains(gone.as_str()) } else { line == gone });
            let trick = match (told, is_comment(line)) {
                (false, _) => continue,
                (true, true) => Trick::OnlyInComment,
                (true, false) if new && is_dead(work, path) => Trick::OnlyInDeadFile,
                (true, false) => continue,
            };
            caught.push(Caught { trick, place: format!("{path}:{}", number + 1) });
            break;
        }
    }
}

fn is_comment(line: &str) -> bool {
    ["#", "//", "<!--", "{{/*", "{{- /*", "/*", "--"].iter().any(|mark| line.starts_with(mark))
}

/// Whether a file is new and no other file, nor a tool by its name, leads to it.
fn is_dead(work: &Work<'_>, path: &str) -> bool {
    let known = work.start.contains_key(path) || work.healthy.contains_key(path);
    if known || path.ends_with(".md") || READ_BY_NAME.iter().any(|start| path.starts_with(start)) {
        return false;
    }
    let (dir, name) = path.rsplit_once('/').unwrap_or(("", path));
    let folder = dir.rsplit('/').next().unwrap_or_default();
    let leads = |text: &String| text.contains(name) || (!folder.is_empty() && text.contains(&format!("{folder}/*")));
    !work.now.iter().any(|(other, text)| other != path && other != STATEMENT && leads(text))
}
