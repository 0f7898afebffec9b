//! Scripts that configure a host: what they say that they put there. Whether they changed anything only a snapshot knows.

use std::sync::LazyLock;

use regex::Regex;
use sandbox::Command;

use super::claim::{Claim, Kind};
use super::said::Said;

/// The most scripts that are followed from one command.
const FOLLOWED: usize = 8;

static ACTS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?m)^[^#\n]*?\b(?:(apt-get|apt)\s+(?:-\S+\s+)*install|(systemctl)\s+(?:--now\s+)?(enable|start|restart)|(useradd|adduser)|(service))\s+([^\n;&|>]*)",
    )
    .expect("a fixed pattern")
});

/// One run of a command of the repository on a host.
pub(super) fn run(command: &str, root: &str) -> Command {
    Command::sh(command)
        .own()
        .root()
        .directory(root)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .seconds(1200)
        .output_bytes(8 << 20)
}

/// What a run says of itself: that it ended, or why not.
pub(super) fn said(command: &str, at: &str, ended: &sandbox::Ended, last: &str) -> Said {
    let failed = (!ended.succeeded()).then(|| format!("{at} {command}: {}, {last}", ended.status));
    Said { failed: failed.into_iter().collect(), ..Said::default() }
}

/// What the command and the scripts that it names put on a host.
pub(super) fn claims(command: &str, at: &str, host: &str, text: &dyn Fn(&str) -> Option<String>) -> Vec<Claim> {
    let mut claims = read(command, host, &|_| at.to_owned());
    let words = command.split_whitespace().map(|word| word.trim_matches(['"', '\'']).trim_start_matches("./"));
    for path in words.take(FOLLOWED) {
        if let Some(text) = text(path) {
            claims.extend(read(&text, host, &|line| format!("{path}:{line}")));
        }
    }
    claims.sort();
    claims.dedup_by(|one, other| one.id() == other.id());
    claims
}

fn read(text: &str, host: &str, at: &dyn Fn(usize) -> String) -> Vec<Claim> {
    let mut claims = Vec::new();
    // A command that goes on over lines is one.
    let joined = text.replace("\\\n", "  ");
    for found in ACTS.captures_iter(&joined) {
        let place = at(joined[..found.get(0).map_or(0, |whole| whole.end())].matches('\n').count() + 1);
        let mut words =
            found[6].split_whitespace().filter(|word| !word.starts_with('-') && plain(word)).map(ToOwned::to_owned);
        let named: Vec<(Kind, String)> = if found.get(1).is_some() {
            words.map(|name| (Kind::Package, name.split('=').next().unwrap_or_default().to_owned())).collect()
        } else if let Some(action) = found.get(3) {
            let now = found[0].contains("--now");
            let kinds: &[Kind] = match action.as_str() {
                "enable" if now => &[Kind::Running, Kind::Enabled],
                "enable" => &[Kind::Enabled],
                _ => &[Kind::Running],
            };
            words.flat_map(|name| kinds.iter().map(move |kind| (*kind, name.clone()))).collect()
        } else if found.get(4).is_some() {
            // The name is what stands last: options take values.
            words.next_back().map(|name| (Kind::User, name)).into_iter().collect()
        } else {
            let words: Vec<String> = words.collect();
            let starts = words.get(1).is_some_and(|word| matches!(&**word, "start" | "restart"));
            words.into_iter().next().filter(|_| starts).map(|name| (Kind::Running, name)).into_iter().collect()
        };
        claims.extend(named.into_iter().map(|(kind, name)| {
            let line = numbered(&found[6]).filter(|_| kind == Kind::User).map(str::to_owned);
            Claim { host: host.to_owned(), kind, name, line, at: place.clone() }
        }));
    }
    claims
}

/// The number that `useradd` is told to give.
fn numbered(options: &str) -> Option<&str> {
    let mut words = options.split_whitespace();
    let at = words.find(|word| matches!(*word, "-u" | "--uid") || word.starts_with("--uid="))?;
    at.strip_prefix("--uid=").or_else(|| words.next())
}

/// A name as it stands: nothing that a shell would still expand.
fn plain(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_alphanumeric() || "._+-=:~@".contains(c))
}
