//! How each thing that is claimed is damaged: from outside the repository, as root of the host.

use sandbox::Command;

use super::claim::{Claim, Kind};
use super::trusted;
use crate::finding::At;
use crate::protocol::{Fault, FaultKind, Place};
use crate::say::{Say, say};

/// A fault, and the claim that it damages; none for the null fault.
pub(crate) type Damage = (Fault, Option<Claim>);

/// The command that damages what a claim holds. It fails when there is nothing to damage.
pub(crate) fn command(claim: &Claim) -> Command {
    let (held, damage) = scripts(claim);
    about(claim, format!("{held} && {{ {damage}; }}"))
}

/// The command that fails when there is nothing to damage.
pub(crate) fn held(claim: &Claim) -> Command {
    about(claim, scripts(claim).0.to_owned())
}

fn about(claim: &Claim, script: String) -> Command {
    let line = claim.line.clone().unwrap_or_default();
    trusted::shell(script).env("NAME", &claim.name).env("LINE", line).seconds(60)
}

/// Whether what is claimed is there, and what is done to it.
fn scripts(claim: &Claim) -> (&'static str, &'static str) {
    match claim.kind {
        Kind::Content if claim.line.is_some() => (
            "grep -qxF -e \"$LINE\" \"$NAME\"",
            "grep -vxF -e \"$LINE\" \"$NAME\" >/run/damaged; cat /run/damaged >\"$NAME\"",
        ),
        Kind::Content => ("[ -f \"$NAME\" ]", "printf '\\n# damaged\\n' >>\"$NAME\""),
        Kind::Mode => (
            "[ -e \"$NAME\" ]",
            "if [ \"$(stat -c %a \"$NAME\")\" = 700 ]; then chmod 711 \"$NAME\"; else chmod 700 \"$NAME\"; fi",
        ),
        Kind::Owner => (
            "[ -e \"$NAME\" ]",
            "if [ \"$(stat -c %U \"$NAME\")\" = games ]; then chown root \"$NAME\"; else chown games \"$NAME\"; fi",
        ),
        Kind::Package => ("dpkg -s \"$NAME\" >/dev/null", "dpkg --remove --force-depends \"$NAME\""),
        Kind::Running => ("systemctl is-active -q \"$NAME\"", "systemctl stop \"$NAME\""),
        Kind::Enabled => ("systemctl is-enabled -q \"$NAME\"", "systemctl disable \"$NAME\""),
        Kind::User => ("id \"$NAME\"", "pkill -KILL -u \"$NAME\"; userdel --force \"$NAME\""),
        Kind::Cron => ("crontab -l -u \"$NAME\" >/dev/null", "crontab -r -u \"$NAME\""),
        Kind::Presence => ("[ -e \"$NAME\" ]", "mv \"$NAME\" \"$NAME.gone\""),
        Kind::Port => (
            "ss -Hltn \"sport = :$NAME\" | grep -q .",
            "pid=$(ss -Hltnp \"sport = :$NAME\" | sed -n 's/.*pid=\\([0-9]*\\).*/\\1/p' | head -n 1); \
             unit=$(ps -o unit= -p \"$pid\" | tr -d ' '); systemctl stop \"$unit\"",
        ),
    }
}

/// What a fault damages; nothing for the null fault.
pub(crate) fn claim(damages: &[Damage], fault: &Fault) -> Option<Claim> {
    damages.iter().find(|(known, _)| known.id == fault.id).and_then(|(_, claim)| claim.clone())
}

/// What is done to a host for the null fault.
pub(crate) fn nothing() -> Command {
    trusted::shell("echo nothing that matters >/var/tmp/unmanaged")
}

/// The fault of each claim: one of a kind must be noticed, the others are a sample.
pub(crate) fn faults(claims: &[Claim], detector: &Say, noticed_in: &Place, most: usize) -> Vec<Damage> {
    let mut faults = vec![(null(detector, noticed_in.clone()), None)];
    let mut seen: Vec<Kind> = Vec::new();
    let mut sample = Vec::new();
    for claim in claims {
        let again = seen.contains(&claim.kind);
        seen.push(claim.kind);
        let kind = if again { FaultKind::Sampled } else { FaultKind::Control };
        let fault = (fault(claim, kind, detector, noticed_in.clone()), Some(claim.clone()));
        if again { &mut sample } else { &mut faults }.push(fault);
    }
    sample.truncate(most);
    faults.extend(sample);
    faults
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
