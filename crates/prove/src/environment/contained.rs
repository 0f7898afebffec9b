//! An environment of one container: a devcontainer, or a plain toolbox that the repository's own command sets up.

use std::collections::BTreeMap;

use facts::Fact;
use sandbox::{Command, Container, Entry, Image, Limits, Spec, layout};

use super::faults::Broken;
use super::inside::{self, Known, Own};
use super::scripted;
use super::subject::{Around, Attempt, Failed, Way};
use crate::experiment::{Bench, Ground, Line, Sketch};
use crate::finding::At;
use crate::output::{tail, text};
use crate::protocol::{FaultKind, Stop};
use crate::say::{Say, say};
use crate::stack::{BuildFrom, Dockerfile, Images, Stage, Trouble, Wrong};
use crate::tree::Tree;

/// What the container stands for in messages.
const NAME: &str = "the environment";
const SET_UP_SECONDS: u32 = 900;

/// One container, what sets it up, and what is then run in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Contained {
    pub subject: String,
    pub base: Base,
    /// Commands that may reach package registries, in order.
    pub set_up: Vec<Step>,
    /// Commands without network, before the own ones.
    pub starts: Vec<Step>,
    pub own: Vec<Own>,
    /// What it asks for and is not given.
    pub without: Vec<String>,
}

/// What the container is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Base {
    Build(BuildFrom),
    Image(String),
    /// Ours, with what usual tool chains need.
    Toolbox,
    /// Ours, with Nix and nothing else.
    Nix,
}

/// A command, and where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub line: String,
    pub at: At,
}

pub(super) type Found = Result<(Box<dyn Way>, Vec<Broken>), Say>;

/// The devcontainers of the repository; those of a Compose project are found as such.
pub(super) fn devcontainers(ground: &Ground<'_>) -> Vec<Found> {
    let bases = ground.facts.of("env.base").iter();
    let single = bases.filter(|fact| fact.text("tool") == "devcontainer" && fact.list("compose").is_empty());
    single.map(|fact| devcontainer(ground, fact)).collect()
}

fn devcontainer(ground: &Ground<'_>, fact: &Fact) -> Found {
    let at = at(fact);
    let base = match (fact.text("dockerfile"), fact.text("image")) {
        ("", "") => return Err(say!("no-image-no-dockerfile", path = at.path, line = at.line)),
        ("", image) => Base::Image(image.to_owned()),
        (dockerfile, _) => Base::Build(BuildFrom {
            context: fact.text("context").to_owned(),
            dockerfile: Dockerfile::File(dockerfile.to_owned()),
            target: fact.text("target").to_owned(),
            arguments: BTreeMap::new(),
            tag: None,
            at: at.clone(),
        }),
    };
    let steps = |stage: &str| -> Vec<Step> {
        let facts = ground.facts.of("env.step").iter();
        let of_it = |fact: &&Fact| fact.text("definition") == at.path && fact.text("stage") == stage;
        facts.filter(of_it).map(|fact| Step { line: fact.text("command").to_owned(), at: self::at(fact) }).collect()
    };
    let contained = Contained {
        subject: at.path.clone(),
        base,
        set_up: steps("create"),
        starts: steps("start"),
        own: inside::of_repository(ground, NAME),
        without: fact.list("features").iter().map(|name| format!("{}: feature {name}", at.path)).collect(),
    };
    contained.found(ground)
}

/// The set-up that the repository has a command for, where nothing else describes an environment.
pub(super) fn set_up(ground: &Ground<'_>) -> Option<Found> {
    let declared = ground
        .declared
        .commands
        .install
        .as_ref()
        .map(|line| Step { line: line.clone(), at: At { path: crate::declared::PATH.to_owned(), line: 1 } });
    let step = declared.or_else(|| entry(ground))?;
    let contained = Contained {
        subject: step.line.clone(),
        base: Base::Toolbox,
        set_up: vec![step],
        starts: Vec::new(),
        own: inside::of_repository(ground, NAME),
        without: Vec::new(),
    };
    Some(contained.found(ground))
}

/// A target or script that is there to set a machine up: by its usual name, and by what it runs.
fn entry(ground: &Ground<'_>) -> Option<Step> {
    const NAMES: [&str; 9] =
        ["setup", "bootstrap", "install", "init", "deps", "dependencies", "dev-setup", "setup-dev", "develop"];
    let stem = |fact: &Fact| {
        let name = fact.text("entry").rsplit('/').next().unwrap_or_default();
        name.trim_end_matches(".sh").trim_end_matches(".py").to_owned()
    };
    let installs = |fact: &&Fact| fact.list("purposes").iter().any(|purpose| purpose == "install");
    let found = ground.facts.of("command").iter().filter(installs).filter_map(|fact| {
        let rank = NAMES.iter().position(|name| stem(fact) == *name)?;
        let entry = fact.text("entry");
        let dir = at(fact).path.rsplit_once('/').map_or(".", |(dir, _)| dir).to_owned();
        let line = match fact.text("runner") {
            "make" => format!("make -C {dir} {entry}"),
            "npm" => format!("npm --prefix {dir} run {entry}"),
            "script" if entry.ends_with(".py") => format!("python3 {entry}"),
            "script" => format!("bash {entry}"),
            _ => return None,
        };
        Some((rank, Step { line, at: at(fact) }))
    });
    found.min_by_key(|(rank, step)| (*rank, step.at.path.len(), step.line.clone())).map(|(_, step)| step)
}

impl Contained {
    fn found(self, ground: &Ground<'_>) -> Found {
        if self.own.is_empty() {
            return Err(say!("nothing-to-run-inside", subject = self.subject));
        }
        let broken = scripted::of_container(ground, &self);
        if broken.iter().all(|broken| broken.fault.kind == FaultKind::Null) {
            return Err(say!("nothing-to-break", subject = self.subject));
        }
        Ok((Box::new(self), broken))
    }
}

impl Way for Contained {
    fn sketch(&self) -> Sketch {
        let shown = |at: &At| format!("{}:{}", at.path, at.line);
        let mut runs = match &self.base {
            Base::Build(build) => {
                let Dockerfile::File(path) = &build.dockerfile else { unreachable!("a devcontainer names a file") };
                vec![Line { what: say!("container"), text: say!("build-path", path), from: vec![shown(&build.at)] }]
            }
            Base::Image(name) => {
                vec![Line { what: say!("container"), text: say!("start", name), from: vec![self.subject.clone()] }]
            }
            Base::Toolbox | Base::Nix => Vec::new(),
        };
        let steps = self.set_up.iter().map(|step| ("set-up", step));
        runs.extend(steps.chain(self.starts.iter().map(|step| ("start", step))).map(|(what, step)| Line {
            what: what.into(),
            text: (&step.line).into(),
            from: vec![shown(&step.at)],
        }));
        runs.extend(self.own.iter().map(Own::shown));
        let skipped =
            self.without.iter().map(|what| Line { what: what.into(), text: say!("not-given"), from: Vec::new() });
        let stand_ins = match self.base {
            Base::Toolbox => vec![say!("our-toolbox")],
            Base::Nix => vec![say!("our-nix")],
            Base::Build(_) | Base::Image(_) => Vec::new(),
        };
        Sketch { subject: self.subject.clone(), runs, skipped: skipped.collect(), stand_ins }
    }

    fn open<'a>(&'a self, bench: &'a Bench<'a>) -> Result<Box<dyn Attempt + 'a>, Stop> {
        Ok(Box::new(Inside { way: self, bench, images: Images::new(bench), known: Known::default() }))
    }
}

/// The container as it is made for each state.
struct Inside<'a> {
    way: &'a Contained,
    bench: &'a Bench<'a>,
    images: Images<'a>,
    known: Known,
}

impl Attempt for Inside<'_> {
    fn attempt(&mut self, tree: &Tree, _: &Around, first: bool) -> Result<(), Failed> {
        let image = match &self.way.base {
            Base::Build(build) => self.images.build(tree, build, NAME, &BTreeMap::new())?,
            Base::Image(name) => self.images.published(name)?,
            Base::Toolbox => (self.bench.image)("ci")?,
            Base::Nix => (self.bench.image)("nix")?,
        };
        let engine = self.bench.engine;
        let container = engine.start(&Spec::preparing(&image)).map_err(Stop::from)?;
        let prepared = self.prepare(tree, &container, first);
        let frozen = prepared.and_then(|()| Ok(engine.freeze(&container).map_err(Stop::from)?));
        engine.remove(&container).map_err(Stop::from)?;
        let frozen: Image = frozen?;
        let limits = Limits::LARGE;
        let spec = Spec::guarded(&frozen)
            .limits(limits)
            .writable(layout::WORK, limits.memory_bytes / 2)
            .writable("/tmp", limits.memory_bytes / 8);
        let container = engine.start(&spec).map_err(Stop::from)?;
        let judged = self.judge(&container, first);
        engine.remove(&container).map_err(Stop::from)?;
        judged
    }

    fn stand_ins(&self) -> Vec<Say> {
        self.images.stand_ins.iter().cloned().collect()
    }

    fn notes(&self) -> Vec<Say> {
        self.known.notes.iter().chain(&self.images.notes).cloned().collect()
    }
}

impl Inside<'_> {
    fn prepare(&self, tree: &Tree, container: &Container, first: bool) -> Result<(), Failed> {
        let engine = self.bench.engine;
        engine.put(container, layout::REPOSITORY, &tree.entries()).map_err(Stop::from)?;
        let sudo = Entry::program("bin/sudo", "#!/bin/sh\nexec \"$@\"\n");
        engine.put(container, layout::HOME, &[sudo]).map_err(Stop::from)?;
        if self.way.base == Base::Toolbox {
            let venv = format!("python3 -m venv {}/venv", layout::HOME);
            engine.exec(container, &Command::sh(venv).seconds(120)).map_err(Stop::from)?;
        }
        for step in &self.way.set_up {
            // Whoever sets a machine up has the right to install; who works in it has not.
            let command = self.way.command(&step.line, SET_UP_SECONDS).user(0);
            let ended = engine.exec(container, &command).map_err(Stop::from)?;
            if ended.succeeded() {
                continue;
            }
            let output = text(&ended);
            let message = say!("line-ended", line = step.line, status = ended.status, told = tail(&output, 2));
            // What it was to be given from elsewhere may be what it misses.
            if first && !self.way.without.is_empty() {
                let without = self.way.without.join(", ");
                return Err(Stop(say!("message-without", message, without)).into());
            }
            return Err(Wrong::Subject(Trouble::new(Stage::Build, NAME, &step.at, message, &output)).into());
        }
        let own = Command::sh(format!("chown -R {user}:{user} {}", layout::WORK, user = layout::USER)).root();
        engine.exec(container, &own.seconds(120)).map_err(Stop::from)?;
        Ok(())
    }

    fn judge(&mut self, container: &Container, first: bool) -> Result<(), Failed> {
        let engine = self.bench.engine;
        for step in &self.way.starts {
            let ended = engine.exec(container, &self.way.command(&step.line, 120)).map_err(Stop::from)?;
            if !ended.succeeded() {
                let output = text(&ended);
                let message = say!("line-ended", line = step.line, status = ended.status, told = tail(&output, 2));
                // What Nix builds, it builds without any network.
                let stage = if self.way.base == Base::Nix { Stage::Build } else { Stage::Start };
                return Err(Wrong::Subject(Trouble::new(stage, NAME, &step.at, message, &output)).into());
            }
        }
        let way = self.way;
        self.known.need(&way.own, first, |own| {
            Ok(engine.exec(container, &way.command(&own.line, 600)).map_err(Stop::from)?)
        })
    }
}

impl Contained {
    /// A line of the repository, where developers run theirs.
    fn command(&self, line: &str, seconds: u32) -> Command {
        let home = layout::HOME;
        let built = if self.base == Base::Nix { format!("{home}/{}/bin:", super::nix::RESULT) } else { String::new() };
        let path = format!("export PATH=\"{built}{home}/venv/bin:{home}/bin:{home}/.local/bin:{home}/npm/bin:$PATH\"");
        let command = Command::sh(format!("{path}\n{line}"))
            .own()
            .directory(layout::REPOSITORY)
            .env("HOME", home)
            .env("CI", "true")
            .env("npm_config_prefix", format!("{home}/npm"))
            .env("PIP_DISABLE_PIP_VERSION_CHECK", "1")
            .seconds(seconds)
            .output_bytes(8 << 20);
        if self.base == Base::Nix { with_nix(command) } else { command }
    }
}

/// A store of the developer's own, and nothing that is fetched in its stead.
fn with_nix(command: Command) -> Command {
    let settings =
        "sandbox = false\nsubstitute = false\nbuild-users-group =\nexperimental-features = nix-command flakes";
    let folders =
        [("NIX_STORE_DIR", "store"), ("NIX_STATE_DIR", "var"), ("NIX_LOG_DIR", "log"), ("NIX_CONF_DIR", "etc")];
    let held = |folder: &str| format!("{}/nix/{folder}", layout::HOME);
    let command = folders.into_iter().fold(command, |command, (name, folder)| command.env(name, held(folder)));
    command.env("NIX_CONFIG", settings).env("NIX_PATH", "").env("NIX_BUILD_SHELL", "bash")
}

/// Where a fact was seen.
pub(super) fn at(fact: &Fact) -> At {
    let line = fact.location().span().map_or(1, |span| span.line);
    At { path: fact.location().path().unwrap_or_default().to_owned(), line }
}
