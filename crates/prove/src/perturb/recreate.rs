//! The environment is deleted with all it kept, and made again from the commit alone.

use std::collections::{BTreeMap, BTreeSet};

use sandbox::{Command, Entry};

use super::floor::{ADDRESS, Floor};
use super::journey::{self, Written};
use super::keep::{self, Kept};
use super::site::{Site, place};
use crate::declared::Journey;
use crate::experiment::{Bench, Ground, Line, Planned, Sketch};
use crate::finding::At;
use crate::protocol::{Fault, FaultKind, Place, Reaction, Stop, Subject, Teeth};
use crate::say::{Say, Spoken, say};
use crate::stack::{Service, Wrong};

/// It does not start again.
const START: Place = Place("start");
/// Something that the code does not say is reported.
const DRIFT: Place = Place("drift");
const DATA: Place = Place("data");
/// The file that a person leaves in a container.
const BY_HAND: &str = "/etc/preuve-by-hand";
/// What a container is: its files, but for those that come and go.
const SNAPSHOT: &str = "find / -xdev \\( -path /proc -o -path /sys -o -path /dev -o -path /tmp -o -path /run -o -path /var/tmp -o -path \
                        /var/log \\) -prune -o -type f -exec stat -c '%a %s %n' {} + 2>/dev/null; true";

/// A project that is deleted and made again.
pub(crate) struct Recreate {
    site: Site,
    kept: Vec<Kept>,
    journeys: Vec<(Journey, At)>,
    faults: Vec<Fault>,
}

impl Recreate {
    /// # Errors
    /// With the reason why it cannot be tried here.
    pub fn plan(ground: &Ground<'_>) -> Result<Self, Say> {
        let site = Site::of(ground)?;
        let one = site.told().next().ok_or(say!("no-own-service"))?;
        let at = (one.at.path.as_str(), one.at.line);
        let fault = |id: &str, kind: FaultKind, what: Say, noticed: &[Place]| {
            let change = say!("loss", place = place(&one.at), name = one.name, what);
            Fault::in_file(id, change, kind, "drift", at, noticed)
        };
        let faults = vec![
            fault("null", FaultKind::Null, say!("touched"), &[]),
            fault("by hand", FaultKind::Control, say!("added-by-hand"), &[DRIFT]),
        ];
        let journeys = journey::declared(ground);
        let kept = keep::declared(ground.tree, &ground.declared.backups);
        Ok(Self { faults, kept, journeys, site })
    }
}

impl Planned for Recreate {
    fn sketch(&self) -> Sketch {
        let mut runs = self.site.lines();
        let line = |what: Say, text: Say| Line { what, text, from: vec![self.site.file.clone()] };
        runs.push(line(say!("delete"), say!("all-services")));
        runs.push(line(say!("recreate"), say!("from-commit")));
        runs.extend(self.kept.iter().map(|one| Line {
            what: say!("restore-in", service = one.backup.service),
            text: (&one.backup.restore).into(),
            from: vec![place(&one.at)],
        }));
        Sketch { subject: self.site.file.clone(), runs, skipped: self.site.skipped(), stand_ins: Vec::new() }
    }

    fn faults(&self) -> Vec<Fault> {
        self.faults.clone()
    }

    fn teeth(&self) -> Teeth {
        Teeth(100)
    }

    fn set_up<'a>(&'a self, bench: &'a Bench<'a>) -> Result<Box<dyn Subject + 'a>, Stop> {
        let mut floor = Floor::raise(bench, "recreate", &self.site)?;
        let told = match (self.kept.is_empty(), self.journeys.is_empty()) {
            (true, _) => say!("data-lost"),
            (false, true) => say!("data-not-asked"),
            (false, false) => say!("data-back"),
        };
        floor.notes.insert(told);
        Ok(Box::new(Made {
            plan: self,
            floor,
            fresh: BTreeMap::new(),
            loose: BTreeSet::new(),
            again: false,
            refused: false,
        }))
    }
}

/// The environment, made again each time that it is asked.
struct Made<'a> {
    plan: &'a Recreate,
    floor: Floor<'a>,
    /// The files of each own service just after it was made.
    fresh: BTreeMap<String, BTreeSet<String>>,
    /// Lines that differ between two fresh ones by themselves.
    loose: BTreeSet<String>,
    again: bool,
    /// Whether a change by hand was refused.
    refused: bool,
}

impl Made<'_> {
    fn snapshot(&self, service: &Service) -> Result<Option<BTreeSet<String>>, Stop> {
        let command = Command::sh(SNAPSHOT).root().seconds(120).output_bytes(48 << 20);
        let ended = self.floor.bench.engine.exec(self.floor.stack.container(&service.name)?, &command)?;
        Ok(ended.succeeded().then(|| ended.text().lines().map(str::to_owned).collect()))
    }

    fn snapshots(&self) -> Result<BTreeMap<String, BTreeSet<String>>, Stop> {
        let mut all = BTreeMap::new();
        for service in self.plan.site.told().take(2) {
            all.extend(self.snapshot(service)?.map(|lines| (service.name.clone(), lines)));
        }
        Ok(all)
    }

    /// Deletes everything and makes it again; what users wrote comes back where a backup is declared.
    fn whole(&mut self) -> Result<Option<Reaction>, Stop> {
        let plan = self.plan;
        self.fresh = self.snapshots()?;
        let mut written: Vec<(usize, Written)> = Vec::new();
        let mut kept: Vec<Vec<Entry>> = Vec::new();
        if !plan.kept.is_empty() {
            for (index, (one, at)) in plan.journeys.iter().enumerate() {
                match journey::write(&self.floor, one, 1)? {
                    Ok(done) => written.push((index, done)),
                    Err(answer) => return Ok(Some(gone(one, at, &answer))),
                }
            }
            for (index, done) in &written {
                if let Some(answer) = journey::shown(&self.floor, done)? {
                    return Ok(Some(gone(&plan.journeys[*index].0, &plan.journeys[*index].1, &answer)));
                }
            }
        }
        for one in &plan.kept {
            match one.make(&self.floor)? {
                Ok(entries) => kept.push(entries),
                Err(said) => return Ok(Some(data(one, &say!("no-backup", said)))),
            }
        }
        match self.floor.lay(self.floor.bench.tree, &plan.site.project) {
            Ok(()) => {}
            Err(Wrong::Here(stop)) => return Err(stop),
            Err(Wrong::Subject(trouble)) => {
                let detector = say!("start-of", file = trouble.service);
                return Ok(Some(Reaction { detector, place: START, message: trouble.spoken() }));
            }
        }
        let second = self.snapshots()?;
        for (service, lines) in &second {
            let first = self.fresh.get(service);
            let differs = lines.iter().filter(|line| first.is_none_or(|first| !first.contains(*line)));
            self.loose.extend(
                differs.chain(first.into_iter().flatten().filter(|line| !lines.contains(*line))).map(|line| path(line)),
            );
        }
        self.fresh = second;
        for (one, entries) in plan.kept.iter().zip(&kept) {
            if let Some(said) = one.bring_back(&self.floor, entries)? {
                return Ok(Some(data(one, &said)));
            }
        }
        for (index, done) in &written {
            if let Some(answer) = journey::shown(&self.floor, done)? {
                return Ok(Some(gone(&plan.journeys[*index].0, &plan.journeys[*index].1, &answer)));
            }
        }
        Ok(None)
    }

    /// What differs from a fresh environment, before its services are made again, and whether that is gone afterwards.
    fn drift(&mut self) -> Result<Option<Reaction>, Stop> {
        let plan = self.plan;
        let mut found = None;
        for service in plan.site.told().take(2) {
            let Some(fresh) = self.fresh.get(&service.name) else { continue };
            let now = self.snapshot(service)?.unwrap_or_default();
            let hand: Vec<&String> =
                now.iter().filter(|line| !fresh.contains(*line) && !self.loose.contains(&path(line))).collect();
            // What a program makes while it works is not by hand; what is beside its own files is told.
            let told = hand.iter().find(|line| line.ends_with(BY_HAND)).copied().cloned();
            if let Some(line) = told {
                self.floor.stack.recreate(&service.name, None, |_| ())?;
                let after = self.snapshot(service)?.unwrap_or_default();
                let (place, path) = (place(&service.at), path(&line));
                let still = after.contains(&line);
                let message =
                    if still { say!("not-in-code-still", place, path) } else { say!("not-in-code", place, path) };
                found = Some(Reaction { detector: say!("files-of", service = service.name), place: DRIFT, message });
            } else if !hand.is_empty() {
                let told = say!("files-differ", count = hand.len(), service = service.name, names = path(hand[0]));
                self.floor.notes.insert(told);
            }
        }
        Ok(found)
    }

    fn by_hand(&self) -> Option<(&Service, String)> {
        let service = self.plan.site.told().next()?;
        Some((service, place(&service.at)))
    }
}

fn path(line: &str) -> String {
    line.splitn(3, ' ').nth(2).unwrap_or(line).to_owned()
}

fn gone(one: &Journey, at: &At, answer: &Say) -> Reaction {
    Reaction {
        detector: say!("journey", name = one.name),
        place: DATA,
        message: say!("place-what", place = place(at), what = answer),
    }
}

fn data(one: &Kept, said: &Say) -> Reaction {
    let detector = say!("restore-of", service = one.backup.service);
    Reaction { detector, place: DATA, message: say!("place-what", place = place(&one.at), what = said) }
}

impl Subject for Made<'_> {
    fn observe(&mut self) -> Result<Vec<Reaction>, Stop> {
        if !self.again {
            self.again = true;
            if let Some(reaction) = self.whole()? {
                return Ok(vec![reaction]);
            }
        }
        if self.refused {
            let (service, at) = self.by_hand().ok_or_else(|| Stop(say!("no-own-service")))?;
            let message = say!("read-only-root", at, service = service.name);
            return Ok(vec![Reaction { detector: say!("files-of", service = service.name), place: DRIFT, message }]);
        }
        if let Some(reaction) = self.drift()? {
            return Ok(vec![reaction]);
        }
        Ok(self.floor.silent()?.map(|reaction| Reaction { place: ADDRESS, ..reaction }).into_iter().collect())
    }

    fn inject(&mut self, fault: &Fault) -> Result<(), Stop> {
        let (service, _) = self.by_hand().ok_or_else(|| Stop(say!("no-own-service")))?;
        let line = match &*fault.id {
            "null" => "touch /etc/passwd 2>/dev/null; true".to_owned(),
            _ => format!("echo changed >{BY_HAND}"),
        };
        let container = self.floor.stack.container(&service.name)?;
        let ended = self.floor.bench.engine.exec(container, &Command::sh(line).root())?;
        self.refused = fault.id != "null" && !ended.succeeded();
        Ok(())
    }

    fn restore(&mut self) -> Result<(), Stop> {
        self.refused = false;
        let (service, _) = self.by_hand().ok_or_else(|| Stop(say!("no-own-service")))?;
        let name = service.name.clone();
        self.floor.stack.recreate(&name, None, |_| ())?;
        self.floor.stack.ready(&name)?;
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
