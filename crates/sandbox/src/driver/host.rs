//! Gives a host the one thing that systemd needs and an engine does not grant: its own control group, writable.
//!
//! The usual way is `CAP_SYS_ADMIN`, with which root of a container can mount a fresh `/proc` and so command the machine.
//! Instead the container waits, a helper enters its mount name space and makes the one mount writable, and systemd starts
//! without that capability.

use super::{Dialect, Driver, line, succeeded};
use crate::{Container, Failure};

const REMOUNT: &str = "if [ -d /sys/fs/cgroup/systemd ]; then own=/sys/fs/cgroup/systemd; else own=/sys/fs/cgroup; fi; \
    mount -o remount,rw,bind \"$own\" && touch /run/preuve.go";

impl Driver {
    pub(super) fn hand_over(&self, container: &Container) -> Result<(), Failure> {
        if self.dialect == Dialect::Podman {
            return Ok(());
        }
        let ran = self.must("inspect", &["inspect", "--format", "{{.State.Pid}}", &container.0])?;
        let pid = line(&ran);
        if pid == "0" || !pid.chars().all(|c| c.is_ascii_digit()) {
            return Err(Failure::Engine { action: "start host".into(), message: "it ended at once".into() });
        }
        let helper = self.helper()?;
        let mut words: Vec<String> =
            ["run", "--rm", "--pull=never", "--pid=host", "--network=none", "--log-driver=none"]
                .map(str::to_owned)
                .to_vec();
        words.extend(self.run.labels());
        words.extend(
            ["--cap-drop=ALL", "--cap-add=SYS_ADMIN", "--cap-add=SYS_PTRACE", "--cap-add=SYS_CHROOT"]
                .map(str::to_owned),
        );
        // What keeps a container from mounting would keep the helper from it as well.
        words.extend(["--security-opt=seccomp=unconfined", "--security-opt=apparmor=unconfined"].map(str::to_owned));
        words.push("--cgroupns=host".into());
        words.push(helper.0);
        words.extend(["nsenter", "--target", &pid, "--mount", "--", "sh", "-c", REMOUNT].map(str::to_owned));
        succeeded("start host", self.engine_with(words, Vec::new(), super::PATIENCE, &mut || false)?).map(drop)
    }
}
