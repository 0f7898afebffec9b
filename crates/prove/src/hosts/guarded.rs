//! Converged hosts with their tests beside them: damaged, looked at by the test that claims what was damaged, and mended.

use std::collections::{BTreeMap, BTreeSet};

use sandbox::{Command, Ended, Status};

use super::claim::Claim;
use super::damage;
use super::farm::Farm;
use super::snapshot::Snapshot;
use super::suites::{BATS_FILES, ON_HOST, Suite, Tool};
use super::tested::Tested;
use crate::output::{tail, text};
use crate::pipeline::counts;
use crate::protocol::{Fault, Place, Reaction, Stop, Subject};
use crate::say::{Say, say};

/// A test that failed.
const TEST: Place = Place("test");

/// Converged hosts with the tests beside them.
pub(super) struct Guarded<'a> {
    plan: &'a Tested,
    farm: Farm<'a>,
    /// The host that each suite is about.
    on: Vec<(&'a Suite, String)>,
    /// What can be damaged, with the suite that claims it, once the suites were asked.
    found: Vec<(Claim, Say)>,
    /// Whether all suites were green a moment ago, with nothing done to a host since.
    green: bool,
    /// The hosts as they are without damage.
    before: BTreeMap<String, Snapshot>,
    current: Option<Claim>,
    /// The suite that claims what was last done to a host, be it nothing that matters.
    claiming: Option<Say>,
    /// The test that claims what is damaged next, by itself: it was green alone.
    alone: Option<Command>,
    notes: BTreeSet<Say>,
}

impl Subject for Guarded<'_> {
    fn observe(&mut self) -> Result<Vec<Reaction>, Stop> {
        // The search for the host of each suite was the first run of them all.
        if std::mem::take(&mut self.green) {
            return Ok(Vec::new());
        }
        if let Some(message) = self.seen_alone()? {
            let detector = self.claiming.clone().unwrap_or_default();
            return Ok(vec![Reaction { detector, place: TEST, message }]);
        }
        // Who claims what was damaged is asked first, and the others only where it saw nothing: one test that fails is enough.
        let claiming = self.claiming.as_ref();
        let mut order: Vec<_> = self.on.iter().collect();
        order.sort_by_key(|(suite, _)| claiming.is_some_and(|claiming| *claiming != Say::from(&suite.path)));
        let mut reactions = Vec::new();
        for (suite, host) in order {
            if let Some(message) = self.red(suite, host)? {
                reactions.push(Reaction { detector: (&suite.path).into(), place: TEST, message });
                if claiming.is_some() {
                    break;
                }
            }
        }
        Ok(reactions)
    }

    fn inject(&mut self, fault: &Fault) -> Result<(), Stop> {
        let elsewhere = self.on.first().map(|(_, host)| host.clone());
        let damages = self.plan.faults.get().map_or(&[][..], Vec::as_slice);
        if let Some(claim) = damage::claim(damages, fault) {
            self.try_alone(&claim, &fault.detector)?;
        }
        self.current = self.farm.inflict(damages, fault, elsewhere)?;
        // The null fault is observed in the same way: a suite that took the way for the damage would be red.
        self.claiming = Some(fault.detector.clone());
        Ok(())
    }

    fn restore(&mut self) -> Result<(), Stop> {
        (self.claiming, self.alone) = (None, None);
        match self.current.take() {
            Some(claim) if !self.undone(&claim)? => self.farm.restart(&claim.host),
            _ => Ok(()),
        }
    }

    fn millis(&self) -> u64 {
        self.farm.millis()
    }

    fn notes(&self) -> Vec<Say> {
        self.notes.iter().cloned().collect()
    }
}

impl<'a> Guarded<'a> {
    pub fn over(plan: &'a Tested, farm: Farm<'a>) -> Self {
        let none = |path: &str| say!("no-teeth-here", path);
        let notes = plan.toothless().map(none).collect();
        Self {
            plan,
            farm,
            on: Vec::new(),
            found: Vec::new(),
            green: false,
            before: BTreeMap::new(),
            current: None,
            claiming: None,
            alone: None,
            notes,
        }
    }

    /// What was found becomes the plan's.
    pub fn ready(mut self) -> Result<Self, Stop> {
        let found = std::mem::take(&mut self.found);
        let claims: Vec<Claim> = found.iter().map(|(claim, _)| claim.clone()).collect();
        self.farm.watch(&claims);
        self.before = self.farm.snapshots()?;
        let first = self.plan.suites.first().map(|suite| Say::from(&suite.path)).unwrap_or_default();
        let _ = self.plan.faults.set(damage::faults(&found, &first, &TEST, self.plan.most, self.plan.seed));
        Ok(self)
    }

    /// The test that holds a claim, by itself, where its tool can run it so.
    fn narrowed(&self, claim: &Claim, claiming: &Say) -> Option<Command> {
        let (suite, host) = self.on.iter().find(|(suite, _)| *claiming == Say::from(&suite.path))?;
        suite.narrowed(host, &self.plan.site, claim)
    }

    /// Runs the test that holds a claim by itself, once or twice, while nothing is damaged: a test that is red alone says
    /// nothing alone. How often is drawn: a test that counts its runs does not know which one comes after the damage.
    fn try_alone(&mut self, claim: &Claim, claiming: &Say) -> Result<(), Stop> {
        self.alone = None;
        let Some(command) = self.narrowed(claim, claiming) else { return Ok(()) };
        let green = |this: &Self| -> Result<bool, Stop> {
            for _ in 0..=this.farm.drawn(&claim.id(), 2) {
                if this.told(&command, None)?.is_some() {
                    return Ok(false);
                }
            }
            Ok(true)
        };
        if !green(self)? {
            // It may be what came before: the host is started again, and asked once more.
            self.farm.restart(&claim.host)?;
            if !green(self)? {
                return Ok(());
            }
        }
        self.alone = Some(command);
        Ok(())
    }

    /// Why the test that claims what was damaged failed by itself, if it did. That nothing could be run is no failed test.
    fn seen_alone(&mut self) -> Result<Option<Say>, Stop> {
        let Some(command) = self.alone.take().filter(|_| self.current.is_some()) else { return Ok(None) };
        let ended = self.farm.run(&command)?;
        Ok((ended.status == Status::Exit(1)).then(|| red(&ended)))
    }

    /// Takes a damage back in place. Says whether the host is as it was before.
    fn undone(&self, claim: &Claim) -> Result<bool, Stop> {
        if !self.farm.undo(claim)? {
            return Ok(false);
        }
        let after = self.farm.snapshot(&claim.host)?;
        Ok(self.before.get(&claim.host).is_some_and(|before| before.differences(&after, None).is_empty()))
    }

    pub fn note(&mut self, note: Say) {
        self.notes.insert(note);
    }

    pub fn leave(self) -> Result<(), Stop> {
        self.farm.leave()
    }

    /// Finds for each suite the host that it is about, the first on which it is green; and what can be damaged there. Says
    /// whether all are green.
    pub fn settle(&mut self) -> Result<bool, Stop> {
        let names = self.farm.names();
        for host in names.iter().filter(|_| self.plan.suites.iter().any(Suite::on_host)) {
            self.farm.lay(host, ON_HOST, &self.farm.files())?;
            if self.plan.has(Tool::Goss) {
                self.farm.equip(host, "bin/goss")?;
            }
            if self.plan.has(Tool::Bats) {
                BATS_FILES.iter().try_for_each(|path| self.farm.equip(host, path))?;
            }
        }
        let plan: &'a Tested = self.plan;
        let mut all = true;
        for suite in &plan.suites {
            let (host, green) = self.about(suite, &names)?;
            all &= green;
            let claims = self.held(suite, &host)?;
            self.found.extend(claims.into_iter().map(|claim| (claim, Say::from(&suite.path))));
            self.on.push((suite, host));
        }
        self.green = all;
        Ok(all)
    }

    /// What a suite claims and the converged host has: a test may ask for a thing only where another setting wants it.
    fn held(&mut self, suite: &Suite, host: &str) -> Result<Vec<Claim>, Stop> {
        self.farm.trust(host)?;
        let mut held = Vec::new();
        for claim in suite.claims.iter().map(|claim| Claim { host: host.to_owned(), ..claim.clone() }) {
            if self.farm.on(host, &damage::held(&claim))?.succeeded() {
                held.push(claim);
            } else {
                let missing = say!("not-on", at = claim.at, claim, host);
                self.notes.insert(missing);
            }
        }
        Ok(held)
    }

    fn about(&self, suite: &Suite, names: &[String]) -> Result<(String, bool), Stop> {
        for name in names {
            if self.red(suite, name)?.is_none() {
                return Ok((name.clone(), true));
            }
        }
        names.first().map(|name| (name.clone(), false)).ok_or_else(|| Stop(say!("no-host")))
    }

    /// Why the suite is red on this host, if it is.
    fn red(&self, suite: &Suite, host: &str) -> Result<Option<Say>, Stop> {
        self.told(&suite.command(host, &self.plan.site), suite.on_host().then_some(host))
    }

    /// What the first test that fails is called, run on a host or from beside them.
    fn told(&self, command: &Command, on: Option<&str>) -> Result<Option<Say>, Stop> {
        let ended = match on {
            Some(host) => self.farm.on(host, command)?,
            None => self.farm.run(command)?,
        };
        Ok((!ended.succeeded()).then(|| red(&ended)))
    }
}

/// How a run ended that was not green, and the first test that failed.
fn red(ended: &Ended) -> Say {
    let output = text(ended);
    let named = counts::read(&output).failed.into_iter().next();
    say!("ended", status = ended.status, named = named.unwrap_or_else(|| tail(&output, 1)))
}
