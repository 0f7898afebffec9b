//! One text: which of its values are credentials, line by line, after a quick look for lines that could hold one.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::Regex;

use super::key::{self, Holds};
use super::kind::{self, Kind};
use super::{entropy, manifest, provider, value};

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub rule: &'static str,
    /// The name that the value is given to.
    pub key: String,
    /// The value, in bytes of the text.
    pub span: Range<usize>,
    /// Why it does not count; empty when it does.
    pub why_not: &'static str,
    /// Whether its form alone says what it is.
    pub exact: bool,
    /// Whether it is a default that another file may override.
    pub default: bool,
}

/// Words without which a line holds nothing that is looked for.
const WORDS: [&str; 12] =
    ["pass", "pwd", "secret", "token", "key", "credential", "://", "mdp", "_auth", "\"auth\"", "value", "default"];

/// What the marks of a line say may be on it.
#[derive(Clone, Copy, Debug, Default)]
struct Marked {
    provider: bool,
    address: bool,
    /// A word that names of credentials hold.
    name: bool,
    /// A value whose name may stand above.
    below: bool,
}

impl Marked {
    fn add(&mut self, pattern: usize) {
        match WORDS.get(pattern) {
            None => self.provider = true,
            Some(&"://") => self.address = true,
            Some(&("value" | "default")) => self.below = true,
            Some(_) => self.name = true,
        }
    }
}

static MARKS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let marks = WORDS.iter().chain(provider::MARKS.iter());
    AhoCorasick::builder().ascii_case_insensitive(true).build(marks).expect("the marks are constant")
});

static ASSIGNMENT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?P<key>[A-Za-z_][A-Za-z0-9_.\-]*)["']?\s*(?::=|=>|\?=|=|:)\s*(?P<value>"[^"\n]*"|'[^'\n]*'|[^\s,;'"\\]+)"#,
    )
    .expect("the pattern is constant and tested")
});

static CALL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"["'](?P<key>[A-Za-z_][A-Za-z0-9_.\-]*)["']\s*,\s*["'](?P<value>[^"'\s]+)["']"#)
        .expect("the pattern is constant and tested")
});

static URL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?i)\b[a-z][a-z0-9+.\-]*://(?P<user>[^\s:/@'"?#]*):(?P<value>[^\s@'"]+)@(?P<host>[A-Za-z0-9_.\-\[\]${}%]+)"#,
    )
    .expect("the pattern is constant and tested")
});

static FALLBACK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\$\{(?P<name>[A-Za-z_][A-Za-z0-9_.]*):-?(?P<value>[^${}]+)\}")
        .expect("the pattern is constant and tested")
});

/// All credentials of a text at a path.
pub fn scan(path: &str, text: &str) -> Vec<Found> {
    let kind = Kind::of(path);
    let mut scan = Scan {
        kind,
        exempt: kind::exemption(path),
        sealed: is_sealed(text),
        text,
        found: Vec::new(),
        judged: Vec::new(),
    };
    if kind == Kind::Ignored || text.starts_with("$ANSIBLE_VAULT") || !MARKS.is_match(text) {
        return Vec::new();
    }
    for range in provider::private_keys(text) {
        scan.push("private-key", "", range, "", true);
    }
    if kind == Kind::Config && !scan.sealed && text.contains("kind:") {
        scan.manifests();
    }
    scan.lines();
    let mut found = scan.found;
    found.sort_by(|a, b| (a.span.start, a.span.end, a.rule).cmp(&(b.span.start, b.span.end, b.rule)));
    // A value is told once, by whichever reading came first at its place.
    found.dedup_by(|later, first| later.span.start < first.span.end);
    found
}

/// Whether a tool has encrypted the values of the file.
fn is_sealed(text: &str) -> bool {
    text.contains("ENC[AES256_GCM") || text.contains("kind: SealedSecret") || text.contains("sops_mac=")
}

struct Scan<'t> {
    kind: Kind,
    exempt: &'static str,
    sealed: bool,
    text: &'t str,
    found: Vec<Found>,
    /// Values of Secret manifests: they are judged decoded, not as they stand.
    judged: Vec<Range<usize>>,
}

impl Scan<'_> {
    fn push(&mut self, rule: &'static str, key: &str, span: Range<usize>, why_not: &'static str, exact: bool) {
        let why_not = if self.exempt.is_empty() { why_not } else { self.exempt };
        self.found.push(Found { rule, key: key.to_owned(), span, why_not, exact, default: false });
    }

    fn manifests(&mut self) {
        for entry in manifest::entries(self.text) {
            let holds = key::holds(entry.key) != Holds::Nothing;
            self.judged.push(entry.span.clone());
            let inside = provider::in_line(&entry.value).first().map(|(rule, _)| *rule);
            let address = url_password(&entry.value);
            let docker = entry.key == ".dockerconfigjson" && entry.value.contains("\"auth\"");
            let private = entry.value.contains("PRIVATE KEY-----");
            let works = value::is_literal(&entry.value);
            if (holds && works) || inside.is_some() || docker || private || address {
                let why = if works && value::is_vendor_default(&entry.value) { "vendor-default" } else { "" };
                self.push("secret-manifest", entry.key, entry.span, why, true);
            }
        }
    }

    fn lines(&mut self) {
        let mut open: Option<(Range<usize>, Marked)> = None;
        for mark in MARKS.find_overlapping_iter(self.text) {
            let inside = open.as_ref().is_some_and(|(line, _)| mark.start() < line.end);
            if !inside {
                if let Some((line, marked)) = open.take() {
                    self.line(line, marked);
                }
                let start = self.text[..mark.start()].rfind('\n').map_or(0, |at| at + 1);
                let end = self.text[mark.start()..].find('\n').map_or(self.text.len(), |at| mark.start() + at);
                open = Some((start..end, Marked::default()));
            }
            if let Some((_, marked)) = &mut open {
                marked.add(mark.pattern().as_usize());
            }
        }
        if let Some((line, marked)) = open {
            self.line(line, marked);
        }
    }

    fn line(&mut self, range: Range<usize>, marked: Marked) {
        let (start, line) = (range.start, &self.text[range]);
        if line.len() > 20_000 {
            return;
        }
        if marked.provider {
            for (rule, range) in provider::in_line(line) {
                self.push(rule, "", start + range.start..start + range.end, "", true);
            }
        }
        if self.kind == Kind::Document || self.sealed || is_comment(line, self.kind) {
            return;
        }
        if marked.address {
            self.urls(start, line);
        }
        // In code only written-out text is of interest, and a value or default says nothing without its name.
        let code = self.kind == Kind::Code;
        if !(marked.name || marked.below && !code) || code && !line.contains(['"', '\'']) {
            return;
        }
        if code {
            for captures in CALL.captures_iter(line) {
                self.judge(start, &captures["key"], captures.name("value").map(|value| value.range()), line, true);
            }
        }
        for captures in ASSIGNMENT.captures_iter(line) {
            let Some(range) = captures.name("value").map(|value| value.range()) else { continue };
            let (range, quoted) = unquoted(line, range);
            let name = name_of(&captures["key"], line, start, self.text);
            self.judge(start, &name.text, Some(range.clone()), line, quoted);
            if name.default
                && let Some(found) = self.found.last_mut().filter(|found| found.span.start == start + range.start)
            {
                found.default = true;
            }
        }
    }

    /// Decides on one name and value of a line.
    fn judge(&mut self, start: usize, name: &str, range: Option<Range<usize>>, line: &str, quoted: bool) {
        let Some(range) = range.filter(|range| !range.is_empty()) else { return };
        let holds = key::holds(name);
        if holds == Holds::Nothing {
            return;
        }
        let mut range = range;
        let mut fallback = false;
        let mut text = &line[range.clone()];
        if let Some(captures) = FALLBACK.captures(text).filter(|captures| captures[0].len() == text.len()) {
            let Some(inner) = captures.name("value") else { return };
            range = range.start + inner.start()..range.start + inner.end();
            text = &line[range.clone()];
            fallback = true;
        }
        // A template may give a default where no value is set.
        if let Some(inner) = template_default(text) {
            range = range.start + inner.start..range.start + inner.end;
            text = &line[range.clone()];
            fallback = true;
        }
        if !value::is_literal(text) || url_password(text) || text.contains("://") {
            return;
        }
        // `${NAME:+…}` asks whether a value is set; `KEY: KEY_VALUE` in capitals stands for what is put there later.
        let asks = text.starts_with(['+', '?']) && text.ends_with('}');
        let stands = !text.chars().any(char::is_lowercase) && text.starts_with(name) && name.contains('_');
        if asks || stands {
            return;
        }
        if self.judged.iter().any(|judged| judged.contains(&(start + range.start))) {
            return;
        }
        let strong = entropy::is_strong(text);
        let why_not = match self.kind {
            // In code an unquoted word is a name of the program.
            Kind::Code if !quoted => return,
            Kind::Code if !strong => "fallback",
            Kind::Pipeline if !strong => "pipeline",
            Kind::Shell if fallback && !strong => "fallback",
            Kind::Shell if !quoted && !line.contains('=') => return,
            _ if holds == Holds::Perhaps && !strong && self.kind != Kind::Environment => return,
            _ if value::is_vendor_default(text) => "vendor-default",
            _ => "",
        };
        self.push("literal", name, start + range.start..start + range.end, why_not, quoted);
    }

    fn urls(&mut self, start: usize, line: &str) {
        for captures in URL.captures_iter(line) {
            let Some(range) = captures.name("value").map(|value| value.range()) else { continue };
            let (user, text) = (&captures["user"], &line[range.clone()]);
            if !value::is_literal(text) || user.contains(['<', '$', '{']) || text.contains('/') && text.contains('.') {
                continue;
            }
            let strong = entropy::is_strong(text);
            let why_not = match self.kind {
                Kind::Code | Kind::Shell if !strong => "fallback",
                Kind::Pipeline if !strong => "pipeline",
                _ if value::is_vendor_default(text) => "vendor-default",
                _ => "",
            };
            self.push("url", user, start + range.start..start + range.end, why_not, true);
        }
    }
}

/// The name that an assignment really sets, which may stand above it.
struct Name {
    text: String,
    default: bool,
}

/// The name of a value: `- name: X` then `value: y`, `variable "x" {` then `default = y`, or the key itself.
fn name_of(key: &str, line: &str, start: usize, text: &str) -> Name {
    let plain = Name { text: key.to_owned(), default: false };
    let above = |read| before(text, start, read);
    match key.to_ascii_lowercase().as_str() {
        "value" => {
            let beside = ASSIGNMENT.captures_iter(line).find(|captures| captures["key"].eq_ignore_ascii_case("name"));
            let beside = beside.map(|captures| captures["value"].trim_matches(['"', '\'']).to_owned());
            beside.or_else(|| above(named_above)).map_or(plain, |text| Name { text, default: false })
        }
        "default" => above(variable_above).map_or(plain, |text| Name { text, default: true }),
        _ => plain,
    }
}

/// Looks at the few lines above a place, nearest first.
fn before(text: &str, start: usize, read: fn(&str) -> Option<Option<String>>) -> Option<String> {
    text[..start].lines().rev().take(12).find_map(read).flatten()
}

/// The name in `name = "x"` or `- name: x`; an entry that ends stops the search.
fn named_above(line: &str) -> Option<Option<String>> {
    let line = line.trim().trim_start_matches("- ").trim_start_matches(['{', '"']);
    let rest = line.strip_prefix("name")?;
    let value = rest.trim_start_matches('"').trim_start().strip_prefix([':', '='])?;
    Some(Some(value.trim().trim_matches([',', '"', '\'']).to_owned()))
}

/// The name in `variable "x" {`; the end of a block stops the search.
fn variable_above(line: &str) -> Option<Option<String>> {
    if line.starts_with('}') {
        return Some(None);
    }
    let rest = line.trim().strip_prefix("variable")?;
    Some(rest.split('"').nth(1).map(ToOwned::to_owned))
}

/// The inside of quotes, and whether there were any; what follows `#` without quotes is a comment.
fn unquoted(line: &str, range: Range<usize>) -> (Range<usize>, bool) {
    let value = &line[range.clone()];
    let quoted = value.len() >= 2 && (value.starts_with('"') || value.starts_with('\''));
    if quoted { (range.start + 1..range.end - 1, true) } else { (range, false) }
}

fn is_comment(line: &str, kind: Kind) -> bool {
    let line = line.trim_start();
    let slashes =
        matches!(kind, Kind::Code | Kind::Hcl | Kind::Config) && (line.starts_with("//") || line.starts_with("/*"));
    let dashes = line.starts_with("--") && matches!(kind, Kind::Shell);
    line.starts_with('#')
        || slashes
        || dashes
        || line.starts_with(';')
        || line.starts_with("<!--")
        || line.starts_with("* ")
}

/// Whether a value is an address that holds a password that works.
fn url_password(text: &str) -> bool {
    URL.captures(text).is_some_and(|captures| value::is_literal(&captures["value"]))
}

/// The literal in `{{ x | default "literal" }}` or `{{ x | default('literal') }}`.
fn template_default(text: &str) -> Option<Range<usize>> {
    if !text.starts_with("{{") {
        return None;
    }
    let at = text.find("default")? + "default".len();
    let open = at + text[at..].find(['"', '\''])?;
    let close = open + 1 + text[open + 1..].find(['"', '\''])?;
    Some(open + 1..close)
}
