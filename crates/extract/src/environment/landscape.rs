//! What environments are about: the components of the application, its images and its Compose services.

use std::collections::BTreeSet;

use crate::application::{Component, components};
use crate::container::{Image, Service, images, services};
use crate::{File, Project, path};

/// The application as environments see it.
pub(super) struct Landscape<'a> {
    pub project: &'a Project,
    pub components: Vec<Component>,
    pub images: Vec<Image<'a>>,
    pub services: Vec<Service<'a>>,
    /// The directories of the components that an environment must start to be complete.
    pub required: BTreeSet<String>,
}

impl<'a> Landscape<'a> {
    pub fn of(project: &'a Project) -> Self {
        let components = components(project);
        let images = images(project, &components);
        let services = services(project, &components, &images);
        let required = required(&components, &images);
        Self { project, components, images, services, required }
    }

    /// The services of a Compose file and of those that it includes or that are read with it.
    pub fn services_of(&self, files: &[String]) -> Vec<&Service<'a>> {
        let read_with = |path: &str| files.iter().any(|file| file == path);
        self.services.iter().filter(|service| read_with(&service.file.path)).collect()
    }

    /// Whether services start every component that the application needs.
    pub fn covers(&self, services: &[&Service<'a>]) -> bool {
        // What only starts with a profile is optional, and declared so.
        let run: BTreeSet<&String> = services.iter().flat_map(|service| &service.components).collect();
        let mut started = services.iter().filter(|service| service.profiles.is_empty());
        self.required.iter().all(|dir| run.contains(dir)) && started.any(|service| service.application)
    }

    /// The regular file at a path relative to a directory.
    pub fn file(&self, dir: &str, name: &str) -> Option<&'a File> {
        self.project.file(&path::join(dir, name)?)
    }
}

/// Jobs that are run once or on demand, which no environment needs to keep up.
fn runs_once(dir: &str) -> bool {
    let names =
        ["migrations", "migration", "seed", "seed-data", "seeds", "jobs", "cron", "loadgenerator", "load-generator"];
    dir.split('/').any(|part| names.contains(&part))
}

/// Components with an image of their own when there are images, else all that are not libraries.
fn required(components: &[Component], images: &[Image<'_>]) -> BTreeSet<String> {
    let mut packed: BTreeSet<String> =
        images.iter().filter(|image| image.application).filter_map(|image| image.component.clone()).collect();
    packed.retain(|dir| !runs_once(dir));
    if !packed.is_empty() {
        return packed;
    }
    let real = components.iter().filter(|component| component.real() && !component.library);
    real.map(|component| component.dir.clone()).collect()
}
