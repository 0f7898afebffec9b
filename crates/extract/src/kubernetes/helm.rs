//! Charts rendered with each set of values that the repository versions for them.

use std::sync::Arc;

use super::chart::Chart;
use super::helm_use::{self, Use};
use super::mask::mask;
use super::object::{Rendered, environment_of, index_of};
use super::rich::{Painted, Rich};
use super::template::{self, Engine};
use super::tree::{Entry, Map, Src, Tree, Value};
use super::values;
use crate::{Project, path, read_yaml};

/// The largest number of renderings of one chart.
const RENDERINGS: usize = 24;
/// The largest file that `.Files.Get` gives.
const FILE_BYTES: u64 = 100_000;

/// Renders all charts.
pub(crate) fn render(project: &Project, charts: &[Chart], rendered: &mut Rendered) {
    let declared = helm_use::declared(project, charts, &rendered.objects);
    let before = rendered.objects.len();
    for chart in charts {
        render_uses(project, chart, &declared, rendered);
    }
    // Charts may themselves hold the objects that deploy other charts: one more round finds their values.
    let more = helm_use::by_objects(project, charts, &rendered.objects[before..]);
    let more: Vec<Use> = more.into_iter().filter(|new| !declared.iter().any(|old| old.same(new))).collect();
    for chart in charts {
        for one in more.iter().filter(|one| one.chart == chart.dir).take(RENDERINGS) {
            render_one(project, chart, one, rendered);
        }
    }
}

fn render_uses(project: &Project, chart: &Chart, declared: &[Use], rendered: &mut Rendered) {
    let mut uses: Vec<Use> = declared.iter().filter(|one| one.chart == chart.dir).cloned().collect();
    let layered = |path: &str| declared.iter().any(|one| one.files.iter().any(|file| file == path));
    for file in values::of_chart(project, chart) {
        if !layered(&file) {
            uses.push(Use::with_file(chart, &file));
        }
    }
    // Defaults are judged too, unless every declared deployment of the chart lays something over them.
    let declared_here = declared.iter().any(|one| one.chart == chart.dir);
    if !declared_here {
        uses.insert(0, Use::defaults(chart));
    }
    for one in uses.iter().take(RENDERINGS) {
        render_one(project, chart, one, rendered);
    }
}

fn render_one(project: &Project, chart: &Chart, one: &Use, rendered: &mut Rendered) {
    let mut values = chart.values.clone();
    let mut broken = chart.all_broken();
    for path in &one.files {
        let (trees, error) = values::read(project, path);
        broken.extend(error);
        for tree in trees.iter().filter(|tree| tree.is_map()) {
            values.overlay(tree);
        }
    }
    for tree in &one.inline {
        values.overlay(tree);
    }
    let id = one.id(chart);
    let mut environment = one.environment.clone();
    if environment.is_empty() {
        environment = environment_of(&id);
    }
    let rendering = rendered.start(id, "helm", environment);
    let file = chart.file(project);
    let example = file.is_some_and(|file| {
        let class = project.all_files()[file as usize].class;
        class.example || class.test
    });
    let mut job = Job { project, rendered, rendering, example, engine: Engine::default(), broken: Vec::new() };
    job.define(chart);
    if broken.is_empty() {
        job.run(chart, &values, one, 0);
    } else {
        job.mask_all(chart);
        broken.into_iter().for_each(|(src, reason)| rendered.unreadable(src, "helm", reason));
    }
}

/// One rendering under way.
struct Job<'a> {
    project: &'a Project,
    rendered: &'a mut Rendered,
    rendering: usize,
    example: bool,
    engine: Engine,
    /// Templates that do not parse.
    broken: Vec<String>,
}

impl Job<'_> {
    /// Gives the templates of a chart and of its dependencies to the engine: they share one space of names.
    fn define(&mut self, chart: &Chart) {
        for inner in chart.dependencies.iter().filter_map(|dependency| dependency.chart.as_ref()) {
            self.define(inner);
        }
        for path in &chart.templates {
            let Some(file) = self.project.file(path) else { continue };
            match template::parse(file.str()) {
                Ok(parsed) => self.engine.add(path, index_of(self.project, path), file.str(), parsed),
                Err(error) => {
                    self.broken.push(path.clone());
                    self.fall_back(path, error.at, &format!("the template does not parse: {}", error.message));
                }
            }
        }
    }

    fn run(&mut self, chart: &Chart, values: &Tree, one: &Use, depth: usize) {
        for dependency in &chart.dependencies {
            let Some(inner) = &dependency.chart else {
                self.outside(dependency, values);
                continue;
            };
            if depth < 6 && enabled(dependency, values) {
                let mut below = inner.values.clone();
                if let Some(own) = values.get(&dependency.key) {
                    below.overlay(own);
                }
                if let Some(global) = values.get("global") {
                    let mut merged = below.or_null("global").clone();
                    if merged.is_null() {
                        merged = Map::new().into();
                    }
                    merged.overlay(global);
                    below.set(&["global"], merged);
                }
                self.run(inner, &below, one, depth + 1);
            }
        }
        if chart.library {
            return;
        }
        let dot = context(self.project, chart, values, one);
        for path in chart.templates.iter().filter(|path| renders(path)) {
            if self.broken.contains(path) {
                continue;
            }
            match self.engine.render(path, &dot) {
                Ok(text) => self.take(path, &text),
                Err(reason) if reason.starts_with("the chart refuses") => {}
                Err(reason) => self.fall_back(path, 0, &reason),
            }
        }
    }

    /// A chart from elsewhere that runs an image of the repository: its workloads cannot be read.
    fn outside(&mut self, dependency: &super::chart::Dependency, values: &Tree) {
        let own = values.get(&dependency.key).filter(|_| enabled(dependency, values));
        let origins = self.project.image_origins();
        let built = |image: &str| origins.builds(image);
        if let Some((image, src)) = own.and_then(|own| super::image::among(own, 4, &built)) {
            let reason = format!("the chart `{}` that runs {image} is outside the repository", dependency.key);
            self.rendered.unreadable(src, "helm", reason);
        }
    }

    /// Reads the objects of a rendered template.
    fn take(&mut self, path: &str, text: &Rich) {
        if text.as_str().trim().is_empty() {
            return;
        }
        let read = read_yaml::read(text.as_str());
        let painted = Painted::new(text);
        let place = |range: &std::ops::Range<usize>| painted.place(range);
        for document in &read.documents {
            let tree = Tree::of_node_with(&document.root, &place);
            self.rendered.add(&tree, self.rendering, true, self.example);
        }
        if let Some(error) = &read.error {
            let at = painted.place(&error.range).map(|(src, _)| src);
            let file = index_of(self.project, path).unwrap_or(0);
            let src = at.unwrap_or(Src { file, start: 0, end: 0 });
            self.rendered.unreadable(
                src,
                "helm",
                format!("the rendered template is not valid YAML: {}", error.message),
            );
        }
    }

    /// Reads a template through the mask; nothing in it is taken as computed.
    fn fall_back(&mut self, path: &str, at: usize, reason: &str) {
        if let Some(index) = index_of(self.project, path) {
            self.rendered.unreadable(Src::new(index, &(at..at)), "helm", reason);
        }
        self.mask(path);
    }

    /// Reads all templates of a chart whose values cannot be told.
    fn mask_all(&mut self, chart: &Chart) {
        for path in chart.templates.iter().filter(|path| renders(path)) {
            if !self.broken.contains(path) {
                self.mask(path);
            }
        }
    }

    fn mask(&mut self, path: &str) {
        let (Some(file), Some(index)) = (self.project.file(path), index_of(self.project, path)) else { return };
        let read = read_yaml::read(&mask(file.str()));
        for document in &read.documents {
            self.rendered.add(&Tree::of_node(&document.root, Some(index)), self.rendering, false, self.example);
        }
    }
}

/// Whether a template makes objects, not only parts for others.
fn renders(path: &str) -> bool {
    !path.ends_with(".tpl") && !path::name(path).starts_with('_')
}

/// Whether the values switch a dependency on: conditions win over tags.
fn enabled(dependency: &super::chart::Dependency, values: &Tree) -> bool {
    let at = |path: &str| values.at(&path.split('.').collect::<Vec<_>>()).and_then(Tree::bool);
    if let Some(answer) = dependency.conditions.iter().find_map(|path| at(path)) {
        return answer;
    }
    let tags: Vec<bool> =
        dependency.tags.iter().filter_map(|tag| values.at(&["tags", tag]).and_then(Tree::bool)).collect();
    tags.is_empty() || tags.contains(&true)
}

/// The dot of a chart's templates.
fn context(project: &Project, chart: &Chart, values: &Tree, one: &Use) -> Tree {
    let mut root: Tree = Map::new().into();
    root.set(&["Values"], values.clone());
    for (key, entry) in chart.meta.entries() {
        let mut name: String = key.to_string();
        if let Some(first) = name.get_mut(0..1) {
            first.make_ascii_uppercase();
        }
        root.set(&["Chart", &name], entry.value.clone());
        if &**key == "appVersion" {
            root.set(&["Chart", "AppVersion"], entry.value.clone());
        }
    }
    let release = if one.release.is_empty() { chart.name.as_str() } else { one.release.as_str() };
    let namespace = if one.namespace.is_empty() { "default" } else { one.namespace.as_str() };
    root.set(&["Release", "Name"], release.into());
    root.set(&["Release", "Namespace"], namespace.into());
    root.set(&["Release", "Service"], "Helm".into());
    root.set(&["Release", "IsInstall"], true.into());
    root.set(&["Release", "IsUpgrade"], false.into());
    root.set(&["Release", "Revision"], Value::Int(1).into());
    for key in ["Version", "GitVersion"] {
        root.set(&["Capabilities", "KubeVersion", key], "v1.33.0".into());
    }
    root.set(&["Capabilities", "KubeVersion", "Major"], "1".into());
    root.set(&["Capabilities", "KubeVersion", "Minor"], "33".into());
    root.set(&["Capabilities", "APIVersions"], Map::new().into());
    root.set(&["Capabilities", "HelmVersion", "Version"], "v3.19.0".into());
    root.set(&["Template", "Name"], chart.name.as_str().into());
    // Templates are known by their paths in the repository, so that the base path leads to them too.
    let base = if chart.dir.is_empty() { "templates".to_owned() } else { format!("{}/templates", chart.dir) };
    root.set(&["Template", "BasePath"], base.into());
    root.set(&["Files"], files(project, chart));
    let mut subcharts = Map::new();
    for dependency in &chart.dependencies {
        let mut inner: Tree = Map::new().into();
        inner.set(&["Values"], values.get(&dependency.key).cloned().unwrap_or_else(Tree::null));
        subcharts.insert(dependency.key.as_str().into(), Entry { key: None, value: inner });
    }
    root.set(&["Subcharts"], subcharts.into());
    root
}

/// The chart's files outside its templates, as far as they are small.
fn files(project: &Project, chart: &Chart) -> Tree {
    let mut map = Map::new();
    let own = project.below(&chart.dir).filter(|file| file.size <= FILE_BYTES && !file.path.contains("/templates/"));
    for file in own.filter(|file| !file.path.contains("/charts/")).take(200) {
        let relative = if chart.dir.is_empty() { &file.path } else { &file.path[chart.dir.len() + 1..] };
        let Some(index) = index_of(project, &file.path) else { continue };
        let src = Some(Src::new(index, &(0..file.str().len())));
        let value = Tree { src, from: None, data: Value::Str(Rich::plain(file.str())) };
        map.insert(Arc::from(relative), Entry { key: None, value });
    }
    map.into()
}
