//! Everything is lost but a backup: it is brought back, and what users wrote is there again.

use sandbox::Entry;

use super::floor::Floor;
use super::journey::{self, Written};
use super::keep::{self, Kept, damaged, without};
use super::site::{Site, place};
use crate::declared::Journey;
use crate::experiment::{Bench, Ground, Line, Planned, Sketch};
use crate::finding::At;
use crate::protocol::{Fault, FaultKind, Place, Reaction, Stop, Subject, Teeth};
use crate::say::{Say, say};

/// The command that restores says no.
const RESTORE: Place = Place("restore");
/// What is there afterwards is not what was there before.
const DATA: Place = Place("data");
/// What is written before the backup, of each journey.
const WRITTEN: usize = 3;

/// A project whose data are lost and brought back.
pub(crate) struct RestoreDrill {
    site: Site,
    kept: Vec<Kept>,
    journeys: Vec<(Journey, At)>,
    faults: Vec<Fault>,
}

impl RestoreDrill {
    /// # Errors
    /// With the reason why it cannot be tried here.
    pub fn plan(ground: &Ground<'_>) -> Result<Self, Say> {
        let site = Site::of(ground)?;
        let kept = keep::declared(ground.tree, &ground.declared.backups);
        let Some(first) = kept.first() else {
            return Err(say!("no-backup-declared"));
        };
        let unknown = kept.iter().find(|one| !site.project.services.contains_key(&one.backup.service));
        if let Some(one) = unknown {
            return Err(say!("no-service-in", place = place(&one.at), service = one.backup.service, file = site.file));
        }
        let journeys = journey::declared(ground);
        if journeys.is_empty() && kept.iter().all(|one| one.backup.compare.is_none()) {
            return Err(say!("nothing-to-compare"));
        }
        let at = (first.at.path.as_str(), first.at.line);
        let fault = |id: &str, kind: FaultKind, what: Say, noticed: &[Place]| {
            Fault::in_file(id, say!("place-what", place = place(&first.at), what), kind, "restore", at, noticed)
        };
        let faults = vec![
            fault("null", FaultKind::Null, say!("idle-beside-backup"), &[]),
            fault("damaged", FaultKind::Control, say!("other-byte"), &[RESTORE, DATA]),
            fault("gone", FaultKind::Control, say!("largest-gone"), &[RESTORE, DATA]),
        ];
        Ok(Self { site, kept, journeys, faults })
    }
}

impl Planned for RestoreDrill {
    fn sketch(&self) -> Sketch {
        let mut runs = self.site.lines();
        for one in &self.kept {
            let line = |what: Say, text: &str| Line {
                what: say!("what-in", what, service = one.backup.service),
                text: text.into(),
                from: vec![place(&one.at)],
            };
            runs.push(line(say!("back-up"), &one.backup.backup));
            runs.push(line(say!("restore"), &one.backup.restore));
        }
        Sketch { subject: self.site.file.clone(), runs, skipped: self.site.skipped(), stand_ins: Vec::new() }
    }

    fn faults(&self) -> Vec<Fault> {
        self.faults.clone()
    }

    fn teeth(&self) -> Teeth {
        Teeth(100)
    }

    fn set_up<'a>(&'a self, bench: &'a Bench<'a>) -> Result<Box<dyn Subject + 'a>, Stop> {
        let floor = Floor::raise(bench, "restore", &self.site)?;
        let mut drill = Drill { plan: self, floor, before: Before::default(), wrong: None, now: None };
        drill.wrong = drill.begin()?;
        Ok(Box::new(drill))
    }
}

/// What was there before everything was lost.
#[derive(Default)]
struct Before {
    written: Vec<(usize, Written)>,
    kept: Vec<Vec<Entry>>,
    compared: Vec<Option<String>>,
}

struct Drill<'a> {
    plan: &'a RestoreDrill,
    floor: Floor<'a>,
    before: Before,
    /// Why nothing could be kept.
    wrong: Option<Reaction>,
    now: Option<String>,
}

impl Drill<'_> {
    /// Writes, and makes the backups.
    fn begin(&mut self) -> Result<Option<Reaction>, Stop> {
        let plan = self.plan;
        for number in 0..WRITTEN {
            for (index, (one, at)) in plan.journeys.iter().enumerate() {
                let written = match journey::write(&self.floor, one, number)? {
                    Ok(written) => written,
                    Err(answer) => return Ok(Some(reaction(&one.name, at, DATA, &answer))),
                };
                if let Some(answer) = journey::shown(&self.floor, &written)? {
                    return Ok(Some(reaction(&one.name, at, DATA, &answer)));
                }
                self.before.written.push((index, written));
            }
        }
        for one in &plan.kept {
            self.before.compared.push(one.compared(&self.floor)?);
            match one.make(&self.floor)? {
                Ok(entries) => self.before.kept.push(entries),
                Err(said) => {
                    return Ok(Some(reaction(&one.backup.service, &one.at, RESTORE, &say!("no-backup", said))));
                }
            }
        }
        Ok(None)
    }
}

fn reaction(what: &str, at: &At, where_: Place, message: &Say) -> Reaction {
    Reaction {
        detector: say!("restore-of-what", what),
        place: where_,
        message: say!("place-what", place = place(at), what = message),
    }
}

impl Subject for Drill<'_> {
    fn observe(&mut self) -> Result<Vec<Reaction>, Stop> {
        if let Some(wrong) = &self.wrong {
            return Ok(vec![wrong.clone()]);
        }
        let plan = self.plan;
        // Everything but the backup is lost.
        self.floor.lay(self.floor.bench.tree, &plan.site.project)?;
        for (index, one) in plan.kept.iter().enumerate() {
            let mut entries = self.before.kept[index].clone();
            match self.now.as_deref() {
                Some("damaged") => entries = damaged(&entries),
                Some("gone") => entries = without(&entries),
                Some(_) => entries.push(Entry::file("preuve-nothing.txt", "nothing\n")),
                None => {}
            }
            if let Some(said) = one.bring_back(&self.floor, &entries)? {
                return Ok(vec![reaction(&one.backup.service, &one.at, RESTORE, &said)]);
            }
            if one.compared(&self.floor)? != self.before.compared[index] {
                return Ok(vec![reaction(&one.backup.service, &one.at, DATA, &say!("compared-differs"))]);
            }
        }
        for (index, written) in &self.before.written {
            if let Some(answer) = journey::shown(&self.floor, written)? {
                let (one, at) = &plan.journeys[*index];
                return Ok(vec![reaction(&one.name, at, DATA, &say!("not-back", answer))]);
            }
        }
        Ok(Vec::new())
    }

    fn inject(&mut self, fault: &Fault) -> Result<(), Stop> {
        self.now = Some(fault.id.clone());
        Ok(())
    }

    /// The next state begins with nothing.
    fn restore(&mut self) -> Result<(), Stop> {
        self.now = None;
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
