//! The record of a session: what was done, when, how it ended, and the hashes of what was written. Versioned JSON lines.

use std::collections::BTreeMap;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{Build, Built, Command, Container, Ended, Piece};

/// The format's name and version: the first line of every record.
pub const FORMAT: &str = "preuve-transcript/1";
/// Of one command, this much is kept to be replayed; the hash is of all of it.
const KEPT: usize = 64 << 10;
/// Of a session.
const KEPT_IN_ALL: usize = 4 << 20;

/// What was done, beside commands.
#[derive(Clone, Debug)]
pub(crate) enum Deed {
    Said(String),
    Did(String),
    Failed(String, String),
}

/// Everything that was done in a session, in order.
#[derive(Clone, Debug)]
pub struct Transcript {
    run: String,
    /// What is added to the names of containers, so that those of several lanes are told apart.
    mark: String,
    names: BTreeMap<Container, String>,
    pub(crate) lines: Vec<Line>,
    kept: usize,
}

/// One thing that was done.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(crate) enum Line {
    Said {
        at: u64,
        text: String,
    },
    Did {
        at: u64,
        what: String,
    },
    Failed {
        at: u64,
        what: String,
        because: String,
    },
    Ran {
        at: u64,
        container: String,
        command: String,
        #[serde(skip_serializing_if = "String::is_empty")]
        directory: String,
        user: u32,
        /// Whether the repository has it run, rather than an experiment.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        own: bool,
        status: String,
        millis: u64,
        stdout: Output,
        stderr: Output,
        #[serde(skip)]
        shown: Vec<(Piece, Vec<u8>)>,
    },
}

impl Line {
    fn at(&self) -> u64 {
        match self {
            Self::Said { at, .. } | Self::Did { at, .. } | Self::Failed { at, .. } | Self::Ran { at, .. } => *at,
        }
    }
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Output {
    bytes: usize,
    sha256: String,
}

impl Output {
    fn of(bytes: &[u8]) -> Self {
        Self { bytes: bytes.len(), sha256: hex::encode(Sha256::digest(bytes)) }
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }
}

impl Transcript {
    pub(crate) fn new(run: &str) -> Self {
        Self { run: run.to_owned(), mark: String::new(), names: BTreeMap::new(), lines: Vec::new(), kept: 0 }
    }

    pub(crate) fn mark(&mut self, mark: &str) {
        mark.clone_into(&mut self.mark);
    }

    /// The records of sessions that went on beside each other as one, in the order of time.
    pub fn joined(all: impl IntoIterator<Item = Self>) -> Self {
        let mut all = all.into_iter();
        let mut joined = all.next().unwrap_or_else(|| Self::new(""));
        for other in all {
            joined.run = format!("{} {}", joined.run, other.run);
            joined.names.extend(other.names);
            joined.lines.extend(other.lines);
            joined.kept += other.kept;
        }
        joined.lines.sort_by_key(Line::at);
        joined
    }

    /// Containers are named by their alias, or in the order in which they were started: an engine's ids tell nothing and
    /// differ each time.
    pub(crate) fn called(&mut self, container: &Container, alias: &str) {
        let taken = |name: &str| self.names.values().any(|used| used.strip_suffix(&self.mark) == Some(name));
        let base = if alias.is_empty() { format!("c{}", self.names.len() + 1) } else { alias.to_owned() };
        let more = (2..).map(|number| format!("{base}-{number}"));
        let name = std::iter::once(base.clone()).chain(more).find(|name| !taken(name));
        self.names.insert(container.clone(), name.unwrap_or(base) + &self.mark);
    }

    pub(crate) fn name(&self, container: &Container) -> String {
        self.names.get(container).cloned().unwrap_or_else(|| container.0.chars().take(12).collect())
    }

    pub(crate) fn add(&mut self, at: u64, deed: Deed) {
        self.lines.push(match deed {
            Deed::Said(text) => Line::Said { at, text },
            Deed::Did(what) => Line::Did { at, what },
            Deed::Failed(what, because) => Line::Failed { at, what, because },
        });
    }

    pub(crate) fn ran(&mut self, at: u64, container: &Container, command: &Command, ended: &Ended) {
        let (container, directory) = (self.name(container), command.directory.clone());
        self.run_line(at, container, command.shown(), directory, (command.user, command.own), ended);
    }

    pub(crate) fn built(&mut self, at: u64, build: &Build, built: &Built) {
        let target = if build.target.is_empty() { String::new() } else { format!(" --target {}", build.target) };
        self.run_line(at, "engine".into(), format!("build{target}"), String::new(), (0, true), &built.ended);
    }

    fn run_line(
        &mut self,
        at: u64,
        container: String,
        command: String,
        directory: String,
        (user, own): (u32, bool),
        ended: &Ended,
    ) {
        let shown = self.keep(ended);
        self.lines.push(Line::Ran {
            at,
            container,
            command: bounded(&command),
            directory,
            user,
            own,
            status: ended.status.to_string(),
            millis: ended.millis,
            stdout: Output::of(&ended.stdout),
            stderr: Output::of(&ended.stderr),
            shown,
        });
    }

    /// The pieces of output in the order in which they came, up to the bound.
    fn keep(&mut self, ended: &Ended) -> Vec<(Piece, Vec<u8>)> {
        let mut room = KEPT.min(KEPT_IN_ALL.saturating_sub(self.kept));
        let (mut out, mut err) = (ended.stdout.as_slice(), ended.stderr.as_slice());
        let mut kept = Vec::new();
        for piece in &ended.pieces {
            let from = match piece.stream {
                crate::Stream::Out => &mut out,
                crate::Stream::Err => &mut err,
            };
            let (bytes, rest) = from.split_at(piece.bytes.min(from.len()));
            *from = rest;
            let bytes = &bytes[..bytes.len().min(room)];
            room -= bytes.len();
            self.kept += bytes.len();
            if !bytes.is_empty() {
                kept.push((*piece, bytes.to_vec()));
            }
        }
        kept
    }

    /// The record as JSON lines: the format and run first, then one line a deed.
    pub fn to_json_lines(&self) -> String {
        let head = serde_json::json!({ "format": FORMAT, "run": self.run });
        let mut text = format!("{head}\n");
        for line in &self.lines {
            text.push_str(&serde_json::to_string(line).expect("strings and numbers are always written"));
            text.push('\n');
        }
        text
    }

    /// The hash of the record, to be signed.
    pub fn sha256(&self) -> String {
        hex::encode(Sha256::digest(self.to_json_lines().as_bytes()))
    }
}

/// Command lines can be a script; a record shows their beginning and says how long they were.
fn bounded(command: &str) -> String {
    const MOST: usize = 2000;
    match command.char_indices().nth(MOST) {
        Some((cut, _)) => {
            format!("{}… ({} bytes, sha256 {})", &command[..cut], command.len(), hex::encode(Sha256::digest(command)))
        }
        None => command.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::{Status, Stream};

    /// The golden record of version 1: a change here is a new version.
    #[test]
    fn the_format_of_version_1() {
        let mut transcript = Transcript::new("r1");
        let (web, other) = (Container("0123456789abcdef".into()), Container("f".into()));
        transcript.called(&web, "web");
        transcript.called(&other, "web");
        transcript.add(0, Deed::Said("baseline".into()));
        transcript.add(3, Deed::Did("start web (guarded) from i".into()));
        let pieces = vec![Piece { millis: 4, stream: Stream::Out, bytes: 3 }];
        let ended = Ended { millis: 12, pieces, ..Ended::exit(1, "no\n") };
        transcript.ran(10, &web, &Command::sh("test -e \"x y\"").directory("/work/repo"), &ended);
        transcript.ran(30, &other, &Command::new(["a", "b c"]), &Ended { status: Status::TimedOut, ..ended });
        transcript.add(50, Deed::Failed("get web:/x".into(), "no such file".into()));
        expect![[r#"
            {"format":"preuve-transcript/1","run":"r1"}
            {"kind":"said","at":0,"text":"baseline"}
            {"kind":"did","at":3,"what":"start web (guarded) from i"}
            {"kind":"ran","at":10,"container":"web","command":"test -e \"x y\"","directory":"/work/repo","user":1000,"status":"exit 1","millis":12,"stdout":{"bytes":3,"sha256":"564739ea8fa5926d4fa5c9734fed462061960a22e6b8d5c06e94969d97891bf2"},"stderr":{"bytes":0,"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}}
            {"kind":"ran","at":30,"container":"web-2","command":"a 'b c'","directory":"/work","user":1000,"status":"out of time","millis":12,"stdout":{"bytes":3,"sha256":"564739ea8fa5926d4fa5c9734fed462061960a22e6b8d5c06e94969d97891bf2"},"stderr":{"bytes":0,"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}}
            {"kind":"failed","at":50,"what":"get web:/x","because":"no such file"}
        "#]].assert_eq(&transcript.to_json_lines());
    }

    #[test]
    fn a_recording_is_an_asciicast() {
        let mut transcript = Transcript::new("r1");
        let web = Container("c".into());
        transcript.called(&web, "web");
        transcript.add(100, Deed::Said("baseline".into()));
        let piece = |millis, stream, bytes| Piece { millis, stream, bytes };
        let pieces = vec![piece(1, Stream::Out, 4), piece(50, Stream::Err, 4), piece(90, Stream::Out, 3)];
        let ended = Ended { stderr: b"err\n".to_vec(), millis: 95, pieces, ..Ended::exit(0, "one\ntwo") };
        transcript.ran(200, &web, &Command::sh("go"), &ended);
        expect![[r#"
            {"height":32,"title":"a title","version":2,"width":120}
            [0.000, "o", "\u001b[1m# baseline\u001b[0m\r\n"]
            [0.100, "o", "\u001b[36mweb\u001b[0m \u001b[1m$ go\u001b[0m\r\n"]
            [0.101, "o", "one\r\n"]
            [0.150, "o", "err\r\n"]
            [0.190, "o", "two"]
            [0.195, "o", "\r\n\u001b[32m= exit 0\u001b[0m \u001b[2m95 ms\u001b[0m\r\n"]
        "#]]
        .assert_eq(&crate::Cast::of(&transcript, "a title").to_asciicast());
    }

    #[test]
    fn sessions_beside_each_other_are_one_record() {
        let lane = |run: &str, mark: &str, at: [u64; 2]| {
            let mut transcript = Transcript::new(run);
            transcript.mark(mark);
            for (index, at) in at.into_iter().enumerate() {
                let web = Container(format!("{run} {index}"));
                transcript.called(&web, "web");
                transcript.add(at, Deed::Did(format!("remove {}", transcript.name(&web))));
            }
            transcript
        };
        let joined = Transcript::joined([lane("r1", "", [1, 30]), lane("r2", "@2", [2, 20])]);
        expect![[r#"
            {"format":"preuve-transcript/1","run":"r1 r2"}
            {"kind":"did","at":1,"what":"remove web"}
            {"kind":"did","at":2,"what":"remove web@2"}
            {"kind":"did","at":20,"what":"remove web-2@2"}
            {"kind":"did","at":30,"what":"remove web-2"}
        "#]]
        .assert_eq(&joined.to_json_lines());
    }

    #[test]
    fn what_is_kept_to_be_shown_is_bounded() {
        let mut transcript = Transcript::new("r1");
        let bytes = vec![b'x'; 1 << 20];
        let pieces = vec![Piece { millis: 0, stream: Stream::Out, bytes: bytes.len() }];
        for _ in 0..100 {
            let ended = Ended { pieces: pieces.clone(), ..Ended::exit(0, bytes.clone()) };
            transcript.ran(0, &Container("c".into()), &Command::sh("yes"), &ended);
        }
        assert_eq!(transcript.kept, KEPT_IN_ALL);
    }
}
