//! A step that runs tests: in which language, and where the tests and the application lie.

use crate::experiment::Ground;
use crate::mutate::{self, Language};

use super::chain::{Chain, Step};
use crate::say::{Say, say};

/// A step that runs tests, and what they are tests of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Suite {
    pub detector: Say,
    pub job: String,
    pub language: Language,
    pub dir: String,
    /// The folders and files that it is told to run; everything below `dir` when it is told nothing.
    pub told: Vec<String>,
}

const LANGUAGES: [Language; 6] =
    [Language::Python, Language::Script, Language::Go, Language::Java, Language::Rust, Language::Shell];
/// Where pytest is told which folders hold tests when its command does not say.
const PYTEST: [&str; 4] = ["pyproject.toml", "pytest.ini", "setup.cfg", "tox.ini"];

/// The suites of a chain.
pub(crate) fn suites(ground: &Ground<'_>, chain: &Chain) -> Vec<Suite> {
    let mut found: Vec<Suite> = Vec::new();
    for job in &chain.jobs {
        for step in job.steps.iter().filter(|step| step.purposes.contains("test")) {
            let dir = if step.test_dir.is_empty() { step.dir.clone() } else { step.test_dir.clone() };
            let Some(language) = language(ground, step, &dir) else { continue };
            let detector = detector(&job.name, &step.name);
            if !found.iter().any(|suite| suite.language == language && suite.dir == dir) {
                let told = told(ground, step, &dir);
                found.push(Suite { detector, job: job.name.clone(), language, dir, told });
            }
        }
    }
    found
}

pub(crate) fn detector(job: &str, step: &Say) -> Say {
    say!("job-step", job, step)
}

impl Suite {
    /// The files of its tests.
    pub fn tests<'a>(&'a self, ground: &Ground<'a>) -> impl Iterator<Item = (&'a str, &'a str)> {
        sources(ground, self.language, &self.dir)
            .filter(|(path, text)| mutate::is_test(path) || self.language == Language::Rust && text.contains("#[test]"))
            .filter(|(path, _)| self.told.is_empty() || self.told.iter().any(|told| path == told || below(path, told)))
    }
}

/// Those words of the test commands that name a folder or file of the tree.
fn told(ground: &Ground<'_>, step: &Step, dir: &str) -> Vec<String> {
    let named = |word: &str| {
        let word = word.split("::").next().unwrap_or(word).trim_start_matches("./").trim_matches(['/', '"', '\'']);
        let path = if dir.is_empty() { word.to_owned() } else { format!("{dir}/{word}") };
        let there = !word.is_empty() && ground.tree.files().any(|(file, _)| file == path || below(file, &path));
        there.then_some(path)
    };
    let mut told: Vec<String> = step.test_words.iter().filter_map(|word| named(word)).collect();
    if told.is_empty() && step.tools.contains("pytest") {
        told = PYTEST
            .iter()
            .filter_map(|file| configured(ground, dir, file))
            .flatten()
            .filter_map(|word| named(&word))
            .collect();
    }
    // A word may name something that holds no test, such as a report or a setting.
    told.retain(|told| {
        ground.tree.files().any(|(path, _)| mutate::is_test(path) && (path == told || below(path, told)))
    });
    told
}

/// The words of the line `testpaths`.
fn configured(ground: &Ground<'_>, dir: &str, file: &str) -> Option<Vec<String>> {
    let path = if dir.is_empty() { file.to_owned() } else { format!("{dir}/{file}") };
    let line = ground.tree.text(&path)?.lines().find_map(|line| line.trim_start().strip_prefix("testpaths"))?;
    let words = line.split(|c: char| c.is_whitespace() || "[]\"',=".contains(c));
    Some(words.filter(|word| !word.is_empty()).map(str::to_owned).collect())
}

fn language(ground: &Ground<'_>, step: &Step, dir: &str) -> Option<Language> {
    let by_tool = |tool: &str| {
        Some(match tool {
            "pytest" | "unittest" | "tox" | "nox" | "python" | "poetry" | "uv" | "django" => Language::Python,
            "npm" | "yarn" | "pnpm" | "jest" | "vitest" | "mocha" | "node" | "bun" | "ava" => Language::Script,
            "go" | "gotestsum" => Language::Go,
            "mvn" | "maven" | "gradle" => Language::Java,
            "cargo" => Language::Rust,
            "bats" | "shellspec" => Language::Shell,
            _ => return None,
        })
    };
    step.tools.iter().find_map(|tool| by_tool(tool)).or_else(|| {
        let files = |language: &Language| application(ground, *language, dir).count();
        LANGUAGES.into_iter().max_by_key(files).filter(|language| files(language) > 0)
    })
}

fn below(path: &str, dir: &str) -> bool {
    dir.is_empty() || path.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'))
}

fn sources<'a>(ground: &Ground<'a>, language: Language, dir: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let tree = ground.tree;
    let own = tree.files().filter(move |(path, file)| file.own && below(path, dir));
    own.filter(move |(path, _)| {
        Language::of(path) == Some(language) || language == Language::Shell && path.ends_with(".bats")
    })
    .filter_map(|(path, _)| Some((path, tree.text(path)?)))
}

/// The files of the application below a folder.
pub(crate) fn application<'a>(
    ground: &Ground<'a>,
    language: Language,
    dir: &'a str,
) -> impl Iterator<Item = (&'a str, &'a str)> {
    // Where everything lies aside, what lies aside is the application.
    let aside = !sources(ground, language, dir).any(|(path, _)| mutate::is_application(path));
    let counts = move |path: &str| if aside { !mutate::is_test(path) } else { mutate::is_application(path) };
    sources(ground, language, dir).filter(move |(path, _)| counts(path))
}
