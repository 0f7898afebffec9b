//! Compose files as they are run: variables, extends, includes and overrides followed.

use std::ops::Range;

use super::dockerfile::expand;
use super::names;
use crate::{File, Node, Project, budget, path};

/// The most services that are read of one file.
const SERVICES: usize = 500;

/// A Compose file with at least one service.
pub(crate) struct Compose<'a> {
    pub file: &'a File,
    pub services: Vec<Declared<'a>>,
    /// Other Compose files that it includes.
    pub includes: Vec<String>,
}

/// A service as its file declares it.
pub(crate) struct Declared<'a> {
    pub name: String,
    /// From the name to the end of the declaration.
    pub range: Range<usize>,
    /// From the name to the image or build that decides what runs.
    pub shown: Range<usize>,
    fields: Vec<(&'a File, &'a Node)>,
}

/// How a service is built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Build {
    pub context: String,
    /// The path of the image definition.
    pub definition: String,
    /// Whether the definition is written in the Compose file itself.
    pub inline: bool,
    pub target: Option<String>,
}

/// Reads one Compose file; none when it declares no service.
pub(crate) fn read<'a>(project: &'a Project, file: &'a File) -> Option<Compose<'a>> {
    let root = &file.yaml().documents.first()?.root;
    let includes = included(file, root);
    let mut services = Vec::new();
    for (name, body) in root.get("services").map_or(&[][..], Node::entries).iter().take(SERVICES) {
        let Some(text) = name.as_str().filter(|_| body.is_map()) else { continue };
        let mut fields = Vec::new();
        layers(project, file, text, body, &mut fields);
        let what = body.entry_range("build").or_else(|| body.entry_range("image"));
        let range = name.range.start..body.range.end.max(name.range.end);
        let shown = name.range.start..what.map_or(name.range.end, |what| what.end);
        services.push(Declared { name: text.to_owned(), range, shown, fields });
    }
    if services.is_empty() && includes.is_empty() {
        return None;
    }
    Some(Compose { file, services, includes })
}

fn included(file: &File, root: &Node) -> Vec<String> {
    let entries = root.get("include").map_or(Vec::new(), Node::one_or_many);
    let written = entries.into_iter().flat_map(|entry| match entry.get("path") {
        Some(path) => path.one_or_many(),
        None => vec![entry],
    });
    written.filter_map(|entry| path::join(file.dir(), entry.as_str()?)).collect()
}

/// The declaration itself, what it extends, and the declaration of the same name that the file overlays.
fn layers<'a>(project: &'a Project, file: &'a File, name: &str, body: &'a Node, into: &mut Vec<(&'a File, &'a Node)>) {
    if into.len() >= budget::FOLLOW_DEPTH
        || into.iter().any(|(_, known)| known.range == body.range && std::ptr::eq(*known, body))
    {
        return;
    }
    into.push((file, body));
    if let Some(extends) = body.get("extends") {
        let service = extends.as_str().or_else(|| extends.str_at("service"));
        let from = match extends.str_at("file") {
            Some(other) => path::join(file.dir(), other).and_then(|path| project.file(&path)),
            None => Some(file),
        };
        if let (Some(service), Some(from)) = (service, from)
            && let Some(parent) = service_of(from, service)
        {
            layers(project, from, service, parent, into);
        }
    }
    let decides = |key: &str| into.iter().any(|(_, node)| node.get(key).is_some());
    if decides("image") || decides("build") {
        return;
    }
    // A file that only adds to a service is meant to be laid over the main file beside it.
    for main in ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"] {
        let beside = path::join(file.dir(), main).and_then(|path| project.file(&path));
        if let Some(main) = beside.filter(|main| main.path != file.path)
            && let Some(base) = service_of(main, name)
        {
            layers(project, main, name, base, into);
        }
    }
}

fn service_of<'a>(file: &'a File, name: &str) -> Option<&'a Node> {
    file.yaml().documents.first()?.root.get("services")?.get(name).filter(|node| node.is_map())
}

impl<'a> Declared<'a> {
    /// A key of the service, from the first layer that has it.
    pub fn get(&self, key: &str) -> Option<(&'a File, &'a Node)> {
        self.fields.iter().find_map(|(file, node)| Some((*file, node.get(key)?)))
    }

    /// The image with variables filled in; the text as written when a variable has no value here.
    pub fn image(&self, project: &Project) -> Option<(String, bool)> {
        let (file, node) = self.get("image")?;
        let written = node.as_str()?;
        let known = expand(written, &|name| variable(project, file, name));
        Some(known.map_or_else(|| (written.to_owned(), false), |text| (text, true)))
    }

    /// How it is built, when it is.
    pub fn build(&self, project: &Project) -> Option<Build> {
        let (file, node) = self.get("build")?;
        let text = |node: &Node| {
            let written = node.as_str()?;
            Some(expand(written, &|name| variable(project, file, name)).unwrap_or_else(|| written.to_owned()))
        };
        let context = text(node).or_else(|| node.get("context").and_then(text)).unwrap_or_else(|| ".".to_owned());
        let context = path::join(file.dir(), &context)?;
        let named = node.get("dockerfile").and_then(text);
        let definition = match named {
            Some(named) => path::join(&context, &named)?,
            None => ["Dockerfile", "Containerfile", "dockerfile"]
                .iter()
                .filter_map(|name| path::join(&context, name))
                .find(|path| project.file(path).is_some())
                .unwrap_or_else(|| path::join(&context, "Dockerfile").unwrap_or_default()),
        };
        let target = node.get("target").and_then(text);
        let inline = node.get("dockerfile_inline").is_some();
        Some(Build { context, definition, inline, target })
    }

    /// The texts of a list, or the keys of a mapping.
    pub fn names(&self, key: &str) -> Vec<String> {
        let Some((_, node)) = self.get(key) else { return Vec::new() };
        let listed = node.items().iter().filter_map(Node::as_str);
        let keyed = node.entries().iter().filter_map(|(key, _)| key.as_str());
        listed.chain(keyed).map(ToOwned::to_owned).collect()
    }

    /// The services whose health it waits for.
    pub fn waits_healthy(&self) -> Vec<String> {
        let Some((_, node)) = self.get("depends_on") else { return Vec::new() };
        let healthy = node.entries().iter().filter(|(_, value)| value.str_at("condition") == Some("service_healthy"));
        healthy.filter_map(|(name, _)| name.as_str().map(ToOwned::to_owned)).collect()
    }

    /// Directories of the repository that it mounts.
    pub fn mounts(&self) -> Vec<String> {
        let Some((file, node)) = self.get("volumes") else { return Vec::new() };
        let source = |item: &Node| match item.as_str() {
            Some(text) => text.split(':').next().map(ToOwned::to_owned),
            None => item.str_at("source").map(ToOwned::to_owned),
        };
        let local =
            node.items().iter().filter_map(source).filter(|text| text.starts_with('.') || text.starts_with("${PWD}"));
        local.filter_map(|text| path::join(file.dir(), text.trim_start_matches("${PWD}/"))).collect()
    }

    /// Whether it declares a health check that is not switched off.
    pub fn healthcheck(&self) -> bool {
        self.get("healthcheck").is_some_and(|(_, node)| node.get("disable").and_then(Node::as_bool) != Some(true))
    }
}

/// The value of a variable in the env file beside a Compose file.
fn variable(project: &Project, file: &File, name: &str) -> Option<String> {
    let env = project.file(&path::join(file.dir(), ".env")?)?;
    env.str().lines().take(2_000).find_map(|line| {
        let (key, value) = line.trim().trim_start_matches("export ").split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (key.trim() == name && !value.is_empty()).then(|| value.to_owned())
    })
}

/// The Compose files of the tree.
pub(crate) fn files(project: &Project) -> Vec<Compose<'_>> {
    let named = project.files().filter(|file| names::is_compose(file));
    named.filter_map(|file| read(project, file)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(files: &[(&str, &str)], service: &str, image: Option<&str>, definition: Option<&str>) {
        let project = Project::in_memory(files.iter().copied());
        let read = super::files(&project);
        let declared = read.iter().flat_map(|file| &file.services).find(|found| found.name == service).unwrap();
        assert_eq!(declared.image(&project).map(|(text, _)| text).as_deref(), image, "{files:?}");
        assert_eq!(declared.build(&project).map(|build| build.definition).as_deref(), definition, "{files:?}");
    }

    #[test]
    fn services_are_read_through_extends_variables_and_overlays() {
        check(
            &[("compose.yml", "services:\n  a:\n    build: ./api\n"), ("api/Dockerfile", "FROM x")],
            "a",
            None,
            Some("api/Dockerfile"),
        );
        check(
            &[("compose.yml", "services:\n  a:\n    build: {context: ., dockerfile: d/Dockerfile.a}\n")],
            "a",
            None,
            Some("d/Dockerfile.a"),
        );
        check(&[("compose.yml", "services:\n  a: {image: 'x:${V:-1}'}\n")], "a", Some("x:1"), None);
        check(&[("compose.yml", "services:\n  a: {image: 'x:${V}'}\n"), (".env", "V=2\n")], "a", Some("x:2"), None);
        check(&[("compose.yml", "x-b: &b\n  image: y:1\nservices:\n  a:\n    <<: *b\n")], "a", Some("y:1"), None);
        check(
            &[
                ("compose.yml", "services:\n  a:\n    extends: {file: base/c.yml, service: s}\n"),
                ("base/c.yml", "services:\n  s: {image: z:3}\n"),
            ],
            "a",
            Some("z:3"),
            None,
        );
    }

    #[test]
    fn hostile_files_are_read() {
        let cycle = "services:\n  a:\n    extends: b\n  b:\n    extends: a\n";
        let texts = [
            cycle,
            "services: 3\n",
            "services: [a]\n",
            "services:\n  a:\n  b: 1\n",
            "include: [compose.yml]\nservices: {a: {image: 1}}\n",
            "services:\n  a:\n    build: ../../..\n",
            "services:\n  a:\n    image: '${'\n",
            "services:\n  a:\n    volumes: 1\n    depends_on: x\n",
            "services:\n  a: &a\n    extends: *a\n",
            "{",
            "---\n---\n",
        ];
        for text in texts {
            let project = Project::in_memory([("compose.yml", text)]);
            for file in files(&project) {
                for service in &file.services {
                    let _ =
                        (service.image(&project), service.build(&project), service.mounts(), service.waits_healthy());
                }
            }
        }
    }
}
