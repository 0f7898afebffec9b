//! An environment under the protocol: each observation builds and starts it from the files as they are now.

use std::collections::BTreeSet;

use super::faults::{Broken, Edit};
use super::{compose, contained, machines, nix};
use crate::experiment::{Bench, Ground, Line, Planned, Sketch};
use crate::finding::At;
use crate::protocol::{Fault, Place, Reaction, Stop, Subject, Teeth};
use crate::say::{Say, say};
use crate::stack::{Stage, Trouble, Wrong};
use crate::tree::Tree;

pub(super) const BUILD: Place = Place("build");
pub(super) const START: Place = Place("start");
/// The application's own command, run inside.
pub(super) const COMMAND: Place = Place("command");

/// One way in which the repository describes its environment.
pub(super) trait Way: Send + Sync {
    fn sketch(&self) -> Sketch;
    /// Prepares what every observation starts from.
    fn open<'a>(&'a self, bench: &'a Bench<'a>) -> Result<Box<dyn Attempt + 'a>, Stop>;
}

/// Builds and starts the environment from files, and runs the application's own command inside.
pub(super) trait Attempt {
    /// `first`: whether nothing is broken yet, so that it is learned what works.
    fn attempt(&mut self, tree: &Tree, around: &Around, first: bool) -> Result<(), Failed>;
    /// Sentences for the proof.
    fn stand_ins(&self) -> Vec<Say>;
    fn notes(&self) -> Vec<Say>;
}

/// What is broken beside the files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Around {
    #[default]
    Nothing,
    /// A service that is not started, as if nobody had described it.
    Without(String),
    /// A port of a service that something else holds already.
    Taken { service: String, port: u16 },
    /// A provisioner that is written at this line of its definition says something else.
    Said { line: usize, text: String },
}

/// How an attempt failed.
pub(super) enum Failed {
    Wrong(Wrong),
    /// The application's own command failed inside: where it is written, and what it said.
    Command {
        detector: Say,
        message: Say,
    },
}

impl<T: Into<Wrong>> From<T> for Failed {
    fn from(wrong: T) -> Self {
        Self::Wrong(wrong.into())
    }
}

/// An environment whose description is proved.
pub(crate) struct Environment {
    way: Box<dyn Way>,
    broken: Vec<Broken>,
    /// Why others, which are described beside the first, cannot be tried.
    others: Vec<Say>,
}

impl Environment {
    /// Every environment that can be tried here, and why others cannot.
    pub fn plan(ground: &Ground<'_>) -> (Vec<Self>, Vec<Say>) {
        let mut planned = compose::plan(ground);
        planned.extend(contained::devcontainers(ground));
        planned.extend(machines::plan(ground));
        planned.extend(nix::plan(ground));
        // What only sets a machine up says less than what describes the whole of it.
        if planned.iter().all(Result::is_err) {
            planned.extend(contained::set_up(ground));
        }
        let (mut found, mut refused) = (Vec::new(), Vec::new());
        for planned in planned {
            match planned {
                Ok((way, broken)) => found.push(Self { way, broken, others: Vec::new() }),
                Err(because) => refused.push(because),
            }
        }
        if let Some(first) = found.first_mut() {
            first.others.clone_from(&refused);
        }
        (found, refused)
    }
}

impl Planned for Environment {
    fn sketch(&self) -> Sketch {
        let mut sketch = self.way.sketch();
        let other = |text: &Say| Line { what: say!("another-environment"), text: text.clone(), from: Vec::new() };
        sketch.skipped.extend(self.others.iter().map(other));
        sketch
    }

    fn faults(&self) -> Vec<Fault> {
        self.broken.iter().map(|broken| broken.fault.clone()).collect()
    }

    fn teeth(&self) -> Teeth {
        Teeth(50)
    }

    fn set_up<'a>(&'a self, bench: &'a Bench<'a>) -> Result<Box<dyn Subject + 'a>, Stop> {
        let attempt = self.way.open(bench)?;
        Ok(Box::new(Living {
            plan: self,
            bench,
            attempt,
            tree: bench.tree.clone(),
            around: Around::Nothing,
            first: true,
        }))
    }
}

/// The environment with the fault that is in it now.
struct Living<'a> {
    plan: &'a Environment,
    bench: &'a Bench<'a>,
    attempt: Box<dyn Attempt + 'a>,
    tree: Tree,
    around: Around,
    first: bool,
}

impl Subject for Living<'_> {
    fn observe(&mut self) -> Result<Vec<Reaction>, Stop> {
        let (first, unbroken) = (self.first, self.tree == *self.bench.tree && self.around == Around::Nothing);
        self.first = false;
        match self.attempt.attempt(&self.tree, &self.around, first) {
            Ok(()) => Ok(Vec::new()),
            Err(Failed::Command { detector, message }) => Ok(vec![Reaction { detector, place: COMMAND, message }]),
            Err(Failed::Wrong(Wrong::Here(stop))) => Err(stop),
            Err(Failed::Wrong(Wrong::Subject(trouble))) => match trouble.wanting {
                // Without a fault, what asks for the world outside cannot be judged here.
                Some(wanting) if unbroken => Err(Stop(say!("because", what = trouble, why = wanting))),
                _ => Ok(vec![reaction(&trouble)]),
            },
        }
    }

    fn inject(&mut self, fault: &Fault) -> Result<(), Stop> {
        let broken = self.plan.broken.iter().find(|broken| broken.fault.id == fault.id);
        let broken = broken.ok_or_else(|| Stop(say!("not-planned", id = fault.id)))?;
        match &broken.edit {
            Edit::Text { path, text } => self.tree = self.tree.with(path, text),
            Edit::Gone { path } => self.tree = self.tree.without(path),
            Edit::Around(around) => self.around = around.clone(),
        }
        Ok(())
    }

    fn restore(&mut self) -> Result<(), Stop> {
        self.tree = self.bench.tree.clone();
        self.around = Around::Nothing;
        Ok(())
    }

    fn millis(&self) -> u64 {
        (self.bench.millis)()
    }

    fn stand_ins(&self) -> Vec<Say> {
        self.attempt.stand_ins()
    }

    fn notes(&self) -> Vec<Say> {
        let notes: BTreeSet<Say> = self.attempt.notes().into_iter().collect();
        notes.into_iter().collect()
    }
}

fn reaction(trouble: &Trouble) -> Reaction {
    let name = &trouble.service;
    let (detector, place) = match trouble.stage {
        Stage::Read | Stage::Start => (say!("start-of", file = name), START),
        Stage::Build => (say!("build-of", name), BUILD),
    };
    let At { path, line } = &trouble.at;
    Reaction { detector, place, message: say!("at-line-told", path, line, message = trouble.message) }
}
