//! The cache of histories: a warm run says what a cold one says, byte for byte, and what is wrong in it is ignored.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use extract::git::{Limits, acquire};
use extract::history::{Options, facts};
use framework::rule::CaseCommit;

/// A history of some commits by several people, with requests, merges and co-authors.
fn commits(count: usize) -> Vec<CaseCommit> {
    let commit = |at: usize| CaseCommit {
        message: match at % 3 {
            0 => format!("Step {at} (#{at})"),
            1 => format!("Step {at}\n\nCo-authored-by: Grace <grace{at}@example.org>\n"),
            _ => format!("Merge pull request #{at} from acme/fix"),
        },
        author: Some(format!("Person {} <person{}@example.org>", at % 4, at % 4)),
        date: Some(format!("2024-01-{:02}T12:00:00Z", at + 1)),
        tree: [(format!("src/{at}.py"), "x = 1\n".repeat(at + 1))].into(),
        tag: (at == 2).then(|| "v1.0.0".to_owned()),
        merge: at % 3 == 2,
    };
    (0..count).map(commit).collect()
}

/// All facts of the history at a revision, as they are written.
fn read(repository: &Path, rev: &str, cache: Option<&Path>) -> String {
    let acquired = acquire(repository.to_str().unwrap(), Limits::default()).unwrap();
    let project = acquired.repository.project(&acquired.repository.resolve(rev).unwrap()).unwrap();
    let options = Options { threads: 2, deep: false, cache: cache.map(Path::to_owned) };
    format!("{:#?}", facts(&acquired.repository, &project, &options))
}

/// The files that a run left, with their content.
fn kept(cache: &Path) -> Vec<(String, Vec<u8>)> {
    let folders = fs::read_dir(cache).unwrap().map(|entry| entry.unwrap().path());
    let files = folders.flat_map(|folder| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()));
    let mut kept: Vec<_> =
        files.map(|path| (path.display().to_string(), fs::read(&path).unwrap_or_default())).collect();
    kept.sort();
    kept
}

#[test]
fn a_warm_run_says_what_a_cold_one_says() {
    let dir = tempfile::tempdir().unwrap();
    let (repository, cache) = (dir.path().join("r.git"), dir.path().join("cache"));
    testing::history::make(&repository, &commits(9), &Default::default()).unwrap();
    let cold = read(&repository, "HEAD", None);
    assert_eq!(read(&repository, "HEAD", Some(&cache)), cold, "filling the cache");
    let first = kept(&cache);
    assert_eq!(first.len(), 1);
    assert_eq!(read(&repository, "HEAD", Some(&cache)), cold, "reading the cache");
    assert_eq!(kept(&cache), first, "a run that learns nothing writes nothing");
}

#[test]
fn a_newer_commit_builds_on_an_older_walk() {
    let dir = tempfile::tempdir().unwrap();
    let (repository, cache) = (dir.path().join("r.git"), dir.path().join("cache"));
    testing::history::make(&repository, &commits(9), &Default::default()).unwrap();
    for rev in ["HEAD~5", "HEAD~2", "HEAD", "HEAD~3"] {
        assert_eq!(read(&repository, rev, Some(&cache)), read(&repository, rev, None), "{rev}");
    }
    assert_eq!(kept(&cache).len(), 4);
}

#[test]
fn a_known_walk_is_really_taken_over() {
    let dir = tempfile::tempdir().unwrap();
    let (repository, cache) = (dir.path().join("r.git"), dir.path().join("cache"));
    testing::history::make(&repository, &commits(6), &Default::default()).unwrap();
    let cold = read(&repository, "HEAD~1", Some(&cache));
    // Without the first commit nothing can be walked any more: only the cache knows what it said.
    let acquired = acquire(repository.to_str().unwrap(), Limits::default()).unwrap();
    let root = acquired.repository.resolve("HEAD~5").unwrap().to_string();
    fs::remove_file(repository.join("objects").join(&root[..2]).join(&root[2..])).unwrap();
    assert_ne!(read(&repository, "HEAD~1", None), cold);
    assert!(read(&repository, "HEAD", None).contains("vcs.shallow"));
    assert!(!read(&repository, "HEAD", Some(&cache)).contains("vcs.shallow"));
}

#[test]
fn damaged_and_foreign_files_are_ignored() {
    let dir = tempfile::tempdir().unwrap();
    let (repository, cache) = (dir.path().join("r.git"), dir.path().join("cache"));
    testing::history::make(&repository, &commits(5), &Default::default()).unwrap();
    let cold = read(&repository, "HEAD", Some(&cache));
    let (path, good) = kept(&cache).remove(0);
    let mut flipped = good.clone();
    flipped[good.len() / 2] ^= 0x40;
    for bytes in [&b""[..], b"not a cache", &good[..good.len() / 2], &flipped] {
        fs::write(&path, bytes).unwrap();
        assert_eq!(read(&repository, "HEAD", Some(&cache)), cold);
        assert_eq!(fs::read(&path).unwrap(), good, "the file is written anew");
    }
    // A folder in its place, or a cache that is a file, only cost time.
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert_eq!(read(&repository, "HEAD", Some(&cache)), cold);
    let file = dir.path().join("file");
    fs::write(&file, "x").unwrap();
    assert_eq!(read(&repository, "HEAD", Some(&file)), cold);
}
