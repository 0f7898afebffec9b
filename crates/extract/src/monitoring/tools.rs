//! Monitoring tools by the names of their images, charts, roles and packages, and what each brings.

use std::sync::OnceLock;

use facts::{Confidence, Fact, Location};

use crate::Sink;

/// The table: a name, then what it brings.
const TOOLS: &str = include_str!("tools.txt");

/// A known tool.
pub(crate) struct Tool {
    pub name: &'static str,
    brings: Vec<&'static str>,
}

impl Tool {
    pub(crate) fn brings(&self, what: &str) -> bool {
        self.brings.contains(&what)
    }
}

fn table() -> &'static [Tool] {
    static TABLE: OnceLock<Vec<Tool>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let lines = TOOLS.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(": "));
        lines.map(|(name, brings)| Tool { name, brings: brings.split(' ').collect() }).collect()
    })
}

/// The tool of that name; `_` and `-` are one, and what owners put before it is left out.
pub(crate) fn named(name: &str) -> Option<&'static Tool> {
    let name = name.trim().to_ascii_lowercase().replace('_', "-");
    let last = name.rsplit(['/', '.']).next().unwrap_or_default();
    table().iter().find(|tool| tool.name == name || tool.name == last)
}

/// The tool that an image runs.
pub(crate) fn of_image(image: &str) -> Option<&'static Tool> {
    let name = image.split('@').next().unwrap_or_default();
    let last = name.rsplit('/').next().unwrap_or_default();
    let last = last.split(':').next().unwrap_or_default();
    match last {
        // `gcr.io/datadoghq/agent`, `fluent/fluentd`, `timberio/vector`, `graylog/graylog`.
        "agent" if name.contains("datadog") => named("datadog-agent"),
        "infrastructure" if name.contains("newrelic") => named("newrelic-infra"),
        "vector" if !name.contains("timberio") => None,
        "seq" if !name.contains("datalust") => None,
        last => named(last),
    }
}

/// Reports what a tool brings when it is deployed at that place.
pub(crate) fn report(tool: &Tool, how: &str, pinned: bool, at: &Location, confidence: Confidence, sink: &mut Sink) {
    let matching = |fact: Fact| fact.with("effective", true).with("matched", true).confidence(confidence);
    if tool.brings("collection") {
        let covers = if tool.brings("infrastructure") { "infrastructure" } else { "other" };
        let fact = Fact::new("mon.target", "monitoring", at.clone()).with("tool", tool.name).with("how", how);
        sink.push(matching(fact.with("covers", covers).with("name", tool.name)));
    }
    if tool.brings("exporter") {
        sink.push(Fact::new("mon.exporter", "monitoring", at.clone()).with("name", tool.name).confidence(confidence));
    }
    if tool.brings("rules") {
        let reason = if pinned { "" } else { "the version of the chart is not pinned" };
        let fact = Fact::new("mon.alert", "monitoring", at.clone()).with("tool", tool.name).with("form", "chart");
        sink.push(fact.with("name", tool.name).with("effective", pinned).with("reason", reason).confidence(confidence));
    }
    if tool.brings("logs") {
        let form = if how == "chart" || how == "bundle" { how } else { "agent" };
        let fact = Fact::new("mon.logs", "monitoring", at.clone()).with("tool", tool.name).with("form", form);
        sink.push(fact.confidence(confidence));
    }
}

/// What a name of a job, host, selector or chart is about.
pub(crate) fn covers(name: &str) -> &'static str {
    let name = name.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if has(&["alertmanager", "grafana", "loki", "promtail", "pushgateway", "tempo", "jaeger", "thanos"])
        || matches!(name.as_str(), "prometheus" | "localhost:9090" | "prometheus:9090" | "127.0.0.1:9090")
    {
        "self"
    } else if has(&[
        "node-exporter",
        "node_exporter",
        "nodeexporter",
        "cadvisor",
        "kube-state",
        "kubelet",
        "kubernetes-nodes",
        "apiserver",
        "exporter",
        "node",
        "docker",
        "traefik",
        "nginx",
        "postgres",
        "mysql",
        "mariadb",
        "mongo",
        "redis",
        "rabbit",
        "kafka",
        "cnpg",
        "minio",
        "haproxy",
        "ingress",
        "etcd",
        "coredns",
        ":9100",
        ":8080/cadvisor",
        "blackbox",
        "snmp",
        "jenkins",
        "gitlab",
        "consul",
        "vault",
    ]) {
        "infrastructure"
    } else {
        "application"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_tools() {
        let check = |image: &str, expected: Option<&str>| {
            assert_eq!(of_image(image).map(|tool| tool.name), expected, "{image}")
        };
        check("prom/node-exporter:v1.8.0", Some("node-exporter"));
        check("gcr.io/cadvisor/cadvisor@sha256:00", Some("cadvisor"));
        check("grafana/loki:3.0.0", Some("loki"));
        check("registry:5000/team/api:1", None);
        check("gcr.io/datadoghq/agent:7", Some("datadog-agent"));
        assert_eq!(named("cloudalchemy.node_exporter").map(|tool| tool.name), Some("node-exporter"));
    }
}
