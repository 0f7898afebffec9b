//! Tasks of Ansible: which module each runs, and what it is exempt from.

use facts::Fact;

use super::PARSER;
use crate::{File, Node, Sink};

/// Keywords of a task that are no module.
const KEYWORDS: [&str; 44] = [
    "name",
    "when",
    "tags",
    "become",
    "become_user",
    "become_method",
    "register",
    "notify",
    "loop",
    "loop_control",
    "with_items",
    "with_dict",
    "with_fileglob",
    "with_first_found",
    "with_together",
    "with_sequence",
    "with_nested",
    "with_subelements",
    "vars",
    "args",
    "environment",
    "delegate_to",
    "delegate_facts",
    "run_once",
    "ignore_errors",
    "ignore_unreachable",
    "changed_when",
    "failed_when",
    "no_log",
    "until",
    "retries",
    "delay",
    "check_mode",
    "diff",
    "async",
    "poll",
    "listen",
    "throttle",
    "timeout",
    "any_errors_fatal",
    "module_defaults",
    "collections",
    "connection",
    "remote_user",
];
const ACTIONS: [&str; 5] = ["command", "shell", "raw", "script", "expect"];

/// How many tasks there are and how many of them run a command.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub tasks: usize,
    pub imperative: usize,
}

impl Count {
    /// The style that most tasks have.
    pub(crate) fn style(self) -> &'static str {
        if self.imperative * 2 > self.tasks { "imperative" } else { "declarative" }
    }

    pub(crate) fn add(&mut self, other: Count) {
        self.tasks += other.tasks;
        self.imperative += other.imperative;
    }
}

/// The module that a task runs, without its collection.
pub(crate) fn module(task: &Node) -> Option<&str> {
    let keys = task.entries().iter().filter_map(|(key, _)| key.as_str());
    let mut keys = keys.filter(|key| !KEYWORDS.contains(key) && !key.starts_with("with_"));
    keys.next().map(|key| key.rsplit('.').next().unwrap_or(key))
}

/// The value under a module's name, whatever its collection.
pub(crate) fn argument<'a>(task: &'a Node, name: &str) -> Option<&'a Node> {
    let found =
        task.entries().iter().find(|(key, _)| key.as_str().is_some_and(|key| key.rsplit('.').next() == Some(name)));
    found.map(|(_, value)| value)
}

/// Visits each task of a list, those in blocks too.
pub(crate) fn each<'a>(list: &'a Node, visit: &mut dyn FnMut(&'a Node)) {
    for task in list.items().iter().filter(|task| task.is_map()) {
        let mut block = false;
        for part in ["block", "rescue", "always"] {
            if let Some(inner) = task.get(part).filter(|inner| inner.is_seq()) {
                block = true;
                each(inner, visit);
            }
        }
        if !block {
            visit(task);
        }
    }
}

/// Counts the tasks of a list.
pub(crate) fn count(list: &Node) -> Count {
    let mut count = Count::default();
    each(list, &mut |task| {
        count.tasks += 1;
        count.imperative += usize::from(module(task).is_some_and(|module| ACTIONS.contains(&module)));
    });
    count
}

/// The first task that changes something, to show.
pub(crate) fn telling(list: &Node) -> Option<&Node> {
    let mut found = None;
    each(list, &mut |task| {
        let asks = [
            "include_tasks",
            "import_tasks",
            "include_vars",
            "include",
            "set_fact",
            "debug",
            "assert",
            "stat",
            "fail",
            "include_role",
            "import_role",
            "setup",
            "meta",
        ];
        if found.is_none() && module(task).is_some_and(|module| !asks.contains(&module)) {
            found = Some(task);
        }
    });
    found.or_else(|| list.items().first())
}

/// The roles that the tasks of a list include.
pub(crate) fn included_roles<'a>(list: &'a Node, into: &mut Vec<&'a Node>) {
    each(list, &mut |task| {
        for name in ["include_role", "import_role"] {
            into.extend(
                argument(task, name).and_then(|value| value.get("name")).filter(|name| name.as_str().is_some()),
            );
        }
    });
}

/// Modules that create what a cloud or a hypervisor keeps, with what that is.
const CREATES: [(&str, &str); 20] = [
    ("ec2_instance", "machine"),
    ("ec2_vpc_net", "network"),
    ("ec2_vpc_subnet", "network"),
    ("ec2_security_group", "network"),
    ("rds_instance", "database"),
    ("s3_bucket", "bucket"),
    ("eks_cluster", "cluster"),
    ("azure_rm_virtualmachine", "machine"),
    ("azure_rm_virtualnetwork", "network"),
    ("azure_rm_aks", "cluster"),
    ("gcp_compute_instance", "machine"),
    ("gcp_compute_network", "network"),
    ("gcp_container_cluster", "cluster"),
    ("digital_ocean_droplet", "machine"),
    ("hcloud_server", "machine"),
    ("proxmox_kvm", "machine"),
    ("proxmox", "machine"),
    ("server", "machine"),
    ("vmware_guest", "machine"),
    ("virt", "machine"),
];

/// Tells the resources that the tasks of a list create.
pub(crate) fn resources(file: &File, list: &Node, example: bool, sink: &mut Sink) {
    each(list, &mut |task| {
        let Some(name) = module(task) else { return };
        let Some((_, category)) = CREATES.iter().find(|(known, _)| *known == name) else { return };
        // `server` alone names many things; OpenStack's says so.
        let openstack =
            task.entries().iter().any(|(key, _)| key.as_str().is_some_and(|key| key.starts_with("openstack")));
        if name == "server" && !openstack {
            return;
        }
        let fact =
            Fact::new("iac.resource", PARSER, file.at(task.range.clone())).with("tool", "ansible").with("type", name);
        let fact = fact
            .with("name", task.str_at("name").unwrap_or_default())
            .with("mode", "managed")
            .with("category", *category);
        sink.push(fact.with("provisions", true).with("dir", file.dir()).with("example", example));
    });
}

/// How many tasks of a list assert something.
pub(crate) fn assertions(list: &Node) -> usize {
    let mut count = 0;
    each(list, &mut |task| count += usize::from(matches!(module(task), Some("assert"))));
    count
}

/// Tells the tasks that are exempt from the proof of idempotence.
pub(crate) fn exemptions(file: &File, list: &Node, example: bool, sink: &mut Sink) {
    each(list, &mut |task| {
        let mut tell = |what: &str, key: &str| {
            let range = task.entry_range(key).unwrap_or(task.range.clone());
            let fact = Fact::new("ansible.exemption", PARSER, file.at(range)).with("what", what);
            sink.push(fact.with("task", task.str_at("name").unwrap_or_default()).with("example", example));
        };
        if task.get("changed_when").and_then(Node::as_bool) == Some(false) {
            tell("changed_when", "changed_when");
        }
        if task.get("ignore_errors").and_then(Node::as_bool) == Some(true) {
            tell("ignore_errors", "ignore_errors");
        }
        let tags = task.get("tags").map(Node::one_or_many).unwrap_or_default();
        if tags.iter().any(|tag| tag.as_str() == Some("molecule-idempotence-notest")) {
            tell("molecule-idempotence-notest", "tags");
        }
    });
}
