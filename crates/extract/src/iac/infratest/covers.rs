//! Each test of infrastructure joined with the code that it tests.

use facts::{Fact, Facts};

use super::PARSER;
use crate::{Project, Sink};

/// Joins suites with the role, module, chart or directory that they name.
pub(crate) fn run(_: &Project, facts: &Facts, sink: &mut Sink) {
    for suite in facts.of("infratest.suite") {
        let target = suite.text("target");
        let code =
            facts.of("iac.code").iter().find(|code| code.text("dir") == target && code.text("role") != "inventory");
        let known = !target.is_empty() || suite.text("tool") == "molecule" || suite.text("tool") == "terraform-test";
        if let Some(code) = code.filter(|_| known) {
            let fact = Fact::new("infratest.covers", PARSER, suite.location().clone()).with("tool", suite.text("tool"));
            sink.push(fact.with("target", target).also(code.location().clone()));
        }
    }
}
