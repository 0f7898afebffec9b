//! Commands that run in turns, with their time, work and memory.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How often the memory of a running program is looked at.
const LOOK: Duration = Duration::from_millis(4);
/// The unit in which the kernel tells processor time.
const TICKS_A_SECOND: f64 = 100.0;

/// One run.
#[derive(Clone, Copy)]
pub(super) struct Run {
    /// From the start of the process to its end.
    pub wall: f64,
    /// Of all processors, in the program and in the kernel for it, in seconds.
    pub cpu: f64,
    /// The peak of resident memory, mapped files included.
    pub megabytes: u64,
}

/// A command with its runs.
pub(super) struct Series {
    pub name: String,
    program: PathBuf,
    args: Vec<String>,
    input: Option<PathBuf>,
    cache: Option<PathBuf>,
    pub runs: Vec<Run>,
}

impl Series {
    pub(super) fn new(name: &str, program: &Path, args: &[&str]) -> Self {
        let args = args.iter().map(ToString::to_string).collect();
        let program = program.to_owned();
        Self { name: name.to_owned(), program, args, input: None, cache: None, runs: Vec::new() }
    }

    /// With a file as its input.
    pub(super) fn reading(mut self, input: PathBuf) -> Self {
        self.input = Some(input);
        self
    }

    /// With a folder of its own for what is kept between runs.
    pub(super) fn keeping(mut self, cache: PathBuf) -> Self {
        self.cache = Some(cache);
        self
    }
}

/// All runs, taking turns, so that what else the machine does falls on all alike.
pub(super) fn rounds(mut all: Vec<Series>, count: usize) -> Result<Vec<Series>, String> {
    for _ in 0..count {
        for series in &mut all {
            let run = once(series)?;
            series.runs.push(run);
        }
    }
    Ok(all)
}

#[expect(clippy::disallowed_methods, reason = "measuring is about time and starts the programs that it compares")]
pub(super) fn once(series: &Series) -> Result<Run, String> {
    let fail = |error: std::io::Error| format!("{}: {error}", series.name);
    let mut command = Command::new(&series.program);
    command.args(&series.args).stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null());
    if let Some(input) = &series.input {
        command.stdin(fs::File::open(input).map_err(fail)?);
    }
    if let Some(cache) = &series.cache {
        command.env("XDG_CACHE_HOME", cache);
    }
    let before = work_of_children();
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
    let wall = start.elapsed().as_secs_f64();
    let cpu = work_of_children() - before;
    if status.success() { Ok(Run { wall, cpu, megabytes }) } else { Err(format!("{}: {status}", series.name)) }
}

/// Processor time of all children that have ended, and of their own.
fn work_of_children() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name of the program stands in brackets and may hold spaces.
    let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = |at: usize| fields.split_whitespace().nth(at).and_then(|field| field.parse::<f64>().ok());
    (ticks(13).unwrap_or(0.0) + ticks(14).unwrap_or(0.0)) / TICKS_A_SECOND
}

/// The most resident memory that a running program has had.
fn peak(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes: Option<u64> = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    kilobytes.unwrap_or(0) / 1024
}

/// The names of all blobs of the tree at HEAD, one a line.
#[expect(clippy::disallowed_methods, reason = "measuring starts the programs that it compares")]
pub(super) fn listed_blobs(repository: &str) -> Result<String, String> {
    let listed = Command::new("git")
        .args(["-C", repository, "ls-tree", "-r", "HEAD"])
        .output()
        .map_err(|error| format!("git: {error}"))?;
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let blob = |line: &str| line.split_whitespace().nth(2).map(|id| format!("{id}\n"));
    Ok(listed.lines().filter(|line| line.contains(" blob ")).filter_map(blob).collect())
}
