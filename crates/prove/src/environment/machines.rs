//! Machines that a Vagrantfile sets up by shell provisioners: fresh hosts in the sandbox, and the own command inside.

use facts::Fact;
use sandbox::{Command, Entry};

use super::contained::at;
use super::faults::Broken;
use super::inside::{self, Known, Own};
use super::scripted;
use super::subject::{Around, Attempt, Failed, Way};
use crate::experiment::{Bench, Ground, Line, Sketch};
use crate::finding::At;
use crate::hosts::{CONTROL, Farm, Relay, Site, stand_ins};
use crate::output::{tail, text};
use crate::protocol::{FaultKind, Stop};
use crate::say::{Say, say};
use crate::stack::{Stage, Trouble, Wrong};
use crate::tree::Tree;

/// Where Vagrant lays the project, and the user whom it lets in.
const FOLDER: &str = "/vagrant";
const USER: &str = "vagrant";
/// What the tool does to a machine before any provisioner.
const WELCOME: &str = "id vagrant >/dev/null 2>&1 || useradd --create-home --shell /bin/bash vagrant; \
                       echo 'vagrant ALL=(ALL) NOPASSWD:ALL' >/etc/sudoers.d/vagrant; chown -R vagrant: /vagrant";
const SECONDS: u32 = 1200;

/// The machines of one Vagrantfile.
pub(super) struct Machines {
    site: Site,
    /// In the order of the file, which is that of each machine.
    pub steps: Vec<Provision>,
    own: Vec<Own>,
}

/// What one provisioner runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Provision {
    /// Empty when all machines run it.
    machine: String,
    pub what: Script,
    pub at: At,
    root: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Script {
    Inline(String),
    /// A path of the repository.
    File(String),
}

type Found = Result<(Box<dyn Way>, Vec<Broken>), Say>;

/// The Vagrantfiles in which the application is developed.
pub(super) fn plan(ground: &Ground<'_>) -> Vec<Found> {
    let definitions = ground.facts.of("env.definition").iter();
    let found = definitions.filter(|fact| fact.text("tool") == "vagrant" && fact.is("counts"));
    found.map(|fact| one(ground, fact)).collect()
}

fn one(ground: &Ground<'_>, fact: &Fact) -> Found {
    let definition = at(fact);
    let facts = ground.facts.of("env.step").iter().filter(|step| step.text("definition") == definition.path);
    let steps: Vec<Provision> = facts.map(provision).collect();
    if steps.is_empty() {
        return Err(say!("no-provisioner", path = definition.path));
    }
    let mut names: Vec<String> = fact.list("services").to_vec();
    if names.is_empty() {
        names.push("default".into());
    }
    let from = format!("{}:{}", definition.path, definition.line);
    let site = Site::machines(&definition.path, names, from)?;
    let own = inside::of_repository(ground, &site.hosts[0]);
    if own.is_empty() {
        return Err(say!("nothing-to-run-inside", subject = site.path));
    }
    let broken = scripted::of_machines(ground, &site.path, &steps);
    if broken.iter().all(|broken| broken.fault.kind == FaultKind::Null) {
        return Err(say!("nothing-to-break", subject = site.path));
    }
    Ok((Box::new(Machines { site, steps, own }), broken))
}

fn provision(fact: &Fact) -> Provision {
    let what = match fact.text("script") {
        "" => Script::Inline(fact.text("command").to_owned()),
        path => Script::File(path.to_owned()),
    };
    Provision { machine: fact.text("machine").to_owned(), what, at: at(fact), root: fact.is("privileged") }
}

impl Way for Machines {
    fn sketch(&self) -> Sketch {
        let machine = |name: &String| Line {
            what: say!("machine", name),
            text: say!("fresh-host"),
            from: self.site.from.clone(),
        };
        let mut runs: Vec<Line> = self.site.hosts.iter().map(machine).collect();
        runs.extend(self.steps.iter().map(|step| Line {
            what: if step.machine.is_empty() {
                say!("provision")
            } else {
                say!("provision-machine", name = step.machine)
            },
            text: match &step.what {
                Script::Inline(text) => text.trim().into(),
                Script::File(path) => path.into(),
            },
            from: vec![format!("{}:{}", step.at.path, step.at.line)],
        }));
        runs.extend(self.own.iter().map(Own::shown));
        Sketch { subject: self.site.path.clone(), runs, skipped: Vec::new(), stand_ins: stand_ins(&self.site) }
    }

    fn open<'a>(&'a self, bench: &'a Bench<'a>) -> Result<Box<dyn Attempt + 'a>, Stop> {
        let farm = Farm::raise(bench, &self.site, CONTROL)?;
        let relay = farm.relay()?;
        Ok(Box::new(Up { way: self, farm, relay, known: Known::default() }))
    }
}

/// The machines as they are made for each state.
struct Up<'a> {
    way: &'a Machines,
    farm: Farm<'a>,
    relay: Relay<'a>,
    known: Known,
}

impl Attempt for Up<'_> {
    fn attempt(&mut self, tree: &Tree, around: &Around, first: bool) -> Result<(), Failed> {
        self.farm.renew()?;
        for name in &self.way.site.hosts {
            self.farm.lay(name, FOLDER, &tree.entries())?;
            self.farm.on(name, &Command::sh(WELCOME).root())?;
        }
        let (provisioned, missing) = self.relay.during(|| self.provision(tree, around));
        if let (Err(Failed::Wrong(Wrong::Subject(trouble))), Some(url), true) = (&provisioned, missing.first(), first) {
            return Err(Stop(say!("trouble-url", trouble, url)).into());
        }
        provisioned?;
        self.run_own(first)
    }

    fn stand_ins(&self) -> Vec<Say> {
        Vec::new()
    }

    fn notes(&self) -> Vec<Say> {
        self.known.notes.clone()
    }
}

impl Up<'_> {
    fn provision(&self, tree: &Tree, around: &Around) -> Result<(), Failed> {
        for name in &self.way.site.hosts {
            for step in self.way.steps.iter().filter(|step| step.machine.is_empty() || step.machine == *name) {
                self.step(tree, around, name, step)?;
            }
        }
        Ok(())
    }

    fn step(&self, tree: &Tree, around: &Around, name: &str, step: &Provision) -> Result<(), Failed> {
        let wrong = |message: Say, output: &str| {
            Failed::from(Wrong::Subject(Trouble::new(Stage::Build, name, &step.at, message, output)))
        };
        let (text, called) = match (&step.what, around) {
            (Script::Inline(_), Around::Said { line, text }) if *line == step.at.line => {
                (text.as_str(), say!("its-text"))
            }
            (Script::Inline(text), _) => (text.as_str(), say!("its-text")),
            (Script::File(path), _) => match tree.text(path) {
                Some(text) => (text, Say::from(path)),
                None => return Err(wrong(say!("not-in-repository", path), "")),
            },
        };
        self.farm.lay(name, "/var/tmp", &[Entry::program("vagrant-shell", text)])?;
        let ended = self.farm.on(name, &shell("bash -l /var/tmp/vagrant-shell", step.root).seconds(SECONDS))?;
        if ended.succeeded() {
            return Ok(());
        }
        let output = self::text(&ended);
        Err(wrong(say!("line-ended", line = called, status = ended.status, told = tail(&output, 2)), &output))
    }

    fn run_own(&mut self, first: bool) -> Result<(), Failed> {
        let farm = &self.farm;
        self.known.need(&self.way.own, first, |own| {
            let line = format!("cd {FOLDER} && {}", own.line);
            Ok(farm.on(&own.service, &shell(&line, false).seconds(600))?)
        })
    }
}

/// A line as the tool has it run: by root, or by its own user.
fn shell(line: &str, root: bool) -> Command {
    let command = if root { Command::sh(line) } else { Command::new(["runuser", "--login", USER, "--command", line]) };
    command.own().root().env("DEBIAN_FRONTEND", "noninteractive").output_bytes(8 << 20)
}
