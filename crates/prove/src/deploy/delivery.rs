//! A delivery under the protocol: an observation is a release under load, and what stops a bad one is what reacts.

use std::collections::BTreeSet;

use serde_json::Value;

use super::data::{Kept, forgetful};
use super::json::{images, shown, text};
use super::live::{Delivered, Live};
use super::release::{Break, broken, remarked};
use super::subject::Delivering;
use crate::experiment::Bench;
use crate::protocol::{Fault, Place, Reaction, Stop, Subject};
use crate::say::{Say, Spoken, say};

/// The release was stopped, and every user was answered.
pub(super) const STOPPED: Place = Place("stopped");
/// Users were not answered.
const USERS: Place = Place("users");
const DELIVERY: Place = Place("delivery");
/// What was kept is no longer there.
pub(super) const DATA: Place = Place("data");
pub(super) const DETECTOR: &str = "rollout";
pub(super) const NULL: &str = "null";
pub(super) const FORGETFUL: &str = "forgetful";

/// The application on its cluster, with the release that is on it now.
pub(super) struct Delivery<'a> {
    pub plan: &'a Delivering,
    pub bench: &'a Bench<'a>,
    pub live: Live<'a>,
    pub now: Vec<Value>,
    pub next: Vec<Value>,
    pub hollow: String,
    /// The folders whose content must outlive what is done here.
    pub marked: Vec<Kept>,
    /// Why the first delivery failed, when it did.
    pub failed: Option<Say>,
    pub current: Option<Fault>,
    pub notes: BTreeSet<Say>,
}

impl Subject for Delivery<'_> {
    fn observe(&mut self) -> Result<Vec<Reaction>, Stop> {
        if let Some(failed) = &self.failed {
            return Ok(vec![reaction(DELIVERY, say!("first-delivery-failed", failed))]);
        }
        let found = match self.current.as_ref().map(|fault| fault.id.clone()) {
            None => match self.forth_and_back()? {
                None => self.anew()?,
                found => found,
            },
            Some(id) if id == FORGETFUL => self.forgotten()?,
            Some(id) if id == NULL => {
                let documents = remarked(&self.now, self.plan.entry());
                // Delivered twice would be no change when the next version is a remark itself.
                let delivered = self.live.deliver(&documents)?;
                self.good(&say!("a-remark"), &delivered)
            }
            Some(id) => self.bad(&id)?,
        };
        Ok(found.into_iter().collect())
    }

    fn inject(&mut self, fault: &Fault) -> Result<(), Stop> {
        self.current = Some(fault.clone());
        Ok(())
    }

    fn restore(&mut self) -> Result<(), Stop> {
        self.current = None;
        let first = self.live.deliver(&self.now)?;
        if first.stopped.is_some() {
            self.live.clear()?;
            let again = self.live.deliver(&self.now)?;
            if let Some(why) = again.stopped {
                return Err(Stop(say!("good-not-back", why)));
            }
        }
        self.keepers().try_for_each(|kept| match self.live.runs(kept)? {
            Ok(()) => Ok(()),
            Err(why) => Err(Stop(say!("not-brought-back", what = kept.workload, why))),
        })
    }

    fn millis(&self) -> u64 {
        self.live.millis()
    }

    fn notes(&self) -> Vec<Say> {
        self.notes.iter().cloned().collect()
    }
}

impl Delivery<'_> {
    /// The next version, then the one before it again.
    fn forth_and_back(&mut self) -> Result<Option<Reaction>, Stop> {
        let forth = self.live.deliver(&self.next)?;
        if let Some(found) = self.good(&say!("next-version"), &forth) {
            return Ok(Some(found));
        }
        let wanted = self.next.iter().find(|one| shown(one) == self.plan.entry()).map(images).unwrap_or_default();
        let old = self.live.pods()?.into_iter().find(|pod| {
            let running = pod.pointer("/spec/containers").and_then(Value::as_array).into_iter().flatten();
            running.clone().any(|container| !wanted.contains(&text(container, "/image").to_owned()))
        });
        if let Some(pod) = old {
            return Ok(Some(reaction(DELIVERY, say!("still-other", workload = shown(&pod)))));
        }
        let back = self.live.deliver(&self.now)?;
        self.notes.insert(say!("next-and-back", next = forth.served, back = back.served));
        Ok(self.good(&say!("version-before"), &back))
    }

    /// The workloads that keep something, each once.
    fn keepers(&self) -> impl Iterator<Item = &Kept> {
        let mut seen = BTreeSet::new();
        self.marked.iter().filter(move |kept| seen.insert(&kept.workload))
    }

    /// Makes every workload that keeps something anew: what it kept must be there. Users may miss a database for a moment.
    fn anew(&mut self) -> Result<Option<Reaction>, Stop> {
        for kept in self.keepers() {
            if let Err(why) = self.live.restart(kept)? {
                return Ok(Some(reaction(DATA, say!("anew-runs-not", workload = kept.workload, why))));
            }
        }
        let lost = self.lost()?;
        if lost.is_none() && !self.marked.is_empty() {
            let folders: Vec<String> = self.marked.iter().map(Kept::to_string).collect();
            self.notes.insert(say!("kept-anew", what = folders.join(", ")));
            self.live.calm()?;
        }
        Ok(lost.map(|told| reaction(DATA, told)))
    }

    fn lost(&self) -> Result<Option<Say>, Stop> {
        for kept in &self.marked {
            if !kept.holds(self.bench, self.live.cluster())? {
                return Ok(Some(say!("kept-lost", kept = kept.to_string())));
            }
        }
        Ok(None)
    }

    /// A release that forgets: it must be seen, or our mark would prove nothing.
    fn forgotten(&mut self) -> Result<Option<Reaction>, Stop> {
        let Some(kept) = self.marked.first() else { return Ok(None) };
        match self.live.replace(&forgetful(&self.now, &kept.workload), kept)? {
            Ok(()) => Ok(self.lost()?.map(|told| reaction(DATA, told))),
            Err(why) => Ok(Some(reaction(STOPPED, why.into()))),
        }
    }

    /// What is wrong with the delivery of a good release.
    fn good(&self, what: &Say, delivered: &Delivered) -> Option<Reaction> {
        if let Some(why) = &delivered.stopped {
            return Some(reaction(DELIVERY, say!("not-rolled-out", what, why)));
        }
        let told = say!("while-delivered", what, served = delivered.served);
        (delivered.served.lost > 0).then(|| reaction(USERS, self.weakened(told)))
    }

    /// With what a reader of the manifests would have warned of.
    fn weakened(&self, told: Say) -> Say {
        let weak = self.plan.weak();
        if weak.is_empty() { told } else { say!("because", what = told, why = weak) }
    }

    /// A broken release: it must be stopped, and cost nobody anything.
    fn bad(&self, id: &str) -> Result<Option<Reaction>, Stop> {
        let how = Break::ALL.into_iter().find(|how| how.id() == id).expect("the plan made the fault");
        let documents = broken(&self.now, self.plan.entry(), how, &self.hollow);
        let hollow = self.hollow.clone();
        let is_new = move |pod: &Value| {
            let containers = pod.pointer("/spec/containers").and_then(Value::as_array).into_iter().flatten();
            containers.clone().any(|one| {
                let image = text(one, "/image");
                let asks = one.get("env").is_some_and(|env| env.to_string().contains("PREUVE_REQUIRED"));
                image == hollow || image.starts_with("preuve/there-is-no-such-image") || asks
            })
        };
        let delivered = self.live.deliver_broken(&documents, &is_new)?;
        Ok(match (&delivered.stopped, delivered.served.lost) {
            (Some(why), 0) => Some(reaction(STOPPED, Say::Several(vec![why.clone(), delivered.served.spoken()]))),
            (None, 0) => None,
            (stopped, _) => {
                let served = &delivered.served;
                let stopped = stopped.is_some();
                let told = if stopped { say!("stopped-but", served) } else { say!("taken-for-good", served) };
                Some(reaction(USERS, self.weakened(told)))
            }
        })
    }
}

fn reaction(place: Place, message: Say) -> Reaction {
    Reaction { detector: DETECTOR.into(), place, message }
}
