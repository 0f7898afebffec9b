//! Inventories: groups and hosts of INI and YAML files, dynamic plugins and scripts.

use std::collections::BTreeSet;

use facts::Fact;

use super::super::standing;
use super::{PARSER, role};
use crate::{File, Mode, Node, Project, Sink, path};

/// Groups and hosts of an inventory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    pub groups: BTreeSet<String>,
    pub hosts: BTreeSet<String>,
}

/// The facts of all inventories.
pub(crate) fn declare(project: &Project, sink: &mut Sink) {
    for file in project.files() {
        let Some((format, inventory)) = read(file) else { continue };
        let example = standing::is_example(project, &file.path);
        let fact = Fact::new("ansible.inventory", PARSER, file.start()).with("format", format);
        let fact = fact.with("groups", inventory.groups.into_iter().collect::<Vec<_>>());
        sink.push(fact.with("hosts", inventory.hosts.into_iter().collect::<Vec<_>>()).with("example", example));
        let code = Fact::new("iac.code", PARSER, file.start()).with("tool", "ansible").with("dir", file.dir());
        sink.push(code.with("role", "inventory").with("example", example));
    }
}

/// Whether a path is where an inventory is kept.
pub(crate) fn is_place(file: &File) -> bool {
    let name = file.name().to_ascii_lowercase();
    let stem = name.split('.').next().unwrap_or_default();
    let dirs = file.dir().to_ascii_lowercase();
    let held = dirs.split('/').any(|part| matches!(part, "inventory" | "inventories" | "inventaire" | "hosts"));
    let variables = dirs.split('/').any(|part| matches!(part, "group_vars" | "host_vars"));
    let known = ["", "ini", "yml", "yaml", "cfg", "inventory", "inv"].contains(&file.extension().as_str())
        || !name.contains('.');
    !variables
        && known
        && (held
            || matches!(stem, "hosts" | "inventory")
            || name.ends_with(".inventory")
            || stem.starts_with("inventory"))
}

fn read(file: &File) -> Option<(&'static str, Inventory)> {
    if !is_place(file) {
        return None;
    }
    if role::is_yaml(file) {
        let root = &file.yaml().documents.first()?.root;
        if root.get("plugin").is_some() {
            return Some(("plugin", Inventory::default()));
        }
        let mut inventory = Inventory::default();
        let groups = root
            .entries()
            .iter()
            .filter(|(_, group)| ["hosts", "children", "vars"].iter().any(|key| group.get(key).is_some()));
        groups.for_each(|(name, group)| collect(name, group, &mut inventory, 20));
        return (!inventory.groups.is_empty()).then_some(("yaml", inventory));
    }
    if file.mode == Mode::Executable || file.str().starts_with("#!") {
        return Some(("script", Inventory::default()));
    }
    let inventory = parse_ini(file.str());
    (!inventory.hosts.is_empty() && path::name(&file.path) != "README").then_some(("ini", inventory))
}

fn collect(name: &Node, group: &Node, inventory: &mut Inventory, depth: usize) {
    inventory.groups.extend(name.as_str().map(str::to_owned));
    let hosts = group.get("hosts").map(Node::entries).unwrap_or_default();
    inventory.hosts.extend(hosts.iter().filter_map(|(host, _)| host.as_str()).map(str::to_owned));
    for (name, child) in group.get("children").map(Node::entries).unwrap_or_default() {
        if depth > 0 {
            collect(name, child, inventory, depth - 1);
        }
    }
}

/// Reads an INI inventory: sections are groups, the first word of a line in them a host.
pub fn parse_ini(text: &str) -> Inventory {
    let mut inventory = Inventory::default();
    let mut hosts = true;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(['#', ';'])) {
        if let Some(section) = line.strip_prefix('[') {
            let section = section.split(']').next().unwrap_or_default();
            let (group, part) = section.split_once(':').unwrap_or((section, ""));
            inventory.groups.insert(group.trim().to_owned());
            hosts = part.is_empty();
            continue;
        }
        let word = line.split_whitespace().next().unwrap_or_default();
        if hosts && !word.is_empty() && !word.contains('=') {
            inventory.hosts.insert(word.to_owned());
        }
    }
    inventory
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ini_sections_are_groups() {
        let text = "lonely\n[web]\nw1 ansible_host=10.0.0.1\nw2\n[web:vars]\nuser=x\n[prod:children]\nweb\n";
        let inventory = parse_ini(text);
        assert_eq!(inventory.groups.into_iter().collect::<Vec<_>>(), ["prod", "web"]);
        assert_eq!(inventory.hosts.into_iter().collect::<Vec<_>>(), ["lonely", "w1", "w2"]);
    }

    #[test]
    fn hostile_inventories_are_read_without_harm() {
        for text in ["[", "[]", "]", "[:::]\n:", "[a\n[b", "\u{0}=", "[é]\né é", "[a:vars\nx"] {
            let inventory = parse_ini(text);
            assert!(inventory.groups.len() <= 2 && inventory.hosts.len() <= 2, "{text:?}");
        }
    }
}
