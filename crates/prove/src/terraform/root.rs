//! What Terraform is run on: the roots that a repository has, from facts.

use crate::experiment::{Ground, Line};
use crate::say::{Say, say};

/// More roots than these are the same again for other environments.
const MOST: usize = 3;

/// A directory that is applied by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Root {
    pub dir: String,
    /// The type of its backend, which is replaced by a file.
    pub backend: String,
    /// The files of values that it needs, from its own directory; those that are read anyway are not named.
    pub values: Option<String>,
    /// Its own files, in the order of their names.
    pub files: Vec<String>,
    /// The files of its own tests.
    pub tests: Vec<String>,
}

impl Root {
    /// The roots of a repository that are no examples.
    pub fn all(ground: &Ground<'_>) -> Vec<Self> {
        let roots = ground.facts.of("iac.root").iter();
        let mut dirs: Vec<(&str, &str)> = roots
            .filter(|fact| fact.text("tool") == "terraform" && !fact.is("example") && !fact.is("bootstrap"))
            .map(|fact| (fact.text("dir"), fact.text("backend")))
            .collect();
        dirs.sort_unstable();
        dirs.dedup_by_key(|(dir, _)| *dir);
        dirs.into_iter().take(MOST).map(|(dir, backend)| Self::of(ground, dir, backend)).collect()
    }

    /// The directories that have tests of their own: a root, or a module.
    pub fn tested(ground: &Ground<'_>) -> Vec<Self> {
        let suites = ground.facts.of("infratest.suite").iter();
        let mut dirs: Vec<String> = suites
            .filter(|fact| fact.text("tool") == "terraform-test" && !fact.is("scaffold"))
            .filter_map(|fact| fact.location().path().map(dir_of_test))
            .collect();
        dirs.sort_unstable();
        dirs.dedup();
        dirs.into_iter().take(MOST).map(|dir| Self::of(ground, &dir, "")).collect()
    }

    fn of(ground: &Ground<'_>, dir: &str, backend: &str) -> Self {
        let own = |path: &&str| parent(path) == dir && path.ends_with(".tf");
        let paths = || ground.tree.files().map(|(path, _)| path);
        let variables = ground.facts.of("iac.variable").iter();
        let lacks = variables
            .filter(|fact| fact.text("dir") == dir && fact.text("what") == "variable")
            .any(|fact| !fact.is("default"));
        let others: Vec<&str> = ground.facts.of("iac.root").iter().map(|fact| fact.text("dir")).collect();
        let inside = |path: &&str| {
            let other = |other: &&&str| **other != dir && below(path, other);
            path.ends_with(".tfvars")
                && below(path, dir)
                && others.iter().filter(|one| below(one, dir)).find(other).is_none()
        };
        let read_anyway = |path: &&str| {
            let name = path.rsplit('/').next().unwrap_or(path);
            parent(path) == dir && (name == "terraform.tfvars" || name.ends_with(".auto.tfvars"))
        };
        let mut values: Vec<&str> = paths().filter(inside).filter(|path| !read_anyway(path)).collect();
        values.sort_by_key(|path| (stage(path), path.len(), *path));
        let values = values.first().filter(|_| lacks && !paths().any(|path| read_anyway(&path)));
        Self {
            dir: dir.to_owned(),
            backend: backend.to_owned(),
            values: values.map(|path| path[dir.len()..].trim_start_matches('/').to_owned()),
            files: paths().filter(own).map(str::to_owned).collect(),
            tests: paths().filter(|path| is_test(path) && dir_of_test(path) == dir).map(str::to_owned).collect(),
        }
    }

    /// `terraform -chdir=network`, or without a directory for the root.
    pub fn program(&self) -> String {
        if self.dir.is_empty() { "terraform".into() } else { format!("terraform -chdir={}", self.dir) }
    }

    pub fn name(&self) -> &str {
        if self.dir.is_empty() { "." } else { &self.dir }
    }

    /// What `preuve prove --plan` shows.
    pub fn lines(&self, words: &[&str], from: &[String]) -> Vec<Line> {
        let line = |word: &&str| Line {
            what: self.name().into(),
            text: format!("{} {word}", self.program()).into(),
            from: from.iter().take(4).cloned().collect(),
        };
        words.iter().map(line).collect()
    }

    pub fn stand_ins(&self) -> Vec<Say> {
        match self.backend.as_str() {
            "" | "local" => Vec::new(),
            other => vec![say!("backend-file", other)],
        }
    }
}

/// Whether a path lies in a directory, however deep; everything lies in the root.
fn below(path: &str, dir: &str) -> bool {
    dir.is_empty() || path.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'))
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(dir, _)| dir)
}

fn is_test(path: &str) -> bool {
    path.ends_with(".tftest.hcl")
}

/// Tests lie beside the code, or in a folder of its own below it.
fn dir_of_test(path: &str) -> String {
    let dir = parent(path);
    let above = if dir == "tests" { "" } else { dir.strip_suffix("/tests").unwrap_or(dir) };
    above.to_owned()
}

/// Values of a place that is meant for trying come first.
fn stage(path: &str) -> u8 {
    match path {
        _ if path.contains("staging") => 0,
        _ if path.contains("dev") || path.contains("test") => 1,
        _ if path.contains("prod") => 3,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_below() {
        let check = |path: &str, dir: &str, expected: bool| assert_eq!(below(path, dir), expected, "{path} {dir}");
        check("net/a.tfvars", "net", true);
        check("network/a.tfvars", "net", false);
        check("net", "net", false);
        check("a.tfvars", "", true);
    }

    #[test]
    fn where_tests_belong() {
        let check = |path: &str, expected: &str| assert_eq!(dir_of_test(path), expected, "{path}");
        check("tests/a.tftest.hcl", "");
        check("a.tftest.hcl", "");
        check("network/tests/a.tftest.hcl", "network");
        check("network/a.tftest.hcl", "network");
        check("mytests/a.tftest.hcl", "mytests");
    }
}
