//! Environments of development: how they are defined, started, pinned and told about.

mod clusters;
mod definitions;
mod entries;
mod instructions;
mod landscape;
mod parity;
mod pins;
mod provision;
mod runners;
pub mod start;
mod steps;
pub mod vagrant;

use facts::Facts;

use crate::{Project, Sink};

/// Pushes the facts that need no other reader's.
pub(crate) fn source(project: &Project, sink: &mut Sink) {
    let landscape = landscape::Landscape::of(project);
    let definitions = definitions::definitions(&landscape);
    definitions::push(&definitions, sink);
    let entries = entries::entries(&landscape, &definitions);
    entries::push(&entries, sink);
    pins::push(&landscape, &definitions, sink);
    steps::push(&definitions, sink);
}

/// Joins environments with documents and with deployments.
pub(crate) fn relation(project: &Project, facts: &Facts, sink: &mut Sink) {
    let landscape = landscape::Landscape::of(project);
    let definitions = definitions::definitions(&landscape);
    let entries = entries::entries(&landscape, &definitions);
    instructions::push(&landscape, &definitions, &entries, facts, sink);
    parity::push(&landscape, &definitions, facts, sink);
}
