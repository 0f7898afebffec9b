//! The boundary, tried from inside at the start of a run: when a way out is open, nothing of the subject is run.

use crate::{Command, Engine, Failure, Image, Limits, Network, Run, Spec};

/// The ways that are tried. A way that is not heard of is not known to hold.
pub const WAYS: [&str; 30] = [
    "root-file-system",
    "mount",
    "user-name-space",
    "name-spaces",
    "capabilities",
    "root-user",
    "set-user-id",
    "other-processes",
    "devices",
    "device-nodes",
    "kernel-settings",
    "control-groups",
    "kernel-log",
    "kernel-code",
    "keys",
    "file-handles",
    "clock",
    "host-name",
    "change-root",
    "priority",
    "engine-socket",
    "raw-sockets",
    "outside",
    "this-machine",
    "metadata",
    "names-outside",
    "space",
    "processes",
    "memory",
    "end",
];

const LIMITS: Limits = Limits { milli_cpus: 1000, memory_bytes: 96 << 20, processes: 48, disk_bytes: 1 << 20 };

/// Tries every way out of a guarded container on a network of its own.
///
/// # Errors
/// [`Failure::Refused`] with the name of the first way that is open, or the engine's own failure.
pub fn check(engine: &dyn Engine, probe: &Image, run: &Run) -> Result<(), Failure> {
    let network = engine.network("boundary")?;
    let spec = Spec::guarded(probe)
        .alias("boundary")
        .network(Network::Members(network))
        .limits(LIMITS)
        .writable(crate::layout::WORK, 8 << 20)
        .writable("/tmp", 8 << 20);
    let container = engine.start(&spec)?;
    let word = run.nonce("boundary");
    let mut argv = vec!["python3".to_owned(), "/usr/local/lib/preuve/boundary.py".into(), word.clone()];
    argv.extend([LIMITS.memory_bytes.to_string(), LIMITS.processes.to_string()]);
    argv.extend(crate::driver::addresses());
    let ended = engine.exec(&container, &Command::new(argv).seconds(30));
    engine.remove(&container)?;
    let ended = ended?;
    judge(&ended.text(), &word).map_err(|why| match why.as_str() {
        "end" => Failure::Refused(format!("the boundary test did not end: {}: {}", ended.status, ended.error_text())),
        _ => Failure::Refused(format!("the boundary is open: {why}")),
    })
}

/// The first way that is open or was not tried.
fn judge(told: &str, word: &str) -> Result<(), String> {
    for way in WAYS {
        let held = if way == "end" { word.to_owned() } else { format!("held {way}") };
        if told.lines().any(|line| line == held) {
            continue;
        }
        let open = told.lines().find_map(|line| line.strip_prefix("open ")?.strip_prefix(way));
        return Err(format!("{way}{}", open.unwrap_or_default()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(open: Option<&str>, word: &str) -> String {
        let line = |way: &&str| match *way {
            "end" => word.to_owned(),
            way if open == Some(way) => format!("open {way}: it was"),
            way => format!("held {way}"),
        };
        WAYS.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn every_way_must_be_known_to_hold() {
        assert_eq!(judge(&told(None, "w"), "w"), Ok(()));
        for way in WAYS.iter().filter(|way| **way != "end") {
            assert_eq!(judge(&told(Some(way), "w"), "w"), Err(format!("{way}: it was")));
        }
        assert_eq!(judge(&told(None, "other"), "w"), Err("end".into()), "it died, or someone else spoke");
        assert_eq!(judge("", "w"), Err("root-file-system".into()));
    }

    #[test]
    fn the_script_tries_what_is_asked() {
        let script = include_str!("../recipes/probe/boundary.py");
        for way in WAYS.iter().filter(|way| **way != "end") {
            assert!(script.contains(&format!("@way(\"{way}\")")), "{way}");
        }
    }
}
