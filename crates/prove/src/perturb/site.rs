//! The Compose project in which the application runs, chosen from the tree.

use crate::experiment::{Ground, Line};
use crate::finding::At;
use crate::say::{Say, Spoken, say};
use crate::stack::{Condition, Origin, Project, Service, found};

/// A project that builds an image of the repository and can be run here.
#[derive(Clone, Debug)]
pub(super) struct Site {
    pub file: String,
    pub project: Project,
}

impl Site {
    /// The first project that builds what the repository holds.
    ///
    /// # Errors
    /// With the reason why none can be run.
    pub fn of(ground: &Ground<'_>) -> Result<Self, Say> {
        let mut because = say!("no-compose-build");
        let facts = ground.facts.of("compose.service");
        for file in found(ground.tree) {
            let example = facts.iter().any(|fact| fact.text("file") == file && fact.is("example"));
            if example || file.starts_with(".devcontainer/") {
                continue;
            }
            match Self::read(ground, &file) {
                Ok(Some(site)) => return Ok(site),
                Ok(None) => {}
                Err(why) => because = why,
            }
        }
        Err(because)
    }

    fn read(ground: &Ground<'_>, file: &str) -> Result<Option<Self>, Say> {
        let project = Project::read(ground.tree, file, &[])?;
        let site = Self { file: file.to_owned(), project };
        if site.lasting().next().is_none() {
            return Ok(None);
        }
        if let Some(hindrance) = site.project.hindered() {
            return Err(hindrance.spoken());
        }
        site.project.order()?;
        Ok(Some(site))
    }

    /// The services of the repository's own images that go on: not those that do something and end.
    pub fn lasting(&self) -> impl Iterator<Item = &Service> {
        let tags: Vec<&str> = self.project.services.values().filter_map(tag).collect();
        let own = move |service: &&Service| match &service.origin {
            Origin::Build(_) => true,
            Origin::Image(name, _) => tags.contains(&&**name),
        };
        let awaited = |service: &&Service| {
            let needs = self.project.services.values().flat_map(|other| &other.needs);
            needs.clone().any(|need| need.service == service.name && need.condition == Condition::Completed)
        };
        self.project.services.values().filter(own).filter(move |service| !awaited(service))
    }

    /// Those among them whose health is told: by a check, or because they listen.
    pub fn told(&self) -> impl Iterator<Item = &Service> {
        let mut all: Vec<&Service> = self.lasting().collect();
        all.sort_by_key(|service| service.ports.is_empty());
        all.into_iter()
    }

    pub fn lines(&self) -> Vec<Line> {
        let shown = |service: &Service| match &service.origin {
            Origin::Image(name, _) => say!("start", name),
            Origin::Build(build) => {
                say!("build-start", name = if build.context.is_empty() { "." } else { &build.context })
            }
        };
        let line = |service: &Service| Line {
            what: say!("service", name = service.name),
            text: shown(service),
            from: vec![place(&service.at)],
        };
        self.project.services.values().map(line).collect()
    }

    pub fn skipped(&self) -> Vec<Line> {
        let line = |found: &crate::stack::Unhonoured| Line {
            what: found.what.clone(),
            text: say!("not-given"),
            from: vec![place(&found.at)],
        };
        self.project.unhonoured.iter().map(line).collect()
    }
}

fn tag(service: &Service) -> Option<&str> {
    match &service.origin {
        Origin::Build(build) => build.tag.as_deref(),
        Origin::Image(..) => None,
    }
}

pub(super) fn place(at: &At) -> String {
    format!("{}:{}", at.path, at.line)
}
