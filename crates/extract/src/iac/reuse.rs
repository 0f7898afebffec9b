//! Where infrastructure code is used from elsewhere: modules, charts, Kustomize bases, GitOps paths, profiles.

use std::collections::{BTreeMap, BTreeSet};

use facts::{Confidence, Fact, Facts, Location};

use super::standing;
use crate::{File, Node, Project, Sink, path};

const PARSER: &str = "reuse";

/// Reads uses of charts and bases.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    for file in project.files() {
        match file.name() {
            "Chart.yaml" | "requirements.yaml" if file.name() == "Chart.yaml" || beside_chart(project, file) => {
                chart(project, file, sink)
            }
            "helmfile.yaml" | "helmfile.yml" => helmfile(project, file, sink),
            _ => {}
        }
        if matches!(file.extension().as_str(), "yaml" | "yml") && !file.path.contains("/templates/") {
            let text = file.str();
            if text.contains("argoproj.io/") || text.contains(".toolkit.fluxcd.io/") {
                gitops(project, file, sink);
            }
        }
        lists(project, file, sink);
    }
    kustomize(project, sink);
}

fn beside_chart(project: &Project, file: &File) -> bool {
    path::join(file.dir(), "Chart.yaml").is_some_and(|path| project.file(&path).is_some())
}

struct Use<'a> {
    unit: &'a str,
    name: &'a str,
    own: bool,
    pinned: bool,
    at: Location,
    example: bool,
    to: Option<Location>,
}

fn tell(sink: &mut Sink, one: Use<'_>, sure: Confidence) {
    let fact = Fact::new("iac.reuse", PARSER, one.at).with("unit", one.unit).with("name", one.name);
    let fact = fact.with("origin", if one.own { "own" } else { "registry" }).with("pinned", one.pinned);
    let fact = fact.with("counts", one.own || one.pinned).with("example", one.example).confidence(sure);
    sink.push(match one.to {
        Some(to) => fact.also(to),
        None => fact,
    });
}

fn open(version: &str) -> bool {
    matches!(version.trim(), "" | "*" | "x" | "latest" | "HEAD" | "main" | "master")
        || version.trim().starts_with('>') && !version.contains(['<', ','])
}

fn chart(project: &Project, file: &File, sink: &mut Sink) {
    let Some(root) = file.yaml().documents.first().map(|document| &document.root) else { return };
    let example = standing::is_example(project, &file.path);
    let code =
        Fact::new("iac.code", PARSER, root.entry_range("name").map_or_else(|| file.start(), |range| file.at(range)));
    if file.name() == "Chart.yaml" && root.get("name").is_some() {
        sink.push(code.with("tool", "helm").with("dir", file.dir()).with("role", "chart").with("example", example));
    }
    for entry in root.get("dependencies").map(Node::items).unwrap_or_default() {
        let name = entry.str_at("name").unwrap_or_default();
        let repository = entry.str_at("repository").unwrap_or_default();
        let own = repository
            .strip_prefix("file://")
            .and_then(|local| path::join(file.dir(), local))
            .filter(|dir| project.has_dir(dir));
        let at = file.at(entry.range.clone());
        let pinned = own.is_none() && !repository.is_empty() && !open(entry.str_at("version").unwrap_or_default());
        tell(
            sink,
            Use { unit: "chart", name, own: own.is_some(), pinned, at: at.clone(), example, to: None },
            Confidence::Exact,
        );
        if let Some((category, tool)) = provisioning_chart(name, repository) {
            let fact =
                Fact::new("iac.resource", PARSER, at).with("tool", tool).with("type", format!("{repository}/{name}"));
            let fact = fact
                .with("name", entry.str_at("alias").unwrap_or(name))
                .with("mode", "managed")
                .with("category", category);
            sink.push(
                fact.with("provisions", true).with("dir", file.dir()).with("chart", name).with("example", example),
            );
        }
    }
}

/// Charts whose only content is an operator's resource that makes a database, a queue or a store.
fn provisioning_chart(name: &str, repository: &str) -> Option<(&'static str, &'static str)> {
    let known = [
        ("cluster", "cloudnative-pg", "database"),
        ("mariadb-cluster", "mariadb-operator", "database"),
        ("pg-db", "percona", "database"),
        ("psmdb-db", "percona", "database"),
        ("pxc-db", "percona", "database"),
        ("tenant", "min.io", "bucket"),
        ("mysql-innodbcluster", "mysql", "database"),
        ("redis-cluster", "ot-container-kit", "cache"),
        ("redis-replication", "ot-container-kit", "cache"),
    ];
    let found = known.iter().find(|(chart, place, _)| *chart == name && repository.contains(place))?;
    Some((found.2, "operator"))
}

fn helmfile(project: &Project, file: &File, sink: &mut Sink) {
    let example = standing::is_example(project, &file.path);
    for document in &file.yaml().documents {
        for release in document.root.get("releases").map(Node::items).unwrap_or_default() {
            let Some(name) = release.str_at("chart") else { continue };
            let own =
                path::join(file.dir(), name).filter(|dir| name.starts_with('.') && project.has_dir(dir)).is_some();
            let pinned = !own && !open(release.str_at("version").unwrap_or_default());
            let at = file.at(release.range.clone());
            tell(sink, Use { unit: "chart", name, own, pinned, at, example, to: None }, Confidence::Exact);
        }
    }
}

/// Argo CD and Flux objects that deploy a chart or a directory of the same repository, or a pinned chart.
fn gitops(project: &Project, file: &File, sink: &mut Sink) {
    let example = standing::is_example(project, &file.path);
    for document in &file.yaml().documents {
        document.root.walk(&mut |node| {
            if let Some(name) = node.str_at("chart") {
                let version = node.str_at("targetRevision").or_else(|| node.str_at("version")).unwrap_or_default();
                let own = path::join("", name).filter(|dir| name.starts_with('.') && project.has_dir(dir));
                let pinned = own.is_none() && !open(version);
                let at = file.at(node.range.clone());
                tell(
                    sink,
                    Use { unit: "chart", name, own: own.is_some(), pinned, at, example, to: None },
                    Confidence::Exact,
                );
            } else if let Some(name) = node.str_at("path").filter(|_| node.get("repoURL").is_some()) {
                let chart = path::join("", name)
                    .and_then(|dir| path::join(&dir, "Chart.yaml"))
                    .and_then(|path| project.file(&path));
                if let Some(chart) = chart {
                    let at = file.at(node.range.clone());
                    tell(
                        sink,
                        Use { unit: "chart", name, own: true, pinned: false, at, example, to: Some(chart.start()) },
                        Confidence::Exact,
                    );
                }
            }
        });
    }
}

fn is_kustomization(file: &File) -> bool {
    matches!(file.name(), "kustomization.yaml" | "kustomization.yml" | "Kustomization")
}

/// Kustomize bases: a directory outside that of the overlay, or one that several overlays share.
fn kustomize(project: &Project, sink: &mut Sink) {
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut found: Vec<(&File, &Node, String, bool)> = Vec::new();
    for file in project.files().filter(|file| is_kustomization(file)) {
        let Some(root) = file.yaml().documents.first().map(|document| &document.root) else { continue };
        let example = standing::is_example(project, &file.path);
        for key in ["resources", "bases", "components"] {
            for entry in root.get(key).map(Node::items).unwrap_or_default() {
                let Some(name) = entry.as_str() else { continue };
                remote(file, entry, name, example, sink);
                let dir = path::join(file.dir(), name).filter(|dir| !name.contains("://") && project.has_dir(dir));
                if let Some(dir) = dir {
                    uses.entry(dir.clone()).or_default().insert(file.path.to_string());
                    found.push((file, entry, dir, name.starts_with("..") || key == "components"));
                }
            }
        }
        for entry in root.get("helmCharts").map(Node::items).unwrap_or_default() {
            let pinned = !open(entry.str_at("version").unwrap_or_default());
            let one = Use {
                unit: "chart",
                name: entry.str_at("name").unwrap_or_default(),
                own: false,
                pinned,
                at: file.at(entry.range.clone()),
                example,
                to: None,
            };
            tell(sink, one, Confidence::Exact);
        }
    }
    for (file, entry, dir, outside) in found {
        if outside || uses.get(&dir).is_some_and(|files| files.len() > 1) {
            let name = entry.as_str().unwrap_or_default();
            let example = standing::is_example(project, &file.path);
            let to = project.below(&dir).find(|file| is_kustomization(file)).map(File::start);
            tell(
                sink,
                Use { unit: "base", name, own: true, pinned: false, at: file.at(entry.range.clone()), example, to },
                Confidence::Exact,
            );
        }
    }
}

fn remote(file: &File, entry: &Node, name: &str, example: bool, sink: &mut Sink) {
    if let Some((_, revision)) = name.split_once("ref=") {
        let pinned = !open(revision.split('&').next().unwrap_or_default());
        tell(
            sink,
            Use { unit: "base", name, own: false, pinned, at: file.at(entry.range.clone()), example, to: None },
            Confidence::Exact,
        );
    }
}

/// `Puppetfile`, `Berksfile`, `Policyfile.rb`: each line with a name and a version is a pinned unit.
fn lists(project: &Project, file: &File, sink: &mut Sink) {
    let (unit, word) = match file.name() {
        "Puppetfile" => ("module", "mod "),
        "Berksfile" | "Policyfile.rb" => ("recipe", "cookbook "),
        _ => return,
    };
    let Ok(text) = file.text() else { return };
    let example = standing::is_example(project, &file.path);
    for (number, line) in text.lines().filter(|(_, line)| line.starts_with(word)) {
        let name = line[word.len()..].split(',').next().unwrap_or_default().trim().trim_matches(['"', '\'']);
        let pinned = line.split_once(',').is_some_and(|(_, rest)| rest.contains(|digit: char| digit.is_ascii_digit()));
        tell(
            sink,
            Use { unit, name, own: false, pinned, at: file.at_line(number), example, to: None },
            Confidence::Exact,
        );
    }
}

/// Uses that other facts tell: module calls, and commands that deploy an own chart.
pub(crate) fn of_facts(_: &Project, facts: &Facts, sink: &mut Sink) {
    for call in facts.of("iac.module-call") {
        let own = call.text("origin") == "local" && !call.text("dir").is_empty();
        let name = call.text("source");
        // A repository that is one module is used by its own examples.
        let whole = call.text("origin") == "local" && call.text("dir").is_empty() && call.is("example");
        let own = own || whole;
        let one = Use {
            unit: "module",
            name,
            own,
            pinned: call.is("pinned"),
            at: call.location().clone(),
            example: call.is("example") && !whole,
            to: None,
        };
        let sure = if own { Confidence::Exact } else { Confidence::Likely };
        tell(sink, one, sure);
    }
    let charts: Vec<(&str, &Fact)> = facts
        .of("iac.code")
        .iter()
        .filter(|code| code.text("role") == "chart")
        .map(|code| (code.text("dir"), code))
        .collect();
    for fact in facts.of("ci.step").iter().chain(facts.of("command")) {
        let command = fact.text("command");
        let deploys = command.contains("helm")
            && command.split_whitespace().any(|word| matches!(word, "upgrade" | "install" | "template"));
        for (dir, code) in charts.iter().filter(|(dir, _)| deploys && !dir.is_empty() && named(command, dir)) {
            let one = Use {
                unit: "chart",
                name: dir,
                own: true,
                pinned: false,
                at: fact.location().clone(),
                example: code.is("example"),
                to: Some(code.location().clone()),
            };
            tell(sink, one, Confidence::Likely);
        }
    }
}

/// Whether a word of a command is a directory, by its whole path or by its last two parts.
fn named(command: &str, dir: &str) -> bool {
    // `helm` alone is the program, even where a chart lies in a folder of that name.
    let words = command.split([' ', '"', '\'', '=']).filter(|word| *word != "helm");
    words.map(|word| word.trim_start_matches("./").trim_end_matches('/')).any(|word| {
        word == dir
            || word.ends_with(&format!("/{dir}"))
            || (!word.is_empty() && word.contains('/') && dir.ends_with(word))
    })
}
