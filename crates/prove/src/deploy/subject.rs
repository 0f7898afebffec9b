//! Delivery under the protocol: an observation is a release under load, and what stops a bad one is what reacts.

use std::collections::BTreeSet;

use serde_json::Value;

use super::fit::{fit, wanted_images};
use super::images::{Own, Versions, make};
use super::json::{images, shown, text};
use super::live::{Delivered, Live, urls};
use super::release::{Break, broken, remarked, with_images};
use super::render::render;
use super::source::{Source, Written};
use crate::experiment::{Bench, Ground, Planned, Sketch};
use crate::protocol::{Fault, FaultKind, Place, Reaction, Stop, Subject, Teeth};

/// The release was stopped, and every user was answered.
const STOPPED: Place = Place("stopped");
/// Users were not answered.
const USERS: Place = Place("users");
const DELIVERY: Place = Place("delivery");
const DETECTOR: &str = "rollout";
const NULL: &str = "null";
/// What a workload is called where users come in, when nothing else tells.
const FRONT: [&str; 5] = ["front", "gateway", "web", "portal", "proxy"];

/// An environment whose delivery is proved.
pub(crate) struct Delivering {
    source: Source,
    own: Own,
    entry: String,
}

impl Delivering {
    /// What the repository would deliver to a cluster.
    ///
    /// # Errors
    /// With the reason why nothing is.
    pub fn plan(ground: &Ground<'_>) -> Result<Self, String> {
        let source = Source::of(ground).ok_or("no workload of a cluster is described")?;
        let serving = source.workloads.iter().filter(|(_, written)| written.serves || written.exposed);
        // Users come in where it is exposed.
        let entry = serving.max_by_key(|(name, written)| {
            let front = name
                .to_ascii_lowercase()
                .split(['/', '-', '_'])
                .any(|part| FRONT.iter().any(|word| part.starts_with(word)));
            let deployment = name.starts_with("Deployment/");
            (written.exposed, written.own, deployment, front, std::cmp::Reverse((*name).clone()))
        });
        let entry = entry.ok_or("no workload answers anybody: no service selects one")?.0.clone();
        Ok(Self { own: Own::plan(ground), entry, source })
    }

    fn written(&self) -> &Written {
        self.source.workloads.get(&self.entry).expect("the entry is one of them")
    }

    /// What a reader of the manifests would have warned of, with its place.
    fn weak(&self) -> String {
        let shown = self.written().weak.iter().map(|(what, at)| match at {
            Some(at) => format!("{}:{}: {what}", at.path, at.line),
            None => what.clone(),
        });
        let told: Vec<String> = shown.collect();
        if told.is_empty() { String::new() } else { format!(" ({})", told.join("; ")) }
    }
}

impl Planned for Delivering {
    fn sketch(&self) -> Sketch {
        let mut stand_ins =
            vec!["the cluster -> Kubernetes 1.20 of one node, without network policies and ingress".into()];
        if let Some((name, _)) = &self.source.gitops {
            stand_ins.push(format!("{name} -> a reconciler of ours, which applies what it points to"));
        }
        Sketch {
            subject: format!("{} of {}", self.entry, self.source.name),
            runs: self.source.lines(),
            skipped: Vec::new(),
            stand_ins,
        }
    }

    fn faults(&self) -> Vec<Fault> {
        let at = self.written().at.clone();
        let null = Fault {
            id: NULL.into(),
            change: format!("a remark on the pods of {}", self.entry),
            kind: FaultKind::Null,
            detector: DETECTOR.into(),
            at: at.clone(),
            noticed_in: Vec::new(),
        };
        let control = |how: Break| Fault {
            id: how.id().into(),
            change: format!("{}: {}", self.entry, how.change()),
            kind: FaultKind::Control,
            detector: DETECTOR.into(),
            at: at.clone(),
            noticed_in: vec![STOPPED],
        };
        std::iter::once(null).chain(Break::ALL.map(control)).collect()
    }

    fn teeth(&self) -> Teeth {
        Teeth(100)
    }

    fn set_up<'a>(&'a self, bench: &'a Bench<'a>) -> Result<Box<dyn Subject + 'a>, Stop> {
        let mut live = Live::raise(bench, &self.entry)?;
        let (documents, left_out) = render(live.cluster(), bench.tree, &self.source)?;
        let fitted = fit(documents);
        let mut notes: BTreeSet<String> = fitted.notes;
        notes.extend(left_out);
        let mut stand_ins = fitted.stand_ins;
        let versions = make(bench, &self.own, &wanted_images(&fitted.documents), &mut stand_ins)?;
        let documents = self.without_missing(fitted.documents, &versions, &mut notes)?;
        notes.extend(stand_ins.iter().map(|line| format!("stand-in: {line}")));
        let now = with_images(&documents, &versions.now);
        let mut failed = live.install(&now, &mut notes)?;
        if failed.is_none() {
            let urls = urls(&now, &self.entry);
            if urls.is_empty() {
                return Err(Stop(format!("no service of the documents selects {}", self.entry)));
            }
            failed = live.ask(&urls)?.map(|told| format!("no address answers well: {told}"));
        }
        if let Some(why) = &failed {
            excused(why, &stand_ins)?;
        }
        let built = documents
            .iter()
            .any(|one| shown(one) == self.entry && images(one).iter().any(|image| versions.built.contains(image)));
        let next = if built {
            with_images(&documents, &versions.next)
        } else {
            notes.insert(format!(
                "{}: its image is not built from the repository; the next version is the same image",
                self.entry
            ));
            remarked(&now, &self.entry)
        };
        Ok(Box::new(Delivery { plan: self, live, now, next, hollow: versions.hollow, failed, current: None, notes }))
    }
}

impl Delivering {
    /// The documents without workloads whose image cannot be had.
    fn without_missing(
        &self,
        mut documents: Vec<Value>,
        versions: &Versions,
        notes: &mut BTreeSet<String>,
    ) -> Result<Vec<Value>, Stop> {
        let mut stop = None;
        documents.retain(|one| {
            let found = images(one).into_iter().find_map(|image| Some((versions.missing.get(&image)?, image)));
            let Some((why, image)) = found else { return true };
            if shown(one) == self.entry {
                stop = Some(Stop(format!("{}: {image} cannot be had: {why}", self.entry)));
            }
            notes.insert(format!("left out: {}: {image} cannot be had: {why}", shown(one)));
            false
        });
        stop.map_or(Ok(documents), Err)
    }
}

/// Nothing is said against a subject that lacks what only the sandbox withholds.
fn excused(why: &str, stand_ins: &BTreeSet<String>) -> Result<(), Stop> {
    if why.contains("PodSecurityPolicy") || why.contains("pod security policy") {
        return Err(Stop(format!("it asks for more than a sandbox gives: {why}")));
    }
    match stand_ins.iter().next() {
        Some(stand_in) => Err(Stop(format!("{why}; it runs with stand-ins ({stand_in})"))),
        None => Ok(()),
    }
}

/// The application on its cluster, with the release that is on it now.
struct Delivery<'a> {
    plan: &'a Delivering,
    live: Live<'a>,
    now: Vec<Value>,
    next: Vec<Value>,
    hollow: String,
    /// Why the first delivery failed, when it did.
    failed: Option<String>,
    current: Option<Fault>,
    notes: BTreeSet<String>,
}

impl Subject for Delivery<'_> {
    fn observe(&mut self) -> Result<Vec<Reaction>, Stop> {
        if let Some(failed) = &self.failed {
            return Ok(vec![reaction(DELIVERY, format!("the first delivery failed: {failed}"))]);
        }
        let found = match self.current.as_ref().map(|fault| fault.id.clone()) {
            None => self.forth_and_back()?,
            Some(id) if id == NULL => {
                let documents = remarked(&self.now, &self.plan.entry);
                // Delivered twice would be no change when the next version is a remark itself.
                let delivered = self.live.deliver(&documents)?;
                self.good("a remark", &delivered)
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
                return Err(Stop(format!("the good version could not be brought back: {why}")));
            }
        }
        Ok(())
    }

    fn millis(&self) -> u64 {
        self.live.millis()
    }

    fn notes(&self) -> Vec<String> {
        self.notes.iter().cloned().collect()
    }
}

impl Delivery<'_> {
    /// The next version, then the one before it again.
    fn forth_and_back(&mut self) -> Result<Option<Reaction>, Stop> {
        let forth = self.live.deliver(&self.next)?;
        if let Some(found) = self.good("the next version", &forth) {
            return Ok(Some(found));
        }
        let wanted = self.next.iter().find(|one| shown(one) == self.plan.entry).map(images).unwrap_or_default();
        let old = self.live.pods()?.into_iter().find(|pod| {
            let running = pod.pointer("/spec/containers").and_then(Value::as_array).into_iter().flatten();
            running.clone().any(|container| !wanted.contains(&text(container, "/image").to_owned()))
        });
        if let Some(pod) = old {
            return Ok(Some(reaction(DELIVERY, format!("{} still runs another version", shown(&pod)))));
        }
        let back = self.live.deliver(&self.now)?;
        self.notes.insert(format!("next version: {}; back again: {}", forth.served, back.served));
        Ok(self.good("the version before", &back))
    }

    /// What is wrong with the delivery of a good release.
    fn good(&self, what: &str, delivered: &Delivered) -> Option<Reaction> {
        if let Some(why) = &delivered.stopped {
            return Some(reaction(DELIVERY, format!("{what} was not rolled out: {why}")));
        }
        let weak = self.plan.weak();
        (delivered.served.lost > 0)
            .then(|| reaction(USERS, format!("while {what} was delivered, {}{weak}", delivered.served)))
    }

    /// A broken release: it must be stopped, and cost nobody anything.
    fn bad(&self, id: &str) -> Result<Option<Reaction>, Stop> {
        let how = Break::ALL.into_iter().find(|how| how.id() == id).expect("the plan made the fault");
        let documents = broken(&self.now, &self.plan.entry, how, &self.hollow);
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
        let weak = self.plan.weak();
        Ok(match (&delivered.stopped, delivered.served.lost) {
            (Some(why), 0) => Some(reaction(STOPPED, format!("{why}; {}", delivered.served))),
            (None, 0) => None,
            (stopped, _) => {
                let ended = if stopped.is_some() { "it was stopped, but" } else { "it was taken for a good one, and" };
                Some(reaction(USERS, format!("{ended} {}{weak}", delivered.served)))
            }
        })
    }
}

fn reaction(place: Place, message: String) -> Reaction {
    Reaction { detector: DETECTOR.into(), place, message }
}
