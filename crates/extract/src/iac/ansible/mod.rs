//! Ansible: playbooks, roles, inventories, requirements, and what exempts a task from idempotence.

pub(crate) mod inventory;
mod play;
mod requirement;
mod role;
pub(crate) mod task;

use std::collections::BTreeMap;

use crate::{Project, Sink};

const PARSER: &str = "ansible";

/// Reads everything of Ansible.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    let roles = role::all(project);
    let names: BTreeMap<&str, &role::Role<'_>> = roles.iter().map(|role| (role.name.as_str(), role)).collect();
    for role in &roles {
        role::declare(project, role, &names, sink);
    }
    let plays = play::files(project);
    for (file, root) in &plays {
        play::declare(project, file, root, &names, sink);
    }
    requirement::declare(project, sink);
    let configured = project.files().any(|file| file.name() == "ansible.cfg");
    if !plays.is_empty() || !roles.is_empty() || configured {
        inventory::declare(project, sink);
    }
    unread(project, &roles, sink);
}

/// Files that Ansible would read as tasks or variables of a role, and refuse.
fn unread(project: &Project, roles: &[role::Role<'_>], sink: &mut Sink) {
    for role in roles {
        for file in project.below(&role.dir).filter(|file| role::is_yaml(file) && role::is_part(&role.dir, file)) {
            sink.checked(file, file.yaml(), PARSER, "ansible");
        }
    }
}
