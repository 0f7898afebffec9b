//! Molecule scenarios: they test when they verify, not when they only converge.

use super::super::ansible::task;
use super::Suite;
use crate::{File, Node, Project, Sink, path};

/// The facts of all scenarios.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    for file in project.files().filter(|file| matches!(file.name(), "molecule.yml" | "molecule.yaml")) {
        let scenario = file.dir();
        let role = path::dir(path::dir(scenario));
        let mut verified = 0;
        for name in ["verify.yml", "verify.yaml"] {
            if let Some(verify) = path::join(scenario, name).and_then(|path| project.file(&path)) {
                let (count, at) = checks(verify);
                verified += count;
                if count > 0 {
                    Suite::new("molecule", "behaviour", role, verify.at(at)).asserting(count).tell(sink);
                }
            }
        }
        // A directory of testinfra or Goss files beside the scenario is read by their own readers and shown here.
        let tests = project.below(scenario).find(|test| {
            test.path.contains("/tests/") && matches!(test.extension().as_str(), "py" | "yml" | "yaml" | "rb")
        });
        if let Some(test) = tests {
            let count = test
                .str()
                .lines()
                .filter(|line| ["assert", "exists", "running", "should"].iter().any(|word| line.contains(word)))
                .count();
            verified += count;
            Suite::new("molecule", "behaviour", role, test.start()).asserting(count).tell(sink);
        }
        if verified == 0 {
            let root = file.yaml().documents.first().map(|document| &document.root);
            let at = root.and_then(|root| root.entry_range("verifier").or_else(|| root.entry_range("provisioner")));
            Suite::new("molecule", "behaviour", role, at.map_or_else(|| file.start(), |at| file.at(at))).tell(sink);
        }
    }
}

/// How many tasks of a verify playbook can fail on what they see, and the first of them.
fn checks(file: &File) -> (usize, std::ops::Range<usize>) {
    let mut count = 0;
    let mut first = 0..0;
    let Some(root) = file.yaml().documents.first().map(|document| &document.root) else { return (0, first) };
    let plays = root.items().iter();
    let lists =
        plays.flat_map(|play| ["pre_tasks", "tasks", "post_tasks"].into_iter().filter_map(|part| play.get(part)));
    let mut look = |list: &Node| {
        task::each(list, &mut |one| {
            let asserts = task::module(one).is_some_and(|module| {
                [
                    "assert",
                    "fail",
                    "uri",
                    "wait_for",
                    "command",
                    "shell",
                    "stat",
                    "goss",
                    "service_facts",
                    "include_role",
                    "include_tasks",
                ]
                .contains(&module)
            });
            let sample = task::argument(one, "assert").and_then(|value| value.get("that")).is_some_and(|that| {
                that.one_or_many().iter().all(|node| matches!(node.as_str(), Some("true" | "True" | "1 == 1")))
            });
            if (asserts || one.get("failed_when").is_some()) && !sample {
                if count == 0 {
                    first = one.range.clone();
                }
                count += 1;
            }
        });
    };
    lists.for_each(&mut look);
    (count, first)
}
