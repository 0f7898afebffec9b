//! How the repository deploys its charts: with which values, under which name, in which environment.

use super::chart::Chart;
use super::object::{Object, embedded, environment_of, trees};
use super::template_glob;
use super::tree::{Map, Tree};
use crate::{File, Project, path};

/// The largest script in which commands are looked for.
const SCRIPT_BYTES: u64 = 200_000;

/// One deployment of a chart.
#[derive(Clone, Debug, Default)]
pub(crate) struct Use {
    /// The directory of the chart.
    pub chart: String,
    /// Values files in the order in which they are laid over each other.
    pub files: Vec<String>,
    /// Values written where the deployment is.
    pub inline: Vec<Tree>,
    pub release: String,
    pub namespace: String,
    pub environment: String,
}

impl Use {
    /// The chart as it is.
    pub(crate) fn defaults(chart: &Chart) -> Self {
        Self { chart: chart.dir.clone(), ..Self::default() }
    }

    /// The chart with one values file.
    pub(crate) fn with_file(chart: &Chart, file: &str) -> Self {
        Self { chart: chart.dir.clone(), files: vec![file.to_owned()], ..Self::default() }
    }

    /// Whether another one gives the same values.
    pub(crate) fn same(&self, other: &Use) -> bool {
        self.chart == other.chart && self.files == other.files && self.inline.is_empty() && other.inline.is_empty()
    }

    /// Its name for people.
    pub(crate) fn id(&self, chart: &Chart) -> String {
        let dir = if chart.dir.is_empty() { "." } else { chart.dir.as_str() };
        let mut parts: Vec<String> = Vec::new();
        for file in &self.files {
            let shown = file.strip_prefix(&format!("{}/", chart.dir)).unwrap_or(file);
            parts.push(shown.to_owned());
        }
        if !self.inline.is_empty() && !self.release.is_empty() {
            parts.push(self.release.clone());
        }
        if parts.is_empty() { dir.to_owned() } else { format!("{dir} ({})", parts.join(", ")) }
    }
}

/// All deployments of charts that files of the project declare.
pub(crate) fn declared(project: &Project, charts: &[Chart], objects: &[Object]) -> Vec<Use> {
    let mut found = by_objects(project, charts, objects);
    for file in project.files().filter(|file| file.class.effective()) {
        let name = file.name().to_ascii_lowercase();
        if name.starts_with("helmfile") && (name.ends_with(".yaml") || name.ends_with(".gotmpl")) {
            helmfile(project, charts, file, &mut found);
        } else if is_script(file, &name) && file.size < SCRIPT_BYTES && file.str().contains("helm") {
            commands(project, charts, file, &mut found);
        }
    }
    let mut kept: Vec<Use> = Vec::new();
    for one in found {
        if !kept.iter().any(|other| other.same(&one)) {
            kept.push(one);
        }
    }
    kept
}

/// Deployments by objects of a GitOps operator.
pub(crate) fn by_objects(project: &Project, charts: &[Chart], objects: &[Object]) -> Vec<Use> {
    let mut found = Vec::new();
    for object in objects {
        let spec = match object.kind.as_str() {
            "Application" if object.group() == "argoproj.io" => object.root.get("spec"),
            "ApplicationSet" => object.root.at(&["spec", "template", "spec"]),
            "HelmRelease" => {
                flux(project, charts, object, &mut found);
                continue;
            }
            _ => continue,
        };
        let Some(spec) = spec else { continue };
        let namespace = spec.at(&["destination", "namespace"]).and_then(Tree::text).unwrap_or_default();
        let sources = spec.or_null("sources").items().iter().chain(spec.get("source"));
        for source in sources {
            argo_source(project, charts, object, source, &namespace, &mut found);
        }
    }
    found
}

fn argo_source(
    project: &Project,
    charts: &[Chart],
    object: &Object,
    source: &Tree,
    namespace: &str,
    found: &mut Vec<Use>,
) {
    let pattern = starred(source.str_at(&["path"]).unwrap_or(""));
    if pattern.is_empty() {
        return;
    }
    let pattern = path::join("", &pattern).unwrap_or_default();
    for chart in charts.iter().filter(|chart| template_glob(&pattern, &chart.dir)).take(50) {
        let mut one = Use { chart: chart.dir.clone(), namespace: namespace.to_owned(), ..Use::default() };
        one.release = source.str_at(&["helm", "releaseName"]).unwrap_or(&object.name).to_owned();
        one.environment = environment_of(&format!("{} {namespace}", object.name));
        if let Some(values) = source.at(&["helm", "values"]) {
            one.inline.extend(embedded(values).into_iter().filter(Tree::is_map));
        }
        one.inline.extend(source.at(&["helm", "valuesObject"]).cloned().filter(Tree::is_map));
        for parameter in source.at(&["helm", "parameters"]).map(Tree::items).unwrap_or_default() {
            if let (Some(name), Some(value)) = (parameter.str_at(&["name"]), parameter.get("value")) {
                one.inline.push(set_value(name, value.clone()));
            }
        }
        let files = source.at(&["helm", "valueFiles"]).map(Tree::items).unwrap_or_default();
        let mut choices: Vec<Vec<String>> = vec![Vec::new()];
        for file in files.iter().filter_map(Tree::text) {
            let matches = values_files(project, &chart.dir, &file);
            choices = choices
                .iter()
                .flat_map(|before| {
                    let matches = if matches.is_empty() { vec![None] } else { matches.iter().map(Some).collect() };
                    matches
                        .into_iter()
                        .map(|file| before.iter().cloned().chain(file.cloned()).collect::<Vec<_>>())
                        .collect::<Vec<_>>()
                })
                .take(12)
                .collect();
        }
        for files in choices {
            let mut one = one.clone();
            one.files = files.into_iter().filter(|file| *file != own_values(&chart.dir)).collect();
            found.push(one);
        }
    }
}

fn own_values(dir: &str) -> String {
    path::join(dir, "values.yaml").unwrap_or_default()
}

/// Template parts become `*`.
fn starred(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(open) = rest.find("{{") {
        out.push_str(&rest[..open]);
        out.push('*');
        rest = rest[open..].find("}}").map_or("", |close| &rest[open + close + 2..]);
    }
    out.push_str(rest);
    out
}

/// The files of the repository that a reference to a values file means.
fn values_files(project: &Project, chart: &str, reference: &str) -> Vec<String> {
    let reference = starred(reference);
    // `$name/path` takes another source of the same application: the repository's root here.
    let target = match reference.strip_prefix('$') {
        Some(rest) => rest.split_once('/').map(|(_, path)| path.to_owned()),
        None => path::join(chart, &reference),
    };
    let Some(target) = target else { return Vec::new() };
    if !target.contains('*') {
        return project.file(&target).map(|file| file.path.to_string()).into_iter().collect();
    }
    project
        .files()
        .filter(|file| template_glob(&target, &file.path))
        .map(|file| file.path.to_string())
        .take(12)
        .collect()
}

/// A value under a dotted path, as `--set` writes it.
fn set_value(name: &str, value: Tree) -> Tree {
    let mut tree: Tree = Map::new().into();
    let keys: Vec<&str> = name.split('.').filter(|key| !key.contains('[')).collect();
    if !keys.is_empty() && keys.len() < 20 {
        tree.set(&keys, value);
    }
    tree
}

fn flux(project: &Project, charts: &[Chart], object: &Object, found: &mut Vec<Use>) {
    let spec = object.root.or_null("spec");
    let reference = spec.str_at(&["chart", "spec", "chart"]).unwrap_or("");
    let Some(dir) = path::join("", reference) else { return };
    let Some(chart) = charts.iter().find(|chart| chart.dir == dir && !dir.is_empty()) else { return };
    let files = spec.at(&["chart", "spec", "valuesFiles"]).map(Tree::items).unwrap_or_default();
    let files = files.iter().filter_map(Tree::text).filter_map(|file| path::join("", &file));
    found.push(Use {
        chart: chart.dir.clone(),
        files: files.filter(|file| project.file(file).is_some()).collect(),
        inline: spec.get("values").cloned().filter(Tree::is_map).into_iter().collect(),
        release: object.name.clone(),
        namespace: object.namespace.clone(),
        environment: environment_of(&format!("{} {}", object.name, object.namespace)),
    });
}

fn helmfile(project: &Project, charts: &[Chart], file: &File, found: &mut Vec<Use>) {
    let (documents, _) = if file.name().ends_with(".gotmpl") {
        super::values::read(project, &file.path)
    } else {
        match trees(project, &file.path) {
            (documents, None) => (documents, None),
            _ => super::values::read(project, &file.path),
        }
    };
    for release in documents.iter().flat_map(|document| document.or_null("releases").items()).take(200) {
        let reference = release.str_at(&["chart"]).unwrap_or("");
        let dir = path::join(file.dir(), reference).unwrap_or_default();
        let Some(chart) = charts.iter().find(|chart| chart.dir == dir) else { continue };
        let mut one = Use { chart: chart.dir.clone(), ..Use::default() };
        one.release = release.str_at(&["name"]).unwrap_or("").to_owned();
        one.namespace = release.str_at(&["namespace"]).unwrap_or("").to_owned();
        let mut choices: Vec<Vec<String>> = vec![Vec::new()];
        for value in release.or_null("values").items() {
            if value.is_map() {
                one.inline.push(value.clone());
            } else if let Some(reference) = value.text() {
                let matches = values_files(project, file.dir(), &reference);
                if matches.len() <= 1 {
                    choices.iter_mut().for_each(|files| files.extend(matches.iter().cloned()));
                } else {
                    choices = matches
                        .iter()
                        .flat_map(|file| {
                            choices.iter().map(move |before| [before.as_slice(), std::slice::from_ref(file)].concat())
                        })
                        .take(12)
                        .collect();
                }
            }
        }
        for files in choices {
            found.push(Use { files, ..one.clone() });
        }
    }
}

fn is_script(file: &File, name: &str) -> bool {
    let extension = file.extension();
    matches!(extension.as_str(), "sh" | "bash" | "mk" | "ps1")
        || name.starts_with("makefile")
        || name.starts_with("jenkinsfile")
        || matches!(
            name,
            "justfile" | "taskfile.yml" | "taskfile.yaml" | ".gitlab-ci.yml" | "azure-pipelines.yml" | "skaffold.yaml"
        )
        || (matches!(extension.as_str(), "yml" | "yaml")
            && (file.path.contains(".github/") || file.path.contains(".gitlab") || file.path.contains(".circleci")))
}

/// `helm install|upgrade|template` commands with a chart of the repository.
fn commands(project: &Project, charts: &[Chart], file: &File, found: &mut Vec<Use>) {
    let text = file.str().replace("\\\n", " ");
    for line in text.lines().filter(|line| line.contains("helm") && !line.trim_start().starts_with('#')) {
        let words: Vec<&str> = line.split_whitespace().map(|word| word.trim_matches(['"', '\'', ',', ';'])).collect();
        let Some(start) = words.iter().position(|word| *word == "helm" || word.ends_with("/helm")) else { continue };
        let verb = words[start..].iter().take(6).any(|word| matches!(*word, "install" | "upgrade"));
        if verb {
            command(project, charts, file, &words[start..], found);
        }
    }
}

fn command(project: &Project, charts: &[Chart], file: &File, words: &[&str], found: &mut Vec<Use>) {
    let chart = words.iter().find_map(|word| {
        let here = path::join(file.dir(), word).filter(|_| word.contains('/') || *word == ".");
        let root = path::join("", word).filter(|dir| !dir.is_empty());
        charts
            .iter()
            .find(|chart| root.as_deref() == Some(&chart.dir))
            .or_else(|| charts.iter().find(|chart| here.as_deref() == Some(&chart.dir)))
    });
    let Some(chart) = chart else { return };
    let mut one = Use::defaults(chart);
    let mut next = words.iter();
    while let Some(word) = next.next() {
        let (flag, joined) = word.split_once('=').map_or((*word, None), |(flag, value)| (flag, Some(value)));
        let value = || joined.or_else(|| next.as_slice().first().copied()).unwrap_or("").trim_matches(['"', '\'']);
        match flag {
            "-f" | "--values" => {
                let value = value();
                let bases = ["", file.dir(), chart.dir.as_str()];
                let hit =
                    bases.iter().filter_map(|base| path::join(base, value)).find(|path| project.file(path).is_some());
                one.files.extend(hit.filter(|path| *path != own_values(&chart.dir)));
            }
            "--set" | "--set-string" => {
                let assignment =
                    if joined.is_some() { word.split_once('=').map_or("", |(_, rest)| rest) } else { value() };
                for part in assignment.split(',') {
                    if let Some((name, value)) = part.split_once('=') {
                        one.inline.push(set_value(name, given(value).into()));
                    }
                }
            }
            "-n" | "--namespace" => one.namespace = value().to_owned(),
            _ => {}
        }
    }
    one.environment = environment_of(&format!("{} {}", one.namespace, one.files.join(" ")));
    if one.files.is_empty() && one.inline.is_empty() {
        return;
    }
    found.push(one);
}

/// A value given by a variable stays a placeholder.
fn given(value: &str) -> String {
    let value = value.trim_matches(['"', '\'']);
    match value.strip_prefix('$') {
        Some(name) if !name.starts_with('{') => format!("${{{name}}}"),
        _ => value.to_owned(),
    }
}
