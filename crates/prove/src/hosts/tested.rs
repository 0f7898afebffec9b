//! Tests of a converged host: which there are, what they claim, and the hosts on which they are green.

use std::sync::OnceLock;

use super::damage::Damage;
use super::farm::{CONTROL, Farm, Resumed};
use super::guarded::Guarded;
use super::site::Site;
use super::subject::stand_ins;
use super::suites::{Suite, Tool};
use crate::experiment::{Bench, Ground, Group, Line, Planned, Sketch};
use crate::protocol::{Fault, Stop, Subject, Teeth};
use crate::say::{Say, say};

/// The suites of a site.
pub(crate) struct Tested {
    pub(super) site: Site,
    pub(super) suites: Vec<Suite>,
    others: Vec<String>,
    pub(super) most: usize,
    pub(super) seed: u64,
    /// Known once the hosts are up: which suite is about which host.
    pub(super) faults: OnceLock<Vec<Damage>>,
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
        Ok(Self { site, suites, others, most: ground.sample, seed: ground.seed, faults: OnceLock::new() })
    }

    /// The suites whose text claims nothing that can be damaged.
    pub(super) fn toothless(&self) -> impl Iterator<Item = &str> {
        self.suites.iter().filter(|suite| suite.claims.is_empty()).map(|suite| suite.path.as_str())
    }

    pub(super) fn has(&self, tool: Tool) -> bool {
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
        let otherwise = match Farm::resume(bench, &self.site, control)? {
            Resumed::NotKept => None,
            Resumed::Otherwise(difference) => Some(say!("hosts-otherwise", difference)),
            Resumed::Same(farm) => {
                let mut tested = Guarded::over(self, farm);
                if tested.settle()? {
                    tested.note(say!("hosts-as-converged"));
                    return Ok(Box::new(tested.ready()?));
                }
                // A red suite speaks of hosts as the code left them, not of hosts that were started again.
                tested.leave()?;
                None
            }
        };
        let farm = Farm::raise(bench, &self.site, control)?;
        self.converge(&farm)?;
        let mut tested = Guarded::over(self, farm);
        otherwise.into_iter().for_each(|note| tested.note(note));
        tested.settle()?;
        Ok(Box::new(tested.ready()?))
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
