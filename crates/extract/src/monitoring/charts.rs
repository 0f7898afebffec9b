//! Charts of monitoring tools wherever they are installed from, and monitoring that values switch on in other charts.

use facts::{Confidence, Fact, Location};

use super::prometheus::{push_alert, push_dashboard};
use super::stream::is_values;
use super::tools;
use crate::{File, Node, Project, Sink, path};

/// Charts named in Chart.yaml, Argo CD, Flux, helmfile and Kustomize, by their keys `chart` or `name` with a version.
pub(crate) fn installed(project: &Project, file: &File, root: &Node, sink: &mut Sink) {
    let chart_file = matches!(file.name(), "Chart.yaml" | "requirements.yaml");
    let mut nodes: Vec<&Node> = Vec::new();
    root.walk(&mut |node| nodes.push(node));
    for node in nodes {
        let dependency = chart_file && node.get("repository").is_some();
        let kustomized = node.get("repo").is_some() && node.get("releaseName").is_some();
        let key = if dependency || kustomized { "name" } else { "chart" };
        let Some(name) = node.get(key).filter(|name| name.as_str().is_some()) else {
            continue;
        };
        if dependency && !switched_on(project, file, node) {
            continue;
        }
        if let Some(tool) = name.as_str().and_then(tools::named) {
            let version =
                ["version", "targetRevision", "revision"].iter().find_map(|key| node.str_at(key)).unwrap_or_default();
            let at = file.at(node.range.clone());
            tools::report(tool, "chart", is_pinned(version), &at, Confidence::Exact, sink);
            // Prometheus as a chart scrapes the cluster and brings node and cluster exporters unless told otherwise.
            if matches!(tool.name, "prometheus") {
                target(&at, "prometheus", sink);
            }
        } else if dependency && name.as_str().is_some_and(gives_rules) {
            let version = node.str_at("version").unwrap_or_default();
            let reason = if is_pinned(version) { "" } else { "the version of the chart is not pinned" };
            let at = file.at(node.range.clone());
            push_alert("prometheus", "chart", name.as_str().unwrap_or_default(), &[], reason, at, sink);
        }
    }
}

/// Whether a chart is one of alert rules, by its name.
fn gives_rules(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let words: Vec<&str> = name.split(['-', '_']).collect();
    let about = words.iter().any(|word| matches!(*word, "prometheus" | "monitoring" | "kube" | "kubernetes"));
    about && words.last().is_some_and(|word| matches!(*word, "alerts" | "rules" | "mixin"))
}

/// Whether a dependency of a chart is installed: its condition names a value that some values file sets to true, or
/// that none sets.
fn switched_on(project: &Project, chart: &File, dependency: &Node) -> bool {
    let Some(condition) = dependency.str_at("condition") else { return true };
    // Helm takes the first path that exists.
    let mut set = Vec::new();
    for path in condition.split(',').map(str::trim) {
        let keys: Vec<&str> = path.split('.').collect();
        for file in project.below(chart.dir()).filter(|file| is_values(file) && file.class.effective()) {
            if file.yaml().error.is_some() {
                return false;
            }
            let documents = file.yaml().documents.iter();
            set.extend(documents.filter_map(|document| document.root.at(&keys).and_then(Node::as_bool)));
        }
    }
    set.is_empty() || set.contains(&true)
}

/// What Prometheus as a chart collects unless it is told otherwise.
pub(crate) fn target(at: &Location, name: &str, sink: &mut Sink) {
    let fact = Fact::new("mon.target", "monitoring", at.clone())
        .with("tool", "prometheus")
        .with("how", "chart")
        .with("covers", "infrastructure");
    sink.push(fact.with("name", name).with("effective", true).with("matched", true).confidence(Confidence::Likely));
}

/// A version without a wildcard or a range of majors.
pub(crate) fn is_pinned(version: &str) -> bool {
    version.starts_with(|c: char| c.is_ascii_digit() || c == 'v')
        && !version.contains(['*', 'x', '>', '<', '^', '~', '|'])
}

/// What values switch on: monitors, rules and dashboards of the chart that they configure.
pub(crate) fn values(project: &Project, file: &File, root: &Node, sink: &mut Sink) {
    if !is_values(file) {
        return;
    }
    let about = format!("{} {}", file.path, dependencies(project, file));
    walk(root, &mut Vec::new(), &mut |trail, key, value| {
        let on = value.get("enabled").and_then(Node::as_bool) == Some(true)
            || value.get("create").and_then(Node::as_bool) == Some(true);
        let parent = trail.join(".");
        let range = key.range.start..value.range.end;
        match key.as_str().unwrap_or_default() {
            "serviceMonitor" | "podMonitor" | "servicemonitor" | "podmonitor" | "ServiceMonitor" | "PodMonitor"
                if on =>
            {
                let what = tools::covers(&format!("{about} {parent}"));
                let fact = Fact::new("mon.target", "monitoring", file.at(range))
                    .with("tool", "prometheus")
                    .with("how", "values")
                    .with("covers", what);
                let name = format!("{parent}.{}", key.as_str().unwrap_or_default());
                sink.push(
                    fact.with("name", name.trim_start_matches('.')).with("effective", true).with("matched", true),
                );
            }
            "prometheusRule" | "prometheusRules" | "PrometheusRule" if on => {
                push_alert("prometheus", "values", &parent, &[], "", file.at(range), sink);
            }
            "additionalPrometheusRulesMap" | "additionalPrometheusRules"
                if !value.is_null() && (!value.entries().is_empty() || !value.items().is_empty()) =>
            {
                push_alert("prometheus", "values", &parent, &[], "", file.at(range), sink);
            }
            "alertmanager.yml" | "alertmanagerConfig" => {
                push_alert("alertmanager", "values", &parent, &[], "", file.at(range), sink)
            }
            "dashboards" | "dashboardProviders"
                if value.is_map()
                    && !value.entries().is_empty()
                    && (about.contains("grafana")
                        || parent.contains("grafana")
                        || about.contains("prometheus")
                        || about.contains("monitoring"))
                    && value.get("enabled").and_then(Node::as_bool) != Some(false) =>
            {
                push_dashboard("grafana", "chart", &parent, 0, file.at(range), Confidence::Likely, sink);
            }
            "defaultDashboardsEnabled" if value.as_bool() == Some(true) => {
                push_dashboard("grafana", "chart", &parent, 0, file.at(range), Confidence::Likely, sink)
            }
            "additionalScrapeConfigs" | "extraScrapeConfigs" => {
                for job in value.items().iter().filter(|job| job.get("job_name").is_some()) {
                    let name = job.str_at("job_name").unwrap_or_default();
                    super::prometheus::push_target(
                        "prometheus",
                        "scrape",
                        tools::covers(name),
                        name,
                        &[],
                        file.at(job.range.clone()),
                        sink,
                    );
                }
            }
            _ => {}
        }
    });
}

type Visit<'v, 'n> = &'v mut dyn FnMut(&[&'n str], &'n Node, &'n Node);

/// Visits each entry with the keys above it; a switch that stands above and is off ends the descent.
fn walk<'n>(node: &'n Node, trail: &mut Vec<&'n str>, visit: Visit<'_, 'n>) {
    for (key, value) in node.entries() {
        visit(trail, key, value);
        let off = value.get("enabled").and_then(Node::as_bool) == Some(false);
        if !off && trail.len() < 20 {
            trail.push(key.as_str().unwrap_or_default());
            walk(value, trail, visit);
            trail.pop();
        }
    }
}

/// The dependencies of the chart that a values file belongs to.
fn dependencies(project: &Project, file: &File) -> String {
    let mut dir = file.dir();
    loop {
        let chart = if dir.is_empty() { "Chart.yaml".to_owned() } else { format!("{dir}/Chart.yaml") };
        if let Some(chart) = project.file(&chart) {
            let root = chart.yaml().documents.first().and_then(|document| document.root.get("dependencies"));
            let text = |node: &Node| {
                format!("{} {}", node.str_at("name").unwrap_or_default(), node.str_at("repository").unwrap_or_default())
            };
            return root.map(Node::items).unwrap_or_default().iter().map(text).collect::<Vec<_>>().join(" ");
        }
        if dir.is_empty() {
            return String::new();
        }
        dir = path::dir(dir);
    }
}
