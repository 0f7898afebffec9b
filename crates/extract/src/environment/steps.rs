//! What an environment of development starts from, and the commands that set it up: of devcontainers and Vagrant's machines.

use facts::{Fact, Location};

use super::definitions::Definition;
use super::provision;
use crate::{File, Node, Sink, path};

/// The most commands that are read of one definition.
const MOST: usize = 64;

/// When a devcontainer runs what, in its order.
const STAGES: [(&str, &str); 5] = [
    ("onCreateCommand", "create"),
    ("updateContentCommand", "create"),
    ("postCreateCommand", "create"),
    ("postStartCommand", "start"),
    ("postAttachCommand", "start"),
];

pub(super) fn push(definitions: &[Definition<'_>], sink: &mut Sink) {
    for one in definitions.iter().filter(|one| one.counts) {
        match one.tool {
            "devcontainer" => devcontainer(one.file, sink),
            "vagrant" => machines(one.file, sink),
            _ => {}
        }
    }
}

fn devcontainer(file: &File, sink: &mut Sink) {
    let Some(document) = file.json().documents.first() else { return };
    let root = &document.root;
    let text = |keys: &[&str]| root.at(keys).and_then(Node::as_str).unwrap_or_default().to_owned();
    let relative = |name: &str| path::join(file.dir(), name).unwrap_or_default();
    let named = [text(&["build", "dockerfile"]), text(&["dockerFile"])].into_iter().find(|name| !name.is_empty());
    let context = [text(&["build", "context"]), text(&["context"])].into_iter().find(|name| !name.is_empty());
    let features = root.get("features").map_or(&[][..], Node::entries);
    let composed = root.get("dockerComposeFile").map_or(Vec::new(), Node::one_or_many);
    let at = ["image", "build", "dockerFile", "dockerComposeFile"].iter().find_map(|key| root.entry_range(key));
    let fact = Fact::new("env.base", "environment", at.map_or_else(|| file.start(), |range| file.at(range)))
        .with("tool", "devcontainer")
        .with("definition", &*file.path)
        .with("image", text(&["image"]))
        .with("dockerfile", named.map(|name| relative(&name)).unwrap_or_default())
        .with("context", relative(context.as_deref().unwrap_or(".")))
        .with("target", text(&["build", "target"]))
        .with("compose", composed.iter().filter_map(|name| Some(relative(name.as_str()?))).collect::<Vec<_>>())
        .with("service", text(&["service"]))
        .with("folder", text(&["workspaceFolder"]))
        .with("user", text(&["remoteUser"]))
        .with("features", features.iter().filter_map(|(name, _)| Some(name.as_str()?.to_owned())).collect::<Vec<_>>());
    sink.push(fact);
    for (key, stage) in STAGES {
        let Some(value) = root.get(key) else { continue };
        let each = if value.is_map() { value.entries().iter().map(|(_, value)| value).collect() } else { vec![value] };
        for value in each.into_iter().take(MOST) {
            let line = match value.as_str() {
                Some(line) => line.to_owned(),
                None => value.items().iter().filter_map(Node::as_str).map(quoted).collect::<Vec<_>>().join(" "),
            };
            let at = root.entry_range(key).map_or_else(|| file.start(), |range| file.at(range));
            sink.push(step("devcontainer", file, at, stage).with("command", line).with("privileged", false));
        }
    }
}

fn machines(file: &File, sink: &mut Sink) {
    for shell in provision::shells(file.str()) {
        let script = shell.path.as_deref().and_then(|name| path::join(file.dir(), name)).unwrap_or_default();
        let fact = step("vagrant", file, file.at(shell.range), "provision")
            .with("machine", shell.machine)
            .with("command", shell.inline.unwrap_or_default())
            .with("script", script)
            .with("privileged", shell.privileged);
        sink.push(fact);
    }
}

fn step(tool: &'static str, file: &File, at: Location, stage: &'static str) -> Fact {
    Fact::new("env.step", "environment", at).with("tool", tool).with("definition", &*file.path).with("stage", stage)
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:@,+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
