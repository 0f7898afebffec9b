//! A pipeline under the protocol: a state is a pushed commit, an observation runs its jobs.

use std::collections::{BTreeMap, BTreeSet};

use sandbox::{Entry, Status};

use super::chain::Chain;
use super::counts;
use super::faults::{self, BUILD, Broken, LINT, SCAN, STEP, TEST};
use super::runner::{Ran, Runner, patience};
use super::suite;
use crate::experiment::{Bench, Ground, Line, Planned, Sketch};
use crate::output::tail;
use crate::protocol::{Fault, FaultKind, Place, Reaction, Stop, Subject, Teeth};
use crate::say::{Say, say};

/// One pipeline, planned.
pub(crate) struct Pipeline {
    pub name: String,
    pub chain: Chain,
    pub faults: Vec<Broken>,
    /// What the plan already sees: a step that cannot fail.
    pub notes: Vec<Say>,
}

impl Pipeline {
    /// Plans one pipeline, or says why nothing of it can be judged here.
    pub fn plan(ground: &Ground<'_>, path: &str) -> Result<Self, Say> {
        let mut chain = Chain::of(ground.facts, path);
        let tests =
            |chain: &Chain| chain.jobs.iter().any(|job| job.steps.iter().any(|step| step.purposes.contains("test")));
        if !tests(&chain) {
            chain.declare(&ground.declared.commands);
        }
        if !tests(&chain) {
            let left = chain.skipped.iter().take(4);
            let left: Vec<Say> =
                left.map(|skipped| say!("about", detector = skipped.what, because = skipped.because)).collect();
            let none = say!("no-test-step", path);
            return Err(if left.is_empty() { none } else { say!("because", what = none, why = left) });
        }
        let suites = suite::suites(ground, &chain);
        let faults = faults::all(ground, &chain, &suites);
        if !faults.iter().any(|broken| broken.fault.kind == FaultKind::Sampled) {
            return Err(say!("tests-of-no-code", path));
        }
        let mut notes = Vec::new();
        for job in &chain.jobs {
            for step in job.steps.iter().filter(|step| step.purposes.contains("test")) {
                if step.swallowed || step.allow_failure {
                    notes.push(say!("cannot-fail", detector = suite::detector(&job.name, &step.name)));
                }
            }
        }
        for suite in &suites {
            if !faults.iter().any(|broken| broken.test.is_some() && broken.fault.detector == suite.detector) {
                notes.push(say!("no-assertion", detector = suite.detector));
            }
        }
        Ok(Self { name: path.to_owned(), chain, faults, notes })
    }
}

impl Planned for Pipeline {
    fn sketch(&self) -> Sketch {
        let mut runs = Vec::new();
        for job in &self.chain.jobs {
            for step in &job.steps {
                let what = suite::detector(&job.name, &step.name);
                runs.push(Line { what, text: (&step.script).into(), from: step.from.clone() });
            }
        }
        let skipped = self.chain.skipped.iter().map(|skipped| Line {
            what: skipped.what.clone(),
            text: skipped.because.clone(),
            from: skipped.from.clone(),
        });
        let mut stand_ins = self.chain.stand_ins.clone();
        stand_ins.push(say!("our-runner"));
        Sketch { subject: self.name.clone(), runs, skipped: skipped.collect(), stand_ins }
    }

    fn faults(&self) -> Vec<Fault> {
        self.faults.iter().map(|broken| broken.fault.clone()).collect()
    }

    fn teeth(&self) -> Teeth {
        Teeth(50)
    }

    fn set_up<'a>(&'a self, bench: &'a Bench<'a>) -> Result<Box<dyn Subject + 'a>, Stop> {
        let runner = Runner::prepare(bench, &self.chain)?;
        Ok(Box::new(Pushed {
            plan: self,
            bench,
            runner,
            current: None,
            times: BTreeMap::new(),
            left_out: BTreeSet::new(),
            notes: BTreeSet::new(),
        }))
    }
}

/// A pipeline with the commit that is pushed to it now.
struct Pushed<'a> {
    plan: &'a Pipeline,
    bench: &'a Bench<'a>,
    runner: Runner<'a>,
    current: Option<&'a Broken>,
    /// How long each step took on the unbroken commit, in milliseconds.
    times: BTreeMap<Say, u64>,
    /// The jobs that want something which is not here, and that no fault is meant for: what they say counts for nothing.
    left_out: BTreeSet<String>,
    notes: BTreeSet<Say>,
}

impl Subject for Pushed<'_> {
    fn observe(&mut self) -> Result<Vec<Reaction>, Stop> {
        let changed: Vec<Entry> = self.current.iter().map(|broken| broken.entry(self.bench.nonce)).collect();
        let jobs = match self.current.and_then(|broken| broken.job.as_deref()) {
            _ if self.times.is_empty() => None,
            Some(job) => Some(BTreeSet::from([job])),
            // What no fault is meant for has passed once; it would say nothing more.
            None => Some(self.plan.faults.iter().filter_map(|broken| broken.job.as_deref()).collect()),
        };
        let seconds = self.seconds();
        let mut ran = self.runner.judge(&changed, jobs.as_ref(), seconds)?;
        ran.retain(|ran| !self.left_out.contains(&ran.job));
        match self.current {
            None => self.unbroken(&ran),
            Some(broken) => Ok(self.broken(broken, &ran)),
        }
    }

    fn inject(&mut self, fault: &Fault) -> Result<(), Stop> {
        self.current = self.plan.faults.iter().find(|broken| broken.fault.id == fault.id);
        self.current.map(|_| ()).ok_or_else(|| Stop(say!("not-planned", id = fault.id)))
    }

    /// Each state has its own container, made from the same image: nothing is left of the last.
    fn restore(&mut self) -> Result<(), Stop> {
        self.current = None;
        Ok(())
    }

    fn millis(&self) -> u64 {
        (self.bench.millis)()
    }

    fn notes(&self) -> Vec<Say> {
        self.plan.notes.iter().chain(&self.notes).cloned().collect()
    }
}

impl Pushed<'_> {
    /// A broken program may never end: it is given a few times what the unbroken one took.
    fn seconds(&self) -> u32 {
        let longest = self.times.values().max().filter(|_| self.current.is_some());
        longest.map_or(patience(), |millis| u32::try_from(millis / 250).unwrap_or(u32::MAX).clamp(20, patience()))
    }

    /// The commit as it is: everything must be green, and tests must have run.
    fn unbroken(&mut self, ran: &[Ran]) -> Result<Vec<Reaction>, Stop> {
        let mut reactions = Vec::new();
        for ran in ran {
            let detector = suite::detector(&ran.job, &ran.step.name);
            let longest = self.times.entry(detector.clone()).or_default();
            *longest = (*longest).max(ran.millis);
            let report = counts::read(&ran.output);
            if ran.status != Status::Exit(0) && !ran.step.allow_failure {
                if let Some(because) = elsewhere(ran) {
                    if self.is_needed(&ran.job) {
                        return Err(Stop(say!("about", detector, because)));
                    }
                    self.left_out.insert(ran.job.clone());
                    self.notes.insert(say!("left-out", detector, because));
                    continue;
                }
                let named = report.failed.first().map_or_else(|| tail(&ran.output, 2), Clone::clone);
                let message = say!("ended", status = ran.status, named);
                reactions.push(Reaction { detector, place: place(ran, &report, None), message });
            } else if ran.step.purposes.contains("test") {
                match report.ran {
                    Some(0) => reactions.push(Reaction { detector, place: TEST, message: say!("no-test-ran") }),
                    None if ran.output.contains("no tests ran") || ran.output.contains("No tests found") => {
                        reactions.push(Reaction { detector, place: TEST, message: say!("no-test-ran") });
                    }
                    None => return Err(Stop(say!("no-test-told", detector))),
                    Some(count) => {
                        self.notes.insert(say!("tests-ran", detector, count));
                    }
                }
            }
        }
        Ok(reactions)
    }

    /// Whether a fault is meant for a step of this job: without it nothing would be shown.
    fn is_needed(&self, job: &str) -> bool {
        let chain = &self.plan.chain;
        let names = chain.jobs.iter().filter(|known| known.name == job).flat_map(|known| &known.steps);
        let detectors: Vec<Say> = names.map(|step| suite::detector(job, &step.name)).collect();
        self.plan.faults.iter().any(|broken| detectors.contains(&broken.fault.detector))
    }

    fn broken(&mut self, broken: &Broken, ran: &[Ran]) -> Vec<Reaction> {
        let mut reactions = Vec::new();
        for ran in ran {
            let detector = suite::detector(&ran.job, &ran.step.name);
            let report = counts::read(&ran.output);
            let green = ran.status == Status::Exit(0) || ran.step.allow_failure;
            if green {
                if let Some(name) = report.failed.first().filter(|_| ran.step.purposes.contains("test")) {
                    self.notes.insert(say!("stayed-green", detector, name));
                }
                continue;
            }
            let named = match &broken.test {
                Some(test) => report.failed.iter().find(|name| name.contains(&**test)).or(report.failed.first()),
                None => report.failed.first(),
            };
            let named = named.map_or_else(|| tail(&ran.output, 1), Clone::clone);
            let message = say!("ended", status = ran.status, named);
            reactions.push(Reaction { detector, place: place(ran, &report, broken.test.as_deref()), message });
        }
        reactions
    }
}

/// Where a red step reacts: a test step only when its report names what failed, and names the test that was changed.
fn place(ran: &Ran, report: &counts::Report, test: Option<&str>) -> Place {
    let purposes = &ran.step.purposes;
    if purposes.contains("test") {
        let named = match test {
            Some(test) => report.failed.iter().any(|name| name.contains(test)),
            None => !report.failed.is_empty() || ran.status == Status::TimedOut,
        };
        if named {
            return TEST;
        }
    }
    match [("lint", LINT), ("scan", SCAN), ("build", BUILD)]
        .into_iter()
        .find(|(purpose, _)| purposes.contains(*purpose))
    {
        Some((_, place)) => place,
        None => STEP,
    }
}

/// What a step wants that a sandbox does not give.
#[derive(Clone, Copy)]
enum Want {
    Program,
    Network,
    Packages,
    Service,
}

/// Signs that a step failed for want of something, rather than for what it judges.
const WANTING: [(&str, Want); 12] = [
    ("command not found", Want::Program),
    (": not found", Want::Program),
    ("Could not resolve host", Want::Network),
    ("Temporary failure in name resolution", Want::Network),
    ("getaddrinfo", Want::Network),
    ("ENOTCACHED", Want::Packages),
    ("No matching distribution found", Want::Packages),
    ("Could not connect to server", Want::Service),
    ("Connection refused", Want::Service),
    ("ECONNREFUSED", Want::Service),
    ("could not translate host name", Want::Service),
    ("Network is unreachable", Want::Network),
];

fn elsewhere(ran: &Ran) -> Option<Say> {
    let want = match ran.status {
        Status::Exit(127) => Some(Want::Program),
        Status::Exit(_) => WANTING.iter().find(|(sign, _)| ran.output.contains(sign)).map(|(_, want)| *want),
        Status::TimedOut => return Some(told(ran, &say!("not-in-time"))),
        _ => return Some(told(ran, &say!("took-more"))),
    };
    let why = match want? {
        Want::Program => say!("wants-program"),
        Want::Network => say!("wants-network"),
        Want::Packages => say!("wants-packages"),
        Want::Service => say!("wants-service"),
    };
    Some(told(ran, &why))
}

fn told(ran: &Ran, why: &Say) -> Say {
    say!("why-told", why, status = ran.status, told = tail(&ran.output, 2))
}
