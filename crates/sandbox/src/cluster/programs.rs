//! Where the programs of Kubernetes are kept: built once by `tools/build-kubernetes`, in the cache of the project.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Machine;

/// Programs of a real cluster.
const PROGRAMS: [&str; 5] = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy"];
/// What is said when they are not there.
pub const MISSING: &str =
    "Kubernetes is not built on this machine: `./dev kubernetes` builds it once, in a quarter of an hour";

/// Whether this machine has them.
pub fn is_here(machine: &Machine) -> bool {
    programs(machine).is_some()
}

/// The folder that holds them all: beside what images are made of, or one step up, where the verbs share it.
pub(crate) fn programs(machine: &Machine) -> Option<PathBuf> {
    let up = machine.cache.parent().unwrap_or(&machine.cache);
    let folders = [machine.cache.clone(), up.to_owned(), up.join("engine")];
    let found = folders.into_iter().map(|folder| folder.join("kubernetes/bin"));
    found.into_iter().find(|folder| PROGRAMS.iter().all(|program| is_program(&folder.join(program))))
}

fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
}
