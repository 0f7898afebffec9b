//! What every test of proofs runs with: a clock, chance of its own, and a session on the real engine.

use std::sync::Arc;

use app::prove::{Clock, Fault, Journal, Session, Trial};
use sandbox::Run;

/// Follows a run and keeps nothing of it.
pub struct Silent;

impl Journal for Silent {
    fn say(&mut self, _: &str) {}
    fn recall(&mut self, _: &Fault) -> Option<Trial> {
        None
    }
    fn keep(&mut self, _: &Trial) {}
    fn spent(&self) -> bool {
        false
    }
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
pub fn session(test: &str) -> Session {
    let cache = std::env::temp_dir().join("preuve-test-sandbox");
    let chance = chance(&format!("{test} {}", std::process::id()));
    Session::open(None, &chance, clock(), &cache, &mut |_| ()).expect("a container engine answers")
}

/// What only this run of this test draws: runs of the same chance would share their names.
fn chance(text: &str) -> [u8; 32] {
    let drawn = Run::new("chance", text.as_bytes()).unwrap().nonce("chance");
    drawn.into_bytes().try_into().unwrap()
}
