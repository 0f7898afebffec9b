//! Instances killed while requests arrive, a second one beside them, a consumer that is away for a while.

use std::collections::BTreeMap;

use sandbox::Pull;

use super::floor::{Floor, PROBE};
use super::journey::{self, Written};
use super::load::Load;
use super::losses::{BACKLOG, Broken, JOURNEY, LOAD, SERVICES, Way, faults, kept};
use super::site::{Site, place};
use crate::declared::Journey;
use crate::experiment::{Bench, Ground, Line, Planned, Share, Sketch};
use crate::finding::At;
use crate::protocol::{Fault, Reaction, Stop, Subject, Teeth};
use crate::say::{Say, Spoken, say};
use crate::stack::{Service, Stack, Wrong};

/// Requests within which an instance that is gone may still cost some: two seconds.
const GRACE: u64 = 20;
/// What is written while the consumer is away.
const WAITING: usize = 5;

/// The services of a project, killed one after the other.
pub(crate) struct KillUnderLoad {
    site: Site,
    journeys: Vec<(Journey, At)>,
    broken: Vec<Broken>,
}

impl KillUnderLoad {
    /// # Errors
    /// With the reason why it cannot be tried here.
    pub fn plan(ground: &Ground<'_>) -> Result<Self, Say> {
        let site = Site::of(ground)?;
        let journeys = journey::declared(ground);
        if !site.project.services.values().any(|service| !service.ports.is_empty()) && journeys.is_empty() {
            return Err(say!("nothing-to-ask", file = site.file));
        }
        let broken = faults(&site, &journeys);
        Ok(Self { site, journeys, broken })
    }

    fn killed(&self) -> impl Iterator<Item = &Service> {
        self.site.told().take(SERVICES)
    }
}

impl Planned for KillUnderLoad {
    fn sketch(&self) -> Sketch {
        let mut runs = self.site.lines();
        runs.extend(self.killed().map(|service| Line {
            what: say!("kill", service = service.name),
            text: say!("kill-how"),
            from: vec![place(&service.at)],
        }));
        runs.extend(self.journeys.iter().map(|(journey, at)| Line {
            what: say!("journey", name = journey.name),
            text: say!("write-then-read", method = journey.write.method, url = journey.write.url, read = journey.read),
            from: vec![place(at)],
        }));
        Sketch { subject: self.site.file.clone(), runs, skipped: self.site.skipped(), stand_ins: Vec::new() }
    }

    fn faults(&self) -> Vec<Fault> {
        self.broken.iter().map(|broken| broken.fault.clone()).collect()
    }

    fn teeth(&self) -> Teeth {
        Teeth(50)
    }

    fn share(&self) -> Share {
        Share::Timed
    }

    fn set_up<'a>(&'a self, bench: &'a Bench<'a>) -> Result<Box<dyn Subject + 'a>, Stop> {
        let mut floor = Floor::raise(bench, "kill", &self.site)?;
        if floor.wells.is_empty() && self.journeys.is_empty() {
            return Err(Stop(say!("no-address-no-journey")));
        }
        if self.journeys.is_empty() {
            floor.notes.insert(say!("no-journey-before"));
        }
        Ok(Box::new(Running { plan: self, floor, now: None, written: 0, seen: false }))
    }
}

/// The project, with the fault that is in it now.
struct Running<'a> {
    plan: &'a KillUnderLoad,
    floor: Floor<'a>,
    now: Option<Broken>,
    /// How many things were written: each is another.
    written: usize,
    /// Whether every service was killed once: later states are asked of one.
    seen: bool,
}

impl Running<'_> {
    fn is(&self, way: Way) -> bool {
        self.now.as_ref().is_some_and(|broken| broken.way == way)
    }

    /// Writes each journey once; the first that cannot be is a reaction.
    fn write(&mut self) -> Result<Result<Vec<(usize, Written)>, Reaction>, Stop> {
        let mut all = Vec::new();
        for (index, (journey, at)) in self.plan.journeys.iter().enumerate() {
            self.written += 1;
            match journey::write(&self.floor, journey, self.written)? {
                Ok(written) => all.push((index, written)),
                Err(answer) => return Ok(Err(lost(journey, at, &say!("cannot-begin"), &answer))),
            }
        }
        Ok(Ok(all))
    }

    fn read(&self, all: &[(usize, Written)], when: &Say) -> Result<Option<Reaction>, Stop> {
        for (index, written) in all {
            if let Some(answer) = journey::shown(&self.floor, written)? {
                let (journey, at) = &self.plan.journeys[*index];
                return Ok(Some(lost(journey, at, when, &answer)));
            }
        }
        Ok(None)
    }

    /// One service: a second instance, the first killed under load, then started anew.
    fn kill(&mut self, service: &Service) -> Result<Option<Reaction>, Stop> {
        let name = &service.name;
        let before = match self.write()? {
            Ok(before) => before,
            Err(reaction) => return Ok(Some(reaction)),
        };
        // What is taken away later must first have come to its end.
        if let Some(reaction) = self.read(&before, &say!("does-not-show"))? {
            return Ok(Some(reaction));
        }
        let twin = match (self.is(Way::Alone), self.is(Way::Hollow)) {
            (true, _) => None,
            (false, true) => {
                let idle = (self.floor.bench.image)("base")?;
                let hollow = |twin: &mut Service| {
                    twin.command = Some(vec!["sleep".into(), "infinity".into()]);
                    twin.mounts.clear();
                };
                Some(self.floor.stack.second(name, Some(&idle), hollow))
            }
            (false, false) => Some(self.floor.stack.second(name, None, |_| ())),
        };
        let twin = match twin.transpose() {
            Ok(twin) => twin,
            Err(Wrong::Subject(trouble)) => return Ok(Some(ill(service, trouble.spoken()))),
            Err(Wrong::Here(stop)) => return Err(stop),
        };
        let told = self.between(service, twin.as_deref(), &before);
        if let Some(twin) = twin {
            self.floor.stack.forget(&twin)?;
        }
        self.floor.stack.recreate(name, None, |_| ())?;
        let told = told?;
        let after = |reaction: Option<Reaction>| told.clone().or(reaction);
        Ok(match self.floor.unwell(service)? {
            Some(reaction) => after(Some(reaction)),
            None => match self.floor.silent()? {
                Some(reaction) => after(Some(reaction)),
                None => after(self.read(&before, &say!("gone-once-killed", name))?),
            },
        })
    }

    /// What is seen while two instances run, and one of them is killed.
    fn between(
        &mut self,
        service: &Service,
        twin: Option<&str>,
        before: &[(usize, Written)],
    ) -> Result<Option<Reaction>, Stop> {
        if let Some(twin) = twin.filter(|_| !self.is(Way::Hollow)) {
            let second = Service { name: twin.to_owned(), ..service.clone() };
            if let Some(reaction) = self.floor.unwell(&second)? {
                return Ok(Some(reaction));
            }
            // What one instance was told, the other must know.
            let there: Vec<(usize, Written)> =
                before.iter().filter_map(|(index, one)| Some((*index, one.at(&service.name, twin)?))).collect();
            if let Some(reaction) = self.read(&there, &say!("not-at-each", service = service.name))? {
                return Ok(Some(reaction));
            }
        }
        if self.floor.wells.is_empty() {
            self.floor.stack.pull(&service.name, Pull::Kill)?;
            return Ok(None);
        }
        let load = Load::start(&self.floor)?;
        self.floor.stack.pull(&service.name, Pull::Kill)?;
        let from = load.pass(&self.floor, GRACE)?;
        let until = load.pass(&self.floor, GRACE)?;
        let (sent, lost, first) = load.end(&self.floor)?.lost(from, until);
        Ok((lost > 0).then(|| {
            let first = first.unwrap_or_default();
            let told = say!("lost-after-kill", lost, sent, first);
            Reaction {
                detector: say!("load-on", service = service.name),
                place: LOAD,
                message: say!("place-what", place = place(&service.at), what = told),
            }
        }))
    }

    /// A consumer is away while users go on writing; once it is back, everything is done.
    fn backlog(&mut self, consumer: &str) -> Result<Option<Reaction>, Stop> {
        self.floor.stack.pull(consumer, Pull::Stop)?;
        let mut waiting = Vec::new();
        let mut refused = None;
        for _ in 0..WAITING {
            match self.write()? {
                Ok(written) => waiting.extend(written),
                Err(reaction) => refused = refused.or(Some(reaction)),
            }
        }
        if !self.is(Way::Idle) {
            self.floor.stack.pull(consumer, Pull::Start)?;
        }
        let when = say!("not-done-after", consumer);
        let drained = self.read(&waiting, &when)?.map(|reaction| Reaction { place: BACKLOG, ..reaction });
        if self.is(Way::Idle) {
            self.floor.stack.pull(consumer, Pull::Start)?;
        }
        Ok(refused.or(drained))
    }

    fn forgets(&mut self, service: &str) -> Result<Option<Reaction>, Stop> {
        let before = match self.write()? {
            Ok(before) => before,
            Err(reaction) => return Ok(Some(reaction)),
        };
        if let Some(reaction) = self.read(&before, &say!("does-not-show"))? {
            return Ok(Some(reaction));
        }
        let volumes = |one: &mut Service| one.mounts.retain(|mount| !kept(mount));
        let fresh = |stack: &mut Stack<'_>| -> Result<(), Wrong> {
            stack.recreate(service, None, volumes)?;
            stack.ready(service)
        };
        if let Err(Wrong::Here(stop)) = fresh(&mut self.floor.stack) {
            return Err(stop);
        }
        self.read(&before, &say!("gone-once-lost", service))
    }
}

fn lost(journey: &Journey, at: &At, when: &Say, answer: &Say) -> Reaction {
    Reaction {
        detector: say!("journey", name = journey.name),
        place: JOURNEY,
        message: say!("it-when", place = place(at), when, answer),
    }
}

fn ill(service: &Service, message: Say) -> Reaction {
    Reaction { detector: say!("second-instance", service = service.name), place: PROBE, message }
}

impl Subject for Running<'_> {
    fn observe(&mut self) -> Result<Vec<Reaction>, Stop> {
        let plan = self.plan;
        let now = self.now.clone();
        let concerned = |service: &str| now.as_ref().is_none_or(|broken| broken.service == service);
        if let Some(broken) = now.as_ref().filter(|broken| broken.way == Way::Amnesia) {
            return Ok(self.forgets(&broken.service.clone())?.into_iter().collect());
        }
        if !self.is(Way::Idle) {
            let most = if self.seen { 1 } else { SERVICES };
            for service in plan.killed().filter(|service| concerned(&service.name)).take(most) {
                if let Some(reaction) = self.kill(service)? {
                    return Ok(vec![reaction]);
                }
            }
        }
        self.seen = true;
        let consumers: BTreeMap<&String, ()> =
            plan.journeys.iter().filter_map(|(journey, _)| Some((journey.consumer.as_ref()?, ()))).collect();
        for consumer in consumers.into_keys().filter(|name| concerned(name)) {
            if let Some(reaction) = self.backlog(consumer)? {
                return Ok(vec![reaction]);
            }
        }
        if self.now.is_none() {
            self.floor.hurry_journeys();
        }
        Ok(Vec::new())
    }

    fn inject(&mut self, fault: &Fault) -> Result<(), Stop> {
        let broken = self.plan.broken.iter().find(|broken| broken.fault.id == fault.id);
        let broken = broken.ok_or_else(|| Stop(say!("not-planned", id = fault.id)))?;
        if broken.way == Way::Null {
            let image = self.floor.over(&broken.service, "LABEL org.example.preuve=nothing", Vec::new())?;
            self.floor.stack.recreate(&broken.service, Some(&image), |_| ())?;
            self.floor.stack.ready(&broken.service)?;
        }
        self.now = Some(broken.clone());
        Ok(())
    }

    fn restore(&mut self) -> Result<(), Stop> {
        let Some(broken) = self.now.take() else { return Ok(()) };
        let written = self.plan.site.project.services.get(&broken.service);
        let written = written.ok_or_else(|| Stop(say!("not-there", name = broken.service)))?.clone();
        let image = self.floor.made.get(&broken.service).cloned();
        self.floor.stack.recreate(&broken.service, image.as_ref(), |service| *service = written)?;
        self.floor.stack.ready(&broken.service)?;
        drop(self.floor.silent()?);
        Ok(())
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
