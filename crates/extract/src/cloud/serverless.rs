//! The Serverless Framework: functions and the resources beside them.

use super::cloudformation::settings;
use super::{Resource, Stack};
use crate::iac::standing;
use crate::{Project, Sink};

/// The facts of all `serverless.yml` files.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    for file in project.files().filter(|file| matches!(file.name(), "serverless.yml" | "serverless.yaml")) {
        let documents = sink.checked(file, file.yaml(), super::PARSER, "iac");
        let Some(root) = documents.documents.first().map(|document| &document.root) else { continue };
        let Some(provider) = root.get("provider") else { continue };
        let example = standing::is_example(project, &file.path);
        let functions = root.get("functions").map(crate::Node::entries).unwrap_or_default();
        let at = root.entry_range("provider").map_or_else(|| file.start(), |range| file.at(range));
        let cloud = provider.as_str().or_else(|| provider.str_at("name")).unwrap_or("aws");
        let name = root.str_at("service").unwrap_or_default();
        super::stack(
            sink,
            Stack {
                tool: "serverless",
                role: "template",
                name,
                language: "",
                dir: file.dir(),
                resources: functions.len(),
                at,
                example,
            },
        );
        for (key, node) in functions {
            let kind = format!("{cloud}::Function");
            let at = file.at(key.range.start..key.range.end);
            let name = key.as_str().unwrap_or_default();
            super::resource(
                sink,
                Resource {
                    tool: "serverless",
                    kind: &kind,
                    name,
                    dir: file.dir(),
                    at,
                    attributes: settings(Some(node)),
                    example,
                },
            );
        }
        for (key, node) in root.at(&["resources", "Resources"]).map(crate::Node::entries).unwrap_or_default() {
            let (kind, name) = (node.str_at("Type").unwrap_or_default(), key.as_str().unwrap_or_default());
            let at = file.at(key.range.clone());
            super::resource(
                sink,
                Resource {
                    tool: "serverless",
                    kind,
                    name,
                    dir: file.dir(),
                    at,
                    attributes: settings(node.get("Properties")),
                    example,
                },
            );
        }
    }
}
