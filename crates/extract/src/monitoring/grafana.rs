//! Grafana and Kibana dashboards, and their provisioning.

use facts::Confidence;

use super::prometheus::{Locate, Query, push_dashboard};
use super::promql;
use crate::{File, Node, Sink, read_json};

/// Whether a text looks like a dashboard, before it is parsed.
pub(crate) fn is_dashboard_text(text: &str) -> bool {
    text.contains("\"panels\"")
        && (text.contains("\"targets\"") || text.contains("\"schemaVersion\"") || text.contains("\"gridPos\""))
}

/// A JSON file that may be a dashboard.
pub(crate) fn file(file: &File, sink: &mut Sink) {
    let text = file.str();
    match file.extension().as_str() {
        "json" if is_dashboard_text(text) => {
            let documents = sink.checked(file, file.json(), "json", "monitoring");
            let Some(root) = documents.documents.first().map(|document| &document.root) else {
                return;
            };
            let root = root.get("dashboard").unwrap_or(root);
            let panels = root.get("panels").map(Node::items).unwrap_or_default();
            if !panels.is_empty() {
                let title = root.str_at("title").unwrap_or_default();
                let at = root
                    .entry_range("panels")
                    .map_or_else(|| file.start(), |range| file.at(range.start..range.start + 10));
                push_dashboard("grafana", "definition", title, panels.len(), at, Confidence::Exact, sink);
            }
            queries(root, &|range| file.at(range), sink);
        }
        "json"
            if text.contains("\"kibanaSavedObjectMeta\"")
                || (text.contains("\"widgets\"")
                    && text.contains("\"metrics\"")
                    && text.contains("\"properties\"")) =>
        {
            push_dashboard("kibana", "definition", file.name(), 0, file.start(), Confidence::Likely, sink);
        }
        "ndjson" if text.contains("\"type\":\"dashboard\"") => {
            push_dashboard("kibana", "definition", file.name(), 0, file.start(), Confidence::Exact, sink)
        }
        "jsonnet" | "libsonnet" if text.contains("grafana") && text.contains("dashboard") => {
            push_dashboard("grafana", "definition", file.name(), 0, file.start(), Confidence::Likely, sink);
        }
        _ => {}
    }
}

/// The expressions of the panels of a dashboard, those inside rows too.
pub(crate) fn queries(root: &Node, at: Locate<'_>, sink: &mut Sink) {
    let mut waiting: Vec<&Node> = vec![root];
    let mut told = 0;
    while let Some(node) = waiting.pop() {
        for key in ["panels", "rows"] {
            waiting.extend(node.get(key).map(Node::items).unwrap_or_default().iter().rev());
        }
        for target in node.get("targets").map(Node::items).unwrap_or_default() {
            let Some(expression) = target.get("expr").filter(|_| told < 1_000) else { continue };
            let (text, at) = (expression.as_str().unwrap_or_default(), at(expression.range.clone()));
            let metrics = promql::metrics_of_panel(text);
            if !metrics.is_empty() {
                told += 1;
                let name = node.str_at("title").unwrap_or_default();
                Query { by: "panel", name, expression: &promql::of_panel(text), metrics, ..Query::default() }
                    .push(true, at, sink);
            }
        }
    }
}

/// A dashboard inside a scalar, as config maps hold them.
pub(crate) fn embedded(text: &str, at: Locate<'_>, sink: &mut Sink) {
    let read = read_json::read(text);
    if let Some(root) = read.documents.first().map(|document| &document.root) {
        queries(root.get("dashboard").unwrap_or(root), at, sink);
    }
}

/// Provisioning of dashboards; provisioning of data sources shows none.
pub(crate) fn provisioning(root: &Node, at: Locate<'_>, sink: &mut Sink) {
    let providers = root.get("providers").filter(|_| root.get("apiVersion").is_some());
    for provider in providers.map(Node::items).unwrap_or_default() {
        if provider.at(&["options", "path"]).is_some() || provider.str_at("folder").is_some() {
            push_dashboard(
                "grafana",
                "provisioning",
                provider.str_at("name").unwrap_or_default(),
                0,
                at(provider.range.clone()),
                Confidence::Exact,
                sink,
            );
        }
    }
}
