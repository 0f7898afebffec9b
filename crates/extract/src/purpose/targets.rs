//! Commands that run targets: npm and its kin, make, just, Task, mise, Composer.

use super::unwrap::{Runs, entry};

/// The targets that a command runs, and whether it also means something by itself.
pub(super) fn targets(parts: &[&str]) -> (Vec<Runs>, bool) {
    match parts {
        ["npm" | "pnpm" | "yarn" | "bun", rest @ ..] => node(parts[0], rest),
        ["turbo" | "nx" | "lerna" | "rush" | "wireit", rest @ ..] => (monorepo(rest), true),
        ["run-s" | "run-p" | "npm-run-all" | "npm-run-all2", rest @ ..] => {
            (names(rest).map(|name| entry("npm", name, None)).collect(), false)
        }
        ["concurrently", rest @ ..] => (names(rest).map(concurrent).collect(), false),
        ["start-server-and-test", .., last] => {
            (vec![entry("npm", last, None), Runs::Text((*last).to_owned(), None)], false)
        }
        ["composer", rest @ ..] => composer(rest),
        ["make", rest @ ..] => (make(rest), false),
        ["just", rest @ ..] => {
            let (dir, rest) = directory(rest, &["-d", "--working-directory"], &["-f", "--justfile"]);
            (named_or_default("just", &rest, dir), false)
        }
        ["task" | "go-task", rest @ ..] => {
            let (dir, rest) = directory(rest, &["-d", "--dir"], &["-t", "--taskfile", "-o", "-C"]);
            (named_or_default("task", &rest, dir), false)
        }
        ["mise" | "rtx", "run" | "r" | "tasks", rest @ ..] => (named_or_default("mise", rest, None), false),
        ["devbox", "run", rest @ ..] => (named_or_default("devbox", rest, None), false),
        ["pre-commit" | "prek", "run", ..] | ["pre-commit" | "prek"] => (vec![entry("pre-commit", "", None)], true),
        ["lefthook", "run", name, ..] => (vec![entry("lefthook", name, None)], true),
        ["lint-staged", ..] => (vec![entry("lint-staged", "", None)], true),
        _ => (Vec::new(), true),
    }
}

fn names<'a>(parts: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
    parts.iter().copied().filter(|part| !part.starts_with('-') && !part.is_empty())
}

/// What is left after the options for another directory, with that directory.
fn directory<'a>(parts: &[&'a str], dirs: &[&str], values: &[&str]) -> (Option<&'a str>, Vec<&'a str>) {
    let (mut dir, mut rest, mut at) = (None, Vec::new(), 0);
    while let Some(part) = parts.get(at) {
        let (name, value) = part.split_once('=').map_or((*part, None), |(name, value)| (name, Some(value)));
        if part.starts_with('-') && dirs.contains(&name) {
            dir = value.or_else(|| parts.get(at + 1).copied());
            at += usize::from(value.is_none());
        } else if part.starts_with('-') && values.contains(&name) {
            at += usize::from(value.is_none());
        } else {
            rest.push(*part);
        }
        at += 1;
    }
    (dir, rest)
}

fn named_or_default(runner: &'static str, rest: &[&str], dir: Option<&str>) -> Vec<Runs> {
    // After the first name, words may be its arguments; targets that do not exist are simply not found.
    let before: Vec<&str> = rest.iter().take_while(|part| **part != "--").copied().collect();
    let found: Vec<Runs> =
        names(&before).filter(|name| !name.contains('=')).map(|name| entry(runner, name, dir)).collect();
    if found.is_empty() { vec![entry(runner, "", dir)] } else { found }
}

fn make(rest: &[&str]) -> Vec<Runs> {
    let (dir, rest) = directory(rest, &["-C", "--directory"], &["-j", "--jobs", "-o", "-W", "-I", "-l"]);
    let (file, rest) = directory(&rest, &["-f", "--file", "--makefile"], &[]);
    let dir = match (dir, file.and_then(|file| file.rsplit_once('/'))) {
        (None, Some((dir, _))) => Some(dir),
        (dir, _) => dir,
    };
    // `-j 4` was an option with a value only when a number follows.
    let rest: Vec<&str> = rest.into_iter().filter(|part| part.parse::<u32>().is_err()).collect();
    named_or_default("make", &rest, dir)
}

const NODE_COMMANDS: [&str; 45] = [
    "ci",
    "install",
    "i",
    "add",
    "remove",
    "publish",
    "audit",
    "outdated",
    "link",
    "unlink",
    "pack",
    "version",
    "login",
    "logout",
    "whoami",
    "init",
    "create",
    "config",
    "set",
    "get",
    "cache",
    "prune",
    "update",
    "up",
    "upgrade",
    "list",
    "ls",
    "why",
    "info",
    "import",
    "store",
    "setup",
    "env",
    "fetch",
    "rebuild",
    "dedupe",
    "exec",
    "dlx",
    "x",
    "global",
    "pm",
    "sbom",
    "pkg",
    "clean-install",
    "deploy",
];

fn node(program: &str, rest: &[&str]) -> (Vec<Runs>, bool) {
    let workspace = ["-w", "--workspace", "--filter", "-F"];
    let (dir, rest) = directory(rest, &["--prefix", "--cwd", "-C", "--dir"], &workspace);
    let rest: Vec<&str> = rest.into_iter().skip_while(|part| part.starts_with('-')).collect();
    match rest.as_slice() {
        ["run" | "run-script" | "rum", rest @ ..] => {
            (names(rest).take(1).map(|name| script(program, name, dir)).collect(), false)
        }
        ["test" | "t" | "tst", ..] if program == "bun" => (Vec::new(), true),
        ["test" | "t" | "tst" | "it" | "install-test" | "cit", ..] => (vec![entry("npm", "test", dir)], false),
        ["start", ..] => (vec![entry("npm", "start", dir)], false),
        ["workspaces", "foreach" | "run", rest @ ..] => {
            (names(rest).filter(|name| *name != "run").take(1).map(|name| entry("npm", name, dir)).collect(), false)
        }
        ["workspace", _, rest @ ..] => {
            (names(rest).filter(|name| *name != "run").take(1).map(|name| entry("npm", name, dir)).collect(), false)
        }
        [name, ..] if program != "npm" && !NODE_COMMANDS.contains(name) => {
            let words = rest.iter().map(|part| (*part).to_owned()).collect();
            // `yarn jest` runs a script of that name, or else the program.
            (vec![script(program, name, dir), Runs::Words(words, None)], false)
        }
        _ => (Vec::new(), true),
    }
}

fn script(program: &str, name: &str, dir: Option<&str>) -> Runs {
    match program {
        "bun" if name.contains('.') => Runs::File(name.to_owned()),
        _ => entry("npm", name, dir),
    }
}

fn monorepo(rest: &[&str]) -> Vec<Runs> {
    let mut found = Vec::new();
    for (at, part) in rest.iter().enumerate() {
        let (name, value) = part.split_once('=').map_or((*part, None), |(name, value)| (name, Some(value)));
        if matches!(name, "-t" | "--target" | "--targets") {
            let value = value.or_else(|| rest.get(at + 1).copied()).unwrap_or_default();
            found.extend(value.split(',').map(|name| entry("npm", name, None)));
        }
    }
    let known = ["run", "run-many", "affected", "exec"];
    let words = names(rest).filter(|name| !known.contains(name));
    found.extend(words.map(|name| entry("npm", name.rsplit(':').next().unwrap_or(name), None)));
    found
}

fn concurrent(part: &str) -> Runs {
    match part.strip_prefix("npm:").or_else(|| part.strip_prefix("yarn:")).or_else(|| part.strip_prefix("pnpm:")) {
        Some(name) => entry("npm", name, None),
        None => Runs::Text(part.to_owned(), None),
    }
}

fn composer(rest: &[&str]) -> (Vec<Runs>, bool) {
    let (dir, rest) = directory(rest, &["-d", "--working-dir"], &[]);
    let own = [
        "install",
        "update",
        "require",
        "remove",
        "validate",
        "audit",
        "dump-autoload",
        "config",
        "global",
        "show",
        "create-project",
        "self-update",
        "outdated",
        "diagnose",
        "clear-cache",
        "check-platform-reqs",
        "licenses",
    ];
    let found: Vec<&str> = names(&rest).collect();
    match found.as_slice() {
        ["run" | "run-script", name, ..] => (vec![entry("composer", name, dir)], false),
        ["exec", words @ ..] => (vec![Runs::Words(words.iter().map(|word| (*word).to_owned()).collect(), None)], false),
        [name, ..] if !own.contains(name) => (vec![entry("composer", name, dir)], true),
        _ => (Vec::new(), true),
    }
}
