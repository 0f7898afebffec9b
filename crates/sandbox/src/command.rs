//! A command to run in a container, and how it ended.

use std::collections::BTreeMap;

/// What is run, and what it may take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    pub argv: Vec<String>,
    pub directory: String,
    pub env: BTreeMap<String, String>,
    /// Root only in hosts and while preparing; the engine refuses it elsewhere.
    pub user: u32,
    pub input: Vec<u8>,
    pub seconds: u32,
    pub output_bytes: u64,
}

/// How it ended. A command that exceeds its time or output takes its container with it: what it started cannot linger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    pub status: Status,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
    pub millis: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Exit(i32),
    TimedOut,
    /// It wrote more than it may.
    Flooded,
    /// It used more memory than it may.
    OutOfMemory,
}

impl Ended {
    pub fn succeeded(&self) -> bool {
        self.status == Status::Exit(0)
    }
}
