//! Environments told apart by where files are: one folder each, or one file each.

use std::collections::BTreeMap;

use super::super::{ansible, hcl, kube, standing};
use super::Seen;
use super::names::within;
use crate::{File, Project, path};

/// Whether a file is infrastructure code or the values of it.
fn is_infrastructure(project: &Project, file: &File) -> bool {
    let name = file.name().to_ascii_lowercase();
    let stem = bare(&name);
    [".tf", ".tofu", ".tfvars", ".tfvars.json", ".hcl", ".bicepparam", ".tfbackend"]
        .iter()
        .any(|end| stem.ends_with(end))
        || name == "kustomization"
        || is_yaml(stem) && is_infrastructure_yaml(project, file, stem)
        || (stem.ends_with(".json") && stem.contains("parameters"))
        || ansible::inventory::is_place(file)
}

fn is_yaml(name: &str) -> bool {
    name.ends_with(".yaml") || name.ends_with(".yml")
}

fn is_infrastructure_yaml(project: &Project, file: &File, name: &str) -> bool {
    let dirs: Vec<&str> = file.dir().split('/').collect();
    name.contains("values")
        || name.starts_with("kustomization")
        || dirs.iter().any(|dir| matches!(*dir, "group_vars" | "host_vars" | "values"))
        || !kube::of_file(file).is_empty()
        || above_chart(project, file.dir())
}

/// Whether a directory, or one of the two above it, holds a chart or a Helmfile, but is not its templates.
fn above_chart(project: &Project, dir: &str) -> bool {
    let mut at = dir;
    for _ in 0..3 {
        let holds = ["Chart.yaml", "helmfile.yaml", "helmfile.yml"]
            .iter()
            .any(|name| path::join(at, name).is_some_and(|path| project.file(&path).is_some()));
        if holds {
            return !dir.contains("templates");
        }
        if at.is_empty() {
            return false;
        }
        at = path::dir(at);
    }
    false
}

/// A name without the ending that marks it as an example of itself.
fn bare(name: &str) -> &str {
    let endings = [".example", ".sample", ".dist", ".template", ".tpl", ".tmpl", ".j2", ".enc", ".sops"];
    endings.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name)
}

/// Whether the file is an example, except that an example of variables still tells environments apart.
fn is_example(project: &Project, file: &File) -> bool {
    let name = bare(file.name());
    let place = if file.dir().is_empty() { name.to_owned() } else { format!("{}/{name}", file.dir()) };
    standing::is_example(project, &place)
}

/// Whether Terraform would refuse the file: a typing error alone makes no other environment.
fn is_refused(file: &File) -> bool {
    file.name().ends_with(".tf") && hcl::read(file.str()).is_err()
}

/// What a file says to its tool: lines that are comments alone make no other environment.
fn told(file: &File) -> String {
    let lines = file.str().lines().map(str::trim);
    let said: Vec<&str> =
        lines.filter(|line| !line.is_empty() && !line.starts_with('#') && !line.starts_with("//")).collect();
    said.join("\n")
}

/// One environment per folder that holds infrastructure code.
pub(crate) fn folders(project: &Project) -> Vec<Seen> {
    let mut found: BTreeMap<String, Seen> = BTreeMap::new();
    for file in project.files() {
        let parts: Vec<&str> = file.dir().split('/').collect();
        if parts.iter().any(|part| matches!(*part, "modules" | "roles" | "templates")) {
            continue;
        }
        let hits: Vec<usize> = (0..parts.len()).filter(|at| within(parts[*at]).is_some()).collect();
        if hits.is_empty() || !is_infrastructure(project, file) || is_refused(file) {
            continue;
        }
        let terragrunt = file.name() == "terragrunt.hcl";
        for at in hits {
            let Some((name, written, around)) = within(parts[at]) else { continue };
            let dir = parts[..=at].join("/");
            let above = parts[..at].join("/");
            let how = if above.ends_with("overlays") {
                "overlay"
            } else if terragrunt {
                "terragrunt"
            } else {
                "folder"
            };
            let seen = found.entry(dir.clone()).or_insert_with(|| Seen {
                name,
                how,
                group: format!("{above}/{around}"),
                named: false,
                content: Vec::new(),
                at: telling(file, &written).0,
                written: written.clone(),
                example: is_example(project, file),
                needs_sibling: true,
            });
            // The line that names the environment shows it better than the first line of the first file.
            let (at, named) = telling(file, &written);
            if named && !seen.named {
                seen.at = at;
                seen.named = true;
            }
            let rest = file.path[dir.len()..].to_owned();
            seen.content.push((rest, told(file)));
        }
    }
    found.into_values().collect()
}

/// One environment per file: variables, values, inventories, stacks, parameters, applications.
pub(crate) fn files(project: &Project) -> Vec<Seen> {
    let mut found = Vec::new();
    for file in project.files() {
        let Some((name, written, around)) = within(file.name()) else { continue };
        let Some(how) = variant(project, file) else { continue };
        // A file that was only created says nothing of an environment.
        if file.str().trim().is_empty() {
            continue;
        }
        let alone = matches!(how, "variables" | "values" | "stack" | "inventory");
        found.push(Seen {
            name,
            how,
            group: format!("{}/{around}", file.dir()),
            named: true,
            content: vec![(String::new(), told(file))],
            at: telling(file, &written).0,
            written,
            example: is_example(project, file),
            needs_sibling: !alone,
        });
    }
    found
}

fn variant(project: &Project, file: &File) -> Option<&'static str> {
    let name = file.name().to_ascii_lowercase();
    let stem = bare(&name);
    let yaml = is_yaml(stem);
    let dirs = file.dir().to_ascii_lowercase();
    let in_dir = |wanted: &[&str]| dirs.split('/').any(|dir| wanted.contains(&dir));
    if stem.ends_with(".tfvars") || stem.ends_with(".tfvars.json") || stem.ends_with(".tfbackend") {
        Some("variables")
    } else if stem.starts_with("pulumi.") && yaml || stem.ends_with(".bicepparam") {
        Some("stack")
    } else if in_dir(&["group_vars", "host_vars"]) || ansible::inventory::is_place(file) && has_ansible(project) {
        Some("inventory")
    } else if yaml && (stem.contains("values") || in_dir(&["values"])) && !file.path.contains("/templates/") {
        Some("values")
    } else if stem.ends_with(".hcl")
        || stem.ends_with(".tf")
        || (stem.ends_with(".json") && (stem.contains("param") || in_dir(&["parameters", "params"])))
    {
        Some("settings")
    } else if yaml && is_playbook(file) {
        Some("playbook")
    } else if yaml && is_infrastructure_yaml(project, file, stem) {
        let argo = kube::of_file(file).iter().any(|header| header.kind.starts_with("Application"));
        Some(if argo { "application" } else { "settings" })
    } else {
        None
    }
}

/// Whether a file holds plays: `deploy-staging.yml` beside `deploy-production.yml`.
fn is_playbook(file: &File) -> bool {
    let plays = |document: &crate::node::Document| document.root.items().iter().any(|play| play.get("hosts").is_some());
    file.str().contains("hosts:") && file.yaml().documents.iter().any(plays)
}

fn has_ansible(project: &Project) -> bool {
    project.files().any(|file| {
        file.name() == "ansible.cfg"
            || file.path.contains("roles/")
            || file.dir().contains("ansible")
            || file.name().contains("playbook")
            || file.name() == "site.yml"
    })
}

/// The line that names the environment, else the first that says something; and whether it names it.
fn telling(file: &File, word: &str) -> (facts::Location, bool) {
    let Ok(text) = file.text() else { return (file.start(), false) };
    let says = |line: &str| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with('#') && !line.starts_with("---") && !line.starts_with("//")
    };
    let is_word = |part: &str| part.eq_ignore_ascii_case(word);
    let names = |line: &str| says(line) && line.split(|c: char| !c.is_ascii_alphanumeric()).any(is_word);
    if let Some((line, _)) = text.lines().find(|(_, line)| names(line)) {
        return (file.at_line(line), true);
    }
    let line = text.lines().find(|(_, line)| says(line)).map_or(1, |(line, _)| line);
    (file.at_line(line), false)
}
