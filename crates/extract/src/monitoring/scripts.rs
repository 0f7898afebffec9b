//! Monitoring tools that scripts, Ansible tasks and provisioners install.

use std::sync::OnceLock;

use facts::{Confidence, Fact};
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
    let has = |words: &[&str]| words.iter().any(|word| text.as_str().contains(word));
    if has(&["kubectl"]) {
        fetched(file, text, sink);
    }
    if !has(&["helm", "docker run", "podman run", "install", "systemctl", "enable"]) {
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

/// Manifests that a script fetches from the repository of a tool, to apply them to a cluster.
fn fetched(file: &File, text: &crate::Text, sink: &mut Sink) {
    for (number, line) in text.lines().take(5_000) {
        if line.trim_start().starts_with(['#', '/']) {
            continue;
        }
        let hosts = ["github.com/", "raw.githubusercontent.com/"];
        let Some(path) = hosts.iter().find_map(|host| line.split_once(host)).map(|(_, path)| path) else { continue };
        let repository = path.split(['/', ' ', '"', '\'']).nth(1).unwrap_or_default();
        let Some(tool) = tools::named(repository.trim_end_matches(".git")) else { continue };
        let fetches = ["kubectl", "curl", "wget", "git clone", "https://"];
        if fetches.iter().any(|word| line.contains(word)) && !line.trim_start().starts_with("echo") {
            let parts: Vec<&str> = path.split('/').skip(2).collect();
            let pinned = parts.contains(&"tags") || parts.iter().any(|part| super::charts::is_pinned(part));
            tools::report(tool, "bundle", pinned, &file.at_line(number), Confidence::Likely, sink);
        }
    }
}

fn command(file: &File, line: &str, number: usize, sink: &mut Sink) {
    let Some(found) = installs().captures(line) else {
        return;
    };
    let helm = found[0].starts_with("helm");
    let pinned = helm && line.contains("--version");
    if helm {
        switched(file, line, number, sink);
    }
    let words = found[1].split([' ', '"', '\'', '=', ',']).filter(|word| !word.is_empty() && !word.starts_with('-'));
    let mut words: Vec<&str> = words.take(40).collect();
    // `helm install prometheus bitnami/kube-prometheus`: the chart says more than the name of the release.
    if helm {
        words.sort_by_key(|word| !word.contains('/'));
    }
    for word in words {
        let tool = if word.contains('/') || word.contains(':') {
            tools::of_image(word)
        } else {
            tools::named(word.trim_end_matches(".service"))
        };
        if let Some(tool) = tool {
            // The agent of CloudWatch does what its settings say; those of some scripts gather logs and nothing else.
            let text = file.text().map_or("", |text| text.as_str());
            if tool.name.ends_with("cloudwatch-agent") && text.contains("\"logs_collected\"") {
                super::prometheus::push_logs(tool.name, "agent", file.at_line(number), sink);
                if !text.contains("\"metrics_collected\"") {
                    return;
                }
            }
            let how = if helm { "chart" } else { "agent" };
            tools::report(tool, how, pinned, &file.at_line(number), Confidence::Likely, sink);
            if helm && tool.name == "prometheus" {
                super::charts::target(&file.at_line(number), "prometheus", sink);
            }
            return;
        }
    }
}

/// What `--set` switches on in a chart that holds several tools: `--set datadog.logs.enabled=true`.
fn switched(file: &File, line: &str, number: usize, sink: &mut Sink) {
    let set = line.split([' ', ',']).filter_map(|word| word.trim_matches(['"', '\'']).split_once(".enabled="));
    for (path, value) in set.take(40) {
        let last = path.rsplit('.').next().unwrap_or_default();
        if value != "true" {
            continue;
        }
        if last == "logs" && path.contains("datadog") {
            let fact = Fact::new("mon.logs", "monitoring", file.at_line(number));
            sink.push(fact.with("tool", "datadog").with("form", "agent").confidence(Confidence::Likely));
        } else if let Some(tool) = tools::named(last) {
            tools::report(tool, "chart", line.contains("--version"), &file.at_line(number), Confidence::Likely, sink);
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
