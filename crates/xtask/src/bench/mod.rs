//! Measures speed and memory against other programs: all of them in one run, taking turns, told as ratios.

mod console;
mod load;
mod overhead;
mod papers;
mod run;
mod table;

use std::fs;
use std::path::{Path, PathBuf};

use run::{Series, listed_blobs, once, rounds};
use table::{Base, machine, table};

/// How often each command runs; those of the slow programs run less often.
const ROUNDS: usize = 9;
const SLOW_ROUNDS: usize = 3;
const USAGE: &str = "usage: cargo xtask bench [DIR…] [--candidate DIR]… [--checkov PROGRAM] [--cohort DIR] [--proof DIR]… [--papers DIR] [--console CANDIDATES [--rate N] [--writes N] [--seconds N]]";

/// What is to be measured.
#[derive(Default)]
struct Wanted {
    /// Compared with git.
    repositories: Vec<String>,
    /// Compared with Checkov.
    candidates: Vec<String>,
    checkov: Option<PathBuf>,
    cohort: Option<String>,
    /// A dossier whose papers are set, and set by pandoc and XeLaTeX.
    papers: Option<PathBuf>,
    /// Folders that `preuve prove --output` wrote.
    proofs: Vec<String>,
    /// How many candidates a console holds, how many requests come a second, and for how long.
    console: Option<usize>,
    rate: Option<f64>,
    /// How many acts come a second beside them.
    writes: Option<f64>,
    seconds: Option<f64>,
}

/// Tables in Markdown.
pub(crate) fn run(args: &[String]) -> Result<String, String> {
    let wanted = wanted(args)?;
    let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
    let preuve = beside_this_program()?;
    let mut out = machine();
    for repository in &wanted.repositories {
        let all = rounds(against_git(&preuve, repository, scratch.path())?, ROUNDS)?;
        out.push_str(&format!("\n### Against git: `{}`\n\n{}", shown(repository), table(&all, &Base::both(2, "git"))));
    }
    for candidate in &wanted.candidates {
        let checkov = wanted.checkov.as_deref().ok_or("a candidate is compared with Checkov: name it by --checkov")?;
        let all = rounds(against_checkov(&preuve, checkov, candidate)?, SLOW_ROUNDS)?;
        out.push_str(&format!(
            "\n### Against Checkov: `{}`\n\n{}",
            shown(candidate),
            table(&all, &Base::first("Checkov"))
        ));
    }
    if let Some(dir) = &wanted.cohort {
        let all = rounds(over_cohort(&preuve, dir), ROUNDS)?;
        out.push_str(&format!("\n### Cohort: `{}`\n\n{}", shown(dir), table(&all, &Base::first("one thread"))));
    }
    if let Some(dossier) = &wanted.papers {
        let all = rounds(papers::against_pandoc(&preuve, dossier, scratch.path())?, ROUNDS)?;
        let told = shown(&dossier.display().to_string()).to_owned();
        out.push_str(&format!("\n### A paper: `{told}`\n\n{}", table(&all, &Base::first("pandoc"))));
    }
    for folder in &wanted.proofs {
        out.push_str(&format!("\n### Proof: `{}`\n\n{}", shown(folder), overhead::table(folder)?));
    }
    if let Some(candidates) = wanted.console {
        let rate = wanted.rate.unwrap_or(500.0);
        let (writes, seconds) = (wanted.writes.unwrap_or(0.0), wanted.seconds.unwrap_or(30.0));
        let load = console::Wanted { candidates, rate, writes, seconds };
        out.push_str(&format!("\n### The console\n\n{}", console::table(&preuve, &load)?));
    }
    Ok(out)
}

fn wanted(args: &[String]) -> Result<Wanted, String> {
    let mut wanted = Wanted::default();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut value = || args.next().cloned().ok_or_else(|| format!("{arg} needs a value\n{USAGE}"));
        match arg.as_str() {
            "--candidate" => wanted.candidates.push(value()?),
            "--checkov" => wanted.checkov = Some(value()?.into()),
            "--cohort" => wanted.cohort = Some(value()?),
            "--proof" => wanted.proofs.push(value()?),
            "--console" => wanted.console = Some(number(&value()?)?),
            "--rate" => wanted.rate = Some(number(&value()?)?),
            "--writes" => wanted.writes = Some(number(&value()?)?),
            "--seconds" => wanted.seconds = Some(number(&value()?)?),
            "--papers" => wanted.papers = Some(value()?.into()),
            option if option.starts_with('-') => return Err(format!("unknown option {option}\n{USAGE}")),
            repository => wanted.repositories.push(repository.to_owned()),
        }
    }
    let nothing = wanted.repositories.is_empty()
        && wanted.candidates.is_empty()
        && wanted.cohort.is_none()
        && wanted.papers.is_none()
        && wanted.console.is_none()
        && wanted.proofs.is_empty();
    if nothing { Err(USAGE.to_owned()) } else { Ok(wanted) }
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{text} is no number\n{USAGE}"))
}

/// The last part of a path: what lies above it says nothing about what was measured.
fn shown(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or(path)
}

/// The program is measured as it was built with this one.
fn beside_this_program() -> Result<PathBuf, String> {
    let path = std::env::current_exe().map_err(|error| error.to_string())?.with_file_name("preuve");
    if path.is_file() { Ok(path) } else { Err(format!("{} is missing: build the program first", path.display())) }
}

/// All names in the history and all files of the tree, as git gives them; then a whole assessment.
fn against_git(preuve: &Path, repository: &str, scratch: &Path) -> Result<Vec<Series>, String> {
    let blobs = scratch.join("blobs");
    fs::write(&blobs, listed_blobs(repository)?).map_err(|error| error.to_string())?;
    let git = |name: &str, args: &[&str]| {
        let args: Vec<&str> = ["-C", repository].iter().chain(args).copied().collect();
        Series::new(name, Path::new("git"), &args)
    };
    let assess = |name: &str, more: &[&str]| {
        let args: Vec<&str> = ASSESS.iter().chain(&[repository]).chain(more).copied().collect();
        Series::new(name, preuve, &args).keeping(scratch.join("cache"))
    };
    let all = vec![
        git("`git log --format=%an`", &["log", "--format=%an"]),
        git("`git cat-file --batch` of all blobs of HEAD", &["cat-file", "--batch"]).reading(blobs),
        assess("`preuve assess`, cold", &["--no-cache"]),
        assess("`preuve assess`, cold, one thread", &["--no-cache", "--threads", "1"]),
        assess("`preuve assess`, warm", &[]),
    ];
    // Fills the cache of the warm runs, and that of the machine's disk for all.
    for series in &all {
        once(series)?;
    }
    Ok(all)
}

const ASSESS: [&str; 5] = ["assess", "--format", "json", "--output", "/dev/null"];

/// The same tree, judged by Checkov with all its built-in rules and nothing asked over the network.
fn against_checkov(preuve: &Path, checkov: &Path, candidate: &str) -> Result<Vec<Series>, String> {
    let args = ["-d", candidate, "--quiet", "--compact", "--skip-download", "--soft-fail", "-o", "json"];
    let assess: Vec<&str> = ASSESS.iter().chain(&[candidate, "--no-cache"]).copied().collect();
    let all = vec![
        Series::new("`checkov --skip-download`", checkov, &args),
        Series::new("`preuve assess`, cold", preuve, &assess),
    ];
    for series in &all {
        once(series)?;
    }
    Ok(all)
}

fn over_cohort(preuve: &Path, dir: &str) -> Vec<Series> {
    let threads = |count: &str| {
        let more = ["--no-cache", "--cohort", dir, "--threads", count];
        let args: Vec<&str> = ASSESS.iter().chain(&more).copied().collect();
        Series::new(&format!("`preuve assess --cohort`, threads: {count}"), preuve, &args)
    };
    vec![threads("1"), threads("2")]
}
