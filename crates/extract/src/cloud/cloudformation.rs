//! CloudFormation and SAM templates: each resource with its type.

use super::{Resource, Stack};
use crate::iac::standing;
use crate::{File, Node, Project, Sink};

/// The facts of all templates.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    for file in project.files() {
        let extension = file.extension();
        let yaml = matches!(extension.as_str(), "yml" | "yaml" | "template");
        if !yaml && extension != "json" {
            continue;
        }
        let text = file.str();
        let heat = text.contains("heat_template_version:");
        if !(text.contains("AWSTemplateFormatVersion") || text.contains("Resources") && text.contains("AWS::") || heat)
        {
            continue;
        }
        // A template of a chart or of Ansible that only quotes a type is refused by its parser here, and no template.
        let json = text.trim_start().starts_with('{');
        let documents = if json { file.json() } else { file.yaml() };
        if text.contains("AWSTemplateFormatVersion") {
            sink.checked(file, documents, super::PARSER, "iac");
        }
        if let Some(document) = documents.documents.first() {
            template(project, file, &document.root, heat, sink);
        }
    }
}

fn template(project: &Project, file: &File, root: &Node, heat: bool, sink: &mut Sink) {
    let (resources, kind) = if heat { ("resources", "type") } else { ("Resources", "Type") };
    let Some(resources) = root.get(resources).filter(|node| node.is_map()) else { return };
    let typed = |node: &Node| node.str_at(kind).is_some_and(|kind| kind.contains("::"));
    let found: Vec<(&Node, &Node)> =
        resources.entries().iter().filter(|(_, node)| typed(node)).map(|(key, node)| (key, node)).collect();
    let Some((first, _)) = found.first() else { return };
    let sam = root.get("Transform").is_some_and(|node| {
        node.one_or_many().iter().any(|node| node.as_str().is_some_and(|text| text.starts_with("AWS::Serverless")))
    });
    let tool = if sam { "sam" } else { "cloudformation" };
    let example = standing::is_example(project, &file.path);
    let at = file.at(first.range.start..found[0].1.get(kind).map_or(first.range.end, |node| node.range.end));
    super::stack(
        sink,
        Stack {
            tool,
            role: "template",
            name: file.name(),
            language: "",
            dir: file.dir(),
            resources: found.len(),
            at,
            example,
        },
    );
    for (key, node) in &found {
        let end = node.get(kind).map_or(key.range.end, |node| node.range.end).max(key.range.end);
        let at = file.at(key.range.start..end);
        let one = Resource {
            tool: "cloudformation",
            kind: node.str_at(kind).unwrap_or_default(),
            name: key.as_str().unwrap_or_default(),
            dir: file.dir(),
            at,
            attributes: settings(node.get("Properties")),
            example,
        };
        super::resource(sink, one);
    }
}

/// The settings of a resource as path=value, without those that may be secrets.
pub(super) fn settings(properties: Option<&Node>) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(node) = properties {
        flatten("", node, 0, &mut found);
    }
    found
}

fn flatten(path: &str, node: &Node, depth: usize, into: &mut Vec<String>) {
    let name = path.to_ascii_lowercase();
    let secret = ["password", "secret", "token", "privatekey", "userdata"].iter().any(|word| name.contains(word));
    if into.len() >= 80 || depth > 8 || secret {
        return;
    }
    if let Some(text) = node.as_str() {
        into.push(format!("{path}={}", text.chars().take(200).collect::<String>()));
    }
    for (key, value) in node.entries() {
        let key = key.as_str().unwrap_or_default();
        flatten(&if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }, value, depth + 1, into);
    }
    for item in node.items() {
        flatten(path, item, depth + 1, into);
    }
}
