//! The invariants of the house, held by reading the sources.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use app::{Lang, Packs};

/// Files longer than this must be split.
const LONGEST: usize = 400;
const ARCHITECTURE: usize = 200;
const FEWEST_CASES: usize = 4;
/// What each room may know; an arrow never goes back.
const ARROWS: &[(&str, &[&str])] = &[
    ("facts", &[]),
    ("framework", &[]),
    ("sandbox", &[]),
    ("extract", &["facts"]),
    ("verdict", &["facts", "framework"]),
    ("prove", &["facts", "sandbox"]),
    ("dossier", &["framework", "verdict"]),
    ("programme", &[]),
    ("store", &["programme", "credential"]),
    (
        "app",
        &[
            "facts",
            "framework",
            "extract",
            "verdict",
            "sandbox",
            "prove",
            "dossier",
            "typeset",
            "credential",
            "programme",
            "store",
        ],
    ),
    ("typeset", &[]),
    ("credential", &[]),
    ("cli", &["app"]),
];
const ROOMS: &[&str] = &[
    "facts",
    "framework",
    "extract",
    "verdict",
    "sandbox",
    "prove",
    "dossier",
    "programme",
    "store",
    "app",
    "cli",
    "typeset",
    "credential",
    "testing",
    "xtask",
];
const DRAWERS: [&str; 8] = ["util", "utils", "common", "helper", "helpers", "core", "manager", "misc"];
/// What only one file may do.
const ALONE: [(&str, &[&str]); 2] = [
    ("process::Command", &["crates/extract/src/git/", "crates/sandbox/src/process.rs"]),
    ("ureq::", &["crates/app/src/credential/http.rs"]),
];
/// Built apart so that this file does not find itself.
const UNFINISHED: [(&str, &str); 4] = [("TO", "DO"), ("FIX", "ME"), ("XX", "X:"), ("#[igno", "re")];
const TWO_TLS: [&str; 3] = ["openssl-sys", "aws-lc-sys", "native-tls"];

/// Checks everything and reports all that is wrong at once.
///
/// # Errors
/// With one line for each broken invariant.
pub(crate) fn run() -> Result<String, String> {
    let mut wrong = Vec::new();
    let sources = rust_files(Path::new("crates"));
    for path in &sources {
        source(path, &mut wrong);
    }
    arrows(&mut wrong);
    checks(&mut wrong);
    lock(&mut wrong);
    architecture(&mut wrong);
    if wrong.is_empty() {
        return Ok(format!("{} sources are tidy\n", sources.len()));
    }
    let mut told = format!("{} broken invariants", wrong.len());
    for line in wrong {
        let _ = write!(told, "\n  {line}");
    }
    Err(told)
}

fn rust_files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![dir.to_owned()];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(&dir).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn source(path: &Path, wrong: &mut Vec<String>) {
    let shown = path.display().to_string();
    let Ok(text) = fs::read_to_string(path) else { return };
    if !text.starts_with("//!") {
        wrong.push(format!("{shown}: opens without a `//!` sentence that says what it is for"));
    }
    let lines = text.lines().count();
    let is_test = shown.contains("/tests/") || shown.ends_with("tests.rs");
    if lines > LONGEST && !is_test {
        wrong.push(format!("{shown}: {lines} lines, {LONGEST} at most"));
    }
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let folder = path.parent().and_then(Path::file_name).and_then(|name| name.to_str()).unwrap_or_default();
    if DRAWERS.contains(&stem) || DRAWERS.contains(&folder) {
        wrong.push(format!("{shown}: a drawer; name it for what it does"));
    }
    for (left, right) in UNFINISHED {
        if text.contains(&format!("{left}{right}")) {
            wrong.push(format!("{shown}: an unfinished mark `{left}{right}`"));
        }
    }
    for (what, owners) in ALONE {
        let exempt = owners.iter().any(|owner| shown.starts_with(owner))
            || is_test
            || shown.contains("crates/xtask/")
            || shown.contains("crates/testing/");
        if !exempt && text.contains(what) {
            wrong.push(format!("{shown}: only {} may use {what}", owners.join(" and ")));
        }
    }
}

/// The normal dependencies of each room, read from its manifest.
fn arrows(wrong: &mut Vec<String>) {
    let rooms: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    for (room, allowed) in rooms {
        let path = format!("crates/{room}/Cargo.toml");
        let manifest = fs::read_to_string(&path).unwrap_or_default();
        let dependencies = manifest.split("[dependencies]").nth(1).and_then(|rest| rest.split("\n[").next());
        for line in dependencies.unwrap_or_default().lines() {
            let name = line.split(['.', ' ', '=']).next().unwrap_or_default();
            if ROOMS.contains(&name) && !allowed.contains(&name) {
                wrong.push(format!("{path}: {room} may not know {name}"));
            }
        }
    }
}

fn checks(wrong: &mut Vec<String>) {
    let packs = match Packs::load(&[]) {
        Ok(packs) => packs,
        Err(error) => return wrong.push(error.told(Lang::En).message),
    };
    for check in packs.checks.values() {
        // A pack of its own may have simple checks; the common ones are the specification.
        if check.path.starts_with("packs/checks/") && check.cases.len() < FEWEST_CASES {
            wrong.push(format!("{}: {} cases, at least {FEWEST_CASES}", check.path, check.cases.len()));
        }
        let named = format!("{}.yaml", check.id);
        if !check.path.ends_with(&named) {
            wrong.push(format!("{}: the file of a check is named for its id, {named}", check.path));
        }
    }
}

/// One TLS stack, and nothing that would need a second.
fn lock(wrong: &mut Vec<String>) {
    let lock = fs::read_to_string("Cargo.lock").unwrap_or_default();
    for name in TWO_TLS {
        if lock.contains(&format!("name = \"{name}\"")) {
            wrong.push(format!("Cargo.lock: {name} is in the graph"));
        }
    }
}

fn architecture(wrong: &mut Vec<String>) {
    let lines = fs::read_to_string("ARCHITECTURE.md").map_or(0, |text| text.lines().count());
    if lines == 0 || lines > ARCHITECTURE {
        wrong.push(format!("ARCHITECTURE.md: {lines} lines, from 1 to {ARCHITECTURE}"));
    }
}
