//! Converged hosts with their tests beside them: damaged, looked at by the test that claims what was damaged, and mended.

use std::collections::{BTreeMap, BTreeSet};

use sandbox::Command;

use super::claim::{Claim, Kind};
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
    /// Which tests were run by themselves on a host without damage, and whether they were green.
    alone: BTreeMap<Vec<String>, bool>,
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
        let claiming = self.claiming.take();
        match self.current.take() {
            Some(claim) if !self.undone(&claim, claiming)? => self.farm.restart(&claim.host),
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
            alone: BTreeMap::new(),
            notes,
        }
    }

    /// What was found becomes the plan's.
    pub fn ready(mut self) -> Result<Self, Stop> {
        let claims: Vec<Claim> = self.found.iter().map(|(claim, _)| claim.clone()).collect();
        self.farm.watch(&claims);
        self.before = self.farm.snapshots()?;
        let first = self.plan.suites.first().map(|suite| Say::from(&suite.path)).unwrap_or_default();
        let _ = self.plan.faults.set(damage::faults(&self.found, &first, &TEST, self.plan.most, self.plan.seed));
        Ok(self)
    }

    /// The test that holds a claim, by itself, where its tool can run it so.
    fn narrowed(&self, claim: &Claim, claiming: &Say) -> Option<Command> {
        let (suite, host) = self.on.iter().find(|(suite, _)| *claiming == Say::from(&suite.path))?;
        suite.narrowed(host, &self.plan.site, claim)
    }

    /// Runs the test that holds a claim by itself, once, while nothing is damaged: a test that is red alone says nothing alone.
    fn try_alone(&mut self, claim: &Claim, claiming: &Say) -> Result<(), Stop> {
        let Some(command) = self.narrowed(claim, claiming) else { return Ok(()) };
        let key = key(&command);
        if !self.alone.contains_key(&key) {
            let green = self.told(&command, None)?.is_none();
            self.alone.insert(key, green);
        }
        Ok(())
    }

    /// Why the test that claims what was damaged is red by itself, if it is, and was green without damage.
    fn seen_alone(&self) -> Result<Option<Say>, Stop> {
        let (Some(claim), Some(claiming)) = (&self.current, &self.claiming) else { return Ok(None) };
        match self.narrowed(claim, claiming).filter(|command| self.alone.get(&key(command)) == Some(&true)) {
            Some(command) => self.told(&command, None),
            None => Ok(None),
        }
    }

    /// Takes a damage back in place. Says whether the host is as it was before: where something ran again, by the word of the
    /// test that claims it, too.
    fn undone(&self, claim: &Claim, claiming: Option<Say>) -> Result<bool, Stop> {
        if !self.farm.undo(claim)? {
            return Ok(false);
        }
        let after = self.farm.snapshot(&claim.host)?;
        if self.before.get(&claim.host).is_none_or(|before| !before.differences(&after, None).is_empty()) {
            return Ok(false);
        }
        match claiming.filter(|_| matches!(claim.kind, Kind::Running | Kind::Port)) {
            Some(claiming) => match self.narrowed(claim, &claiming) {
                Some(command) => Ok(self.told(&command, None)?.is_none()),
                None => Ok(false),
            },
            None => Ok(true),
        }
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
        if ended.succeeded() {
            return Ok(None);
        }
        let output = text(&ended);
        let named = counts::read(&output).failed.into_iter().next();
        Ok(Some(say!("ended", status = ended.status, named = named.unwrap_or_else(|| tail(&output, 1)))))
    }
}

/// What tells the run of one test from that of another.
fn key(command: &Command) -> Vec<String> {
    command.env.iter().map(|(name, value)| format!("{name}={value}")).collect()
}
