//! Monitoring tools that scripts, Ansible tasks and provisioners install.

use std::sync::OnceLock;

use facts::Confidence;
use regex::Regex;

use super::tools;
use crate::{File, Sink};

fn installs() -> &'static Regex {
    static RE: OnceLock<Regex> = OnceLock::new();
    RE.get_or_init(|| {
        Regex::new(r"\b(?:helm\s+(?:upgrade|install)|docker\s+(?:container\s+)?run|podman\s+run|(?:apt|apt-get|yum|dnf|apk|snap|brew)\s+(?:-\S+\s+)*(?:install|add)|systemctl\s+(?:enable|start|restart)|minikube\s+addons\s+enable|microk8s\s+enable)\b(.*)")
            .expect("a constant expression")
    })
}

/// Reads the commands of a script or of a file that holds commands.
pub(crate) fn read(file: &File, sink: &mut Sink) {
    let Ok(text) = file.text() else {
        return;
    };
    if !["helm", "docker run", "podman run", "install", "systemctl", "enable"]
        .iter()
        .any(|word| text.as_str().contains(word))
    {
        return;
    }
    let mut continued = String::new();
    let mut first = 0;
    for (number, line) in text.lines().take(5_000) {
        let line = line.trim();
        if line.starts_with('#') || line.starts_with("//") {
            continue;
        }
        if continued.is_empty() {
            first = number;
        }
        continued.push_str(line.trim_end_matches('\\'));
        continued.push(' ');
        if line.ends_with('\\') && continued.len() < 4_000 {
            continue;
        }
        command(file, &std::mem::take(&mut continued), first, sink);
    }
}

fn command(file: &File, line: &str, number: usize, sink: &mut Sink) {
    let Some(found) = installs().captures(line) else {
        return;
    };
    let helm = found[0].starts_with("helm");
    let pinned = helm && line.contains("--version");
    for word in
        found[1].split([' ', '"', '\'', '=', ',']).filter(|word| !word.is_empty() && !word.starts_with('-')).take(40)
    {
        let tool = if word.contains('/') || word.contains(':') {
            tools::of_image(word)
        } else {
            tools::named(word.trim_end_matches(".service"))
        };
        if let Some(tool) = tool {
            let how = if helm { "chart" } else { "agent" };
            tools::report(tool, how, pinned, &file.at_line(number), Confidence::Likely, sink);
            return;
        }
    }
}

/// Reads the roles and packages that Ansible names; a role's directory names its tool too.
pub(crate) fn ansible(file: &File, root: &crate::Node, sink: &mut Sink) {
    let parts: Vec<&str> = file.path.split('/').collect();
    let role = parts.iter().position(|part| *part == "roles").and_then(|at| parts.get(at + 1));
    if let Some(tool) = role
        .and_then(|role| tools::named(role))
        .filter(|_| file.dir().ends_with("/tasks") && file.name().starts_with("main."))
    {
        tools::report(tool, "agent", true, &file.at_line(1), Confidence::Likely, sink);
    }
    root.walk(&mut |node| {
        for key in [
            "role",
            "roles",
            "import_role",
            "include_role",
            "ansible.builtin.import_role",
            "ansible.builtin.include_role",
            "apt",
            "package",
            "yum",
            "dnf",
            "ansible.builtin.apt",
            "ansible.builtin.package",
            "ansible.builtin.yum",
            "ansible.builtin.dnf",
            "docker_container",
            "community.docker.docker_container",
            "kubernetes.core.helm",
        ] {
            let Some(value) = node.get(key) else {
                continue;
            };
            let mut names: Vec<&crate::Node> = value.one_or_many();
            for inner in ["name", "pkg", "image", "chart_ref"] {
                names.extend(value.get(inner).map(crate::Node::one_or_many).unwrap_or_default());
            }
            for name in names {
                let tool = name.as_str().and_then(|name| {
                    if name.contains('/') || name.contains(':') { tools::of_image(name) } else { tools::named(name) }
                });
                if let Some(tool) = tool {
                    tools::report(tool, "agent", false, &file.at(name.range.clone()), Confidence::Likely, sink);
                }
            }
        }
    });
}
