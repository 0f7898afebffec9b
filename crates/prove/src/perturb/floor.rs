//! The project raised: its images, its stack, the addresses that answered well, and how long services took to be well.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use sandbox::{Build, Entry, Image, eventually_by};

use super::site::{Site, place};
use crate::experiment::Bench;
use crate::finding::At;
use crate::output::tail;
use crate::protocol::{Place, Reaction, Stop};
use crate::say::{Say, say};
use crate::stack::{Images, Made, Project, Service, Stack, Wrong};
use crate::tree::Tree;

/// Seconds within which a service is well that was well before, and addresses answer again.
const PATIENCE: u32 = 60;
/// Seconds until what was written shows, when another service does the rest.
const SHOWS: u32 = 30;
/// What is known to be quick is waited for at least so long.
const LEAST_PATIENCE: u32 = 10;

/// Seconds that are twice as long, within bounds.
fn twice(millis: u64, most: u32) -> u32 {
    u32::try_from(millis.saturating_mul(2).div_ceil(1000)).unwrap_or(most).clamp(LEAST_PATIENCE, most)
}

/// The container itself: it ended, or its own check says that it is not well.
pub(super) const PROBE: Place = Place("probe");
/// An address that answered well before.
pub(super) const ADDRESS: Place = Place("address");

/// A site that runs.
pub(super) struct Floor<'a> {
    pub bench: &'a Bench<'a>,
    pub images: Images<'a>,
    pub stack: Stack<'a>,
    pub made: Made,
    /// Addresses that answered well, and where their port is written.
    pub wells: BTreeMap<String, (String, At)>,
    /// What is said in the proof.
    pub notes: BTreeSet<Say>,
    /// Seconds that a change of a service may take until it shows.
    patience: u32,
    /// Seconds that what was written may take until it shows, and the longest it took so far, in milliseconds.
    pub shows: u32,
    pub slowest: Cell<u64>,
}

impl<'a> Floor<'a> {
    /// Raises a site as it is written. What does not even start so says nothing of the hypothesis.
    pub fn raise(bench: &'a Bench<'a>, experiment: &str, site: &Site) -> Result<Self, Stop> {
        let name = format!("{experiment}-{}", &crate::attest::digest(site.file.as_bytes())[..8]);
        let stack = Stack::new(bench, &name)?;
        let notes = site.project.notes.iter().cloned().collect();
        let mut floor = Self {
            bench,
            images: Images::new(bench),
            stack,
            made: Made::new(),
            wells: BTreeMap::new(),
            notes,
            patience: PATIENCE,
            shows: SHOWS,
            slowest: Cell::new(0),
        };
        floor.lay(bench.tree, &site.project).map_err(|wrong| {
            let Stop(because) = Stop::from(wrong);
            Stop(say!("as-written-not", because))
        })?;
        floor.wells = floor.stack.answering(&site.project)?;
        Ok(floor)
    }

    /// Starts a project from nothing: empty volumes, the files of the tree.
    pub fn lay(&mut self, tree: &Tree, project: &Project) -> Result<(), Wrong> {
        self.made = self.images.make(tree, project)?;
        self.stack.lay(tree, project, self.made.clone())?;
        self.stack.up()
    }

    /// What was well within this time is not waited for much longer when it is broken.
    pub fn hurry(&mut self, millis: u64) {
        self.patience = self.patience.min(twice(millis, PATIENCE));
    }

    /// Does something with all the patience that there is.
    pub fn unhurried<T>(&mut self, does: impl FnOnce(&Self) -> T) -> T {
        let patience = std::mem::replace(&mut self.patience, PATIENCE);
        let done = does(self);
        self.patience = patience;
        done
    }

    /// The same of what users write: the baseline has shown how long that takes here.
    pub fn hurry_journeys(&mut self) {
        self.shows = twice(self.slowest.get(), SHOWS);
    }

    /// The image of a service with more laid over it.
    pub fn over(&self, service: &str, lines: &str, files: Vec<Entry>) -> Result<Image, Stop> {
        let base = self.made.get(service).ok_or_else(|| Stop(say!("has-no-image", service)))?;
        let dockerfile = format!("FROM {}\n{lines}\n", base.0);
        let built = self.bench.engine.build(&Build { registries: false, ..Build::new(dockerfile, files) })?;
        built.image.ok_or_else(|| Stop(say!("layer-failed", service, told = tail(&built.ended.error_text(), 2))))
    }

    /// Waits until a service is well by its own check, its ports, or because it goes on; else says how it is.
    pub fn unwell(&self, service: &Service) -> Result<Option<Reaction>, Stop> {
        let name = &service.name;
        let ports: Vec<u16> = service.ports.iter().filter(|port| !port.udp).map(|port| port.inside).collect();
        let (mut moments, mut how) = (0, None);
        let well = eventually_by(self.bench.millis, self.patience, || {
            let state = self.stack.state(name)?;
            moments += 1;
            if !state.running {
                how = Some(say!("ended-exit", code = state.exit));
                return Ok::<_, Stop>(true);
            }
            how = match state.health.as_deref() {
                Some("healthy") => None,
                Some(health) => Some(say!("own-check-says", health)),
                None => {
                    let mut open = true;
                    for port in &ports {
                        open = open && self.stack.listens(name, *port)?;
                    }
                    match (open, ports.is_empty() && moments < 10) {
                        (true, false) => None,
                        (true, true) => return Ok(false),
                        (false, _) => Some(say!("listens-not", ports = format!("{ports:?}"))),
                    }
                }
            };
            Ok(how.is_none())
        })?;
        if well && how.is_none() {
            return Ok(None);
        }
        let told = tail(&self.stack.logs(name, 32 << 10)?, 2);
        let how = how.unwrap_or_else(|| say!("never-well"));
        let what = if told.is_empty() { how } else { say!("how-told", how, told) };
        let message = say!("place-what", place = place(&service.at), what);
        Ok(Some(Reaction { detector: say!("health-of", name), place: PROBE, message }))
    }

    /// The first address that no longer answers well.
    pub fn silent(&self) -> Result<Option<Reaction>, Stop> {
        for (url, (service, at)) in &self.wells {
            let mut said = String::new();
            let well = eventually_by(self.bench.millis, self.patience, || {
                let answer = self.stack.probe(url)?;
                said = answer.as_ref().map_or_else(|| "nothing".into(), |answer| answer.status.to_string());
                Ok::<_, Stop>(answer.is_some_and(|answer| answer.status < 400))
            })?;
            if !well {
                let message = say!("answers-said", place = place(at), url, said);
                return Ok(Some(Reaction { detector: say!("address-of", service), place: ADDRESS, message }));
            }
        }
        Ok(None)
    }

    pub fn stand_ins(&self) -> Vec<Say> {
        self.images.stand_ins.iter().cloned().collect()
    }

    pub fn notes(&self) -> Vec<Say> {
        self.notes.iter().chain(&self.images.notes).cloned().collect()
    }
}
