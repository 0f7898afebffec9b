//! Where users come in: the addresses of a workload, from the services that select it and the paths that are asked of it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::json::{kind, list, name, namespace, selects, shown, template, text};

/// The addresses at which users may reach a workload, the likeliest first.
pub(super) fn urls(documents: &[Value], entry: &str) -> Vec<String> {
    let Some(workload) = documents.iter().find(|one| shown(one) == entry) else { return Vec::new() };
    let at = template(workload).unwrap_or_default();
    let own = |service: &&Value| namespace(service) == namespace(workload) && selects(service, workload);
    let mut paths: Vec<String> = vec!["/".into()];
    for ingress in documents.iter().filter(|one| kind(one) == "Ingress") {
        let rules = list(ingress, "/spec/rules").iter();
        let found = rules.flat_map(|rule| list(rule, "/http/paths")).map(|path| text(path, "/path").to_owned());
        paths.extend(found.filter(|path| path.starts_with('/') && !path.contains(['(', '*', '$'])));
    }
    for container in list(workload, &format!("{at}/spec/containers")) {
        for probe in ["readinessProbe", "startupProbe", "livenessProbe"] {
            let path = text(container, &format!("/{probe}/httpGet/path"));
            if !path.is_empty() {
                paths.push(format!("/{}", path.trim_start_matches('/')));
            }
        }
    }
    let mut seen = BTreeSet::new();
    paths.retain(|path| seen.insert(path.clone()));
    let mut urls = Vec::new();
    for service in documents.iter().filter(own) {
        for port in list(service, "/spec/ports") {
            let Some(port) = port.get("port").and_then(Value::as_u64) else { continue };
            let host = format!("{}.{}.svc.cluster.local:{port}", name(service), namespace(service));
            urls.extend(paths.iter().map(|path| format!("http://{host}{path}")));
        }
    }
    urls
}
