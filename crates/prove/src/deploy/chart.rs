//! The tests of a chart under the protocol: `helm test` on a release that runs, and again while what it asks is broken.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use sandbox::Cluster;
use serde_json::{Value, json};

use super::fit::{fit, wanted_images};
use super::helm_test::{DETECTOR, Released, TEST};
use super::images::{Own, make};
use super::json::{kind, list, name, namespace, selects, shown, template, text};
use super::release::with_images;
use super::render::{render, tests};
use super::source::Source;
use super::subject::{cluster, excused};
use crate::experiment::{Bench, Ground, Group, Line, Planned, Sketch};
use crate::finding::At;
use crate::protocol::{Fault, FaultKind, Stop, Subject, Teeth};
use crate::say::{Say, say};

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
pub(super) struct Damage {
    pub broken: Value,
    pub good: Value,
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
        Sketch { subject: format!("tests of {}", self.chart), runs, skipped: Vec::new(), stand_ins: vec![cluster()] }
    }

    fn faults(&self) -> Vec<Fault> {
        self.faults.get().into_iter().flatten().map(|(fault, _)| fault.clone()).collect()
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
        let (mut documents, left_out) = render(&cluster, bench.tree, folder, &self.source)?;
        let how = self.source.parts.first().ok_or_else(|| Stop(say!("no-rendering")))?;
        let tests = tests(&cluster, folder, how)?;
        if tests.is_empty() {
            return Err(Stop(say!("renders-no-test")));
        }
        let asked: BTreeSet<String> = tests.iter().map(shown).collect();
        documents.extend(tests);
        let fitted = fit(settled(documents, &self.source), &self.source.given);
        let mut notes: BTreeSet<Say> = fitted.notes;
        notes.extend(left_out);
        let mut stand_ins = fitted.stand_ins;
        let versions = make(bench, &self.own, &wanted_images(&fitted.documents), &mut stand_ins)?;
        if let Some((image, why)) = versions.missing.iter().next() {
            return Err(Stop(say!("image-not-had", image, why)));
        }
        let all = with_images(&fitted.documents, &versions.now);
        let (tests, release): (Vec<Value>, Vec<Value>) = all.into_iter().partition(|one| asked.contains(&shown(one)));
        let _ = self.faults.set(self.damages(&tests, &release));
        let mut tested = Released { plan: self, bench, cluster, tests, failed: None, current: None, notes };
        tested.failed = tested.install(&release)?;
        if let Some(why) = &tested.failed {
            excused(why, &stand_ins)?;
        }
        tested.notes.extend(stand_ins.iter().map(|what| say!("stand-in", what)));
        Ok(Box::new(tested))
    }
}

impl TestedChart {
    /// What a fault changes.
    pub(super) fn damage(&self, fault: &Fault) -> Result<&Damage, Stop> {
        let found = self.faults.get().into_iter().flatten().find(|(one, _)| one.id == fault.id);
        found.map(|(_, damage)| damage).ok_or_else(|| Stop(say!("not-planned", id = fault.id)))
    }

    /// What the tests name is broken: services first, then the workloads behind them. The null fault is heard by nobody.
    fn damages(&self, tests: &[Value], release: &[Value]) -> Vec<(Fault, Damage)> {
        let at = self.suites.values().next();
        let space = tests.first().map_or("default", namespace);
        let remark = json!({"apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": "preuve-remark", "namespace": space}});
        let fault = |id: String, change: Say, kind| Fault {
            id,
            change,
            kind,
            detector: DETECTOR.into(),
            at: at.cloned(),
            noticed_in: if kind == FaultKind::Null { Vec::new() } else { vec![TEST] },
        };
        let null = fault("null".into(), say!("object-appears"), FaultKind::Null);
        let mut found = vec![(null, Damage { good: remark.clone(), broken: remark })];
        let mut stopped = BTreeSet::new();
        for service in release.iter().filter(|one| kind(one) == "Service" && tests.iter().any(|test| names(test, one)))
        {
            if service.pointer("/spec/selector").is_none_or(Value::is_null) {
                continue;
            }
            let mut broken = service.clone();
            broken["spec"]["selector"] = json!({"preuve": "nowhere"});
            let control = fault(shown(service), say!("leads-to-no-pod", service = shown(service)), FaultKind::Control);
            found.push((control, Damage { good: service.clone(), broken }));
            for workload in
                release.iter().filter(|one| scales(one) && selects(service, one) && stopped.insert(shown(one)))
            {
                let mut broken = workload.clone();
                broken["spec"]["replicas"] = json!(0);
                let control =
                    fault(shown(workload), say!("is-stopped", workload = shown(workload)), FaultKind::Control);
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

/// Whether it can be stopped by asking for no copies.
fn scales(workload: &Value) -> bool {
    matches!(kind(workload), "Deployment" | "StatefulSet")
}
