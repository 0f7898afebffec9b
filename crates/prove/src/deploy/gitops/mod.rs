//! The loop of GitOps: what git no longer holds disappears, and what is changed by hand is undone, as far as it is declared.
//!
//! The operators themselves are not to be had here: a small [`Reconciler`](reconciler::Reconciler) of ours follows what the
//! object declares, and the proof says so. Pods are not started: what is asked is what becomes of objects.

mod reconciler;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use facts::Fact;
use sandbox::Cluster;
use sandbox::cluster::complaint;
use serde_json::{Value, json};

use self::reconciler::{Policy, Reconciler, id};
use super::fit::fit;
use super::json::{kind, list, pod, rolls_out, shown, text};
use super::render::render;
use super::source::{Source, shown as command};
use super::subject::cluster;
use super::written::at;
use crate::experiment::{Bench, Ground, Group, Line, Planned, Sketch};
use crate::finding::At;
use crate::protocol::{Fault, FaultKind, Place, Reaction, Stop, Subject, Teeth};
use crate::say::{Say, say};

/// An object that git no longer held is gone.
const PRUNED: Place = Place("pruned");
/// What was changed by hand is as git says.
const HEALED: Place = Place("healed");
/// The cluster is not as git says, though nothing was broken.
const DRIFT: Place = Place("drift");
const PRUNE: &str = "prune";
const HEAL: &str = "self-heal";
/// What a person writes by hand.
const BY_HAND: &str = "preuve/changed-by-hand:1";
/// A note that git says nothing of.
const REMARK: &str = "preuve.example/remark";
/// Kinds whose removal takes others with it, or that stand in for what a cluster holds already.
const NEVER_REMOVED: [&str; 4] = ["Namespace", "Secret", "PersistentVolumeClaim", "StatefulSet"];

/// An object of a GitOps operator that points to the environment that would be delivered.
pub(crate) struct Reconciled {
    source: Source,
    /// `Application shop-staging`.
    name: String,
    at: At,
    policy: Policy,
}

impl Reconciled {
    /// The loop of the environment that would be delivered, if one is declared and acts by itself.
    pub fn plan(ground: &Ground<'_>) -> Option<Self> {
        let source = Source::of(ground)?;
        let fact = source.pointing(ground)?;
        let policy = Policy { prunes: fact.is("prunes"), heals: fact.is("heals") };
        let acts = fact.is("automated") && (policy.prunes || policy.heals);
        let name = format!("{} {}", fact.text("kind"), fact.text("name"));
        acts.then_some(Self { name, at: at(fact)?, policy, source })
    }

    fn fault(&self, (id, kind): (&str, FaultKind), detector: &str, what: Say, noticed_in: Vec<Place>) -> Fault {
        let change = say!("place-what", place = self.name, what);
        Fault { id: id.into(), change, kind, detector: detector.into(), at: Some(self.at.clone()), noticed_in }
    }
}

impl Planned for Reconciled {
    fn sketch(&self) -> Sketch {
        let from = vec![format!("{}:{}", self.at.path, self.at.line)];
        let line = |what: &str, text: Say| Line { what: what.into(), text, from: from.clone() };
        let mut runs = vec![line("reconcile", self.source.parts.first().map(command).unwrap_or_default().into())];
        let mut skipped = Vec::new();
        for (declared, what) in [(self.policy.prunes, PRUNE), (self.policy.heals, HEAL)] {
            match declared {
                true => runs.push(line(what, say!("as-declared"))),
                false => skipped.push(line(what, say!("not-declared"))),
            }
        }
        let operator = say!("operator-stand-in", name = self.name);
        Sketch { subject: self.name.clone(), runs, skipped, stand_ins: vec![cluster(), operator] }
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.policy.prunes {
            let change = say!("remark-in-git");
            faults.push(self.fault(("null prune", FaultKind::Null), PRUNE, change, Vec::new()));
        }
        if self.policy.heals {
            let change = say!("note-by-hand");
            faults.push(self.fault(("null heal", FaultKind::Null), HEAL, change, Vec::new()));
        }
        if self.policy.prunes {
            let change = say!("taken-from-git");
            faults.push(self.fault((PRUNE, FaultKind::Control), PRUNE, change, vec![PRUNED]));
        }
        if self.policy.heals {
            let change = say!("image-by-hand");
            faults.push(self.fault((HEAL, FaultKind::Control), HEAL, change, vec![HEALED]));
        }
        faults
    }

    fn teeth(&self) -> Teeth {
        Teeth(100)
    }

    fn group(&self) -> Option<Group> {
        Some(Group::Cluster)
    }

    fn set_up<'a>(&'a self, bench: &'a Bench<'a>) -> Result<Box<dyn Subject + 'a>, Stop> {
        let cluster = Cluster::raise(bench.engine, &(bench.image)("probe")?)?;
        let folder = cluster.lay(&bench.tree.entries())?;
        let (documents, left_out) = render(&cluster, bench.tree, folder, &self.source)?;
        let fitted = fit(documents, &self.source.given);
        let mut notes = fitted.notes;
        notes.extend(left_out);
        notes.extend(fitted.stand_ins.iter().map(|what| say!("stand-in", what)));
        let git = unscheduled(fitted.documents);
        let reconciler = Reconciler::new(cluster, self.policy);
        let mut operated = Operated { plan: self, bench, reconciler, git, current: None, notes };
        operated.reach()?;
        Ok(Box::new(operated))
    }
}

/// The documents, whose pods wait for a node that there is not. Pure.
fn unscheduled(mut documents: Vec<Value>) -> Vec<Value> {
    for document in &mut documents {
        if let Some(pod) = pod(document).and_then(Value::as_object_mut) {
            pod.insert("nodeSelector".into(), json!({"preuve.example/node": "none"}));
        }
    }
    documents
}

/// Whether the operator is told to leave an object when git no longer holds it.
fn stays(document: &Value) -> bool {
    let annotation = |name: &str| text(document, &format!("/metadata/annotations/{name}"));
    let options = annotation("argocd.argoproj.io~1sync-options");
    let has = |word: &str| options.split(',').any(|option| option.trim().eq_ignore_ascii_case(word));
    let labelled = text(document, "/metadata/labels/kustomize.toolkit.fluxcd.io~1prune");
    has("Prune=false") || [annotation("kustomize.toolkit.fluxcd.io~1prune"), labelled].contains(&"disabled")
}

/// What is taken out of git: an object that nothing else is part of, and that its own annotations do not keep.
fn removable(git: &[Value]) -> Option<&Value> {
    let may = |one: &&Value| !NEVER_REMOVED.contains(&kind(one)) && !stays(one);
    git.iter().filter(may).min_by_key(|one| (rolls_out(one), shown(one)))
}

/// The workload that somebody changes by hand.
fn changeable(git: &[Value]) -> Option<&Value> {
    git.iter().find(|one| rolls_out(one) && !list(one, "/spec/template/spec/containers").is_empty())
}

/// What the operator keeps, and what is done to it.
struct Operated<'a> {
    plan: &'a Reconciled,
    bench: &'a Bench<'a>,
    reconciler: Reconciler<'a>,
    /// The documents of the commit.
    git: Vec<Value>,
    current: Option<Fault>,
    notes: BTreeSet<Say>,
}

impl Operated<'_> {
    /// The first reconciliation: what the API refuses is noted, and left out of git.
    fn reach(&mut self) -> Result<(), Stop> {
        for (refused, why) in self.reconciler.first(&self.git)? {
            self.notes.insert(say!("api-refused", told = why));
            self.git.retain(|one| id(one) != refused);
        }
        if self.git.is_empty() {
            return Err(Stop(say!("api-takes-none")));
        }
        if self.plan.policy.prunes && removable(&self.git).is_none() {
            return Err(Stop(say!("none-removable")));
        }
        if self.plan.policy.heals && changeable(&self.git).is_none() {
            return Err(Stop(say!("none-changeable")));
        }
        Ok(())
    }

    fn faulty(&self) -> Option<&str> {
        self.current.as_ref().map(|fault| fault.id.as_str())
    }

    /// What git holds while a fault is there.
    fn now(&self) -> Vec<Value> {
        let mut git = self.git.clone();
        match self.faulty() {
            Some(PRUNE) => {
                let gone = removable(&self.git).map(id);
                git.retain(|one| Some(id(one)) != gone);
            }
            Some("null prune") => git[0]["metadata"]["annotations"][REMARK] = json!("a remark"),
            _ => {}
        }
        git
    }

    /// The first object that git held at first, and that is not there.
    fn gone(&self) -> Result<Option<String>, Stop> {
        Ok(self.reconciler.gone(&self.git)?.map(|(_, kind, name)| format!("{kind}/{name}")))
    }

    /// The image that the workload which is changed by hand has now, and the one that git says.
    fn images(&self) -> Result<Option<(String, String)>, Stop> {
        let Some(one) = changeable(&self.git) else { return Ok(None) };
        let at = "/spec/template/spec/containers/0/image";
        let live = self.reconciler.live(one)?.unwrap_or_default();
        Ok(Some((text(&live, at).to_owned(), text(one, at).to_owned())))
    }

    fn look(&mut self) -> Result<Option<Reaction>, Stop> {
        let git = self.now();
        let done = self.reconciler.round(&git)?;
        let gone = self.gone()?;
        let react =
            |detector: &str, place: Place, message: Say| Some(Reaction { detector: detector.into(), place, message });
        if let Some(name) = gone {
            return Ok(react(PRUNE, PRUNED, say!("gone-from-cluster", name)));
        }
        if let Some((live, declared)) = self.images()?.filter(|(live, declared)| live != declared) {
            let message = say!("runs-where-git", live, declared);
            return Ok(if self.faulty() == Some(HEAL) { None } else { react(HEAL, DRIFT, message) });
        }
        if self.faulty() == Some(HEAL) {
            return Ok(react(HEAL, HEALED, say!("set-right", what = done.differed.join(" "))));
        }
        // After a round everything is as git says; a second one would have nothing to do.
        let differs = self.reconciler.differs(&git)?;
        Ok(differs.first().and_then(|line| react(HEAL, DRIFT, say!("not-as-git", line))))
    }

    /// Changes a workload in the cluster, as a person with rights would.
    fn by_hand(&self, patch: &Value, how: &str) -> Result<(), Stop> {
        let one = changeable(&self.git).ok_or_else(|| Stop(say!("none-changeable")))?;
        let ended = self.reconciler.patch(one, how, patch)?;
        if ended.succeeded() {
            Ok(())
        } else {
            Err(Stop(say!("not-changed", name = shown(one), told = complaint(&ended))))
        }
    }
}

impl Subject for Operated<'_> {
    fn observe(&mut self) -> Result<Vec<Reaction>, Stop> {
        Ok(self.look()?.into_iter().collect())
    }

    fn inject(&mut self, fault: &Fault) -> Result<(), Stop> {
        self.current = Some(fault.clone());
        match fault.id.as_str() {
            HEAL => {
                let image =
                    json!([{"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": BY_HAND}]);
                self.by_hand(&image, "json")
            }
            "null heal" => self.by_hand(&json!({"metadata": {"annotations": {REMARK: "by hand"}}}), "merge"),
            _ => Ok(()),
        }
    }

    fn restore(&mut self) -> Result<(), Stop> {
        self.current = None;
        let git = self.git.clone();
        self.reconciler.set(&git)?;
        match self.gone()? {
            None => Ok(()),
            Some(name) => Err(Stop(say!("name-not-back", name))),
        }
    }

    fn millis(&self) -> u64 {
        (self.bench.millis)()
    }

    fn notes(&self) -> Vec<Say> {
        self.notes.iter().cloned().collect()
    }
}

/// The fact that points to what a source renders.
pub(super) fn points<'a>(ground: &Ground<'a>, rendering: &str) -> Option<&'a Fact> {
    let dir = rendering.split(" (").next().unwrap_or(rendering);
    ground.facts.of("k8s.gitops").iter().find(|fact| {
        let target = fact.text("target").trim_start_matches("./").trim_end_matches('/');
        fact.is("deploys") && !target.is_empty() && target == dir
    })
}
