//! Tests of a converged host under the protocol: an observation runs the suites, and a red suite is what reacts.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::claim::Claim;
use super::damage::{self, Damage};
use super::farm::{CONTROL, Farm};
use super::site::Site;
use super::subject::stand_ins;
use super::suites::{BATS_FILES, ON_HOST, Suite, Tool};
use crate::experiment::{Bench, Ground, Group, Line, Planned, Sketch};
use crate::output::{tail, text};
use crate::pipeline::counts;
use crate::protocol::{Fault, Place, Reaction, Stop, Subject, Teeth};
use crate::say::{Say, say};

/// A test that failed.
const TEST: Place = Place("test");

/// The suites of a site.
pub(crate) struct Tested {
    site: Site,
    suites: Vec<Suite>,
    others: Vec<String>,
    most: usize,
    /// Known once the hosts are up: which suite is about which host.
    faults: OnceLock<Vec<Damage>>,
}

impl Tested {
    /// The suites that can be run here, or why none can.
    pub fn plan(ground: &Ground<'_>) -> Result<Self, Say> {
        let (suites, others) = Suite::all(ground);
        let others: Vec<String> = others.into_iter().collect();
        if suites.is_empty() {
            let none = say!("no-host-test");
            let told = others.iter().take(4).cloned().collect::<Vec<_>>().join(", ");
            return Err(if told.is_empty() { none } else { say!("none-but", none, told) });
        }
        if suites.iter().all(|suite| suite.claims.is_empty()) {
            let told: Vec<&str> = suites.iter().take(4).map(|suite| suite.path.as_str()).collect();
            return Err(say!("no-teeth", paths = told.join(", ")));
        }
        let site = Site::all(ground).into_iter().next().ok_or_else(|| say!("no-converging-code"))?;
        Ok(Self { site, suites, others, most: ground.sample, faults: OnceLock::new() })
    }

    /// The suites whose text claims nothing that can be damaged.
    fn toothless(&self) -> impl Iterator<Item = &str> {
        self.suites.iter().filter(|suite| suite.claims.is_empty()).map(|suite| suite.path.as_str())
    }

    fn has(&self, tool: Tool) -> bool {
        self.suites.iter().any(|suite| suite.tool == tool)
    }
}

impl Planned for Tested {
    fn sketch(&self) -> Sketch {
        let mut runs = self.site.lines();
        runs.extend(self.suites.iter().map(|suite| suite.line(&self.site)));
        let skip = |other: &String| Line { what: other.into(), text: say!("not-on-host"), from: Vec::new() };
        let skipped = self.others.iter().map(skip).collect();
        Sketch { subject: self.site.path.clone(), runs, skipped, stand_ins: stand_ins(&self.site) }
    }

    fn faults(&self) -> Vec<Fault> {
        self.faults.get().into_iter().flatten().map(|(fault, _)| fault.clone()).collect()
    }

    /// Each damage that a test claims to cover must make one fail.
    fn teeth(&self) -> Teeth {
        Teeth(100)
    }

    fn group(&self) -> Option<Group> {
        Some(Group::Hosts)
    }

    fn set_up<'a>(&'a self, bench: &'a Bench<'a>) -> Result<Box<dyn Subject + 'a>, Stop> {
        let control = if self.has(Tool::Serverspec) { "serverspec" } else { CONTROL };
        if let Some(farm) = Farm::resume(bench, &self.site, control)? {
            let mut tested = Guarded::over(self, farm);
            if tested.settle()? && !tested.lacks {
                tested.notes.insert(say!("hosts-as-converged"));
                return Ok(Box::new(tested.ready()));
            }
            // A red suite, or something that is not there, speaks of hosts as the code left them, not of hosts that were
            // started again.
            tested.farm.leave()?;
        }
        let farm = Farm::raise(bench, &self.site, control)?;
        self.converge(&farm)?;
        let mut tested = Guarded::over(self, farm);
        tested.settle()?;
        Ok(Box::new(tested.ready()))
    }
}

impl Tested {
    /// Has the code converge fresh hosts.
    fn converge(&self, farm: &Farm<'_>) -> Result<(), Stop> {
        let relay = farm.relay()?;
        let (first, missing) = relay.during(|| farm.converge());
        if let Some(failed) = first?.failed.first() {
            let stop = say!("not-converged", failed);
            let missing = missing.first().map(|url| say!("url-not-had", url));
            return Err(Stop(match missing {
                Some(why) => say!("because", what = stop, why),
                None => stop,
            }));
        }
        relay.close()
    }
}

/// Converged hosts with the tests beside them.
struct Guarded<'a> {
    plan: &'a Tested,
    farm: Farm<'a>,
    /// The host that each suite is about.
    on: Vec<(&'a Suite, String)>,
    /// What can be damaged, once the suites were asked.
    found: Vec<Damage>,
    /// Whether a suite claims what no host has.
    lacks: bool,
    current: Option<Claim>,
    /// The suite that claims what was last done to a host, be it nothing that matters.
    claiming: Option<Say>,
    notes: BTreeSet<Say>,
}

impl Subject for Guarded<'_> {
    fn observe(&mut self) -> Result<Vec<Reaction>, Stop> {
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
        self.current = self.farm.inflict(damages, fault, elsewhere)?;
        // The null fault is observed in the same way: a suite that took the way for the damage would be red.
        self.claiming = Some(fault.detector.clone());
        Ok(())
    }

    fn restore(&mut self) -> Result<(), Stop> {
        self.claiming = None;
        match self.current.take() {
            Some(claim) => self.farm.restart(&claim.host),
            None => Ok(()),
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
    fn over(plan: &'a Tested, farm: Farm<'a>) -> Self {
        let none = |path: &str| say!("no-teeth-here", path);
        let notes = plan.toothless().map(none).collect();
        Self { plan, farm, on: Vec::new(), found: Vec::new(), lacks: false, current: None, claiming: None, notes }
    }

    /// What was found becomes the plan's.
    fn ready(mut self) -> Self {
        let _ = self.plan.faults.set(std::mem::take(&mut self.found));
        self
    }

    /// Finds for each suite the host that it is about, the first on which it is green; and what can be damaged there. Says
    /// whether all are green.
    fn settle(&mut self) -> Result<bool, Stop> {
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
            for (fault, claim) in damage::faults(&claims, &Say::from(&suite.path), &TEST, plan.most) {
                if self.found.iter().all(|(known, _)| known.id != fault.id) {
                    self.found.push((fault, claim));
                }
            }
            self.on.push((suite, host));
        }
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
                self.lacks = true;
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
        let command = suite.command(host, &self.plan.site);
        let ended = if suite.on_host() { self.farm.on(host, &command)? } else { self.farm.run(&command)? };
        if ended.succeeded() {
            return Ok(None);
        }
        let output = text(&ended);
        let named = counts::read(&output).failed.into_iter().next();
        Ok(Some(say!("ended", status = ended.status, named = named.unwrap_or_else(|| tail(&output, 1)))))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use facts::{Fact, Facts, Location, Oid, Place, Span};

    use super::Tested;
    use crate::Declared;
    use crate::experiment::Ground;
    use crate::tree::{Content, File, Tree};

    const SITE: &str = "- hosts: all\n  tasks: []\n";

    fn planned(suites: &[(&str, &str)]) -> Result<Vec<String>, String> {
        let at = |path: &str| Location {
            place: Place::File { path: path.into(), blob: Oid::new("b"), span: Span { line: 1, ..Span::default() } },
            commit: Oid::new("c"),
        };
        let suite = |path: &str| Fact::new("infratest.suite", "infratest", at(path)).with("tool", "testinfra");
        let play = Fact::new("ansible.play", "ansible", at("site.yml")).with("hosts", "all");
        let facts = Facts::new(suites.iter().map(|(path, _)| suite(path)).chain([play]).collect());
        let file = |text: &str| {
            let content = Content::Bytes { bytes: text.as_bytes().to_vec(), executable: false };
            File { content, own: true }
        };
        let all = suites.iter().chain(&[("site.yml", SITE)]);
        let files: BTreeMap<String, File> = all.map(|(path, text)| ((*path).to_owned(), file(text))).collect();
        let (tree, declared) = (Tree::new("c", files), Declared::default());
        let ground = Ground { facts: &facts, declared: &declared, tree: &tree, seed: 0, sample: 9 };
        let planned = Tested::plan(&ground).map(|tested| tested.toothless().map(str::to_owned).collect());
        planned.map_err(|because| because.to_string())
    }

    #[test]
    fn suites_without_teeth_are_said_to_have_none() {
        let toothed = ("tests/test_web.py", "def test_web(host):\n    assert host.service(\"nginx\").is_running\n");
        let toothless = ("tests/test_true.py", "def test_true():\n    assert True\n");
        assert_eq!(planned(&[toothed]), Ok(vec![]));
        assert_eq!(planned(&[toothed, toothless]), Ok(vec![toothless.0.to_owned()]));
        let told = "tests/test_true.py: nothing that they claim can be damaged: no teeth";
        assert_eq!(planned(&[toothless]), Err(told.to_owned()));
    }
}
