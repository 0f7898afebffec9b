//! Relation: each metric that an alert, a recording rule or a panel reads, with who exposes it.

use facts::{Confidence, Fact, Facts};

use super::exposer::{Exposers, programs};
use crate::Sink;

/// The most pairs of query and metric that are told.
const MOST: usize = 5_000;

/// Joins the metrics of all queries with their exposers.
pub(super) fn run(facts: &Facts, sink: &mut Sink) {
    let exposers = Exposers::of(facts);
    let queries = facts.of("mon.query").iter().filter(|query| query.is("effective"));
    let pairs = queries.flat_map(|query| query.list("metrics").iter().map(move |metric| (query, metric)));
    for (query, metric) in pairs.take(MOST) {
        let exposer = exposers.of_metric(metric).filter(|exposer| {
            // A rule that records a metric under its own name exposes nothing.
            exposer.at.as_ref() != Some(query.location()) || exposer.by != "recording-rule"
        });
        let fact = Fact::new("mon.metric", "monitoring", query.location().clone())
            .with("metric", metric.as_str())
            .with("used_by", query.text("by"))
            .with("name", query.text("name"))
            .with("exposed", exposer.is_some())
            .with("expected", programs(metric).iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        let Some(exposer) = exposer else {
            sink.push(fact.confidence(Confidence::Likely));
            continue;
        };
        let fact = fact.with("by", exposer.by).with("exposer", exposer.name);
        let fact = if exposer.exact { fact } else { fact.confidence(Confidence::Likely) };
        sink.push(exposer.at.into_iter().fold(fact, Fact::also));
    }
}

/// Where a cloud keeps what it measures by itself.
const CLOUD: [&str; 5] = ["AWS/", "Microsoft.", "ContainerInsights", "ECS/ContainerInsights", "CWAgent"];

fn setting(resource: &Fact, names: &[&str]) -> String {
    let mut pairs = resource.list("attributes").iter().filter_map(|pair| pair.split_once('='));
    let found = pairs.find(|(key, _)| names.contains(&key.rsplit('.').next().unwrap_or_default()));
    found.map(|(_, value)| value.trim_matches('"').to_owned()).unwrap_or_default()
}

fn namespace(resource: &Fact) -> String {
    setting(resource, &["namespace", "metric_namespace", "Namespace"])
}

/// Whether an alarm watches a namespace of the project's own, such as what a filter counts in logs.
pub(super) fn is_own(alarm: &Fact) -> bool {
    let space = namespace(alarm);
    let named = space.contains('/') || !space.contains("var.") && !space.contains("local.");
    !space.is_empty() && named && !CLOUD.iter().any(|start| space.starts_with(start))
}

/// Alarms over a cloud's metrics: the cloud itself measures what stands in its own namespaces.
pub(super) fn of_alarm(resource: &Fact, sink: &mut Sink) {
    let metric = setting(resource, &["metric_name", "MetricName"]);
    let space = namespace(resource);
    if metric.is_empty() || metric.contains('$') || metric.contains("var.") {
        return;
    }
    let exposed = CLOUD.iter().any(|start| space.starts_with(start));
    let fact = Fact::new("mon.metric", "monitoring", resource.location().clone())
        .with("metric", metric)
        .with("used_by", "alert")
        .with("name", resource.text("name"))
        .with("exposed", exposed)
        .with("by", if exposed { "cloud" } else { "" });
    sink.push(fact.with("exposer", space));
}

#[cfg(test)]
mod tests {
    use crate::{Project, facts};

    /// What each metric is exposed by, and where the other end is.
    fn joined(files: &[(&str, &str)]) -> Vec<String> {
        let project = Project::in_memory(files.iter().copied());
        let facts = facts(&project, 1);
        let told = facts.of("mon.metric").iter().map(|fact| {
            let end = fact.related().first().and_then(|place| place.path()).unwrap_or("-");
            format!(
                "{} {}: {} {} {end}",
                fact.text("used_by"),
                fact.text("metric"),
                fact.text("by"),
                fact.text("exposer")
            )
        });
        told.collect()
    }

    const RULES: &str = "groups:\n  - name: a\n    rules:\n      - alert: A\n        expr: EXPR\n";

    #[test]
    fn a_metric_leads_to_who_exposes_it() {
        let check = |expression: &str, other: (&str, &str), expected: &str| {
            let rules = RULES.replace("EXPR", expression);
            assert_eq!(joined(&[("rules.yml", &rules), other]), [expected], "{expression}");
        };
        let scrape = |job: &str, target: &str| {
            format!("scrape_configs:\n  - job_name: {job}\n    static_configs: [{{targets: [\"{target}\"]}}]\n")
        };
        check("up == 0", ("p.yml", &scrape("api", "api:80")), "alert up: built-in prometheus p.yml");
        check(
            "node_load1 > 4",
            ("compose.yaml", "services:\n  n:\n    image: prom/node-exporter:v1.8.0\n"),
            "alert node_load1: exporter node-exporter compose.yaml",
        );
        check("pg_up == 0", ("p.yml", &scrape("db", "db:9187")), "alert pg_up: target postgres-exporter p.yml");
        check(
            "rabbitmq_queue_messages > 9",
            ("p.yml", &scrape("rabbitmq", "q:15692")),
            "alert rabbitmq_queue_messages: target rabbitmq p.yml",
        );
        // A node program is no node exporter, and a metric that nobody is known for is told as such.
        check("node_load1 > 4", ("p.yml", &scrape("nodejs-app", "nodejs-app:3000")), "alert node_load1:   -");
        check("orders_total > 4", ("p.yml", &scrape("api", "api:80")), "alert orders_total:   -");
    }

    #[test]
    fn the_application_and_recording_rules_expose_metrics() {
        let rules = "groups:\n  - rules:\n      - record: job:errors:rate5m\n        expr: rate(orders_total[5m])\n      - alert: Errors\n        expr: job:errors:rate5m > 1\n";
        let found = joined(&[
            ("rules.yml", rules),
            ("package.json", "{\"dependencies\": {\"prom-client\": \"15.1.0\"}}"),
            (
                "index.js",
                "const client = require('prom-client');\nnew client.Counter({ name: 'orders_total', help: 'x' });\n",
            ),
        ]);
        assert_eq!(
            found,
            [
                "recording orders_total: application prom-client index.js",
                "alert job:errors:rate5m: recording-rule job:errors:rate5m rules.yml"
            ]
        );
    }

    #[test]
    fn panels_read_metrics_too() {
        let board = "{\"schemaVersion\": 39, \"title\": \"T\", \"panels\": [{\"type\": \"row\", \"panels\": [{\"title\": \"CPU\", \"targets\": [{\"expr\": \"sum by (instance) (rate(node_cpu_seconds_total{mode!=\\\"idle\\\", job=~\\\"$job\\\"}[$__rate_interval]))\"}]}]}]}";
        let compose = ("compose.yaml", "services:\n  n:\n    image: prom/node-exporter:v1.8.0\n");
        let expected = ["panel node_cpu_seconds_total: exporter node-exporter compose.yaml"];
        assert_eq!(joined(&[("board.json", board), compose]), expected);
        let map = format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: b}}\ndata:\n  b.json: |\n    {board}\n");
        assert_eq!(joined(&[("k8s/b.yaml", &map), compose]), expected);
    }

    #[test]
    fn a_cloud_measures_its_own_namespaces() {
        let alarm = |space: &str| {
            format!(
                "resource \"aws_cloudwatch_metric_alarm\" \"cpu\" {{\n  metric_name = \"CPUUtilization\"\n  namespace = \"{space}\"\n}}\n"
            )
        };
        assert_eq!(joined(&[("main.tf", &alarm("AWS/EC2"))]), ["alert CPUUtilization: cloud AWS/EC2 -"]);
        assert_eq!(joined(&[("main.tf", &alarm("Shop"))]), ["alert CPUUtilization:  Shop -"]);
    }
}
