//! How each thing that is claimed is damaged: from outside the repository, as root of the host.

use std::collections::BTreeSet;

use sandbox::Command;
use sha2::{Digest, Sha256};

use super::claim::{Claim, Kind};
use super::trusted;
use crate::finding::At;
use crate::protocol::{Fault, FaultKind, Place};
use crate::say::{Say, say};

/// A fault, and the claim that it damages; none for the null fault.
pub(crate) type Damage = (Fault, Option<Claim>);

/// The command that damages what a claim holds. It fails when there is nothing to damage.
pub(crate) fn command(claim: &Claim) -> Command {
    let Scripts { held, damage, .. } = scripts(claim);
    about(claim, format!("{held} && {{ {damage}; }}"))
}

/// The command that fails when there is nothing to damage.
pub(crate) fn held(claim: &Claim) -> Command {
    about(claim, scripts(claim).held.to_owned())
}

/// The command that tells what a damage will change, where that can be put back. Nothing of it stays on the host, where a test
/// could see that there is something to put back.
pub(crate) fn tell(claim: &Claim) -> Option<Command> {
    Some(about(claim, scripts(claim).back?.0.to_owned()).output_bytes(MOST_TOLD))
}

/// The command that puts back what was told: whether the host is then as before is for a snapshot to say.
pub(crate) fn undo(claim: &Claim, told: Vec<u8>) -> Option<Command> {
    Some(about(claim, scripts(claim).back?.1.to_owned()).input(told))
}

fn about(claim: &Claim, script: String) -> Command {
    let line = claim.line.clone().unwrap_or_default();
    trusted::shell(script).env("NAME", claim.name.trim_end_matches('/')).env("LINE", line).seconds(60)
}

/// The largest file that is kept to be put back.
const MOST_TOLD: u64 = 1 << 20;

/// Lines of shell about one claim.
struct Scripts {
    /// Whether what is claimed is there.
    held: &'static str,
    damage: &'static str,
    /// What tells what will be changed, and what puts it back from there. What runs again may have left others behind that it
    /// served: that takes a start of the whole host.
    back: Option<(&'static str, &'static str)>,
}

fn scripts(claim: &Claim) -> Scripts {
    const WHOLE: (&str, &str) = ("[ -f \"$NAME\" ] && cat \"$NAME\"", "cat >\"$NAME\"");
    let (held, damage, back) = match claim.kind {
        Kind::Content if claim.line.is_some() => (
            "grep -qxF -e \"$LINE\" \"$NAME\"",
            "grep -vxF -e \"$LINE\" \"$NAME\" >/run/damaged; cat /run/damaged >\"$NAME\"; rm /run/damaged",
            Some(WHOLE),
        ),
        Kind::Content => ("[ -f \"$NAME\" ]", "printf '\\n# damaged\\n' >>\"$NAME\"", Some(WHOLE)),
        Kind::Mode => (
            "[ -e \"$NAME\" ]",
            "if [ \"$(stat -c %a \"$NAME\")\" = 700 ]; then chmod 711 \"$NAME\"; else chmod 700 \"$NAME\"; fi",
            Some(("[ ! -L \"$NAME\" ] && stat -c %a \"$NAME\"", "chmod \"$(cat)\" \"$NAME\"")),
        ),
        Kind::Owner => (
            "[ -e \"$NAME\" ]",
            "if [ \"$(stat -c %U \"$NAME\")\" = games ]; then chown root \"$NAME\"; else chown games \"$NAME\"; fi",
            Some(("[ ! -L \"$NAME\" ] && stat -c %u \"$NAME\"", "chown \"$(cat)\" \"$NAME\"")),
        ),
        Kind::Package => ("dpkg -s \"$NAME\" >/dev/null", "dpkg --remove --force-depends \"$NAME\"", None),
        Kind::Running => ("systemctl is-active -q \"$NAME\"", "systemctl stop \"$NAME\"", None),
        Kind::Enabled => (
            "systemctl is-enabled -q \"$NAME\"",
            "systemctl disable \"$NAME\"",
            Some((":", "systemctl enable \"$NAME\"")),
        ),
        Kind::User => ("id \"$NAME\"", "pkill -KILL -u \"$NAME\"; userdel --force \"$NAME\"", None),
        Kind::Cron => (
            "crontab -l -u \"$NAME\" >/dev/null",
            "crontab -r -u \"$NAME\"",
            Some(("crontab -l -u \"$NAME\"", "crontab -u \"$NAME\" -")),
        ),
        Kind::Presence => (
            "[ -e \"$NAME\" ]",
            "mv \"$NAME\" \"$NAME.gone\"",
            Some((":", "[ ! -e \"$NAME\" ] && mv \"$NAME.gone\" \"$NAME\"")),
        ),
        Kind::Port => (
            "ss -Hltn \"sport = :$NAME\" | grep -q .",
            "pid=$(ss -Hltnp \"sport = :$NAME\" | sed -n 's/.*pid=\\([0-9]*\\).*/\\1/p' | head -n 1); \
             unit=$(ps -o unit= -p \"$pid\" | tr -d ' '); systemctl stop \"$unit\"",
            None,
        ),
    };
    Scripts { held, damage, back }
}

/// What a fault damages; nothing for the null fault.
pub(crate) fn claim(damages: &[Damage], fault: &Fault) -> Option<Claim> {
    damages.iter().find(|(known, _)| known.id == fault.id).and_then(|(_, claim)| claim.clone())
}

/// What is done to a host for the null fault.
pub(crate) fn nothing() -> Command {
    trusted::shell("echo nothing that matters >/var/tmp/unmanaged")
}

/// Packages that the proof itself stands on: without one of them nothing can be run on a host, by anybody.
const RESTED_ON: [&str; 12] = [
    "apt",
    "bash",
    "coreutils",
    "dash",
    "dpkg",
    "libc6",
    "openssh-server",
    "python3",
    "python3-minimal",
    "sudo",
    "systemd",
    "systemd-sysv",
];
/// Services that it stands on, and the parts of systemd, which come back by themselves.
const SERVES_US: [&str; 3] = ["ssh", "sshd", "dbus"];

/// What lets us in, what it lies in, and what an engine mounts: whoever is shut out sees a failure, and no damage.
const WAY_IN: [&str; 18] = [
    "",
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/etc/group",
    "/etc/hostname",
    "/etc/hosts",
    "/etc/pam.d",
    "/etc/passwd",
    "/etc/resolv.conf",
    "/etc/shadow",
    "/lib",
    "/proc",
    "/root",
    "/run",
    "/sys",
    "/usr",
];
const BELOW: [&str; 6] =
    ["/root/.ssh", "/etc/ssh", "/usr/bin", "/usr/sbin", "/usr/lib/systemd", "/usr/lib/x86_64-linux-gnu"];

/// Whether a host without it could still be judged.
fn can_go(claim: &Claim) -> bool {
    let name = claim.name.as_str();
    match claim.kind {
        Kind::Package => !RESTED_ON.contains(&name),
        Kind::Running | Kind::Enabled => {
            let unit = name.split_once('.').map_or(name, |(unit, _)| unit);
            !SERVES_US.contains(&unit) && !unit.starts_with("systemd-")
        }
        Kind::Port => name != "22",
        Kind::User => !matches!(name, "root" | "sshd"),
        Kind::Presence | Kind::Owner => {
            let path = name.trim_end_matches('/');
            let within =
                |root: &str| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            !WAY_IN.contains(&path) && !BELOW.iter().any(|root| within(root))
        }
        _ => true,
    }
}

/// The null fault, told by the first who might take it for damage; and the fault of each claim, told by who must notice it. They
/// are drawn by the seed: one of a kind for each of these is a control, and some of the others are a sample.
pub(crate) fn faults(claims: &[(Claim, Say)], first: &Say, noticed_in: &Place, most: usize, seed: u64) -> Vec<Damage> {
    let mut known = BTreeSet::new();
    let can_go = |(claim, _): &&(Claim, Say)| can_go(claim) && known.insert(claim.id());
    let mut drawn: Vec<&(Claim, Say)> = claims.iter().filter(can_go).collect();
    drawn.sort_by_cached_key(|(claim, _)| Sha256::digest(format!("{seed}\n{}", claim.id())).to_vec());
    let mut kinds = BTreeSet::new();
    let of_its_kind = |(claim, detector): &&(Claim, Say)| kinds.insert((detector.clone(), claim.kind));
    let (controls, others): (Vec<_>, Vec<_>) = drawn.into_iter().partition(of_its_kind);
    let sample = others.into_iter().take(most);
    let all =
        controls.into_iter().map(|one| (FaultKind::Control, one)).chain(sample.map(|one| (FaultKind::Sampled, one)));
    let damages =
        all.map(|(kind, (claim, detector))| (fault(claim, kind, detector, noticed_in.clone()), Some(claim.clone())));
    [(null(first, noticed_in.clone()), None)].into_iter().chain(damages).collect()
}

fn fault(claim: &Claim, kind: FaultKind, detector: &Say, noticed_in: Place) -> Fault {
    Fault {
        id: claim.id(),
        change: say!("about", detector = claim.host, because = claim),
        kind,
        detector: detector.into(),
        at: at(&claim.at),
        noticed_in: vec![noticed_in],
    }
}

/// What no code manages is changed: a reaction would show that runs differ by themselves.
fn null(detector: &Say, noticed_in: Place) -> Fault {
    Fault {
        id: "null".into(),
        change: say!("file-appears"),
        kind: FaultKind::Null,
        detector: detector.into(),
        at: None,
        noticed_in: vec![noticed_in],
    }
}

fn at(text: &str) -> Option<At> {
    let (path, line) = text.rsplit_once(':')?;
    Some(At { path: path.into(), line: line.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(kind: Kind, name: &str) -> Claim {
        Claim { host: "web1".into(), kind, name: name.into(), line: None, at: "tests/test_web.py:3".into() }
    }

    #[test]
    fn what_the_proof_stands_on_is_not_damaged() {
        for (kind, name) in [
            (Kind::Package, "python3"),
            (Kind::Running, "ssh"),
            (Kind::Enabled, "systemd-journald.service"),
            (Kind::Port, "22"),
            (Kind::User, "root"),
            (Kind::Presence, "/root/"),
            (Kind::Owner, "/root/.ssh/authorized_keys"),
            (Kind::Presence, "/etc/ssh/sshd_config"),
            (Kind::Presence, "/"),
        ] {
            assert!(!can_go(&claim(kind, name)), "{kind:?} {name}");
        }
        for (kind, name) in [
            (Kind::Package, "nginx"),
            (Kind::Running, "sshguard"),
            (Kind::Port, "8022"),
            (Kind::Mode, "/root"),
            (Kind::Presence, "/etc/sshguard"),
            (Kind::Owner, "/usr/local/bin/run"),
        ] {
            assert!(can_go(&claim(kind, name)), "{kind:?} {name}");
        }
    }

    #[test]
    fn one_of_a_kind_for_each_suite_is_a_control_and_the_seed_draws_the_others() {
        let suites = [Say::from("tests/a.py"), Say::from("tests/b.py")];
        let files = (0..20).map(|n| claim(Kind::Mode, &format!("/etc/{n}")));
        let claims: Vec<(Claim, Say)> = files.enumerate().map(|(n, claim)| (claim, suites[n % 2].clone())).collect();
        let drawn = |seed| {
            let faults = faults(&claims, &suites[0], &Place("test"), 5, seed);
            faults.into_iter().map(|(fault, _)| (fault.kind, fault.id)).collect::<Vec<_>>()
        };
        let of = |kind| drawn(1).into_iter().filter(|(known, _)| *known == kind).count();
        assert_eq!([of(FaultKind::Null), of(FaultKind::Control), of(FaultKind::Sampled)], [1, 2, 5]);
        assert_eq!(drawn(1), drawn(1));
        assert_ne!(drawn(1), drawn(2));
    }

    #[test]
    fn what_ran_is_not_put_back_in_place() {
        for kind in [Kind::Running, Kind::Port, Kind::Package, Kind::User] {
            assert_eq!(tell(&claim(kind, "80")), None, "{kind:?}");
        }
        assert!(undo(&claim(Kind::Mode, "/etc/a"), b"644\n".to_vec()).is_some());
    }
}
