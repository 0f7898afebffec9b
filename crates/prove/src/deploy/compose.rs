//! Delivery by Compose: a service is made anew from its next image, as `docker compose up --detach` does, while users ask.

use std::collections::BTreeSet;

use sandbox::{Command, Image, eventually_by};

use super::images::next;
use super::load::{RATE, Record, SCRIPT, Served};
use crate::experiment::{Bench, Ground, Line, Planned, Sketch};
use crate::finding::At;
use crate::protocol::{Fault, FaultKind, Place, Reaction, Stop, Subject, Teeth};
use crate::say::{Say, Spoken, say};
use crate::stack::{Images, Made, Origin, Project, Stack, Wrong};

/// The release was stopped, and every user was answered.
const STOPPED: Place = Place("stopped");
const USERS: Place = Place("users");
const DELIVERY: Place = Place("delivery");
const DETECTOR: &str = "compose up";
/// Seconds within which an address answers, and every request is answered.
const PATIENCE: u32 = 60;
/// Where the observer keeps what it was answered.
const RECORD: &str = "/work/load";

/// A Compose file that is a deployment, and the service where users come in.
pub(crate) struct Composed {
    file: String,
    project: Project,
    entry: String,
    at: At,
    port: u16,
}

impl Composed {
    /// The Compose file that deploys, if one does.
    ///
    /// # Errors
    /// With the reason why nothing is delivered by Compose.
    pub fn plan(ground: &Ground<'_>) -> Result<Self, Say> {
        let services = ground.facts.of("compose.service").iter();
        let deploying = services.filter(|fact| fact.text("purpose") == "deployment" && !fact.is("example"));
        let named: BTreeSet<&str> = deploying.map(|fact| fact.text("file")).collect();
        let pipeline = ground.facts.of("ci.step").iter().any(|fact| fact.text("on") == "compose");
        let found = crate::stack::found(ground.tree);
        let file =
            found.iter().find(|path| named.contains(path.as_str())).or_else(|| found.first().filter(|_| pipeline));
        let file = file.ok_or(say!("nothing-deploys"))?;
        let project = Project::read(ground.tree, file, &[])?;
        let open = project.services.values().filter(|service| service.profiles.is_empty() && !service.ports.is_empty());
        let built = |origin: &Origin| matches!(origin, Origin::Build(_));
        let entry = open.max_by_key(|service| (built(&service.origin), std::cmp::Reverse(service.name.clone())));
        let entry = entry.ok_or_else(|| say!("no-user-port", file))?;
        let (name, at, port) = (entry.name.clone(), entry.at.clone(), entry.ports[0].inside);
        Ok(Self { file: file.clone(), entry: name, at, port, project })
    }
}

impl Planned for Composed {
    fn sketch(&self) -> Sketch {
        let up = format!("docker compose --file {} up --detach", self.file);
        let from = vec![format!("{}:{}", self.at.path, self.at.line)];
        Sketch {
            subject: format!("{} of {}", self.entry, self.file),
            runs: vec![Line { what: "deliver".into(), text: up.into(), from }],
            skipped: Vec::new(),
            stand_ins: vec![say!("host-network-stand-in")],
        }
    }

    fn faults(&self) -> Vec<Fault> {
        let fault = |id: &str, what: Say, kind: FaultKind, noticed_in: Vec<Place>| Fault {
            id: id.into(),
            change: say!("place-what", place = self.entry, what),
            kind,
            detector: DETECTOR.into(),
            at: Some(self.at.clone()),
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

    fn set_up<'a>(&'a self, bench: &'a Bench<'a>) -> Result<Box<dyn Subject + 'a>, Stop> {
        if let Some(unhonoured) = self.project.hindered() {
            return Err(Stop(unhonoured.spoken()));
        }
        let told = |wrong: Wrong| match wrong {
            Wrong::Subject(trouble) => Stop(trouble.spoken()),
            Wrong::Here(stop) => stop,
        };
        let mut images = Images::new(bench);
        let made: Made = images.make(bench.tree, &self.project).map_err(told)?;
        let now = made.get(&self.entry).cloned().ok_or_else(|| Stop(say!("has-no-image", service = self.entry)))?;
        let next = next(bench, &now)?;
        let mut stack = Stack::new(bench, "deliver")?;
        stack.lay(bench.tree, &self.project, made)?;
        stack.up().map_err(told)?;
        let mut notes: BTreeSet<Say> = images.notes;
        notes.extend(images.stand_ins.iter().map(|what| say!("stand-in", what)));
        let url = format!("http://{}:{}/", self.entry, self.port);
        let arguments = format!("python3 -u -c \"$1\" {RATE} '{url}' >{RECORD} 2>&1 &");
        stack.ask(&Command::new(["sh", "-c", &arguments, "load", SCRIPT]))?;
        let begun = eventually_by(bench.millis, PATIENCE, || Ok::<bool, Stop>(record(&stack)?.last > 0))?;
        if !begun {
            let tried = record(&stack)?.tried;
            let tried = tried.iter().map(|(url, answer)| format!("{url}: {answer}")).collect::<Vec<_>>().join(", ");
            return Err(Stop(say!("not-well", url, tried)));
        }
        Ok(Box::new(Running { plan: self, bench, stack, now, next, current: None, notes }))
    }
}

fn record(stack: &Stack<'_>) -> Result<Record, Stop> {
    let ended = stack.ask(&Command::new(["cat", RECORD]).output_bytes(16 << 20))?;
    Ok(Record::read(&ended.text()))
}

struct Running<'a> {
    plan: &'a Composed,
    bench: &'a Bench<'a>,
    stack: Stack<'a>,
    now: Image,
    next: Image,
    current: Option<Fault>,
    notes: BTreeSet<Say>,
}

impl Running<'_> {
    /// Delivers an image; answers what users were answered, and why the service is not well when it is not.
    fn deliver(&mut self, image: &Image, crashing: bool) -> Result<(Option<Say>, Served), Stop> {
        let before = record(&self.stack)?.last;
        let entry = self.plan.entry.clone();
        let original = self.plan.project.services.get(&entry).cloned();
        let made = self.stack.recreate(&entry, Some(image), |service| {
            if let Some(original) = original {
                *service = original;
            }
            if crashing {
                service.command = Some(vec!["/preuve/there-is-no-such-program".into()]);
            }
        });
        let outcome = match made.and_then(|()| self.stack.ready(&entry)) {
            Ok(()) => None,
            Err(Wrong::Subject(trouble)) => Some(trouble.message),
            Err(Wrong::Here(stop)) => return Err(stop),
        };
        let mut seen = record(&self.stack)?;
        let until = seen.last + u64::from(RATE) * 2;
        eventually_by(self.bench.millis, PATIENCE, || {
            seen = record(&self.stack)?;
            Ok::<bool, Stop>(seen.settled(until))
        })?;
        Ok((outcome, seen.served(before, until)))
    }
}

impl Subject for Running<'_> {
    fn observe(&mut self) -> Result<Vec<Reaction>, Stop> {
        let reaction = |place: Place, message: Say| vec![Reaction { detector: DETECTOR.into(), place, message }];
        if self.current.as_ref().is_some_and(|fault| fault.kind == FaultKind::Control) {
            let now = self.now.clone();
            let (stopped, served) = self.deliver(&now, true)?;
            return Ok(match (stopped, served.lost) {
                (Some(why), 0) => reaction(STOPPED, why),
                (None, 0) => Vec::new(),
                _ => reaction(USERS, served.spoken()),
            });
        }
        let next = if self.current.is_some() { self.now.clone() } else { self.next.clone() };
        for image in [next, self.now.clone()] {
            let (stopped, served) = self.deliver(&image, false)?;
            self.notes.insert(served.spoken());
            if let Some(why) = stopped {
                return Ok(reaction(DELIVERY, say!("good-not-started", why)));
            }
            if served.lost > 0 {
                let at = &self.plan.at;
                let why = say!("compose-ends-old");
                return Ok(reaction(USERS, say!("while-next", served, path = at.path, line = at.line, why)));
            }
        }
        Ok(Vec::new())
    }

    fn inject(&mut self, fault: &Fault) -> Result<(), Stop> {
        self.current = Some(fault.clone());
        Ok(())
    }

    fn restore(&mut self) -> Result<(), Stop> {
        self.current = None;
        let now = self.now.clone();
        match self.deliver(&now, false)?.0 {
            None => Ok(()),
            Some(why) => Err(Stop(say!("good-not-back", why))),
        }
    }

    fn millis(&self) -> u64 {
        (self.bench.millis)()
    }

    fn notes(&self) -> Vec<Say> {
        self.notes.iter().cloned().collect()
    }
}
