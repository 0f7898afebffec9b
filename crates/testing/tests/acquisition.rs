//! Getting hold of repositories end to end, against the git program: what is read, what is refused, what never runs.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "the git program makes the repositories and is what is compared with")]

use std::fs;
use std::path::Path;
use std::process::Command;

use extract::git::{AcquireError, Limits, Uncommitted, acquire, uncommitted};
use extract::history::Options;
use facts::Facts;

/// Runs git without anybody's configuration, and gives what it says.
fn git(dir: &Path, args: &[&str]) -> String {
    dated(dir, args, "2024-05-01T10:00:00Z", "Ada <ada@example.org>")
}

fn dated(dir: &Path, args: &[&str], date: &str, author: &str) -> String {
    let (name, email) = author.trim_end_matches('>').split_once(" <").unwrap();
    let output = Command::new("git")
        .args(["-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always"])
        .args(args)
        .current_dir(dir)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .envs([("GIT_AUTHOR_NAME", name), ("GIT_COMMITTER_NAME", name)])
        .envs([("GIT_AUTHOR_EMAIL", email), ("GIT_COMMITTER_EMAIL", email)])
        .envs([("GIT_AUTHOR_DATE", date), ("GIT_COMMITTER_DATE", date)])
        .output()
        .unwrap();
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn write(dir: &Path, path: &str, text: &str) {
    let path = dir.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A work tree with two commits and a directory.
fn work_tree() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    git(dir.path(), &["init", "-q"]);
    for (path, text) in [("README.md", "# A\n"), ("app/main.py", "print(1)\n")] {
        write(dir.path(), path, text);
        git(dir.path(), &["add", "."]);
        git(dir.path(), &["commit", "-qm", path]);
    }
    dir
}

fn facts_of(written: &str) -> Result<Facts, AcquireError> {
    let acquired = acquire(written, Limits::default())?;
    let project = acquired.repository.project(&acquired.repository.resolve("HEAD")?)?;
    Ok(extract::facts_with_history(&acquired.repository, &project, &Options { threads: 1, ..Default::default() }))
}

fn commits(written: &str) -> i64 {
    facts_of(written).unwrap().of("vcs.summary").first().map_or(-1, |fact| fact.int("commits"))
}

#[test]
fn bundles_addresses_and_sub_paths_are_read() {
    let dir = work_tree();
    let here = dir.path().display().to_string();
    git(dir.path(), &["bundle", "create", "-q", "../a.bundle", "--all", "HEAD"]);
    let bundle = dir.path().with_file_name("a.bundle");
    for written in [here.clone(), format!("{here}/app"), format!("file://{here}"), bundle.display().to_string()] {
        assert_eq!(commits(&written), 2, "{written}");
    }
    fs::remove_file(bundle).unwrap();
}

#[test]
fn what_a_shallow_clone_lacks_is_unknown() {
    let dir = work_tree();
    let target = tempfile::tempdir().unwrap();
    let (from, to) = (format!("file://{}", dir.path().display()), target.path().join("c").display().to_string());
    git(dir.path(), &["clone", "-q", "--depth", "1", &from, &to]);
    let facts = facts_of(&to).unwrap();
    assert!(facts.of("vcs.summary").is_empty() && !facts.of("vcs.shallow").is_empty());
    let packs = app::Packs::load(&[]).unwrap();
    let answers = verdict::evaluate(&packs.checks, &facts);
    for id in ["vcs.history", "vcs.review", "vcs.releases"] {
        assert_eq!(answers[id].outcome.name(), "unknown", "{id}");
    }
}

#[test]
fn nothing_of_a_repository_runs() {
    let dir = work_tree();
    let mark = tempfile::tempdir().unwrap();
    let touched = mark.path().join("ran");
    let script = format!("#!/bin/sh\ntouch {}\ncat\n", touched.display());
    let hooks = dir.path().join(".git/hooks");
    fs::create_dir_all(&hooks).unwrap();
    for hook in ["post-checkout", "post-merge", "pre-auto-gc", "reference-transaction", "post-index-change"] {
        executable(&hooks.join(hook), &script);
    }
    let program = dir.path().join("run.sh");
    executable(&program, &script);
    let program = program.display().to_string();
    write(dir.path(), ".gitattributes", "* filter=evil diff=evil\n");
    write(dir.path(), ".gitmodules", &format!("[submodule \"s\"]\n\tpath = s\n\turl = ext::sh -c {program}\n"));
    git(dir.path(), &["-c", "core.hooksPath=/dev/null", "add", "."]);
    git(dir.path(), &["-c", "core.hooksPath=/dev/null", "commit", "-qm", "traps"]);
    for key in ["filter.evil.smudge", "filter.evil.clean", "diff.evil.textconv", "core.fsmonitor", "core.sshCommand"] {
        git(dir.path(), &["-c", "core.hooksPath=/dev/null", "config", key, &program]);
    }
    let _ = fs::remove_file(&touched);
    let here = dir.path().display().to_string();
    for written in [here.clone(), format!("file://{here}")] {
        assert_eq!(commits(&written), 3, "{written}");
        assert!(!touched.exists(), "something ran for {written}");
    }
    let acquired = acquire(&here, Limits::default()).unwrap();
    let project = acquired.repository.project(&acquired.repository.resolve("HEAD").unwrap()).unwrap();
    assert_eq!(uncommitted(dir.path(), &project).files(), 0);
    assert!(!touched.exists());
}

fn executable(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt;
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn changed_files_of_a_work_tree_are_counted() {
    let dir = work_tree();
    let acquired = acquire(&dir.path().display().to_string(), Limits::default()).unwrap();
    let project = acquired.repository.project(&acquired.repository.resolve("HEAD").unwrap()).unwrap();
    assert_eq!(acquired.repository.work_tree(), fs::canonicalize(dir.path()).ok().as_deref());
    let check = |changed, missing| {
        assert_eq!(uncommitted(dir.path(), &project), Uncommitted { changed, missing });
    };
    check(0, 0);
    write(dir.path(), "untracked", "1\n");
    check(0, 0);
    write(dir.path(), "README.md", "# A\r\n");
    check(0, 0);
    write(dir.path(), "README.md", "# B\n");
    check(1, 0);
    fs::remove_file(dir.path().join("app/main.py")).unwrap();
    check(1, 1);
    // A directory that became a link out of the work tree is not followed.
    let outside = tempfile::tempdir().unwrap();
    write(outside.path(), "main.py", "print(1)\n");
    fs::remove_dir(dir.path().join("app")).unwrap();
    std::os::unix::fs::symlink(outside.path(), dir.path().join("app")).unwrap();
    check(1, 1);
}

#[test]
fn the_history_is_what_git_says() {
    let dir = work_tree();
    let path = dir.path();
    write(path, ".mailmap", "Ada Lovelace <ada@example.org> <countess@example.org>\nAda Lovelace <ada@example.org>\n");
    git(path, &["add", "."]);
    let people = ["Countess <countess@example.org>", "Grace Hopper <grace@example.org>", "Ada <ada@example.org>"];
    for (number, author) in people.iter().cycle().take(7).enumerate() {
        write(path, "log.txt", &format!("{number}\n"));
        git(path, &["add", "."]);
        dated(path, &["commit", "-qm", "step"], &format!("2024-05-0{}T10:00:00Z", 2 + number), author);
    }
    git(path, &["tag", "v1.0.0"]);
    git(path, &["tag", "-a", "v1.1.0", "-m", "x"]);
    git(path, &["checkout", "-qb", "side"]);
    write(path, "side.txt", "1\n");
    git(path, &["add", "."]);
    git(path, &["commit", "-qm", "side"]);
    git(path, &["tag", "later"]);
    git(path, &["checkout", "-q", "main"]);
    git(path, &["merge", "-q", "--no-ff", "side", "-m", "Merge pull request #3 from a/side"]);
    let facts = facts_of(&path.display().to_string()).unwrap();
    let summary = &facts.of("vcs.summary")[0];
    let number = |args: &[&str]| git(path, args).parse::<i64>().unwrap();
    assert_eq!(summary.int("commits"), number(&["rev-list", "--count", "HEAD"]));
    assert_eq!(summary.int("merges"), number(&["rev-list", "--count", "--merges", "HEAD"]));
    let days: std::collections::BTreeSet<String> =
        git(path, &["log", "--format=%as"]).lines().map(ToOwned::to_owned).collect();
    assert_eq!(summary.int("days"), i64::try_from(days.len()).unwrap());
    let mut told: Vec<String> =
        facts.of("vcs.author").iter().map(|fact| format!("{}\t{}", fact.int("commits"), fact.text("name"))).collect();
    let mut expected: Vec<String> =
        git(path, &["shortlog", "-sn", "HEAD"]).lines().map(|l| l.trim().to_owned()).collect();
    told.sort();
    expected.sort();
    assert_eq!(told, expected);
    let mut tags: Vec<&str> = facts.of("vcs.tag").iter().map(|fact| fact.text("name")).collect();
    tags.sort_unstable();
    assert_eq!(tags.join("\n"), git(path, &["tag", "--merged", "HEAD"]));
    let added: i64 = git(path, &["log", "--no-merges", "--numstat", "--format="])
        .lines()
        .filter_map(|line| line.split('\t').next()?.parse::<i64>().ok())
        .sum();
    assert_eq!(summary.int("added_lines"), added);
}
