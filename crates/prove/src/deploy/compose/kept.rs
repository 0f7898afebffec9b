//! What the volumes of a Compose project hold must outlive a delivery: marks are left in them, everything is made anew, and
//! the marks are looked for.

use std::collections::BTreeSet;

use sandbox::{Command, eventually_by};

use super::super::images::next;
use super::Composed;
use crate::experiment::{Bench, Line, Planned, Share, Sketch};
use crate::finding::At;
use crate::protocol::{Fault, FaultKind, Place, Reaction, Stop, Subject, Teeth};
use crate::say::{Say, Spoken, say};
use crate::stack::{Made, Mount, Service, Source, Stack, Wrong};

/// What was kept is no longer there.
const DATA: Place = Place("data");
/// The release was stopped.
const STOPPED: Place = Place("stopped");
const DETECTOR: &str = "volumes";
const MARK: &str = ".preuve-mark";
/// Seconds within which a service that was made anew is looked into.
const PATIENCE: u32 = 60;
/// The most services that are made to forget: each costs a start or two.
const FORGETFUL: usize = 3;

/// A folder whose content must outlive its container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    pub service: String,
    pub folder: String,
    pub at: At,
}

/// The volumes of a Compose file that deploys.
pub(crate) struct Keeping {
    plan: Composed,
    pub(super) kept: Vec<Kept>,
}

impl Keeping {
    /// What a project keeps, if it keeps anything in a volume.
    pub fn plan(plan: &Composed) -> Option<Self> {
        let kept: Vec<Kept> = plan.project.services.values().flat_map(of_service).collect();
        (!kept.is_empty()).then(|| Self { plan: plan.clone(), kept })
    }
}

/// The named volumes that a service writes. What lies in a folder of the repository is not kept by a volume.
fn of_service(service: &Service) -> impl Iterator<Item = Kept> {
    let named = |mount: &&Mount| matches!(mount.source, Source::Volume(_)) && !mount.read_only;
    let kept =
        move |mount: &Mount| Kept { service: service.name.clone(), folder: mount.target.clone(), at: mount.at.clone() };
    service.mounts.iter().filter(named).map(kept)
}

impl Planned for Keeping {
    fn sketch(&self) -> Sketch {
        let mut runs = vec![self.plan.up()];
        runs.extend(self.kept.iter().map(|kept| Line {
            what: "keep".into(),
            text: kept.to_string().into(),
            from: vec![format!("{}:{}", kept.at.path, kept.at.line)],
        }));
        Sketch {
            subject: format!("volumes of {}", self.plan.file),
            runs,
            skipped: Vec::new(),
            stand_ins: vec![say!("host-network-stand-in")],
        }
    }

    fn faults(&self) -> Vec<Fault> {
        let one = &self.kept[0];
        let null = Fault {
            id: "null".into(),
            change: say!("place-what", place = one.service, what = say!("same-anew")),
            kind: FaultKind::Null,
            detector: DETECTOR.into(),
            at: Some(one.at.clone()),
            noticed_in: Vec::new(),
        };
        let mut seen = BTreeSet::new();
        let keepers = self.kept.iter().filter(|kept| seen.insert(kept.service.clone())).take(FORGETFUL);
        let forgets = keepers.map(|kept| Fault {
            id: kept.service.clone(),
            change: say!("place-what", place = kept.service, what = say!("release-forgets")),
            kind: FaultKind::Control,
            detector: DETECTOR.into(),
            at: Some(kept.at.clone()),
            noticed_in: vec![DATA, STOPPED],
        });
        std::iter::once(null).chain(forgets).collect()
    }

    fn teeth(&self) -> Teeth {
        Teeth(100)
    }

    fn share(&self) -> Share {
        Share::Timed
    }

    fn set_up<'a>(&'a self, bench: &'a Bench<'a>) -> Result<Box<dyn Subject + 'a>, Stop> {
        let raised = self.plan.raise(bench, "keep")?;
        let (mut now, mut to_come) = (Made::new(), Made::new());
        for service in self.plan.project.services.keys().filter(|name| self.plan.builds(name)) {
            let image = raised.image(service)?;
            to_come.insert(service.clone(), next(bench, &image)?);
            now.insert(service.clone(), image);
        }
        let mut notes = raised.notes;
        let mut marked = Vec::new();
        for kept in &self.kept {
            match kept.mark(bench, &raised.stack)? {
                None => marked.push(kept),
                Some(why) => drop(notes.insert(say!("survival-not-asked", kept = kept.to_string(), why))),
            }
        }
        if marked.is_empty() {
            return Err(Stop(say!("no-mark-left")));
        }
        let (stack, stand_ins) = (raised.stack, raised.stand_ins);
        Ok(Box::new(Held { plan: &self.plan, bench, stack, now, to_come, marked, current: None, notes, stand_ins }))
    }
}

impl Kept {
    /// Leaves the mark as the service itself would write; answers why that cannot be done.
    fn mark(&self, bench: &Bench<'_>, stack: &Stack<'_>) -> Result<Option<String>, Stop> {
        let write = ["sh", "-c", "printf %s \"$2\" >\"$1\"", "mark", &self.file(), bench.nonce].map(str::to_owned);
        let ended = stack.exec(&self.service, Command::new(write.clone()).seconds(20))?;
        if ended.succeeded() {
            return Ok(None);
        }
        let ended = bench.engine.exec(stack.container(&self.service)?, &Command::new(write).root().seconds(20))?;
        Ok((!ended.succeeded()).then(|| sandbox::cluster::complaint(&ended)))
    }

    /// Whether the mark is still there.
    fn holds(&self, bench: &Bench<'_>, stack: &Stack<'_>) -> Result<bool, Stop> {
        let look =
            ["sh", "-c", "printf 'there: '; cat \"$1\" 2>/dev/null; true", "mark", &self.file()].map(str::to_owned);
        let mut held = false;
        // A container that was just made may not let anybody in yet.
        eventually_by(bench.millis, PATIENCE, || {
            let told = bench
                .engine
                .exec(stack.container(&self.service)?, &Command::new(look.clone()).root().seconds(20))?
                .text();
            held = told.trim() == format!("there: {}", bench.nonce);
            Ok::<bool, Stop>(told.starts_with("there: "))
        })?;
        Ok(held)
    }

    fn file(&self) -> String {
        format!("{}/{MARK}", self.folder.trim_end_matches('/'))
    }
}

impl std::fmt::Display for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {}", self.folder, self.service)
    }
}

struct Held<'a> {
    plan: &'a Composed,
    bench: &'a Bench<'a>,
    stack: Stack<'a>,
    /// The images of the project's own, as they are and as they come.
    now: Made,
    to_come: Made,
    marked: Vec<&'a Kept>,
    current: Option<Fault>,
    notes: BTreeSet<Say>,
    stand_ins: Vec<Say>,
}

impl Held<'_> {
    /// Ends everything and starts it from these images. Answers what does not come back, or is lost.
    fn anew(&mut self, images: &Made) -> Result<Option<Reaction>, Stop> {
        let made = self.stack.again(images);
        self.seen(made)
    }

    /// What is lost once everything runs again, or why it does not.
    fn seen(&self, made: Result<(), Wrong>) -> Result<Option<Reaction>, Stop> {
        match made {
            Ok(()) => self.lost(),
            Err(Wrong::Subject(trouble)) => Ok(Some(reaction(STOPPED, trouble.spoken()))),
            Err(Wrong::Here(stop)) => Err(stop),
        }
    }

    fn lost(&self) -> Result<Option<Reaction>, Stop> {
        for kept in &self.marked {
            if !kept.holds(self.bench, &self.stack)? {
                let At { path, line } = &kept.at;
                let what = say!("kept-lost", kept = kept.to_string());
                return Ok(Some(reaction(DATA, say!("at-line", path, line, what))));
            }
        }
        Ok(None)
    }

    /// Makes a service anew, with its volumes or without.
    fn one(&mut self, name: &str, forgets: bool) -> Result<Option<Reaction>, Stop> {
        let made = self.plan.recreate(&mut self.stack, (name, None), |service| {
            if forgets {
                service.mounts.retain(|mount| !matches!(mount.source, Source::Volume(_)));
            }
        });
        self.seen(made)
    }
}

fn reaction(place: Place, message: Say) -> Reaction {
    Reaction { detector: DETECTOR.into(), place, message }
}

impl Subject for Held<'_> {
    fn observe(&mut self) -> Result<Vec<Reaction>, Stop> {
        let found = match self.current.clone() {
            None => {
                let (to_come, now) = (self.to_come.clone(), self.now.clone());
                match self.anew(&to_come)? {
                    None => self.anew(&now)?,
                    found => found,
                }
            }
            Some(fault) if fault.kind == FaultKind::Null => {
                let name = self.marked[0].service.clone();
                self.one(&name, false)?
            }
            Some(fault) => self.one(&fault.id, true)?,
        };
        if self.current.is_none() && found.is_none() {
            let folders: Vec<String> = self.marked.iter().map(|kept| kept.to_string()).collect();
            self.notes.insert(say!("kept-through", what = folders.join(", ")));
        }
        Ok(found.into_iter().collect())
    }

    fn inject(&mut self, fault: &Fault) -> Result<(), Stop> {
        self.current = Some(fault.clone());
        Ok(())
    }

    fn restore(&mut self) -> Result<(), Stop> {
        let Some(fault) = self.current.take().filter(|fault| fault.kind != FaultKind::Null) else { return Ok(()) };
        match self.one(&fault.id, false)? {
            None => Ok(()),
            Some(left) => Err(Stop(say!("good-not-back", why = left.message))),
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
