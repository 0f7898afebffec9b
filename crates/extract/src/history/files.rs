//! Files that organise the history: owners, request templates, changelogs.

use facts::{Confidence, Fact};

use super::tags::is_version;
use crate::{File, Project, Sink};

/// The source.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    for file in project.files().filter(|file| !file.class.example && !file.class.test) {
        let path = file.path.to_ascii_lowercase();
        if is_code_owners(&path) {
            code_owners(file, sink);
        } else if is_template(&path) {
            template(file, sink);
        } else if is_changelog(&path) {
            changelog(file, sink);
        }
    }
}

fn is_code_owners(path: &str) -> bool {
    let dirs = ["", ".github/", ".gitlab/", "docs/", ".gitea/", ".forgejo/", ".bitbucket/"];
    path.strip_suffix("codeowners").is_some_and(|dir| dirs.contains(&dir))
}

fn code_owners(file: &File, sink: &mut Sink) {
    let Ok(text) = file.text() else { return };
    let rule = |line: &str| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with('#') && line.split_whitespace().skip(1).any(|owner| owner.contains('@'))
    };
    let rules: Vec<usize> = text.lines().filter(|(_, line)| rule(line)).map(|(at, _)| at).collect();
    if let Some(first) = rules.first() {
        let fact = Fact::new("vcs.review-rule", "codeowners", file.at_line(*first));
        sink.push(fact.with("what", "codeowners").with("rules", rules.len()));
    }
}

fn is_template(path: &str) -> bool {
    let (dir, name) = path.rsplit_once('/').unwrap_or(("", path));
    let document = [".md", ".txt", ".rst"].iter().any(|extension| name.ends_with(extension));
    let forge = ["", "docs", ".github", ".gitea", ".forgejo", ".azuredevops", ".vsts", ".bitbucket"].contains(&dir);
    let named = ["pull_request_template", "merge_request_template", "pull-request-template"]
        .iter()
        .any(|stem| name.strip_prefix(stem).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')));
    let folder = dir.ends_with("pull_request_template") || dir == ".gitlab/merge_request_templates";
    (forge && named) || (folder && document)
}

fn template(file: &File, sink: &mut Sink) {
    if !file.str().trim().is_empty() {
        sink.push(Fact::new("vcs.review-rule", "path", file.start()).with("what", "template"));
    }
}

fn is_changelog(path: &str) -> bool {
    let (dir, name) = path.rsplit_once('/').unwrap_or(("", path));
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let document = ["", "md", "rst", "txt", "adoc", "markdown"].contains(&extension);
    let named =
        ["changelog", "changes", "history", "releases", "news", "release_notes", "release-notes", "releasenotes"]
            .contains(&stem)
            || stem.starts_with("changelog");
    // Below two directories it is the changelog of something else.
    document && named && dir.matches('/').count() <= 1
}

fn changelog(file: &File, sink: &mut Sink) {
    let Ok(text) = file.text() else { return };
    let versions = versions(text.as_str());
    let Some((line, _)) = versions.first() else { return };
    let names: Vec<String> = versions.iter().take(5).map(|(_, name)| name.clone()).collect();
    let fact = Fact::new("vcs.changelog", "changelog", file.at_line(*line)).confidence(Confidence::Likely);
    sink.push(fact.with("versions", versions.len()).with("names", names));
}

/// The lines that start a version or a dated entry, with its name.
pub fn versions(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let lines: Vec<&str> = text.lines().take(50_000).collect();
    let mut comment = false;
    for (at, line) in lines.iter().enumerate() {
        comment = (comment || line.contains("<!--")) && !line.contains("-->");
        if comment || line.len() > 300 {
            continue;
        }
        let marked = line.starts_with('#') || line.starts_with("==") || line.starts_with("**");
        let next = lines.get(at + 1).map_or("", |next| next.trim());
        let underlined = next.len() >= 3 && next.bytes().all(|byte| matches!(byte, b'=' | b'-' | b'~' | b'^'));
        let title = line.trim_start_matches(['#', '=', '*', ' ']).trim_start_matches('[');
        let first = title.split([' ', ']', '(', ':', ',', '*', '\t']).find(|word| !is_filler(word)).unwrap_or_default();
        let plain =
            !line.starts_with([' ', '\t', '-']) && title.contains(|c: char| "([-–:".contains(c)) && has_year(title);
        if (marked || underlined || plain) && (is_version(first) || is_date(first)) {
            found.push((at + 1, first.to_owned()));
        }
    }
    found
}

fn is_filler(word: &str) -> bool {
    word.is_empty() || ["version", "release", "released", "v", "v."].contains(&word.to_ascii_lowercase().as_str())
}

fn has_year(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_digit())
        .any(|part| part.len() == 4 && (part.starts_with("20") || part.starts_with("19")))
}

fn is_date(word: &str) -> bool {
    let parts: Vec<&str> = word.split(['-', '/', '.']).collect();
    parts.len() == 3
        && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
        && has_year(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changelogs_have_versions() {
        let check = |text: &str, expected: &[&str]| {
            let found: Vec<String> = versions(text).into_iter().map(|(_, name)| name).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("# Changelog\n\n## [Unreleased]\n\n## [1.1.0] - 2024-05-01\n- x\n\n## 1.0.0\n", &["1.1.0", "1.0.0"]);
        check("Version 2.0\n-----------\n* x\n", &["2.0"]);
        check("1.2.3 (2020-01-01)\n  * x\n", &["1.2.3"]);
        check("## 2024-05-01\n- x\n", &["2024-05-01"]);
        check("# Changelog\n\nNothing yet.\n", &[]);
        check("<!--\n## 1.0.0\n-->\n", &[]);
        check("We moved to 1.2.3 of the library.\n", &[]);
    }

    #[test]
    fn places_are_those_that_forges_read() {
        assert!(is_code_owners(".github/codeowners") && !is_code_owners("src/codeowners"));
        assert!(
            is_template(".github/pull_request_template.md")
                && is_template(".gitlab/merge_request_templates/default.md")
        );
        assert!(!is_template("src/pull_request_template.rb"));
        assert!(
            is_changelog("changelog.md") && is_changelog("api/changelog.md") && !is_changelog("a/b/c/changelog.md")
        );
        assert!(!is_changelog("history.js"));
    }
}
