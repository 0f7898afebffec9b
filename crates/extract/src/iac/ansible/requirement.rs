//! Roles and collections that are fetched: `requirements.yml` and `galaxy.yml`.

use facts::Fact;

use super::super::standing;
use super::PARSER;
use crate::{File, Node, Project, Sink};

/// The facts of all requirement files.
pub(crate) fn declare(project: &Project, sink: &mut Sink) {
    for file in project.files() {
        let requirements = matches!(file.name(), "requirements.yml" | "requirements.yaml");
        let galaxy = matches!(file.name(), "galaxy.yml" | "galaxy.yaml");
        if !requirements && !galaxy {
            continue;
        }
        let documents = sink.checked(file, file.yaml(), PARSER, "ansible");
        let Some(root) = documents.documents.first().map(|document| &document.root) else { continue };
        let example = standing::is_example(project, &file.path);
        if galaxy {
            for (name, version) in root.get("dependencies").map(Node::entries).unwrap_or_default() {
                let range = name.range.start..version.range.end.max(name.range.end);
                tell(file, range, ("collection", name.as_str().unwrap_or_default(), version.as_str()), example, sink);
            }
            continue;
        }
        entries(file, root, "role", example, sink);
        for (key, what) in [("roles", "role"), ("collections", "collection")] {
            if let Some(list) = root.get(key) {
                entries(file, list, what, example, sink);
            }
        }
    }
}

fn entries(file: &File, list: &Node, what: &str, example: bool, sink: &mut Sink) {
    for item in list.items() {
        let name = item
            .as_str()
            .or_else(|| item.str_at("name"))
            .or_else(|| item.str_at("src"))
            .or_else(|| item.str_at("role"));
        let Some(name) = name else { continue };
        let (name, inline) = name
            .split_once([',', ':'])
            .filter(|_| !name.contains("//"))
            .map_or((name, None), |(name, version)| (name, Some(version)));
        let version = item.str_at("version").or(inline);
        tell(file, item.range.clone(), (what, name, version), example, sink);
    }
}

fn tell(file: &File, range: std::ops::Range<usize>, entry: (&str, &str, Option<&str>), example: bool, sink: &mut Sink) {
    let (what, name, version) = entry;
    let version = version.unwrap_or_default().trim();
    let branch = matches!(version, "" | "*" | "main" | "master" | "devel" | "develop" | "latest" | "HEAD");
    let open = version.starts_with('>') && !version.contains(',');
    let pinned = !branch && !open;
    let at = file.at(range);
    let fact = Fact::new("ansible.requirement", PARSER, at.clone()).with("what", what).with("name", name);
    sink.push(fact.with("version", version).with("pinned", pinned).with("example", example));
    let fact = Fact::new("iac.reuse", PARSER, at).with("unit", what).with("name", name).with("origin", "registry");
    sink.push(fact.with("pinned", pinned).with("counts", pinned).with("example", example));
}
