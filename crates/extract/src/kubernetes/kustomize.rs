//! Kustomize: overlays, bases and components brought to the objects that they yield.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::object::{Rendered, embedded, environment_of, index_of, trees};
use super::patch;
use super::rich::Rich;
use super::tree::{Entry, Map, Src, Tree, Value};
use crate::{Project, path};

/// The longest chain of bases.
const DEPTH: usize = 10;
/// The largest number of objects of one overlay.
const OBJECTS: usize = 2_000;
/// The largest number of files and directories that one overlay refers to, bases included.
const REFERENCES: usize = 2_000;

const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// Renders every overlay that no other refers to; gives back the files that were used on the way.
pub(crate) fn render(project: &Project, rendered: &mut Rendered) -> BTreeSet<String> {
    let roots: BTreeMap<String, String> = project
        .files()
        .filter(|file| NAMES.contains(&file.name()))
        .map(|file| (file.dir().to_owned(), file.path.to_string()))
        .collect();
    let mut referred = BTreeSet::new();
    for (dir, file) in &roots {
        for tree in trees(project, file).0 {
            for reference in references(&tree) {
                referred.extend(path::join(dir, &reference).filter(|target| target != dir));
            }
        }
    }
    let mut used = BTreeSet::new();
    for (dir, file) in roots.iter().filter(|(dir, _)| !referred.contains(*dir)) {
        let kind = trees(project, file).0.first().and_then(|tree| tree.str_at(&["kind"]).map(str::to_owned));
        if kind.as_deref() == Some("Component") {
            continue;
        }
        let mut build = Build { project, rendered, used: &mut used, references: 0 };
        let objects = build.directory(dir, &mut Vec::new());
        if objects.is_empty() {
            continue;
        }
        let class = project.file(file).map(|file| file.class).unwrap_or_default();
        let id = if dir.is_empty() { ".".to_owned() } else { dir.clone() };
        let rendering = rendered.start(id, "kustomize", environment_of(dir));
        for object in &objects {
            rendered.add(object, rendering, true, class.example || class.test);
        }
    }
    used
}

/// Other directories and files that a kustomization takes.
fn references(tree: &Tree) -> Vec<String> {
    let lists = ["resources", "bases", "components"];
    lists.iter().flat_map(|key| tree.or_null(key).items().iter().filter_map(Tree::text)).collect()
}

struct Build<'a> {
    project: &'a Project,
    rendered: &'a mut Rendered,
    used: &'a mut BTreeSet<String>,
    references: usize,
}

impl Build<'_> {
    fn directory(&mut self, dir: &str, above: &mut Vec<String>) -> Vec<Tree> {
        if above.len() >= DEPTH || above.iter().any(|known| known == dir) {
            return Vec::new();
        }
        let file = NAMES.iter().filter_map(|name| path::join(dir, name)).find(|path| self.project.file(path).is_some());
        let Some(file) = file else { return Vec::new() };
        self.used.insert(file.clone());
        let (documents, error) = trees(self.project, &file);
        if let Some((src, reason)) = error {
            self.rendered.unreadable(src, "kubernetes", reason);
        }
        let Some(kustomization) = documents.into_iter().next() else { return Vec::new() };
        above.push(dir.to_owned());
        let mut objects = self.resources(dir, &kustomization, above);
        self.generate(dir, &kustomization, &mut objects);
        for component in kustomization.or_null("components").items().iter().filter_map(Tree::text) {
            if let Some(target) = path::join(dir, &component) {
                self.component(&target, above, &mut objects);
            }
        }
        self.transform(dir, &kustomization, &mut objects);
        above.pop();
        objects.truncate(OBJECTS);
        objects
    }

    /// A component changes the objects of the one that takes it.
    fn component(&mut self, dir: &str, above: &mut Vec<String>, objects: &mut Vec<Tree>) {
        if above.len() >= DEPTH || above.iter().any(|known| known == dir) {
            return;
        }
        let file = NAMES.iter().filter_map(|name| path::join(dir, name)).find(|path| self.project.file(path).is_some());
        let Some(file) = file else { return };
        self.used.insert(file.clone());
        let Some(kustomization) = trees(self.project, &file).0.into_iter().next() else { return };
        above.push(dir.to_owned());
        objects.extend(self.resources(dir, &kustomization, above));
        self.generate(dir, &kustomization, objects);
        self.transform(dir, &kustomization, objects);
        above.pop();
    }

    fn resources(&mut self, dir: &str, kustomization: &Tree, above: &mut Vec<String>) -> Vec<Tree> {
        let mut objects = Vec::new();
        for key in ["resources", "bases", "crds"] {
            for reference in kustomization.or_null(key).items() {
                self.references += 1;
                let (Some(text), true) = (reference.text(), self.references < REFERENCES) else { continue };
                let target = path::join(dir, &text);
                match target {
                    Some(target) if self.project.file(&target).is_some() => {
                        self.used.insert(target.clone());
                        let (documents, error) = trees(self.project, &target);
                        if let Some((src, reason)) = error {
                            self.rendered.unreadable(src, "kubernetes", reason);
                        }
                        objects.extend(documents.into_iter().filter(Tree::is_map));
                    }
                    Some(target) if !text.contains("://") && self.project.has_dir(&target) => {
                        objects.extend(self.directory(&target, above));
                    }
                    _ => {}
                }
                if objects.len() > OBJECTS {
                    return objects;
                }
            }
        }
        objects
    }

    fn generate(&mut self, dir: &str, kustomization: &Tree, objects: &mut Vec<Tree>) {
        for (key, kind) in [("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")] {
            for generator in kustomization.or_null(key).items().iter().take(200) {
                let mut object: Tree = Map::new().into();
                object.src = generator.src;
                object.set(&["apiVersion"], "v1".into());
                object.set(&["kind"], kind.into());
                object.set(&["metadata", "name"], generator.or_null("name").clone());
                for literal in generator.or_null("literals").items() {
                    if let Some((name, value)) = literal.str().and_then(|text| text.split_once('=')) {
                        let value = Tree { src: literal.src, from: None, data: Value::Str(Rich::plain(value)) };
                        object.set(&["data", name], value);
                    }
                }
                for file in generator.or_null("files").items().iter().filter_map(Tree::text) {
                    let (name, target) = file.split_once('=').map_or((path::name(&file), file.as_str()), |pair| pair);
                    let Some(target) = path::join(dir, target) else { continue };
                    self.used.insert(target.clone());
                    if let (Some(file), Some(index)) = (self.project.file(&target), index_of(self.project, &target)) {
                        let src = Some(Src::new(index, &(0..file.str().len())));
                        object
                            .set(&["data", name], Tree { src, from: None, data: Value::Str(Rich::plain(file.str())) });
                    }
                }
                objects.push(object);
            }
        }
    }

    fn transform(&mut self, dir: &str, kustomization: &Tree, objects: &mut Vec<Tree>) {
        for entry in kustomization.or_null("patchesStrategicMerge").items() {
            for patch in self.patch_documents(dir, entry) {
                patch::apply(objects, &patch, None);
            }
        }
        for key in ["patches", "patchesJson6902"] {
            for entry in kustomization.or_null(key).items() {
                let target = entry.get("target");
                let source = match (entry.get("patch"), entry.get("path")) {
                    (Some(inline), _) => embedded(inline),
                    (None, Some(path)) => self.patch_documents(dir, path),
                    (None, None) => Vec::new(),
                };
                for patch in source {
                    patch::apply(objects, &patch, target);
                }
            }
        }
        for object in objects.iter_mut() {
            images(object, kustomization.or_null("images").items());
            for replica in kustomization.or_null("replicas").items() {
                if let (Some(name), Some(count)) = (replica.str_at(&["name"]), replica.get("count"))
                    && object.str_at(&["metadata", "name"]) == Some(name)
                    && object.at(&["spec", "replicas"]).is_some() | scales(object)
                {
                    object.set(&["spec", "replicas"], count.clone());
                }
            }
            if let Some(namespace) =
                kustomization.get("namespace").filter(|_| object.str_at(&["kind"]) != Some("Namespace"))
            {
                object.set(&["metadata", "namespace"], namespace.clone());
            }
            labels(object, kustomization);
        }
        affixes(objects, kustomization);
    }

    /// The documents of a patch that is a path or stands inline.
    fn patch_documents(&mut self, dir: &str, entry: &Tree) -> Vec<Tree> {
        let Some(text) = entry.str() else { return Vec::new() };
        if text.contains('\n') {
            return embedded(entry);
        }
        let Some(target) = path::join(dir, text) else { return Vec::new() };
        self.used.insert(target.clone());
        let (documents, error) = trees(self.project, &target);
        if let Some((src, reason)) = error {
            self.rendered.unreadable(src, "kubernetes", reason);
        }
        documents
    }
}

fn scales(object: &Tree) -> bool {
    matches!(object.str_at(&["kind"]), Some("Deployment" | "StatefulSet" | "ReplicaSet" | "Rollout"))
}

/// Sets names, tags and digests of images anywhere in an object.
fn images(tree: &mut Tree, rules: &[Tree]) {
    if rules.is_empty() {
        return;
    }
    match &mut tree.data {
        Value::Map(map) => {
            for (key, entry) in Arc::make_mut(map) {
                let scalar = matches!(entry.value.data, Value::Str(_));
                if &**key == "image" && scalar {
                    image(&mut entry.value, rules);
                } else {
                    images(&mut entry.value, rules);
                }
            }
        }
        Value::List(items) => Arc::make_mut(items).iter_mut().for_each(|item| images(item, rules)),
        _ => {}
    }
}

fn image(tree: &mut Tree, rules: &[Tree]) {
    let Some(image) = tree.str().map(str::to_owned) else { return };
    let (bare, digest) = image.split_once('@').map_or((image.as_str(), None), |(bare, digest)| (bare, Some(digest)));
    let slash = bare.rfind('/').map_or(0, |at| at + 1);
    let (name, tag) = match bare[slash..].find(':') {
        Some(colon) => (&bare[..slash + colon], Some(&bare[slash + colon + 1..])),
        None => (bare, None),
    };
    let Some(rule) = rules.iter().find(|rule| rule.str_at(&["name"]) == Some(name)) else { return };
    let text = |key: &str| rule.get(key).and_then(Tree::text);
    let mut changed = text("newName").unwrap_or_else(|| name.to_owned());
    match (text("digest"), text("newTag")) {
        (Some(digest), _) => changed.push_str(&format!("@{digest}")),
        (None, Some(tag)) => changed.push_str(&format!(":{tag}")),
        (None, None) => {
            changed.extend(tag.map(|tag| format!(":{tag}")));
            changed.extend(digest.map(|digest| format!("@{digest}")));
        }
    }
    let by =
        rule.get("digest").or_else(|| rule.get("newTag")).or_else(|| rule.get("newName")).and_then(|tree| tree.src);
    let written = tree.src;
    *tree = Tree { src: by.or(written), from: written.map(|src| [src].into()), data: Value::Str(Rich::plain(changed)) };
}

/// Adds common labels where pods are selected by them.
fn labels(object: &mut Tree, kustomization: &Tree) {
    let mut sets: Vec<&Tree> = kustomization.get("commonLabels").into_iter().collect();
    sets.extend(kustomization.or_null("labels").items().iter().filter_map(|entry| entry.get("pairs")));
    for (key, entry) in sets.iter().flat_map(|set| set.entries()) {
        object.set(&["metadata", "labels", key], entry.value.clone());
        if object.at(&["spec", "template", "metadata"]).is_some() {
            object.set(&["spec", "template", "metadata", "labels", key], entry.value.clone());
        }
    }
}

/// Adds prefix and suffix to names and to the references that other checks follow.
fn affixes(objects: &mut [Tree], kustomization: &Tree) {
    let prefix = kustomization.str_at(&["namePrefix"]).unwrap_or("").to_owned();
    let suffix = kustomization.str_at(&["nameSuffix"]).unwrap_or("").to_owned();
    if prefix.is_empty() && suffix.is_empty() {
        return;
    }
    let names: BTreeSet<String> =
        objects.iter().filter_map(|object| object.str_at(&["metadata", "name"]).map(str::to_owned)).collect();
    for object in objects {
        if matches!(object.str_at(&["kind"]), Some("Namespace" | "CustomResourceDefinition")) {
            continue;
        }
        rename(object, &["metadata"], &names, &prefix, &suffix);
        rename(object, &["spec", "scaleTargetRef"], &names, &prefix, &suffix);
        rename(object, &["spec", "to"], &names, &prefix, &suffix);
        services(object, &names, &prefix, &suffix);
    }
}

fn rename(object: &mut Tree, at: &[&str], names: &BTreeSet<String>, prefix: &str, suffix: &str) {
    let Some(name) = object.at(at).and_then(|tree| tree.get("name")).cloned() else { return };
    let Some(text) = name.str().filter(|text| names.contains(*text)) else { return };
    let changed = Tree { src: name.src, from: None, data: Value::Str(Rich::plain(format!("{prefix}{text}{suffix}"))) };
    let keys: Vec<&str> = at.iter().copied().chain(["name"]).collect();
    object.set(&keys, changed);
}

/// Renames the services that routes point to.
fn services(tree: &mut Tree, names: &BTreeSet<String>, prefix: &str, suffix: &str) {
    match &mut tree.data {
        Value::Map(map) => {
            for (key, Entry { value, .. }) in Arc::make_mut(map) {
                match &**key {
                    "service" if value.is_map() => rename(value, &[], names, prefix, suffix),
                    "serviceName" => {
                        if let Some(text) = value.str().filter(|text| names.contains(*text)) {
                            value.data = Value::Str(Rich::plain(format!("{prefix}{text}{suffix}")));
                        }
                    }
                    _ => services(value, names, prefix, suffix),
                }
            }
        }
        Value::List(items) => Arc::make_mut(items).iter_mut().for_each(|item| services(item, names, prefix, suffix)),
        _ => {}
    }
}
