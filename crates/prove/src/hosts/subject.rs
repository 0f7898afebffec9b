//! A site under the protocol: an observation is one more run of the code, and its repair is what reacts to damage.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use super::claim::Claim;
use super::damage::{self, Damage};
use super::farm::{CONTROL, Farm};
use super::site::Site;
use super::snapshot::Snapshot;
use super::together;
use crate::experiment::{Bench, Ground, Group, Planned, Sketch};
use crate::protocol::{Fault, Place, Reaction, Stop, Subject, Teeth};
use crate::say::{Say, say};

/// The damaged host is again as it was.
const REPAIR: Place = Place("repair");
/// A run changed something, and the host is not as it was.
const CHANGE: Place = Place("change");
const FAILURE: Place = Place("failure");

/// A site whose convergence is proved.
pub(crate) struct Converging {
    site: Site,
    most: usize,
    seed: u64,
    /// Known once the hosts were converged: what the code said it manages there.
    faults: OnceLock<Vec<Damage>>,
}

impl Converging {
    pub fn plan(ground: &Ground<'_>) -> Vec<Self> {
        let new = |site| Self { site, most: ground.sample, seed: ground.seed, faults: OnceLock::new() };
        Site::all(ground).into_iter().map(new).collect()
    }
}

impl Planned for Converging {
    fn sketch(&self) -> Sketch {
        let stand_ins = stand_ins(&self.site);
        Sketch { subject: self.site.path.clone(), runs: self.site.lines(), skipped: Vec::new(), stand_ins }
    }

    fn faults(&self) -> Vec<Fault> {
        self.faults.get().into_iter().flatten().map(|(fault, _)| fault.clone()).collect()
    }

    fn teeth(&self) -> Teeth {
        Teeth(80)
    }

    fn group(&self) -> Option<Group> {
        Some(Group::Hosts)
    }

    fn set_up<'a>(&'a self, bench: &'a Bench<'a>) -> Result<Box<dyn Subject + 'a>, Stop> {
        let mut farm = Farm::raise(bench, &self.site, CONTROL)?;
        let fresh = farm.snapshots()?;
        let relay = farm.relay()?;
        let (first, missing) = relay.during(|| farm.converge());
        let said = first?;
        let failed = said.failed.first().cloned();
        if let Some(failed) = &failed {
            let wanting = missing.first().map(|url| say!("url-not-had", url));
            let rights = || {
                let refused =
                    ["not permitted", "must be root", "Permission denied"].iter().any(|sign| failed.contains(sign));
                refused.then(|| say!("asks-rights"))
            };
            let fetched = || self.site.fetched.first().map(|name| say!("fetched-elsewhere", name));
            if let Some(wanting) = wanting.or_else(rights).or_else(fetched) {
                return Err(Stop(say!("failed-wanting", failed, wanting)));
            }
        }
        relay.close()?;
        if failed.is_none() {
            farm.shelve()?;
        }
        let claims = farm.claims(&said)?;
        farm.watch(&claims);
        let baseline = farm.snapshots()?;
        let notes = unclaimed(&fresh, &baseline, &claims).into_iter().collect();
        let detected: Vec<(Claim, Say)> = claims.iter().map(|claim| (claim.clone(), detector())).collect();
        let _ = self.faults.set(damage::faults(&detected, &detector(), &REPAIR, self.most, self.seed));
        Ok(Box::new(Converged {
            plan: self,
            farm,
            baseline,
            failed,
            current: None,
            notes,
            observed: false,
            unseen: false,
            as_before: true,
            steady: BTreeSet::new(),
            groups: Vec::new(),
        }))
    }
}

/// What every proof on hosts stands on instead of the real thing.
pub(crate) fn stand_ins(site: &Site) -> Vec<Say> {
    let always = [say!("host-containers"), say!("our-relay")];
    always.into_iter().chain(site.otherwise()).collect()
}

/// The hosts with the damage that is on them now.
struct Converged<'a> {
    plan: &'a Converging,
    farm: Farm<'a>,
    baseline: BTreeMap<String, Snapshot>,
    /// Why the first run failed, when it did.
    failed: Option<String>,
    current: Option<Claim>,
    notes: BTreeSet<Say>,
    observed: bool,
    /// Whether the last run left the hosts as the baseline has them.
    as_before: bool,
    /// Whether the damage cannot be seen from outside: nothing then counts as its repair.
    unseen: bool,
    /// What the code asked for while nothing was damaged: no other damage makes it ask.
    steady: BTreeSet<String>,
    /// How many damages each run repaired that repaired several.
    groups: Vec<usize>,
}

impl Subject for Converged<'_> {
    fn observe(&mut self) -> Result<Vec<Reaction>, Stop> {
        if let Some(failed) = &self.failed {
            return Ok(vec![reaction(FAILURE, say!("first-run-failed", failed))]);
        }
        // The second run and the third: what only the second changes is change all the same.
        let runs = if self.observed || self.current.is_some() { 1 } else { 2 };
        for _ in 0..runs {
            if let Some(found) = self.run_again()? {
                return Ok(vec![found]);
            }
        }
        self.observed = true;
        Ok(Vec::new())
    }

    fn inject(&mut self, fault: &Fault) -> Result<(), Stop> {
        self.current = self.inflict(fault)?;
        self.as_before = false;
        // What no snapshot shows cannot be seen to be repaired either.
        self.unseen = self.current.is_some() && differences(&self.baseline, &self.farm.snapshots()?, None).is_empty();
        Ok(())
    }

    fn restore(&mut self) -> Result<(), Stop> {
        match self.current.take() {
            Some(claim) => self.start_again(&BTreeSet::from([claim.host])),
            None => Ok(()),
        }
    }

    /// Only what the run itself ascribes to one task each can be told apart.
    fn groups<'f>(&self, faults: &[&'f Fault]) -> Vec<Vec<&'f Fault>> {
        let known = self.farm.ascribes().then(|| self.plan.faults.get()).flatten();
        let steady = |claim: &Claim| self.steady.contains(&claim.asserted());
        let claim = |fault: &Fault| damage::claim(known.map_or(&[][..], Vec::as_slice), fault).filter(steady);
        together::groups(faults.iter().filter_map(|fault| Some((*fault, claim(fault)?))))
    }

    fn together(&mut self, faults: &[&Fault]) -> Result<Option<Vec<Reaction>>, Stop> {
        let (mut claims, mut hosts, mut before) = (Vec::new(), BTreeSet::new(), self.baseline.clone());
        self.as_before = false;
        for fault in faults {
            // What cannot be made beside the others is made alone.
            let Ok(Some(claim)) = self.inflict(fault) else { break };
            hosts.insert(claim.host.clone());
            // Each damage must show by itself, beside those that are there already.
            let after = self.farm.snapshot(&claim.host)?;
            let shows = before.get(&claim.host).is_some_and(|before| !before.differences(&after, None).is_empty());
            before.insert(claim.host.clone(), after);
            if !shows {
                break;
            }
            claims.push(claim);
        }
        let all = claims.len() == faults.len();
        let reactions = if all { self.mended(&claims)? } else { None };
        self.groups.extend(reactions.as_ref().map(Vec::len));
        self.start_again(&self.plan.site.hosts.iter().filter(|host| !all || hosts.contains(*host)).cloned().collect())?;
        Ok(reactions)
    }

    fn millis(&self) -> u64 {
        self.farm.millis()
    }

    fn notes(&self) -> Vec<Say> {
        let (damages, runs): (usize, usize) = (self.groups.iter().sum(), self.groups.len());
        let together = (runs > 0).then(|| say!("damaged-together", damages, runs));
        self.notes.iter().cloned().chain(together).collect()
    }
}

impl Converged<'_> {
    fn inflict(&mut self, fault: &Fault) -> Result<Option<Claim>, Stop> {
        let elsewhere = self.baseline.keys().next().cloned();
        self.farm.inflict(self.plan.faults.get().map_or(&[][..], Vec::as_slice), fault, elsewhere)
    }

    /// Brings damaged hosts back to the kept state, unless the last run did.
    fn start_again(&mut self, hosts: &BTreeSet<String>) -> Result<(), Stop> {
        if self.as_before {
            return Ok(());
        }
        hosts.iter().try_for_each(|host| self.farm.restart(host))?;
        // What a fresh start alone changes is settled by one run; what then still differs would spoil all that follows.
        self.farm.converge()?;
        match differences(&self.baseline, &self.farm.snapshots()?, None).first() {
            None => Ok(()),
            Some(difference) => {
                let host = difference.split_once(": ").map_or("", |(host, _)| host);
                Err(Stop(say!("not-restored", host, difference)))
            }
        }
    }

    /// One run over several damages: each was mended by its own task, and nothing is otherwise than before; or nothing is
    /// certain.
    fn mended(&mut self, claims: &[Claim]) -> Result<Option<Vec<Reaction>>, Stop> {
        let Ok(said) = self.farm.converge() else { return Ok(None) };
        self.as_before = differences(&self.baseline, &self.farm.snapshots()?, None).is_empty();
        if !said.failed.is_empty() || !self.as_before {
            return Ok(None);
        }
        let by = |claim: &Claim| said.changed_by.get(&(claim.host.clone(), claim.at.clone()));
        Ok(claims.iter().map(|claim| Some(reaction(REPAIR, by(claim)?.into()))).collect())
    }

    /// One more run. Its own word and the snapshot must agree.
    fn run_again(&mut self) -> Result<Option<Reaction>, Stop> {
        let said = self.farm.converge()?;
        if let Some(failed) = said.failed.first() {
            return Ok(Some(reaction(FAILURE, failed.into())));
        }
        let differences = differences(&self.baseline, &self.farm.snapshots()?, self.current.as_ref());
        self.as_before = differences.is_empty();
        if self.current.is_none() && said.changed == 0 {
            self.steady = said.steady();
        }
        if self.unseen && self.current.is_some() {
            self.as_before = false;
            let told = say!("damage-unseen");
            return Ok((said.changed > 0).then(|| reaction(CHANGE, told)));
        }
        let told = said.changing.first().map_or_else(|| say!("a-task"), Say::from);
        Ok(match (&self.current, said.changed, differences.first()) {
            (Some(_), 0, None) => Some(reaction(REPAIR, say!("as-it-was"))),
            (Some(_), _, None) => Some(reaction(REPAIR, told)),
            (Some(_), 0, Some(_)) | (None, 0, None) => None,
            (Some(_), _, Some(difference)) => Some(reaction(CHANGE, say!("then-differs", told, difference))),
            (None, 0, Some(difference)) => Some(reaction(CHANGE, say!("silently-differs", difference))),
            (None, _, _) => Some(reaction(CHANGE, say!("changes-again", told))),
        })
    }
}

fn detector() -> Say {
    say!("next-run")
}

fn reaction(place: Place, message: Say) -> Reaction {
    Reaction { detector: detector(), place, message }
}

fn differences(
    one: &BTreeMap<String, Snapshot>,
    other: &BTreeMap<String, Snapshot>,
    damaged: Option<&Claim>,
) -> Vec<String> {
    let of = |(host, snapshot): (&String, &Snapshot)| {
        let made_again = damaged.filter(|claim| claim.host == *host).and_then(Claim::renumbered);
        let found = other.get(host).map(|other| snapshot.differences(other, made_again)).unwrap_or_default();
        found.into_iter().map(|line| format!("{host}: {line}")).collect::<Vec<_>>()
    };
    one.iter().flat_map(of).collect()
}

/// Files that came with the code and that no task claims: what nobody manages, nobody repairs.
fn unclaimed(fresh: &BTreeMap<String, Snapshot>, converged: &BTreeMap<String, Snapshot>, claims: &[Claim]) -> Vec<Say> {
    const NAMED: usize = 5;
    const OWN: [&str; 6] = ["/usr/local/", "/opt/", "/srv/", "/home/", "/etc/systemd/system/", "/etc/cron.d/"];
    let mut notes = Vec::new();
    for (host, after) in converged {
        let before = fresh.get(host).map(|snapshot| snapshot.names("file")).unwrap_or_default();
        let claimed = |path: &str| claims.iter().any(|claim| claim.host == *host && path.starts_with(&*claim.name));
        let own = |path: &&str| OWN.iter().any(|root| path.starts_with(root)) && !claimed(path);
        let names = after.names("file");
        let unmanaged: Vec<&str> = names.difference(&before).copied().filter(own).collect();
        if !unmanaged.is_empty() {
            let more = unmanaged.len().saturating_sub(NAMED);
            let names = unmanaged[..unmanaged.len().min(NAMED)].join(", ");
            notes.push(if more > 0 {
                say!("unmanaged-more", host, names, more)
            } else {
                say!("unmanaged", host, names)
            });
        }
    }
    notes
}
