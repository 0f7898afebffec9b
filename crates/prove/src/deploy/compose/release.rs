//! The project's own services are made anew from their next images, as `docker compose up --detach` does, while users ask.

use std::collections::BTreeSet;

use sandbox::{Command, Image, Pull, eventually_by};

use super::super::images::{ending, next};
use super::super::load::{RATE, Record, SCRIPT, Served};
use super::Composed;
use crate::experiment::{Bench, Line, Planned, Share, Sketch};
use crate::finding::At;
use crate::protocol::{Fault, FaultKind, Place, Reaction, Stop, Subject, Teeth};
use crate::say::{Say, Spoken, say};
use crate::stack::{Stack, Wrong};

/// The release was stopped, and every user was answered.
const STOPPED: Place = Place("stopped");
const USERS: Place = Place("users");
const DELIVERY: Place = Place("delivery");
const DETECTOR: &str = "compose up";
/// Seconds within which an address answers, and every request is answered.
const PATIENCE: u32 = 60;
/// Where the observer keeps what it was answered.
const RECORD: &str = "/work/load";

/// The release of a service by Compose.
pub(crate) struct Releasing(pub Composed);

impl Planned for Releasing {
    fn sketch(&self) -> Sketch {
        let plan = &self.0;
        let users = Line { what: "users".into(), text: say!("entry-asked", entry = plan.entry), from: Vec::new() };
        Sketch {
            subject: format!("{} of {}", plan.released, plan.file),
            runs: vec![plan.up(), users],
            skipped: Vec::new(),
            stand_ins: vec![say!("host-network-stand-in")],
        }
    }

    fn faults(&self) -> Vec<Fault> {
        let fault = |id: &str, what: Say, kind: FaultKind, noticed_in: Vec<Place>| Fault {
            id: id.into(),
            change: say!("place-what", place = self.0.released, what),
            kind,
            detector: DETECTOR.into(),
            at: Some(self.0.at.clone()),
            noticed_in,
        };
        vec![
            fault("null", say!("same-again"), FaultKind::Null, Vec::new()),
            fault("crash", say!("release-ends"), FaultKind::Control, vec![STOPPED]),
        ]
    }

    fn teeth(&self) -> Teeth {
        Teeth(100)
    }

    fn share(&self) -> Share {
        Share::Timed
    }

    fn set_up<'a>(&'a self, bench: &'a Bench<'a>) -> Result<Box<dyn Subject + 'a>, Stop> {
        let plan = &self.0;
        let raised = plan.raise(bench, "deliver")?;
        let mut notes = raised.notes.clone();
        let mut versions = Vec::new();
        for name in plan.delivered()? {
            let now = raised.image(&name)?;
            versions.push(Versions { next: next(bench, &now)?, now, name });
        }
        let broken = ending(bench, &raised.image(&plan.released)?)?;
        let stack = raised.stack;
        let asks = format!(
            "python3 -u -c \"$1\" {RATE} {} >{RECORD} 2>&1 &",
            plan.urls.iter().map(|url| quoted(url)).collect::<Vec<_>>().join(" ")
        );
        stack.ask(&Command::new(["sh", "-c", &asks, "load", SCRIPT]))?;
        let begun = eventually_by(bench.millis, PATIENCE, || Ok::<bool, Stop>(record(&stack)?.last > 0))?;
        let asked = record(&stack)?;
        if !begun {
            let told: Vec<String> = asked.tried.iter().map(|(url, answer)| format!("{url}: {answer}")).collect();
            return Err(Stop(say!("no-address-environments", told = told.join(", "))));
        }
        notes.extend(asked.url.map(|url| say!("users-ask", url, rate = RATE)));
        let stand_ins = raised.stand_ins;
        Ok(Box::new(Running { plan, bench, stack, versions, broken, current: None, notes, stand_ins }))
    }
}

/// A word that a shell reads as it is.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "%27"))
}

fn record(stack: &Stack<'_>) -> Result<Record, Stop> {
    let ended = stack.ask(&Command::new(["cat", RECORD]).output_bytes(16 << 20))?;
    Ok(Record::read(&ended.text()))
}

/// A service that is delivered, with its two images.
struct Versions {
    name: String,
    now: Image,
    next: Image,
}

/// What is delivered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Release {
    Now,
    Next,
    /// One service ends as soon as it starts.
    Broken,
    /// That service, as it was.
    Mended,
}

struct Running<'a> {
    plan: &'a Composed,
    bench: &'a Bench<'a>,
    stack: Stack<'a>,
    /// In the order in which Compose makes them anew.
    versions: Vec<Versions>,
    /// A release that ends as soon as it starts.
    broken: Image,
    current: Option<Fault>,
    notes: BTreeSet<Say>,
    stand_ins: Vec<Say>,
}

/// How a delivery went: why the service is not well, when it is not, and what users were answered.
type Delivered = (Option<Say>, Served);

impl Running<'_> {
    /// Delivers as Compose does: each old container is asked to end, then the new one starts.
    fn deliver(&mut self, release: Release) -> Result<Delivered, Stop> {
        let before = record(&self.stack)?.last;
        let of =
            |one: &Versions| (one.name.clone(), if release == Release::Next { &one.next } else { &one.now }.clone());
        let images: Vec<(String, Image)> = match release {
            Release::Now | Release::Next => self.versions.iter().map(of).collect(),
            Release::Broken => vec![(self.plan.released.clone(), self.broken.clone())],
            Release::Mended => self.versions.iter().filter(|one| one.name == self.plan.released).map(of).collect(),
        };
        let mut outcome = None;
        for (name, image) in images {
            match self.anew(&name, &image, release == Release::Broken) {
                Ok(()) => {}
                Err(Wrong::Here(stop)) => return Err(stop),
                Err(Wrong::Subject(trouble)) => {
                    outcome = Some(trouble.message);
                    break;
                }
            }
        }
        let mut seen = record(&self.stack)?;
        let until = seen.last + u64::from(RATE) * 2;
        eventually_by(self.bench.millis, PATIENCE, || {
            seen = record(&self.stack)?;
            Ok::<bool, Stop>(seen.settled(until))
        })?;
        Ok((outcome, seen.served(before, until)))
    }

    fn anew(&mut self, name: &str, image: &Image, broken: bool) -> Result<(), Wrong> {
        self.stack.pull(name, Pull::Stop)?;
        self.plan.recreate(&mut self.stack, (name, Some(image)), |service| {
            if broken {
                service.command = None;
            }
        })
    }

    /// Delivers the next version and the one before it; what is refused or lost on the way is told of both.
    fn forth_and_back(&mut self) -> Result<Option<Reaction>, Stop> {
        let forth = self.deliver(Release::Next)?;
        let back = self.deliver(Release::Now)?;
        self.notes.insert(say!("next-and-back", next = forth.1, back = back.1));
        if let Some(why) = forth.0.or(back.0) {
            return Ok(Some(reaction(DELIVERY, say!("good-not-started", why))));
        }
        let Some(lost) = [&forth.1, &back.1].into_iter().find(|served| served.lost > 0) else { return Ok(None) };
        let At { path, line } = &self.plan.at;
        let told = say!("while-good", served = lost, path, line, why = say!("compose-ends-old"));
        self.cost_of_a_broken_one()?;
        Ok(Some(reaction(USERS, told)))
    }

    /// Where good releases lose requests, the protocol ends: what a broken one does is told nevertheless.
    fn cost_of_a_broken_one(&mut self) -> Result<(), Stop> {
        let broken = self.deliver(Release::Broken)?;
        let mended = self.deliver(Release::Mended)?;
        let seen = broken.0.map_or_else(|| say!("unseen"), |why| say!("seen-because", why));
        let back = mended.0.map_or_else(|| say!("before-runs-again"), |why| say!("good-not-back", why));
        let what = say!("release-ends");
        self.notes.insert(say!("broken-costs", what, seen, served = broken.1, back));
        Ok(())
    }
}

fn reaction(place: Place, message: Say) -> Reaction {
    Reaction { detector: DETECTOR.into(), place, message }
}

impl Subject for Running<'_> {
    fn observe(&mut self) -> Result<Vec<Reaction>, Stop> {
        let found = match self.current.as_ref().map(|fault| fault.kind) {
            None => self.forth_and_back()?,
            Some(FaultKind::Null) => match self.deliver(Release::Now)? {
                (Some(why), _) => Some(reaction(DELIVERY, why)),
                (None, served) => (served.lost > 0).then(|| reaction(USERS, served.spoken())),
            },
            Some(_) => match self.deliver(Release::Broken)? {
                (Some(why), served) if served.lost == 0 => Some(reaction(STOPPED, why)),
                (_, served) => (served.lost > 0).then(|| reaction(USERS, served.spoken())),
            },
        };
        Ok(found.into_iter().collect())
    }

    fn inject(&mut self, fault: &Fault) -> Result<(), Stop> {
        self.current = Some(fault.clone());
        Ok(())
    }

    fn restore(&mut self) -> Result<(), Stop> {
        self.current = None;
        match self.deliver(Release::Now)?.0 {
            None => Ok(()),
            Some(why) => Err(Stop(say!("good-not-back", why))),
        }
    }

    fn millis(&self) -> u64 {
        (self.bench.millis)()
    }

    fn stand_ins(&self) -> Vec<Say> {
        self.stand_ins.clone()
    }

    fn notes(&self) -> Vec<Say> {
        self.notes.iter().cloned().collect()
    }
}
