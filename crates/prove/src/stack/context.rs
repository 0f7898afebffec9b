//! What is sent to the builder: the context without what is ignored, and a Dockerfile in the words that every builder knows.

use regex::Regex;
use sandbox::Entry;

use super::layers::join;
use crate::say::{Say, say};
use crate::tree::Tree;

/// The files of a build context, relative to it.
pub(super) fn files(tree: &Tree, context: &str, dockerfile: &str) -> Vec<Entry> {
    let own = format!("{dockerfile}.dockerignore");
    let shared = join(context, ".dockerignore").unwrap_or_default();
    let ignored = Ignored::read(tree.text(&own).or_else(|| tree.text(&shared)).unwrap_or_default());
    let prefix = if context.is_empty() { String::new() } else { format!("{context}/") };
    let entries = tree.entries().into_iter().filter_map(|entry| {
        let path = entry.path.strip_prefix(&prefix)?.to_owned();
        (!ignored.has(&path)).then_some(Entry { path, ..entry })
    });
    entries.collect()
}

/// The rules of a `.dockerignore`: the last that matches a path, or a folder above it, decides.
struct Ignored(Vec<(Regex, bool)>);

impl Ignored {
    fn read(text: &str) -> Self {
        const RULES: usize = 500;
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let rule = |line: &str| {
            let (line, ignores) = line.strip_prefix('!').map_or((line, true), |line| (line.trim(), false));
            let line = line.trim_start_matches("./").trim_matches('/');
            Some((pattern(line)?, ignores))
        };
        Self(lines.take(RULES).filter_map(rule).collect())
    }

    fn has(&self, path: &str) -> bool {
        self.0.iter().rfind(|(rule, _)| rule.is_match(path)).is_some_and(|(_, ignores)| *ignores)
    }
}

fn pattern(glob: &str) -> Option<Regex> {
    let mut out = String::from("^");
    let mut letters = glob.chars().peekable();
    while let Some(c) = letters.next() {
        match c {
            '*' if letters.peek() == Some(&'*') => {
                letters.next();
                if letters.peek() == Some(&'/') {
                    letters.next();
                    out.push_str("(?:.*/)?");
                } else {
                    out.push_str(".*");
                }
            }
            '*' => out.push_str("[^/]*"),
            '?' => out.push_str("[^/]"),
            '[' | ']' | '-' => out.push(c),
            '\\' => out.push_str(&regex::escape(&letters.next()?.to_string())),
            c => out.push_str(&regex::escape(&c.to_string())),
        }
    }
    // What is below an ignored folder is ignored with it.
    out.push_str("(?:/.*)?$");
    regex::RegexBuilder::new(&out).size_limit(1 << 20).build().ok()
}

/// A Dockerfile without what only newer builders know and that changes nothing of the image: caches, links, here-documents.
///
/// # Errors
/// When it needs what the builder cannot give, as a secret.
pub(super) fn plain(text: &str) -> Result<String, Say> {
    let mut out: Vec<String> = Vec::new();
    let mut lines = text.lines();
    let mut inside = "";
    while let Some(line) = lines.next() {
        let word = line.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
        if ["RUN", "COPY", "ADD"].contains(&&*word) {
            inside = if word == "RUN" { "RUN" } else { "COPY" };
        } else if !out.last().is_some_and(|last| last.trim_end().ends_with('\\')) {
            inside = "";
        }
        let mut line = line.to_owned();
        if !inside.is_empty() && !line.trim_start().starts_with('#') {
            line = without_flags(&line)?;
        }
        if let Some(end) = here_document(&line).filter(|_| ["RUN", "COPY", "ADD"].contains(&&*word)) {
            if word != "RUN" {
                return Err(say!("here-document"));
            }
            let body: Vec<&str> = lines.by_ref().take_while(|line| line.trim() != end).collect();
            let script = format!("set -e\n{}", body.join("\n"));
            line = format!("RUN {}", serde_json::json!(["/bin/sh", "-c", script]));
            inside = "";
        }
        out.push(line);
    }
    Ok(out.join("\n") + "\n")
}

/// Instructions with the number of their first line, continued lines joined.
pub(crate) fn instructions(text: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut goes_on = false;
    for (number, line) in text.lines().enumerate() {
        let bare = line.trim();
        if bare.is_empty() || bare.starts_with('#') {
            continue;
        }
        let part = bare.trim_end_matches('\\').trim_end();
        match found.last_mut() {
            Some((_, last)) if goes_on => {
                last.push(' ');
                last.push_str(part);
            }
            _ => found.push((number + 1, part.to_owned())),
        }
        goes_on = bare.ends_with('\\');
    }
    found
}

/// A line of an instruction without the flags of newer builders.
fn without_flags(line: &str) -> Result<String, Say> {
    let mut kept: Vec<&str> = Vec::new();
    let mut changed = false;
    for word in line.split(' ') {
        let cache = word.starts_with("--mount=type=cache") || word.starts_with("--mount=type=tmpfs");
        if cache || word == "--link" || word.starts_with("--link=") || word.starts_with("--chmod=") {
            changed = true;
            continue;
        }
        if word.starts_with("--mount=") {
            let secret = word.contains("secret") || word.contains("ssh");
            return Err(if secret { say!("builds-with-secret") } else { say!("builds-with-mount") });
        }
        kept.push(word);
    }
    Ok(if changed { kept.join(" ") } else { line.to_owned() })
}

fn here_document(line: &str) -> Option<String> {
    let at = line.find("<<")?;
    let word = line[at + 2..].trim_start_matches('-').split_whitespace().next()?;
    // Only one that is the whole instruction: others are part of a shell line that spans several.
    let name = word.trim_matches(['\'', '"']);
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    (plain && line[..at].split_whitespace().count() == 1).then(|| name.to_owned())
}

/// The line of the Dockerfile whose step failed, and the step in words.
pub(super) fn failed(text: &str, output: &str) -> (Option<usize>, String) {
    let last =
        output.lines().rev().find_map(|line| line.strip_prefix("Step ")?.split_once(" : ").map(|(_, step)| step));
    let Some(step) = last else { return (None, "its start".into()) };
    let squeezed = |text: &str| text.split_whitespace().filter(|word| *word != "\\").collect::<Vec<_>>().join(" ");
    let step = squeezed(step);
    let start: String = step.chars().take(30).collect();
    let word = step.split(' ').next().unwrap_or_default().to_ascii_uppercase();
    let begins = |line: &str| {
        let line = squeezed(line);
        let first = line.split(' ').next().unwrap_or_default().to_ascii_uppercase();
        first == word && (line.starts_with(&start) || step.starts_with(line.trim_end_matches('\\').trim_end()))
    };
    let plain = plain(text).unwrap_or_default();
    let line = text.lines().position(begins).or_else(|| plain.lines().position(begins)).map(|at| at + 1);
    (line, step.chars().take(120).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ignored() {
        let ignored = Ignored::read("# no\nnode_modules\n**/*.pyc\n/docs/\n*.md\n!README.md\n.git\n");
        for (path, expected) in [
            ("node_modules/a/b.js", true),
            ("web/node_modules/a.js", false),
            ("a/b/c.pyc", true),
            ("c.pyc", true),
            ("docs/a.txt", true),
            ("NEWS.md", true),
            ("README.md", false),
            ("a/NEWS.md", false),
            (".gitignore", false),
            (".git/config", true),
        ] {
            assert_eq!(ignored.has(path), expected, "{path}");
        }
        assert!(Ignored::read("*\n!src\n").has("a"));
        assert!(!Ignored::read("*\n!src\n").has("src/a"));
    }

    #[test]
    fn what_only_newer_builders_know() {
        let check = |text: &str, expected: Result<&str, &str>| {
            assert_eq!(
                plain(text).map_err(|why| why.to_string()).as_deref().map_err(String::as_str),
                expected,
                "{text}"
            );
        };
        check("RUN --mount=type=cache,target=/root/.cache pip install x\n", Ok("RUN pip install x\n"));
        check(
            "RUN --mount=type=cache,target=/a \\\n    --mount=type=cache,target=/b \\\n    make\n",
            Ok("RUN \\\n    \\\n    make\n"),
        );
        check("COPY --link --from=a /a /b\n", Ok("COPY --from=a /a /b\n"));
        check(
            "RUN <<EOF\nset -x\nmake\nEOF\nCMD x\n",
            Ok("RUN [\"/bin/sh\",\"-c\",\"set -e\\nset -x\\nmake\"]\nCMD x\n"),
        );
        check("RUN cat <<EOF >/a\n", Ok("RUN cat <<EOF >/a\n"));
        check(
            "RUN --mount=type=secret,id=x make\n",
            Err("it builds with a secret, which the builder here does not give"),
        );
    }

    #[test]
    fn the_step_that_failed() {
        let text = "FROM a\nRUN apt-get update \\\n && false\nCOPY x /x\n";
        assert_eq!(
            failed(text, "Step 1/3 : FROM a\nStep 2/3 : RUN apt-get update  && false\n ---> Running\n").0,
            Some(2)
        );
        assert_eq!(failed(text, "Step 3/3 : COPY x /x\n"), (Some(4), "COPY x /x".into()));
        assert_eq!(failed(text, ""), (None, "its start".into()));
    }
}
