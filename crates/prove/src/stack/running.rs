//! A project that runs: services on one internal network, started in order, waited for, asked, broken and mended.

use std::collections::BTreeMap;

use sandbox::{
    Command, Container, Entry, Image, Limits, Network, NetworkName, Pull, Spec, State, VolumeName, eventually_by,
};

use super::images::Made;
use super::layers::join;
use super::project::Project;
use super::service::{Condition, Health, Mount, Service, Source};
use super::trouble::{Stage, Trouble, Wrong};
use crate::experiment::Bench;
use crate::output::tail;
use crate::protocol::Stop;
use crate::say::say;
use crate::tree::Tree;

const SERVICE: Limits = Limits { milli_cpus: 2000, memory_bytes: 1 << 30, processes: 512, disk_bytes: 4 << 30 };
/// Of what a project keeps in a volume, in memory.
const VOLUME: u64 = 512 << 20;
/// Seconds within which a service ends that must end, answers, or is well, when nothing says otherwise.
const PATIENCE: u32 = 60;
const MOST_PATIENCE: u32 = 180;
/// Seconds for what is there to do something and end.
const COMPLETION: u32 = 300;
/// How often a service is started again that ends before others are ready for it.
const RESTARTS: usize = 5;

/// A project on a network of its own. What it makes goes with the run.
pub(crate) struct Stack<'a> {
    pub(super) bench: &'a Bench<'a>,
    network: NetworkName,
    /// A member of ours, from which services are asked.
    pub(super) prober: Container,
    pub(super) project: Project,
    pub(super) made: Made,
    pub(super) volumes: BTreeMap<String, VolumeName>,
    pub(super) keeper: Option<Container>,
    /// Ports of services that something else holds already.
    taken: BTreeMap<String, u16>,
    squatters: Vec<Container>,
    pub(super) running: BTreeMap<String, Container>,
}

impl<'a> Stack<'a> {
    /// A network with nothing on it but our observer. The name tells it from others of the run.
    pub fn new(bench: &'a Bench<'a>, name: &str) -> Result<Self, Stop> {
        let network = bench.engine.network(name)?;
        let spec = Spec::guarded(&(bench.image)("probe")?).alias("preuve").network(Network::Members(network.clone()));
        let prober = bench.engine.start(&spec)?;
        let project = Project::default();
        let (made, volumes, running) = (Made::new(), BTreeMap::new(), BTreeMap::new());
        let (taken, squatters) = (BTreeMap::new(), Vec::new());
        Ok(Self { bench, network, prober, project, made, volumes, keeper: None, taken, squatters, running })
    }

    /// Takes away what ran, and lays out another state: its images, its files, empty volumes.
    pub fn lay(&mut self, tree: &Tree, project: &Project, made: Made) -> Result<(), Stop> {
        self.down()?;
        self.project = project.clone();
        self.made = made;
        let mut keeper = Spec::service(&(self.bench.image)("base")?)
            .alias("keeper")
            .argv(["sleep", "infinity"])
            .limits(Limits { memory_bytes: 3 << 30, ..SERVICE });
        let mut folders = Vec::new();
        for service in project.services.values() {
            for mount in &service.mounts {
                let Some(key) = key(service, mount) else { continue };
                if self.volumes.contains_key(&key) {
                    continue;
                }
                let number = self.volumes.len() + 1;
                let volume = self.bench.engine.volume(&format!("{}-{number}", self.name()), VOLUME)?;
                keeper = keeper.volume(&volume, format!("/held/{number}"), false);
                if let Source::Folder(folder) = &mount.source {
                    folders.push((number, below(tree, folder)));
                }
                self.volumes.insert(key, volume);
            }
        }
        if self.volumes.is_empty() {
            return Ok(());
        }
        let keeper = self.bench.engine.start(&keeper)?;
        for (number, files) in folders {
            self.bench.engine.put(&keeper, &format!("/held/{number}"), &files)?;
            // A clone belongs to the developer, whose number is the first.
            let own = Command::new(["chown", "-R", "1000:1000", &format!("/held/{number}")]).root();
            self.bench.engine.exec(&keeper, &own)?;
        }
        self.keeper = Some(keeper);
        project.services.values().try_for_each(|service| self.lay_covered(tree, service))
    }

    /// Single files that lie in a folder or volume of the service.
    fn lay_covered(&self, tree: &Tree, service: &Service) -> Result<(), Stop> {
        for mount in &service.mounts {
            let Some(over) = service.covering(&mount.target) else { continue };
            let relative = mount.target[over.target.len()..].trim_start_matches('/');
            let Some(entry) = super::images::laid(tree, &mount.source, relative) else { continue };
            let volume = key(service, over).and_then(|key| self.volumes.get(&key).cloned());
            if let (Some(volume), Some(keeper)) = (volume, &self.keeper) {
                let number = volume.0.rsplit('-').next().unwrap_or_default().to_owned();
                self.bench.engine.put(keeper, &format!("/held/{number}"), &[entry])?;
            }
        }
        Ok(())
    }

    fn name(&self) -> &str {
        self.network.0.rsplit('-').next().unwrap_or("stack")
    }

    /// Starts every service after what it needs, and waits until all are well.
    ///
    /// # Errors
    /// With the first service that does not start, ends, or never becomes well.
    pub fn up(&mut self) -> Result<(), Wrong> {
        let project = self.project.clone();
        self.up_only(&project)
    }

    /// Starts the services of a part of the project.
    ///
    /// # Errors
    /// As [`Stack::up`].
    pub fn up_only(&mut self, part: &Project) -> Result<(), Wrong> {
        let order: Vec<Service> = match part.order() {
            Ok(order) => order.into_iter().cloned().collect(),
            Err(message) => {
                let at = crate::At { path: self.project.file.clone(), line: 1 };
                return Err(Wrong::Subject(Trouble::new(Stage::Read, "services", &at, message, "")));
            }
        };
        for service in &order {
            for need in &service.needs {
                self.wait(&need.service, need.condition)?;
            }
            self.launch(service)?;
        }
        order.iter().try_for_each(|service| self.settle(service))
    }

    pub(super) fn launch(&mut self, service: &Service) -> Result<(), Wrong> {
        let image = self.made.get(&service.name).cloned();
        let image = image.ok_or_else(|| Stop(say!("has-no-image", service = service.name)))?;
        let mut spec = self.spec(service, &image);
        if let Some(port) = self.taken.get(&service.name) {
            spec.network = Network::Beside(self.squat(&spec, *port)?);
        }
        match self.bench.engine.start(&spec) {
            Ok(container) => {
                self.running.insert(service.name.clone(), container);
                Ok(())
            }
            Err(sandbox::Failure::Engine { message, .. }) if its_own(&message) => {
                let message = say!("does-not-start", told = tail(&message, 1));
                Err(Wrong::Subject(Trouble::new(Stage::Start, &service.name, &service.at, message, "")))
            }
            Err(failure) => Err(failure.into()),
        }
    }

    /// From the next start of the service, something else holds one of its ports.
    pub fn take(&mut self, service: &str, port: u16) {
        self.taken.insert(service.to_owned(), port);
    }

    /// Something of ours that listens at a port, in a place that has the names of the service.
    fn squat(&mut self, service: &Spec, port: u16) -> Result<Container, Stop> {
        let mut spec = Spec::service(&(self.bench.image)("probe")?)
            .alias(&service.alias)
            .network(service.network.clone())
            .argv(["nc", "-l", "-k", &port.to_string()]);
        spec.also.clone_from(&service.also);
        let container = self.bench.engine.start(&spec)?;
        self.squatters.push(container.clone());
        eventually_by(self.bench.millis, PATIENCE, || self.listens(&service.alias, port))?;
        Ok(container)
    }

    fn spec(&self, service: &Service, image: &Image) -> Spec {
        let network = if service.alone { Network::None } else { Network::Members(self.network.clone()) };
        let mut spec = Spec::service(image).alias(&service.name).network(network).limits(SERVICE).pace(1, 1000);
        for alias in &service.aliases {
            spec = spec.also(alias);
        }
        for (name, value) in &service.environment {
            spec = spec.env(name, value);
        }
        for folder in &service.tmpfs {
            spec = spec.writable(folder, 64 << 20);
        }
        for mount in &service.mounts {
            if let Some(volume) = key(service, mount).and_then(|key| self.volumes.get(&key)) {
                spec = spec.volume(volume, &mount.target, mount.read_only);
            }
        }
        spec.read_only = service.read_only;
        spec.restricted = service.restricted;
        spec.argv(service.command.clone().unwrap_or_default())
    }

    /// Waits until a service is as another needs it.
    fn wait(&mut self, name: &str, condition: Condition) -> Result<(), Wrong> {
        let Some(service) = self.project.services.get(name).cloned() else { return Ok(()) };
        let seconds = match (&condition, &service.health) {
            (Condition::Started, _) => return Ok(()),
            (Condition::Healthy, Health::Check(check)) => check.patience().clamp(PATIENCE, MOST_PATIENCE),
            (Condition::Healthy, _) => MOST_PATIENCE,
            (Condition::Completed, _) => COMPLETION,
        };
        let mut restarts = 0;
        let mut last = None;
        let done = eventually_by(self.bench.millis, seconds, || {
            let state = self.state(name)?;
            let reached = match condition {
                Condition::Healthy => state.health.as_deref() == Some("healthy"),
                _ => !state.running && state.exit == 0,
            };
            let over = !state.running && !reached || condition == Condition::Healthy && state.health.is_none();
            let again = over && !state.running && service.restarts && restarts < RESTARTS;
            if again {
                restarts += 1;
                self.pull(name, Pull::Start)?;
            }
            last = Some((state, over && !again));
            Ok::<_, Stop>(reached || over && !again)
        })?;
        match last {
            Some((_, false)) if done => Ok(()),
            Some((state, _)) => Err(self.trouble(&service, &state, condition)),
            None => Ok(()),
        }
    }

    fn trouble(&self, service: &Service, state: &State, condition: Condition) -> Wrong {
        let logs = self.logs(&service.name, 64 << 10).unwrap_or_default();
        let how = match condition {
            _ if state.out_of_memory => say!("used-memory"),
            _ if !state.running => say!("ended-exit", code = state.exit),
            Condition::Healthy if state.health.is_none() => {
                say!("health-untold")
            }
            Condition::Healthy => say!("never-healthy"),
            Condition::Completed => say!("did-not-end"),
            Condition::Started => say!("does-not-answer"),
        };
        let told = tail(&logs, 3);
        let message = if told.is_empty() { how } else { say!("how-told", how, told) };
        Wrong::Subject(Trouble::new(Stage::Start, &service.name, &service.at, message, &logs))
    }

    /// Waits until a service that is not waited for by others is well, answers at its ports, or at least still runs.
    fn settle(&mut self, service: &Service) -> Result<(), Wrong> {
        let ends = self.project.services.values().flat_map(|service| &service.needs);
        if ends.clone().any(|need| need.service == service.name && need.condition == Condition::Completed) {
            return Ok(());
        }
        let state = self.state(&service.name)?;
        if !state.running && state.exit == 0 && !service.restarts {
            return Ok(());
        }
        if state.health.is_some() {
            return self.wait(&service.name, Condition::Healthy);
        }
        let ports: Vec<u16> = service.ports.iter().filter(|port| !port.udp).map(|port| port.inside).collect();
        let mut restarts = 0;
        let mut last = state;
        // What tells nothing of itself must still run after a moment.
        let mut moments = 0;
        let done = eventually_by(self.bench.millis, PATIENCE, || {
            last = self.state(&service.name)?;
            if !last.running {
                if !service.restarts || restarts >= RESTARTS {
                    return Ok(true);
                }
                restarts += 1;
                self.pull(&service.name, Pull::Start)?;
                return Ok(false);
            }
            moments += 1;
            let all =
                ports.iter().try_fold(true, |all, port| Ok::<_, Stop>(all && self.listens(&service.name, *port)?))?;
            Ok::<_, Stop>(all && (moments > 10 || !ports.is_empty()))
        })?;
        match done && (last.running || last.exit == 0 && !service.restarts) {
            true => Ok(()),
            false => Err(self.trouble(service, &last, Condition::Started)),
        }
    }

    pub fn project(&self) -> &Project {
        &self.project
    }

    /// Starts a service that is there to do something and end, and waits until it has ended well.
    ///
    /// # Errors
    /// When it ends otherwise, or not at all.
    pub fn run_once(&mut self, service: &str) -> Result<(), Wrong> {
        let found = self.project.services.get(service).cloned();
        let found = found.ok_or_else(|| Stop(say!("no-service", service)))?;
        let mut part = self.project.only(&[service]);
        part.services.remove(service);
        part.services.retain(|name, _| !self.running.contains_key(name));
        for other in part.services.values_mut() {
            other.needs.retain(|need| !self.running.contains_key(&need.service));
        }
        self.up_only(&part)?;
        for need in &found.needs {
            self.wait(&need.service, need.condition)?;
        }
        self.launch(&found)?;
        self.wait(service, Condition::Completed)
    }

    /// Waits until a service is well: by its health, its ports, or that it goes on.
    pub fn ready(&mut self, service: &str) -> Result<(), Wrong> {
        let found = self.project.services.get(service).cloned();
        let found = found.ok_or_else(|| Stop(say!("no-service", service)))?;
        self.settle(&found)
    }

    /// Whether a service still runs, however well.
    ///
    /// # Errors
    /// With how it ended.
    pub fn runs(&self, service: &str) -> Result<(), Wrong> {
        let state = self.state(service)?;
        match self.project.services.get(service) {
            Some(known) if !state.running => Err(self.trouble(known, &state, Condition::Started)),
            _ => Ok(()),
        }
    }

    /// Takes away the services and what they kept. The network stays, with our observer.
    pub fn down(&mut self) -> Result<(), Stop> {
        let services = std::mem::take(&mut self.running).into_values();
        let all: Vec<Container> = services.chain(self.squatters.drain(..)).chain(self.keeper.take()).collect();
        self.bench.engine.remove_several(&all)?;
        self.taken.clear();
        self.volumes.clear();
        Ok(())
    }
}

/// What the engine says when what it was told to run cannot be run.
fn its_own(message: &str) -> bool {
    [
        "OCI runtime",
        "executable file not found",
        "no such file or directory",
        "permission denied",
        "unable to find user",
        "No command specified",
    ]
    .iter()
    .any(|sign| message.contains(sign))
}

/// What names the volume of a mount; none for single files, which are laid in the image.
pub(super) fn key(service: &Service, mount: &Mount) -> Option<String> {
    match &mount.source {
        Source::Volume(name) => Some(format!("volume {name}")),
        Source::Anonymous => Some(format!("{} {}", service.name, mount.target)),
        Source::Folder(path) => Some(format!("folder {path}")),
        Source::File(_) | Source::Text(_) => None,
    }
}

fn below(tree: &Tree, folder: &str) -> Vec<Entry> {
    let prefix = if folder.is_empty() { String::new() } else { format!("{}/", join("", folder).unwrap_or_default()) };
    let entries = tree.entries().into_iter();
    entries.filter_map(|entry| Some(Entry { path: entry.path.strip_prefix(&prefix)?.to_owned(), ..entry })).collect()
}
