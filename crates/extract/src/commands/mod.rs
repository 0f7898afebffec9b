//! Versioned entries outside pipelines: targets of Make, just, Task and mise, scripts of packages, hooks.
//!
//! Each reader gives the entries of one file; what an entry does is read by `crate::purpose`.

mod hooks;
mod just;
mod make;
mod node;
mod python;
mod source;
mod task;

use facts::Location;

pub(crate) use source::source;

use crate::{File, Project, path};

/// Shell text with where each of its lines was written; a new shell runs each part.
#[derive(Clone, Debug, Default)]
pub(crate) struct Part {
    pub text: String,
    pub lines: Vec<Location>,
}

/// One entry.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub runner: &'static str,
    pub name: String,
    pub at: Location,
    /// Entries of the same file that run before it.
    pub needs: Vec<String>,
    pub parts: Vec<Part>,
    /// The directory that it runs in, from the root of the repository.
    pub dir: String,
}

/// The files that hold the entries of a runner, by their names.
const FILES: [(&str, &[&str]); 11] = [
    ("make", &["Makefile", "makefile", "GNUmakefile"]),
    ("just", &["justfile", "Justfile", ".justfile"]),
    (
        "task",
        &["Taskfile.yml", "Taskfile.yaml", "taskfile.yml", "taskfile.yaml", "Taskfile.dist.yml", "Taskfile.dist.yaml"],
    ),
    ("mise", &["mise.toml", ".mise.toml", "mise/config.toml", ".mise/config.toml", ".config/mise.toml"]),
    ("npm", &["package.json"]),
    ("composer", &["composer.json"]),
    ("deno", &["deno.json", "deno.jsonc"]),
    ("python", &["pyproject.toml", "Pipfile"]),
    ("devbox", &["devbox.json"]),
    ("pre-commit", &[".pre-commit-config.yaml", ".pre-commit-config.yml"]),
    ("lefthook", &["lefthook.yml", "lefthook.yaml", ".lefthook.yml", ".lefthook.yaml"]),
];

/// The runner that reads a file, if any.
pub(crate) fn runner_of(file: &File) -> Option<&'static str> {
    let found = FILES.iter().find(|(_, names)| names.iter().any(|name| path::name(name) == file.name()));
    match found {
        Some(("mise", names)) => names.iter().any(|name| file.path.ends_with(name)).then_some("mise"),
        Some((runner, _)) => Some(runner),
        None if file.extension() == "mk" => Some("make"),
        None if file.extension() == "just" => Some("just"),
        None => None,
    }
}

/// All entries of a file.
pub(crate) struct Entries {
    pub list: Vec<Entry>,
    /// Whether some were left out because they are too many or too large.
    pub cut: bool,
}

/// No person writes as many targets or scripts into a file.
const MOST: usize = 5_000;

/// All entries of a file, read once.
pub(crate) fn entries<'p>(project: &Project, file: &'p File) -> &'p Entries {
    file.entries.get_or_init(|| {
        let mut cut = false;
        let mut list = read(project, file, &mut cut);
        cut |= list.len() > MOST;
        list.truncate(MOST);
        Entries { list, cut }
    })
}

fn read(project: &Project, file: &File, cut: &mut bool) -> Vec<Entry> {
    match runner_of(file) {
        Some("make") => make::entries(project, file, cut),
        Some("just") => just::entries(file),
        Some("task") => task::entries(file),
        Some("mise") => python::mise(file),
        Some(runner @ ("npm" | "composer" | "deno" | "devbox")) => node::entries(file, runner),
        Some("python") => python::entries(file),
        Some("pre-commit") => hooks::pre_commit(file),
        Some("lefthook") => hooks::lefthook(file),
        _ => Vec::new(),
    }
}

/// The files that a runner would read in a directory, or above it when it looks there; the nearest first.
pub(crate) fn files<'p>(project: &'p Project, runner: &str, dir: &str) -> Vec<&'p File> {
    let names = FILES.iter().find(|(known, _)| *known == runner).map_or(&[][..], |(_, names)| *names);
    let at = |dir: &str| -> Vec<&'p File> {
        let paths = names.iter().filter_map(|name| path::join(dir, name));
        paths.filter_map(|path| project.file(&path)).collect()
    };
    let mut found = at(dir);
    let climbs = !matches!(runner, "make" | "npm" | "composer");
    let mut above = dir;
    while found.is_empty() && climbs && !above.is_empty() {
        above = path::dir(above);
        found = at(above);
    }
    found
}

/// A part of one command with the place where it was written.
pub(crate) fn part(text: &str, at: Location) -> Part {
    let lines = vec![at; text.lines().count().max(1)];
    Part { text: text.to_owned(), lines }
}

/// A part whose lines stand one below the other in a file, from a line counted from 1.
pub(crate) fn part_from(file: &File, text: &str, line: usize) -> Part {
    let lines = (0..text.lines().count().max(1)).map(|index| file.at_line(line + index)).collect();
    Part { text: text.to_owned(), lines }
}

/// The line of a byte of a file.
pub(crate) fn line_of(file: &File, offset: usize) -> usize {
    file.text().map_or(1, |text| text.line_of(offset))
}
