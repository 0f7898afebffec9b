//! Azure: Bicep files and Resource Manager templates.

use facts::Fact;

use super::cloudformation::settings;
use super::{Resource, Stack};
use crate::iac::standing;
use crate::{File, Project, Sink, path};

/// The facts of all of them.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    for file in project.files() {
        match file.extension().as_str() {
            "bicep" => bicep(project, file, sink),
            "json" if file.str().contains("deploymentTemplate.json") => template(project, file, sink),
            _ => {}
        }
    }
}

/// What a declaration of a Bicep file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    pub line: usize,
    /// resource or module.
    pub what: &'static str,
    pub name: String,
    /// The type without its version, or the path of the module.
    pub kind: String,
    /// Whether it only refers to something that exists.
    pub existing: bool,
}

/// The resources and modules that a Bicep text declares.
pub fn declarations(text: &str) -> Vec<Declaration> {
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let written = line.trim_start();
        for what in ["resource", "module"] {
            let Some(rest) = written.strip_prefix(what).filter(|rest| rest.starts_with(' ')) else { continue };
            let mut parts = rest.split('\'');
            let name = parts.next().unwrap_or_default().trim();
            let Some(kind) = parts.next().filter(|_| !name.is_empty()) else { continue };
            let existing = parts.next().is_some_and(|rest| rest.contains("existing"));
            let bare = if what == "resource" { kind.split('@').next().unwrap_or(kind) } else { kind };
            found.push(Declaration { line: index + 1, what, name: name.to_owned(), kind: bare.to_owned(), existing });
        }
    }
    found
}

fn bicep(project: &Project, file: &File, sink: &mut Sink) {
    let example = standing::is_example(project, &file.path);
    let found = declarations(file.str());
    let Some(first) = found.first() else { return };
    let count = found.iter().filter(|one| one.what == "resource" && !one.existing).count();
    let at = file.at_line(first.line);
    super::stack(
        sink,
        Stack {
            tool: "bicep",
            role: "template",
            name: file.name(),
            language: "",
            dir: file.dir(),
            resources: count,
            at,
            example,
        },
    );
    for one in &found {
        let at = file.at_line(one.line);
        if one.what == "module" {
            let target = path::join(file.dir(), &one.kind).filter(|path| project.file(path).is_some());
            let registry = one.kind.starts_with("br") && one.kind.contains(':');
            let version = one.kind.rsplit_once(':').map_or("", |(_, version)| version);
            let fact =
                Fact::new("iac.module-call", super::PARSER, at).with("tool", "bicep").with("name", one.name.as_str());
            let fact =
                fact.with("source", one.kind.as_str()).with("origin", if registry { "registry" } else { "local" });
            let fact = fact
                .with("version", if registry { version } else { "" })
                .with("pinned", registry)
                .with("provisions", registry);
            sink.push(fact.with("dir", target.unwrap_or_default()).with("from", file.dir()).with("example", example));
        } else if !one.existing {
            super::resource(
                sink,
                Resource {
                    tool: "bicep",
                    kind: &one.kind,
                    name: &one.name,
                    dir: file.dir(),
                    at,
                    attributes: Vec::new(),
                    example,
                },
            );
        }
    }
}

fn template(project: &Project, file: &File, sink: &mut Sink) {
    let documents = sink.checked(file, file.json(), super::PARSER, "iac");
    let Some(root) = documents.documents.first().map(|document| &document.root) else { return };
    let example = standing::is_example(project, &file.path);
    let resources = root.get("resources").map(crate::Node::items).unwrap_or_default();
    let Some(at) = root.key("resources").map(|key| file.at(key.range.clone())).filter(|_| !resources.is_empty()) else {
        return;
    };
    super::stack(
        sink,
        Stack {
            tool: "arm",
            role: "template",
            name: file.name(),
            language: "",
            dir: file.dir(),
            resources: resources.len(),
            at,
            example,
        },
    );
    for node in resources {
        let range = node.entry_range("type").unwrap_or(node.range.clone());
        let one = Resource {
            tool: "arm",
            kind: node.str_at("type").unwrap_or_default(),
            name: node.str_at("name").unwrap_or_default(),
            dir: file.dir(),
            at: file.at(range),
            attributes: settings(node.get("properties")),
            example,
        };
        super::resource(sink, one);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_read_by_line() {
        let found = declarations(
            "// resource a 'b'\nresource vnet 'Microsoft.Network/virtualNetworks@2023-01-01' = {\n}\nresource old 'X/y@1' existing = {}\nmodule app './app.bicep' = {}\n",
        );
        assert_eq!(found.len(), 3);
        assert_eq!(
            (found[0].line, found[0].kind.as_str(), found[0].existing),
            (2, "Microsoft.Network/virtualNetworks", false)
        );
        assert!(found[1].existing);
        assert_eq!((found[2].what, found[2].kind.as_str()), ("module", "./app.bicep"));
    }

    #[test]
    fn hostile_texts_declare_nothing() {
        for text in ["resource", "resource '", "resource  'x", "resourceé 'x'", "module ''", "'''", "resource 'a'b'"] {
            assert!(declarations(text).iter().all(|one| !one.name.is_empty()), "{text}");
        }
    }
}
