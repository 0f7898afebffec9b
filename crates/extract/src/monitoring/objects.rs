//! Kubernetes objects of monitoring: monitors, probes, rules, scrape annotations, config maps, and the images of workloads.

use facts::{Confidence, Fact, Location};

use super::prometheus::{self, push_alert, push_dashboard};
use super::stream::{Stream, inner_range, rendered_values, switched_on};
use super::{collector, grafana, tools};
use crate::kubernetes::tree::Tree;
use crate::{Node, Project, Sink, kubernetes, read_yaml};

/// Reads one object.
pub(crate) fn object(project: &Project, stream: &Stream<'_>, root: &Node, sink: &mut Sink) {
    let (file, kind) = (stream.file, root.str_at("kind").unwrap_or_default());
    let api = root.str_at("apiVersion").unwrap_or_default();
    let name = root.at(&["metadata", "name"]).and_then(Node::as_str).unwrap_or_default();
    let switched = || if stream.template { switched_on(project, file, root.range.start) } else { Ok(()) };
    let at = || file.at(root.range.clone());
    match kind {
        "ServiceMonitor" | "PodMonitor" | "Probe" | "ScrapeConfig" | "VMServiceScrape" | "VMPodScrape"
        | "PodMonitoring" => {
            let how = match kind {
                "ServiceMonitor" | "VMServiceScrape" => "service-monitor",
                "Probe" => "probe",
                _ => "pod-monitor",
            };
            let outcome = switched();
            let labels = root
                .at(&["spec", "selector", "matchLabels"])
                .map(|labels| {
                    labels.entries().iter().filter_map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(" ")
                })
                .unwrap_or_default();
            let about = format!("{name} {labels} {}", file.path);
            let matched = if stream.template { Ok(None) } else { matches_service(project, root) };
            let reason = outcome.clone().err().or(matched.clone().err()).unwrap_or_default();
            let fact = Fact::new("mon.target", "monitoring", at()).with("tool", "prometheus").with("how", how);
            let fact = fact.with("covers", tools::covers(&about)).with("name", name).with("effective", outcome.is_ok());
            if let (Ok(Some((service, place))), true) = (&matched, outcome.is_ok()) {
                let join = Fact::new("mon.scraped", "monitoring", at()).with("target", name).with("on", "kubernetes");
                sink.push(join.with("service", service.as_str()).also(place.clone()));
            }
            sink.push(fact.with("matched", matched.is_ok()).with("reason", reason));
        }
        "PrometheusRule" | "VMRule" => match switched() {
            Ok(()) => {
                if let Some(groups) = root.at(&["spec", "groups"]) {
                    if stream.template && groups.items().is_empty() {
                        push_alert("prometheus", "rule", name, &[], "", at(), sink);
                    }
                    prometheus::rules(groups, stream.template, &|range| file.at(range), sink);
                }
            }
            Err(reason) => push_alert("prometheus", "rule", name, &[], &reason, at(), sink),
        },
        "AlertmanagerConfig" if api.contains("monitoring.coreos.com") => {
            push_alert("alertmanager", "receiver", name, &[], "", at(), sink)
        }
        "Rules" | "ClusterRules" | "GlobalRules" if api.contains("monitoring.googleapis.com") => {
            push_alert("google", "rule", name, &[], "", at(), sink)
        }
        "GrafanaDashboard" | "PersesDashboard" => {
            push_dashboard("grafana", "definition", name, 0, at(), Confidence::Exact, sink);
            if let Some((json, inner)) = root.at(&["spec", "json"]).and_then(|json| Some((json, json.as_str()?))) {
                let locate = |range| file.at(inner_range(file, json, inner, &range));
                grafana::embedded(inner, &locate, sink);
            }
        }
        "OpenTelemetryCollector" => match root.at(&["spec", "config"]) {
            Some(config) if config.is_map() => collector::document(config, &|range| file.at(range), sink),
            Some(config) => embedded(stream, config, sink),
            None => {}
        },
        // What follows is deployed only when the template is switched on.
        _ if switched().is_err() => {
            if kind == "ConfigMap" || kind == "Secret" {
                return;
            }
            annotations(project, stream, root, sink);
        }
        "ConfigMap" | "Secret" => {
            let data = ["data", "stringData"].iter().filter_map(|key| root.get(key)).flat_map(Node::entries);
            for (key, value) in data.take(200) {
                let key = key.as_str().unwrap_or_default();
                if key.ends_with(".json") && value.as_str().is_some_and(grafana::is_dashboard_text) {
                    push_dashboard(
                        "grafana",
                        "definition",
                        key,
                        0,
                        file.at(value.range.clone()),
                        Confidence::Exact,
                        sink,
                    );
                    let inner = value.as_str().unwrap_or_default();
                    let locate = |range| file.at(inner_range(file, value, inner, &range));
                    grafana::embedded(inner, &locate, sink);
                } else if collector::native(
                    key,
                    value.as_str().unwrap_or_default(),
                    &file.at(value.range.clone()),
                    sink,
                ) {
                } else if key.ends_with(".yml")
                    || key.ends_with(".yaml")
                    || key.ends_with(".rules")
                    || key == "relay"
                    || key.contains("config")
                {
                    embedded(stream, value, sink);
                }
            }
        }
        _ => workload(project, stream, root, sink),
    }
}

/// A configuration inside a scalar of an object.
fn embedded(stream: &Stream<'_>, scalar: &Node, sink: &mut Sink) {
    let Some(inner) = scalar.as_str() else {
        return;
    };
    for document in read_yaml::read(inner).documents.iter().take(20) {
        let locate = |range| stream.file.at(inner_range(stream.file, scalar, inner, &range));
        super::configuration(&document.root, stream.template, &locate, sink);
    }
}

/// Scrape annotations and known images, wherever the object holds its pods.
fn workload(project: &Project, stream: &Stream<'_>, root: &Node, sink: &mut Sink) {
    annotations(project, stream, root, sink);
    let kind = root.str_at("kind").unwrap_or_default();
    if !matches!(kind, "Deployment" | "DaemonSet" | "StatefulSet" | "Pod" | "Job" | "CronJob") {
        return;
    }
    root.walk(&mut |node| {
        let Some(image) = node.get("image") else {
            return;
        };
        if let Some(tool) = image.as_str().and_then(tools::of_image) {
            tools::report(tool, "agent", true, &stream.file.at(image.range.clone()), Confidence::Exact, sink);
        }
    });
}

fn annotations(project: &Project, stream: &Stream<'_>, root: &Node, sink: &mut Sink) {
    let file = stream.file;
    let name = root.at(&["metadata", "name"]).and_then(Node::as_str).unwrap_or_default();
    root.walk(&mut |node| {
        let annotations = node.get("annotations");
        let scrape = annotations.map(Node::entries).unwrap_or_default().iter();
        let on = |key: &Node, value: &Node| match value.as_str() {
            Some("true") => true,
            // What a template puts there is known from its renderings.
            Some(_) if stream.template => rendered_values(project, file, key.range.start).contains("true"),
            _ => false,
        };
        let mut scrape = scrape.filter(|(key, value)| key.as_str().is_some_and(is_scrape) && on(key, value));
        if let (Some(annotations), Some((key, _))) = (annotations, scrape.next()) {
            let outcome = if stream.template { switched_on(project, file, key.range.start) } else { Ok(()) };
            let about = tools::covers(&format!("{name} {}", file.path));
            let at = file.at(key.range.start..annotations.range.end);
            let fact = Fact::new("mon.target", "monitoring", at).with("tool", "prometheus").with("how", "annotation");
            let fact = fact.with("covers", about).with("name", name).with("effective", outcome.is_ok());
            sink.push(fact.with("matched", true).with("reason", outcome.err().unwrap_or_default()));
        }
    });
}

fn is_scrape(key: &str) -> bool {
    matches!(
        key,
        "prometheus.io/scrape" | "prometheus.io.scrape" | "ad.datadoghq.com/scrape" | "k8s.grafana.com/scrape"
    )
}

/// The service of the repository that a monitor selects, when it selects by labels; else why there is none.
fn matches_service(project: &Project, monitor: &Node) -> Result<Option<(String, Location)>, String> {
    let wanted: Vec<(String, String)> = monitor
        .at(&["spec", "selector", "matchLabels"])
        .map(Node::entries)
        .unwrap_or_default()
        .iter()
        .filter_map(|(key, value)| Some((key.as_str()?.to_owned(), value.as_str()?.to_owned())))
        .collect();
    let selects = matches!(monitor.str_at("kind"), Some("ServiceMonitor" | "VMServiceScrape"));
    if wanted.is_empty() || !selects {
        return Ok(None);
    }
    let endpoints = monitor.at(&["spec", "endpoints"]).map(Node::items).unwrap_or_default();
    let ports: Vec<&str> = endpoints.iter().filter_map(|endpoint| endpoint.str_at("port")).collect();
    let all = kubernetes::objects(project);
    let services: Vec<_> = all
        .objects
        .iter()
        .filter(|object| object.kind == "Service" && object.api.starts_with('v') && !object.example)
        .collect();
    let labelled = services.iter().filter(|service| {
        let label = |key: &str| service.root.at(&["metadata", "labels", key]).and_then(Tree::text);
        wanted.iter().all(|(key, value)| label(key).as_ref() == Some(value))
    });
    let mut any = false;
    for service in labelled {
        any = true;
        let named = service.root.at(&["spec", "ports"]).map(Tree::items).unwrap_or_default();
        if ports.is_empty() || named.iter().any(|port| port.str_at(&["name"]).is_some_and(|name| ports.contains(&name)))
        {
            let place = service.src().and_then(|src| kubernetes::locate(project, src));
            return Ok(place.map(|place| (service.name.clone(), place)));
        }
    }
    // Beside charts, what it selects may belong to a chart from elsewhere.
    let plain = services.iter().any(|service| all.rendering(service).tool == "plain");
    match (plain, any) {
        (false, false) => Ok(None),
        (_, false) => Err("no service of the repository has the labels that it selects".to_owned()),
        _ => Err("the service that it selects has no port of that name".to_owned()),
    }
}
