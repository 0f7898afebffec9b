//! Entries that set up or start the environment: what the tools themselves offer, and targets and scripts.

use std::collections::BTreeMap;

use facts::{Fact, Location};

use super::definitions::Definition;
use super::landscape::Landscape;
use super::runners::{self, Called};
use super::start::Start;
use super::{clusters, vagrant};
use crate::{File, Sink, path};

/// A versioned entry.
pub(super) struct Entry<'a> {
    pub runner: &'static str,
    pub entry: String,
    pub file: &'a File,
    pub at: Location,
    pub also: Vec<Location>,
    pub complete: bool,
    pub tool: &'static str,
}

/// All entries: those of the definitions first, then those of runners and scripts.
pub(super) fn entries<'a>(landscape: &Landscape<'a>, definitions: &[Definition<'a>]) -> Vec<Entry<'a>> {
    let mut found: Vec<Entry<'a>> =
        definitions.iter().filter(|definition| definition.counts).filter_map(of_definition).collect();
    let calls = runners::calls(landscape.project);
    let composed = composed(landscape, definitions, &calls);
    for call in &calls {
        let Some(start) = &call.start else { continue };
        let complete = match start.tool {
            "compose" => composed.get(&call.file.path.to_string()).copied(),
            "run" => Some(landscape.required.len() <= 1),
            "kind" | "k3d" | "minikube" => Some(clusters::deploys(call)),
            tool => definitions.iter().find(|one| one.counts && one.tool == tool).map(|one| one.complete),
        };
        if let Some(complete) = complete {
            found.push(Entry {
                runner: call.runner,
                entry: call.entry.clone(),
                file: call.file,
                at: call.at.clone(),
                also: Vec::new(),
                complete,
                tool: start.tool,
            });
        }
    }
    found
}

fn of_definition<'a>(definition: &Definition<'a>) -> Option<Entry<'a>> {
    let (runner, command) = match definition.tool {
        "compose" => ("compose", "docker compose up"),
        "vagrant" => ("vagrant", "vagrant up"),
        "tilt" => ("tilt", "tilt up"),
        "skaffold" => ("skaffold", "skaffold dev"),
        "devspace" => ("devspace", "devspace dev"),
        "devcontainer" | "gitpod" => ("devcontainer", "devcontainer up"),
        "nix" | "devbox" => ("nix", "nix develop"),
        _ => return None,
    };
    let mut at = definition.at.clone();
    let mut also = definition.also.clone();
    if definition.tool == "vagrant" {
        let read = vagrant::read(definition.file.str());
        let mut ranges = read.provisioners.into_iter().map(|one| definition.file.at(one.range));
        at = ranges.next()?;
        also = ranges.take(7).collect();
    }
    let (entry, complete) = (command.to_owned(), definition.complete);
    Some(Entry { runner, entry, file: definition.file, at, also, complete, tool: definition.tool })
}

/// For every file with calls of Compose: whether all Compose files that it starts are complete together.
fn composed(landscape: &Landscape<'_>, definitions: &[Definition<'_>], calls: &[Called<'_>]) -> BTreeMap<String, bool> {
    let mut started: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for call in calls {
        if let Some(start) = call.start.as_ref().filter(|start| start.tool == "compose") {
            // Scripts in a folder are often run from the root.
            let files = compose_files(definitions, &[call.file.dir(), ""], start);
            if !files.is_empty() {
                started.entry(call.file.path.to_string()).or_default().extend(files);
            }
        }
    }
    started.into_iter().map(|(path, files)| (path, landscape.covers(&landscape.services_of(&files)))).collect()
}

/// The Compose files that a command started in one of these directories reads, when one of them is an environment.
pub(super) fn compose_files(definitions: &[Definition<'_>], bases: &[&str], start: &Start) -> Vec<String> {
    let counted = || definitions.iter().filter(|one| one.tool == "compose" && one.counts);
    let mut dirs: Vec<String> = Vec::new();
    for base in bases {
        let base = match &start.dir {
            Some(change) => path::join(base, change),
            None => Some((*base).to_owned()),
        };
        dirs.extend(base);
    }
    if start.files.is_empty() {
        let standard = |name: &str| name.starts_with("compose.") || name.starts_with("docker-compose.");
        return dirs
            .iter()
            .find_map(|dir| {
                let here = counted()
                    .find(|one| one.file.dir() == dir && standard(one.file.name()) && is_main(one.file.name()));
                here.map(|one| one.files.clone())
            })
            .unwrap_or_default();
    }
    let named: Vec<String> =
        dirs.iter().flat_map(|dir| start.files.iter().filter_map(|file| path::join(dir, file))).collect();
    let read = counted().filter(|one| one.files.first().is_some_and(|file| named.contains(file)));
    read.flat_map(|one| one.files.clone()).collect()
}

fn is_main(name: &str) -> bool {
    matches!(name, "compose.yaml" | "compose.yml" | "docker-compose.yml" | "docker-compose.yaml")
}

pub(super) fn push(entries: &[Entry<'_>], sink: &mut Sink) {
    for one in entries {
        let mut fact = Fact::new("env.entry", "environment", one.at.clone())
            .with("runner", one.runner)
            .with("entry", one.entry.as_str())
            .with("complete", one.complete)
            .with("tool", one.tool);
        for location in &one.also {
            fact = fact.also(location.clone());
        }
        sink.push(fact);
    }
}
