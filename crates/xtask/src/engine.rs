//! Makes the images that experiments and their tests run in, so that neither waits for them.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use sandbox::{Clock, Machine, Run, Sandbox, Setting};

struct Watch(Instant);

impl Clock for Watch {
    fn millis(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// Opens a session, which tries the boundary, and builds every recipe.
///
/// # Errors
/// With what the engine says.
#[expect(
    clippy::disallowed_methods,
    reason = "a program for people: it takes the clock and the environment as they are"
)]
pub(crate) fn run() -> Result<String, String> {
    let home = std::env::var("HOME").unwrap_or_else(|_| "/root".into());
    let cache = std::env::var("XDG_CACHE_HOME").unwrap_or_else(|_| format!("{home}/.cache"));
    let machine = Machine::read(PathBuf::from(cache).join("preuve/engine"), std::env::var("PREUVE_REGISTRY").ok());
    let id = format!("images-{}", std::process::id());
    let run = Run::new(&id, id.as_bytes()).map_err(|error| error.to_string())?;
    let setting = Setting { run, clock: Arc::new(Watch(Instant::now())), dialect: None, machine };
    let mut say = |what: &str| {
        let _ = writeln!(std::io::stderr(), "preparing {what}");
    };
    let sandbox = Sandbox::open(setting, &mut say).map_err(|error| error.to_string())?;
    sandbox.build_all(&mut say).map_err(|error| error.to_string())?;
    Ok(String::new())
}
