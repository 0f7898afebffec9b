//! The tests of a root or module under the protocol: green as it is, and red when a value that they compare is changed.

use super::root::Root;
use super::value::{Change, changes, compared};
use super::workspace::{Workspace, complaint};
use crate::experiment::{Bench, Ground, Planned, Sketch};
use crate::fresh::Fresh;
use crate::protocol::{Fault, FaultKind, Place, Reaction, Stop, Subject, Teeth};
use crate::say::{Say, say};

const TEST: Place = Place("test");
const NULL: &str = "null";

/// A directory with tests of its own.
pub(crate) struct TestedRoot {
    root: Root,
    broken: Vec<Broken>,
}

/// A file with a value changed.
struct Broken {
    fault: Fault,
    path: String,
    text: String,
}

impl TestedRoot {
    pub fn plan(ground: &Ground<'_>) -> Vec<Self> {
        Root::tested(ground).into_iter().map(|root| Self { broken: broken(ground, &root), root }).collect()
    }
}

fn broken(ground: &Ground<'_>, root: &Root) -> Vec<Broken> {
    let tests = root.tests.iter().filter_map(|path| ground.tree.text(path));
    let compared = tests.flat_map(compared).collect();
    let detector = root.tests.first().cloned().unwrap_or_default();
    let mut found = Vec::new();
    for path in &root.files {
        let Some(text) = ground.tree.text(path) else { continue };
        if found.is_empty() {
            let change = say!("comment-at-end", path);
            let fault = Fault::in_file(NULL, change, FaultKind::Null, &detector, (path, 1), &[TEST]);
            found.push(Broken { fault, path: path.clone(), text: format!("{text}\n# nothing that matters\n") });
        }
        for change in changes(text, &compared) {
            let Some(changed) = change.apply(text) else { continue };
            let Change { line, before, after, .. } = change;
            let told = say!("became", path, line, before, after);
            let id = format!("{path}:{line}");
            let fault = Fault::in_file(id, told, FaultKind::Sampled, &detector, (path, line), &[TEST]);
            found.push(Broken { fault, path: path.clone(), text: changed });
        }
    }
    found.truncate(ground.sample + 1);
    found
}

impl Planned for TestedRoot {
    fn sketch(&self) -> Sketch {
        let from: Vec<String> = self.root.tests.iter().map(|path| format!("{path}:1")).collect();
        let runs = self.root.lines(&["init", "test"], &from);
        let subject = format!("tests of {} (Terraform)", self.root.name());
        Sketch { subject, runs, skipped: Vec::new(), stand_ins: self.root.stand_ins() }
    }

    fn faults(&self) -> Vec<Fault> {
        self.broken.iter().map(|broken| broken.fault.clone()).collect()
    }

    /// What a test compares with a value, it must tell from another.
    fn teeth(&self) -> Teeth {
        Teeth(100)
    }

    fn set_up<'a>(&'a self, bench: &'a Bench<'a>) -> Result<Box<dyn Subject + 'a>, Stop> {
        let space = Workspace::new(bench, &self.root);
        let states = space.prepare(|_| Ok(()))?.map(|((), states)| states);
        Ok(Box::new(Tested { plan: self, space, states, current: None, notes: Vec::new() }))
    }
}

struct Tested<'a> {
    plan: &'a TestedRoot,
    space: Workspace<'a>,
    /// Or why it could not be initialised.
    states: Result<Fresh<'a>, String>,
    current: Option<&'a Broken>,
    notes: Vec<Say>,
}

impl Subject for Tested<'_> {
    fn observe(&mut self) -> Result<Vec<Reaction>, Stop> {
        let detector = self.plan.root.tests.first().cloned().unwrap_or_default();
        let red = |message: Say| vec![Reaction { detector: (&detector).into(), place: TEST, message }];
        let states = match &mut self.states {
            Ok(states) => states,
            Err(told) => return Ok(red((&*told).into())),
        };
        let (space, current) = (&self.space, self.current);
        let told = states.with(|container| {
            if let Some(broken) = current {
                space.put(container, &broken.path, &broken.text)?;
            }
            space.run(container, &["test"])
        })?;
        if told.exit != Some(0) {
            return Ok(red(complaint(&told.output).into()));
        }
        match passed(&told.output) {
            Some(0) | None => Ok(red(say!("no-test-ran"))),
            Some(count) => {
                self.notes = vec![say!("count-tests-ran", count)];
                Ok(Vec::new())
            }
        }
    }

    fn inject(&mut self, fault: &Fault) -> Result<(), Stop> {
        self.current = self.plan.broken.iter().find(|broken| broken.fault.id == fault.id);
        Ok(())
    }

    /// Each state has its own container.
    fn restore(&mut self) -> Result<(), Stop> {
        self.current = None;
        Ok(())
    }

    fn millis(&self) -> u64 {
        self.space.millis()
    }

    fn notes(&self) -> Vec<Say> {
        self.notes.clone()
    }
}

/// `Success! 3 passed, 0 failed.`
fn passed(output: &str) -> Option<usize> {
    let words: Vec<&str> = output.split_whitespace().collect();
    let at = words.iter().rposition(|word| word.starts_with("passed"))?;
    words.get(at.checked_sub(1)?)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_many_passed() {
        assert_eq!(passed("a.tftest.hcl... pass\n\nSuccess! 3 passed, 0 failed.\n"), Some(3));
        assert_eq!(passed("Success! 0 passed, 0 failed."), Some(0));
        assert_eq!(passed("nothing"), None);
    }
}
