//! The repository's own images under a user drawn at random, without any right, on a root that cannot be written.

use std::collections::{BTreeMap, BTreeSet};

use super::definition::Definition;
use super::floor::{ADDRESS, Floor, PROBE};
use super::site::{Site, place};
use crate::experiment::{Bench, Ground, Planned, Sketch};
use crate::protocol::{Fault, FaultKind, Place, Reaction, Stop, Subject, Teeth};
use crate::say::{Say, say};
use crate::stack::{Origin, Service, Value, read};
use crate::tree::Tree;

/// What it writes, when it is refused something.
const COMPLAINT: Place = Place("complaint");
const NOTICED: [Place; 3] = [PROBE, ADDRESS, COMPLAINT];
/// Services that are broken: each fault costs a start.
const SERVICES: usize = 2;
/// What programs say when a platform refuses them something.
const REFUSED: [&str; 4] = ["Read-only file system", "EROFS", "Permission denied", "EACCES"];

/// How an image is made to need what it is not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Null,
    Root,
    Writes,
    Private,
    Port,
}

#[derive(Clone, Debug)]
struct Broken {
    fault: Fault,
    way: Way,
    service: String,
    words: Vec<String>,
    /// The variable that says the port, and the port.
    port: Option<(String, u16)>,
}

/// The own images of a project, run as a platform runs what it does not trust.
pub(crate) struct RandomUser {
    site: Site,
    broken: Vec<Broken>,
    /// Folders in memory that the manifests of a cluster give.
    pub(super) folders: BTreeSet<String>,
}

impl RandomUser {
    /// # Errors
    /// With the reason why it cannot be tried here.
    pub fn plan(ground: &Ground<'_>) -> Result<Self, Say> {
        let site = Site::of(ground)?;
        let mut broken = Vec::new();
        for service in site.told().take(SERVICES) {
            broken.extend(faults(ground.tree, &site, service));
        }
        broken.sort_by_key(|one| one.way != Way::Null);
        broken.dedup_by_key(|one| one.fault.id.clone());
        Ok(Self { site, broken, folders: folders(ground.tree) })
    }
}

/// The definition of a service's own image, also when another service builds it.
fn definition(tree: &Tree, site: &Site, service: &Service) -> Option<Definition> {
    let build = match &service.origin {
        Origin::Build(build) => Some(build),
        Origin::Image(name, _) => site.project.services.values().find_map(|other| match &other.origin {
            Origin::Build(build) if build.tag.as_ref() == Some(name) => Some(build),
            _ => None,
        }),
    };
    Definition::read(tree, build?)
}

fn faults(tree: &Tree, site: &Site, service: &Service) -> Vec<Broken> {
    let Some(definition) = definition(tree, site, service) else { return Vec::new() };
    let (line, words) = definition.started(service).unwrap_or((definition.from, Vec::new()));
    let name = &service.name;
    let one = |way: Way, kind: FaultKind, line: usize, what: Say| {
        let change = say!("loss-line", path = definition.path, line, name, what);
        let at = (definition.path.as_str(), line);
        let (id, noticed) = match way {
            Way::Null => ("null".to_owned(), &[][..]),
            _ => (format!("{way:?} {name}").to_lowercase(), &NOTICED[..]),
        };
        let fault = Fault::in_file(id, change, kind, "health", at, noticed);
        Broken { fault, way, service: name.clone(), words: words.clone(), port: None }
    };
    let mut found = vec![one(Way::Null, FaultKind::Null, line, say!("label-image"))];
    if definition.has_shell() && !words.is_empty() {
        found.push(one(Way::Root, FaultKind::Control, line, say!("asks-root")));
        found.push(one(Way::Writes, FaultKind::Control, line, say!("writes-root")));
        let private = say!("reads-root-file");
        found.push(one(Way::Private, FaultKind::Sampled, line, private));
    }
    let listens = service.ports.iter().find_map(|port| {
        let is = |value: &str| value == port.inside.to_string();
        let of_image = definition.variables.iter().find(|(_, (_, value))| is(value));
        let of_image = of_image.map(|(variable, (line, _))| (variable.clone(), *line));
        let said = service.environment.iter().find(|(_, value)| is(value));
        Some((said.map(|(variable, _)| (variable.clone(), line)).or(of_image)?, port.inside))
    });
    if let Some(((variable, line), port)) = listens.filter(|(_, port)| *port >= 1024) {
        let told = one(Way::Port, FaultKind::Control, line, say!("listens-80", variable));
        found.push(Broken { port: Some((variable, port)), ..told });
    }
    found
}

/// The folders that manifests of a cluster give from an `emptyDir`.
fn folders(tree: &Tree) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let manifests = tree.files().filter(|(path, file)| file.own && (path.ends_with(".yaml") || path.ends_with(".yml")));
    for (path, _) in manifests {
        let Some(text) = tree.text(path).filter(|text| text.contains("emptyDir")) else { continue };
        for document in text.split("\n---") {
            if let Ok(root) = read(path, document) {
                pods(&root, 0, &mut found);
            }
        }
    }
    found
}

fn pods(value: &Value, depth: usize, found: &mut BTreeSet<String>) {
    if depth > 12 {
        return;
    }
    if let (Some(containers), Some(volumes)) = (value.get("containers"), value.get("volumes")) {
        let empty = |volume: &&Value| volume.get("emptyDir").is_some();
        let names: Vec<&str> = volumes.items().iter().filter(empty).filter_map(|one| one.text_at("name")).collect();
        let mounts = containers.items().iter().filter_map(|one| one.get("volumeMounts")).flat_map(Value::items);
        for mount in mounts.filter(|mount| mount.text_at("name").is_some_and(|name| names.contains(&name))) {
            found.extend(mount.text_at("mountPath").filter(|path| path.starts_with('/')).map(str::to_owned));
        }
    }
    value.entries().for_each(|(_, inner)| pods(inner, depth + 1, found));
    value.items().iter().for_each(|inner| pods(inner, depth + 1, found));
}

impl Planned for RandomUser {
    fn sketch(&self) -> Sketch {
        let mut runs = self.site.lines();
        for service in self.site.lasting() {
            runs.push(crate::experiment::Line {
                what: say!("restrict", name = service.name),
                text: say!("random-user"),
                from: vec![place(&service.at)],
            });
        }
        Sketch { subject: self.site.file.clone(), runs, skipped: self.site.skipped(), stand_ins: Vec::new() }
    }

    fn faults(&self) -> Vec<Fault> {
        self.broken.iter().map(|broken| broken.fault.clone()).collect()
    }

    fn teeth(&self) -> Teeth {
        Teeth(50)
    }

    fn set_up<'a>(&'a self, bench: &'a Bench<'a>) -> Result<Box<dyn Subject + 'a>, Stop> {
        let floor = Floor::raise(bench, "user", &self.site)?;
        let drawn = crate::attest::digest(bench.nonce.as_bytes());
        let drawn = u32::from_str_radix(&drawn[..4], 16).unwrap_or(4242);
        let user = 1_000_600_000 + drawn;
        let (now, started) = (BTreeMap::new(), (bench.millis)());
        let mut running = Running { plan: self, floor, user, now, faulted: None, started };
        for service in self.site.lasting() {
            if running.floor.stack.state(&service.name)?.running {
                running.floor.stack.open_volumes(&service.name)?;
                running.start(service, None)?;
                running.now.insert(service.name.clone(), service.clone());
            }
        }
        let ended = self.site.lasting().filter(|service| !running.now.contains_key(&service.name));
        running.floor.notes.extend(ended.map(|service| say!("ends-as-written", service = service.name)));
        if running.now.is_empty() {
            return Err(Stop(say!("no-own-image-service")));
        }
        Ok(Box::new(running))
    }
}

/// The project, its own services restricted.
struct Running<'a> {
    plan: &'a RandomUser,
    floor: Floor<'a>,
    user: u32,
    /// The own services as they run now.
    now: BTreeMap<String, Service>,
    faulted: Option<String>,
    started: u64,
}

impl Running<'_> {
    /// Starts one anew, restricted, with a fault or none. Group 0 is what platforms give beside a random user.
    fn start(&mut self, service: &Service, broken: Option<&Broken>) -> Result<Service, Stop> {
        let mut lines: Vec<String> = Vec::new();
        let mut changed = service.clone();
        let mut prelude = "";
        match broken.map(|broken| broken.way) {
            None => {}
            Some(Way::Null) => lines.push("LABEL org.example.preuve=nothing".into()),
            Some(Way::Root) => prelude = r#"[ "$(id -u)" = 0 ] || { echo "it must be root" >&2; exit 1; }"#,
            Some(Way::Writes) => prelude = "date >/started.log || exit 1",
            Some(Way::Private) => {
                lines.push("USER 0\nRUN umask 077 && echo key >/private.key".into());
                prelude = "cat /private.key >/dev/null 2>&1 || while true; do sleep 5; done";
            }
            Some(Way::Port) => {
                if let Some((variable, inside)) = broken.and_then(|broken| broken.port.clone()) {
                    changed.environment.insert(variable, "80".into());
                    changed.ports.iter_mut().filter(|port| port.inside == inside).for_each(|port| port.inside = 80);
                }
            }
        }
        let words = broken.map(|broken| broken.words.clone()).unwrap_or_default();
        if !prelude.is_empty() {
            let entry = ["/bin/sh".to_owned(), "-c".into(), format!("{prelude}\nexec \"$@\""), "sh".into()];
            let entry = serde_json::to_string(&entry).expect("texts are JSON");
            lines.push(format!("ENTRYPOINT {entry}"));
            changed.command = Some(words);
        }
        lines.push(format!("USER {}:0", self.user));
        let image = self.floor.over(&service.name, &lines.join("\n"), Vec::new())?;
        changed.restricted = true;
        changed.read_only = true;
        let known = |folder: &&String| {
            !changed.tmpfs.contains(*folder) && !changed.mounts.iter().any(|mount| mount.target == **folder)
        };
        let given: Vec<String> = self.plan.folders.iter().filter(known).cloned().collect();
        changed.tmpfs.extend(given);
        let told = changed.clone();
        self.floor.stack.recreate(&service.name, Some(&image), |running| *running = told)?;
        Ok(changed)
    }

    fn complaints(&self, service: &Service) -> Result<Option<Reaction>, Stop> {
        let logs = self.floor.stack.logs(&service.name, 64 << 10)?;
        let line = logs.lines().find(|line| REFUSED.iter().any(|words| line.contains(words)));
        Ok(line.map(|line| Reaction {
            detector: say!("what-writes", service = service.name),
            place: COMPLAINT,
            message: say!("refused-something", place = place(&service.at), told = crate::output::tail(line, 1)),
        }))
    }
}

impl Subject for Running<'_> {
    fn observe(&mut self) -> Result<Vec<Reaction>, Stop> {
        let mut reactions = Vec::new();
        for service in self.now.values() {
            reactions.extend(self.floor.unwell(service)?);
            if reactions.is_empty() {
                reactions.extend(self.complaints(service)?);
            }
        }
        if reactions.is_empty() {
            reactions.extend(self.floor.silent()?);
        }
        // How long all of them took to be well says how long a broken one is waited for.
        self.floor.hurry(self.millis().saturating_sub(self.started));
        Ok(reactions)
    }

    fn inject(&mut self, fault: &Fault) -> Result<(), Stop> {
        let plan = self.plan;
        let broken = plan.broken.iter().find(|broken| broken.fault.id == fault.id);
        let broken = broken.ok_or_else(|| Stop(say!("not-planned", id = fault.id)))?;
        let service = plan.site.project.services.get(&broken.service);
        let service = service.ok_or_else(|| Stop(say!("not-there", name = broken.service)))?;
        self.faulted = Some(service.name.clone());
        let now = self.start(service, Some(broken))?;
        self.now.insert(broken.service.clone(), now);
        Ok(())
    }

    fn restore(&mut self) -> Result<(), Stop> {
        let plan = self.plan;
        let faulted = self.faulted.take();
        if let Some(service) = faulted.and_then(|name| plan.site.project.services.get(&name)) {
            let now = self.start(service, None)?;
            self.now.insert(service.name.clone(), now);
        }
        Ok(())
    }

    fn millis(&self) -> u64 {
        (self.floor.bench.millis)()
    }

    fn stand_ins(&self) -> Vec<Say> {
        self.floor.stand_ins()
    }

    fn notes(&self) -> Vec<Say> {
        self.floor.notes()
    }
}
