//! Definitions of environments: what they start, and whether they count as environments of development.

use facts::{Confidence, Fact, Location};

use super::landscape::Landscape;
use super::{clusters, vagrant};
use crate::container::Service;
use crate::{File, Node, Sink, path};

/// An environment defined as code.
pub(super) struct Definition<'a> {
    pub tool: &'static str,
    pub file: &'a File,
    pub at: Location,
    pub also: Vec<Location>,
    pub counts: bool,
    pub virtualised: bool,
    pub runs_application: bool,
    pub complete: bool,
    pub services: Vec<String>,
    pub purpose: &'static str,
    /// The Compose files that it is read with, itself first.
    pub files: Vec<String>,
    /// One that builds the application shows it better than one that fetches it ready-made.
    pub sure: Confidence,
}

impl<'a> Definition<'a> {
    /// A definition of a tool that isolates and starts all of the application.
    pub fn new(tool: &'static str, file: &'a File, at: Location) -> Self {
        Self {
            tool,
            file,
            at,
            also: Vec::new(),
            counts: file.class.effective(),
            virtualised: true,
            runs_application: true,
            complete: true,
            services: Vec::new(),
            purpose: "development",
            files: Vec::new(),
            sure: Confidence::Exact,
        }
    }
}

/// All definitions, in the order of their files.
pub(super) fn definitions<'a>(landscape: &Landscape<'a>) -> Vec<Definition<'a>> {
    let mut found = composes(landscape);
    for file in landscape.project.files() {
        found.extend(of_file(landscape, file));
    }
    found.extend(clusters::definitions(landscape));
    // A container for the editor that reads a Compose file is as complete as that file.
    let complete: Vec<String> = found
        .iter()
        .filter(|one| one.tool == "compose" && one.complete)
        .flat_map(|one| one.files.iter().take(1).cloned())
        .collect();
    for one in found.iter_mut().filter(|one| one.tool == "devcontainer" && !one.files.is_empty()) {
        one.complete = one.files.iter().any(|file| complete.contains(file));
    }
    found
}

fn of_file<'a>(landscape: &Landscape<'a>, file: &'a File) -> Option<Definition<'a>> {
    let single = landscape.required.len() <= 1;
    let start = || file.start();
    let found = |needle: &str| file.str().find(needle).map(|at| file.at(at..at + needle.len()));
    match file.name() {
        "Vagrantfile" => machines(file),
        "devcontainer.json" | ".devcontainer.json" => devcontainer(file, single),
        "flake.nix" => {
            let shell = ["devShell", "mkShell", "devenv.lib"].iter().find_map(|mark| found(mark))?;
            Some(shell_of("nix", file, shell))
        }
        "shell.nix" | "devenv.nix" => Some(shell_of("nix", file, start())),
        "default.nix" => found("mkShell").map(|at| shell_of("nix", file, at)),
        "devbox.json" => Some(shell_of("devbox", file, start())),
        "Tiltfile" => Some(Definition::new("tilt", file, start())),
        "skaffold.yaml" | "skaffold.yml" => found("kind: Config").map(|at| Definition::new("skaffold", file, at)),
        "devspace.yaml" | "devspace.yml" => Some(Definition::new("devspace", file, start())),
        "garden.yml" | "project.garden.yml" => Some(Definition::new("garden", file, start())),
        "okteto.yml" | "okteto.yaml" => Some(Definition::new("okteto", file, start())),
        ".gitpod.yml" => Some(Definition { complete: single, ..Definition::new("gitpod", file, start()) }),
        _ => None,
    }
}

/// A shell with tools: no isolation by container or machine, and it does not start the program.
fn shell_of<'a>(tool: &'static str, file: &'a File, at: Location) -> Definition<'a> {
    Definition { virtualised: false, runs_application: false, complete: false, ..Definition::new(tool, file, at) }
}

fn machines(file: &File) -> Option<Definition<'_>> {
    let read = vagrant::read(file.str());
    let mut configure = read.configure?;
    if let Some(first) = read.boxes.first() {
        configure.end = configure.end.max(first.range.end.min(configure.end + 400));
    }
    let mut definition = Definition::new("vagrant", file, file.at(configure));
    let machines = read.machines.iter().map(|(_, range)| range).take(8);
    definition.also = machines.chain(read.providers.iter().take(8)).map(|range| file.at(range.clone())).collect();
    definition.services = read.machines.into_iter().map(|(name, _)| name).collect();
    definition.complete = !read.provisioners.is_empty();
    Some(definition)
}

fn devcontainer(file: &File, single: bool) -> Option<Definition<'_>> {
    let root = &file.json().documents.first()?.root;
    let base = ["image", "dockerFile", "build", "dockerComposeFile"].iter().find_map(|key| root.entry_range(key));
    let at = base.map_or_else(|| file.start(), |range| file.at(range));
    let composed = root.get("dockerComposeFile").map_or(Vec::new(), Node::one_or_many);
    let files: Vec<String> = composed.into_iter().filter_map(|name| path::join(file.dir(), name.as_str()?)).collect();
    let sets_up = ["postCreateCommand", "postStartCommand", "onCreateCommand", "updateContentCommand"];
    let complete = single && sets_up.iter().any(|key| root.get(key).is_some());
    Some(Definition { complete, files, ..Definition::new("devcontainer", file, at) })
}

/// One definition per Compose file that runs the application or is meant to.
fn composes<'a>(landscape: &Landscape<'a>) -> Vec<Definition<'a>> {
    let mut files: Vec<&'a File> = landscape.services.iter().map(|service| service.file).collect();
    files.dedup_by(|a, b| a.path == b.path);
    files.into_iter().map(|file| compose(landscape, file)).collect()
}

fn compose<'a>(landscape: &Landscape<'a>, file: &'a File) -> Definition<'a> {
    let own = landscape.services_of(&[file.path.to_string()]);
    let read_with = read_with(landscape, file);
    let all = landscape.services_of(&read_with);
    let runs = own.iter().copied().find(|service| service.application);
    let purpose = purpose(landscape, file, &own);
    let at = runs.or(own.first().copied()).map_or_else(|| file.start(), |service| service.at.clone());
    let others = own.iter().filter(|service| service.application).skip(1).take(7);
    let mut definition = Definition::new("compose", file, at);
    definition.also = others.map(|service| service.at.clone()).collect();
    definition.services = own.iter().map(|service| service.name.clone()).collect();
    definition.runs_application = runs.is_some();
    definition.purpose = purpose;
    definition.counts = file.class.own() && !file.class.example && runs.is_some() && purpose == "development";
    definition.complete = landscape.covers(&all);
    definition.files = read_with;
    if own.iter().all(|service| service.build.is_none()) {
        definition.sure = Confidence::Likely;
    }
    definition
}

/// The file itself, its override, the main file that it is laid over, and what it includes.
fn read_with(landscape: &Landscape<'_>, file: &File) -> Vec<String> {
    let mut files = vec![file.path.to_string()];
    if let Some(read) = crate::container::compose::read(landscape.project, file) {
        files.extend(read.includes);
    }
    let stem = file.name().rsplit_once('.').map_or("", |(stem, _)| stem);
    let main = ["compose", "docker-compose"];
    for extension in ["yml", "yaml"] {
        for name in main {
            let is_main = main.contains(&stem);
            let beside = if is_main { format!("{name}.override.{extension}") } else { format!("{name}.{extension}") };
            files.extend(landscape.file(file.dir(), &beside).map(|found| found.path.to_string()));
        }
    }
    files
}

/// What a Compose file is for: its name says so, or what it runs and who calls it.
fn purpose(landscape: &Landscape<'_>, file: &File, own: &[&Service<'_>]) -> &'static str {
    let builds = own.iter().any(|service| service.build.is_some());
    match own.first().map_or("other", |service| service.purpose) {
        "test" => "test",
        "ci" => "platform",
        "deployment" => "deployment",
        "development" | "devcontainer" => "development",
        // Images alone, fetched on a host by a pipeline or a playbook: that is how it is deployed.
        _ if !builds && called_to_deploy(landscape, file) => "deployment",
        _ => "development",
    }
}

fn called_to_deploy(landscape: &Landscape<'_>, file: &File) -> bool {
    landscape
        .project
        .files()
        .filter(|caller| is_deployer(&caller.path))
        .any(|caller| caller.str().contains(file.name()))
}

/// Files of pipelines and playbooks.
fn is_deployer(path: &str) -> bool {
    let name = path::name(path);
    path.starts_with(".github/workflows/")
        || name.starts_with(".gitlab-ci")
        || name.starts_with("Jenkinsfile")
        || path.split('/').any(|part| part == "ansible" || part == "playbooks" || part == "roles")
        || name.starts_with("playbook")
}

pub(super) fn push(definitions: &[Definition<'_>], sink: &mut Sink) {
    for one in definitions {
        let mut fact = Fact::new("env.definition", "environment", one.at.clone())
            .with("tool", one.tool)
            .with("dir", one.file.dir())
            .with("counts", one.counts)
            .with("virtualised", one.virtualised)
            .with("runs_application", one.runs_application)
            .with("complete", one.complete)
            .with("services", one.services.clone())
            .with("purpose", one.purpose);
        for location in &one.also {
            fact = fact.also(location.clone());
        }
        sink.push(fact.confidence(one.sure));
    }
}
