//! A command to run in a container, and how it ended.

use std::collections::BTreeMap;

use crate::layout;

/// What is run, and what it may take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    pub argv: Vec<String>,
    pub directory: String,
    pub env: BTreeMap<String, String>,
    /// Root only in hosts, services and while preparing; the engine refuses it elsewhere.
    pub user: u32,
    /// As a service runs: by the user and in the folder of its own image. The engine refuses it elsewhere.
    pub as_service: bool,
    /// Whether the repository has it run, rather than an experiment: the record tells them apart.
    pub own: bool,
    pub input: Vec<u8>,
    pub seconds: u32,
    /// Of both streams together.
    pub output_bytes: u64,
}

impl Command {
    /// In the work folder, as the unprivileged user, for at most a minute and a mebibyte of output.
    pub fn new<S: Into<String>>(argv: impl IntoIterator<Item = S>) -> Self {
        Self {
            argv: argv.into_iter().map(Into::into).collect(),
            directory: layout::WORK.into(),
            env: BTreeMap::new(),
            user: layout::USER,
            as_service: false,
            own: false,
            input: Vec::new(),
            seconds: 60,
            output_bytes: 1 << 20,
        }
    }

    /// A line for the shell.
    pub fn sh(line: impl Into<String>) -> Self {
        Self::new(["sh".to_owned(), "-c".to_owned(), line.into()])
    }

    pub fn directory(mut self, directory: impl Into<String>) -> Self {
        self.directory = directory.into();
        self
    }

    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.env.insert(name.into(), value.into());
        self
    }

    pub fn user(mut self, user: u32) -> Self {
        self.user = user;
        self
    }

    /// As root of the container: in hosts, services and while preparing.
    pub fn root(self) -> Self {
        self.user(0).directory("/")
    }

    /// By the user and in the folder that the image of a service says.
    pub fn as_service(mut self) -> Self {
        self.as_service = true;
        self
    }

    /// One that the repository has run.
    pub fn own(mut self) -> Self {
        self.own = true;
        self
    }

    pub fn input(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = input.into();
        self
    }

    pub fn seconds(mut self, seconds: u32) -> Self {
        self.seconds = seconds;
        self
    }

    pub fn output_bytes(mut self, bytes: u64) -> Self {
        self.output_bytes = bytes;
        self
    }

    /// As a person would type it, for transcripts and messages.
    pub fn shown(&self) -> String {
        match self.argv.as_slice() {
            [shell, flag, line] if shell == "sh" && flag == "-c" => line.clone(),
            argv => argv.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" "),
        }
    }
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// How it ended. A command that exceeds its time or output takes its container with it: what it started cannot linger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    pub status: Status,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
    pub millis: u64,
    /// When each piece of output came, for recordings.
    pub pieces: Vec<Piece>,
}

/// A piece of output and when it came, since the command was started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    pub millis: u64,
    pub stream: Stream,
    pub bytes: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    Out,
    Err,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Exit(i32),
    TimedOut,
    /// It wrote more than it may.
    Flooded,
    /// It used more memory than it may.
    OutOfMemory,
    /// It started more processes than it may.
    OutOfProcesses,
    /// It filled the writable root of a container that has one.
    OutOfSpace,
    /// Its container died under it.
    Gone,
}

impl Ended {
    /// An ended command, for scripted engines.
    pub fn exit(code: i32, stdout: impl Into<Vec<u8>>) -> Self {
        Self { status: Status::Exit(code), stdout: stdout.into(), stderr: Vec::new(), millis: 0, pieces: Vec::new() }
    }

    pub fn succeeded(&self) -> bool {
        self.status == Status::Exit(0)
    }

    /// What it wrote, as text; what is not UTF-8 is replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// What it wrote to its error stream, as text.
    pub fn error_text(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exit(code) => write!(f, "exit {code}"),
            Self::TimedOut => f.write_str("out of time"),
            Self::Flooded => f.write_str("too much output"),
            Self::OutOfMemory => f.write_str("out of memory"),
            Self::OutOfProcesses => f.write_str("out of processes"),
            Self::OutOfSpace => f.write_str("out of space"),
            Self::Gone => f.write_str("container gone"),
        }
    }
}
