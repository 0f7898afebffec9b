//! Which tracked paths the repository's own ignore rules match, and which it declares as vendored.

use gix::bstr::ByteSlice;
use gix::glob::pattern::Case;
use gix::glob::{Pattern, pattern::Mode, wildmatch};

use crate::{Project, path};

/// Rules of one kind, each with the directory that it counts below.
pub(crate) struct Ignores {
    rules: Vec<(String, Pattern)>,
}

/// How many rules are looked at.
const RULES: usize = 5_000;

impl Ignores {
    /// The rules of all `.gitignore` files.
    pub(crate) fn of(project: &Project) -> Self {
        Self::read(project, ".gitignore", |line| Some(line.to_owned()))
    }

    /// What `.gitattributes` declares as vendored or generated.
    pub(crate) fn vendored(project: &Project) -> Self {
        Self::read(project, ".gitattributes", |line| {
            let mut words = line.split_whitespace();
            let pattern = words.next().filter(|pattern| !pattern.starts_with(['#', '!', '[']))?;
            let declared = words.any(|word| {
                let (name, value) = word.split_once('=').unwrap_or((word, "true"));
                matches!(name, "linguist-vendored" | "linguist-generated") && value != "false"
            });
            declared.then(|| pattern.to_owned())
        })
    }

    fn read(project: &Project, name: &str, pattern: impl Fn(&str) -> Option<String>) -> Self {
        let mut rules = Vec::new();
        for file in project.all_files().iter().filter(|file| file.is_regular() && file.name() == name) {
            let lines = file.str().lines().filter_map(&pattern);
            let parsed = lines.filter_map(|line| gix::glob::parse(line.trim_end().as_bytes()));
            rules.extend(parsed.map(|pattern| (file.dir().to_owned(), pattern)));
            rules.truncate(RULES);
        }
        Self { rules }
    }

    /// Whether a rule matches the path or a directory above it.
    pub(crate) fn matches(&self, path: &str) -> bool {
        self.rule(path).is_some()
    }

    /// The rule that matches the path or a directory above it: the last one wins, as git does it.
    pub(crate) fn rule(&self, path: &str) -> Option<String> {
        if self.rules.is_empty() {
            return None;
        }
        let ends = path.match_indices('/').map(|(at, _)| (at, true)).chain([(path.len(), false)]);
        for (end, is_dir) in ends {
            let part = &path[..end];
            let deciding = self.rules.iter().rev().find(|(base, pattern)| matches(base, pattern, part, is_dir));
            match deciding {
                Some((_, pattern)) if !pattern.mode.contains(Mode::NEGATIVE) => return Some(pattern.to_string()),
                _ => {}
            }
        }
        None
    }
}

fn matches(base: &str, pattern: &Pattern, path: &str, is_dir: bool) -> bool {
    let relative = if base.is_empty() {
        path
    } else if path::within(path, base) {
        &path[base.len() + 1..]
    } else {
        return false;
    };
    let name = relative.rfind('/').map(|at| at + 1);
    let mode = wildmatch::Mode::NO_MATCH_SLASH_LITERAL;
    pattern.matches_repo_relative_path(relative.as_bytes().as_bstr(), name, Some(is_dir), Case::Sensitive, mode)
}
