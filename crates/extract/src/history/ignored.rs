//! Which tracked paths the repository's own ignore rules match, and which it declares as vendored.

use std::cell::RefCell;
use std::collections::BTreeMap;

use gix::bstr::ByteSlice;
use gix::glob::pattern::Case;
use gix::glob::{Pattern, pattern::Mode, wildmatch};

use crate::{Project, path};

/// Rules of one kind, each with the directory that it counts below.
pub(crate) struct Ignores {
    rules: Vec<(String, Pattern)>,
    /// What was decided for directories: many files share each.
    directories: RefCell<BTreeMap<String, Option<usize>>>,
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
        Self { rules, directories: RefCell::default() }
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
        let above = path.match_indices('/').find_map(|(end, _)| self.directory(&path[..end]));
        let rule = above.or_else(|| self.deciding(path, false))?;
        Some(self.rules[rule].1.to_string())
    }

    /// The rule that leaves a directory out by its own name.
    fn directory(&self, dir: &str) -> Option<usize> {
        if let Some(known) = self.directories.borrow().get(dir) {
            return *known;
        }
        let rule = self.deciding(dir, true);
        self.directories.borrow_mut().insert(dir.to_owned(), rule);
        rule
    }

    /// The last rule that matches, unless it takes a path back in.
    fn deciding(&self, path: &str, is_dir: bool) -> Option<usize> {
        let name = path::dir(path).len();
        let last = self.rules.iter().rposition(|(base, pattern)| matches(base, pattern, (path, name), is_dir))?;
        (!self.rules[last].1.mode.contains(Mode::NEGATIVE)).then_some(last)
    }
}

/// Whether a rule matches a path, given with the length of its directory.
fn matches(base: &str, pattern: &Pattern, (path, dir): (&str, usize), is_dir: bool) -> bool {
    let start = if base.is_empty() {
        0
    } else if path::within(path, base) {
        base.len() + 1
    } else {
        return false;
    };
    let relative = &path[start..];
    let name = (dir > start).then(|| dir + 1 - start);
    let mode = wildmatch::Mode::NO_MATCH_SLASH_LITERAL;
    pattern.matches_repo_relative_path(relative.as_bytes().as_bstr(), name, Some(is_dir), Case::Sensitive, mode)
}
