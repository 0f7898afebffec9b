//! Helm charts of the repository: their metadata, values, templates and local dependencies.

use std::collections::BTreeSet;

use super::object::{index_of, trees};
use super::tree::{Src, Tree};
use crate::{Project, path};

/// The deepest nesting of charts in charts.
const DEPTH: usize = 6;
/// The largest number of templates of one chart.
const TEMPLATES: usize = 500;
/// The largest number of charts that are rendered.
const CHARTS: usize = 300;

/// A chart with the charts that it depends on.
#[derive(Clone, Debug)]
pub(crate) struct Chart {
    /// Its directory, empty for the root.
    pub dir: String,
    pub name: String,
    pub meta: Tree,
    pub values: Tree,
    /// Paths of its templates, helpers first.
    pub templates: Vec<String>,
    pub dependencies: Vec<Dependency>,
    /// Whether it only gives templates to others.
    pub library: bool,
    /// What is wrong with its own files: nothing that they would compute can be told.
    pub broken: Vec<(Src, String)>,
}

/// A dependency of a chart.
#[derive(Clone, Debug)]
pub(crate) struct Dependency {
    /// The key of its values: alias or name.
    pub key: String,
    /// Paths in the values, any of which switches it.
    pub conditions: Vec<String>,
    pub tags: Vec<String>,
    /// None when it lives outside the repository.
    pub chart: Option<Chart>,
}

/// Charts that stand on their own: not those that a chart of the repository holds or depends on by file.
pub(crate) fn find(project: &Project) -> Vec<Chart> {
    let mut dirs: Vec<String> = Vec::new();
    for file in project.files().filter(|file| file.name() == "Chart.yaml") {
        let nested = dirs.iter().any(|outer| path::within(file.dir(), &joined(outer, "charts")));
        if !nested && dirs.len() < CHARTS {
            dirs.push(file.dir().to_owned());
        }
    }
    let charts: Vec<Chart> = dirs.iter().filter_map(|dir| load(project, dir, 0)).collect();
    let mut held = BTreeSet::new();
    charts.iter().for_each(|chart| collect_dirs(chart, &mut held));
    charts.into_iter().filter(|chart| !held.contains(&chart.dir) && !chart.library).collect()
}

fn collect_dirs(chart: &Chart, into: &mut BTreeSet<String>) {
    for inner in chart.dependencies.iter().filter_map(|dependency| dependency.chart.as_ref()) {
        into.insert(inner.dir.clone());
        collect_dirs(inner, into);
    }
}

fn joined(dir: &str, name: &str) -> String {
    if dir.is_empty() { name.to_owned() } else { format!("{dir}/{name}") }
}

/// Reads the chart in a directory.
pub(crate) fn load(project: &Project, dir: &str, depth: usize) -> Option<Chart> {
    if depth > DEPTH {
        return None;
    }
    let mut broken = Vec::new();
    let mut first = |name: &str| {
        let (trees, error) = trees(project, &joined(dir, name));
        broken.extend(error);
        trees.into_iter().next()
    };
    let meta = first("Chart.yaml");
    let values = first("values.yaml");
    let old = first("requirements.yaml");
    if meta.is_none() && broken.is_empty() {
        return None;
    }
    let meta = meta.unwrap_or_else(|| super::tree::Map::new().into());
    let name = match meta.at(&["name"]).and_then(Tree::text) {
        None if broken.is_empty() => return None,
        name => name.unwrap_or_else(|| path::name(dir).to_owned()),
    };
    let values = values.filter(Tree::is_map).unwrap_or_else(|| super::tree::Map::new().into());
    let templates_dir = joined(dir, "templates");
    let mut templates: Vec<String> = project
        .below(&templates_dir)
        .filter(|file| matches!(file.extension().as_str(), "yaml" | "yml" | "tpl" | "json"))
        .filter(|file| !path::within(&file.path, &joined(&templates_dir, "tests")))
        .map(|file| file.path.to_string())
        .take(TEMPLATES)
        .collect();
    templates.sort_by_key(|path| (!path.ends_with(".tpl"), path.clone()));
    let library = meta.str_at(&["type"]) == Some("library");
    let dependencies = dependencies(project, dir, (&meta, old.as_ref()), depth);
    Some(Chart { dir: dir.to_owned(), name, meta, values, templates, dependencies, library, broken })
}

/// The charts that a chart declares in its metadata, or in the file of older versions, and those unpacked in it.
fn dependencies(project: &Project, dir: &str, (meta, old): (&Tree, Option<&Tree>), depth: usize) -> Vec<Dependency> {
    let declared = meta.get("dependencies").or_else(|| old.and_then(|old| old.get("dependencies")));
    let declared = declared.map(|list| list.items().to_vec()).unwrap_or_default();
    let mut found = Vec::new();
    let mut named = BTreeSet::new();
    for entry in declared.iter().take(100) {
        let text = |key: &str| entry.at(&[key]).and_then(Tree::text).unwrap_or_default();
        let name = text("name");
        named.insert(name.clone());
        let local = text("repository").strip_prefix("file://").and_then(|relative| path::join(dir, relative));
        let inside = joined(&joined(dir, "charts"), &name);
        let chart =
            local.and_then(|local| load(project, &local, depth + 1)).or_else(|| load(project, &inside, depth + 1));
        let alias = text("alias");
        let key = if alias.is_empty() { name } else { alias };
        let condition = text("condition");
        let conditions = condition.split(',').map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let tags = entry.or_null("tags").items().iter().filter_map(Tree::text).collect();
        found.push(Dependency { key, conditions: conditions.collect(), tags, chart });
    }
    // Charts unpacked below `charts/` are rendered even when they are not declared.
    let prefix = joined(dir, "charts");
    let unpacked: BTreeSet<String> = project
        .below(&prefix)
        .filter(|file| file.name() == "Chart.yaml" && path::dir(file.dir()) == prefix)
        .map(|file| file.dir().to_owned())
        .collect();
    for dir in unpacked.iter().filter(|dir| !named.contains(path::name(dir))).take(50) {
        if let Some(chart) = load(project, dir, depth + 1) {
            let known = found.iter().any(|other: &Dependency| other.key == chart.name);
            if !known {
                found.push(Dependency {
                    key: chart.name.clone(),
                    conditions: Vec::new(),
                    tags: Vec::new(),
                    chart: Some(chart),
                });
            }
        }
    }
    found
}

impl Chart {
    /// The index of its `Chart.yaml`.
    pub(crate) fn file(&self, project: &Project) -> Option<u32> {
        index_of(project, &joined(&self.dir, "Chart.yaml"))
    }

    /// What is wrong with its files or with those of the charts that it holds.
    pub(crate) fn all_broken(&self) -> Vec<(Src, String)> {
        let inner = self.dependencies.iter().filter_map(|dependency| dependency.chart.as_ref());
        self.broken.iter().cloned().chain(inner.flat_map(Chart::all_broken)).collect()
    }

    /// Whether a path belongs to the chart.
    pub(crate) fn holds(&self, path: &str) -> bool {
        path::within(path, &self.dir)
    }
}
