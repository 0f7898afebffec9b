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
const FETCH: &str = include_str!("fetch.sh");
const FOLDER: &str = "/work/relay";
pub(super) const PORT: u16 = 3142;
/// The most that the files of one errand and all files may take.
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
        let (mut missing, mut room, mut settled) = (BTreeSet::new(), ALL, Vec::new());
        loop {
            // What was brought before is given out on the way.
            let words = ["python3".to_owned(), format!("{FOLDER}/relay.py"), "wanted".to_owned()];
            let ask = Command::new(words.into_iter().chain(settled));
            let Ok(asked) = self.engine.exec(&self.control, &ask) else { break };
            let asked = asked.text();
            let urls = asked.lines().filter(|url| url.starts_with("http://"));
            if over.load(Ordering::Acquire) {
                break;
            }
            let named: Vec<(String, &str)> = urls.map(|url| (digest(url.as_bytes()), url)).collect();
            let (had, later) = self.bring(&named, &mut room).unwrap_or_default();
            let known = |key: &String| had.contains(key) || later.contains(key);
            missing.extend(named.iter().filter(|(key, _)| !known(key)).map(|(_, url)| (*url).to_owned()));
            settled = named.into_iter().map(|(key, _)| key).filter(|key| !later.contains(key)).collect();
        }
        missing
    }

    /// Fetches files together and lays them beside the relay. Says which it had, and which come with a later errand; nothing
    /// when the engine fails.
    fn bring(&self, named: &[(String, &str)], room: &mut u64) -> Option<(BTreeSet<String>, BTreeSet<String>)> {
        if named.is_empty() || *room == 0 {
            return None;
        }
        let words = ["sh".to_owned(), "-c".into(), FETCH.into(), "fetch".into(), FILE.min(*room).to_string()];
        let pairs = named.iter().flat_map(|(key, url)| [key.clone(), (*url).to_owned()]);
        let fetch = Command::new(words.into_iter().chain(pairs)).seconds(350);
        let told = self.engine.exec(&self.fetcher, &fetch).ok()?.text();
        let said = |word: &str| told.lines().filter_map(|line| line.strip_prefix(word).map(str::to_owned)).collect();
        let (had, later): (BTreeSet<String>, BTreeSet<String>) = (said("had "), said("later "));
        if !had.is_empty() {
            let mut files = self.engine.get(&self.fetcher, "/tmp/fetched", FILE).ok()?.entries;
            files.retain(|entry| had.contains(&entry.path));
            let bytes: u64 = files.iter().filter_map(Entry::bytes).map(|bytes| bytes.len() as u64).sum();
            *room = room.saturating_sub(bytes);
            self.engine.put(&self.control, &format!("{FOLDER}/brought"), &files).ok()?;
        }
        Some((had, later))
    }
}
