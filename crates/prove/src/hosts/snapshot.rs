//! The state of a host as seen from outside: files, packages, services, listeners. Two runs that change nothing leave the same.

use std::collections::BTreeSet;

use sandbox::{Command, Container, Engine};

use crate::protocol::Stop;

/// What the host holds, one line each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Snapshot(BTreeSet<String>);

/// Asked of the host by our own program, not by anything that the subject installed.
const PROGRAM: &str = include_str!("snapshot.py");

impl Snapshot {
    /// Of the folders that configuration usually writes to, and of these paths.
    pub fn take(engine: &dyn Engine, host: &Container, also: &[String]) -> Result<Self, Stop> {
        // By its path and isolated: nothing that a host's root left elsewhere is run in its place.
        let program = ["/usr/bin/python3", "-I", "-"].into_iter().map(str::to_owned);
        let asked =
            Command::new(program.chain(also.iter().cloned())).root().input(PROGRAM).seconds(120).output_bytes(32 << 20);
        let ended = engine.exec(host, &asked)?;
        if !ended.succeeded() {
            return Err(Stop(format!("the host did not say what it holds ({}): {}", ended.status, ended.error_text())));
        }
        Ok(Self::read(&ended.text()))
    }

    pub fn read(text: &str) -> Self {
        Self(text.lines().map(ToOwned::to_owned).collect())
    }

    /// What differs: the sort and name of each line that only one of both has.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let subjects = |line: &String| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
        let names: BTreeSet<String> = self.0.symmetric_difference(&other.0).map(subjects).collect();
        names.into_iter().collect()
    }

    /// The names of one sort of line: `file`, `package`.
    pub fn names(&self, sort: &str) -> BTreeSet<&str> {
        let of = |line: &&String| line.split(' ').next() == Some(sort);
        self.0.iter().filter(of).filter_map(|line| line.split(' ').nth(1)).collect()
    }
}
