//! How Compose lays files over each other: `extends`, `include`, overrides, and the short forms made long.

use std::collections::BTreeMap;

use super::value::{Data, Value, read};
use super::variables::{self, Filled};
use crate::say::{Say, say};
use crate::tree::Tree;

/// Files and services that are followed one from another, at most.
const DEPTH: usize = 8;
/// Keys of a service whose lists are mappings written shorter.
const MAPPINGS: [&str; 4] = ["environment", "labels", "depends_on", "networks"];
/// Keys that an override replaces, where other lists are added to.
const REPLACED: [&str; 3] = ["command", "entrypoint", "test"];

/// One file or several, laid over each other.
pub(crate) struct Layered {
    pub root: Value,
    /// Variables that had no value.
    pub unset: Vec<String>,
    pub files: Vec<String>,
}

/// Reads a file and what lies over it, with what they include and extend.
///
/// # Errors
/// With the place of what cannot be read or filled in.
pub(crate) fn lay(tree: &Tree, files: &[&str], known: &BTreeMap<String, String>) -> Result<Layered, Say> {
    let mut reader = Reader { tree, known, unset: Vec::new(), read: Vec::new() };
    let mut root: Option<Value> = None;
    for file in files {
        let layer = reader.file(file, 0)?;
        root = Some(match root {
            None => layer,
            Some(below) => merged(below, layer),
        });
    }
    let mut root = root.ok_or(say!("no-file"))?;
    reader.extend_all(&mut root)?;
    reader.unset.sort();
    reader.unset.dedup();
    Ok(Layered { root, unset: reader.unset, files: reader.read })
}

struct Reader<'a> {
    tree: &'a Tree,
    known: &'a BTreeMap<String, String>,
    unset: Vec<String>,
    read: Vec<String>,
}

impl Reader<'_> {
    fn file(&mut self, path: &str, depth: usize) -> Result<Value, Say> {
        if depth > DEPTH {
            return Err(say!("includes-deep", path));
        }
        let text = self.tree.text(path).ok_or_else(|| say!("not-in-repository", path))?;
        if !self.read.iter().any(|known| known == path) {
            self.read.push(path.to_owned());
        }
        let (known, unset) = (self.known, &mut self.unset);
        let root = read(path, text)?.each_text(&mut |text, at| {
            let Filled { text, unset: more } = variables::fill(text, known)
                .map_err(|name| say!("variable-needed", path = at.path, line = at.line, name))?;
            unset.extend(more);
            Ok(text)
        })?;
        let mut root = normal(root);
        for included in included(&root) {
            let layer = self.file(&included, depth + 1)?;
            root = merged(layer, root);
        }
        Ok(root)
    }

    fn extend_all(&mut self, root: &mut Value) -> Result<(), Say> {
        let names: Vec<String> =
            root.get("services").map_or(Vec::new(), |all| all.entries().map(|(name, _)| name.clone()).collect());
        let source = root.clone();
        for name in names {
            let extended = self.extended(&source, &name, 0)?;
            if let Data::Map(map) = &mut root.data
                && let Some(Value { data: Data::Map(services), .. }) = map.get_mut("services")
            {
                services.insert(name, extended);
            }
        }
        Ok(())
    }

    fn extended(&mut self, root: &Value, name: &str, depth: usize) -> Result<Value, Say> {
        let found = root.get("services").and_then(|services| services.get(name));
        let service = found.ok_or_else(|| say!("nothing-to-extend", path = root.path, name))?;
        let Some(extends) = service.get("extends") else { return Ok(service.clone()) };
        let place = format!("{}:{}", extends.path, extends.line);
        if depth > DEPTH {
            return Err(say!("extends-endless", place));
        }
        let parent = extends.text().or_else(|| extends.text_at("service")).unwrap_or(name).to_owned();
        let below = match extends.text_at("file") {
            None => self.extended(root, &parent, depth + 1)?,
            Some(file) => {
                let path = join(folder(&extends.path), file).ok_or_else(|| say!("lies-outside", place, file))?;
                let other = self.file(&path, depth + 1)?;
                self.extended(&other, &parent, depth + 1)?
            }
        };
        Ok(merged(below, service.clone()))
    }
}

fn included(root: &Value) -> Vec<String> {
    let written = root.get("include").map_or(&[][..], Value::items).iter();
    let paths = written.flat_map(|item| item.get("path").map_or_else(|| item.texts(), Value::texts));
    paths.filter_map(|path| join(folder(&root.path), path)).collect()
}

/// The folder of a path; empty for the root.
pub(crate) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A path from a folder, without `.` and `..`; none when it is absolute or leads out.
pub(crate) fn join(folder: &str, path: &str) -> Option<String> {
    if path.starts_with(['/', '~']) {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Short forms made long in every service, so that they can be laid over each other.
fn normal(mut root: Value) -> Value {
    if let Data::Map(map) = &mut root.data
        && let Some(Value { data: Data::Map(services), .. }) = map.get_mut("services")
    {
        for service in services.values_mut() {
            let Data::Map(fields) = &mut service.data else { continue };
            for key in MAPPINGS {
                if let Some(value) = fields.remove(key) {
                    fields.insert(key.to_owned(), mapping(value));
                }
            }
            if let Some(build) = fields.remove("build") {
                fields.insert("build".to_owned(), long_build(build));
            }
        }
    }
    root
}

fn mapping(value: Value) -> Value {
    let Value { path, line, replaces, data } = value;
    let data = match data {
        Data::List(items) => Data::Map(
            items
                .into_iter()
                .filter_map(|item| {
                    let text = item.text()?.to_owned();
                    let (name, data) = match text.split_once('=') {
                        Some((name, value)) => (name.to_owned(), Data::Text(value.to_owned())),
                        None => (text, Data::Null),
                    };
                    Some((name, Value { data, ..item }))
                })
                .collect(),
        ),
        data => data,
    };
    Value { path, line, replaces, data }
}

fn long_build(build: Value) -> Value {
    match build.data {
        Data::Text(_) => {
            let entries = [("context".to_owned(), build.clone())].into();
            Value { data: Data::Map(entries), ..build }
        }
        Data::Map(mut map) => {
            if let Some(args) = map.remove("args") {
                map.insert("args".to_owned(), mapping(args));
            }
            Value { data: Data::Map(map), ..build }
        }
        _ => build,
    }
}

/// One value laid over another.
fn merged(below: Value, above: Value) -> Value {
    if above.replaces {
        return above;
    }
    if above.data == Data::Null {
        return below;
    }
    match (below.data, above.data) {
        (Data::Map(mut map), Data::Map(over)) => {
            for (key, value) in over {
                let value = match map.remove(&key) {
                    Some(below) if !REPLACED.contains(&&*key) => merged(below, value),
                    _ => value,
                };
                map.insert(key, value);
            }
            Value { path: above.path, line: above.line, replaces: false, data: Data::Map(map) }
        }
        (Data::List(mut items), Data::List(more)) => {
            items.extend(more);
            Value { path: above.path, line: above.line, replaces: false, data: Data::List(items) }
        }
        (_, data) => Value { path: above.path, line: above.line, replaces: false, data },
    }
}
