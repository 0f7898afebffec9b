//! Containers: image definitions and Compose projects.

pub mod base;
mod builders;
pub(crate) mod compose;
mod compose_facts;
pub mod dockerfile;
mod images;
mod names;
pub mod reference;

pub(crate) use compose_facts::{Service, services};
pub(crate) use images::{Image, bases, images, packs_program};
pub(crate) use names::{is_compose, is_dockerfile};

use crate::{Project, Sink};

/// Pushes the facts of image definitions and of Compose services.
pub(crate) fn source(project: &Project, sink: &mut Sink) {
    let components = crate::application::components(project);
    let images = images(project, &components);
    images::push(project, &images, sink);
    builders::push(project, &components, sink);
    let services = services(project, &components, &images);
    compose_facts::push(project, &services, sink);
}
