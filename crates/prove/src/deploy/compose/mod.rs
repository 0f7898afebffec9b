//! Delivery by Compose: the file that deploys, the service where users come in, and the one that is delivered anew.
//!
//! [`Releasing`] delivers its next version while users ask; [`Keeping`] looks whether what volumes hold outlives a delivery.

mod kept;
mod release;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use facts::Fact;
use sandbox::Image;

pub(crate) use self::kept::Keeping;
pub(crate) use self::release::Releasing;
use super::subject::front;
use crate::experiment::{Bench, Ground, Line};
use crate::finding::At;
use crate::protocol::Stop;
use crate::say::{Say, Spoken, say};
use crate::stack::{Health, Images, Made, Origin, PATHS, Port, Project, Service, Stack, Wrong, found};

/// Ports at which nobody speaks HTTP: users do not come in there with a browser.
const OTHERWISE: [u16; 11] = [22, 25, 53, 1433, 1883, 3306, 5432, 5672, 6379, 9092, 27017];
/// What delivers a Compose file in another way than `docker compose up`, whose order is not its order.
const OTHER_WAYS: [&str; 3] = ["stack deploy", "docker rollout", "docker-rollout"];

/// A Compose file that is a deployment.
#[derive(Clone, Debug)]
pub(crate) struct Composed {
    file: String,
    project: Project,
    /// Why it is taken for one.
    because: Say,
    /// The service that users ask.
    entry: String,
    /// The service of the project's own that a broken release is made of.
    released: String,
    /// Where that is written.
    at: At,
    /// The addresses that are asked, the likeliest first.
    urls: Vec<String>,
}

impl Composed {
    /// The Compose file that deploys, if one does.
    ///
    /// # Errors
    /// With the reason why nothing is delivered by Compose.
    pub fn plan(ground: &Ground<'_>) -> Result<Self, Say> {
        let (file, because) = deploying(ground)?;
        let project = Project::read(ground.tree, &file, &[])?;
        let entry = entry(&project).ok_or_else(|| say!("no-user-port", file))?;
        let (entry, released) = (entry.clone(), released(&project, entry).clone());
        let urls = urls(ground, &entry);
        Ok(Self { file, because, entry: entry.name, at: released.at.clone(), released: released.name, urls, project })
    }

    /// What `preuve prove --plan` shows of it.
    fn up(&self) -> Line {
        let text = format!("docker compose --file {} up --detach", self.file);
        Line {
            what: say!("because", what = "deliver", why = self.because),
            text: text.into(),
            from: vec![format!("{}:{}", self.at.path, self.at.line)],
        }
    }

    /// Builds its images and starts it on a network of its own.
    fn raise<'a>(&self, bench: &'a Bench<'a>, name: &str) -> Result<Raised<'a>, Stop> {
        if let Some(unhonoured) = self.project.hindered() {
            return Err(Stop(unhonoured.spoken()));
        }
        let told = |wrong: Wrong| {
            let Stop(because) = Stop::from(wrong);
            Stop(say!("as-written-not", because))
        };
        let mut images = Images::new(bench);
        let made: Made = images.make(bench.tree, &self.project).map_err(told)?;
        let mut stack = Stack::new(bench, name)?;
        stack.lay(bench.tree, &self.project, made.clone())?;
        stack.up().map_err(told)?;
        let notes = self.project.notes.iter().cloned().chain(images.notes).collect();
        Ok(Raised { stack, made, stand_ins: images.stand_ins.into_iter().collect(), notes })
    }

    /// Makes a service anew as the file has it, but for a change, and waits until it is ready.
    fn recreate(
        &self,
        stack: &mut Stack<'_>,
        (name, image): (&str, Option<&Image>),
        change: impl FnOnce(&mut Service),
    ) -> Result<(), Wrong> {
        let original = self.project.services.get(name).cloned();
        stack.recreate(name, image, |service| {
            if let Some(original) = original {
                *service = original;
            }
            change(service);
        })?;
        stack.ready(name)
    }

    fn builds(&self, service: &str) -> bool {
        self.project.services.get(service).is_some_and(own)
    }

    /// The services of the project's own, in the order in which they start; what users ask where there are none.
    fn delivered(&self) -> Result<Vec<String>, Stop> {
        let order = self.project.order().map_err(Stop)?;
        let own: Vec<String> = order.into_iter().filter(|one| own(one)).map(|one| one.name.clone()).collect();
        Ok(if own.is_empty() { vec![self.released.clone()] } else { own })
    }
}

/// A project that runs, before anything of it is delivered anew.
struct Raised<'a> {
    stack: Stack<'a>,
    made: Made,
    stand_ins: Vec<Say>,
    notes: BTreeSet<Say>,
}

impl Raised<'_> {
    fn image(&self, service: &str) -> Result<Image, Stop> {
        self.made.get(service).cloned().ok_or_else(|| Stop(say!("has-no-image", service)))
    }
}

fn own(service: &Service) -> bool {
    matches!(service.origin, Origin::Build(_))
}

/// The file that deploys, and why it is taken for one.
fn deploying(ground: &Ground<'_>) -> Result<(String, Say), Say> {
    let found = found(ground.tree);
    let declared = ground.declared.environments.iter().filter_map(|one| one.path.as_ref());
    if let Some(path) = declared.into_iter().find(|path| found.contains(path)) {
        return Ok((path.clone(), say!("declared-so")));
    }
    let steps = || ground.facts.of("ci.step").iter().filter(|fact| fact.text("on") == "compose");
    let otherwise = |fact: &&Fact| OTHER_WAYS.iter().any(|way| fact.text("command").contains(way));
    if let Some(step) = steps().find(otherwise) {
        let what = say!("own-order", command = step.text("command"));
        return Err(
            super::written::at(step).map_or(what.clone(), |at| say!("at-line", path = at.path, line = at.line, what))
        );
    }
    let services = || ground.facts.of("compose.service").iter().filter(|fact| !fact.is("example"));
    let of = |purpose: &str| -> BTreeSet<&str> {
        services().filter(|fact| fact.text("purpose") == purpose).map(|fact| fact.text("file")).collect()
    };
    let first = |named: &BTreeSet<&str>| found.iter().find(|path| named.contains(path.as_str())).cloned();
    if let Some(file) = first(&of("deployment")) {
        return Ok((file, say!("path-says-so")));
    }
    if let (Some(file), Some(step)) = (found.first(), steps().next()) {
        return Ok((file.clone(), say!("pipeline-composes", pipeline = step.text("pipeline"))));
    }
    // What is not started again with the machine is for a developer, who sees that it ended.
    let file = first(&of("other")).filter(|file| {
        Project::read(ground.tree, file, &[]).is_ok_and(|read| read.services.values().any(|one| one.restarts))
    });
    let file = file.ok_or(say!("nothing-deploys"))?;
    Ok((file, say!("started-again")))
}

/// Ports where users may come in.
fn doors(service: &Service) -> impl Iterator<Item = &Port> {
    service.ports.iter().filter(|port| !port.udp && !OTHERWISE.contains(&port.inside))
}

/// The service where users come in: of those with a door, what is the project's own, is called so, and serves no other.
fn entry(project: &Project) -> Option<&Service> {
    let open = project.services.values().filter(|service| doors(service).next().is_some());
    open.max_by_key(|service| {
        let needed = project.services.values().any(|other| other.needs.iter().any(|need| need.service == service.name));
        (front(&service.name), own(service), !needed, std::cmp::Reverse(service.name.clone()))
    })
}

/// The service of the project's own that stands behind the entry, or the entry itself.
fn released<'p>(project: &'p Project, entry: &'p Service) -> &'p Service {
    if own(entry) {
        return entry;
    }
    let behind = entry.needs.iter().filter_map(|need| project.services.get(&need.service));
    let all = project.services.values().filter(|service| service.restarts || !service.ports.is_empty());
    behind.chain(all).find(|service| own(service)).unwrap_or(entry)
}

/// What is asked: what the candidate declares, what the service asks itself, what most applications answer.
fn urls(ground: &Ground<'_>, entry: &Service) -> Vec<String> {
    let path = |url: &str| {
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        rest.find('/').map(|at| rest[at..].trim_end_matches(['\'', '"', ';', ')']).to_owned())
    };
    let mut paths: Vec<String> =
        ground.declared.environments.iter().filter_map(|one| path(one.url.as_ref()?)).collect();
    let named = ground.declared.services.iter().filter(|one| one.name == entry.name);
    paths.extend(named.filter_map(|one| path(one.health.as_ref()?)));
    if let Health::Check(check) = &entry.health {
        let words = check.test.iter().flat_map(|word| word.split_whitespace());
        paths.extend(words.filter(|word| word.contains("://")).filter_map(path));
    }
    paths.extend(PATHS.map(str::to_owned));
    let mut seen = BTreeSet::new();
    paths.retain(|path| seen.insert(path.clone()));
    let ports: Vec<u16> = doors(entry).map(|port| port.inside).collect();
    let at = |port: u16| paths.iter().map(move |path| format!("http://{}:{port}{path}", entry.name));
    ports.into_iter().flat_map(at).collect()
}
