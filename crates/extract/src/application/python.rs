//! Python components: pyproject, setup, Pipfile, requirements, conda.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Component;
use super::component::sources;
use super::requirements::{self, Requirements};
use crate::{File, Node, Project, path};

const SOURCES: [&str; 2] = ["py", "ipynb"];

/// The directories with a Python package definition, with the files that define it, the decisive one first.
pub(super) fn manifests(project: &Project) -> BTreeMap<String, Vec<&File>> {
    let mut found: BTreeMap<String, Vec<&File>> = BTreeMap::new();
    for file in project.files() {
        let name = file.name();
        let dir = match name {
            "pyproject.toml" if is_package(file) => file.dir(),
            "setup.py" | "setup.cfg" | "Pipfile" | "environment.yml" | "environment.yaml" => file.dir(),
            _ if is_requirements(file) => match path::name(file.dir()) {
                "requirements" | "reqs" => path::dir(file.dir()),
                _ => file.dir(),
            },
            _ => continue,
        };
        found.entry(dir.to_owned()).or_default().push(file);
    }
    for files in found.values_mut() {
        files.sort_by_key(|file| (rank(file.name()), file.path.len()));
    }
    found
}

fn rank(name: &str) -> usize {
    ["pyproject.toml", "Pipfile", "setup.py", "setup.cfg"].iter().position(|known| *known == name).unwrap_or(9)
}

/// A list of run-time packages; lists for tests and development alone do not define a component.
fn is_requirements(file: &File) -> bool {
    let name = file.name().to_ascii_lowercase();
    if !name.ends_with(".txt") {
        return false;
    }
    let stem = name.trim_end_matches(".txt");
    let in_folder = matches!(path::name(file.dir()), "requirements" | "reqs");
    let named = stem == "requirements"
        || ["requirements-", "requirements_", "requirements."].iter().any(|start| stem.starts_with(start))
        || stem.ends_with("-requirements")
        || stem.ends_with("_requirements");
    let aside = ["dev", "test", "tests", "doc", "docs", "lint", "ci", "local", "ansible", "molecule"];
    (named || in_folder) && !stem.split(['-', '_', '.']).any(|word| aside.contains(&word))
}

/// Whether a pyproject describes a package or its dependencies, not only the settings of tools.
fn is_package(file: &File) -> bool {
    let root = file.toml().documents.first().map(|document| &document.root);
    root.is_some_and(|root| {
        root.get("project").is_some() || root.get("build-system").is_some() || root.at(&["tool", "poetry"]).is_some()
    })
}

/// The component of one directory; none when it holds no Python of its own.
pub(super) fn component(project: &Project, dir: &str, files: &[&File], nested: &[String]) -> Option<Component> {
    let first = files.first()?;
    let mut own = sources(project, dir, nested, &SOURCES).filter(|file| !is_plugin(&file.path));
    let any = own.by_ref().find(|file| !matches!(file.name(), "setup.py" | "__init__.py"))?;
    let toml = first.toml().documents.first().map(|document| &document.root);
    let manager = manager(project, dir, first, toml);
    let mut component = Component::new(first, dir, "python", manager);
    component.example |= !any.class.effective() && own.all(|file| !file.class.effective());
    if let Some(name) = toml.and_then(|root| root.at(&["project", "name"]).or(root.at(&["tool", "poetry", "name"]))) {
        component.name = name.as_str().unwrap_or_default().to_owned();
    }
    let lists: Vec<(&File, Requirements)> = lists(project, files);
    component.dependencies =
        lists.iter().any(|(_, list)| !list.packages.is_empty()) || files.iter().any(|file| declares(file));
    component.library = first.name() != "requirements.txt"
        && is_package(first)
        && !sources(project, dir, nested, &["py"]).any(|file| is_entry(file.name()));
    let component = component
        .lock_by(project, &["uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "conda-lock.yml", "pylock.toml"]);
    Some(if component.locked { component } else { by_requirements(component, &lists) })
}

/// A list in which every package is exact is a lock; one that is not shows the lines that are loose.
fn by_requirements(mut component: Component, lists: &[(&File, Requirements)]) -> Component {
    if let Some((file, list)) = lists.iter().find(|(_, list)| !list.exact()) {
        if let (Ok(text), false) = (file.text(), list.loose.is_empty()) {
            component.lock_at = file.at(requirements::lines_range(text, &list.loose));
        } else {
            component.lock_at = file.start();
        }
    } else if let Some((file, _)) = lists.iter().find(|(_, list)| !list.packages.is_empty()) {
        component.locked = true;
        component.lock = Some(file.path.to_string());
        component.lock_at = file.start();
    }
    component
}

fn lists<'a>(project: &'a Project, files: &[&'a File]) -> Vec<(&'a File, Requirements)> {
    let mut queue: Vec<&File> = files.iter().filter(|file| is_requirements(file)).copied().collect();
    let mut done: Vec<(&File, Requirements)> = Vec::new();
    while let Some(file) = queue.pop() {
        if done.len() > 32 || done.iter().any(|(known, _)| known.path == file.path) {
            continue;
        }
        let list = requirements::read(&text_of(file));
        let included = list.includes.iter().filter_map(|name| path::join(file.dir(), name));
        queue.extend(included.filter_map(|path| project.file(&path)));
        done.push((file, list));
    }
    done.sort_by(|a, b| a.0.path.cmp(&b.0.path));
    done
}

/// The text of a list; `pip` also reads UTF-16, which the shell of Windows writes.
fn text_of(file: &File) -> Cow<'_, str> {
    if file.text().is_ok() {
        return Cow::Borrowed(file.str());
    }
    let bytes = file.bytes().unwrap_or_default();
    let Some(body) = bytes.strip_prefix(&[0xff, 0xfe]) else { return Cow::Borrowed("") };
    let units = body.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    Cow::Owned(char::decode_utf16(units).map(|unit| unit.unwrap_or('?')).collect())
}

fn manager(project: &Project, dir: &str, first: &File, toml: Option<&Node>) -> &'static str {
    let beside = |name: &str| project.file(&path::join(dir, name).unwrap_or_default()).is_some();
    if beside("uv.lock") {
        "uv"
    } else if beside("poetry.lock") || toml.is_some_and(|root| root.at(&["tool", "poetry"]).is_some()) {
        "poetry"
    } else if first.name() == "Pipfile" {
        "other"
    } else {
        "pip"
    }
}

/// Whether a package definition other than a list names any dependency.
fn declares(file: &File) -> bool {
    let root = || file.toml().documents.first().map(|document| &document.root);
    let filled = |keys: &[&str]| {
        root().and_then(|root| root.at(keys)).is_some_and(|node| {
            !node.items().is_empty() || node.entries().iter().any(|(key, _)| key.as_str() != Some("python"))
        })
    };
    match file.name() {
        "pyproject.toml" => {
            filled(&["project", "dependencies"])
                || filled(&["tool", "poetry", "dependencies"])
                || filled(&["project", "optional-dependencies"])
                || filled(&["dependency-groups"])
        }
        "Pipfile" => filled(&["packages"]),
        "setup.py" | "setup.cfg" => file.str().contains("install_requires"),
        "environment.yml" | "environment.yaml" => file.str().contains("dependencies:"),
        _ => false,
    }
}

fn is_entry(name: &str) -> bool {
    matches!(name, "manage.py" | "app.py" | "main.py" | "wsgi.py" | "asgi.py" | "server.py" | "run.py" | "__main__.py")
}

/// Plugins of a configuration manager and hooks are not an application.
fn is_plugin(path: &str) -> bool {
    path.split('/').any(|part| {
        matches!(
            part,
            "filter_plugins" | "lookup_plugins" | "callback_plugins" | "module_utils" | "action_plugins" | "_states"
        )
    })
}
