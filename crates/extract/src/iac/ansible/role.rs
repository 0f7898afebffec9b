//! Roles that the repository holds, and where they are used.

use std::collections::BTreeMap;

use facts::Fact;

use super::super::standing;
use super::PARSER;
use super::task::{self, Count};
use crate::{File, Node, Project, Sink, path};

/// A role of the repository.
pub(crate) struct Role<'p> {
    pub name: String,
    pub dir: String,
    main: &'p File,
}

/// The folders of a role that say what it is beside its tasks.
const PARTS: [&str; 8] = ["meta", "defaults", "handlers", "vars", "templates", "files", "tasks", "library"];

/// The roles: each directory with `tasks/main.yml` that stands under `roles` or has another folder of a role.
pub(crate) fn all(project: &Project) -> Vec<Role<'_>> {
    let mains = project
        .files()
        .filter(|file| path::name(file.dir()) == "tasks" && matches!(file.name(), "main.yml" | "main.yaml"));
    let roles = mains.filter_map(|main| {
        let dir = path::dir(main.dir()).to_owned();
        let under = path::name(path::dir(&dir)) == "roles";
        let whole = |part: &str| part != "tasks" && project.has_dir(&path::join(&dir, part).unwrap_or_default());
        let tasks =
            main.yaml().documents.first().is_none_or(|document| document.root.is_seq() || document.root.is_null());
        let found = tasks && (under || PARTS.iter().any(|part| whole(part)));
        found.then(|| Role { name: path::name(&dir).to_owned(), dir, main })
    });
    roles.collect()
}

/// Whether a file is YAML by its name.
pub(crate) fn is_yaml(file: &File) -> bool {
    matches!(file.extension().as_str(), "yml" | "yaml")
}

/// Whether a file below a role's directory is one that Ansible reads as part of it.
pub(crate) fn is_part(dir: &str, file: &File) -> bool {
    let rest = file.path.strip_prefix(dir).unwrap_or(&file.path).trim_start_matches('/');
    ["tasks/", "handlers/", "defaults/", "vars/", "meta/"].iter().any(|part| rest.starts_with(part))
}

/// The facts of one role.
pub(crate) fn declare(project: &Project, role: &Role<'_>, own: &BTreeMap<&str, &Role<'_>>, sink: &mut Sink) {
    let example = standing::is_example(project, &role.main.path);
    let mut count = Count::default();
    let tasks = path::join(&role.dir, "tasks").unwrap_or_default();
    for file in project.below(&tasks).filter(|file| is_yaml(file)) {
        for document in &file.yaml().documents {
            count.add(task::count(&document.root));
            task::exemptions(file, &document.root, example, sink);
            task::resources(file, &document.root, example, sink);
            let mut uses = Vec::new();
            task::included_roles(&document.root, &mut uses);
            uses.iter().for_each(|used| tell_use(file, used, own, example, sink));
        }
    }
    dependencies(project, role, own, example, sink);
    let shown = role.main.yaml().documents.first().and_then(|document| task::telling(&document.root));
    let at = shown.map_or_else(|| role.main.start(), |node| role.main.at(node.range.clone()));
    let fact =
        Fact::new("ansible.role", PARSER, at.clone()).with("name", role.name.as_str()).with("dir", role.dir.as_str());
    let fact = fact.with("tasks", count.tasks).with("imperative", count.imperative);
    sink.push(fact.with("scaffold", count.tasks == 0).with("example", example));
    if count.tasks == 0 {
        return;
    }
    let first = role.main.yaml().documents.first().and_then(|document| document.root.items().first());
    let start = first.map_or_else(|| role.main.start(), |node| role.main.at(node.range.clone()));
    let code = Fact::new("iac.code", PARSER, start).with("tool", "ansible").with("dir", role.dir.as_str());
    sink.push(code.with("role", "role").with("example", example));
    let fact = Fact::new("iac.manager", PARSER, at).with("tool", "ansible").with("model", "push");
    sink.push(fact.with("style", count.style()).with("what", "role").with("example", example));
}

fn dependencies(project: &Project, role: &Role<'_>, own: &BTreeMap<&str, &Role<'_>>, example: bool, sink: &mut Sink) {
    for name in ["meta/main.yml", "meta/main.yaml"] {
        let Some(file) = path::join(&role.dir, name).and_then(|path| project.file(&path)) else { continue };
        let root = file.yaml().documents.first().map(|document| &document.root);
        let list = root.and_then(|root| root.get("dependencies")).map(Node::items).unwrap_or_default();
        list.iter().filter_map(reference).for_each(|used| tell_use(file, used, own, example, sink));
    }
}

/// The name of the role that an entry of `roles` or `dependencies` uses.
pub(crate) fn reference(entry: &Node) -> Option<&Node> {
    if entry.as_str().is_some() {
        return Some(entry);
    }
    ["role", "name", "src"].iter().find_map(|key| entry.get(key)).filter(|node| node.as_str().is_some())
}

/// Tells that a role of the repository is used. A repository that is one role is used by its own scenarios.
pub(crate) fn tell_use(file: &File, used: &Node, own: &BTreeMap<&str, &Role<'_>>, example: bool, sink: &mut Sink) {
    let Some(name) = used.as_str() else { return };
    let last = name.rsplit('/').next().unwrap_or(name);
    let last = last.rsplit('.').next().unwrap_or(last);
    let whole = || own.get("").filter(|role| role.dir.is_empty() && (example || file.path.starts_with("molecule/")));
    let Some(role) = own.get(name).or_else(|| own.get(last)).or_else(whole) else { return };
    let fact = Fact::new("iac.reuse", PARSER, file.at(used.range.clone())).with("unit", "role").with("name", name);
    let only = role.dir.is_empty();
    let fact = fact.with("origin", "own").with("counts", true).with("example", example && !only);
    sink.push(fact.also(role.main.start()));
}
