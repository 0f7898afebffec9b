//! The same images under another configuration: other names, other secrets, and settings that lead nowhere.

use std::collections::BTreeMap;

use sandbox::Command;

use super::floor::{ADDRESS, Floor, PROBE};
use super::journey;
use super::settings::{self, Setting, What};
use super::site::{Site, place};
use crate::declared::Journey;
use crate::experiment::{Bench, Ground, Line, Planned, Sketch};
use crate::finding::At;
use crate::protocol::{Fault, FaultKind, Place, Reaction, Stop, Subject, Teeth};
use crate::say::{Say, Spoken, say};
use crate::stack::{Project, Service, Wrong};

/// The project does not start under the second configuration.
const START: Place = Place("start");
/// What users do no longer works.
const JOURNEY: Place = Place("journey");
const NOTICED: [Place; 4] = [PROBE, ADDRESS, START, JOURNEY];
/// Settings that are led nowhere: each costs a start.
const SETTINGS: usize = 8;

/// A project with the settings of its own services.
pub(crate) struct TwoConfigurations {
    site: Site,
    settings: Vec<Setting>,
    journeys: Vec<(Journey, At)>,
    faults: Vec<Fault>,
}

impl TwoConfigurations {
    /// # Errors
    /// With the reason why it cannot be tried here.
    pub fn plan(ground: &Ground<'_>) -> Result<Self, Say> {
        let site = Site::of(ground)?;
        let mut settings = settings::of(ground.tree, &site.project, site.lasting());
        settings.truncate(SETTINGS);
        let first = settings.first().ok_or_else(|| {
            let is_unset = |note: &&Say| matches!(note, Say::Sentence { say, .. } if say == "variable-unset");
            let unset = site.project.notes.iter().filter(is_unset).count();
            let what = say!("no-setting", file = site.file);
            if unset > 0 { say!("because", what, why = say!("variables-unset", unset)) } else { what }
        })?;
        let null = say!("idle-variable", place = place(&first.at));
        let mut faults =
            vec![Fault::in_file("null", null, FaultKind::Null, "settings", (&first.at.path, first.at.line), &[])];
        faults.extend(settings.iter().map(|one| {
            let what = match &one.what {
                What::Host(_) => say!("leads-nowhere"),
                What::File => say!("path-of-nothing"),
                What::Secret => say!("other-secret"),
            };
            let change = say!("setting-changed", place = place(&one.at), variable = one.variable, what);
            let at = (one.at.path.as_str(), one.at.line);
            Fault::in_file(id(one), change, FaultKind::Sampled, "settings", at, &NOTICED)
        }));
        let journeys = journey::declared(ground);
        Ok(Self { site, settings, journeys, faults })
    }
}

fn id(setting: &Setting) -> String {
    match &setting.what {
        What::Host(host) => format!("setting {} {host}", setting.variable),
        What::File | What::Secret => format!("setting {}", setting.variable),
    }
}

/// Another name for a host, and another value for a secret: both depend on the run alone.
fn other(nonce: &str, word: &str) -> String {
    format!("other-{}", &crate::attest::digest(format!("{nonce} {word}").as_bytes())[..16])
}

/// The project under the second configuration. Hosts keep their names for what is not a setting: files that are mounted.
pub(super) fn second(plan: &TwoConfigurations, nonce: &str) -> Project {
    let mut project = plan.site.project.clone();
    for setting in &plan.settings {
        if let What::Host(host) = &setting.what {
            let name = other(nonce, host);
            for service in setting.services.iter() {
                let Some(value) =
                    project.services.get_mut(service).and_then(|one| one.environment.get_mut(&setting.variable))
                else {
                    continue;
                };
                *value = settings::redirected(&setting.variable, value, host, &name);
            }
            let mut all = project.services.values_mut();
            let called = |one: &&mut Service| one.name == *host || one.aliases.contains(host);
            if let Some(found) = all.find(called).filter(|one| !one.aliases.contains(&name)) {
                found.aliases.push(name);
            }
        }
    }
    // A secret is known to whoever asks and to whoever answers: everybody is told the new one.
    let known: BTreeMap<String, String> = plan
        .site
        .project
        .services
        .values()
        .flat_map(|service| &service.environment)
        .filter(|(variable, value)| settings::is_secret(variable, value))
        .map(|(_, value)| (value.clone(), other(nonce, value).replace('-', "")))
        .collect();
    for service in project.services.values_mut() {
        for (variable, value) in &mut service.environment {
            for (old, new) in &known {
                if value == old && settings::is_secret(variable, old) {
                    value.clone_from(new);
                } else {
                    *value = value.replace(&format!(":{old}@"), &format!(":{new}@"));
                }
            }
        }
    }
    project
}

impl Planned for TwoConfigurations {
    fn sketch(&self) -> Sketch {
        let mut runs = self.site.lines();
        runs.extend(self.settings.iter().map(|setting| Line {
            what: say!("setting", variable = setting.variable),
            text: match &setting.what {
                What::Host(host) => say!("another-name", host),
                What::File => say!("another-file-secret"),
                What::Secret => say!("another-secret"),
            },
            from: vec![place(&setting.at)],
        }));
        Sketch { subject: self.site.file.clone(), runs, skipped: self.site.skipped(), stand_ins: Vec::new() }
    }

    fn faults(&self) -> Vec<Fault> {
        self.faults.clone()
    }

    fn teeth(&self) -> Teeth {
        Teeth(75)
    }

    fn set_up<'a>(&'a self, bench: &'a Bench<'a>) -> Result<Box<dyn Subject + 'a>, Stop> {
        let floor = Floor::raise(bench, "two", &self.site)?;
        let project = second(self, bench.nonce);
        let mut running = Running { plan: self, floor, project, started: None, now: None, written: 0, idle: None };
        let before = running.sums()?;
        let images = running.floor.made.clone();
        running.started = running.lay()?;
        if running.floor.made != images {
            return Err(Stop(say!("built-anew")));
        }
        let after = running.sums()?;
        let changed = before.iter().filter(|(path, sum)| after.get(*path).is_some_and(|other| other != *sum)).count();
        if !before.is_empty() {
            let told = say!("secrets-changed", changed, all = before.len());
            running.floor.notes.insert(told);
        }
        running.floor.notes.insert(say!("same-images"));
        Ok(Box::new(running))
    }
}

/// The project under its second configuration.
struct Running<'a> {
    plan: &'a TwoConfigurations,
    floor: Floor<'a>,
    project: Project,
    started: Option<Reaction>,
    now: Option<Vec<String>>,
    written: usize,
    /// When the null fault was made: its services are started anew as those of every fault are.
    idle: Option<u64>,
}

impl Running<'_> {
    fn lay(&mut self) -> Result<Option<Reaction>, Stop> {
        match self.floor.lay(self.floor.bench.tree, &self.project) {
            Ok(()) => Ok(None),
            Err(Wrong::Here(stop)) => Err(stop),
            Err(Wrong::Subject(trouble)) => Ok(Some(Reaction {
                detector: say!("second-start", file = trouble.service),
                place: START,
                message: trouble.spoken(),
            })),
        }
    }

    /// What the files of secrets hold, as sums.
    fn sums(&self) -> Result<BTreeMap<String, String>, Stop> {
        let mut found = BTreeMap::new();
        for setting in self.plan.settings.iter().filter(|setting| setting.what == What::File) {
            let Some(service) = setting.services.iter().next() else { continue };
            let path = self.project.services.get(service).and_then(|one| one.environment.get(&setting.variable));
            let Some(path) = path.filter(|_| self.floor.stack.state(service).is_ok_and(|state| state.running)) else {
                continue;
            };
            let ended = self.floor.stack.exec(service, Command::new(["cat", path]).seconds(10))?;
            if ended.succeeded() {
                found.insert(path.clone(), crate::attest::digest(&ended.stdout));
            }
        }
        Ok(found)
    }

    fn start(&mut self, name: &str, change: impl FnOnce(&mut Service)) -> Result<(), Stop> {
        let mut service = self.project.services.get(name).cloned().ok_or_else(|| Stop(say!("not-there", name)))?;
        change(&mut service);
        match self.floor.stack.recreate(name, None, |running| *running = service) {
            Err(Wrong::Here(stop)) => Err(stop),
            // One that does not even start is seen by its state.
            Err(Wrong::Subject(_)) | Ok(()) => Ok(()),
        }
    }
}

impl Subject for Running<'_> {
    fn observe(&mut self) -> Result<Vec<Reaction>, Stop> {
        if let Some(reaction) = &self.started {
            return Ok(vec![reaction.clone()]);
        }
        let plan = self.plan;
        for service in plan.site.lasting() {
            if let Some(reaction) = self.floor.unwell(service)? {
                return Ok(vec![reaction]);
            }
        }
        let idle = self.idle.take();
        if let Some(began) = idle {
            self.floor.hurry(self.millis().saturating_sub(began));
        }
        if let Some(reaction) = self.floor.silent()? {
            return Ok(vec![reaction]);
        }
        for (one, at) in &plan.journeys {
            self.written += 1;
            let answer = match journey::write(&self.floor, one, self.written)? {
                Ok(written) => journey::shown(&self.floor, &written)?,
                Err(answer) => Some(answer),
            };
            if let Some(answer) = answer {
                let message = say!("place-what", place = place(at), what = answer);
                return Ok(vec![Reaction { detector: say!("journey", name = one.name), place: JOURNEY, message }]);
            }
        }
        // What a service needs to find the others again was measured with all of them started again, not before.
        if idle.is_some() {
            self.floor.hurry_journeys();
        }
        Ok(Vec::new())
    }

    fn inject(&mut self, fault: &Fault) -> Result<(), Stop> {
        let plan = self.plan;
        let Some(setting) = plan.settings.iter().find(|setting| id(setting) == fault.id) else {
            self.idle = Some(self.millis());
            // Whatever a fault starts again is started again here first: that is the time that it is given.
            let names: std::collections::BTreeSet<String> =
                plan.settings.iter().flat_map(|one| one.services.iter().cloned()).collect();
            let names: Vec<String> = names.into_iter().collect();
            for name in &names {
                self.start(name, |service| drop(service.environment.insert("PREUVE_NOTHING".into(), "1".into())))?;
            }
            self.now = Some(names);
            return Ok(());
        };
        let names: Vec<String> = setting.services.iter().cloned().collect();
        let nonce = self.floor.bench.nonce.to_owned();
        for name in &names {
            self.start(name, |service| {
                let Some(value) = service.environment.get_mut(&setting.variable) else { return };
                *value = match &setting.what {
                    What::Host(host) => {
                        settings::redirected(&setting.variable, value, &other(&nonce, host), "nowhere.invalid")
                    }
                    What::File => format!("{value}-nowhere"),
                    What::Secret => "another-one".into(),
                };
            })?;
        }
        self.now = Some(names);
        Ok(())
    }

    fn restore(&mut self) -> Result<(), Stop> {
        for name in self.now.take().unwrap_or_default() {
            self.start(&name, |_| ())?;
        }
        // Nothing is broken now: it has all the time there is, so that no fault is noticed by what the one before left.
        self.floor.unhurried(|floor| self.plan.site.lasting().try_for_each(|service| floor.unwell(service).map(drop)))
    }

    fn millis(&self) -> u64 {
        (self.floor.bench.millis)()
    }

    fn stand_ins(&self) -> Vec<Say> {
        self.floor.stand_ins()
    }

    fn notes(&self) -> Vec<Say> {
        self.floor.notes()
    }
}
