//! Hostile subjects, each contained and named. One engine and one boundary test for all; without an engine it fails.

mod bounds;
mod escapes;
mod files;
mod lives;
mod machines;
mod records;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use libtest_mimic::{Arguments, Failed, Trial};
use sandbox::{
    Clock, Command, Container, Dialect, Driver, Ended, Engine, Limits, Machine, Network, NetworkName, Run, Sandbox,
    Setting, Spec, Status,
};

/// What every case is given.
struct World {
    sandbox: Sandbox,
    members: NetworkName,
    /// A guarded container on the members' network, for what leaves it as it was.
    guarded: Container,
}

type Case = (&'static str, fn(&World) -> Result<(), String>);

struct Watch(Instant);

impl Clock for Watch {
    fn millis(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).expect("a test does not last that long")
    }
}

fn clock() -> Arc<dyn Clock> {
    #[expect(clippy::disallowed_methods, reason = "a real engine takes real time")]
    let start = Instant::now();
    Arc::new(Watch(start))
}

/// Talk, for the person who waits.
#[expect(clippy::print_stderr, reason = "a harness of its own talks for itself")]
fn say(text: &str) {
    eprintln!("{text}");
}

#[expect(clippy::disallowed_methods, reason = "the cache of this machine, and the engine that is tested")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn cache() -> PathBuf {
    let home = environment("HOME").unwrap_or_else(|| "/root".into());
    let cache = environment("XDG_CACHE_HOME").unwrap_or_else(|| format!("{home}/.cache"));
    PathBuf::from(cache).join("preuve/engine")
}

fn dialect() -> Option<Dialect> {
    match environment("PREUVE_ENGINE").as_deref() {
        Some("podman") => Some(Dialect::Podman),
        _ => None,
    }
}

fn run_named(name: &str) -> Run {
    let id = format!("{name}-{}", std::process::id());
    Run::new(&id, id.as_bytes()).expect("a plain name")
}

fn open() -> Result<World, String> {
    let clock = clock();
    let machine = Machine::read(cache(), None);
    let setting = Setting { run: run_named("hostile"), clock, dialect: dialect(), machine };
    let sandbox =
        Sandbox::open(setting, &mut |what| say(&format!("preparing {what}"))).map_err(|error| error.to_string())?;
    let ready = || {
        let members = sandbox.network("members")?;
        let spec = Spec::guarded(&sandbox.image("probe")?).network(Network::Members(members.clone())).alias("victim");
        Ok::<_, sandbox::Failure>((members, sandbox.start(&spec)?))
    };
    let (members, guarded) = ready().map_err(|error| error.to_string())?;
    Ok(World { sandbox, members, guarded })
}

fn main() {
    // A child of the test of sweeping: it holds a container until it is killed.
    if environment("PREUVE_TEST_HOLD").is_some() {
        lives::hold();
    }
    let arguments = Arguments::from_args();
    if arguments.list {
        libtest_mimic::run(&arguments, trials(None)).exit();
    }
    let world = match open() {
        Ok(world) => Arc::new(world),
        Err(error) => {
            let why = format!("no engine to test with, see `./dev engine`: {error}");
            let trial = Trial::test("engine", move || Err(Failed::from(why)));
            libtest_mimic::run(&arguments, vec![trial]).exit();
        }
    };
    let conclusion = libtest_mimic::run(&arguments, trials(Some(&world)));
    let left = world.sandbox.remove_all();
    drop(world);
    if let Err(error) = left {
        say(&format!("what the run made was not removed: {error}"));
        std::process::exit(1);
    }
    conclusion.exit();
}

fn trials(world: Option<&Arc<World>>) -> Vec<Trial> {
    let cases = [escapes::CASES, bounds::CASES, files::CASES, lives::CASES, machines::CASES, records::CASES];
    let trial = |(name, case): &Case| {
        let (case, world) = (*case, world.cloned());
        Trial::test(*name, move || case(world.as_deref().expect("only lists have no world")).map_err(Failed::from))
    };
    cases.into_iter().flatten().map(trial).collect()
}

impl World {
    fn driver(&self) -> Result<Driver, String> {
        Driver::find(dialect(), &run_named("other"), &clock()).map_err(|error| error.to_string())
    }

    fn exec(&self, container: &Container, command: &Command) -> Result<Ended, String> {
        self.sandbox.exec(container, command).map_err(|error| error.to_string())
    }

    /// Runs a line in the shared guarded container.
    fn sh(&self, line: &str) -> Result<Ended, String> {
        self.exec(&self.guarded, &Command::sh(line).seconds(20))
    }

    /// A container of its own for a case that breaks it.
    fn fresh(&self, limits: Limits) -> Result<Container, String> {
        let image = self.sandbox.image("probe").map_err(|error| error.to_string())?;
        let spec = Spec::guarded(&image).limits(limits).writable("/work", 16 << 20).writable("/tmp", 8 << 20);
        self.start(&spec)
    }

    fn start(&self, spec: &Spec) -> Result<Container, String> {
        self.sandbox.start(spec).map_err(|error| error.to_string())
    }

    fn away(&self, container: &Container) -> Result<(), String> {
        self.sandbox.remove(container).map_err(|error| error.to_string())
    }

    /// A line in a container of its own must end like this.
    fn ends(&self, limits: Limits, command: &Command, expected: Status) -> Result<Ended, String> {
        let container = self.fresh(limits)?;
        let ended = self.exec(&container, command)?;
        self.away(&container)?;
        same(&ended, expected)?;
        Ok(ended)
    }
}

fn same(ended: &Ended, expected: Status) -> Result<(), String> {
    if ended.status == expected {
        return Ok(());
    }
    Err(format!("{} instead of {expected}\n{}\n{}", ended.status, ended.text(), ended.error_text()))
}

/// It must fail, and say so in one of these words.
fn denied(ended: &Ended, words: &[&str]) -> Result<(), String> {
    let told = format!("{}{}", ended.text(), ended.error_text());
    if ended.succeeded() || !words.iter().any(|word| told.contains(word)) {
        return Err(format!("{}: {told:?} has none of {words:?}", ended.status));
    }
    Ok(())
}

fn require(holds: bool, why: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(why()) }
}

/// Little of everything.
const TIGHT: Limits = Limits { milli_cpus: 1000, memory_bytes: 64 << 20, processes: 40, disk_bytes: 64 << 20 };
