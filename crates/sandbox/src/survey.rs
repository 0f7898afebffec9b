//! What this machine has for running experiments. It only looks.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use crate::images::{Images, names};
use crate::process::{self, Bounds};
use crate::{Clock, Dialect, Driver, Failure, Machine, Run};

const PATIENCE: Bounds = Bounds { seconds: 10, bytes: 64 << 10 };
/// The bit of the capability without which an engine's defaults fail.
const SYS_RESOURCE: u32 = 24;

/// Everything that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survey {
    pub engines: Vec<EngineSeen>,
    pub tools: Vec<ToolSeen>,
    pub images: Vec<ImageSeen>,
    /// Whether the image that all others stand on can be had: it is here, or can be bootstrapped or fetched.
    pub base: bool,
    pub cluster: bool,
    /// The disk on which the engine that answers keeps what it runs.
    pub disk: Option<Disk>,
    pub packages: Packages,
    /// Whether containers can be given what engines give by default.
    pub whole: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineSeen {
    pub name: &'static str,
    /// Whether its program is installed.
    pub installed: bool,
    /// Its version, or why it does not answer.
    pub answer: Result<String, String>,
    /// Whether a session can be opened on it: what its networks let through is known.
    pub confines: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolSeen {
    pub name: &'static str,
    pub package: &'static str,
    pub version: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageSeen {
    pub name: &'static str,
    pub here: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disk {
    pub folder: String,
    /// Bytes that are free.
    pub free: u64,
}

/// How this machine installs packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packages {
    Apt,
    Dnf,
    Other,
}

/// Looks at this machine. Nothing is installed, built, started or written.
pub fn survey(run: &Run, clock: &Arc<dyn Clock>, machine: Machine) -> Survey {
    let engines: Vec<EngineSeen> = [("docker", Dialect::Docker), ("podman", Dialect::Podman)]
        .map(|(name, dialect)| engine(name, dialect, run, clock))
        .into();
    let registry = machine.registry.is_some();
    let cluster = crate::cluster::is_here(&machine);
    let images = Images::new(machine);
    let driver = Driver::find(None, run, clock).ok();
    let here = |name: &str| driver.as_ref().is_some_and(|driver| images.is_here(driver, name).unwrap_or(false));
    let tools = vec![
        tool(clock, "git", "git", &["git", "--version"]),
        tool(clock, "debootstrap", "debootstrap", &["debootstrap", "--version"]),
        tool(clock, "iptables", "iptables", &["iptables", "--version"]),
    ];
    let bootstraps = tools.iter().any(|tool| tool.name == "debootstrap" && tool.version.is_some());
    Survey {
        engines,
        base: here("base") || bootstraps || registry,
        tools,
        images: names().into_iter().map(|name| ImageSeen { name, here: here(name) }).collect(),
        cluster,
        disk: driver.as_ref().and_then(|driver| disk(driver.root()?, clock)),
        packages: packages(),
        whole: bounding(&fs::read_to_string("/proc/self/status").unwrap_or_default()),
    }
}

fn engine(name: &'static str, dialect: Dialect, run: &Run, clock: &Arc<dyn Clock>) -> EngineSeen {
    let driver = Driver::find(Some(dialect), run, clock);
    let confines = driver.as_ref().is_ok_and(Driver::owns_networks);
    let asked = driver.and_then(|driver| driver.version());
    let installed = !matches!(&asked, Err(Failure::Absent(told)) if told.contains("No such file"));
    let answer = asked.map_err(|error| match error {
        Failure::Absent(why) => why,
        other => other.to_string(),
    });
    EngineSeen { name, installed, answer, confines }
}

fn disk(folder: String, clock: &Arc<dyn Clock>) -> Option<Disk> {
    let argv = ["df", "--output=avail", "--block-size=1", &folder].map(str::to_owned);
    let ran = process::run(&**clock, &argv, Vec::new(), PATIENCE, &mut || false).ok()?;
    let told = String::from_utf8_lossy(&ran.stdout).lines().nth(1)?.trim().parse().ok()?;
    Some(Disk { folder, free: told })
}

fn tool(clock: &Arc<dyn Clock>, name: &'static str, package: &'static str, argv: &[&str]) -> ToolSeen {
    let argv: Vec<String> = argv.iter().map(|word| (*word).to_owned()).collect();
    let ran = process::run(&**clock, &argv, Vec::new(), PATIENCE, &mut || false);
    let told = ran.ok().filter(process::Ran::succeeded).map(|ran| String::from_utf8_lossy(&ran.stdout).into_owned());
    let version = told.map(|told| told.lines().next().unwrap_or_default().trim().to_owned());
    ToolSeen { name, package, version }
}

fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
}

fn packages() -> Packages {
    let has = |program: &str| {
        ["/usr/bin", "/bin", "/usr/sbin"].iter().any(|folder| is_program(&Path::new(folder).join(program)))
    };
    if has("apt-get") {
        Packages::Apt
    } else if has("dnf") {
        Packages::Dnf
    } else {
        Packages::Other
    }
}

fn bounding(status: &str) -> bool {
    let set = status.lines().find_map(|line| line.strip_prefix("CapBnd:"));
    set.and_then(|set| u64::from_str_radix(set.trim(), 16).ok()).is_none_or(|set| set & (1 << SYS_RESOURCE) != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bounding_set() {
        assert!(bounding("CapBnd:\t000001ffffffffff\n"));
        assert!(!bounding("CapBnd:\t000001fffeffffff\n"));
        assert!(bounding(""), "what is not told is not missing");
    }
}
