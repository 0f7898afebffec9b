//! Getting hold of a repository: a path is opened where it is, a bundle or address is cloned bare by the git program.
//!
//! This is the only place that starts a process, with `begin`. The program gets no hooks, no filters, no submodules, no
//! configuration but ours, no terminal, one protocol, and a limit on time and size.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::place::{self, Source};
use super::{AcquireError, Failed, Repository};

/// How much an acquisition may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub seconds: u64,
    pub bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { seconds: 900, bytes: 4 * 1024 * 1024 * 1024 }
    }
}

/// A repository that is open, and the temporary clone that it may live in.
pub struct Acquired {
    pub repository: Repository,
    /// Removed when this is dropped.
    _clone: Option<tempfile::TempDir>,
}

impl Acquired {
    pub(super) fn in_place(repository: Repository) -> Self {
        Self { repository, _clone: None }
    }
}

/// The only way that a clone may take: this host at these addresses, without redirects, proxies and detours.
pub(super) struct Route {
    pub host: String,
    pub port: u16,
    pub addresses: Vec<std::net::IpAddr>,
    /// Raised by whoever no longer waits for it.
    pub stop: Arc<AtomicBool>,
}

impl Route {
    fn settings(&self) -> [String; 5] {
        // The program of transfer wants an IPv6 address in brackets.
        let address = |ip: &std::net::IpAddr| if ip.is_ipv6() { format!("[{ip}]") } else { ip.to_string() };
        let addresses: Vec<String> = self.addresses.iter().map(address).collect();
        [
            format!("http.curloptResolve={}:{}:{}", self.host, self.port, addresses.join(",")),
            // Without redirects the program ignores a server's word about alternates elsewhere, too.
            "http.followRedirects=false".to_owned(),
            "http.proxy=".to_owned(),
            "transfer.bundleURI=false".to_owned(),
            "fetch.uriProtocols=".to_owned(),
        ]
    }
}

/// Opens what a person wrote: a path in a work tree or bare repository, a bundle, or an address.
///
/// # Errors
/// When it is none of these, points outside itself, or cannot be fetched within the limits.
pub fn acquire(written: &str, limits: Limits) -> Result<Acquired, AcquireError> {
    match place::source(written)? {
        Source::Directory(git_dir) => Ok(Acquired { repository: Repository::open_inside(&git_dir)?, _clone: None }),
        Source::Bundle(path) => {
            // Without its directory a name could be taken for an option or an address.
            let path = fs::canonicalize(&path).map_err(|error| AcquireError::cannot_read(&path, &error))?;
            clone(&path.to_string_lossy(), "file", written, limits, None)
        }
        Source::Address { url, protocol } => clone(&url, protocol, written, limits, None),
    }
}

pub(super) fn clone(
    url: &str,
    protocol: &str,
    written: &str,
    limits: Limits,
    route: Option<&Route>,
) -> Result<Acquired, AcquireError> {
    let refused = |why: Failed| AcquireError::Clone { repository: place::without_password(written), why };
    let failed = |why: String| refused(Failed::Told(why));
    let scratch = tempfile::Builder::new().prefix("preuve-").tempdir().map_err(|error| failed(error.to_string()))?;
    let target = scratch.path().join("repository.git");
    let log = scratch.path().join("log");
    let errors = fs::File::create(&log).map_err(|error| failed(error.to_string()))?;
    let mut command = git(protocol, scratch.path());
    for setting in route.iter().flat_map(|route| route.settings()) {
        command.args(["-c", &setting]);
    }
    if route.is_some() {
        for name in PROXIES {
            command.env_remove(name);
        }
    }
    command.args(["clone", "--bare", "--quiet", "--no-local", "--no-recurse-submodules", "--template=", "--"]);
    command.arg(url).arg(&target).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::from(errors));
    let mut child = command.spawn().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => AcquireError::NoGit { repository: place::without_password(written) },
        _ => failed(error.to_string()),
    })?;
    // The clock is counted in naps: only the network is being waited for, and no fact depends on it.
    let nap = Duration::from_millis(50);
    for nap_number in 0..limits.seconds.saturating_mul(20) {
        if let Some(status) = child.try_wait().map_err(|error| failed(error.to_string()))? {
            if !status.success() {
                return Err(failed(last_words(&log, &place::password_of(written))));
            }
            let repository = Repository::open_inside(&target)?;
            // The git program clones a bundle that was cut inside its header without a word.
            if repository.is_empty() {
                return Err(refused(Failed::Empty));
            }
            return Ok(Acquired { repository, _clone: Some(scratch) });
        }
        if route.is_some_and(|route| route.stop.load(Ordering::Relaxed)) {
            stop(&mut child);
            return Err(refused(Failed::Stopped));
        }
        if nap_number % 20 == 19 && size_of(&target, 6) > limits.bytes {
            stop(&mut child);
            return Err(refused(Failed::TooLarge { bytes: limits.bytes }));
        }
        std::thread::sleep(nap);
    }
    stop(&mut child);
    Err(refused(Failed::TooSlow { seconds: limits.seconds }))
}

/// The git program with nothing of anybody's configuration.
#[expect(clippy::disallowed_methods, reason = "acquisition is the one place that starts a program")]
pub(super) fn git(protocol: &str, home: &Path) -> Command {
    let mut command = Command::new("git");
    for name in INHERITED {
        command.env_remove(name);
    }
    command
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_ASKPASS", "true")
        .env("SSH_ASKPASS", "true")
        .env("GIT_SSH_COMMAND", "ssh -o BatchMode=yes -o ClearAllForwardings=yes")
        .env("GIT_ALLOW_PROTOCOL", protocol)
        .env("GIT_LFS_SKIP_SMUDGE", "1")
        .env("XDG_CONFIG_HOME", home)
        .env("HOME", home)
        .env("LC_ALL", "C");
    for setting in ["core.hooksPath=/dev/null", "core.fsmonitor=false", "submodule.recurse=false", "credential.helper="]
    {
        command.args(["-c", setting]);
    }
    command.args(["-c", "protocol.allow=never", "-c", &format!("protocol.{protocol}.allow=always")]);
    command.current_dir(home);
    command
}

/// Variables that would lead the program elsewhere or make it start others.
const INHERITED: [&str; 20] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_CONFIG",
    "GIT_CONFIG_PARAMETERS",
    "GIT_CONFIG_COUNT",
    "GIT_EXEC_PATH",
    "GIT_TEMPLATE_DIR",
    "GIT_PROXY_COMMAND",
    "GIT_SSH",
    "GIT_EXTERNAL_DIFF",
    "GIT_NAMESPACE",
    "GIT_CEILING_DIRECTORIES",
    "GIT_TRACE",
    "GIT_TRACE2",
    "GIT_EDITOR",
    "GIT_PAGER",
];

/// A proxy would resolve names by itself.
const PROXIES: [&str; 6] = ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy"];

fn stop(child: &mut std::process::Child) {
    // It may have ended by itself meanwhile; either way it is gone after the wait.
    let _ = child.kill();
    let _ = child.wait();
}

/// What the program said last, without the password of the address.
fn last_words(log: &Path, password: &str) -> String {
    let text = fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let told = lines[lines.len().saturating_sub(3)..].join("; ");
    let told: String = told.chars().filter(|c| !c.is_control()).take(600).collect();
    if password.is_empty() { told } else { told.replace(password, "•••") }
}

/// The size of a directory, links not followed.
fn size_of(dir: &Path, depth: usize) -> u64 {
    let Ok(entries) = fs::read_dir(dir) else { return 0 };
    let mut size = 0;
    for entry in entries.flatten() {
        let Ok(metadata) = entry.metadata() else { continue };
        size += match metadata.is_dir() {
            true if depth > 0 => size_of(&entry.path(), depth - 1),
            true => 0,
            false => metadata.len(),
        };
    }
    size
}
