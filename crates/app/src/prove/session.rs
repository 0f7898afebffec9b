//! A session of the sandbox, as the verb opens one: which engine, which clock, which chance.

use std::path::Path;
use std::sync::{Arc, Weak};

use ::prove::protocol::Stop;
use ::prove::{Bench, Shelf, Tree};
use sandbox::{Cast, Clock, Dialect, Machine, Run, Sandbox, Setting, Transcript};

/// An open session: everything that it made is removed with it.
pub struct Session(Arc<Sandbox>);

/// Ends a session from elsewhere, before its time.
pub struct Ender(Weak<Sandbox>);

impl Ender {
    /// Removes everything that the session made, and keeps it from making more. One that is over has removed it already.
    pub fn end(&self) {
        // What cannot be removed now is swept at the next start.
        drop(self.0.upgrade().map(|sandbox| sandbox.end()));
    }
}

impl Session {
    /// Opens a session on the engine that is wanted, or on the first that answers. `say` hears what takes time.
    ///
    /// # Errors
    /// With a sentence, when no engine answers, an image cannot be built, or a way out of a container is open.
    pub fn open(
        runtime: Option<&str>,
        chance: &[u8; 32],
        clock: Arc<dyn Clock>,
        cache: &Path,
        say: &mut dyn FnMut(&str),
    ) -> Result<Self, String> {
        let told = |failure: sandbox::Failure| failure.to_string();
        let id: String = chance.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        let run = Run::new(&id, chance).map_err(told)?;
        let dialect = match runtime {
            Some("podman") => Some(Dialect::Podman),
            Some(_) => Some(Dialect::Docker),
            None => None,
        };
        let machine = Machine::read(cache.join("sandbox"), None);
        Sandbox::open(Setting { run, clock, dialect, machine }, say).map(Self::over).map_err(told)
    }

    /// A session over an engine that a test plays.
    pub fn over(sandbox: Sandbox) -> Self {
        Self(Arc::new(sandbox))
    }

    /// Tells the containers of a lane that goes on beside the first by its number, in the record.
    pub fn lane(self, number: usize) -> Self {
        self.0.mark(&format!("@{number}"));
        self
    }

    pub fn ender(&self) -> Ender {
        Ender(Arc::downgrade(&self.0))
    }

    /// What subjects are set up with, over the files of a commit.
    pub(crate) fn with_bench<T>(&self, tree: &Tree, run: impl FnOnce(&Bench<'_>) -> T) -> T {
        let sandbox = &*self.0;
        let image = |recipe: &str| sandbox.image(recipe).map_err(Stop::from);
        let stand_in = |asked: &str| {
            let (image, instead) = sandbox.stand_in(asked).map_err(Stop::from)?;
            Ok((image, instead.map(|stand_in| stand_in.to_string().into())))
        };
        let millis = || sandbox.clock().millis();
        let nonce = sandbox.run().nonce("prove");
        let shelf = Shelf::default();
        run(&Bench {
            engine: sandbox,
            tree,
            image: &image,
            stand_in: &stand_in,
            millis: &millis,
            nonce: &nonce,
            shelf: &shelf,
        })
    }

    /// What was done, as versioned JSON lines.
    pub fn transcript(&self) -> String {
        transcript(std::slice::from_ref(self))
    }

    /// The same as a recording of a terminal.
    pub fn recording(&self) -> Cast {
        recording(std::slice::from_ref(self))
    }
}

/// What was done in sessions beside each other, as versioned JSON lines.
pub fn transcript(sessions: &[Session]) -> String {
    joined(sessions).to_json_lines()
}

/// The same as a recording of a terminal.
pub fn recording(sessions: &[Session]) -> Cast {
    Cast::of(&joined(sessions), "preuve prove")
}

fn joined(sessions: &[Session]) -> Transcript {
    Transcript::joined(sessions.iter().map(|session| session.0.transcript()))
}
