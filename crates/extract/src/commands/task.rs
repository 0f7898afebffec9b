//! Taskfiles: tasks with dependencies and commands.

use super::{Entry, Part, line_of, part, part_from};
use crate::node::Node;
use crate::{File, Style};

/// All tasks of a Taskfile.
pub(crate) fn entries(file: &File) -> Vec<Entry> {
    let Some(document) = file.yaml().documents.first() else { return Vec::new() };
    let tasks = document.root.get("tasks").map(Node::entries).unwrap_or_default();
    tasks.iter().filter_map(|(name, task)| Some(entry(file, name.as_str()?, name, task))).collect()
}

fn entry(file: &File, name: &str, key: &Node, task: &Node) -> Entry {
    let dir =
        task.str_at("dir").and_then(|dir| crate::path::join(file.dir(), dir)).unwrap_or_else(|| file.dir().to_owned());
    let called = |node: &Node| node.as_str().or_else(|| node.str_at("task")).map(str::to_owned);
    let needs = task.get("deps").map(Node::items).unwrap_or_default().iter().filter_map(called).collect();
    let mut made =
        Entry { runner: "task", name: name.to_owned(), at: file.at(key.range.clone()), needs, parts: Vec::new(), dir };
    let commands: Vec<&Node> = match task.get("cmds").or_else(|| task.get("cmd")) {
        Some(commands) => commands.one_or_many(),
        None => task.one_or_many(),
    };
    for command in commands {
        let ignored = command.get("ignore_error").and_then(Node::as_bool).unwrap_or_default();
        if let Some(text) = command.get("cmd").or(Some(command)).filter(|node| node.as_str().is_some()) {
            made.parts.push(scalar(file, text, ignored));
        } else if let Some(task) = command.str_at("task") {
            made.parts.push(part(&format!("task {}", task.trim_start_matches(':')), file.at(command.range.clone())));
        }
    }
    made
}

/// The shell text of a scalar, line by line.
pub(super) fn scalar(file: &File, node: &Node, ignored: bool) -> Part {
    let text = node.as_str().unwrap_or_default();
    let text = if ignored { format!("{} || true", text.trim_end()) } else { text.to_owned() };
    match node.style() {
        Some(Style::Block) => part_from(file, &text, line_of(file, node.range.start) + 1),
        _ => part(&text, file.at(node.range.clone())),
    }
}
