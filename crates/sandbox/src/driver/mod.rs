//! Docker and Podman, driven by their command line: one driver, two dialects.

mod cluster;
mod counters;
mod exec;
mod files;
mod flags;
mod host;
mod images;
mod members;
mod networks;
mod pods;
mod port;
mod refusals;
mod removal;
mod seccomp;
mod volumes;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

pub(crate) use self::cluster::Parts;
pub use self::flags::Dialect;
pub(crate) use self::images::Origin;
pub(crate) use self::networks::addresses;
use crate::process::{self, Bounds, Ran};
use crate::{Clock, Container, Failure, Image, Kind, NetworkName, Run};

/// How long the engine itself may take for what it does at once.
const PATIENCE: Bounds = Bounds { seconds: 60, bytes: 4 << 20 };

/// One engine, for one run.
pub struct Driver {
    dialect: Dialect,
    /// The engine's program and the words that always come first.
    program: Vec<String>,
    run: Run,
    clock: Arc<dyn Clock>,
    /// The image whose programs set up networks and hosts from outside.
    helper: Mutex<Option<Image>>,
    known: Mutex<BTreeMap<Container, Known>>,
    door: Mutex<Option<Container>>,
    /// Which system calls a container may make, where the engine's own answer is too wide.
    profile: Mutex<Option<PathBuf>>,
    /// Frozen images whose prepared state is too much to copy for each container.
    large: Mutex<BTreeSet<Image>>,
    /// Whether what is started takes only the processor time that others leave.
    gives_way: AtomicBool,
}

/// What is remembered of a container.
#[derive(Clone, Debug)]
struct Known {
    kind: Kind,
    /// The names by which it is reached.
    aliases: Vec<String>,
    network: Option<NetworkName>,
    disk_bytes: u64,
    /// How often the kernel has refused it memory and processes so far.
    seen: counters::Counters,
}

impl Driver {
    /// The engine of this machine that answers; Docker first when none is asked for.
    ///
    /// # Errors
    /// When none answers, with what each said.
    pub fn find(wanted: Option<Dialect>, run: &Run, clock: &Arc<dyn Clock>) -> Result<Self, Failure> {
        let mut said = Vec::new();
        for dialect in [Dialect::Docker, Dialect::Podman] {
            if wanted.is_some_and(|wanted| wanted != dialect) {
                continue;
            }
            let driver = Self::new(dialect, run.clone(), Arc::clone(clock));
            match driver.version() {
                Ok(_) => return Ok(driver),
                Err(Failure::Absent(why)) => said.push(why),
                Err(error) => said.push(error.to_string()),
            }
        }
        Err(Failure::Absent(said.join("; ")))
    }

    fn new(dialect: Dialect, run: Run, clock: Arc<dyn Clock>) -> Self {
        let program = match dialect {
            Dialect::Docker => vec!["docker".to_owned()],
            Dialect::Podman => vec!["podman".to_owned()],
        };
        let (helper, known, door) = (Mutex::new(None), Mutex::new(BTreeMap::new()), Mutex::new(None));
        let (profile, large) = (Mutex::new(None), Mutex::new(BTreeSet::new()));
        let gives_way = AtomicBool::new(false);
        Self { dialect, program, run, clock, helper, known, door, profile, large, gives_way }
    }

    /// The version of the engine, or why it does not answer.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn version(&self) -> Result<String, Failure> {
        let format = match self.dialect {
            Dialect::Docker => "{{.Server.Version}}",
            Dialect::Podman => "{{.Client.Version}}",
        };
        let ran = self.engine(&["version", "--format", format])?;
        if ran.succeeded() { Ok(line(&ran)) } else { Err(Failure::Absent(ran.complaint())) }
    }

    /// The folder in which the engine keeps images and containers.
    pub(crate) fn root(&self) -> Option<String> {
        let format = match self.dialect {
            Dialect::Docker => "{{.DockerRootDir}}",
            Dialect::Podman => "{{.Store.GraphRoot}}",
        };
        let ran = self.engine(&["info", "--format", format]).ok()?;
        ran.succeeded().then(|| line(&ran))
    }

    /// Whether a run can change the engine's networks: Podman without root keeps them where nobody else comes in.
    pub(crate) fn owns_networks(&self) -> bool {
        match self.dialect {
            Dialect::Docker => true,
            Dialect::Podman => {
                let told = self.engine(&["info", "--format", "{{.Host.Security.Rootless}}"]);
                told.is_ok_and(|ran| line(&ran) == "false")
            }
        }
    }

    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    pub(crate) fn set_helper(&self, image: &Image) {
        *self.helper.lock().expect("nothing panics while it is held") = Some(image.clone());
    }

    fn helper(&self) -> Result<Image, Failure> {
        let helper = self.helper.lock().expect("nothing panics while it is held").clone();
        helper.ok_or_else(|| Failure::Refused("no image of ours is here to set this up".into()))
    }

    fn gives_way(&self) -> bool {
        self.gives_way.load(Ordering::SeqCst)
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<Container, Known>> {
        self.known.lock().expect("nothing panics while it is held")
    }

    fn about(&self, container: &Container) -> Result<Known, Failure> {
        let known = self.known().get(container).cloned();
        known.ok_or_else(|| Failure::Refused(format!("the container {} is not of this run", container.0)))
    }

    /// Asks the engine for something that is done at once.
    fn engine(&self, words: &[&str]) -> Result<Ran, Failure> {
        self.engine_with(words.iter().map(|word| (*word).to_owned()).collect(), Vec::new(), PATIENCE, &mut || false)
    }

    fn engine_with(
        &self,
        words: Vec<String>,
        input: Vec<u8>,
        bounds: Bounds,
        watch: &mut dyn FnMut() -> bool,
    ) -> Result<Ran, Failure> {
        let argv: Vec<String> = self.program.iter().cloned().chain(words).collect();
        process::run(&*self.clock, &argv, input, bounds, watch)
    }

    /// Asks for something that must succeed.
    fn must(&self, action: &str, words: &[&str]) -> Result<Ran, Failure> {
        succeeded(action, self.engine(words)?)
    }
}

/// The run of a command, or the failure of the engine that it is.
fn succeeded(action: &str, ran: Ran) -> Result<Ran, Failure> {
    if ran.succeeded() {
        return Ok(ran);
    }
    let message = ran.complaint();
    if ["No such image", "Unable to find image", "image not known"].iter().any(|words| message.contains(words)) {
        return Err(Failure::NoImage(action.rsplit(' ').next().unwrap_or(action).to_owned()));
    }
    if ["Cannot connect to the Docker daemon", "Is the docker daemon running"]
        .iter()
        .any(|words| message.contains(words))
    {
        return Err(Failure::Absent(message));
    }
    Err(Failure::Engine { action: action.to_owned(), message })
}

/// The last line that a command wrote: engines print names there.
fn line(ran: &Ran) -> String {
    String::from_utf8_lossy(&ran.stdout).trim().lines().last().unwrap_or_default().to_owned()
}
