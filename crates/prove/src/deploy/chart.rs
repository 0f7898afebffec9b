//! The tests of a chart under the protocol: `helm test` on a release that runs, and again while what it asks is broken.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use sandbox::cluster::complaint;
use sandbox::{Cluster, eventually_by};
use serde_json::{Value, json};

use super::fit::{fit, wanted_images};
use super::images::{Own, make};
use super::json::{kind, list, name, namespace, rolls_out, shown, template, text};
use super::release::with_images;
use super::render::{render, tests};
use super::source::Source;
use super::subject::excused;
use crate::experiment::{Bench, Ground, Line, Planned, Sketch};
use crate::finding::At;
use crate::protocol::{Fault, FaultKind, Place, Reaction, Stop, Subject, Teeth};

/// Seconds within which a workload of the release is ready.
const ROLLOUT: u32 = 180;
/// Seconds within which a test has ended: Helm itself waits for five minutes.
const PATIENCE: u32 = 120;
/// Seconds within which what was stopped is gone.
const GONE: u32 = 60;
/// A test that failed.
const TEST: Place = Place("test");
const DETECTOR: &str = "helm test";
/// The most characters of what a test wrote that are told.
const TOLD: usize = 300;

/// A chart with tests.
pub(crate) struct TestedChart {
    chart: String,
    /// `path:line` of each test.
    suites: BTreeMap<String, At>,
    source: Source,
    own: Own,
    /// Known once the chart is rendered.
    faults: OnceLock<Vec<(Fault, Damage)>>,
}

/// Documents that differ from the good ones, and what they are about.
#[derive(Clone, Debug, PartialEq)]
struct Damage {
    broken: Value,
    good: Value,
}

impl TestedChart {
    /// The charts of the repository whose tests assert something.
    pub fn plan(ground: &Ground<'_>) -> Vec<Self> {
        let mut charts: BTreeMap<String, BTreeMap<String, At>> = BTreeMap::new();
        let suites = ground.facts.of("infratest.suite").iter();
        for fact in suites.filter(|fact| fact.text("tool") == "helm-test" && !fact.is("scaffold")) {
            let Some(path) = fact.location().path() else { continue };
            let nested = path.split_once("/templates/").map(|(chart, _)| chart);
            let Some(chart) = nested.or_else(|| path.starts_with("templates/").then_some(".")) else { continue };
            let line = fact.location().span().map_or(1, |span| span.line);
            charts.entry(chart.to_owned()).or_default().insert(path.to_owned(), At { path: path.to_owned(), line });
        }
        let planned = charts.into_iter().filter_map(|(chart, suites)| {
            let source = Source::of_chart(ground, &chart)?;
            Some(Self { own: Own::plan(ground), faults: OnceLock::new(), chart, suites, source })
        });
        planned.collect()
    }
}

impl Planned for TestedChart {
    fn sketch(&self) -> Sketch {
        let mut runs = self.source.lines();
        let from = self.suites.values().map(|at| format!("{}:{}", at.path, at.line)).collect();
        runs.push(Line { what: "tests".into(), text: "helm test release".into(), from });
        Sketch {
            subject: format!("tests of {}", self.chart),
            runs,
            skipped: Vec::new(),
            stand_ins: vec!["the cluster -> Kubernetes 1.20 of one node, without network policies and ingress".into()],
        }
    }

    fn faults(&self) -> Vec<Fault> {
        self.faults.get().into_iter().flatten().map(|(fault, _)| fault.clone()).collect()
    }

    fn teeth(&self) -> Teeth {
        Teeth(100)
    }

    fn set_up<'a>(&'a self, bench: &'a Bench<'a>) -> Result<Box<dyn Subject + 'a>, Stop> {
        let cluster = Cluster::raise(bench.engine, &(bench.image)("probe")?)?;
        let (mut documents, left_out) = render(&cluster, bench.tree, &self.source)?;
        let how = self.source.parts.first().ok_or_else(|| Stop("the chart has no rendering".into()))?;
        let tests = tests(&cluster, bench.tree, how)?;
        if tests.is_empty() {
            return Err(Stop("with these values the chart renders no test".into()));
        }
        let asked: BTreeSet<String> = tests.iter().map(shown).collect();
        documents.extend(tests);
        let fitted = fit(settled(documents, &self.source));
        let mut notes: BTreeSet<String> = fitted.notes;
        notes.extend(left_out);
        let mut stand_ins = fitted.stand_ins;
        let versions = make(bench, &self.own, &wanted_images(&fitted.documents), &mut stand_ins)?;
        if let Some((image, why)) = versions.missing.iter().next() {
            return Err(Stop(format!("{image} cannot be had: {why}")));
        }
        let all = with_images(&fitted.documents, &versions.now);
        let (tests, release): (Vec<Value>, Vec<Value>) = all.into_iter().partition(|one| asked.contains(&shown(one)));
        let _ = self.faults.set(self.damages(&tests, &release));
        let mut tested = Released { plan: self, bench, cluster, tests, failed: None, current: None, notes };
        tested.failed = tested.install(&release)?;
        if let Some(why) = &tested.failed {
            excused(why, &stand_ins)?;
        }
        tested.notes.extend(stand_ins.iter().map(|line| format!("stand-in: {line}")));
        Ok(Box::new(tested))
    }
}

impl TestedChart {
    /// What the tests name is broken: services first, then the workloads behind them. The null fault is heard by nobody.
    fn damages(&self, tests: &[Value], release: &[Value]) -> Vec<(Fault, Damage)> {
        let at = self.suites.values().next();
        let space = tests.first().map_or("default", namespace);
        let remark = json!({"apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": "preuve-remark", "namespace": space}});
        let fault = |id: String, change: String, kind| Fault {
            id,
            change,
            kind,
            detector: DETECTOR.into(),
            at: at.cloned(),
            noticed_in: if kind == FaultKind::Null { Vec::new() } else { vec![TEST] },
        };
        let null = fault("null".into(), "an object that nothing speaks of appears".into(), FaultKind::Null);
        let mut found = vec![(null, Damage { good: remark.clone(), broken: remark })];
        let mut stopped = BTreeSet::new();
        for service in release.iter().filter(|one| kind(one) == "Service" && tests.iter().any(|test| names(test, one)))
        {
            let Some(selector) = service.pointer("/spec/selector").filter(|selector| !selector.is_null()) else {
                continue;
            };
            let mut broken = service.clone();
            broken["spec"]["selector"] = json!({"preuve": "nowhere"});
            let control = fault(shown(service), format!("{} leads to no pod", shown(service)), FaultKind::Control);
            found.push((control, Damage { good: service.clone(), broken }));
            for workload in release.iter().filter(|one| selects(selector, one) && stopped.insert(shown(one))) {
                let mut broken = workload.clone();
                broken["spec"]["replicas"] = json!(0);
                let control = fault(shown(workload), format!("{} is stopped", shown(workload)), FaultKind::Control);
                found.push((control, Damage { good: workload.clone(), broken }));
            }
        }
        found
    }
}

/// Helm installs into one name space whatever names none: that of the data beside it.
fn settled(mut documents: Vec<Value>, source: &Source) -> Vec<Value> {
    let beside = documents.iter().map(|one| text(one, "/metadata/namespace")).find(|space| !space.is_empty());
    let Some(space) = beside.filter(|_| source.parts.len() > 1).map(str::to_owned) else { return documents };
    for document in &mut documents {
        let bound = !matches!(kind(document), "Namespace" | "ClusterRole" | "ClusterRoleBinding" | "PriorityClass");
        if bound && text(document, "/metadata/namespace").is_empty() {
            document["metadata"]["namespace"] = json!(space);
        }
    }
    documents
}

/// Whether a test's program is told the name of a service: in its command, its arguments or its settings.
fn names(test: &Value, service: &Value) -> bool {
    let at = template(test).unwrap_or_default();
    let containers = list(test, &format!("{at}/spec/containers")).iter();
    let told = containers.flat_map(|one| ["command", "args", "env"].map(|key| one.get(key).map(Value::to_string)));
    let told: String = told.flatten().collect();
    told.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').any(|word| word == name(service))
}

/// Whether a service chooses the copies of a workload.
fn selects(selector: &Value, workload: &Value) -> bool {
    let labels = template(workload).and_then(|at| workload.pointer(&format!("{at}/metadata/labels")));
    let wanted = selector.as_object();
    matches!(kind(workload), "Deployment" | "StatefulSet")
        && wanted.is_some_and(|wanted| {
            !wanted.is_empty() && wanted.iter().all(|(key, value)| labels.and_then(|all| all.get(key)) == Some(value))
        })
}

/// A release on its cluster, with its tests beside it.
struct Released<'a> {
    plan: &'a TestedChart,
    bench: &'a Bench<'a>,
    cluster: Cluster<'a>,
    tests: Vec<Value>,
    /// Why the release does not run, when it does not.
    failed: Option<String>,
    current: Option<Damage>,
    notes: BTreeSet<String>,
}

impl Subject for Released<'_> {
    fn observe(&mut self) -> Result<Vec<Reaction>, Stop> {
        let reaction = |detector: &str, message: String| Reaction { detector: detector.into(), place: TEST, message };
        if let Some(failed) = &self.failed {
            return Ok(vec![reaction("the release", failed.clone())]);
        }
        let mut reactions = Vec::new();
        for test in &self.tests {
            if let Some(message) = self.red(test)? {
                reactions.push(reaction(&format!("{DETECTOR} {}", name(test)), message));
            }
        }
        Ok(reactions)
    }

    fn inject(&mut self, fault: &Fault) -> Result<(), Stop> {
        let damages = self.plan.faults.get().map_or(&[][..], Vec::as_slice);
        let found = damages.iter().find(|(one, _)| one.id == fault.id);
        let (_, damage) = found.ok_or_else(|| Stop(format!("{} is not planned", fault.id)))?;
        self.current = Some(damage.clone());
        self.change(&damage.broken)?;
        if rolls_out(&damage.broken) { self.gone(&damage.broken) } else { Ok(()) }
    }

    fn restore(&mut self) -> Result<(), Stop> {
        let Some(damage) = self.current.take() else { return Ok(()) };
        self.change(&damage.good)?;
        match self.ready(&damage.good)? {
            Ok(()) => Ok(()),
            Err(why) => Err(Stop(format!("{} could not be brought back: {why}", shown(&damage.good)))),
        }
    }

    fn millis(&self) -> u64 {
        (self.bench.millis)()
    }

    fn notes(&self) -> Vec<String> {
        self.notes.iter().cloned().collect()
    }
}

impl Released<'_> {
    /// Applies the release; answers why it does not run, when it does not.
    fn install(&mut self, release: &[Value]) -> Result<Option<String>, Stop> {
        let all = json!({"apiVersion": "v1", "kind": "List", "items": release});
        let ended = self.cluster.apply(&all.to_string())?;
        if !ended.succeeded() {
            self.notes.insert(format!("refused by the API: {}", complaint(&ended)));
        }
        for workload in release.iter().filter(|one| rolls_out(one)) {
            if let Err(why) = self.ready(workload)? {
                return Ok(Some(format!("{}: {why}", shown(workload))));
            }
        }
        Ok(None)
    }

    fn change(&self, document: &Value) -> Result<(), Stop> {
        let ended = self.cluster.apply(&document.to_string())?;
        if ended.succeeded() { Ok(()) } else { Err(Stop(format!("{}: {}", shown(document), complaint(&ended)))) }
    }

    fn ready(&self, document: &Value) -> Result<Result<(), String>, Stop> {
        if !rolls_out(document) {
            return Ok(Ok(()));
        }
        Ok(self.cluster.rollout(namespace(document), &shown(document), ROLLOUT)?)
    }

    /// Waits until no copy of a stopped workload runs any more.
    fn gone(&self, document: &Value) -> Result<(), Stop> {
        let gone = eventually_by(self.bench.millis, GONE, || {
            let told = self.cluster.get(namespace(document), &shown(document))?;
            Ok::<bool, Stop>(told.pointer("/status/replicas").and_then(Value::as_u64).unwrap_or_default() == 0)
        })?;
        if gone { Ok(()) } else { Err(Stop(format!("{} could not be stopped", shown(document)))) }
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
        let said = self.cluster.logs(space, &shown(test))?;
        let last = said.trim().chars().rev().take(TOLD).collect::<Vec<_>>().into_iter().rev().collect::<String>();
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
