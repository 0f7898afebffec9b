//! Prometheus, Alertmanager and Promtail configuration, and rule files: as files and inside config maps.

use std::collections::BTreeSet;
use std::ops::Range;

use facts::{Confidence, Fact, Location};

use super::promql;
use super::tools::covers;
use crate::{Node, Sink};

/// Where things inside a document are: the file itself, or a scalar of it.
pub(crate) type Locate<'a> = &'a dyn Fn(Range<usize>) -> Location;

/// Reads one document that may be a configuration or a rule file. `template` says that values may be masked.
pub(crate) fn document(root: &Node, template: bool, at: Locate<'_>, sink: &mut Sink) {
    if let Some(scrapes) = root.get("scrape_configs").filter(|scrapes| scrapes.is_seq()) {
        if root.get("clients").is_some() || root.get("positions").is_some() {
            push_logs("promtail", "agent", at(root.entry_range("clients").unwrap_or(scrapes.range.clone())), sink);
        } else {
            scrapes.items().iter().take(500).for_each(|job| scrape(job, at, sink));
        }
    }
    if let Some(write) = root.get("remote_write").filter(|write| !write.items().is_empty()) {
        push_target("prometheus", "pipeline", "other", "remote_write", &[], at(write.range.clone()), sink);
    }
    if let Some(receivers) = root.get("receivers").filter(|_| root.get("route").is_some()) {
        for receiver in receivers.items() {
            let configured = receiver.entries().iter().any(|(key, value)| {
                key.as_str().is_some_and(|key| key.ends_with("_configs")) && !value.items().is_empty()
            });
            if configured {
                let name = receiver.str_at("name").unwrap_or_default();
                push_alert("alertmanager", "receiver", name, &[], "", at(receiver.range.clone()), sink);
            }
        }
    }
    if let Some(groups) = root.get("groups") {
        rules(groups, template, at, sink);
    }
    if let Some(points) = root.get("contactPoints").filter(|points| !points.items().is_empty()) {
        push_alert("grafana", "receiver", "contactPoints", &[], "", at(points.range.clone()), sink);
    }
    if root.at(&["schema_config", "configs"]).is_some()
        || (root.get("ingester").is_some() && root.get("schema_config").is_some())
    {
        push_logs("loki", "store", at(root.entry_range("schema_config").unwrap_or(0..0)), sink);
    }
}

/// The groups of a rule file or object.
pub(crate) fn rules(groups: &Node, template: bool, at: Locate<'_>, sink: &mut Sink) {
    for rule in groups.items().iter().filter_map(|group| group.get("rules")).flat_map(Node::items).take(2_000) {
        if let (Some(name), Some(expression)) = (rule.str_at("alert"), rule.get("expr").and_then(Node::as_str)) {
            let read = promql::metrics(expression);
            let reason = match &read {
                Err(error) if !template && !expression.contains("|") => error.clone(),
                _ => String::new(),
            };
            let metrics = read.unwrap_or_default();
            push_alert("prometheus", "rule", name, &metrics, &reason, at(rule.range.clone()), sink);
            let query = Query { by: "alert", name, expression, ..Query::default() };
            let query = Query { wait: rule.str_at("for").unwrap_or_default(), metrics, ..query };
            query.push(reason.is_empty(), at(rule.range.clone()), sink);
        } else if let (Some(name), Some(expression)) = (rule.str_at("record"), rule.get("expr").and_then(Node::as_str))
        {
            let read = promql::metrics(expression);
            let effective = read.is_ok() || template;
            let query = Query { by: "recording", name, defines: name, expression, ..Query::default() };
            let query = Query { metrics: read.unwrap_or_default(), ..query };
            query.push(effective, at(rule.range.clone()), sink);
        } else if let (Some(name), Some(data)) = (rule.str_at("title"), rule.get("data")) {
            let expressions =
                data.items().iter().filter_map(|query| query.at(&["model", "expr"])).filter_map(Node::as_str);
            let metrics: BTreeSet<String> = expressions.take(50).flat_map(promql::metrics_of_panel).collect();
            let metrics: Vec<String> = metrics.into_iter().collect();
            push_alert("grafana", "rule", name, &metrics, "", at(rule.range.clone()), sink);
            Query { by: "alert", name, metrics, ..Query::default() }.push(true, at(rule.range.clone()), sink);
        }
    }
}

fn scrape(job: &Node, at: Locate<'_>, sink: &mut Sink) {
    let name = job.str_at("job_name").unwrap_or_default();
    let mut hosts: Vec<String> = Vec::new();
    for config in job.get("static_configs").map(Node::items).unwrap_or_default() {
        hosts.extend(
            config
                .get("targets")
                .map(Node::items)
                .unwrap_or_default()
                .iter()
                .filter_map(|target| target.as_str().map(str::to_owned))
                .take(100),
        );
    }
    let discovery: Vec<&str> =
        job.entries().iter().filter_map(|(key, _)| key.as_str()).filter(|key| key.ends_with("_sd_configs")).collect();
    if hosts.is_empty() && discovery.is_empty() {
        return;
    }
    let what = covers(name);
    let by_host = hosts.iter().map(|host| covers(host)).find(|covers| *covers != "application");
    let what = if what == "application" { by_host.unwrap_or(what) } else { what };
    let roles: Vec<&str> = job
        .get("kubernetes_sd_configs")
        .map(Node::items)
        .unwrap_or_default()
        .iter()
        .filter_map(|sd| sd.str_at("role"))
        .collect();
    let what = if roles.contains(&"node") { "infrastructure" } else { what };
    push_target("prometheus", "scrape", what, name, &hosts, at(job.range.clone()), sink);
}

pub(crate) fn push_target(
    tool: &str,
    how: &str,
    what: &str,
    name: &str,
    hosts: &[String],
    at: Location,
    sink: &mut Sink,
) {
    let fact = Fact::new("mon.target", "monitoring", at)
        .with("tool", tool)
        .with("how", how)
        .with("covers", what)
        .with("name", name);
    sink.push(fact.with("hosts", hosts.to_vec()).with("effective", true).with("matched", true));
}

pub(crate) fn push_alert(
    tool: &str,
    form: &str,
    name: &str,
    metrics: &[String],
    reason: &str,
    at: Location,
    sink: &mut Sink,
) {
    let fact = Fact::new("mon.alert", "monitoring", at).with("tool", tool).with("form", form).with("name", name);
    sink.push(fact.with("metrics", metrics.to_vec()).with("effective", reason.is_empty()).with("reason", reason));
}

/// An expression that a rule or a panel evaluates.
#[derive(Default)]
pub(crate) struct Query<'a> {
    /// `alert`, `recording` or `panel`.
    pub by: &'static str,
    pub name: &'a str,
    pub defines: &'a str,
    pub expression: &'a str,
    pub wait: &'a str,
    pub metrics: Vec<String>,
}

impl Query<'_> {
    pub fn push(self, effective: bool, at: Location, sink: &mut Sink) {
        let fact = Fact::new("mon.query", "monitoring", at).with("by", self.by).with("name", self.name);
        let fact = fact.with("defines", self.defines).with("expression", self.expression).with("wait", self.wait);
        let watches = if self.by == "alert" { promql::ends(self.expression) } else { Vec::new() };
        let fact = fact.with("watches", watches);
        sink.push(fact.with("metrics", self.metrics).with("effective", effective));
    }
}

pub(crate) fn push_logs(tool: &str, form: &str, at: Location, sink: &mut Sink) {
    sink.push(Fact::new("mon.logs", "monitoring", at).with("tool", tool).with("form", form));
}

pub(crate) fn push_dashboard(
    tool: &str,
    form: &str,
    title: &str,
    panels: usize,
    at: Location,
    confidence: Confidence,
    sink: &mut Sink,
) {
    let fact = Fact::new("mon.dashboard", "monitoring", at).with("tool", tool).with("form", form).with("title", title);
    sink.push(fact.with("panels", panels).confidence(confidence));
}
