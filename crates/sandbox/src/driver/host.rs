//! Mounts that a container cannot make for itself, made from outside: the control group that systemd needs, and a large
//! prepared state under a writable layer in memory.
//!
//! The usual way is `CAP_SYS_ADMIN` for the container, with which its root can mount a fresh `/proc` and so command the
//! machine. Instead a helper makes the one mount in the container's mount name space. It runs programs of its own image
//! only: what lies in the container may have been written by the subject, and a program of it would run with the helper's
//! rights.

use super::{Dialect, Driver, line, succeeded};
use crate::{Command, Container, Failure, layout};

/// Makes the control group writable that the container finds at this place.
const GROUP: &str =
    "group=/sys/fs/cgroup; if grep -q ' /sys/fs/cgroup/systemd ' /proc/$pid/mountinfo; then group=$group/systemd; fi
    mount --namespace /proc/$pid/ns/mnt --options remount,bind,rw,nosuid,nodev,noexec none $group";

impl Driver {
    /// Lets a host begin, with a control group of its own.
    pub(super) fn hand_over(&self, container: &Container) -> Result<(), Failure> {
        if self.dialect == Dialect::Podman {
            return Ok(());
        }
        self.mount("start host", container, GROUP, &[])?;
        let ended = self.exec_in(container, &Command::new(["touch", "/run/preuve.go"]).root())?;
        if ended.succeeded() {
            return Ok(());
        }
        Err(Failure::Engine { action: "start host".into(), message: ended.error_text() })
    }

    /// Lays the prepared state under the work folder: what is written goes to the memory that was there.
    pub(super) fn overlay(&self, container: &Container) -> Result<(), Failure> {
        let (work, prepared) = (layout::WORK, self.prepared());
        let above = format!("{work}/.above");
        let folders =
            Command::sh(format!("mkdir -p {above}/upper {above}/work && chmod 1777 {above}/upper")).directory("/");
        let ended = self.exec_in(container, &folders)?;
        if !ended.succeeded() {
            return Err(Failure::Refused(format!("the prepared state does not fit: {}", ended.error_text().trim())));
        }
        let options =
            format!("nosuid,nodev,redirect_dir=on,lowerdir={prepared},upperdir={above}/upper,workdir={above}/work");
        let line = format!("mount --namespace /proc/$pid/ns/mnt --types overlay --options {options} prepared {work}");
        // What is written is copied up with the rights of whoever made the mount.
        self.mount("lay the prepared state", container, &line, &["CHOWN", "DAC_OVERRIDE", "FOWNER"])
    }

    /// Runs a line of ours, which finds the first process of the container in `$pid`, with the rights to mount and some more.
    fn mount(&self, action: &str, container: &Container, script: &str, more: &[&str]) -> Result<(), Failure> {
        let ran = self.must("inspect", &["inspect", "--format", "{{.State.Pid}}", &container.0])?;
        let pid = line(&ran);
        if pid == "0" || !pid.chars().all(|c| c.is_ascii_digit()) {
            return Err(Failure::Engine { action: action.to_owned(), message: "it ended at once".into() });
        }
        let helper = self.helper()?;
        let mut words: Vec<String> =
            ["run", "--rm", "--pull=never", "--pid=host", "--network=none", "--log-driver=none"]
                .map(str::to_owned)
                .to_vec();
        words.extend(self.run.labels());
        words.push("--cap-drop=ALL".into());
        let rights = ["SYS_ADMIN", "SYS_PTRACE", "SYS_CHROOT"];
        words.extend(rights.iter().chain(more).map(|right| format!("--cap-add={right}")));
        // What keeps a container from mounting would keep the helper from it as well.
        words.extend(["--security-opt=seccomp=unconfined", "--security-opt=apparmor=unconfined"].map(str::to_owned));
        words.push("--cgroupns=host".into());
        words.push(helper.0);
        // The number may be another process by now: its control group tells whose it is.
        let script = format!("set -e; pid={pid}; grep -q {} /proc/$pid/cgroup\n{script}", container.0);
        words.extend(["sh".to_owned(), "-c".to_owned(), script]);
        succeeded(action, self.engine_with(words, Vec::new(), super::PATIENCE, &mut || false)?).map(drop)
    }
}
