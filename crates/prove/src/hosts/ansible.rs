//! Ansible, run from a control container: its words and its inventory.

use sandbox::{Command, Entry, layout};

use super::site::{Site, What};

/// Where our own inventory and playbook lie.
pub(super) const OURS: &str = "/work/ours";

/// Our inventory: how each host is reached. It comes after the repository's own and so corrects it. Beside it what applies a role,
/// and what narrows a run of pytest.
pub(super) fn files(site: &Site) -> Vec<Entry> {
    let more: String = site.variables.iter().map(|(name, value)| format!(" {name}={value}")).collect();
    let mut text = String::from("[preuve]\n");
    for host in &site.hosts {
        text.push_str(&format!(
            "{host} ansible_host={host} ansible_port=22 ansible_user=root ansible_connection=ssh \
             ansible_ssh_private_key_file={}/key ansible_python_interpreter=/usr/bin/python3 \
             ansible_ssh_common_args='-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null'{more}\n",
            layout::HOME,
        ));
    }
    for group in site.groups.iter().filter(|_| site.inventory.is_none()) {
        if !site.hosts.contains(group) {
            text.push_str(&format!("[{group}]\n{}\n", site.hosts.join("\n")));
        }
    }
    let apply = format!("- hosts: preuve\n  become: true\n  roles:\n    - {}\n", site.path);
    let narrowed = include_str!("narrowed.py");
    vec![Entry::file("hosts.ini", text), Entry::file("apply.yml", apply), Entry::file("narrowed.py", narrowed)]
}

/// Where the repository is laid: a role lies under its own name, as roles are looked up by it.
pub(super) fn repository(site: &Site) -> String {
    match &site.what {
        What::Playbook | What::Local(_) => layout::REPOSITORY.to_owned(),
        What::Role => format!("{OURS}/roles/{}", site.path),
    }
}

/// The folder that a person would stand in: the nearest one above the playbook with a configuration, else the playbook's.
fn stand<'a>(site: &'a Site, has: &dyn Fn(&str) -> bool) -> &'a str {
    let own = site.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut folder = own;
    loop {
        let path = if folder.is_empty() { "ansible.cfg".to_owned() } else { format!("{folder}/ansible.cfg") };
        if has(&path) {
            return folder;
        }
        match folder.rsplit_once('/') {
            Some((above, _)) => folder = above,
            None if folder.is_empty() => return own,
            None => folder = "",
        }
    }
}

/// The command that converges the hosts.
pub(super) fn converge(site: &Site, has: &dyn Fn(&str) -> bool) -> Command {
    let root = layout::REPOSITORY;
    let (playbook, directory) = match &site.what {
        What::Role => (format!("{OURS}/apply.yml"), OURS.to_owned()),
        What::Playbook | What::Local(_) => (format!("{root}/{}", site.path), format!("{root}/{}", stand(site, has))),
    };
    let mut argv = vec!["ansible-playbook".to_owned()];
    argv.extend(inventories(site).into_iter().flat_map(|path| ["-i".to_owned(), path]));
    // Only the hosts that were started: an inventory may name more.
    argv.extend(["--limit".to_owned(), format!("{},localhost", site.hosts.join(",")), playbook]);
    environment(Command::new(argv).directory(directory.trim_end_matches('/')).seconds(1200).output_bytes(32 << 20))
}

/// The repository's own inventory, then ours.
pub(super) fn inventories(site: &Site) -> Vec<String> {
    let own = site.inventory.iter().map(|inventory| format!("{}/{inventory}", layout::REPOSITORY));
    own.chain([format!("{OURS}/hosts.ini")]).collect()
}

/// The command that verifies one host with a playbook of the repository.
pub(super) fn verify(path: &str, host: &str) -> Command {
    let file = format!("{}/{path}", layout::REPOSITORY);
    let folder = file.rsplit_once('/').map_or(layout::REPOSITORY, |(folder, _)| folder).to_owned();
    let argv = ["ansible-playbook", "-i", &*format!("{OURS}/hosts.ini"), "--limit", host, &*file];
    environment(Command::new(argv).directory(folder)).env("ANSIBLE_STDOUT_CALLBACK", "default")
}

/// What a subject's own configuration must not change: how the result is written, and where things are kept.
pub(super) fn environment(command: Command) -> Command {
    command
        .own()
        .env("HOME", layout::HOME)
        .env("ANSIBLE_STDOUT_CALLBACK", "ansible.posix.json")
        .env("ANSIBLE_CALLBACKS_ENABLED", "ansible.builtin.minimal")
        .env("ANSIBLE_HOST_KEY_CHECKING", "False")
        .env("ANSIBLE_RETRY_FILES_ENABLED", "False")
        .env("ANSIBLE_NOCOLOR", "1")
        .env("ANSIBLE_SSH_PIPELINING", "True")
        .env("ANSIBLE_SSH_CONTROL_PATH_DIR", "/tmp/cp")
        .env("ANSIBLE_LOCAL_TEMP", "/tmp/ansible")
        .env("ANSIBLE_LOG_PATH", "/dev/null")
        .env("PYTHONDONTWRITEBYTECODE", "1")
}
