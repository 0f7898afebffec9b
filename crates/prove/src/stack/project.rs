//! A Compose project of the assessed tree: its services, and what of it cannot be honoured here.

use std::collections::{BTreeMap, BTreeSet};

use super::layers::{self, folder, join};
use super::parse;
use super::service::{Service, Unhonoured};
use super::variables::env_file;
use crate::say::{Say, say};
use crate::tree::Tree;

/// The names that Compose looks for, in its order.
const NAMES: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];
/// What developers copy to `.env` when the repository keeps none.
const EXAMPLES: [&str; 10] = [
    ".env.example",
    ".env.sample",
    ".env.dist",
    ".env.template",
    "env.example",
    "example.env",
    ".env-example",
    ".env.defaults",
    "sample.env",
    ".env.development",
];
const SERVICES: usize = 100;

/// A project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Project {
    /// The file that it was asked for by; paths are told from its folder.
    pub file: String,
    /// All files that were read.
    pub files: Vec<String>,
    pub services: BTreeMap<String, Service>,
    pub unhonoured: Vec<Unhonoured>,
    /// What was taken for something that the repository does not hold, and variables without a value.
    pub notes: Vec<Say>,
}

/// The Compose files of the tree that stand for themselves, those that Compose finds by itself first.
pub(crate) fn found(tree: &Tree) -> Vec<String> {
    let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    let mut found: Vec<(usize, usize, String)> = Vec::new();
    for (path, _) in tree.files().filter(|(_, file)| file.own) {
        let name = name(path);
        let compose = (name.contains("compose") || name.starts_with("stack."))
            && (name.ends_with(".yml") || name.ends_with(".yaml"));
        if !compose || name.contains(".override.") {
            continue;
        }
        let rank = NAMES.iter().position(|known| *known == name).unwrap_or(NAMES.len());
        // Of several names in one folder, Compose takes one.
        let beside = |other: &str| tree.has(&join(folder(path), other).unwrap_or_default());
        if rank < NAMES.len() && NAMES[..rank].iter().any(|other| beside(other)) {
            continue;
        }
        found.push((usize::from(rank == NAMES.len()), path.matches('/').count(), path.to_owned()));
    }
    found.sort();
    found.into_iter().map(|(_, _, path)| path).collect()
}

impl Project {
    /// Reads a file with the override beside it, as `docker compose -f FILE --profile …` does.
    ///
    /// # Errors
    /// With the place of what cannot be read.
    pub fn read(tree: &Tree, file: &str, profiles: &[&str]) -> Result<Self, Say> {
        let (stem, ending) = file.rsplit_once('.').unwrap_or((file, "yaml"));
        let standard = NAMES.iter().any(|name| file == *name || file.ends_with(&format!("/{name}")));
        let over = format!("{stem}.override.{ending}");
        let mut files = vec![file];
        if standard && tree.has(&over) {
            files.push(&over);
        }
        Self::layered(tree, &files, profiles)
    }

    /// Reads files laid over each other, as `docker compose -f A -f B` does.
    ///
    /// # Errors
    /// As [`Project::read`].
    pub fn layered(tree: &Tree, files: &[&str], profiles: &[&str]) -> Result<Self, Say> {
        let file = *files.first().ok_or(say!("no-file"))?;
        let mut notes = Vec::new();
        let known = environment(tree, folder(file), &mut notes);
        let layered = layers::lay(tree, files, &known)?;
        notes.extend(layered.unset.iter().map(|name| say!("variable-unset", name)));
        let mut project = Self {
            file: file.to_owned(),
            files: layered.files,
            services: BTreeMap::new(),
            unhonoured: Vec::new(),
            notes,
        };
        let services = layered.root.get("services").map_or(Vec::new(), |all| all.entries().take(SERVICES).collect());
        for (name, value) in services {
            let place = parse::Place { tree, root: &layered.root, known: &known, folder: folder(file), over: files };
            let parsed = place.service(name, value)?;
            project.unhonoured.extend(parsed.unhonoured);
            project.notes.extend(parsed.notes);
            project.services.insert(name.clone(), parsed.service);
        }
        if project.services.is_empty() {
            return Err(say!("names-no-service", file));
        }
        project.keep(profiles);
        Ok(project)
    }

    /// Leaves out what only profiles start that are not asked for; what a service that stays needs stays too.
    fn keep(&mut self, profiles: &[&str]) {
        let asked = |service: &&Service| {
            service.profiles.is_empty() || service.profiles.iter().any(|profile| profiles.contains(&&**profile))
        };
        let names: Vec<String> = self.services.values().filter(asked).map(|service| service.name.clone()).collect();
        self.narrow(&names.iter().map(String::as_str).collect::<Vec<_>>());
    }

    /// The same with these services and what they need only.
    pub fn only(&self, names: &[&str]) -> Self {
        let mut project = self.clone();
        project.narrow(names);
        project
    }

    fn narrow(&mut self, names: &[&str]) {
        let mut kept: BTreeSet<String> = BTreeSet::new();
        let mut open: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        while let Some(name) = open.pop() {
            let Some(service) = self.services.get(&name) else { continue };
            if kept.insert(name) {
                open.extend(service.needs.iter().map(|need| need.service.clone()));
            }
        }
        self.services.retain(|name, _| kept.contains(name));
        self.unhonoured.retain(|found| kept.contains(&found.service));
    }

    /// The services in the order in which they start.
    ///
    /// # Errors
    /// When they wait for each other, or for one that is not there.
    pub fn order(&self) -> Result<Vec<&Service>, Say> {
        let mut order: Vec<&Service> = Vec::new();
        let mut left: Vec<&Service> = self.services.values().collect();
        while !left.is_empty() {
            let done = |name: &str| order.iter().any(|service| service.name == name);
            let ready = |service: &&Service| service.needs.iter().all(|need| done(&need.service));
            let (now, later): (Vec<&Service>, Vec<&Service>) = left.into_iter().partition(ready);
            if now.is_empty() {
                let need = later.iter().flat_map(|service| &service.needs).find(|need| !done(&need.service));
                let name = need.map(|need| need.service.as_str()).unwrap_or_default();
                let what = if self.services.contains_key(name) {
                    say!("services-wait")
                } else {
                    say!("no-service", service = name)
                };
                return Err(match need {
                    Some(need) => say!("at-line", path = need.at.path, line = need.at.line, what),
                    None => what,
                });
            }
            order.extend(now);
            left = later;
        }
        Ok(order)
    }

    /// The same without one service, which others then look for in vain.
    pub fn without(&self, name: &str) -> Self {
        let mut project = self.clone();
        project.services.remove(name);
        project.unhonoured.retain(|found| found.service != name);
        for service in project.services.values_mut() {
            service.needs.retain(|need| need.service != name);
        }
        project
    }

    /// The first reason why a service cannot be what it is here.
    pub fn hindered(&self) -> Option<&Unhonoured> {
        self.unhonoured.iter().find(|found| found.fatal)
    }
}

/// The variables of the project: `.env`, or the example of it that the repository keeps.
fn environment(tree: &Tree, dir: &str, notes: &mut Vec<Say>) -> BTreeMap<String, String> {
    let at = |name: &str| join(dir, name).unwrap_or_default();
    if let Some(text) = tree.text(&at(".env")) {
        return env_file(text);
    }
    let example = EXAMPLES.iter().map(|name| at(name)).find(|path| tree.has(path));
    let Some((path, text)) = example.and_then(|path| Some((path.clone(), tree.text(&path)?))) else {
        return BTreeMap::new();
    };
    notes.push(say!("path-for", path, wanted = at(".env")));
    env_file(text)
}

/// The example that stands for an env file that the repository does not hold.
pub(crate) fn example(tree: &Tree, path: &str) -> Option<String> {
    let dir = folder(path);
    let name = path.rsplit('/').next().unwrap_or(path);
    let own =
        [".example", ".sample", ".dist", ".template", "-example", "-sample"].map(|ending| format!("{name}{ending}"));
    let shared = EXAMPLES.iter().map(|name| (*name).to_owned());
    own.into_iter().chain(shared).filter_map(|name| join(dir, &name)).find(|path| tree.has(path))
}
