//! Requests without a pause from our observer, and what was lost of them after a moment.

use std::collections::BTreeMap;

use sandbox::Command;

use super::floor::Floor;
use crate::protocol::Stop;
use crate::say::{Say, say};

const SCRIPT: &str = include_str!("load.py");
const RATE: u64 = 10;
const RECORD: &str = "/tmp/preuve-load";

/// Requests that go on until they are ended.
pub(super) struct Load;

/// What was asked, by number: the answer and the address; none while it is awaited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Record(BTreeMap<u64, Option<(String, String)>>);

impl Load {
    /// Starts to ask the addresses that answer well.
    pub fn start(floor: &Floor<'_>) -> Result<Self, Stop> {
        let urls: Vec<&str> = floor.wells.keys().map(String::as_str).collect();
        let line = format!(
            "rm -f {RECORD}*; printf '%s' \"$LOAD\" >{RECORD}.py; python3 {RECORD}.py {RATE} {RECORD} {} </dev/null >/dev/null 2>&1 &",
            urls.iter().map(|url| format!("'{}'", url.replace('\'', ""))).collect::<Vec<_>>().join(" ")
        );
        floor.stack.ask(&Command::sh(line).env("LOAD", SCRIPT))?;
        let load = Self;
        load.pass(floor, 5)?;
        Ok(load)
    }

    pub fn record(&self, floor: &Floor<'_>) -> Result<Record, Stop> {
        let ended = floor.stack.ask(&Command::sh(format!("cat {RECORD} 2>/dev/null || true")))?;
        Ok(Record::read(&ended.text()))
    }

    /// Waits until so many more requests were sent, and gives the number of the last.
    pub fn pass(&self, floor: &Floor<'_>, requests: u64) -> Result<u64, Stop> {
        // One command that waits in its place: each costs more than what it waits for.
        let last = format!("cut -d' ' -f1 {RECORD} 2>/dev/null | sort -n | tail -1");
        let line = format!(
            "last() {{ {last}; }}; to=$(($(last) + {requests})); n=0; \
             until [ \"$(last)\" -ge $to ] || [ $n -ge 150 ]; do n=$((n + 1)); sleep 0.2; done 2>/dev/null; last; [ $n -lt 150 ]"
        );
        let ended = floor.stack.ask(&Command::sh(line).seconds(60))?;
        let last = ended.text().trim().parse().ok().filter(|_| ended.succeeded());
        last.ok_or_else(|| Stop(say!("load-stopped")))
    }

    /// Ends it, waits for what is on the way, and gives everything.
    pub fn end(self, floor: &Floor<'_>) -> Result<Record, Stop> {
        let line = format!(
            "touch {RECORD}.stop; n=0; until [ -e {RECORD}.ended ] || [ $n -ge 150 ]; do n=$((n + 1)); sleep 0.1; done"
        );
        floor.stack.ask(&Command::sh(line).seconds(60))?;
        self.record(floor)
    }
}

impl Record {
    pub fn read(text: &str) -> Self {
        let mut record = Self::default();
        for line in text.lines() {
            let words: Vec<&str> = line.split(' ').collect();
            let Some(number) = words.first().and_then(|word| word.parse().ok()) else { continue };
            match words[..] {
                [_] => drop(record.0.entry(number).or_insert(None)),
                [_, answer, url] => drop(record.0.insert(number, Some((answer.to_owned(), url.to_owned())))),
                _ => {}
            }
        }
        record
    }

    /// How many were sent between two numbers, and how many of them lost, with the first.
    pub fn lost(&self, after: u64, until: u64) -> (usize, usize, Option<Say>) {
        let (mut sent, mut lost, mut first) = (0, 0, None);
        for (_, answer) in self.0.range(after + 1..=until.max(after + 1)) {
            sent += 1;
            let status = answer.as_ref().and_then(|(answer, _)| answer.parse::<u16>().ok());
            if status.is_some_and(|status| status < 400) {
                continue;
            }
            lost += 1;
            let told = answer.as_ref().map_or(say!("no-answer"), |(answer, url)| format!("{url}: {answer}").into());
            first.get_or_insert(told);
        }
        (sent, lost, first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_lost() {
        let record =
            Record::read("1\n1 200 http://a/\n2\n3\n3 503 http://a/\n4\n4 RemoteDisconnected http://b/\nx\n2 302 u\n");
        assert_eq!(record.lost(0, 4), (4, 2, Some("http://a/: 503".into())));
        assert_eq!(record.lost(3, 4), (1, 1, Some("http://b/: RemoteDisconnected".into())));
        assert_eq!(record.lost(0, 2), (2, 0, None));
        assert_eq!(Record::read("1\n").lost(0, 1), (1, 1, Some(say!("no-answer"))));
    }
}
