//! A release of a chart on its cluster, and its tests run as `helm test` runs them.

use std::collections::BTreeSet;

use sandbox::cluster::complaint;
use sandbox::{Cluster, eventually_by};
use serde_json::{Value, json};

use super::chart::{Damage, TestedChart};
use super::json::{kind, name, namespace, rolls_out, shown, text};
use crate::experiment::Bench;
use crate::output::tail;
use crate::protocol::{Fault, Place, Reaction, Stop, Subject};
use crate::say::{Say, say};

/// Seconds within which a workload of the release is ready.
const ROLLOUT: u32 = 180;
/// Seconds within which a test has ended: as long as Helm waits.
const PATIENCE: u32 = 300;
/// Seconds within which what was stopped is gone.
const GONE: u32 = 60;
/// Lines of what a test wrote last that are told.
const TOLD: usize = 4;
/// A test that failed.
pub(super) const TEST: Place = Place("test");
pub(super) const DETECTOR: &str = "helm test";

/// A release on its cluster, with its tests beside it.
pub(super) struct Released<'a> {
    pub plan: &'a TestedChart,
    pub bench: &'a Bench<'a>,
    pub cluster: Cluster<'a>,
    pub tests: Vec<Value>,
    /// Why the release does not run, when it does not.
    pub failed: Option<Say>,
    pub current: Option<Damage>,
    pub notes: BTreeSet<Say>,
}

impl Subject for Released<'_> {
    fn observe(&mut self) -> Result<Vec<Reaction>, Stop> {
        let reaction = |detector: Say, message: Say| Reaction { detector, place: TEST, message };
        if let Some(failed) = &self.failed {
            return Ok(vec![reaction(say!("the-release"), failed.clone())]);
        }
        let mut reactions = Vec::new();
        for test in &self.tests {
            if let Some(message) = self.red(test)? {
                reactions.push(reaction(format!("{DETECTOR} {}", name(test)).into(), message.into()));
            }
        }
        Ok(reactions)
    }

    fn inject(&mut self, fault: &Fault) -> Result<(), Stop> {
        let damage = self.plan.damage(fault)?;
        self.current = Some(damage.clone());
        self.change(&damage.broken)?;
        if rolls_out(&damage.broken) { self.gone(&damage.broken) } else { Ok(()) }
    }

    fn restore(&mut self) -> Result<(), Stop> {
        let Some(damage) = self.current.take() else { return Ok(()) };
        self.change(&damage.good)?;
        match self.ready(&damage.good)? {
            Ok(()) => Ok(()),
            Err(why) => Err(Stop(say!("not-brought-back", what = shown(&damage.good), why))),
        }
    }

    fn millis(&self) -> u64 {
        (self.bench.millis)()
    }

    fn notes(&self) -> Vec<Say> {
        self.notes.iter().cloned().collect()
    }
}

impl Released<'_> {
    /// Applies the release; answers why it does not run, when it does not.
    pub(super) fn install(&mut self, release: &[Value]) -> Result<Option<Say>, Stop> {
        let all = json!({"apiVersion": "v1", "kind": "List", "items": release});
        let ended = self.cluster.apply(&all.to_string())?;
        if !ended.succeeded() {
            self.notes.insert(say!("api-refused", told = complaint(&ended)));
        }
        for workload in release.iter().filter(|one| rolls_out(one)) {
            if let Err(why) = self.ready(workload)? {
                return Ok(Some(say!("about", detector = shown(workload), because = why)));
            }
        }
        Ok(None)
    }

    fn change(&self, document: &Value) -> Result<(), Stop> {
        let ended = self.cluster.apply(&document.to_string())?;
        if ended.succeeded() { Ok(()) } else { Err(Stop(format!("{}: {}", shown(document), complaint(&ended)).into())) }
    }

    fn ready(&self, document: &Value) -> Result<Result<(), String>, Stop> {
        if !rolls_out(document) {
            return Ok(Ok(()));
        }
        // Its own deadline may pass while what it needs is still on its way: Helm would not have waited for either.
        let mut rolled = Ok(());
        eventually_by(self.bench.millis, ROLLOUT, || {
            rolled = self.cluster.rollout(namespace(document), &shown(document), ROLLOUT)?;
            Ok::<bool, Stop>(rolled.is_ok())
        })?;
        Ok(rolled)
    }

    /// Waits until no copy of a stopped workload runs any more.
    fn gone(&self, document: &Value) -> Result<(), Stop> {
        let gone = eventually_by(self.bench.millis, GONE, || {
            let told = self.cluster.get(namespace(document), &shown(document))?;
            Ok::<bool, Stop>(told.pointer("/status/replicas").and_then(Value::as_u64).unwrap_or_default() == 0)
        })?;
        if gone { Ok(()) } else { Err(Stop(say!("not-stopped", what = shown(document)))) }
    }

    /// Runs one test as Helm does; answers what it said when it failed.
    fn red(&self, test: &Value) -> Result<Option<String>, Stop> {
        if !matches!(kind(test), "Pod" | "Job") {
            self.change(test)?;
            return Ok(None);
        }
        let space = namespace(test);
        let words = ["--namespace", space, "delete", &shown(test), "--ignore-not-found", "--grace-period=1"];
        self.cluster.kubectl(&words, "", 60)?;
        self.change(test)?;
        let mut ended = None;
        eventually_by(self.bench.millis, PATIENCE, || {
            ended = verdict(&self.cluster.get(space, &shown(test))?);
            Ok::<bool, Stop>(ended.is_some())
        })?;
        if ended == Some(true) {
            return Ok(None);
        }
        let last = tail(&self.cluster.logs(space, &shown(test))?, TOLD);
        let how = if ended.is_some() { "failed" } else { "did not end" };
        Ok(Some(if last.is_empty() { how.into() } else { format!("{how}: {last}") }))
    }
}

/// Whether a test has passed, once it has ended.
fn verdict(told: &Value) -> Option<bool> {
    let count = |what: &str| told.pointer(&format!("/status/{what}")).and_then(Value::as_u64).unwrap_or_default();
    match text(told, "/status/phase") {
        "Succeeded" => Some(true),
        "Failed" => Some(false),
        _ if count("succeeded") > 0 => Some(true),
        _ if count("failed") > 0 => Some(false),
        _ => None,
    }
}
