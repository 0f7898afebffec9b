//! The one place where this room starts programs: bounded in time and output, and never left behind.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use crate::command::{Piece, Stream};
use crate::{Clock, Failure};

/// What a program may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) seconds: u32,
    /// Of both streams together.
    pub(crate) bytes: u64,
}

/// Why a program was cut short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    Time,
    Flood,
    /// Whoever watched it said so.
    Watch,
}

/// What a program did.
#[derive(Debug)]
pub(crate) struct Ran {
    /// `None` when it was cut or killed by a signal.
    pub(crate) code: Option<i32>,
    pub(crate) cut: Option<Cut>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
    pub(crate) pieces: Vec<Piece>,
    pub(crate) millis: u64,
}

/// Pieces nearer than this are one, so that a slow drip makes no long list.
const PIECE_MILLIS: u64 = 40;
const MOST_PIECES: usize = 20_000;
/// How often a watcher is asked.
const WATCH_MILLIS: u64 = 1000;

/// Runs a program to its end or to its bounds. `watch` is asked every second whether it must be cut.
pub(crate) fn run(
    clock: &dyn Clock,
    argv: &[String],
    input: Vec<u8>,
    bounds: Bounds,
    watch: &mut dyn FnMut() -> bool,
) -> Result<Ran, Failure> {
    let failed =
        |error: std::io::Error| Failure::Absent(format!("{}: {error}", argv.first().map_or("", String::as_str)));
    let mut child = spawn(argv, !input.is_empty()).map_err(failed)?;
    let (sender, receiver) = sync_channel(64);
    if let Some(mut pipe) = child.stdin.take() {
        thread::spawn(move || drop(pipe.write_all(&input)));
    }
    if let Some(pipe) = child.stdout.take() {
        pump(pipe, Stream::Out, sender.clone());
    }
    if let Some(pipe) = child.stderr.take() {
        pump(pipe, Stream::Err, sender);
    }
    let mut ran = Ran { code: None, cut: None, stdout: Vec::new(), stderr: Vec::new(), pieces: Vec::new(), millis: 0 };
    let started = clock.millis();
    ran.cut = listen(clock, started, &receiver, bounds, watch, &mut ran);
    drop(receiver);
    let deadline = started + u64::from(bounds.seconds) * 1000;
    while ran.cut.is_none() {
        match child.try_wait().map_err(failed)? {
            Some(status) => {
                ran.code = status.code();
                ran.millis = clock.millis() - started;
                return Ok(ran);
            }
            None if clock.millis() >= deadline => ran.cut = Some(Cut::Time),
            None => thread::sleep(Duration::from_millis(2)),
        }
    }
    end(&mut child);
    ran.millis = clock.millis() - started;
    Ok(ran)
}

#[expect(clippy::disallowed_methods, reason = "the one place of this room that starts a program")]
fn spawn(argv: &[String], input: bool) -> std::io::Result<Child> {
    use std::os::unix::process::CommandExt;
    let (program, arguments) = argv.split_first().ok_or(std::io::ErrorKind::InvalidInput)?;
    Command::new(program)
        .args(arguments)
        .stdin(if input { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // Podman's monitor notes an end for want of memory in a file of the folder that it was started in.
        .current_dir("/tmp")
        // A group of its own, so that what it starts ends with it.
        .process_group(0)
        .spawn()
}

/// Ends a program and what it started.
#[expect(clippy::disallowed_methods, reason = "the standard library kills no group")]
fn end(child: &mut Child) {
    let group = format!("-{}", child.id());
    let killed = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
    if !killed.is_ok_and(|status| status.success()) {
        drop(child.kill());
    }
    drop(child.wait());
}

fn pump(mut pipe: impl Read + Send + 'static, stream: Stream, sender: SyncSender<(Stream, Vec<u8>)>) {
    thread::spawn(move || {
        let mut buffer = vec![0; 32 << 10];
        loop {
            match pipe.read(&mut buffer) {
                Ok(0) => return,
                Ok(read) => {
                    if sender.send((stream, buffer[..read].to_vec())).is_err() {
                        return;
                    }
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(_) => return,
            }
        }
    });
}

fn listen(
    clock: &dyn Clock,
    started: u64,
    receiver: &Receiver<(Stream, Vec<u8>)>,
    bounds: Bounds,
    watch: &mut dyn FnMut() -> bool,
    ran: &mut Ran,
) -> Option<Cut> {
    let limit = u64::from(bounds.seconds) * 1000;
    let mut next_watch = WATCH_MILLIS;
    loop {
        let now = clock.millis() - started;
        if now >= limit {
            return Some(Cut::Time);
        }
        if now >= next_watch {
            if watch() {
                return Some(Cut::Watch);
            }
            next_watch = clock.millis() - started + WATCH_MILLIS;
        }
        let patience = limit.min(next_watch).saturating_sub(now).max(1);
        match receiver.recv_timeout(Duration::from_millis(patience)) {
            Ok((stream, bytes)) => {
                if !ran.take(clock.millis() - started, stream, &bytes, bounds.bytes) {
                    return Some(Cut::Flood);
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
}

impl Ran {
    /// Keeps what fits; false when more came than may.
    fn take(&mut self, millis: u64, stream: Stream, bytes: &[u8], most: u64) -> bool {
        let held = (self.stdout.len() + self.stderr.len()) as u64;
        let room = usize::try_from(most.saturating_sub(held)).unwrap_or(usize::MAX);
        let kept = &bytes[..bytes.len().min(room)];
        match stream {
            Stream::Out => self.stdout.extend_from_slice(kept),
            Stream::Err => self.stderr.extend_from_slice(kept),
        }
        let full = self.pieces.len() >= MOST_PIECES;
        match self.pieces.last_mut() {
            Some(last) if last.stream == stream && (full || millis - last.millis < PIECE_MILLIS) => {
                last.bytes += kept.len();
            }
            _ if full || kept.is_empty() => {}
            _ => self.pieces.push(Piece { millis, stream, bytes: kept.len() }),
        }
        kept.len() == bytes.len()
    }

    pub(crate) fn succeeded(&self) -> bool {
        self.code == Some(0)
    }

    /// The first line that says what went wrong.
    pub(crate) fn complaint(&self) -> String {
        let text = String::from_utf8_lossy(&self.stderr);
        let mut lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with("WARNING"));
        let told = lines.next().unwrap_or("no message").to_owned();
        match self.cut {
            Some(Cut::Time) => format!("out of time after {} ms: {told}", self.millis),
            Some(Cut::Flood) => format!("too much output: {told}"),
            Some(Cut::Watch) | None => told,
        }
    }
}
