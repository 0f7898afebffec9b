//! Tests of charts and clusters: Helm test pods, helm-unittest, chainsaw and KUTTL.

use std::sync::LazyLock;

use regex::Regex;

use super::{Suite, asserting_lines};
use crate::{File, Node, Project, Sink, path};

/// The facts of all such files.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    for file in project.files().filter(|file| matches!(file.extension().as_str(), "yml" | "yaml")) {
        let text = file.str();
        if text.contains("helm.sh/hook") && hook(text) {
            helm_test(project, file, sink);
        } else if text.contains("asserts:")
            && file
                .yaml()
                .documents
                .iter()
                .any(|document| document.root.get("suite").is_some() || document.root.get("tests").is_some())
        {
            unittest(file, sink);
        } else if text.contains("chainsaw.kyverno.io") && text.contains("kind: Test") {
            chainsaw(file, sink);
        } else if is_kuttl(project, file) {
            Suite::new("kuttl", "behaviour", path::dir(file.dir()), file.start()).asserting(1).tell(sink);
        }
    }
}

static HOOK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?:^\s*|[{,]\s*)["']?helm\.sh/hook["']?\s*:\s*["']?[a-z, -]*\btest"#).expect("a fixed pattern")
});

/// An annotation of a test, in a block or between braces.
fn hook(text: &str) -> bool {
    text.lines().any(|line| HOOK.is_match(line))
}

fn helm_test(project: &Project, file: &File, sink: &mut Sink) {
    let Ok(text) = file.text() else { return };
    let chart = file.path.find("/templates/").map_or("", |at| &file.path[..at]);
    let vendored = file.path.matches("/charts/").count() > 0 && project.file(&format!("{chart}/Chart.yaml")).is_none();
    let scaffold = is_scaffold(text.as_str());
    let found = asserting_lines(text, |line| HOOK.is_match(line));
    let (line, _) = found.unwrap_or((1, 1));
    let mut suite = Suite::new("helm-test", "behaviour", chart, file.at_line(line));
    suite.scaffold = scaffold || vendored;
    suite.asserting(usize::from(!scaffold)).tell(sink);
}

/// The pod of `helm create`: a busybox that fetches the service by name.
pub fn is_scaffold(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let has = |start: &str| lines.iter().any(|line| line.trim_start_matches("- ").starts_with(start));
    has("image: busybox")
        && has("command: ['wget']")
        && text.contains(".fullname")
        && text.contains(".Values.service.port")
        && text.contains("-test-connection")
        && lines.len() <= 18
}

fn unittest(file: &File, sink: &mut Sink) {
    let mut count = 0;
    let mut first = None;
    for document in &file.yaml().documents {
        for test in document.root.get("tests").map(Node::items).unwrap_or_default() {
            let asserts = test.get("asserts").map(Node::items).unwrap_or_default();
            count += asserts.len();
            first = first.or_else(|| asserts.first().map(|node| node.range.clone()));
        }
    }
    let target = file.path.find("/tests/").map_or("", |at| &file.path[..at]);
    let at = first.map_or_else(|| file.start(), |range| file.at(range));
    Suite::new("helm-unittest", "unit", target, at).asserting(count).tell(sink);
}

fn chainsaw(file: &File, sink: &mut Sink) {
    let Ok(text) = file.text() else { return };
    let holds = |line: &str| ["assert:", "error:", "check:"].contains(&line.trim().trim_start_matches("- "));
    let (line, count) = asserting_lines(text, holds).unwrap_or((1, 0));
    Suite::new("chainsaw", "behaviour", file.dir(), file.at_line(line)).asserting(count).tell(sink);
}

/// `00-assert.yaml`, in a tree that a KUTTL suite names or that is called so.
fn is_kuttl(project: &Project, file: &File) -> bool {
    let name = file.name();
    let numbered = name.len() > 3 && name.as_bytes()[..2].iter().all(u8::is_ascii_digit);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    numbered
        && (stem.ends_with("-assert") || stem.ends_with("-errors"))
        && (file.path.contains("kuttl") || project.files().any(|other| other.name().starts_with("kuttl-test")))
}
