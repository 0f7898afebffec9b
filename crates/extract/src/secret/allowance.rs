//! What tells secret scanners to look away: lists of findings to ignore, allow-lists, comments on a line.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use facts::Fact;

use crate::marks::Marks;
use crate::{File, Project, Sink};

/// Marks in comments, with the tool that heeds them.
const COMMENTS: [(&str, &str); 5] = [
    ("gitleaks:allow", "gitleaks"),
    ("trufflehog:ignore", "trufflehog"),
    ("pragma: allowlist secret", "detect-secrets"),
    ("pragma: allowlist nextline secret", "detect-secrets"),
    ("nosec", "bandit"),
];

static MARKS: LazyLock<AhoCorasick> =
    LazyLock::new(|| AhoCorasick::new(COMMENTS.iter().map(|(mark, _)| mark)).expect("the marks are constant"));

static ANY: LazyLock<Marks> = LazyLock::new(|| Marks::new(COMMENTS.iter().map(|(mark, _)| *mark)));

/// The source: lists by their names, comments in all own text files.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    for file in project.files() {
        match listed(file) {
            Some((what, tool, at, entries)) => {
                let fact = Fact::new("secret.allowance", "secrets", file.at_line(at)).with("what", what);
                sink.push(fact.with("tool", tool).with("entries", entries));
            }
            None if super::Kind::of(&file.path) != super::Kind::Document => comments(file, sink),
            None => {}
        }
    }
}

/// What a file lists, by its name: the first entry's line and how many there are.
fn listed(file: &File) -> Option<(&'static str, &'static str, usize, usize)> {
    let (what, tool) = match file.name() {
        ".gitleaksignore" => ("list", "gitleaks"),
        ".secrets.baseline" => ("list", "detect-secrets"),
        ".gitallowed" => ("list", "git-secrets"),
        ".gitleaks.toml" | "gitleaks.toml" => ("configuration", "gitleaks"),
        "trivy-secret.yaml" => ("configuration", "trivy"),
        _ => return None,
    };
    let entry: fn(&str) -> bool = match tool {
        "detect-secrets" => |line| line.contains("\"hashed_secret\""),
        _ if what == "configuration" => |line| line.contains("allowlist") || line.contains("allow-rules"),
        _ => |line| !line.trim().is_empty() && !line.trim_start().starts_with('#'),
    };
    let lines: Vec<usize> =
        file.text().ok()?.lines().filter(|(_, line)| entry(line)).map(|(number, _)| number).collect();
    Some((what, tool, *lines.first()?, lines.len()))
}

fn comments(file: &File, sink: &mut Sink) {
    let Some(text) = file.text().ok().filter(|text| ANY.any_in(text.as_str())) else { return };
    let mut found: Vec<(usize, &'static str)> = Vec::new();
    for mark in MARKS.find_iter(text.as_str()) {
        let (word, tool) = COMMENTS[mark.pattern().as_usize()];
        let line = text.line_of(mark.start());
        let before = &text.as_str()[text.line_range(line).start..mark.start()];
        let stands_alone = text.as_str()[mark.end()..].chars().next().is_none_or(|c| !c.is_alphanumeric() && c != '_');
        // Only a comment speaks to a scanner; `nosec` is a short word.
        let in_comment = ["#", "//", "/*", "<!--", "--", ";"].iter().any(|sign| before.contains(sign));
        let starts_alone = word != "nosec" || before.ends_with(['#', ' ', '/', '*']);
        if in_comment && stands_alone && starts_alone {
            found.push((line, tool));
        }
    }
    if let Some((line, tool)) = found.first() {
        let fact = Fact::new("secret.allowance", "secrets", file.at_line(*line)).with("what", "comment");
        sink.push(fact.with("tool", *tool).with("entries", found.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, text: &str, expected: &[(&str, &str, i64, usize)]) {
        let project = Project::in_memory([(path.to_owned(), text.to_owned())]);
        let mut sink = Sink::default();
        run(&project, &mut sink);
        let line = |fact: &Fact| fact.location().span().map_or(0, |span| span.line);
        let found: Vec<(&str, &str, i64, usize)> = sink
            .facts()
            .iter()
            .map(|fact| (fact.text("what"), fact.text("tool"), fact.int("entries"), line(fact)))
            .collect();
        assert_eq!(found, expected, "{path}");
    }

    #[test]
    fn lists_and_comments_that_silence_scanners() {
        check(".gitleaksignore", "# why\n\nabc:a.py:key:1\nabc:b.py:key:2\n", &[("list", "gitleaks", 2, 3)]);
        check(".gitleaksignore", "# nothing yet\n", &[]);
        check(".gitleaks.toml", "[extend]\n[allowlist]\npaths = []\n", &[("configuration", "gitleaks", 1, 2)]);
        check(".secrets.baseline", "{\"a\": [{\n\"hashed_secret\": \"x\"}]}", &[("list", "detect-secrets", 1, 2)]);
        check("a.py", "x = 1\nP = 'a' # gitleaks:allow\n", &[("comment", "gitleaks", 1, 2)]);
        check("a.py", "P = 'a'  # nosec B105\nQ = 'b'  #nosec\n", &[("comment", "bandit", 2, 1)]);
        check("a.go", "p := 1 // #nosec G101\n", &[("comment", "bandit", 1, 1)]);
        check("a.yml", "p: 1 # pragma: allowlist secret\n", &[("comment", "detect-secrets", 1, 1)]);
        check("a.py", "nosec = 1\nnosecond()  # nosecond chance\n", &[]);
        check("README.md", "# use gitleaks:allow\n", &[]);
    }
}
