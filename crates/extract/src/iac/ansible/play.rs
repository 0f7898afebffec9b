//! Playbooks: their plays, the roles they use, and so the use of Ansible as a configuration manager.

use std::collections::BTreeMap;

use facts::{Confidence, Fact};

use super::super::standing;
use super::PARSER;
use super::role::{self, Role};
use super::task::{self, Count};
use crate::{File, Node, Project, Sink};

const PARTS: [&str; 4] = ["pre_tasks", "tasks", "post_tasks", "handlers"];
const SIGNS: [&str; 14] = [
    "tasks",
    "roles",
    "pre_tasks",
    "post_tasks",
    "handlers",
    "become",
    "gather_facts",
    "vars",
    "vars_files",
    "connection",
    "remote_user",
    "collections",
    "any_errors_fatal",
    "serial",
];

/// The files that are playbooks.
pub(crate) fn files(project: &Project) -> Vec<(&File, &Node)> {
    let yaml = project.files().filter(|file| role::is_yaml(file) && !file.path.starts_with(".github/"));
    // The text is looked at first: reading every YAML file in full would cost far more.
    let yaml = yaml.filter(|file| file.str().contains("hosts:") || file.str().contains("import_playbook"));
    yaml.filter_map(|file| file.yaml().documents.first().map(|document| (file, &document.root)))
        .filter(|(_, root)| root.items().first().is_some_and(is_play))
        .collect()
}

fn is_play(item: &Node) -> bool {
    imported(item).is_some() || item.get("hosts").is_some() && SIGNS.iter().any(|sign| item.get(sign).is_some())
}

fn imported(item: &Node) -> Option<&Node> {
    task::argument(item, "import_playbook")
}

/// The facts of one playbook.
pub(crate) fn declare(project: &Project, file: &File, root: &Node, own: &BTreeMap<&str, &Role<'_>>, sink: &mut Sink) {
    sink.checked(file, file.yaml(), PARSER, "ansible");
    let example = standing::is_example(project, &file.path);
    let mut total = Count::default();
    let mut asserted = 0;
    for item in root.items().iter().filter(|item| item.is_map()) {
        let mut count = Count::default();
        let mut uses = Vec::new();
        for part in PARTS {
            if let Some(list) = item.get(part) {
                count.add(task::count(list));
                task::included_roles(list, &mut uses);
                task::exemptions(file, list, example, sink);
                task::resources(file, list, example, sink);
                asserted += task::assertions(list);
            }
        }
        for entry in item.get("roles").map(Node::items).unwrap_or_default() {
            uses.extend(role::reference(entry));
        }
        for used in &uses {
            role::tell_use(file, used, own, example, sink);
        }
        total.add(count);
        sink.push(play(file, item, &uses, count, example));
    }
    let Some(first) = root.items().first() else { return };
    let at = file.at(head(first));
    if asserted > 0 && tests(file) {
        let fact = Fact::new("infratest.suite", PARSER, at.clone()).with("tool", "ansible").with("kind", "behaviour");
        sink.push(fact.with("assertions", asserted).with("has_assertions", true));
    }
    let code = Fact::new("iac.code", PARSER, at.clone()).with("tool", "ansible").with("dir", file.dir());
    sink.push(code.with("role", "playbook").with("example", example));
    let fact = Fact::new("iac.manager", PARSER, at).with("tool", "ansible").with("model", "push");
    sink.push(fact.with("style", total.style()).with("what", "playbook").with("example", example));
}

fn play(file: &File, item: &Node, uses: &[&Node], count: Count, example: bool) -> Fact {
    let hosts: Vec<&str> =
        item.get("hosts").map(Node::one_or_many).unwrap_or_default().iter().filter_map(|node| node.as_str()).collect();
    let roles: Vec<String> = uses.iter().filter_map(|node| node.as_str()).map(str::to_owned).collect();
    let fact = Fact::new("ansible.play", PARSER, file.at(head(item))).with("hosts", hosts.join(","));
    let fact =
        fact.with("name", item.str_at("name").unwrap_or_default()).with("roles", roles).with("tasks", count.tasks);
    fact.with("import", imported(item).is_some()).with("example", example).confidence(Confidence::Exact)
}

/// Whether a playbook is called a test; scenarios of Molecule have their own reader.
fn tests(file: &File) -> bool {
    let name = file.name().to_ascii_lowercase();
    let named = name
        .split(['.', '-', '_'])
        .any(|word| matches!(word, "test" | "tests" | "verify" | "smoke" | "validate" | "check"));
    (named || file.class.test) && !file.path.contains("molecule/")
}

/// The play up to its last short key before the tasks: what it is, without all that it does.
fn head(item: &Node) -> std::ops::Range<usize> {
    let long = |key: &str| PARTS.contains(&key) || key == "roles";
    let entries = item.entries().iter().take_while(|(key, _)| key.as_str().is_none_or(|key| !long(key)));
    let end = entries.last().map(|(key, value)| value.range.end.max(key.range.end));
    item.range.start..end.unwrap_or(item.range.end)
}
