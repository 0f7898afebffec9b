//! How secrets are handled: encrypted files, secret stores, protected variables of pipelines.

mod files;
pub(crate) mod pipeline;
mod resources;
mod stores;

use facts::{Confidence, Fact, Location};

use crate::{Project, Sink};

const PARSER: &str = "secret-manager";

/// Reads everything that shows a secret manager in use.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    files::run(project, sink);
    stores::run(project, sink);
    pipeline::run(project, sink);
}

pub(crate) use resources::run as of_facts;

/// One use of a secret manager.
struct Use<'a> {
    tool: &'static str,
    how: &'static str,
    name: &'a str,
    at: Location,
    example: bool,
    sure: Confidence,
}

fn tell(sink: &mut Sink, one: Use<'_>) {
    let fact = Fact::new("secret.manager", PARSER, one.at).with("tool", one.tool).with("how", one.how);
    sink.push(fact.with("name", one.name).with("example", one.example).confidence(one.sure));
}
