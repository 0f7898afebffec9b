//! What tests of hosts claim to cover, read from their text.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::claim::{Claim, Kind};
use super::parametrized::Parameters;
use super::suites::Tool;

type Found = Vec<(Kind, String, usize)>;

/// What a suite claims to cover. The host is left open.
pub(super) fn claims(tool: Tool, path: &str, text: &str) -> Vec<Claim> {
    let mut found = match tool {
        Tool::Testinfra => testinfra(text),
        Tool::Goss => goss(text),
        Tool::Shell | Tool::Bats => shell(text),
        Tool::Serverspec => serverspec(text),
        Tool::Playbook => playbook(text),
    };
    found.sort();
    found.dedup_by(|one, other| one.0 == other.0 && one.1 == other.1);
    let claim = |(kind, name, line): (Kind, String, usize)| Claim {
        host: String::new(),
        kind,
        name,
        line: None,
        at: format!("{path}:{line}"),
    };
    found.into_iter().map(claim).collect()
}

static RESOURCE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"\.(file|service|package|user|socket)\(\s*(?:["']([^"']{1,200})["']|([A-Za-z_]\w{0,60})\s*[,)])"#)
        .expect("a fixed pattern")
});

/// `host.file("/etc/x").mode == 0o600`: the resource, and which of its attributes are asserted before the next resource. A
/// name that is an argument of the test stands for each value that the test is given.
fn testinfra(text: &str) -> Found {
    let places: Vec<(usize, usize)> = RESOURCE.find_iter(text).map(|found| (found.start(), found.end())).collect();
    let parameters = Parameters::read(text);
    let mut found = Found::new();
    for (n, captured) in RESOURCE.captures_iter(text).enumerate() {
        let (start, end) = places[n];
        // What must not be there can only appear, and no damage of ours makes things appear.
        let absent = text[..start].rsplit('\n').next().is_some_and(|before| before.contains("not "));
        if commented(text, start) || absent {
            continue;
        }
        let rest = &text[end..places.get(n + 1).map_or(text.len(), |(next, _)| *next)];
        let rest = rest.find("\ndef ").map_or(rest, |at| &rest[..at]);
        let names: Vec<String> = match (captured.get(2), captured.get(3)) {
            (Some(name), _) => vec![name.as_str().to_owned()],
            (None, Some(argument)) => parameters.values(argument.as_str(), start).cloned().collect(),
            (None, None) => Vec::new(),
        };
        let line = line(text, start);
        let kinds: &[(Kind, &[&str])] = match &captured[1] {
            "package" => &[(Kind::Package, &[".is_installed", ".version"])],
            "user" => &[(Kind::User, &[".exists", ".shell", ".home", ".group", ".uid"])],
            "service" => &[(Kind::Running, &[".is_running"]), (Kind::Enabled, &[".is_enabled"])],
            "socket" => &[(Kind::Port, &[".is_listening"])],
            _ => &[
                (Kind::Presence, &[".exists", ".is_file", ".is_directory", ".content", ".contains", ".mode", ".user"]),
                (Kind::Mode, &[".mode"]),
                (Kind::Owner, &[".user", ".uid"]),
                (Kind::Content, &[".sha256sum", ".md5sum"]),
            ],
        };
        for (kind, _) in kinds.iter().filter(|(_, words)| words.iter().any(|word| rest.contains(word))) {
            let named =
                names.iter().filter_map(|name| if *kind == Kind::Port { port(name) } else { Some(name.clone()) });
            found.extend(named.map(|name| (*kind, name, line)));
        }
    }
    found
}

static DESCRIBED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"describe\s*\(?\s*(file|service|package|user|port|cron)\s*\(?\s*["']?([^"'\s)]{1,200})["']?"#)
        .expect("a fixed pattern")
});

/// `describe service('nginx') do it { should be_running } end`.
fn serverspec(text: &str) -> Found {
    let places: Vec<(usize, usize)> = DESCRIBED.find_iter(text).map(|found| (found.start(), found.end())).collect();
    let mut found = Found::new();
    for (n, captured) in DESCRIBED.captures_iter(text).enumerate() {
        let (start, end) = places[n];
        if commented(text, start) {
            continue;
        }
        let rest = &text[end..places.get(n + 1).map_or(text.len(), |(next, _)| *next)];
        let kinds: &[(Kind, &[&str])] = match &captured[1] {
            "package" => &[(Kind::Package, &["be_installed"])],
            "user" => &[(Kind::User, &["exist", "belong_to", "have_"])],
            "service" => &[(Kind::Running, &["be_running"]), (Kind::Enabled, &["be_enabled"])],
            "port" => &[(Kind::Port, &["be_listening"])],
            "file" => &[
                (Kind::Presence, &["exist", "be_file", "be_directory", "be_mode", "be_owned", "contain", "content"]),
                (Kind::Mode, &["be_mode"]),
                (Kind::Owner, &["be_owned_by"]),
                (Kind::Content, &["sha256sum", "md5sum"]),
            ],
            _ => &[],
        };
        let held = kinds.iter().filter(|(_, words)| words.iter().any(|word| asserted(rest, word)));
        found.extend(held.map(|(kind, _)| (*kind, captured[2].to_owned(), line(text, start))));
    }
    found
}

/// Whether a line says so, and does not say the opposite.
fn asserted(text: &str, word: &str) -> bool {
    text.lines().any(|line| line.contains(word) && !line.contains("not") && !line.trim_start().starts_with('#'))
}

static VERIFIES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r#"(?:services\s*\[\s*['"](?<service>[\w@.-]+)['"]\s*\]\s*(?:\.state|\[\s*['"]state['"]\s*\])\s*==\s*['"]running)"#,
        r#"|(?:['"](?<package>[\w.+-]+)['"]\s+in\s+(?:ansible_facts\.)?packages)"#,
        r#"|(?:stat:\s*\n\s*path:\s*["']?(?<path>/[^\s"'{]+))"#,
        r#"|(?:wait_for:\s*\n(?:\s+host:.*\n)?\s*port:\s*["']?(?<port>\d{1,5}))"#,
        r#"|(?:url:\s*["']?https?://(?:localhost|127\.0\.0\.1):(?<asked>\d{1,5}))"#,
    ))
    .expect("a fixed pattern")
});

/// A playbook that gathers and asserts: `'nginx' in ansible_facts.packages`. What it asks by a command is read as in a script.
fn playbook(text: &str) -> Found {
    let mut found = shell(text);
    for captured in VERIFIES.captures_iter(text) {
        let start = captured.get(0).map_or(0, |whole| whole.start());
        let kinds = [
            ("service", Kind::Running),
            ("package", Kind::Package),
            ("path", Kind::Presence),
            ("port", Kind::Port),
            ("asked", Kind::Port),
        ];
        let named = kinds.into_iter().find_map(|(name, kind)| Some((kind, captured.name(name)?.as_str())));
        if let Some((kind, name)) = named.filter(|_| !commented(text, start)) {
            found.push((kind, name.trim_end_matches(".service").to_owned(), line(text, start)));
        }
    }
    found
}

/// The port of `tcp://0.0.0.0:80` or `tcp:80`.
fn port(address: &str) -> Option<String> {
    let port = address.strip_prefix("tcp")?.rsplit(':').next()?.trim_start_matches('/');
    (!port.is_empty() && port.chars().all(|c| c.is_ascii_digit())).then(|| port.to_owned())
}

/// A Goss file: `service:` / `  nginx:` / `    running: true`.
fn goss(text: &str) -> Found {
    let mut found = Found::new();
    let (mut sort, mut name, mut named) = (String::new(), String::new(), 0);
    for (n, line) in text.lines().enumerate() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        match line.len() - line.trim_start().len() {
            0 => sort = trimmed.trim_end_matches(':').to_owned(),
            1..=2 => {
                name = trimmed.trim_end_matches(':').trim_matches(['"', '\'']).to_owned();
                named = n + 1;
            }
            _ => {
                let claim =
                    trimmed.split_once(':').and_then(|(key, value)| goss_claim(&sort, &name, key, value.trim()));
                found.extend(claim.map(|(kind, name)| (kind, name, named)));
            }
        }
    }
    found
}

fn goss_claim(sort: &str, name: &str, key: &str, value: &str) -> Option<(Kind, String)> {
    let kind = match (sort, key) {
        ("package", "installed") if value == "true" => Kind::Package,
        ("service", "running") if value == "true" => Kind::Running,
        ("service", "enabled") if value == "true" => Kind::Enabled,
        ("user", "exists") if value == "true" => Kind::User,
        ("file", "exists") if value == "true" => Kind::Presence,
        ("file", "mode") => Kind::Mode,
        ("file", "owner") => Kind::Owner,
        ("file", "sha256" | "md5") => Kind::Content,
        ("port", "listening") if value == "true" => return Some((Kind::Port, port(name)?)),
        _ => return None,
    };
    Some((kind, name.to_owned()))
}

static ASSERTS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(is-active|is-enabled|dpkg -[slV]|dpkg-query -W|getent passwd|\[\[? -[fed]|test -[fed])\s+(?:--?\w+\s+)*["']?([\w@./+-]+)"#,
    )
    .expect("a fixed pattern")
});

/// Scripts that assert: `systemctl is-active nginx`, `[ -f /etc/x ]`.
fn shell(text: &str) -> Found {
    let claim = |captured: Captures<'_>| {
        let start = captured.get(0).map_or(0, |whole| whole.start());
        let kind = match &captured[1] {
            "is-active" => Kind::Running,
            "is-enabled" => Kind::Enabled,
            "getent passwd" => Kind::User,
            word if word.starts_with("dpkg") => Kind::Package,
            _ => Kind::Presence,
        };
        let absolute = kind != Kind::Presence || captured[2].starts_with('/');
        (absolute && !commented(text, start)).then(|| (kind, captured[2].to_owned(), line(text, start)))
    };
    ASSERTS.captures_iter(text).filter_map(claim).collect()
}

fn line(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

fn commented(text: &str, at: usize) -> bool {
    text[..at].rsplit('\n').next().is_some_and(|line| line.trim_start().starts_with('#'))
}
