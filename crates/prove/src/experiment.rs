//! The shape of every experiment: what it needs, what it plans from facts, and the page that explains it.

use facts::Facts;
use sandbox::{Engine, Image};
use serde::Serialize;

use crate::declared::Declared;
use crate::protocol::{Fault, Journal, Stop, Subject, Teeth, conduct};
use crate::say::{Say, say};
use crate::shelf::Shelf;
use crate::tree::Tree;
use crate::{Finding, page::Page};

/// An experiment of a pack that the program can run. One file each in `experiments/`, listed in [`crate::EXPERIMENTS`].
pub trait Experiment: Sync {
    /// As in the packs: `c2.run-pipeline`.
    fn id(&self) -> &'static str;
    /// The page of the reference, which is also the specification.
    fn page(&self) -> Page;
    /// What would be run on this repository. Pure: the same ground gives the same plan.
    fn plan(&self, ground: &Ground<'_>) -> Planning;
}

/// Everything that a plan is made from.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    pub facts: &'a Facts,
    /// What the candidate corrects in `preuve.yaml`.
    pub declared: &'a Declared,
    /// The files of the commit.
    pub tree: &'a Tree,
    /// Which faults are drawn when there are more than can be tried.
    pub seed: u64,
    /// The most faults that a sample holds.
    pub sample: usize,
}

/// What came of planning.
pub enum Planning {
    /// One entry for each subject: a pipeline, a playbook, a suite.
    Planned(Vec<Box<dyn Planned>>),
    /// The repository has nothing to run, or what it would need can never be had in a sandbox.
    NotProvable(Say),
}

/// What a subject wants of the machine while others are judged beside it. What is listed first is begun first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Share {
    /// Its times matter: requests are counted, alerts are waited for. Nothing like it runs beside it.
    Timed,
    /// It takes what the machine gives, and gives way to what is timed.
    Busy,
}

impl Share {
    pub fn goes_beside(self, other: Self) -> bool {
        self != Self::Timed || other != Self::Timed
    }
}

/// Subjects that share something of a sandbox run, and are judged one after the other in the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// An engine has one cluster at a time.
    Cluster,
    /// Hosts that are converged alike.
    Hosts,
}

/// One subject that can be set up, broken and observed.
pub trait Planned: Send + Sync {
    /// What `preuve prove --plan` shows. It names everything that decides the outcome: its digest keys kept trials.
    fn sketch(&self) -> Sketch;
    /// In the order in which they are tried: the null fault first, then controls, then the sample.
    fn faults(&self) -> Vec<Fault>;
    fn teeth(&self) -> Teeth;
    fn share(&self) -> Share {
        Share::Busy
    }
    fn group(&self) -> Option<Group> {
        None
    }
    /// Prepares the subject in the sandbox. A stop here is a reason why it is not provable here.
    ///
    /// # Errors
    /// When the engine fails or what the subject needs is not here.
    fn set_up<'a>(&'a self, bench: &'a Bench<'a>) -> Result<Box<dyn Subject + 'a>, Stop>;
}

/// An image, and what it stands in for when it is not the one that was asked for.
pub type Given = (Image, Option<Say>);

/// What a subject is set up with.
#[derive(Clone, Copy)]
pub struct Bench<'a> {
    pub engine: &'a dyn Engine,
    pub tree: &'a Tree,
    /// The image for a role: `ci`, `host`, `kubernetes`; a failure says which command builds it.
    pub image: &'a dyn Fn(&str) -> Result<Image, Stop>,
    /// The published image that a repository names, or ours in its stead with the sentence that says so.
    pub stand_in: &'a dyn Fn(&str) -> Result<Given, Stop>,
    /// The clock, in milliseconds.
    pub millis: &'a dyn Fn() -> u64,
    /// Drawn for this run and told to no subject: what carries it was written from outside.
    pub nonce: &'a str,
    /// States that subjects of this run share.
    pub shelf: &'a Shelf,
}

/// A plan as people and records read it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sketch {
    pub subject: String,
    /// What is run, in order.
    pub runs: Vec<Line>,
    /// What is left out, and why.
    pub skipped: Vec<Line>,
    /// What will stand in for something that cannot be had.
    pub stand_ins: Vec<Say>,
}

/// One line of a plan, with the places of the repository that it rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Line {
    /// What it is: `job test`, `host web1`.
    pub what: Say,
    /// The command, or the reason why it is left out.
    pub text: Say,
    /// `path:line` each.
    pub from: Vec<String>,
}

/// Sets one subject up and conducts the protocol over it.
pub fn run(experiment: &str, planned: &dyn Planned, bench: &Bench<'_>, journal: &mut dyn Journal) -> Finding {
    let sketch = planned.sketch();
    journal.say(&say!("prepare"));
    let mut finding = match planned.set_up(bench) {
        Ok(mut subject) => {
            conduct(experiment, &sketch.subject, &mut *subject, &planned.faults(), planned.teeth(), journal)
        }
        Err(Stop(because)) => Finding::not_provable(experiment, &sketch.subject, because),
    };
    if !matches!(finding.outcome, crate::Outcome::NotProvableHere { .. }) {
        journal.done();
    }
    // What goes on running would take its share of the machine from whatever is judged next.
    if let Err(failure) = bench.engine.clear() {
        finding.notes.push(say!("not-removed", failure));
    }
    // What stood in for something may be known only once it was set up.
    finding.stand_ins.extend(planned.sketch().stand_ins);
    finding.notes.extend(sketch.skipped.iter().map(|line| say!("skipped", what = line.what, why = line.text)));
    finding
}
