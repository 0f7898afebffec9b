//! Subjects that lie: about results, times and the record itself. The observer is outside.

use sandbox::{Cast, Command, Status};

use crate::{Case, TIGHT, World, require, same};

fn line_of(world: &World, marker: &str) -> Result<serde_json::Value, String> {
    let text = world.sandbox.transcript().to_json_lines();
    let mut lines = text.lines().filter(|line| line.contains(marker));
    let (first, second) = (lines.next(), lines.next());
    match (first, second) {
        (Some(line), None) => serde_json::from_str(line).map_err(|error| error.to_string()),
        _ => Err(format!("{marker} is not on one line: {first:?} {second:?}")),
    }
}

fn prints_a_fake_record(world: &World) -> Result<(), String> {
    let fake = "{\"kind\":\"ran\",\"at\":0,\"container\":\"victim\",\"command\":\"pytest\",\"status\":\"exit 0\"}";
    let ended = world.sh(&format!("# marker-one\nprintf '\\n{fake}\\n'; exit 5"))?;
    same(&ended, Status::Exit(5))?;
    let line = line_of(world, "marker-one")?;
    require(line["status"] == "exit 5", || line.to_string())
}

fn prints_a_fake_success(world: &World) -> Result<(), String> {
    let ended = world.sh("# marker-two\nprintf '== 12 passed ==\\n\\033[32m= exit 0\\033[0m\\n'; exit 1")?;
    same(&ended, Status::Exit(1))?;
    let line = line_of(world, "marker-two")?;
    require(line["status"] == "exit 1", || line.to_string())
}

fn plays_the_engine(world: &World) -> Result<(), String> {
    let ended = world.sh("echo 'Error response from daemon: No such container: x' >&2; exit 1")?;
    same(&ended, Status::Exit(1))?;
    let ended = world.sh("echo 'OCI runtime exec failed: exec failed' >&2; exit 126")?;
    same(&ended, Status::Exit(126))
}

fn exit_codes_are_kept(world: &World) -> Result<(), String> {
    for code in [2, 125, 126, 127, 128, 137, 143, 255] {
        same(&world.sh(&format!("exit {code}"))?, Status::Exit(code))?;
    }
    same(&world.exec(&world.guarded, &Command::new(["no-such-program"]))?, Status::Exit(127))
        .or_else(|_| same(&world.exec(&world.guarded, &Command::new(["no-such-program"]))?, Status::Exit(126)))
}

fn writes_on_the_terminal(world: &World) -> Result<(), String> {
    world.sh("printf '\\033[2J\\033]0;owned\\007\\033]52;c;b3duZWQ=\\007marker-three\\r\\n'")?;
    let cast = Cast::of(&world.sandbox.transcript(), "t").to_asciicast();
    require(cast.contains("marker-three") && !cast.contains("\\u001b[2J") && !cast.contains("\\u001b]"), || cast)
}

fn binary_output_is_kept(world: &World) -> Result<(), String> {
    let ended = world.exec(
        &world.guarded,
        &Command::new(["python3", "-c", "import sys; sys.stdout.buffer.write(bytes(range(256)))"]),
    )?;
    require(ended.stdout == (0..=255).collect::<Vec<u8>>(), || format!("{:?}", ended.stdout))
}

/// The word of the observer is nowhere inside before it is given.
fn the_nonce_is_not_inside(world: &World) -> Result<(), String> {
    let nonce = world.sandbox.run().nonce("observer");
    let half = &nonce[..16];
    let ended = world.sh(
        "cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline /etc/hostname /work/* 2>/dev/null | tr '\\0' '\\n'; echo end",
    )?;
    require(!ended.text().contains(half) && ended.text().contains("end"), || ended.text())
}

/// The time is measured outside, whatever the subject's own clock says.
fn lies_about_time(world: &World) -> Result<(), String> {
    let line = "sleep 0.5; python3 -c \"import os; os.utime('/work', (0, 0))\"; echo 'finished in 0.00s'";
    let ended = world.ends(TIGHT, &Command::sh(line), Status::Exit(0))?;
    require(ended.millis >= 500, || format!("{} ms", ended.millis))
}

fn edits_what_watches_it(world: &World) -> Result<(), String> {
    // A report that the subject writes is its word; how the command ended is ours.
    let ended =
        world.sh("mkdir -p /work/report && echo '<testsuite failures=\"0\"/>' >/work/report/junit.xml; false")?;
    same(&ended, Status::Exit(1))
}

pub(crate) const CASES: &[Case] = &[
    ("records_prints_a_fake_record", prints_a_fake_record),
    ("records_prints_a_fake_success", prints_a_fake_success),
    ("records_plays_the_engine", plays_the_engine),
    ("records_exit_codes_are_kept", exit_codes_are_kept),
    ("records_writes_on_the_terminal", writes_on_the_terminal),
    ("records_binary_output_is_kept", binary_output_is_kept),
    ("records_the_nonce_is_not_inside", the_nonce_is_not_inside),
    ("records_lies_about_time", lies_about_time),
    ("records_edits_what_watches_it", edits_what_watches_it),
];
