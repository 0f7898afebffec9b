//! Compose services as facts: what each of them runs, and whether that is the application.

use std::collections::BTreeSet;

use facts::{Fact, Location};

use super::compose::{self, Build};
use super::images::Image;
use super::names;
use super::reference::Reference;
use crate::application::Component;
use crate::{File, Project, Sink, path};

/// A service with what it runs.
pub(crate) struct Service<'a> {
    pub name: String,
    pub file: &'a File,
    /// From its name to the image or build.
    pub at: Location,
    pub whole: Location,
    /// The image reference and whether all its variables are known.
    pub image: Option<(String, bool)>,
    pub build: Option<Build>,
    /// The directories of the components that it runs.
    pub components: Vec<String>,
    pub application: bool,
    pub profiles: Vec<String>,
    pub purpose: &'static str,
    healthcheck: bool,
    waits_healthy: Vec<String>,
}

/// All services of all Compose files, in the order of their files.
pub(crate) fn services<'a>(project: &'a Project, components: &[Component], images: &[Image<'_>]) -> Vec<Service<'a>> {
    let files = compose::files(project);
    let built: BTreeSet<String> = files
        .iter()
        .flat_map(|file| &file.services)
        .filter(|service| service.get("build").is_some())
        .filter_map(|service| service.image(project))
        .map(|(image, _)| Reference::read(&image).repository)
        .collect();
    let mut found = Vec::new();
    for read in &files {
        for declared in &read.services {
            let build = declared.build(project);
            let image = declared.image(project);
            // Without its definition a build cannot run.
            let repository =
                build.as_ref().is_some_and(|build| build.inline || project.file(&build.definition).is_some());
            let mut runs = match &build {
                Some(build) if repository => packed(build, components, images),
                Some(_) => Vec::new(),
                None => mounted(&declared.mounts(), components),
            };
            let own = build.is_none()
                && image.as_ref().is_some_and(|(image, _)| is_own(image, components, &built, &mut runs));
            found.push(Service {
                name: declared.name.clone(),
                file: read.file,
                at: read.file.at(declared.shown.clone()),
                whole: read.file.at(declared.range.clone()),
                application: repository || own || !runs.is_empty(),
                components: runs,
                image,
                build,
                profiles: declared.names("profiles"),
                purpose: purpose(read.file),
                healthcheck: declared.healthcheck(),
                waits_healthy: declared.waits_healthy(),
            });
        }
    }
    found
}

fn purpose(file: &File) -> &'static str {
    if file.class.test { "test" } else { names::purpose(&file.path) }
}

/// The components that a build packs.
fn packed(build: &Build, components: &[Component], images: &[Image<'_>]) -> Vec<String> {
    let real = || components.iter().filter(|component| component.real());
    let image = images.iter().find(|image| *image.file.path == *build.definition);
    if let Some(component) = image.and_then(|image| image.component.clone()) {
        return vec![component];
    }
    let exact = real().find(|component| component.dir == build.context);
    let around = || {
        real()
            .filter(|component| path::within(&build.context, &component.dir))
            .max_by_key(|component| component.dir.len())
    };
    exact.or_else(around).map(|component| component.dir.clone()).into_iter().collect()
}

/// The components whose source a container of some language mounts.
fn mounted(mounts: &[String], components: &[Component]) -> Vec<String> {
    let real = components.iter().filter(|component| component.real() && component.parser != "plain");
    real.filter(|component| mounts.contains(&component.dir)).map(|component| component.dir.clone()).collect()
}

/// Whether an image is one of the project's: named like a component, or built by another Compose file.
fn is_own(image: &str, components: &[Component], built: &BTreeSet<String>, runs: &mut Vec<String>) -> bool {
    let reference = Reference::read(image);
    if super::base::is_official(&reference) {
        return false;
    }
    if built.contains(&reference.repository) {
        return true;
    }
    let name = reference.name().to_ascii_lowercase();
    let named = components.iter().filter(|component| component.real()).find(|component| {
        let dir = path::name(&component.dir).to_ascii_lowercase();
        !name.is_empty()
            && (dir == name
                || component.name.to_ascii_lowercase() == name
                || (dir.len() > 3 && name.ends_with(&format!("-{dir}"))))
    });
    if let Some(component) = named {
        runs.push(component.dir.clone());
    }
    named.is_some()
}

pub(super) fn push(project: &Project, services: &[Service<'_>], sink: &mut Sink) {
    for file in project.files().filter(|file| names::is_compose(file)) {
        sink.checked(file, file.yaml(), "compose", "container");
    }
    for service in services {
        let (image, known) = service.image.clone().unwrap_or_default();
        let build = service.build.as_ref();
        let fact = Fact::new("compose.service", "compose", service.whole.clone())
            .with("name", service.name.as_str())
            .with("file", &*service.file.path)
            .with("pinned", build.is_some() || (known && Reference::read(&image).pinned()))
            .with("image", image)
            .with("context", build.map_or("", |build| build.context.as_str()))
            .with("builds", build.is_some())
            .with("definition", build.map_or("", |build| build.definition.as_str()))
            .with("component", service.components.first().map_or("", String::as_str))
            .with("application", service.application)
            .with("healthcheck", service.healthcheck)
            .with("waits_healthy", service.waits_healthy.clone())
            .with("profiles", service.profiles.clone())
            .with("purpose", service.purpose)
            .with("example", service.file.class.example);
        sink.push(fact);
    }
}
