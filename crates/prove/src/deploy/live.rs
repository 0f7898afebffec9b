//! The application on the cluster: delivered, waited for, and asked without a pause.

use std::collections::BTreeSet;

use sandbox::cluster::complaint;
use sandbox::{Cluster, Image, eventually_by};
use serde_json::Value;

use super::data::Kept;
use super::json::{list, name, namespace, rolls_out, shown, text};
use super::load::{Load, RATE, Record, Served};
use super::pods::{ready, settled, statuses};
use crate::experiment::Bench;
use crate::protocol::Stop;
use crate::say::{Say, say};

/// Seconds within which a release must be rolled out.
const ROLLOUT: u32 = 180;
/// Seconds within which a pod of a broken release has shown what it is.
const SHOWN: u32 = 60;
/// Seconds more that a broken release is given to be taken for a good one.
const GRACE: u32 = 8;
/// Seconds within which the first address answers.
const ANSWER: u32 = 60;

/// A cluster, and the load on it once it has begun.
pub(super) struct Live<'a> {
    bench: &'a Bench<'a>,
    cluster: Cluster<'a>,
    probe: Image,
    load: Option<Load>,
    /// The workload whose releases are watched, and its name space.
    pub entry: String,
    pub namespace: String,
    /// The labels that choose its pods.
    selector: String,
}

/// How a delivery went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Delivered {
    /// Why it was not rolled out, when it was not.
    pub stopped: Option<Say>,
    pub served: Served,
}

impl<'a> Live<'a> {
    pub fn raise(bench: &'a Bench<'a>, entry: &str) -> Result<Self, Stop> {
        let probe = (bench.image)("probe")?;
        let cluster = Cluster::raise(bench.engine, &probe)?;
        let (entry, namespace, selector) = (entry.to_owned(), String::new(), String::new());
        Ok(Self { bench, cluster, probe, load: None, entry, namespace, selector })
    }

    pub fn cluster(&self) -> &Cluster<'a> {
        &self.cluster
    }

    pub fn millis(&self) -> u64 {
        (self.bench.millis)()
    }

    /// The first delivery. Answers why the watched workload does not run, when it does not; what else does not run is noted.
    pub fn install(&mut self, documents: &[Value], notes: &mut BTreeSet<Say>) -> Result<Option<Say>, Stop> {
        let found = documents.iter().find(|one| shown(one) == self.entry);
        let entry = found.ok_or_else(|| Stop(say!("not-delivered", entry = self.entry)))?;
        namespace(entry).clone_into(&mut self.namespace);
        self.selector = selector(entry);
        for problem in self.apply(documents)? {
            notes.insert(say!("api-refused-problem", problem));
        }
        if let Err(why) = self.rollout(&self.namespace, &self.entry, ROLLOUT)? {
            return Ok(Some(self.reason(&why)?));
        }
        for other in documents.iter().filter(|one| rolls_out(one) && shown(one) != self.entry) {
            if let Err(why) = self.rollout(namespace(other), &shown(other), GRACE)? {
                notes.insert(say!("not-ready-here", entry = shown(other), why));
            }
        }
        Ok(None)
    }

    /// Begins to ask. Answers what every address said, when none answers well.
    pub fn ask(&mut self, urls: &[String]) -> Result<Option<String>, Stop> {
        let load = Load::start(&self.cluster, &self.probe, urls)?;
        let mut record = Record::default();
        let answers = eventually_by(self.bench.millis, ANSWER, || {
            record = load.record(&self.cluster)?;
            Ok::<bool, Stop>(record.url.is_some() && record.last > 0)
        })?;
        self.load = Some(load);
        let told =
            || record.tried.iter().map(|(url, answer)| format!("{url}: {answer}")).collect::<Vec<_>>().join(", ");
        Ok((!answers).then(told))
    }

    /// Delivers a release that is meant to be good.
    pub fn deliver(&self, documents: &[Value]) -> Result<Delivered, Stop> {
        self.under_load(documents, |live| Ok(live.rollout(&live.namespace, &live.entry, ROLLOUT)?.err().map(Say::from)))
    }

    /// Delivers a release that is broken: it is given the time to show it, and a little more to be taken for a good one.
    pub fn deliver_broken(&self, documents: &[Value], is_new: &dyn Fn(&Value) -> bool) -> Result<Delivered, Stop> {
        self.under_load(documents, |live| {
            eventually_by(live.bench.millis, SHOWN, || {
                Ok::<bool, Stop>(live.pods()?.iter().any(|pod| is_new(pod) && settled(pod)))
            })?;
            match live.rollout(&live.namespace, &live.entry, GRACE)? {
                Ok(()) => Ok(None),
                Err(why) => live.reason(&why).map(Some),
            }
        })
    }

    /// Delivers documents in which another workload than the watched one differs.
    pub fn replace(&self, documents: &[Value], kept: &Kept) -> Result<Result<(), String>, Stop> {
        let problems = self.apply(documents)?;
        let own = problems.into_iter().find(|problem| problem.contains(&format!("\"{}\"", name_of(&kept.workload))));
        own.map_or_else(|| self.runs(kept), |problem| Ok(Err(problem)))
    }

    /// Makes the pods of a workload anew.
    pub fn restart(&self, kept: &Kept) -> Result<Result<(), String>, Stop> {
        let words = ["--namespace", &kept.namespace, "rollout", "restart", &kept.workload];
        let ended = self.cluster.kubectl(&words, "", 30)?;
        if ended.succeeded() { self.runs(kept) } else { Ok(Err(complaint(&ended))) }
    }

    /// Whether a workload that keeps something is rolled out.
    pub fn runs(&self, kept: &Kept) -> Result<Result<(), String>, Stop> {
        self.rollout(&kept.namespace, &kept.workload, ROLLOUT)
    }

    /// Waits until users are answered well again, so that what is done next is judged for itself.
    pub fn calm(&self) -> Result<(), Stop> {
        let mut since = self.record()?.last;
        let calm = eventually_by(self.bench.millis, SHOWN, || {
            let record = self.record()?;
            let until = since + u64::from(RATE) * 2;
            if record.served(since, record.last).lost > 0 {
                since = record.last;
                return Ok(false);
            }
            Ok::<bool, Stop>(record.settled(until))
        })?;
        if calm { Ok(()) } else { Err(Stop(say!("users-unanswered"))) }
    }

    fn under_load(
        &self,
        documents: &[Value],
        wait: impl Fn(&Self) -> Result<Option<Say>, Stop>,
    ) -> Result<Delivered, Stop> {
        let before = self.record()?.last;
        let problems = self.apply(documents)?;
        let stopped = match problems.iter().find(|problem| self.is_refused(problem)) {
            Some(problem) => Some(problem.into()),
            None => wait(self)?,
        };
        // What the old copies leave behind when they end is lost a moment later.
        let mut record = self.record()?;
        let until = record.last + u64::from(RATE) * 3;
        let settled = eventually_by(self.bench.millis, SHOWN, || {
            record = self.record()?;
            Ok::<bool, Stop>(record.settled(until))
        })?;
        if !settled {
            return Err(Stop(say!("asker-lost")));
        }
        Ok(Delivered { stopped, served: record.served(before, until) })
    }

    /// Removes what a broken release left that a good one does not replace: a stateful copy waits for itself for ever.
    pub fn clear(&self) -> Result<(), Stop> {
        if self.entry.starts_with("StatefulSet/") {
            for pod in self.pods()?.iter().filter(|pod| !ready(pod)) {
                self.cluster.delete(&self.namespace, &["pod", name(pod), "--force", "--grace-period=0"])?;
            }
        }
        Ok(())
    }

    fn record(&self) -> Result<Record, Stop> {
        self.load.as_ref().map_or_else(|| Ok(Record::default()), |load| load.record(&self.cluster))
    }

    /// Applies documents, and says which the API refused.
    fn apply(&self, documents: &[Value]) -> Result<Vec<String>, Stop> {
        let all = serde_json::json!({"apiVersion": "v1", "kind": "List", "items": documents});
        let ended = self.cluster.apply(&all.to_string())?;
        if ended.succeeded() {
            return Ok(Vec::new());
        }
        let told = ended.error_text();
        let lines = told.lines().filter(|line| !line.starts_with("Warning:") && !line.trim().is_empty());
        let mut lines: Vec<String> = lines.map(|line| line.chars().take(300).collect()).collect();
        if lines.is_empty() {
            lines.push(complaint(&ended));
        }
        Ok(lines)
    }

    /// Whether the API speaks of the watched workload: `The Deployment "web" is invalid`, `deployments.apps "web" is forbidden`.
    fn is_refused(&self, problem: &str) -> bool {
        let kind = self.entry.split('/').next().unwrap_or_default().to_ascii_lowercase();
        let named = problem.contains(&format!("\"{}\"", name_of(&self.entry)));
        named && problem.to_ascii_lowercase().contains(&kind)
    }

    fn rollout(&self, namespace: &str, workload: &str, seconds: u32) -> Result<Result<(), String>, Stop> {
        Ok(self.cluster.rollout(namespace, workload, seconds)?)
    }

    /// The pods of the watched workload that are not on their way out.
    pub fn pods(&self) -> Result<Vec<Value>, Stop> {
        let what = ["--namespace", &self.namespace, "get", "pods", "--selector", &self.selector, "--output", "json"];
        let ended = self.cluster.kubectl(&what, "", 30)?;
        let told: Value = serde_json::from_slice(&ended.stdout).unwrap_or_default();
        let living = list(&told, "/items").iter().filter(|pod| pod.pointer("/metadata/deletionTimestamp").is_none());
        Ok(living.cloned().collect())
    }

    /// Why a rollout did not end, in the words of the pod that holds it up.
    fn reason(&self, otherwise: &str) -> Result<Say, Stop> {
        let pods = self.pods()?;
        let held = pods.iter().filter(|pod| !ready(pod)).find_map(|pod| {
            let waiting = statuses(pod).find_map(|status| status.pointer("/state/waiting"))?;
            Some(format!("{} {}", text(waiting, "/reason"), text(waiting, "/message")).trim().to_owned())
        });
        if let Some(held) = held {
            return Ok(held.into());
        }
        if pods.iter().any(|pod| !ready(pod)) {
            return Ok(say!("copy-not-ready"));
        }
        let warnings = self.cluster.warnings(&self.namespace)?;
        let own = warnings.into_iter().rfind(|line| line.contains(name_of(&self.entry)));
        Ok(own.map_or_else(|| otherwise.into(), Say::from))
    }
}

/// `app=web,tier=front`.
fn selector(document: &Value) -> String {
    let labels = document.pointer("/spec/selector/matchLabels").and_then(Value::as_object);
    let pairs = labels.into_iter().flatten().filter_map(|(key, value)| Some(format!("{key}={}", value.as_str()?)));
    pairs.collect::<Vec<_>>().join(",")
}

fn name_of(workload: &str) -> &str {
    workload.rsplit('/').next().unwrap_or(workload)
}
