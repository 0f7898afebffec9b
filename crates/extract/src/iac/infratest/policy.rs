//! Tests of policies: Rego unit tests, Kyverno and Gatekeeper tests.

use super::{Suite, asserting_lines};
use crate::{File, Node, Project, Sink};

/// The facts of all such files.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    for file in project.files() {
        match file.extension().as_str() {
            "rego" => rego(file, sink),
            "yml" | "yaml" => kyverno(file, sink),
            _ => {}
        }
    }
}

/// `test_…` rules are tests of a policy; `deny` and `violation` rules test the files that Conftest gives them.
fn rego(file: &File, sink: &mut Sink) {
    let Ok(text) = file.text() else { return };
    if let Some((line, count)) = asserting_lines(text, |line| line.starts_with("test_")) {
        Suite::new("opa", "policy", "", file.at_line(line)).asserting(count).tell(sink);
    } else if let Some((line, count)) =
        asserting_lines(text, |line| ["deny", "violation", "warn"].iter().any(|rule| line.starts_with(rule)))
    {
        Suite::new("conftest", "policy", "", file.at_line(line)).asserting(count).tell(sink);
    }
}

fn kyverno(file: &File, sink: &mut Sink) {
    let named = file.name().starts_with("kyverno-test");
    let text = file.str();
    let gatekeeper = text.contains("test.gatekeeper.sh/") && text.contains("kind: Suite");
    if !named && !gatekeeper && !text.contains("cli.kyverno.io/") {
        return;
    }
    let mut count = 0;
    let mut first = None;
    for document in &file.yaml().documents {
        for key in ["results", "tests"] {
            let entries = document.root.get(key).map(Node::items).unwrap_or_default();
            count += entries.len();
            first = first.or_else(|| entries.first().map(|node| node.range.clone()));
        }
    }
    let at = first.map_or_else(|| file.start(), |range| file.at(range));
    Suite::new(if gatekeeper { "gatekeeper" } else { "kyverno" }, "policy", "", at).asserting(count).tell(sink);
}
