//! Measures speed and memory against git itself, as ratios in one run, so that the load of the machine counts for both.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How often each command runs; the runs of all commands take turns.
const ROUNDS: usize = 5;
/// How often the memory of a running program is looked at.
const LOOK: Duration = Duration::from_millis(2);

/// One run: seconds, and the peak of resident memory in megabytes.
#[derive(Clone, Copy)]
struct Run {
    seconds: f64,
    megabytes: u64,
}

/// A command with its runs.
struct Series {
    name: String,
    program: PathBuf,
    args: Vec<String>,
    input: Option<PathBuf>,
    cache: Option<PathBuf>,
    runs: Vec<Run>,
}

/// `bench DIR… [--cohort DIR]`: a table for each repository, in Markdown.
pub(crate) fn run(args: &[String]) -> Result<String, String> {
    let cohort = args.iter().position(|arg| arg == "--cohort");
    let repositories = &args[..cohort.unwrap_or(args.len())];
    let cohort = cohort.and_then(|at| args.get(at + 1));
    if repositories.is_empty() && cohort.is_none() {
        return Err("usage: cargo xtask bench DIR… [--cohort DIR]".to_owned());
    }
    let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
    let preuve = beside_this_program()?;
    let mut out = machine();
    for repository in repositories {
        let series = measured(repository_series(&preuve, repository, scratch.path())?)?;
        let git: f64 = series[..2].iter().map(best).sum();
        let _ = writeln!(out, "\n### `{repository}`\n");
        out.push_str(&table(&series, "git, both", git));
    }
    if let Some(dir) = cohort {
        let series = measured(cohort_series(&preuve, dir))?;
        let _ = writeln!(out, "\n### Cohort `{dir}`\n");
        out.push_str(&table(&series, "one thread", best(&series[0])));
    }
    Ok(out)
}

/// The program is measured as it was built with this one.
fn beside_this_program() -> Result<PathBuf, String> {
    let path = std::env::current_exe().map_err(|error| error.to_string())?.with_file_name("preuve");
    if path.is_file() { Ok(path) } else { Err(format!("{} is missing: build the program first", path.display())) }
}

fn repository_series(preuve: &Path, repository: &str, scratch: &Path) -> Result<Vec<Series>, String> {
    let blobs = scratch.join("blobs");
    fs::write(&blobs, blobs_of_head(repository)?).map_err(|error| error.to_string())?;
    let git = |name: &str, args: &[&str], input: Option<PathBuf>| {
        let fixed = ["-C", repository];
        let all = fixed.iter().chain(args).map(ToString::to_string).collect();
        series(name, Path::new("git"), all, input)
    };
    let assess = |name: &str, more: &[&str]| {
        let fixed = ["assess", "--format", "json", "--output", "/dev/null", repository];
        let args = fixed.iter().chain(more).map(ToString::to_string).collect();
        Series { cache: Some(scratch.join("cache")), ..series(name, preuve, args, None) }
    };
    let mut all = vec![
        git("`git log --format=%an`", &["log", "--format=%an"], None),
        git("`git cat-file --batch` of all blobs of HEAD", &["cat-file", "--batch"], Some(blobs)),
        assess("`preuve assess`, cold", &["--no-cache"]),
        assess("`preuve assess`, warm", &[]),
    ];
    // One run that fills the cache is not measured.
    once(&all[3])?;
    let tree = Path::new(repository).join(".git").exists();
    let checkov = series("`checkov`", Path::new("checkov"), vec!["--version".to_owned()], None);
    if tree && once(&checkov).is_ok() {
        let args = ["-d", repository, "--quiet", "--compact", "--skip-download", "--soft-fail"];
        all.push(Series { args: args.iter().map(ToString::to_string).collect(), ..checkov });
    }
    Ok(all)
}

fn cohort_series(preuve: &Path, dir: &str) -> Vec<Series> {
    let threads = |count: &str| {
        let fixed = ["assess", "--no-cache", "--format", "json", "--output", "/dev/null", "--cohort", dir];
        let args = fixed.iter().chain(&["--threads", count]).map(ToString::to_string).collect();
        series(&format!("`preuve assess --cohort`, threads: {count}"), preuve, args, None)
    };
    vec![threads("1"), threads("2")]
}

fn series(name: &str, program: &Path, args: Vec<String>, input: Option<PathBuf>) -> Series {
    Series { name: name.to_owned(), program: program.to_owned(), args, input, cache: None, runs: Vec::new() }
}

#[expect(clippy::disallowed_methods, reason = "measuring starts the programs that it compares")]
fn blobs_of_head(repository: &str) -> Result<String, String> {
    let listed = Command::new("git")
        .args(["-C", repository, "ls-tree", "-r", "HEAD"])
        .output()
        .map_err(|error| format!("git: {error}"))?;
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let blob = |line: &str| line.split_whitespace().nth(2).map(|id| format!("{id}\n"));
    Ok(listed.lines().filter(|line| line.contains(" blob ")).filter_map(blob).collect())
}

/// All runs, taking turns.
fn measured(mut all: Vec<Series>) -> Result<Vec<Series>, String> {
    for _ in 0..ROUNDS {
        for series in &mut all {
            let run = once(series)?;
            series.runs.push(run);
        }
    }
    Ok(all)
}

#[expect(clippy::disallowed_methods, reason = "measuring is about time and starts the programs that it compares")]
fn once(series: &Series) -> Result<Run, String> {
    let fail = |error: std::io::Error| format!("{}: {error}", series.name);
    let mut command = Command::new(&series.program);
    command.args(&series.args).stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null());
    if let Some(input) = &series.input {
        command.stdin(fs::File::open(input).map_err(fail)?);
    }
    if let Some(cache) = &series.cache {
        command.env("XDG_CACHE_HOME", cache);
    }
    let start = Instant::now();
    let mut child = command.spawn().map_err(fail)?;
    let mut megabytes = 0;
    let status = loop {
        if let Some(status) = child.try_wait().map_err(fail)? {
            break status;
        }
        megabytes = megabytes.max(peak(&child));
        std::thread::sleep(LOOK);
    };
    let seconds = start.elapsed().as_secs_f64();
    if status.success() { Ok(Run { seconds, megabytes }) } else { Err(format!("{}: {status}", series.name)) }
}

/// The most resident memory that a running program has had, mapped files included.
fn peak(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes: Option<u64> = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    kilobytes.unwrap_or(0) / 1024
}

fn best(series: &Series) -> f64 {
    series.runs.iter().map(|run| run.seconds).fold(f64::INFINITY, f64::min)
}

fn median(series: &Series) -> f64 {
    let mut seconds: Vec<f64> = series.runs.iter().map(|run| run.seconds).collect();
    seconds.sort_by(f64::total_cmp);
    seconds.get(seconds.len() / 2).copied().unwrap_or(f64::NAN)
}

fn table(all: &[Series], base_name: &str, base: f64) -> String {
    let mut out = format!("| command | best, s | median, s | best ÷ {base_name} | peak, MB |\n|---|---|---|---|---|\n");
    for series in all {
        let peak = series.runs.iter().map(|run| run.megabytes).max().unwrap_or(0);
        let (best, median) = (best(series), median(series));
        let _ = writeln!(out, "| {} | {best:.2} | {median:.2} | {:.2} | {peak} |", series.name, best / base);
    }
    out
}

fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let cpus = read("/proc/cpuinfo");
    let model = cpus.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or(": unknown");
    let load = read("/proc/loadavg");
    let load = load.split_whitespace().next().unwrap_or("unknown");
    format!(
        "Machine: {cores} cores, {}, load {load} when the run began. Each command ran {ROUNDS} times, taking turns.\n",
        model.trim_start_matches(['\t', ' ', ':'])
    )
}
