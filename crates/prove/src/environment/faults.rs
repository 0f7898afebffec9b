//! What is broken in the description of an environment: each must make its build, its start or its command fail.

use std::collections::{BTreeMap, BTreeSet};

use super::dependencies::{self, Dependency};
use super::subject::{Around, BUILD, COMMAND, START};
use crate::experiment::Ground;
use crate::protocol::{Fault, FaultKind, Place};
use crate::say::say;
use crate::stack::{BuildFrom, Condition, Dockerfile, Origin, Project, Service, Source, instructions};
use crate::tree::Tree;

/// A fault, and how it is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Broken {
    pub fault: Fault,
    pub edit: Edit,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Edit {
    Text { path: String, text: String },
    Gone { path: String },
    Around(Around),
}

const ANYWHERE: [Place; 3] = [BUILD, START, COMMAND];
/// Image definitions that controls are made in.
pub(super) const DEFINITIONS: usize = 3;

/// Of each kind in a sample: each costs a whole start, and most a run of the tests.
pub(super) const fn each(sample: usize) -> usize {
    if sample < 24 { 1 } else { sample / 12 }
}

/// The faults of a project, in the order in which they are tried.
pub(super) fn all(ground: &Ground<'_>, project: &Project, tests: Option<&Service>) -> Vec<Broken> {
    let (tree, each) = (ground.tree, each(ground.sample));
    let mut controls = Vec::new();
    let mut sample = Vec::new();
    let builds = builds(project, tests);
    for (path, build) in builds.iter().take(DEFINITIONS) {
        let Some(text) = tree.text(path) else { continue };
        controls.extend(missing_file(tree, path, text, build));
        let mut manifests: Vec<Vec<Dependency>> = Vec::new();
        for manifest in manifests_of(tree, text, &build.context) {
            let used = dependencies::used(tree, &manifest);
            if !used.is_empty() {
                manifests.push(used);
            }
        }
        if let Some(first) = manifests.first().and_then(|used| used.first()) {
            controls.push(unavailable(first));
        }
        sample.extend(manifests.iter().flat_map(|used| drawn(used, ground.seed).take(each)).map(undeclared));
        sample.extend(tools(path, text).into_iter().take(each));
    }
    if controls.is_empty() {
        controls.extend(started_by(tree, project));
    }
    controls.extend(taken(project));
    sample.extend(mounted(project).into_iter().take(each));
    sample.extend(absent(project).into_iter().take(each));
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut all: Vec<Broken> = null(tree, project).into_iter().chain(controls).collect();
    let room = ground.sample.max(1);
    all.extend(sample.into_iter().take(room));
    all.retain(|broken| seen.insert(broken.fault.id.clone()));
    all
}

/// The image definitions that the project builds with, each once.
fn builds(project: &Project, tests: Option<&Service>) -> BTreeMap<String, BuildFrom> {
    let services = project.services.values().chain(tests);
    let found = services.filter_map(|service| match &service.origin {
        Origin::Build(build) => match &build.dockerfile {
            Dockerfile::File(path) => Some((path.clone(), build.clone())),
            Dockerfile::Inline(_) => None,
        },
        Origin::Image(..) => None,
    });
    // The tests come last and change nothing of what is there.
    found.fold(BTreeMap::new(), |mut all, (path, build)| {
        all.entry(path).or_insert(build);
        all
    })
}

/// A comment at the end of the file that describes the environment.
fn null(tree: &Tree, project: &Project) -> Option<Broken> {
    comment(tree, &project.file)
}

/// A comment at the end of a file; where the format has none, an empty line.
pub(super) fn comment(tree: &Tree, path: &str) -> Option<Broken> {
    let text = tree.text(path)?;
    let newline = if text.ends_with('\n') { "" } else { "\n" };
    let name = path.rsplit('/').next().unwrap_or(path);
    let (added, comment) = match name {
        "devcontainer.json" | ".devcontainer.json" => ("// This line says nothing.", true),
        name if name.ends_with(".json") => ("", false),
        _ => ("# This line says nothing.", true),
    };
    let text = format!("{text}{newline}{added}\n");
    let line = text.lines().count();
    let change = if comment { say!("comment-added", path, line) } else { say!("empty-line-added", path, line) };
    let fault = Fault::in_file("null", change, FaultKind::Null, "start", (path, line), &[]);
    Some(Broken { fault, edit: Edit::Text { path: path.to_owned(), text } })
}

/// The paths that an instruction copies from the context.
fn copied(instruction: &str, context: &str) -> Vec<String> {
    let words: Vec<&str> = instruction.split_whitespace().collect();
    let copies =
        words.first().is_some_and(|word| word.eq_ignore_ascii_case("copy") || word.eq_ignore_ascii_case("add"));
    if !copies || instruction.contains("--from=") {
        return Vec::new();
    }
    let plain: Vec<&str> = words[1..]
        .iter()
        .filter(|word| !word.starts_with("--"))
        .map(|word| word.trim_matches(['[', ']', ',', '"']))
        .filter(|word| !word.is_empty())
        .collect();
    let sources = plain.split_last().map_or(&[][..], |(_, sources)| sources);
    let prefix = if context.is_empty() { String::new() } else { format!("{context}/") };
    sources.iter().map(|source| format!("{prefix}{}", source.trim_start_matches("./").trim_matches('/'))).collect()
}

/// A file that the build copies by name is not there.
pub(super) fn missing_file(tree: &Tree, path: &str, text: &str, build: &BuildFrom) -> Option<Broken> {
    let (line, gone) = instructions(text)
        .into_iter()
        .flat_map(|(line, words)| copied(&words, &build.context).into_iter().map(move |source| (line, source)))
        .find(|(_, source)| tree.has(source))?;
    let change = say!("copied-removed", path, line, gone);
    let fault = Fault::in_file(format!("file {gone}"), change, FaultKind::Control, "build", (path, line), &[BUILD]);
    Some(Broken { fault, edit: Edit::Gone { path: gone } })
}

/// The manifests that a build copies, the application's before those of its tools.
pub(super) fn manifests_of(tree: &Tree, dockerfile: &str, context: &str) -> Vec<String> {
    let sources: Vec<String> =
        instructions(dockerfile).into_iter().flat_map(|(_, words)| copied(&words, context)).collect();
    let copied = |path: &str| {
        sources.iter().any(|source| {
            let source = source.trim_end_matches("/.").trim_end_matches('.').trim_end_matches('/');
            let star = source.split('*').next().unwrap_or(source);
            path == source
                || path.starts_with(&format!("{source}/"))
                || source.is_empty()
                || source.contains('*') && path.starts_with(star)
        })
    };
    let tools = |path: &str| ["dev", "test", "lint", "docs", "ops"].iter().any(|word| path.contains(word));
    // A manifest below another of the context belongs to another part of the repository.
    let depth = |path: &str| path.matches('/').count();
    let mut found: Vec<String> = tree
        .files()
        .filter(|(path, file)| file.own && dependencies::is_manifest(path) && copied(path) && !tools(path))
        .map(|(path, _)| path.to_owned())
        .collect();
    found.sort_by_key(|path| (depth(path), path.clone()));
    found.truncate(2);
    found
}

pub(super) fn unavailable(dependency: &Dependency) -> Broken {
    let Dependency { path, line, name, unavailable, .. } = dependency;
    let change = say!("no-such-version", path, line, name);
    let fault =
        Fault::in_file(format!("version {path} {name}"), change, FaultKind::Control, "build", (path, *line), &[BUILD]);
    Broken { fault, edit: Edit::Text { path: path.clone(), text: unavailable.clone() } }
}

pub(super) fn undeclared(dependency: &Dependency) -> Broken {
    let Dependency { path, line, name, removed, .. } = dependency;
    let change = say!("no-longer-declared", path, line, name);
    let id = format!("dependency {path} {name}");
    let fault = Fault::in_file(id, change, FaultKind::Sampled, "environment", (path, *line), &ANYWHERE);
    Broken { fault, edit: Edit::Text { path: path.clone(), text: removed.clone() } }
}

/// Drawn by the seed: where to begin, then in order.
pub(super) fn drawn(used: &[Dependency], seed: u64) -> impl Iterator<Item = &Dependency> {
    let start = usize::try_from(seed % used.len().max(1) as u64).unwrap_or(0);
    used.iter().cycle().skip(start).take(used.len())
}

/// Tools that the image installs by name: each is left out.
pub(super) fn tools(path: &str, text: &str) -> Vec<Broken> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let Some(at) =
            line.find("apt-get install").or_else(|| line.find("apk add")).or_else(|| line.find("apt install"))
        else {
            continue;
        };
        let command = line[at..].split("&&").next().unwrap_or_default();
        for word in command.split_whitespace().skip(2) {
            let plain = word.starts_with(|c: char| c.is_ascii_lowercase()) && !word.contains(['$', '/', ';']);
            let certain = !["install", "add", "update", "ca-certificates"].contains(&word);
            if !plain || !certain {
                continue;
            }
            let changed = line.replacen(&format!(" {word}"), "", 1);
            let lines: Vec<&str> =
                text.lines().enumerate().map(|(other, line)| if other == number { &*changed } else { line }).collect();
            let change = say!("no-longer-installed", path, line = number + 1, name = word);
            let id = format!("tool {path} {word}");
            let fault = Fault::in_file(id, change, FaultKind::Sampled, "environment", (path, number + 1), &ANYWHERE);
            found.push(Broken { fault, edit: Edit::Text { path: path.to_owned(), text: lines.join("\n") + "\n" } });
        }
    }
    found
}

/// The program that a service starts, when its command names a file of the tree.
fn started_by(tree: &Tree, project: &Project) -> Vec<Broken> {
    let mut found = Vec::new();
    for service in project.services.values() {
        let Origin::Build(BuildFrom { context, dockerfile: Dockerfile::File(path), .. }) = &service.origin else {
            continue;
        };
        let Some(text) = tree.text(path) else { continue };
        let last = instructions(text)
            .into_iter()
            .rev()
            .find(|(_, words)| words.starts_with("CMD") || words.starts_with("ENTRYPOINT"));
        let written = last.map(|(line, words)| (path.as_str(), line, words));
        let said = service.command.as_ref().map(|words| (service.at.path.as_str(), service.at.line, words.join(" ")));
        let Some((at, line, words)) = said.or(written) else { continue };
        let prefix = if context.is_empty() { String::new() } else { format!("{context}/") };
        let names = words.split([' ', '"', ',', '[', ']', '\'']).map(|word| word.trim_start_matches("./"));
        let Some(gone) =
            names.filter(|word| word.contains('.')).map(|word| format!("{prefix}{word}")).find(|path| tree.has(path))
        else {
            continue;
        };
        let change = say!("started-removed", at, line, gone);
        let fault = Fault::in_file(format!("file {gone}"), change, FaultKind::Control, "start", (at, line), &ANYWHERE);
        found.push(Broken { fault, edit: Edit::Gone { path: gone } });
    }
    found.truncate(DEFINITIONS);
    found
}

/// Files that a service finds in its place: the engine makes an empty folder where one is missing.
fn mounted(project: &Project) -> Vec<Broken> {
    let mut found = Vec::new();
    for service in project.services.values() {
        for mount in &service.mounts {
            let Source::File(gone) = &mount.source else { continue };
            let (path, line) = (&mount.at.path, mount.at.line);
            let change = say!("mounted-removed", path, line, gone, service = service.name, target = mount.target);
            let fault = Fault::in_file(
                format!("file {gone}"),
                change,
                FaultKind::Sampled,
                "environment",
                (path, line),
                &ANYWHERE,
            );
            found.push(Broken { fault, edit: Edit::Gone { path: gone.clone() } });
        }
    }
    found
}

/// A port of the application that something else holds already. It is no part of the sample: whatever serves notices it.
fn taken(project: &Project) -> Option<Broken> {
    let built = project.services.values().filter(|service| matches!(service.origin, Origin::Build(_)));
    let broken = |service: &Service| {
        let port = service.ports.iter().find(|port| !port.udp)?;
        let (path, line) = (port.at.path.as_str(), port.at.line);
        let change = say!("port-taken", path, line, port = port.inside, service = service.name);
        let id = format!("port {} {}", service.name, port.inside);
        let fault = Fault::in_file(id, change, FaultKind::Control, "start", (path, line), &ANYWHERE);
        let around = Around::Taken { service: service.name.clone(), port: port.inside };
        Some(Broken { fault, edit: Edit::Around(around) })
    };
    built.filter_map(broken).next()
}

/// Services that others need and that nobody describes any more.
fn absent(project: &Project) -> Vec<Broken> {
    let needs = |name: &str, condition: Condition| {
        project
            .services
            .values()
            .flat_map(|service| &service.needs)
            .any(|need| need.service == name && need.condition == condition)
    };
    let mentioned = |name: &str| {
        let word = |value: &String| {
            value.split(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c)).any(|part| part == name)
        };
        project.services.values().any(|service| service.environment.values().any(word))
    };
    let mut names: Vec<(bool, &Service)> = project
        .services
        .values()
        .filter(|service| {
            let name = &service.name;
            needs(name, Condition::Started) || needs(name, Condition::Healthy) || mentioned(name)
        })
        // Whoever is named in the settings of another is asked by it.
        .map(|service| (!mentioned(&service.name), service))
        .collect();
    names.sort_by_key(|(rest, service)| (*rest, service.name.clone()));
    let broken = |service: &Service| {
        let (path, line) = (&service.at.path, service.at.line);
        let change = say!("service-left-out", path, line, service = service.name);
        let fault = Fault::in_file(
            format!("service {}", service.name),
            change,
            FaultKind::Sampled,
            "environment",
            (path, line),
            &ANYWHERE,
        );
        Broken { fault, edit: Edit::Around(Around::Without(service.name.clone())) }
    };
    names.into_iter().map(|(_, service)| broken(service)).collect()
}
