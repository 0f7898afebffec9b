//! What our commands on a host rest on: its own programs, which a subject that is root there may have replaced. The engine
//! tells from outside which files differ from the image; where one of these does, nothing that the host says is believed.

use sandbox::{Change, Command, Container, Engine};

use crate::protocol::Stop;
use crate::say::say;

/// Nothing in a folder of the subject's own is run in the place of one of these.
const PATH: &str = "/usr/sbin:/usr/bin";

/// The programs that damages and snapshots are made of, in either of those folders.
const PROGRAMS: [&str; 29] = [
    "sh",
    "dash",
    "bash",
    "systemctl",
    "dpkg",
    "dpkg-query",
    "python3",
    "stat",
    "id",
    "ss",
    "ps",
    "grep",
    "sed",
    "tr",
    "head",
    "cat",
    "mv",
    "chmod",
    "chown",
    "userdel",
    "pkill",
    "sleep",
    "seq",
    "printf",
    "tar",
    "mkdir",
    "env",
    "crontab",
    "rm",
];

/// The libraries that they load, wherever the loader may look for them.
const LIBRARIES: [&str; 16] = [
    "ld-linux",
    "libc.so",
    "libm.so",
    "libdl.so",
    "libpthread.so",
    "libselinux.so",
    "libsystemd",
    "libcap.so",
    "libpcre2",
    "liblzma.so",
    "libzstd.so",
    "libz.so",
    "libexpat.so",
    "libproc2",
    "libnss_",
    "libtinfo.so",
];

/// A line of ours for the shell, as root: by its path, and with programs of the image alone.
pub(super) fn shell(line: impl Into<String>) -> Command {
    Command::new(["/bin/sh".to_owned(), "-c".to_owned(), line.into()]).root().env("PATH", PATH)
}

/// A program of ours for the host's Python, without what else lies where Python looks.
pub(super) fn python(arguments: &[String]) -> Command {
    let program = ["/usr/bin/python3", "-I", "-S", "-B", "-"].into_iter().map(str::to_owned);
    Command::new(program.chain(arguments.iter().cloned())).root().env("PATH", PATH)
}

/// # Errors
/// When something that our commands rest on is another than in the image.
pub(super) fn check(engine: &dyn Engine, host: &Container) -> Result<(), Stop> {
    let changes = engine.changes(host)?;
    match changes.iter().find(|change| is_rested_on(change)) {
        Some(change) => Err(Stop(say!("host-not-believed", path = change.path))),
        None => Ok(()),
    }
}

/// A program that the image lacks may come with a package; one that it has, a library or a setting of the loader may not be
/// another.
fn is_rested_on(change: &Change) -> bool {
    let path = change.path.as_str();
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let system = ["/lib", "/usr/lib", "/usr/local/lib"]
        .iter()
        .any(|root| folder.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
    let modules =
        folder.starts_with("/usr/lib/python3") && !folder.contains("/dist-packages") && name != "dist-packages";
    match path {
        "/bin" | "/sbin" | "/lib" | "/lib64" | "/etc/ld.so.preload" | "/usr/lib/systemd/systemd" => true,
        _ if matches!(folder, "/usr/bin" | "/usr/sbin") => !change.added && is_program(name),
        _ if modules => true,
        _ => system && LIBRARIES.iter().any(|library| name.starts_with(library)),
    }
}

fn is_program(name: &str) -> bool {
    PROGRAMS.contains(&name)
        || name.strip_prefix("python3.").is_some_and(|rest| rest.bytes().all(|c| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_our_commands_rest_on() {
        let check = |path: &str, added: bool, expected: bool| {
            let change = Change { path: path.to_owned(), added };
            assert_eq!(is_rested_on(&change), expected, "{path}");
        };
        check("/usr/bin/systemctl", false, true);
        check("/usr/bin/crontab", true, false);
        check("/usr/bin/nginx", false, false);
        check("/usr/bin", false, false);
        check("/bin", false, true);
        check("/usr/local/bin/systemctl", true, false);
        check("/etc/ld.so.preload", true, true);
        check("/usr/local/lib/libc.so.6", true, true);
        check("/usr/lib/x86_64-linux-gnu/libsystemd.so.0.35.0", false, true);
        check("/usr/lib/x86_64-linux-gnu/libpq.so.5", true, false);
        check("/opt/app/libc.so.6", true, false);
        check("/usr/lib/python3.11/subprocess.py", false, true);
        check("/usr/lib/python3.11/subprocess/__init__.py", true, true);
        check("/usr/lib/python3/dist-packages/yaml/__init__.py", true, false);
        check("/usr/bin/python3.11", false, true);
        check("/usr/lib/systemd/systemd", false, true);
        check("/usr/lib/systemd/system/nginx.service", true, false);
    }
}
