//! Files in and out, with a subject who prepares what is taken.

use sandbox::{Engine, Entry, Failure, Taken};

use crate::{Case, World, require};

/// Runs a line in a folder of its own, then takes the folder out.
fn taken(world: &World, name: &str, line: &str, most: u64) -> Result<Taken, Failure> {
    let made = world.sh(&format!("mkdir -p /work/{name} && cd /work/{name} && {line}"));
    let made = made.map_err(Failure::Refused)?;
    if !made.succeeded() {
        return Err(Failure::Engine { action: "prepare".into(), message: made.error_text() });
    }
    let taken = world.sandbox.get(&world.guarded, &format!("/work/{name}"), most);
    world.sh(&format!("rm -rf /work/{name}")).map_err(Failure::Refused)?;
    taken
}

fn check(world: &World, name: &str, line: &str, paths: &[&str], refused: &[&str]) -> Result<(), String> {
    let taken = taken(world, name, line, 1 << 20).map_err(|error| error.to_string())?;
    let got: Vec<&str> = taken.entries.iter().map(|entry| entry.path.as_str()).collect();
    require(got == paths && taken.refused == refused, || format!("{got:?} {:?}", taken.refused))
}

fn link_out(world: &World) -> Result<(), String> {
    check(world, "f1", "ln -s /etc/shadow a; echo 1 >b", &["b"], &["a: a link that leads out, to /etc/shadow"])
}

fn link_that_climbs(world: &World) -> Result<(), String> {
    let refused = ["d/a: a link that leads out, to ../../x"];
    check(world, "f2", "mkdir d; ln -s ../../x d/a; ln -s ../b d/ok; echo 1 >b", &["b", "d", "d/ok"], &refused)
}

fn folder_that_is_a_link(world: &World) -> Result<(), String> {
    // What is behind a link is not taken.
    check(world, "f3", "ln -s /etc etc", &[], &["etc: a link that leads out, to /etc"])
}

fn asked_for_is_a_link(world: &World) -> Result<(), String> {
    let made = world.sh("ln -s /etc /work/f4")?;
    let taken = world.sandbox.get(&world.guarded, "/work/f4", 1 << 20).map_err(|error| error.to_string())?;
    require(made.succeeded() && taken.entries.is_empty() && taken.refused.len() == 1, || format!("{taken:?}"))
}

fn pipe(world: &World) -> Result<(), String> {
    // Reading a pipe that nobody writes would never end.
    check(world, "f5", "mkfifo p; echo 1 >b", &["b"], &["p: a pipe"])
}

fn socket(world: &World) -> Result<(), String> {
    let line = "python3 -c \"import socket; socket.socket(socket.AF_UNIX).bind('s')\"";
    check(world, "f6", line, &[], &["f6/s: a socket"])
}

fn set_user_id_bits(world: &World) -> Result<(), String> {
    let refused = ["a: its set-user-id and set-group-id bits were dropped"];
    check(world, "f7", "echo 1 >a; chmod 6755 a", &["a"], &refused)
}

fn names_that_write_on_terminals(world: &World) -> Result<(), String> {
    let line = "python3 -c \"open('a\\nb', 'w'); open('\\x1b[2Jc', 'w'); import os; os.mkfifo('\\x1b]0;x\\x07')\"";
    check(world, "f8", line, &["\x1b[2Jc", "a\nb"], &["\\u{1b}]0;x\\u{7}: a pipe"])
}

fn names_that_are_not_text(world: &World) -> Result<(), String> {
    let line = "python3 -c \"import os; os.close(os.open(b'\\\\xff', os.O_CREAT))\"";
    let taken = taken(world, "f9", line, 1 << 20).map_err(|error| error.to_string())?;
    require(taken.entries.is_empty() && taken.refused.len() == 1, || format!("{taken:?}"))
}

fn too_large(world: &World) -> Result<(), String> {
    match taken(world, "f10", "head -c 3000000 /dev/zero >a", 1 << 20) {
        Err(Failure::Refused(told)) if told == "f10: too large" => Ok(()),
        other => Err(format!("{other:?}")),
    }
}

/// A file with a terabyte of holes takes no space where it is made.
fn sparse(world: &World) -> Result<(), String> {
    match taken(world, "f11", "truncate -s 1T a", 1 << 20) {
        Err(Failure::Refused(told)) if told == "f11: too large" => Ok(()),
        other => Err(format!("{other:?}")),
    }
}

/// The bound counts what is inside, each time.
fn many_names_of_one_file(world: &World) -> Result<(), String> {
    match taken(world, "f12", "head -c 400000 /dev/zero >a; for n in 1 2 3 4; do ln a b$n; done", 1 << 20) {
        Err(Failure::Refused(told)) if told == "f12: too large" => Ok(()),
        other => Err(format!("{other:?}")),
    }
}

fn too_deep(world: &World) -> Result<(), String> {
    let line = "python3 -c \"import os\nfor n in range(80): os.mkdir('d'); os.chdir('d')\"";
    let taken = taken(world, "f13", line, 1 << 20).map_err(|error| error.to_string())?;
    require(taken.entries.len() == 64 && taken.refused.len() == 16, || {
        format!("{} {}", taken.entries.len(), taken.refused.len())
    })
}

fn not_there(world: &World) -> Result<(), String> {
    match world.sandbox.get(&world.guarded, "/work/none", 1) {
        Err(Failure::Engine { message, .. }) if message.contains("No such file") => Ok(()),
        other => Err(format!("{other:?}")),
    }
}

fn path_that_is_an_option(world: &World) -> Result<(), String> {
    let made = world.sh("echo 1 >'/work/--to-command=id'")?;
    let taken = world.sandbox.get(&world.guarded, "/work/--to-command=id", 10).map_err(|error| error.to_string())?;
    require(made.succeeded() && taken.file("--to-command=id") == Some(b"1\n".as_slice()), || format!("{taken:?}"))
}

fn laid_through_a_link(world: &World) -> Result<(), String> {
    world.sh("ln -s /etc /work/f14")?;
    match world.sandbox.put(&world.guarded, "/work/f14", &[Entry::file("passwd", "x")]) {
        Err(Failure::Engine { message, .. }) if message.contains("Cannot open") || message.contains("Read-only") => {
            Ok(())
        }
        other => Err(format!("{other:?}")),
    }
}

fn laid_by_a_path_that_climbs(world: &World) -> Result<(), String> {
    match world.sandbox.put(&world.guarded, "/work/f15", &[Entry::file("../../etc/passwd", "x")]) {
        Err(Failure::Refused(_)) => Ok(()),
        other => Err(format!("{other:?}")),
    }
}

fn there_and_back(world: &World) -> Result<(), String> {
    let files = vec![Entry::file("a b/c\nd", "1"), Entry::link("l", "a b"), Entry::program("run", "#!/bin/sh\n")];
    world.sandbox.put(&world.guarded, "/work/f16", &files).map_err(|error| error.to_string())?;
    let mut taken = world.sandbox.get(&world.guarded, "/work/f16", 1 << 20).map_err(|error| error.to_string())?;
    taken.entries.retain(|entry| entry.what != sandbox::What::Folder);
    require(taken.entries == files, || format!("{taken:?}"))
}

pub(crate) const CASES: &[Case] = &[
    ("files_link_out", link_out),
    ("files_link_that_climbs", link_that_climbs),
    ("files_folder_that_is_a_link", folder_that_is_a_link),
    ("files_asked_for_is_a_link", asked_for_is_a_link),
    ("files_pipe", pipe),
    ("files_socket", socket),
    ("files_set_user_id_bits", set_user_id_bits),
    ("files_names_that_write_on_terminals", names_that_write_on_terminals),
    ("files_names_that_are_not_text", names_that_are_not_text),
    ("files_too_large", too_large),
    ("files_sparse", sparse),
    ("files_many_names_of_one_file", many_names_of_one_file),
    ("files_too_deep", too_deep),
    ("files_not_there", not_there),
    ("files_path_that_is_an_option", path_that_is_an_option),
    ("files_laid_through_a_link", laid_through_a_link),
    ("files_laid_by_a_path_that_climbs", laid_by_a_path_that_climbs),
    ("files_there_and_back", there_and_back),
];
