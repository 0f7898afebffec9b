//! Collectors and log agents by their own configuration: OpenTelemetry, Telegraf, Fluent Bit, Fluentd, Vector, Filebeat, Logstash, Alloy.

use facts::Location;

use super::prometheus::{Locate, push_logs, push_target};
use crate::{Node, Sink};

/// Reads one YAML document that may configure a collector or an agent.
pub(crate) fn document(root: &Node, at: Locate<'_>, sink: &mut Sink) {
    if let Some(pipelines) = root.at(&["service", "pipelines"]).filter(|_| root.get("receivers").is_some()) {
        for (key, pipeline) in pipelines.entries() {
            let names = |what: &str| -> Vec<&str> {
                pipeline.get(what).map(Node::items).unwrap_or_default().iter().filter_map(Node::as_str).collect()
            };
            let (receivers, exporters) = (names("receivers"), names("exporters"));
            let shown = |name: &&&str| !matches!(name.split('/').next(), Some("debug" | "logging" | "nop"));
            if receivers.is_empty() || exporters.iter().filter(shown).count() == 0 {
                continue;
            }
            let place = at(key.range.start..pipeline.range.end);
            match key.as_str().and_then(|key| key.split('/').next()) {
                Some("metrics") => {
                    let host = |name: &&str| {
                        [
                            "hostmetrics",
                            "kubeletstats",
                            "docker_stats",
                            "k8s_cluster",
                            "postgresql",
                            "redis",
                            "rabbitmq",
                        ]
                        .contains(&name.split('/').next().unwrap_or_default())
                    };
                    let what = if receivers.iter().any(host) { "infrastructure" } else { "application" };
                    push_target("otel-collector", "pipeline", what, key.as_str().unwrap_or_default(), &[], place, sink);
                }
                Some("logs") => push_logs("otel-collector", "pipeline", place, sink),
                _ => {}
            }
        }
    }
    if root.get("sources").is_some_and(Node::is_map) && root.get("sinks").is_some_and(Node::is_map) {
        push_logs("vector", "agent", at(root.entry_range("sources").unwrap_or(root.range.clone())), sink);
    }
    let beat = root
        .entries()
        .iter()
        .find(|(key, _)| key.as_str().is_some_and(|key| key.starts_with("filebeat.") || key == "filebeat"));
    if let Some((key, value)) = beat {
        push_logs("filebeat", "agent", at(key.range.start..value.range.end), sink);
    }
}

/// Reads a text that may be the configuration of an agent with a format of its own. Says whether it was one.
pub fn native(name: &str, text: &str, at: &Location, sink: &mut Sink) -> bool {
    let name = name.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let lines: Vec<&str> =
        text.lines().map(str::trim).filter(|line| !line.starts_with('#') && !line.is_empty()).take(5_000).collect();
    let has = |start: &str| lines.iter().any(|line| line.to_ascii_lowercase().starts_with(start));
    if has("[[inputs.") && has("[[outputs.") {
        let host = [
            "[[inputs.cpu",
            "[[inputs.mem",
            "[[inputs.disk",
            "[[inputs.system",
            "[[inputs.docker",
            "[[inputs.kube",
            "[[inputs.net",
            "[[inputs.postgres",
            "[[inputs.redis",
        ]
        .iter()
        .any(|start| has(start));
        let what = if host { "infrastructure" } else { "application" };
        push_target("telegraf", "agent", what, "telegraf", &[], at.clone(), sink);
        return true;
    }
    if has("[output]") && (has("[input]") || has("[service]") || name.contains("output")) {
        push_logs("fluent-bit", "agent", at.clone(), sink);
        return true;
    }
    if has("<match") && (has("<source") || name.contains("fluent")) {
        push_logs("fluentd", "agent", at.clone(), sink);
        return true;
    }
    if has("[sources.") && has("[sinks.") {
        push_logs("vector", "agent", at.clone(), sink);
        return true;
    }
    let logstash = (name.contains("logstash") || name.ends_with(".conf"))
        && has("input {") | has("input{")
        && has("output {") | has("output{");
    if logstash {
        push_logs("logstash", "pipeline", at.clone(), sink);
        return true;
    }
    if name.ends_with(".alloy") || name.ends_with(".river") {
        if has("loki.write") {
            push_logs("alloy", "agent", at.clone(), sink);
        }
        if has("prometheus.scrape") || has("prometheus.remote_write") {
            let what = if has("prometheus.exporter.unix") || has("prometheus.exporter.cadvisor") {
                "infrastructure"
            } else {
                "application"
            };
            push_target("alloy", "pipeline", what, "alloy", &[], at.clone(), sink);
        }
        return true;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read_yaml;

    #[test]
    fn hostile_configurations_end() {
        let at = Location { place: facts::Place::Repository, commit: facts::Oid::new("0") };
        for text in [
            "[[inputs.".repeat(5_000),
            "[OUTPUT]\n".repeat(9_000),
            "input {\n".repeat(9_000),
            "<match é".into(),
            "service: {pipelines: [1]}\nreceivers: x\n".into(),
            "receivers: &a {b: *a}\nservice: {pipelines: {metrics: *a}}\n".into(),
            "service: {pipelines: {metrics: {receivers: {}, exporters: 3}}}\nreceivers: {}\n".into(),
            "{".repeat(5_000),
            "sources: {}\nsinks: []\n".into(),
            "\u{0}\u{feff}[sources.".into(),
        ] {
            let mut sink = Sink::default();
            native("agent.alloy", &text, &at, &mut sink);
            for read in &read_yaml::read(&text).documents {
                document(&read.root, &|_| at.clone(), &mut sink);
            }
            assert!(sink.facts().len() < 4, "{}", text.len());
        }
    }
}
