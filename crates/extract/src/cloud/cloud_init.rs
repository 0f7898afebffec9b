//! cloud-init: user data in files and in infrastructure code, and whether it does more than install packages.

use facts::{Fact, Location};

use crate::iac::standing;
use crate::{File, Project, Sink};

const PARSER: &str = "cloud-init";
const MARK: &str = "#cloud-config";

/// The facts of all user data.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    for file in project.files() {
        let Ok(text) = file.text() else { continue };
        if !text.as_str().contains(MARK) || matches!(file.extension().as_str(), "md" | "rst" | "txt" | "adoc") {
            continue;
        }
        let Some(start) = text
            .lines()
            .find(|(_, line)| {
                line.trim().trim_end_matches(|c: char| !c.is_ascii_alphanumeric()) == MARK || line.trim() == MARK
            })
            .map(|(line, _)| line)
        else {
            continue;
        };
        let range = text.line_range(start).start..text.as_str().len();
        let modules = modules(text.as_str().get(range).unwrap_or_default());
        if !modules.is_empty() {
            tell(project, file, file.at_line(start + modules[0].1), &modules, sink);
        }
    }
}

/// The top-level keys of user data with their lines after the mark, as deep as the mark itself stands.
pub fn modules(text: &str) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let base = text.lines().next().map_or(0, indent);
    for (index, line) in text.lines().enumerate().skip(1) {
        let written = line.trim_start();
        if written.is_empty() || written.starts_with('#') {
            continue;
        }
        if indent(line) < base || written.starts_with("EO") || written.starts_with("YAML") {
            break;
        }
        let key: String = written.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
        if indent(line) == base && !key.is_empty() && written[key.len()..].starts_with(':') {
            found.push((key, index));
        }
    }
    found
}

fn tell(project: &Project, file: &File, at: Location, modules: &[(String, usize)], sink: &mut Sink) {
    let example = standing::is_example(project, &file.path);
    let packages =
        |name: &str| name.starts_with("package") || matches!(name, "apt" | "apt_update" | "yum_repos" | "snap");
    let commands = |name: &str| matches!(name, "runcmd" | "bootcmd");
    let plain = |name: &str| {
        matches!(
            name,
            "hostname"
                | "fqdn"
                | "manage_etc_hosts"
                | "timezone"
                | "locale"
                | "final_message"
                | "output"
                | "power_state"
                | "ssh_pwauth"
                | "ssh_authorized_keys"
                | "password"
                | "chpasswd"
                | "preserve_hostname"
                | "merge_how"
                | "disable_root"
                | "version"
        )
    };
    let names: Vec<String> = modules.iter().map(|(name, _)| name.clone()).collect();
    let beyond = names.iter().any(|name| !packages(name) && !commands(name) && !plain(name));
    let shell = names.iter().all(|name| commands(name) || plain(name) || packages(name))
        && names.iter().any(|name| commands(name));
    let fact = Fact::new("cloud.init", PARSER, at.clone()).with("modules", names).with("beyond_packages", beyond);
    sink.push(fact.with("shell_only", shell).with("example", example));
    if beyond {
        let fact = Fact::new("iac.manager", PARSER, at.clone()).with("tool", "cloud-init").with("model", "pull");
        sink.push(fact.with("style", "declarative").with("what", "user-data").with("example", example));
    }
    let code = Fact::new("iac.code", PARSER, at).with("tool", "cloud-init").with("dir", file.dir());
    sink.push(code.with("role", "machine").with("example", example));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_the_top_level_keys() {
        let check = |text: &str, expected: &[&str]| {
            let found: Vec<String> = modules(text).into_iter().map(|(name, _)| name).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("#cloud-config\npackages:\n  - nginx\nwrite_files:\n  - path: /x\n", &["packages", "write_files"]);
        check("    #cloud-config\n    runcmd:\n      - a\n  EOF\nusers:\n", &["runcmd"]);
        check("#cloud-config\n", &[]);
        check("#cloud-config\n\u{e9}: 1\n:\n", &[]);
        check("", &[]);
    }
}
