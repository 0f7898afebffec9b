//! A project that runs while somebody works on it: raised from a commit, laid anew when another comes, and looked at.

use serde::{Deserialize, Serialize};

use crate::experiment::Bench;
use crate::protocol::Stop;
use crate::say::{Say, Spoken, say};
use crate::stack::{Images, Project, Stack, Trouble, Wrong};
use crate::tree::Tree;

/// A Compose project that is kept running. What it made goes with the session.
pub struct Upkeep<'a> {
    images: Images<'a>,
    stack: Stack<'a>,
    file: String,
}

/// A service as it is at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    pub service: String,
    /// What the engine calls its container, for whoever may look into it.
    pub container: String,
    /// Why it is not well; nothing when it is.
    pub unwell: Option<Say>,
}

/// What an address answered; nothing when nobody did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    pub url: String,
    pub status: Option<u16>,
}

impl Seen {
    /// What is wrong with it, for people.
    pub fn told(&self) -> Option<Say> {
        self.unwell.as_ref().map(|what| say!("place-what", place = self.service, what))
    }
}

impl Asked {
    pub fn is_well(&self) -> bool {
        matches!(self.status, Some(200..=399))
    }

    /// What it answers instead of well, for people.
    pub fn told(&self) -> Option<Say> {
        let told = self.status.map_or_else(|| say!("no-answer"), |status| status.to_string().into());
        (!self.is_well()).then(|| say!("place-what", place = self.url, what = told))
    }
}

impl<'a> Upkeep<'a> {
    /// A network with nothing on it yet, for the project of a Compose file.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn open(bench: &'a Bench<'a>, file: &str) -> Result<Self, Stop> {
        Ok(Self { images: Images::new(bench), stack: Stack::new(bench, "lab")?, file: file.to_owned() })
    }

    /// Takes away what ran, and starts what this tree describes, with empty volumes. The inner error is the project's own.
    ///
    /// # Errors
    /// When the engine fails, or something is not to be had here.
    pub fn follow(&mut self, tree: &Tree) -> Result<Result<(), Say>, Stop> {
        let project = match Project::read(tree, &self.file, &[]) {
            Ok(project) => project,
            Err(why) => {
                self.stack.down()?;
                return Ok(Err(why));
            }
        };
        if let Some(hindrance) = project.hindered() {
            self.stack.down()?;
            return Ok(Err(hindrance.spoken()));
        }
        match self.start(tree, &project) {
            Ok(()) => Ok(Ok(())),
            Err(Wrong::Subject(trouble)) => Ok(Err(told(&trouble))),
            Err(Wrong::Here(stop)) => Err(stop),
        }
    }

    fn start(&mut self, tree: &Tree, project: &Project) -> Result<(), Wrong> {
        let made = self.images.make(tree, project)?;
        self.stack.lay(tree, project, made)?;
        self.stack.up()
    }

    /// Every service that was started and goes on, and how it is.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn look(&self) -> Result<Vec<Seen>, Stop> {
        let mut seen = Vec::new();
        for service in self.stack.project().services.values() {
            let Ok(container) = self.stack.container(&service.name) else { continue };
            let state = self.stack.state(&service.name)?;
            let unwell = match state.health.as_deref() {
                // What was there to do something has done it.
                _ if !state.running && state.exit == 0 && !service.restarts => continue,
                _ if !state.running => Some(say!("ended-exit", code = state.exit)),
                Some("healthy") | None => None,
                Some(health) => Some(say!("own-check-says", health)),
            };
            seen.push(Seen { service: service.name.clone(), container: container.0.clone(), unwell });
        }
        Ok(seen)
    }

    /// What an address answers to a member of the network.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn ask(&self, url: &str) -> Result<Asked, Stop> {
        Ok(Asked { url: url.to_owned(), status: self.stack.probe(url)?.map(|answer| answer.status) })
    }
}

fn told(trouble: &Trouble) -> Say {
    match trouble.wanting {
        Some(wanting) => say!("because", what = trouble, why = wanting),
        None => trouble.spoken(),
    }
}

#[cfg(test)]
mod tests {
    use sandbox::Ended;
    use sandbox::fake::Fake;

    use super::*;
    use crate::stack::tests::{on_bench, tree};

    const WEB: &str = "services: { web: { build: ., ports: [80] } }\n";

    #[test]
    fn a_commit_is_followed_and_looked_at() {
        let good = tree(&[("compose.yaml", WEB), ("Dockerfile", "FROM python\n")]);
        let bad = tree(&[("compose.yaml", "services: {}\n")]);
        let refused = Ended::exit(7, "\n000");
        on_bench(Fake::new().healthy().on("curl", [Ended::exit(0, "hello\n200"), refused]), &good, |bench, fake| {
            let mut upkeep = Upkeep::open(bench, "compose.yaml").unwrap();
            assert_eq!(upkeep.follow(&good).unwrap(), Ok(()));
            let seen = upkeep.look().unwrap();
            assert_eq!((seen.len(), &*seen[0].service, &seen[0].unwell), (1, "web", &None));
            assert!(fake.calls().iter().any(|call| call.starts_with(&format!("start {} ", seen[0].container))));
            assert_eq!(upkeep.ask("http://web/").unwrap().told(), None);
            assert_eq!(upkeep.ask("http://web/").unwrap().told().unwrap(), "http://web/: no answer");
            assert_eq!(upkeep.follow(&bad).unwrap().unwrap_err(), "compose.yaml names no service");
            assert!(fake.calls().contains(&format!("remove {}", seen[0].container)));
            assert!(upkeep.look().unwrap().is_empty(), "what does not run is not told to be well");
        });
    }
}
