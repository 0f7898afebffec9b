//! Tasks of Python projects (`pyproject.toml`, `Pipfile`) and of mise.

use super::{Entry, Part, part};
use crate::File;
use crate::node::Node;

const TABLES: [&[&str]; 7] = [
    &["tool", "poe", "tasks"],
    &["tool", "taskipy", "tasks"],
    &["tool", "pdm", "scripts"],
    &["tool", "rye", "scripts"],
    &["tool", "pixi", "tasks"],
    &["tool", "hatch", "envs", "default", "scripts"],
    &["scripts"],
];

/// All tasks of a Python project.
pub(crate) fn entries(file: &File) -> Vec<Entry> {
    let Some(document) = file.toml().documents.first() else { return Vec::new() };
    let mut found = Vec::new();
    for table in TABLES {
        let tasks = document.root.at(table).map(Node::entries).unwrap_or_default();
        found.extend(tasks.iter().filter_map(|(key, value)| entry(file, "python", key, value)));
    }
    let environments = document.root.at(&["tool", "hatch", "envs"]).map(Node::entries).unwrap_or_default();
    for (name, environment) in environments.iter().filter(|(name, _)| name.as_str() != Some("default")) {
        let _ = name;
        let scripts = environment.get("scripts").map(Node::entries).unwrap_or_default();
        found.extend(scripts.iter().filter_map(|(key, value)| entry(file, "python", key, value)));
    }
    found
}

/// All tasks of a mise configuration.
pub(crate) fn mise(file: &File) -> Vec<Entry> {
    let Some(document) = file.toml().documents.first() else { return Vec::new() };
    let tasks = document.root.get("tasks").map(Node::entries).unwrap_or_default();
    tasks.iter().filter_map(|(key, value)| entry(file, "mise", key, value)).collect()
}

fn entry(file: &File, runner: &'static str, key: &Node, value: &Node) -> Option<Entry> {
    let name = key.as_str()?;
    let body = ["cmd", "run", "shell", "sequence", "composite"].iter().find_map(|key| value.get(key)).unwrap_or(value);
    let needs = ["depends", "depends-on", "deps"].iter().find_map(|key| value.get(key));
    let needs = needs
        .map(Node::one_or_many)
        .unwrap_or_default()
        .into_iter()
        .filter_map(Node::as_str)
        .map(str::to_owned)
        .collect();
    let line = |node: &Node| -> Option<Part> { Some(part(node.as_str()?, file.at(node.range.clone()))) };
    let parts = body.one_or_many().into_iter().filter_map(line).collect();
    let at = file.at(key.range.start..value.range.end.max(key.range.end));
    Some(Entry { runner, name: name.to_owned(), at, needs, parts, dir: file.dir().to_owned() })
}
