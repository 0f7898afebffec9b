//! What every test of proofs runs with: a repository, a clock, chance of its own, and a session on the real engine.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use app::prove::{Clock, ProofReport, Request, Say, Session, Silent};
use app::{Lang, Reading, Words};
use jiff::civil::date;
use sandbox::Run;
use serde_json::Value;

/// Makes a repository of these files.
#[allow(dead_code, reason = "one test makes its own over several commits")]
pub fn repository(path: &Path, files: &[(&str, &str)]) -> String {
    let tree: BTreeMap<String, String> =
        files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    testing::history::make(path, &[], &tree).unwrap()
}

/// Answers, and goes on answering for some seconds after it was asked to end.
const APP: &str = r#"import http.server, signal, threading, time

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"fares\n")

    def log_message(self, *arguments):
        pass

server = http.server.ThreadingHTTPServer(("", 8000), Handler)

def drain(*_):
    threading.Thread(target=lambda: (time.sleep({linger}), server.shutdown())).start()

signal.signal(signal.SIGTERM, drain)
server.serve_forever()
"#;

/// The application that deliveries are proven with.
#[allow(dead_code, reason = "not every test delivers")]
pub fn app(linger: u32) -> String {
    APP.replace("{linger}", &linger.to_string())
}

/// What is asked of every proof here.
pub fn request(path: &Path, only: &str, sample: usize) -> Request {
    Request {
        repository: path.display().to_string(),
        rev: "HEAD".into(),
        only: only.split(',').map(str::to_owned).collect(),
        frameworks: vec!["rs-devops".into()],
        packs: Vec::new(),
        as_of: date(2026, 11, 22),
        lang: Lang::En,
        seed: 1,
        sample,
        reading: Reading { deep: false, cache: None, threads: 1 },
    }
}

/// Proves competences of a repository: `C3`, or `C3,C4`.
#[allow(dead_code, reason = "one test proves for another framework")]
pub fn prove(path: &Path, only: &str, sample: usize, session: &Session) -> ProofReport {
    app::prove::prepare(&request(path, only, sample)).unwrap().conduct(session, &mut |_, _| Box::new(Silent))
}

/// What a proof says, as an English reader finds it.
#[allow(dead_code, reason = "not every test reads reasons")]
pub fn said(said: Option<&Say>) -> String {
    said.map_or(String::new(), |said| Words(Lang::En).said(said))
}

/// All that a proof says, as an English reader finds it.
#[allow(dead_code, reason = "not every test reads reasons")]
pub fn told(proof: &ProofReport) -> String {
    fn walk(value: Value, found: &mut Vec<String>) {
        if let Value::Object(fields) = &value
            && fields.contains_key("say")
        {
            return found.push(said(serde_json::from_value(value).ok().as_ref()));
        }
        match value {
            Value::Object(fields) => fields.into_iter().for_each(|(_, value)| walk(value, found)),
            Value::Array(values) => values.into_iter().for_each(|value| walk(value, found)),
            Value::String(text) => found.push(text),
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(serde_json::from_str(&proof.to_json()).unwrap(), &mut found);
    found.join("\n")
}

struct Watch(std::time::Instant);

impl Clock for Watch {
    fn millis(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

#[expect(clippy::disallowed_methods, reason = "a real run has a real clock")]
pub fn clock() -> Arc<dyn Clock> {
    Arc::new(Watch(std::time::Instant::now()))
}

/// A session on the real engine. Without one this fails, since a proof that nothing ran is none.
#[allow(dead_code, reason = "a proof on a cluster opens its own")]
pub fn session(test: &str) -> Session {
    let cache = std::env::temp_dir().join("preuve-test-sandbox");
    let chance = chance(&format!("{test} {}", std::process::id()));
    Session::open(None, &chance, clock(), &cache, &mut |_| ()).expect("a container engine answers")
}

/// A session that can raise a cluster. Kubernetes is built once for this machine, in the cache of the verbs.
#[allow(dead_code, reason = "not every test of proofs needs a cluster")]
#[expect(clippy::disallowed_methods, reason = "the cache of this machine")]
pub fn session_with_cluster(test: &str) -> Session {
    let var = |name: &str| std::env::var(name).ok();
    let cache = var("XDG_CACHE_HOME").unwrap_or_else(|| format!("{}/.cache", var("HOME").unwrap_or_default()));
    let cache = std::path::PathBuf::from(cache).join("preuve");
    let machine = sandbox::Machine::read(cache.join("engine"), None);
    assert!(sandbox::cluster::is_here(&machine), "{}", sandbox::cluster::MISSING);
    let chance = chance(&format!("{test} {}", std::process::id()));
    Session::open(None, &chance, clock(), &cache, &mut |_| ()).expect("a container engine answers")
}

/// What only this run of this test draws: runs of the same chance would share their names.
fn chance(text: &str) -> [u8; 32] {
    let drawn = Run::new("chance", text.as_bytes()).unwrap().nonce("chance");
    drawn.into_bytes().try_into().unwrap()
}
