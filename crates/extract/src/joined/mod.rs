//! Relations that join both ends of a delivery: what is built and what runs, what is tested, what is promoted where.

mod image;
mod promotion;
mod tested;

use facts::Facts;

use crate::{Project, Sink};

/// Joins images, tests and environments; it sees the deployments.
pub(crate) fn run(project: &Project, facts: &Facts, sink: &mut Sink) {
    promotion::run(facts, sink);
    image::run(project, facts, sink);
    tested::run(facts, sink);
}
