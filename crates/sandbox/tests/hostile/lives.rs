//! Processes and containers that would live on: nothing outlives its command's container, nor a run its owner.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use sandbox::{Command, Driver, Engine, Failure, Image, Limits, Spec, Status};

use crate::{Case, TIGHT, World, clock, dialect, environment, require, run_named, same};

fn ignores_the_polite_signal(world: &World) -> Result<(), String> {
    let container = world.fresh(TIGHT)?;
    let ended = world.exec(&container, &Command::sh("trap '' TERM INT HUP; while :; do sleep 0.1; done").seconds(1))?;
    let running = world.sandbox.state(&container).map_err(|error| error.to_string())?.running;
    world.away(&container)?;
    same(&ended, Status::TimedOut)?;
    require(!running, || "its container lives on".into())
}

fn daemon_is_seen_and_ends(world: &World) -> Result<(), String> {
    let container = world.fresh(TIGHT)?;
    let ended = world.exec(&container, &Command::sh("setsid nohup sleep 4242 >/dev/null 2>&1 &"))?;
    let seen = world.sandbox.processes(&container).map_err(|error| error.to_string())?;
    world.away(&container)?;
    same(&ended, Status::Exit(0))?;
    require(seen.iter().any(|line| line == "sleep 4242"), || format!("{seen:?}"))?;
    let left = world.sandbox.processes(&container);
    require(left.is_err(), || format!("{left:?}"))
}

fn daemon_that_holds_the_output(world: &World) -> Result<(), String> {
    // The command ends at once; what it left keeps its output open until the time is over.
    let ended = world.ends(TIGHT, &Command::sh("sleep 60 & exit 0").seconds(2), Status::Exit(0));
    ended.or_else(|_| world.ends(TIGHT, &Command::sh("sleep 60 & exit 0").seconds(2), Status::TimedOut)).map(drop)
}

fn zombies_are_reaped(world: &World) -> Result<(), String> {
    let container = world.fresh(TIGHT)?;
    let line = "for n in 1 2 3 4 5 6 7 8 9; do sh -c 'sleep 0.01 & exec true'; done; \
                for n in $(seq 100); do grep -l 'State:.Z' /proc/[0-9]*/status >/dev/null 2>&1 || exit 0; sleep 0.1; done; exit 1";
    let ended = world.exec(&container, &Command::sh(line))?;
    world.away(&container)?;
    same(&ended, Status::Exit(0))
}

fn kills_everything(world: &World) -> Result<(), String> {
    let container = world.fresh(TIGHT)?;
    let ended = world.exec(&container, &Command::sh("kill -9 -1; kill -9 1; sleep 20").seconds(10))?;
    world.away(&container)?;
    require(matches!(ended.status, Status::Gone | Status::Exit(137)), || format!("{:?}", ended.status))
}

fn the_dead_answer_no_more(world: &World) -> Result<(), String> {
    let container = world.fresh(TIGHT)?;
    world.exec(&container, &Command::sh("sleep 20").seconds(1))?;
    let after = world.sandbox.exec(&container, &Command::sh("true"));
    world.away(&container)?;
    require(matches!(after, Err(Failure::Engine { .. })), || format!("{after:?}"))
}

fn only_containers_of_the_run(world: &World) -> Result<(), String> {
    let other = world.driver()?;
    match other.exec(&world.guarded, &Command::sh("true")) {
        Err(Failure::Refused(_)) => Ok(()),
        answer => Err(format!("{answer:?}")),
    }
}

/// The child: holds a container and says which, until it is killed.
#[expect(clippy::print_stdout, reason = "what the parent reads")]
pub(crate) fn hold() -> ! {
    let held = || -> Result<String, Failure> {
        let driver = Driver::find(dialect(), &run_named("held"), &clock())?;
        let image = Image(environment("PREUVE_TEST_HOLD").unwrap_or_default());
        Ok(driver.start(&Spec::guarded(&image).limits(TIGHT))?.0)
    };
    match held() {
        Ok(container) => println!("{container}"),
        Err(error) => println!("failed: {error}"),
    }
    loop {
        std::thread::park();
    }
}

/// `kill -9` of the owner: what it held is removed at the next start, and what a living owner holds is not.
fn owner_is_killed(world: &World) -> Result<(), String> {
    let image = world.sandbox.image("probe").map_err(|error| error.to_string())?;
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    #[expect(clippy::disallowed_methods, reason = "a real process that is really killed")]
    let mut child = std::process::Command::new(program)
        .env("PREUVE_TEST_HOLD", image.0)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    let mut held = String::new();
    let output = child.stdout.take().ok_or("no output")?;
    BufReader::new(output).read_line(&mut held).map_err(|error| error.to_string())?;
    let held = format!("containers {}", held.trim());
    let driver = world.driver()?;
    let before = driver.sweep().map_err(|error| error.to_string())?;
    child.kill().map_err(|error| error.to_string())?;
    child.wait().map_err(|error| error.to_string())?;
    let after = driver.sweep().map_err(|error| error.to_string())?;
    let again = driver.sweep().map_err(|error| error.to_string())?;
    require(!before.contains(&held), || format!("{held} was taken from the living"))?;
    require(after.contains(&held), || format!("{held} is not in {after:?}"))?;
    require(!again.contains(&held), || format!("{held} was not removed"))?;
    require(world.sh("true")?.succeeded(), || "the sweep took what lives".into())
}

fn prepared_state_is_frozen_and_judged(world: &World) -> Result<(), String> {
    let fails = |error: Failure| error.to_string();
    let image = world.sandbox.image("base").map_err(fails)?;
    let run = |container: &_, line: &str| world.exec(container, &Command::sh(line).directory("/work/repo"));
    let preparing = world.start(&Spec::preparing(&image).limits(Limits { disk_bytes: 256 << 20, ..TIGHT }))?;
    same(&run(&preparing, "echo one >state && ln -s state link && chmod 600 state && pwd")?, Status::Exit(0))?;
    let frozen = world.sandbox.freeze(&preparing).map_err(fails)?;
    world.away(&preparing)?;
    let spec = Spec::guarded(&frozen).limits(TIGHT).writable("/work", 16 << 20);
    // A fault in one judged container is not seen in the next.
    let (first, second) = (world.start(&spec)?, world.start(&spec)?);
    same(&run(&first, "echo broken >state")?, Status::Exit(0))?;
    let told = run(&second, "cat link; stat -c '%U %a' state; id -un; echo $HOME; touch /prepared/x || echo kept")?;
    world.away(&first)?;
    world.away(&second)?;
    require(told.text() == "one\nsubject 600\nsubject\n/work/home\nkept\n", || told.text())
}

fn prepared_state_that_does_not_fit(world: &World) -> Result<(), String> {
    let fails = |error: Failure| error.to_string();
    let image = world.sandbox.image("base").map_err(fails)?;
    let preparing = world.start(&Spec::preparing(&image).limits(Limits { disk_bytes: 256 << 20, ..TIGHT }))?;
    same(&world.exec(&preparing, &Command::sh("head -c 20M /dev/zero >/work/big"))?, Status::Exit(0))?;
    let frozen = world.sandbox.freeze(&preparing).map_err(fails)?;
    world.away(&preparing)?;
    match world.sandbox.start(&Spec::guarded(&frozen).limits(TIGHT).writable("/work", 8 << 20)) {
        Err(Failure::Refused(told)) if told.contains("does not fit") && told.contains("No space") => Ok(()),
        other => Err(format!("{other:?}")),
    }
}

/// A state too large to be copied lies below a layer in memory: it is whole, what is written is bounded, and the next finds
/// nothing of it.
fn large_prepared_state(world: &World) -> Result<(), String> {
    let fails = |error: Failure| error.to_string();
    let image = world.sandbox.image("base").map_err(fails)?;
    let preparing = world.start(&Spec::preparing(&image).limits(Limits { disk_bytes: 512 << 20, ..TIGHT }))?;
    let fill = "cd /work/repo && mkdir a && head -c 90M /dev/zero >big && echo one >a/state && ln -s a/state link";
    same(&world.exec(&preparing, &Command::sh(fill))?, Status::Exit(0))?;
    let frozen = world.sandbox.freeze(&preparing).map_err(fails)?;
    world.away(&preparing)?;
    let spec = Spec::guarded(&frozen).limits(TIGHT).writable("/work", 16 << 20);
    let (first, second) = (world.start(&spec)?, world.start(&spec)?);
    let run = |container: &_, line: &str| world.exec(container, &Command::sh(line).directory("/work/repo"));
    same(&run(&first, "echo broken >a/state && mv a b && rm link && echo new >/work/new")?, Status::Exit(0))?;
    let filled = run(&first, "head -c 40M /dev/zero >/work/more")?;
    let touched = run(&first, "touch /work/repo/big")?;
    let told = run(&second, "cat link; stat -c %s big; ls /work; id -un")?;
    world.away(&first)?;
    world.away(&second)?;
    require(!filled.succeeded() && filled.error_text().contains("No space"), || filled.error_text())?;
    require(!touched.succeeded(), || "a file larger than its memory was copied up".into())?;
    require(told.text() == "one\n94371840\nhome\nrepo\nsubject\n", || told.text())
}

pub(crate) const CASES: &[Case] = &[
    ("lives_ignores_the_polite_signal", ignores_the_polite_signal),
    ("lives_daemon_is_seen_and_ends", daemon_is_seen_and_ends),
    ("lives_daemon_that_holds_the_output", daemon_that_holds_the_output),
    ("lives_zombies_are_reaped", zombies_are_reaped),
    ("lives_kills_everything", kills_everything),
    ("lives_the_dead_answer_no_more", the_dead_answer_no_more),
    ("lives_only_containers_of_the_run", only_containers_of_the_run),
    ("lives_owner_is_killed", owner_is_killed),
    ("lives_prepared_state_is_frozen_and_judged", prepared_state_is_frozen_and_judged),
    ("lives_prepared_state_that_does_not_fit", prepared_state_that_does_not_fit),
    ("lives_large_prepared_state", large_prepared_state),
];
