//! Scripts of `package.json`, `composer.json`, `deno.json` and `devbox.json`.

use super::{Entry, Part, part};
use crate::File;
use crate::node::Node;

/// All scripts of a file.
pub(crate) fn entries(file: &File, runner: &'static str) -> Vec<Entry> {
    let Some(document) = file.json().documents.first() else { return Vec::new() };
    let keys: &[&str] = match runner {
        "deno" => &["tasks"],
        "devbox" => &["shell", "scripts"],
        _ => &["scripts"],
    };
    let scripts = document.root.at(keys).map(Node::entries).unwrap_or_default();
    let mut found: Vec<Entry> =
        scripts.iter().filter_map(|(key, value)| Some(script(file, runner, key.as_str()?, key, value))).collect();
    // `pretest` and `posttest` run with `test`.
    let names: Vec<String> = found.iter().map(|entry| entry.name.clone()).collect();
    for entry in &mut found {
        let around = ["pre", "post"].map(|word| format!("{word}{}", entry.name));
        entry.needs = around.into_iter().filter(|name| names.contains(name)).collect();
    }
    if let Some(staged) = document.root.get("lint-staged").filter(|_| runner == "npm") {
        let commands = staged.entries().iter().flat_map(|(_, value)| value.one_or_many());
        let parts: Vec<Part> =
            commands.filter_map(|node| Some(part(node.as_str()?, file.at(node.range.clone())))).collect();
        let at = document.root.entry_range("lint-staged").map_or_else(|| file.start(), |range| file.at(range));
        found.push(Entry {
            runner: "lint-staged",
            name: "lint-staged".into(),
            at,
            needs: Vec::new(),
            parts,
            dir: file.dir().to_owned(),
        });
    }
    found
}

fn script(file: &File, runner: &'static str, name: &str, key: &Node, value: &Node) -> Entry {
    let at = file.at(key.range.start..value.range.end);
    let value = value.get("command").unwrap_or(value);
    let mut parts = Vec::new();
    for node in value.one_or_many() {
        let text = node.as_str().unwrap_or_default();
        // Composer names another script of the file with `@`.
        let text = match text.strip_prefix('@').filter(|_| runner == "composer") {
            Some(rest) if rest.starts_with("php ") || rest.starts_with("composer ") => rest.to_owned(),
            Some(name) => format!("composer run-script {name}"),
            None => text.to_owned(),
        };
        let place = if value.is_seq() { file.at(node.range.clone()) } else { at.clone() };
        parts.push(part(&text, place));
    }
    Entry { runner, name: name.to_owned(), at, needs: Vec::new(), parts, dir: file.dir().to_owned() }
}
