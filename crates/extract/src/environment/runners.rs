//! Commands of versioned entries: Make, just, Task, mise and npm targets, and scripts.

use std::collections::BTreeMap;

use facts::Location;

use super::start::{Start, start};
use crate::{File, Node, Project};

/// The most commands that are looked at in one tree.
const COMMANDS: usize = 50_000;

/// A command of an entry.
pub(super) struct Called<'a> {
    pub runner: &'static str,
    /// The target or the script.
    pub entry: String,
    pub file: &'a File,
    pub at: Location,
    pub start: Option<Start>,
}

/// The commands of all entries that start something.
pub(super) fn calls(project: &Project) -> Vec<Called<'_>> {
    let mut found = Vec::new();
    for file in project.files().filter(|file| file.class.effective() && !in_pipeline(file)) {
        if found.len() > COMMANDS {
            break;
        }
        match runner(file) {
            Some("make" | "just") => targets(file, &mut found),
            Some("npm") => scripts_of_package(file, &mut found),
            Some("task") => tasks(file, &mut found),
            Some("mise") => mise(file, &mut found),
            Some("script") => script(file, &mut found),
            _ => {}
        }
    }
    found
}

/// Which runner reads a file.
pub(super) fn runner(file: &File) -> Option<&'static str> {
    let name = file.name();
    match name {
        "Makefile" | "makefile" | "GNUmakefile" => Some("make"),
        "justfile" | "Justfile" | ".justfile" => Some("just"),
        "Taskfile.yml" | "Taskfile.yaml" | "taskfile.yml" | "Taskfile.dist.yml" => Some("task"),
        "package.json" => Some("npm"),
        "mise.toml" | ".mise.toml" => Some("mise"),
        _ if name.ends_with(".mk") => Some("make"),
        _ if matches!(file.extension().as_str(), "sh" | "bash" | "ps1" | "bat" | "cmd") => Some("script"),
        _ if !name.contains('.') && file.size < 200_000 && file.str().starts_with("#!") => Some("script"),
        _ => None,
    }
}

fn in_pipeline(file: &File) -> bool {
    file.path.starts_with(".github/")
        || file.path.starts_with(".gitlab/")
        || file.path.split('/').any(|part| part == "ci")
}

/// The lines of Make targets and just recipes, simple variables filled in.
fn targets<'a>(file: &'a File, found: &mut Vec<Called<'a>>) {
    let Ok(text) = file.text() else { return };
    let mut variables: BTreeMap<String, String> = BTreeMap::new();
    let mut target = String::new();
    let runner = if runner(file) == Some("just") { "just" } else { "make" };
    for (number, line) in text.lines() {
        if line.starts_with(['\t', ' ']) {
            let command = fill(line.trim(), &variables);
            push(file, runner, &target, number, &command, found);
            continue;
        }
        if let Some((name, value)) = assignment(line) {
            variables.insert(name.to_owned(), value.to_owned());
        } else if let Some((names, _)) = line.split_once(':').filter(|_| !line.starts_with('#')) {
            target = names.split_whitespace().next().unwrap_or_default().trim_start_matches('@').to_owned();
        }
    }
}

fn assignment(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once('=')?;
    let name = name.trim_end_matches([':', '?', '+', '!']).trim().trim_start_matches("export ").trim();
    let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    plain.then(|| (name, value.trim().trim_matches(['"', '\''])))
}

/// Fills in `$(NAME)`, `${NAME}` and `{{NAME}}` once per name, so that a cycle cannot grow the line.
fn fill(line: &str, variables: &BTreeMap<String, String>) -> String {
    if !line.contains(['$', '{']) {
        return line.to_owned();
    }
    let mut line = line.to_owned();
    for (name, value) in variables.iter().take(200) {
        for written in
            [format!("$({name})"), format!("${{{name}}}"), format!("{{{{{name}}}}}"), format!("{{{{ {name} }}}}")]
        {
            if line.contains(&written) && line.len() < 4_000 {
                line = line.replacen(&written, value, 4);
            }
        }
    }
    line
}

fn push<'a>(
    file: &'a File,
    runner: &'static str,
    entry: &str,
    line: usize,
    command: &str,
    found: &mut Vec<Called<'a>>,
) {
    if let Some(start) = start(command) {
        found.push(Called { runner, entry: entry.to_owned(), file, at: file.at_line(line), start: Some(start) });
    }
}

fn script<'a>(file: &'a File, found: &mut Vec<Called<'a>>) {
    let Ok(text) = file.text() else { return };
    for (number, line) in text.lines() {
        push(file, "script", &file.path, number, line, found);
    }
}

fn scripts_of_package<'a>(file: &'a File, found: &mut Vec<Called<'a>>) {
    let Some(document) = file.json().documents.first() else { return };
    for (name, command) in document.root.get("scripts").map_or(&[][..], Node::entries) {
        if let (Some(name), Some(text)) = (name.as_str(), command.as_str())
            && let Some(start) = start(text)
        {
            let (entry, at) = (name.to_owned(), file.at(command.range.clone()));
            found.push(Called { runner: "npm", entry, file, at, start: Some(start) });
        }
    }
}

fn tasks<'a>(file: &'a File, found: &mut Vec<Called<'a>>) {
    let Some(document) = file.yaml().documents.first() else { return };
    for (name, task) in document.root.get("tasks").map_or(&[][..], Node::entries) {
        let commands = task.get("cmds").or_else(|| task.get("cmd")).unwrap_or(task);
        for command in commands.one_or_many() {
            let text = command.as_str().or_else(|| command.str_at("cmd")).unwrap_or_default();
            if let (Some(name), Some(start)) = (name.as_str(), start(text)) {
                let at = file.at(command.range.clone());
                found.push(Called { runner: "task", entry: name.to_owned(), file, at, start: Some(start) });
            }
        }
    }
}

fn mise<'a>(file: &'a File, found: &mut Vec<Called<'a>>) {
    let Some(document) = file.toml().documents.first() else { return };
    for (name, task) in document.root.get("tasks").map_or(&[][..], Node::entries) {
        let commands = task.get("run").unwrap_or(task);
        for command in commands.one_or_many() {
            if let (Some(name), Some(start)) = (name.as_str(), command.as_str().and_then(start)) {
                let at = file.at(command.range.clone());
                found.push(Called { runner: "mise", entry: name.to_owned(), file, at, start: Some(start) });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, text: &str, expected: &[(&str, &str)]) {
        let project = Project::in_memory([(path, text)]);
        let found = calls(&project);
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|call| (call.entry.as_str(), call.start.as_ref().map_or("", |start| start.tool)))
            .collect();
        assert_eq!(found, expected, "{path}");
    }

    #[test]
    fn entries_of_several_runners() {
        check(
            "Makefile",
            "DC = docker compose -f a.yml\nrun: stop\n\t$(DC) up -d\nstop:\n\t$(DC) down\n",
            &[("run", "compose")],
        );
        check("justfile", "up:\n  vagrant up\n", &[("up", "vagrant")]);
        check("package.json", "{\"scripts\": {\"dev\": \"next dev\", \"test\": \"jest\"}}", &[("dev", "run")]);
        check("Taskfile.yml", "tasks:\n  up:\n    cmds: [docker compose up]\n", &[("up", "compose")]);
        check("mise.toml", "[tasks.dev]\nrun = \"tilt up\"\n", &[("dev", "tilt")]);
        check("start.sh", "#!/bin/sh\n# vagrant up\nvagrant up\n", &[("start.sh", "vagrant")]);
        check(".github/start.sh", "vagrant up\n", &[]);
    }

    #[test]
    fn hostile_files_are_read() {
        check("Makefile", "A = $(A)$(A)\nx:\n\t$(A)$(A)\n:\n=\n\t\n", &[]);
        check("package.json", "{\"scripts\": []}", &[]);
        check("Taskfile.yml", "tasks: {a: {cmds: 3}, b: }\n", &[]);
        check("mise.toml", "[tasks]\na = 1\n", &[]);
    }
}
