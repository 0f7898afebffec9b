//! System calls under Podman. Its own profile lets every container make name spaces of its own, for containers in
//! containers; ours takes from that profile what only those with a right to administer the system would use.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{Dialect, Driver};
use crate::Failure;

/// Where Podman has its profile, the administrator's first.
const PROFILES: [&str; 2] = ["/etc/containers/seccomp.json", "/usr/share/containers/seccomp.json"];
/// What a container without rights has no use for.
const REFUSED: [&str; 24] = [
    "bpf",
    "clone",
    "clone3",
    "fsconfig",
    "fsmount",
    "fsopen",
    "fspick",
    "keyctl",
    "add_key",
    "request_key",
    "mount",
    "mount_setattr",
    "move_mount",
    "name_to_handle_at",
    "open_by_handle_at",
    "open_tree",
    "perf_event_open",
    "pivot_root",
    "reboot",
    "setns",
    "syslog",
    "umount",
    "umount2",
    "unshare",
];
/// Every `CLONE_NEW…`: a process may be made, a name space may not.
const NAME_SPACES: u32 = 0x7E02_0000;
/// The call is not there: the C library then makes processes the older way, whose arguments can be seen.
const NOT_THERE: i32 = 38;

impl Driver {
    /// Prepares the profile in a folder of this machine.
    ///
    /// # Errors
    /// When Podman has none, or it cannot be read or written.
    pub(crate) fn confine(&self, folder: &Path) -> Result<(), Failure> {
        if self.dialect != Dialect::Podman {
            return Ok(());
        }
        let failed = |message: String| Failure::Engine { action: "seccomp".into(), message };
        let found = PROFILES.iter().find_map(|path| fs::read_to_string(path).ok());
        let text = found.ok_or_else(|| failed(format!("Podman's profile is not at {}", PROFILES[1])))?;
        let profile: Value = serde_json::from_str(&text).map_err(|error| failed(error.to_string()))?;
        let path = folder.join("podman-seccomp.json");
        fs::create_dir_all(folder).map_err(|error| failed(error.to_string()))?;
        fs::write(&path, stricter(profile).to_string()).map_err(|error| failed(error.to_string()))?;
        *self.profile.lock().expect("nothing panics while it is held") = Some(path);
        Ok(())
    }

    /// The words that put the profile on a container.
    pub(super) fn confinement(&self) -> Option<String> {
        let profile: Option<PathBuf> = self.profile.lock().expect("nothing panics while it is held").clone();
        profile.map(|path| format!("--security-opt=seccomp={}", path.display()))
    }
}

/// A profile without what a container needs no right for and must not do. Pure.
fn stricter(mut profile: Value) -> Value {
    let Some(rules) = profile.get_mut("syscalls").and_then(Value::as_array_mut) else { return profile };
    for rule in rules.iter_mut() {
        let with_right = rule.pointer("/includes/caps").and_then(Value::as_array).is_some_and(|caps| !caps.is_empty());
        if with_right || rule.get("action").and_then(Value::as_str) != Some("SCMP_ACT_ALLOW") {
            continue;
        }
        if let Some(names) = rule.get_mut("names").and_then(Value::as_array_mut) {
            names.retain(|name| !name.as_str().is_some_and(|name| REFUSED.contains(&name)));
        }
    }
    rules.retain(|rule| rule.get("names").and_then(Value::as_array).is_none_or(|names| !names.is_empty()));
    rules.push(json!({"names": ["clone"], "action": "SCMP_ACT_ALLOW",
        "args": [{"index": 0, "value": NAME_SPACES, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}]}));
    rules.push(json!({"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": NOT_THERE}));
    profile
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_away() {
        let rule = |names: &[&str], caps: &[&str]| json!({"names": names, "action": "SCMP_ACT_ALLOW", "includes": {"caps": caps}});
        let profile = json!({"syscalls": [
            rule(&["read", "unshare", "clone"], &[]), rule(&["mount"], &["CAP_SYS_ADMIN"]), rule(&["setns"], &[])]});
        let strict = stricter(profile);
        let names: Vec<String> =
            strict["syscalls"].as_array().unwrap().iter().map(|one| one["names"].to_string()).collect();
        assert_eq!(names, ["[\"read\"]", "[\"mount\"]", "[\"clone\"]", "[\"clone3\"]"]);
        assert_eq!(strict["syscalls"][2]["args"][0]["value"], 0x7E02_0000_u32);
        assert_eq!(stricter(json!({})), json!({}));
    }
}
