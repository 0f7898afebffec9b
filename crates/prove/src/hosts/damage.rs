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

/// The command that takes the last damage back, where one can: whether the host is then as before is for a snapshot to say.
pub(crate) fn undo(claim: &Claim) -> Option<Command> {
    Some(about(claim, scripts(claim).undo?.to_owned()))
}

fn about(claim: &Claim, script: String) -> Command {
    let line = claim.line.clone().unwrap_or_default();
    trusted::shell(script).env("NAME", &claim.name).env("LINE", line).seconds(60)
}

/// Lines of shell about one claim.
struct Scripts {
    /// Whether what is claimed is there.
    held: &'static str,
    damage: &'static str,
    /// What was before lies in memory, where the damage left it.
    undo: Option<&'static str>,
}

fn scripts(claim: &Claim) -> Scripts {
    let (held, damage, undo) = match claim.kind {
        Kind::Content if claim.line.is_some() => (
            "grep -qxF -e \"$LINE\" \"$NAME\"",
            "cat \"$NAME\" >/run/before; grep -vxF -e \"$LINE\" /run/before >\"$NAME\"; true",
            Some("cat /run/before >\"$NAME\""),
        ),
        Kind::Content => (
            "[ -f \"$NAME\" ]",
            "cat \"$NAME\" >/run/before; printf '\\n# damaged\\n' >>\"$NAME\"",
            Some("cat /run/before >\"$NAME\""),
        ),
        Kind::Mode => (
            "[ -e \"$NAME\" ]",
            "stat -c %a \"$NAME\" >/run/before; \
             if [ \"$(cat /run/before)\" = 700 ]; then chmod 711 \"$NAME\"; else chmod 700 \"$NAME\"; fi",
            Some("chmod \"$(cat /run/before)\" \"$NAME\""),
        ),
        Kind::Owner => (
            "[ -e \"$NAME\" ]",
            "stat -c %U \"$NAME\" >/run/before; \
             if [ \"$(cat /run/before)\" = games ]; then chown root \"$NAME\"; else chown games \"$NAME\"; fi",
            Some("chown \"$(cat /run/before)\" \"$NAME\""),
        ),
        Kind::Package => ("dpkg -s \"$NAME\" >/dev/null", "dpkg --remove --force-depends \"$NAME\"", None),
        Kind::Running => {
            ("systemctl is-active -q \"$NAME\"", "systemctl stop \"$NAME\"", Some("systemctl start \"$NAME\""))
        }
        Kind::Enabled => {
            ("systemctl is-enabled -q \"$NAME\"", "systemctl disable \"$NAME\"", Some("systemctl enable \"$NAME\""))
        }
        Kind::User => ("id \"$NAME\"", "pkill -KILL -u \"$NAME\"; userdel --force \"$NAME\"", None),
        Kind::Cron => (
            "crontab -l -u \"$NAME\" >/run/before",
            "crontab -r -u \"$NAME\"",
            Some("crontab -u \"$NAME\" /run/before"),
        ),
        Kind::Presence => (
            "[ -e \"$NAME\" ]",
            "mv \"$NAME\" \"$NAME.gone\"",
            Some("[ ! -e \"$NAME\" ] && mv \"$NAME.gone\" \"$NAME\""),
        ),
        Kind::Port => (
            "ss -Hltn \"sport = :$NAME\" | grep -q .",
            "pid=$(ss -Hltnp \"sport = :$NAME\" | sed -n 's/.*pid=\\([0-9]*\\).*/\\1/p' | head -n 1); \
             ps -o unit= -p \"$pid\" | tr -d ' ' >/run/before; systemctl stop \"$(cat /run/before)\"",
            Some("systemctl start \"$(cat /run/before)\""),
        ),
    };
    Scripts { held, damage, undo }
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
        Kind::User => name != "root",
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
