//! Brings hosts the packages that they ask for, without giving them a network.
//!
//! Hosts ask a relay on their internal network. What it lacks is fetched by a container of ours that reaches package
//! registries, by plain GET, and laid into the relay. No code of the subject ever runs where there is a way out; and once
//! the hosts are prepared nothing more is fetched, so that a judged run works from what is there.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use sandbox::{Command, Container, Engine, Entry, Spec};

use crate::attest::digest;
use crate::experiment::Bench;
use crate::protocol::Stop;
use crate::say::say;

const PROGRAM: &str = include_str!("relay.py");
const FOLDER: &str = "/work/relay";
pub(super) const PORT: u16 = 3142;
/// The most that one file and all files may take.
const FILE: u64 = 128 << 20;
const ALL: u64 = 600 << 20;

/// The relay in the control container, and the fetcher beside it.
pub(crate) struct Relay<'a> {
    engine: &'a dyn Engine,
    control: Container,
    fetcher: Container,
}

impl<'a> Relay<'a> {
    pub fn start(bench: &'a Bench<'a>, control: &Container) -> Result<Self, Stop> {
        let engine = bench.engine;
        engine.put(control, FOLDER, &[Entry::file("relay.py", PROGRAM), Entry::file("open", "")])?;
        let serve = format!(
            "setsid nohup python3 {FOLDER}/relay.py >/dev/null 2>&1 & for n in $(seq 50); do \
             python3 -c 'import socket; socket.create_connection((\"127.0.0.1\", {PORT}), 1)' 2>/dev/null && exit 0; \
             sleep 0.2; done; exit 1"
        );
        if !engine.exec(control, &Command::sh(serve))?.succeeded() {
            return Err(Stop(say!("no-relay")));
        }
        let fetcher = engine.start(&Spec::preparing(&(bench.image)("control")?))?;
        Ok(Self { engine, control: control.clone(), fetcher })
    }

    /// Runs something, and brings what is asked for meanwhile. Returns also what could not be had.
    pub fn during<T>(&self, run: impl FnOnce() -> T) -> (T, BTreeSet<String>) {
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let pump = scope.spawn(|| self.pump(&over));
            let result = run();
            over.store(true, Ordering::Release);
            (result, pump.join().unwrap_or_default())
        })
    }

    /// Nothing is fetched from now on.
    pub fn close(&self) -> Result<(), Stop> {
        self.engine.exec(&self.control, &Command::sh(format!("rm -f {FOLDER}/open")))?;
        self.engine.remove(&self.fetcher)?;
        Ok(())
    }

    fn pump(&self, over: &AtomicBool) -> BTreeSet<String> {
        let (mut missing, mut taken) = (BTreeSet::new(), 0);
        while !over.load(Ordering::Acquire) {
            let ask = Command::sh(format!("python3 {FOLDER}/relay.py wanted"));
            let Ok(asked) = self.engine.exec(&self.control, &ask) else { break };
            for url in asked.text().lines().filter(|url| url.starts_with("http://")) {
                match self.bring(url, ALL - taken) {
                    Some(bytes) => taken = (taken + bytes).min(ALL),
                    None => {
                        missing.insert(url.to_owned());
                    }
                }
            }
        }
        missing
    }

    /// Fetches one file and lays it into the relay; nothing when it cannot be had.
    fn bring(&self, url: &str, room: u64) -> Option<u64> {
        let key = digest(url.as_bytes());
        let bytes = self.fetch(url, FILE.min(room));
        let size = bytes.as_ref().map(|bytes| bytes.len() as u64);
        if let Some(bytes) = bytes {
            let laid = format!("{FOLDER}/have");
            self.engine.put(&self.control, &laid, &[Entry::file(format!("{key}.new"), bytes)]).ok()?;
            self.engine.exec(&self.control, &Command::sh(format!("mv {laid}/{key}.new {laid}/{key}"))).ok()?;
        }
        self.engine.exec(&self.control, &Command::sh(format!("rm -f {FOLDER}/wanted/{key}"))).ok()?;
        size
    }

    fn fetch(&self, url: &str, most: u64) -> Option<Vec<u8>> {
        let fixed =
            ["curl", "-fsSL", "--proto", "=http,https", "--retry", "2", "--max-time", "100", "-o", "/tmp/fetched"];
        let limit = ["--max-filesize".to_owned(), most.to_string(), "--".to_owned(), url.to_owned()];
        let argv = fixed.into_iter().map(ToOwned::to_owned).chain(limit);
        let fetched = self.engine.exec(&self.fetcher, &Command::new(argv).seconds(120)).ok()?;
        let taken = fetched.succeeded().then(|| self.engine.get(&self.fetcher, "/tmp/fetched", most).ok()).flatten()?;
        taken.file("fetched").map(ToOwned::to_owned)
    }
}
