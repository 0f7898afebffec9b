//! The application: components, their packages, their tests, and what the repository is as a whole.

mod assertions;
mod component;
mod dotnet;
mod interface;
mod java;
mod javascript;
mod manifest;
mod others;
mod plain;
mod python;
pub mod requirements;
mod shape;
mod suites;

use facts::{Confidence, Fact};

use crate::{Project, Sink};

pub(crate) use component::Component;
pub(crate) use manifest::components;

/// Pushes one fact per component.
pub(crate) fn components_source(project: &Project, sink: &mut Sink) {
    for component in components(project) {
        let fact = Fact::new("app.component", component.parser, component.at.clone())
            .with("name", component.name.as_str())
            .with("dir", component.dir.as_str())
            .with("language", component.language)
            .with("manager", component.manager)
            .with("locked", component.locked)
            .with("lock", component.lock.as_deref().unwrap_or_default())
            .with("dependencies", component.dependencies)
            .with("example", component.example)
            .with("tooling", component.tooling)
            .with("library", component.library);
        let sure = if component.parser == "plain" { Confidence::Likely } else { Confidence::Exact };
        sink.push(fact.confidence(sure));
    }
}

/// Pushes the one fact that says what the repository is.
pub(crate) fn shape_source(project: &Project, sink: &mut Sink) {
    shape::shape(project, sink);
}

/// Pushes one fact per test file.
pub(crate) fn tests_source(project: &Project, sink: &mut Sink) {
    suites::push(project, sink);
}

/// Pushes one fact per description of an interface.
pub(crate) fn interface_source(project: &Project, sink: &mut Sink) {
    interface::push(project, sink);
}
