//! What an engine is told to start a container: the whole of the isolation is written here.

use crate::{Kind, Limits, Spec, layout};

/// Which engine is spoken to. Both take the same words but for a few.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Docker,
    Podman,
}

/// What installing packages as root of a container takes.
const PREPARING: [&str; 7] = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "SETGID", "SETUID", "SETFCAP"];
/// What systemd, sshd and configuration tools take. Not `SYS_ADMIN`: its own control group is handed to it instead.
const HOST: [&str; 12] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];
/// What entry points of published images take to own their data and then step down to their own user.
const SERVICE: [&str; 6] = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SETGID", "SETUID"];

/// The words after `run` or `create`, from the specification alone.
pub(super) fn words(spec: &Spec, dialect: Dialect) -> Vec<String> {
    let mut words: Vec<String> = vec!["--pull=never".into()];
    let mut add = |list: &[&str]| words.extend(list.iter().map(|word| (*word).to_owned()));
    add(&["--cgroupns=private", "--ipc=private", "--cap-drop=ALL", "--ulimit=core=0:0"]);
    match spec.kind {
        Kind::Guarded => add(&["--init", "--security-opt=no-new-privileges", "--log-driver=none", "--stop-timeout=1"]),
        Kind::Preparing => {
            add(&["--init", "--security-opt=no-new-privileges", "--log-driver=none", "--stop-timeout=1"]);
            add(&["--user=0:0"]);
        }
        Kind::Service => add(&["--security-opt=no-new-privileges"]),
        Kind::Host => add(&[
            "--log-driver=none",
            "--tmpfs=/run:rw,exec,nosuid,nodev,size=64m",
            "--tmpfs=/run/lock:rw,nosuid,nodev,size=8m",
        ]),
    }
    if spec.kind == Kind::Guarded {
        words.push(format!("--user={user}:{user}", user = layout::USER));
    }
    if let (Kind::Service, Some(user)) = (spec.kind, spec.user) {
        words.push(format!("--user={user}:{user}"));
    }
    if spec.kind == Kind::Service {
        words.extend(logs(dialect));
    }
    let capabilities: &[&str] = match spec.kind {
        Kind::Guarded => &[],
        Kind::Preparing => &PREPARING,
        Kind::Host => &HOST,
        // A chosen user has no use for them.
        Kind::Service if spec.user.is_some() || spec.restricted => &[],
        Kind::Service => &SERVICE,
    };
    words.extend(capabilities.iter().map(|name| format!("--cap-add={name}")));
    if spec.kind == Kind::Service && spec.restricted {
        // An engine opens the low ports of a container to everybody; a cluster does not.
        words.push("--sysctl=net.ipv4.ip_unprivileged_port_start=1024".into());
    }
    if spec.kind == Kind::Guarded || spec.read_only {
        words.push("--read-only".into());
        if dialect == Dialect::Podman {
            words.push("--read-only-tmpfs=false".into());
        }
    }
    words.extend(limits(&spec.limits));
    words.extend(spec.writable.iter().map(|folder| {
        let exec = if folder.executable { "exec" } else { "noexec" };
        let nodes = match dialect {
            Dialect::Docker => format!(",nr_inodes={}", (folder.bytes >> 12).max(1024)),
            // It takes no such bound; the memory of the container bounds them all the same.
            Dialect::Podman => String::new(),
        };
        format!("--tmpfs={}:rw,{exec},nosuid,nodev,size={}{nodes},mode=1777", folder.path, folder.bytes)
    }));
    if let Some((seconds, retries)) = spec.pace {
        words.extend([format!("--health-interval={seconds}s"), format!("--health-retries={retries}")]);
    }
    words.extend(spec.volumes.iter().map(|held| {
        let read_only = if held.read_only { ",readonly" } else { "" };
        format!("--mount=type=volume,source={},target={}{read_only}", held.volume.0, held.path)
    }));
    words.extend(spec.env.iter().map(|(name, value)| format!("--env={name}={value}")));
    words
}

fn logs(dialect: Dialect) -> Vec<String> {
    match dialect {
        Dialect::Docker => {
            vec!["--log-driver=json-file".into(), "--log-opt=max-size=2m".into(), "--log-opt=max-file=1".into()]
        }
        Dialect::Podman => vec!["--log-driver=k8s-file".into(), "--log-opt=max-size=2m".into()],
    }
}

pub(super) fn limits(limits: &Limits) -> Vec<String> {
    vec![
        format!("--memory={}", limits.memory_bytes),
        format!("--memory-swap={}", limits.memory_bytes),
        format!("--pids-limit={}", limits.processes),
        format!("--cpus={}.{:03}", limits.milli_cpus / 1000, limits.milli_cpus % 1000),
        format!("--shm-size={}", (limits.memory_bytes / 4).min(64 << 20)),
    ]
}

/// The builder has no words for processes and whole processors.
pub(super) fn build_limits(limits: &Limits) -> Vec<String> {
    vec![
        format!("--memory={}", limits.memory_bytes),
        format!("--memory-swap={}", limits.memory_bytes),
        "--cpu-period=100000".into(),
        format!("--cpu-quota={}", u64::from(limits.milli_cpus) * 100),
    ]
}

/// The share of a container that gives way: an eighth of what any other one has where both want a processor, or less where the
/// engine counts otherwise.
pub(super) fn weight(gives_way: bool) -> Option<String> {
    gives_way.then(|| "--cpu-shares=128".into())
}

/// What ours runs instead of what its image says: it idles, or waits until it is given what systemd needs.
pub(super) fn entry(spec: &Spec, dialect: Dialect) -> (Option<&'static str>, Vec<String>) {
    match spec.kind {
        Kind::Guarded | Kind::Preparing => (Some("sleep"), vec!["infinity".into()]),
        // It has a mode of its own for this.
        Kind::Host if dialect == Dialect::Podman => (None, vec!["/lib/systemd/systemd".into()]),
        Kind::Host => {
            let wait = "until [ -e /run/preuve.go ]; do sleep 0.02; done; rm /run/preuve.go; exec /lib/systemd/systemd";
            (Some("/bin/sh"), vec!["-c".into(), wait.into()])
        }
        Kind::Service => (None, spec.argv.clone()),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::Image;

    #[expect(clippy::needless_pass_by_value, reason = "expectations are written in place")]
    fn check_words(spec: Spec, expected: Expect) {
        expected.assert_eq(&words(&spec, Dialect::Docker).join("\n"));
    }

    #[test]
    fn guarded() {
        check_words(
            Spec::guarded(&Image("i".into())).env("A", "b c"),
            expect![[r#"
            --pull=never
            --cgroupns=private
            --ipc=private
            --cap-drop=ALL
            --ulimit=core=0:0
            --init
            --security-opt=no-new-privileges
            --log-driver=none
            --stop-timeout=1
            --user=1000:1000
            --read-only
            --memory=536870912
            --memory-swap=536870912
            --pids-limit=256
            --cpus=1.000
            --shm-size=67108864
            --tmpfs=/work:rw,exec,nosuid,nodev,size=268435456,nr_inodes=65536,mode=1777
            --tmpfs=/tmp:rw,exec,nosuid,nodev,size=134217728,nr_inodes=32768,mode=1777
            --env=A=b c"#]],
        );
    }

    #[test]
    fn preparing() {
        check_words(
            Spec::preparing(&Image("i".into())),
            expect![[r#"
            --pull=never
            --cgroupns=private
            --ipc=private
            --cap-drop=ALL
            --ulimit=core=0:0
            --init
            --security-opt=no-new-privileges
            --log-driver=none
            --stop-timeout=1
            --user=0:0
            --cap-add=CHOWN
            --cap-add=DAC_OVERRIDE
            --cap-add=FOWNER
            --cap-add=FSETID
            --cap-add=SETGID
            --cap-add=SETUID
            --cap-add=SETFCAP
            --memory=3221225472
            --memory-swap=3221225472
            --pids-limit=1024
            --cpus=2.000
            --shm-size=67108864"#]],
        );
    }

    #[test]
    fn host() {
        check_words(
            Spec::host(&Image("i".into())),
            expect![[r#"
            --pull=never
            --cgroupns=private
            --ipc=private
            --cap-drop=ALL
            --ulimit=core=0:0
            --log-driver=none
            --tmpfs=/run:rw,exec,nosuid,nodev,size=64m
            --tmpfs=/run/lock:rw,nosuid,nodev,size=8m
            --cap-add=AUDIT_WRITE
            --cap-add=CHOWN
            --cap-add=DAC_OVERRIDE
            --cap-add=FOWNER
            --cap-add=FSETID
            --cap-add=KILL
            --cap-add=NET_BIND_SERVICE
            --cap-add=SETFCAP
            --cap-add=SETGID
            --cap-add=SETPCAP
            --cap-add=SETUID
            --cap-add=SYS_CHROOT
            --memory=536870912
            --memory-swap=536870912
            --pids-limit=256
            --cpus=1.000
            --shm-size=67108864"#]],
        );
    }

    #[test]
    fn a_restricted_service_has_no_right() {
        let words = words(&Spec::service(&Image("i".into())).restricted(), Dialect::Docker);
        assert!(!words.iter().any(|word| word.starts_with("--cap-add")), "{words:?}");
        assert!(words.iter().any(|word| word.ends_with("ip_unprivileged_port_start=1024")), "{words:?}");
    }

    #[test]
    fn service_of_a_chosen_user() {
        check_words(
            Spec::service(&Image("i".into())).user(4242).read_only(),
            expect![[r#"
            --pull=never
            --cgroupns=private
            --ipc=private
            --cap-drop=ALL
            --ulimit=core=0:0
            --security-opt=no-new-privileges
            --user=4242:4242
            --log-driver=json-file
            --log-opt=max-size=2m
            --log-opt=max-file=1
            --read-only
            --memory=536870912
            --memory-swap=536870912
            --pids-limit=256
            --cpus=1.000
            --shm-size=67108864"#]],
        );
    }
}
