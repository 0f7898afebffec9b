//! Objects of a cluster as the repository describes them, each in one rendering.

use facts::Location;

use super::tree::{Src, Tree};
use super::{chart, helm, kustomize, plain};
use crate::{Project, read_yaml};

/// The largest number of objects of all renderings together.
const OBJECTS: usize = 20_000;

/// One way in which the repository yields objects: the plain manifests, a chart with values, an overlay.
#[derive(Clone, Debug)]
pub(crate) struct Rendering {
    /// `manifests`, or the path of the chart or overlay with its values.
    pub id: String,
    /// plain, helm or kustomize.
    pub tool: &'static str,
    /// The environment that its path names, empty when none.
    pub environment: String,
}

/// An object in one rendering.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    pub api: String,
    pub kind: String,
    pub name: String,
    pub namespace: String,
    /// The index of its rendering.
    pub rendering: usize,
    pub root: Tree,
    /// Whether its fields were really computed, not read through a mask.
    pub sure: bool,
    /// Whether it stands among examples, tests or debugging aids.
    pub example: bool,
}

/// A part of a description that could not be read.
#[derive(Clone, Debug)]
pub(crate) struct Unreadable {
    pub src: Src,
    pub reason: String,
    pub area: &'static str,
}

/// All objects of a project.
#[derive(Debug, Default)]
pub(crate) struct Rendered {
    pub renderings: Vec<Rendering>,
    pub objects: Vec<Object>,
    pub unread: Vec<Unreadable>,
}

/// Renders a project.
pub(crate) fn render(project: &Project) -> Rendered {
    let mut rendered = Rendered::default();
    let charts = chart::find(project);
    let used = kustomize::render(project, &mut rendered);
    plain::read(project, &charts, &used, &mut rendered);
    helm::render(project, &charts, &mut rendered);
    rendered
}

impl Rendered {
    /// Starts a rendering and gives its index.
    pub(crate) fn start(&mut self, id: String, tool: &'static str, environment: String) -> usize {
        self.renderings.push(Rendering { id, tool, environment });
        self.renderings.len() - 1
    }

    /// Adds an object, or those of a list of objects; what has no kind is left out.
    pub(crate) fn add(&mut self, root: &Tree, rendering: usize, sure: bool, example: bool) {
        for root in expand(root) {
            if self.objects.len() < OBJECTS {
                self.objects.extend(Object::new(root, rendering, sure, example));
            }
        }
    }

    /// Notes a part that could not be read.
    pub(crate) fn unreadable(&mut self, src: Src, area: &'static str, reason: impl Into<String>) {
        let reason = reason.into();
        if !self.unread.iter().any(|known| known.src == src && known.area == area) {
            self.unread.push(Unreadable { src, reason, area });
        }
    }

    /// The rendering of an object.
    pub(crate) fn rendering(&self, object: &Object) -> &Rendering {
        &self.renderings[object.rendering]
    }
}

impl Object {
    /// Reads the identity of an object.
    pub(crate) fn new(root: Tree, rendering: usize, sure: bool, example: bool) -> Option<Self> {
        let api = root.str_at(&["apiVersion"])?.to_owned();
        let kind = root.str_at(&["kind"])?.to_owned();
        let text = |keys: &[&str]| root.at(keys).and_then(Tree::text).unwrap_or_default();
        let name = text(&["metadata", "name"]);
        let namespace = text(&["metadata", "namespace"]);
        Some(Self { api, kind, name, namespace, rendering, root, sure, example })
    }

    /// The group of its interface, without the version.
    pub(crate) fn group(&self) -> &str {
        self.api.split_once('/').map_or("", |(group, _)| group)
    }

    /// A value of an annotation.
    pub(crate) fn annotation(&self, name: &str) -> Option<&Tree> {
        self.root.at(&["metadata", "annotations", name])
    }

    /// Where the object starts.
    pub(crate) fn src(&self) -> Option<Src> {
        self.root.src
    }
}

/// The items of a `List`, or the object itself.
fn expand(root: &Tree) -> Vec<Tree> {
    match root.str_at(&["kind"]) {
        Some(kind) if kind.ends_with("List") && root.at(&["items"]).is_some() => {
            root.or_null("items").items().iter().filter(|item| item.is_map()).cloned().collect()
        }
        _ => vec![root.clone()],
    }
}

/// The index of a file in the project.
pub(crate) fn index_of(project: &Project, path: &str) -> Option<u32> {
    let at = project.all_files().binary_search_by(|file| (*file.path).cmp(path)).ok()?;
    u32::try_from(at).ok()
}

/// A place as a location.
pub(crate) fn locate(project: &Project, src: Src) -> Option<Location> {
    let file = project.all_files().get(src.file as usize)?;
    Some(file.at(src.start as usize..src.end as usize))
}

/// The documents of a YAML or JSON file as trees, and its error.
pub(crate) fn trees(project: &Project, path: &str) -> (Vec<Tree>, Option<(Src, String)>) {
    let (Some(file), Some(index)) = (project.file(path), index_of(project, path)) else { return (Vec::new(), None) };
    let read = if path.ends_with(".json") { file.json() } else { file.yaml() };
    let trees = read.documents.iter().map(|document| Tree::of_node(&document.root, Some(index))).collect();
    let error = match (file.text(), &read.error) {
        (Err(error), _) => Some((Src::new(index, &(0..0)), error.reason())),
        (_, Some(error)) => Some((Src::new(index, &error.range), error.message.clone())),
        _ => None,
    };
    (trees, error)
}

/// The documents of a text that stands inside a value.
pub(crate) fn embedded(value: &Tree) -> Vec<Tree> {
    let src = value.src;
    let read = read_yaml::read(value.str().unwrap_or(""));
    read.documents.iter().map(|document| Tree::of_node_with(&document.root, &|_| src.map(|src| (src, None)))).collect()
}

/// The environment that words of a path or name stand for, empty when none.
pub(crate) fn environment_of(text: &str) -> String {
    let mut found = "";
    for word in text.to_ascii_lowercase().split(|c: char| !c.is_ascii_alphanumeric()) {
        let name = match word.trim_end_matches(|c: char| c.is_ascii_digit()) {
            "prod" | "production" | "prd" | "live" => "production",
            "staging" | "stage" | "stg" => "staging",
            "preprod" | "preproduction" | "ppd" => "preproduction",
            "dev" | "develop" | "development" => "development",
            "qa" | "recette" | "rct" | "qualif" => "qa",
            "uat" => "uat",
            "integration" | "integ" => "integration",
            "sandbox" => "sandbox",
            "local" | "minikube" | "kind" | "k3d" => "local",
            "test" | "testing" => "test",
            "demo" => "demo",
            _ => continue,
        };
        found = name;
    }
    found.to_owned()
}
