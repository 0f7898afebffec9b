//! Subjects that take more than they may: of memory, processes, space, time, output, arguments.

use sandbox::{Command, Engine, Failure, Limits, Spec, Status};

use crate::{Case, TIGHT, World, denied, require, same};

fn fork_bomb(world: &World) -> Result<(), String> {
    let line = "f() { f | f & f; }; f; wait";
    let container = world.fresh(TIGHT)?;
    let ended = world.exec(&container, &Command::new(["bash", "-c", line]).seconds(4))?;
    world.away(&container)?;
    same(&ended, Status::OutOfProcesses)
}

/// The bomb is left behind by a command that ends well; the next one says what it met.
fn fork_bomb_left_behind(world: &World) -> Result<(), String> {
    let container = world.fresh(TIGHT)?;
    let bomb = "import os, time
null = os.open('/dev/null', os.O_RDWR)
try:
    while True:
        if os.fork() == 0:
            os.setsid()
            for n in range(3): os.dup2(null, n)
            time.sleep(60)
            os._exit(0)
except OSError:
    pass";
    same(&world.exec(&container, &Command::new(["python3", "-c", bomb]).seconds(10))?, Status::Exit(0))?;
    let next = world.exec(&container, &Command::sh("true | true | true | true").seconds(10))?;
    world.away(&container)?;
    same(&next, Status::OutOfProcesses)
}

fn memory_hog(world: &World) -> Result<(), String> {
    let command = Command::new(["python3", "-c", "x = bytearray(200 << 20)"]);
    world.ends(TIGHT, &command, Status::OutOfMemory).map(drop)
}

/// A parent that hides what happened to its child.
fn memory_hog_in_a_child(world: &World) -> Result<(), String> {
    let command = Command::sh("python3 -c 'x = bytearray(200 << 20)'; exit 3");
    world.ends(TIGHT, &command, Status::OutOfMemory).map(drop)
}

fn full(world: &World, folder: &str) -> Result<(), String> {
    let container = world.fresh(Limits { memory_bytes: 256 << 20, ..TIGHT })?;
    let ended = world.exec(&container, &Command::sh(format!("head -c 200M /dev/zero >{folder}/full")))?;
    world.away(&container)?;
    denied(&ended, &["No space left"])
}

fn fills_work(world: &World) -> Result<(), String> {
    full(world, "/work")
}

fn fills_temporary(world: &World) -> Result<(), String> {
    full(world, "/tmp")
}

fn fills_shared_memory(world: &World) -> Result<(), String> {
    full(world, "/dev/shm")
}

fn fills_with_empty_files(world: &World) -> Result<(), String> {
    let container = world.fresh(TIGHT)?;
    let line = "import os\nfor n in range(100000): os.close(os.open(f'/tmp/{n}', os.O_CREAT))";
    let ended = world.exec(&container, &Command::new(["python3", "-c", line]))?;
    world.away(&container)?;
    denied(&ended, &["No space left"])
}

fn fills_memory_folders_beyond_memory(world: &World) -> Result<(), String> {
    let image = world.sandbox.image("probe").map_err(|error| error.to_string())?;
    let container = world.start(&Spec::guarded(&image).limits(TIGHT).writable("/work", 1 << 30))?;
    let ended = world.exec(&container, &Command::sh("head -c 500M /dev/zero >/work/full"))?;
    world.away(&container)?;
    same(&ended, Status::OutOfMemory)
}

fn fills_a_writable_root(world: &World) -> Result<(), String> {
    let image = world.sandbox.image("probe").map_err(|error| error.to_string())?;
    let spec = Spec::service(&image).argv(["sleep", "infinity"]).limits(Limits { memory_bytes: 256 << 20, ..TIGHT });
    let container = world.start(&spec)?;
    let line = "for n in $(seq 200); do head -c 8M /dev/zero >/full-$n || exit; sleep 0.05; done";
    let ended = world.exec(&container, &Command::sh(line).root().seconds(60))?;
    let running = world.sandbox.state(&container).map_err(|error| error.to_string())?.running;
    world.away(&container)?;
    require(!running, || "it still runs".into())?;
    same(&ended, Status::OutOfSpace)
}

fn floods_output(world: &World) -> Result<(), String> {
    let command = Command::sh("yes").output_bytes(100_000).seconds(30);
    let ended = world.ends(TIGHT, &command, Status::Flooded)?;
    require(ended.stdout.len() == 100_000, || format!("{} bytes were kept", ended.stdout.len()))
}

fn floods_errors(world: &World) -> Result<(), String> {
    let command = Command::sh("yes >&2").output_bytes(100_000).seconds(30);
    world.ends(TIGHT, &command, Status::Flooded).map(drop)
}

fn floods_both(world: &World) -> Result<(), String> {
    let command = Command::sh("head -c 60000 /dev/zero; head -c 60000 /dev/zero >&2; sleep 30").output_bytes(100_000);
    world.ends(TIGHT, &command.seconds(20), Status::Flooded).map(drop)
}

fn drips(world: &World) -> Result<(), String> {
    let ended =
        world.ends(TIGHT, &Command::sh("while :; do printf x; sleep 0.1; done").seconds(2), Status::TimedOut)?;
    require(ended.text().starts_with("xx"), || ended.text())
}

fn never_ends(world: &World) -> Result<(), String> {
    world.ends(TIGHT, &Command::sh("while :; do :; done").seconds(1), Status::TimedOut).map(drop)
}

fn waits_for_input(world: &World) -> Result<(), String> {
    let ended = world.sh("cat; echo $?")?;
    require(ended.text() == "0\n", || ended.text())
}

fn closes_its_output(world: &World) -> Result<(), String> {
    let command = Command::sh("exec >&- 2>&-; sleep 60").seconds(2);
    world.ends(TIGHT, &command, Status::TimedOut).map(drop)
}

fn refusal(world: &World, command: &Command) -> Result<(), String> {
    match world.sandbox.exec(&world.guarded, command) {
        Err(Failure::Refused(_)) => Ok(()),
        other => Err(format!("{other:?}")),
    }
}

fn huge_argument(world: &World) -> Result<(), String> {
    refusal(world, &Command::new(["echo".to_owned(), "x".repeat(4 << 20)]))
}

fn many_arguments(world: &World) -> Result<(), String> {
    refusal(world, &Command::new(vec!["x"; 2 << 20]))
}

fn huge_variable(world: &World) -> Result<(), String> {
    refusal(world, &Command::sh("true").env("A", "x".repeat(4 << 20)))
}

fn null_in_an_argument(world: &World) -> Result<(), String> {
    refusal(world, &Command::new(["echo", "a\0b"]))
}

fn variable_that_is_two(world: &World) -> Result<(), String> {
    refusal(world, &Command::sh("true").env("A=B", "c"))
}

fn root_in_a_guarded_container(world: &World) -> Result<(), String> {
    refusal(world, &Command::sh("id").root())
}

fn arguments_are_not_options(world: &World) -> Result<(), String> {
    let ended = world.exec(&world.guarded, &Command::new(["echo", "--privileged", "-u", "0", "$(id)", ";", "id"]))?;
    require(ended.text() == "--privileged -u 0 $(id) ; id\n", || ended.text())
}

fn image_that_is_an_option(world: &World) -> Result<(), String> {
    match world.sandbox.start(&Spec::guarded(&sandbox::Image("--privileged".into()))) {
        Err(Failure::Refused(_)) => Ok(()),
        other => Err(format!("{other:?}")),
    }
}

fn image_that_is_not_here(world: &World) -> Result<(), String> {
    match world.sandbox.start(&Spec::guarded(&sandbox::Image("preuve/none:0".into()))) {
        Err(Failure::NoImage(name)) if name == "preuve/none:0" => Ok(()),
        other => Err(format!("{other:?}")),
    }
}

pub(crate) const CASES: &[Case] = &[
    ("bounds_fork_bomb", fork_bomb),
    ("bounds_fork_bomb_left_behind", fork_bomb_left_behind),
    ("bounds_memory_hog", memory_hog),
    ("bounds_memory_hog_in_a_child", memory_hog_in_a_child),
    ("bounds_fills_work", fills_work),
    ("bounds_fills_temporary", fills_temporary),
    ("bounds_fills_shared_memory", fills_shared_memory),
    ("bounds_fills_with_empty_files", fills_with_empty_files),
    ("bounds_fills_memory_folders_beyond_memory", fills_memory_folders_beyond_memory),
    ("bounds_fills_a_writable_root", fills_a_writable_root),
    ("bounds_floods_output", floods_output),
    ("bounds_floods_errors", floods_errors),
    ("bounds_floods_both", floods_both),
    ("bounds_drips", drips),
    ("bounds_never_ends", never_ends),
    ("bounds_waits_for_input", waits_for_input),
    ("bounds_closes_its_output", closes_its_output),
    ("bounds_huge_argument", huge_argument),
    ("bounds_many_arguments", many_arguments),
    ("bounds_huge_variable", huge_variable),
    ("bounds_null_in_an_argument", null_in_an_argument),
    ("bounds_variable_that_is_two", variable_that_is_two),
    ("bounds_root_in_a_guarded_container", root_in_a_guarded_container),
    ("bounds_arguments_are_not_options", arguments_are_not_options),
    ("bounds_image_that_is_an_option", image_that_is_an_option),
    ("bounds_image_that_is_not_here", image_that_is_not_here),
];
