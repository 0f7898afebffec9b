//! The state of a host as seen from outside: files, packages, services, listeners. Two runs that change nothing leave the same.

use std::collections::BTreeSet;

use sandbox::{Container, Engine};

use super::trusted;
use crate::protocol::Stop;
use crate::say::say;

/// What the host holds, one line each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Snapshot(BTreeSet<String>);

/// Asked of the host by our own program, not by anything that the subject installed.
const PROGRAM: &str = include_str!("snapshot.py");

impl Snapshot {
    /// Of the folders that configuration usually writes to, and of these paths.
    pub fn take(engine: &dyn Engine, host: &Container, also: &[String]) -> Result<Self, Stop> {
        trusted::check(engine, host)?;
        let asked = trusted::python(also).input(PROGRAM).seconds(120).output_bytes(32 << 20);
        let ended = engine.exec(host, &asked)?;
        if !ended.succeeded() {
            return Err(Stop(say!("host-silent", status = ended.status, told = ended.error_text())));
        }
        Ok(Self::read(&ended.text()))
    }

    pub fn read(text: &str) -> Self {
        Self(text.lines().map(ToOwned::to_owned).collect())
    }

    /// What differs: the sort and name of each line that only one of both has. An account that was made again may have another
    /// number, and what it left behind its old one: it is compared by its name alone.
    pub fn differences(&self, other: &Self, made_again: Option<&str>) -> Vec<String> {
        let subjects = |line: &String| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
        let differing = |one: &Self, other: &Self| -> Vec<String> {
            let names: BTreeSet<String> = one.0.symmetric_difference(&other.0).map(subjects).collect();
            names.into_iter().collect()
        };
        match made_again {
            None => differing(self, other),
            Some(name) => {
                let old = self.numbers(name);
                differing(&self.by_name(name, &old), &other.by_name(name, &old))
            }
        }
    }

    /// The words that stand for an account, and for its group, once it is gone.
    fn numbers(&self, name: &str) -> BTreeSet<String> {
        let words = self.0.iter().flat_map(|line| line.split(' '));
        let number = |word: &str| {
            let (sort, rest) = word.split_once(':').filter(|(sort, _)| matches!(*sort, "user" | "group"))?;
            Some(format!("{sort}:={}", rest.strip_prefix(name)?.strip_prefix('=')?))
        };
        words.filter_map(number).collect()
    }

    /// The same without the numbers of one account.
    fn by_name(&self, name: &str, old: &BTreeSet<String>) -> Self {
        let word = |word: &str| {
            let sort = ["user", "group"].into_iter().find(|sort| {
                let own = |rest: &str| rest.strip_prefix(':')?.strip_prefix(name)?.strip_prefix('=').map(|_| ());
                word.strip_prefix(sort).and_then(own).is_some()
            });
            match (sort, word.split_once(':')) {
                (Some(sort), _) => format!("{sort}:{name}"),
                (None, Some((sort, _))) if old.contains(word) => format!("{sort}:{name}"),
                _ => word.to_owned(),
            }
        };
        Self(self.0.iter().map(|line| line.split(' ').map(word).collect::<Vec<_>>().join(" ")).collect())
    }

    /// The names of one sort of line: `file`, `package`.
    pub fn names(&self, sort: &str) -> BTreeSet<&str> {
        let of = |line: &&String| line.split(' ').next() == Some(sort);
        self.0.iter().filter(of).filter_map(|line| line.split(' ').nth(1)).collect()
    }
}
