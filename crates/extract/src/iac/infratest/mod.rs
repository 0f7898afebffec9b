//! Tests of infrastructure: what tool runs them, what they test, whether they assert anything.

mod chart;
mod code;
mod covers;
mod molecule;
mod policy;
mod shell;

pub(crate) use covers::run as covers;
pub(crate) use shell::run as scripts;

use facts::{Confidence, Fact, Location};

use crate::{Project, Sink};

const PARSER: &str = "infratest";

/// A sight of tests of infrastructure.
pub(crate) struct Suite {
    pub tool: &'static str,
    pub target: String,
    pub assertions: usize,
    pub scaffold: bool,
    /// behaviour, unit or policy.
    pub kind: &'static str,
    pub at: Location,
    pub sure: Confidence,
}

impl Suite {
    fn new(tool: &'static str, kind: &'static str, target: &str, at: Location) -> Self {
        Self { tool, target: target.to_owned(), assertions: 0, scaffold: false, kind, at, sure: Confidence::Exact }
    }

    fn asserting(mut self, assertions: usize) -> Self {
        self.assertions = assertions;
        self
    }

    fn tell(self, sink: &mut Sink) {
        let fact = Fact::new("infratest.suite", PARSER, self.at).with("tool", self.tool).with("target", self.target);
        let fact = fact.with("assertions", self.assertions).with("has_assertions", self.assertions > 0);
        sink.push(fact.with("scaffold", self.scaffold).with("kind", self.kind).confidence(self.sure));
    }
}

/// The facts about all of them.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    molecule::run(project, sink);
    code::run(project, sink);
    chart::run(project, sink);
    policy::run(project, sink);
}

/// The first line that asserts, and how many do.
fn asserting_lines(text: &crate::Text, holds: impl Fn(&str) -> bool) -> Option<(usize, usize)> {
    let mut lines = text
        .lines()
        .filter(|(_, line)| !line.trim_start().starts_with(['#', '/']) && holds(line))
        .map(|(number, _)| number);
    let first = lines.next()?;
    Some((first, 1 + lines.count()))
}
