//! Who exposes a metric: the program itself by what it is known for, a recording rule, the application, an exporter.

use facts::{Fact, Facts, Location};

use super::deployed::PORTS;

/// Metrics by the start of their name.
const EXPORTERS: &str = include_str!("exporters.txt");

/// Metrics that Prometheus makes itself for whatever it scrapes.
const BUILT_IN: [&str; 8] = [
    "up",
    "ALERTS",
    "ALERTS_FOR_STATE",
    "scrape_duration_seconds",
    "scrape_samples_scraped",
    "scrape_samples_post_metric_relabeling",
    "scrape_series_added",
    "absent",
];

/// What stacks bring besides Prometheus.
const STACKS: [&str; 6] = [
    "kube-prometheus-stack",
    "kube-prometheus",
    "rancher-monitoring",
    "victoria-metrics-k8s-stack",
    "k8s-monitoring",
    "prometheus",
];
const BROUGHT: [&str; 11] = [
    "node-exporter",
    "kube-state-metrics",
    "cadvisor",
    "kubelet",
    "apiserver",
    "coredns",
    "etcd",
    "kube-scheduler",
    "kube-proxy",
    "prometheus",
    "alertmanager",
];

/// What instrumentation libraries measure without being told.
const LIBRARIES: [(&str, &[&str]); 15] = [
    ("prom-client", &["nodejs_", "process_"]),
    ("express-prom-bundle", &["nodejs_", "process_", "http_request_duration_"]),
    ("express-prometheus-middleware", &["nodejs_", "process_", "http_request"]),
    ("fastify-metrics", &["nodejs_", "process_", "http_request"]),
    ("nestjs-prometheus", &["nodejs_", "process_"]),
    ("client_golang", &["go_", "process_", "promhttp_"]),
    ("prometheus_client", &["python_", "process_"]),
    ("prometheus-flask-exporter", &["flask_", "python_", "process_"]),
    ("prometheus-fastapi-instrumentator", &["http_request", "starlette_", "python_", "process_"]),
    ("django-prometheus", &["django_", "python_", "process_"]),
    (
        "micrometer",
        &["jvm_", "http_server_requests_", "process_", "system_", "tomcat_", "hikaricp_", "jdbc_", "logback_"],
    ),
    ("micrometer-quarkus", &["jvm_", "http_server_requests_", "process_", "system_"]),
    ("prometheus-java", &["jvm_", "process_"]),
    ("prometheus-net", &["dotnet_", "process_", "http_request"]),
    ("prometheus-ruby", &["http_server_", "ruby_", "puma_", "rails_"]),
];

/// An answer to who exposes a metric.
pub(super) struct Exposer {
    /// built-in, recording-rule, application, exporter or target.
    pub by: &'static str,
    pub name: String,
    /// Where that is seen, when anywhere.
    pub at: Option<Location>,
    /// Whether it is the same name, not a name that starts alike.
    pub exact: bool,
}

/// What a repository shows that exposes metrics.
pub(super) struct Exposers<'f> {
    queries: &'f [Fact],
    code: &'f [Fact],
    exporters: &'f [Fact],
    targets: Vec<&'f Fact>,
}

impl<'f> Exposers<'f> {
    pub(super) fn of(facts: &'f Facts) -> Self {
        let targets = facts.of("mon.target").iter().filter(|target| target.is("effective") && target.is("matched"));
        Self {
            queries: facts.of("mon.query"),
            code: facts.of("mon.instrumentation"),
            exporters: facts.of("mon.exporter"),
            targets: targets.collect(),
        }
    }

    /// Who exposes a metric, as far as the repository shows it.
    pub(super) fn of_metric(&self, metric: &str) -> Option<Exposer> {
        if BUILT_IN.contains(&metric) {
            let at = self.targets.first().map(|target| target.location().clone());
            return Some(Exposer { by: "built-in", name: "prometheus".to_owned(), at, exact: true });
        }
        let found = |by, fact: &Fact, name: &str, exact| {
            Some(Exposer { by, name: name.to_owned(), at: Some(fact.location().clone()), exact })
        };
        if let Some(rule) = self.queries.iter().find(|query| query.text("defines") == metric) {
            return found("recording-rule", rule, metric, true);
        }
        let own = |code: &&Fact| code.list("metrics").iter().any(|name| family(name) == family(metric));
        if let Some(code) = self.code.iter().find(own) {
            return found("application", code, code.text("library"), true);
        }
        let usual = |code: &&Fact| {
            let starts = LIBRARIES.iter().find(|(name, _)| *name == code.text("library")).map(|(_, starts)| *starts);
            starts.unwrap_or_default().iter().any(|start| metric.starts_with(start))
        };
        if let Some(code) = self.code.iter().find(usual) {
            return found("application", code, code.text("library"), false);
        }
        let programs = programs(metric);
        let named = |program: &&str| {
            let exporter = self.exporters.iter().find(|exporter| *program == "*" || is(exporter.text("name"), program));
            exporter.or_else(|| self.targets.iter().copied().find(|target| *program == "*" || exposes(target, program)))
        };
        let (program, fact) = programs.iter().find_map(|program| Some((*program, named(program)?)))?;
        let by = if fact.kind() == "mon.exporter" { "exporter" } else { "target" };
        found(by, fact, if program == "*" { fact.text("name") } else { program }, false)
    }
}

/// The programs that expose metrics whose names start so; the longest known start decides.
pub(super) fn programs(metric: &str) -> Vec<&'static str> {
    let lines = EXPORTERS.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(": "));
    let known = lines.filter(|(start, _)| metric.starts_with(start)).max_by_key(|(start, _)| start.len());
    known.map(|(_, programs)| programs.split(' ').collect()).unwrap_or_default()
}

/// A metric without what histograms, summaries and counters add to its name.
fn family(metric: &str) -> &str {
    ["_bucket", "_count", "_sum", "_total", "_created"]
        .iter()
        .find_map(|end| metric.strip_suffix(end))
        .unwrap_or(metric)
}

fn plain(text: &str) -> String {
    text.to_ascii_lowercase().replace('_', "-")
}

fn is(name: &str, program: &str) -> bool {
    let (name, stem) = (plain(name), program.trim_end_matches("-exporter"));
    name.contains(program) || name.replace('-', "").contains(&program.replace('-', "")) || name == stem
}

/// Whether a target is that program: by its name, by the name or port of a host, or because it brings it.
fn exposes(target: &Fact, program: &str) -> bool {
    let bundle = STACKS.contains(&target.text("name")) || STACKS.contains(&target.text("tool"));
    if bundle && matches!(target.text("how"), "chart" | "bundle") && BROUGHT.contains(&program) {
        return true;
    }
    let port = PORTS.iter().find(|(name, _)| *name == program).map(|(_, port)| *port);
    let at_port = |host: &String| port.is_some_and(|port| host.rsplit(':').next() == Some(port) && port != "8080");
    let stem = program.trim_end_matches("-exporter");
    let names = std::iter::once(target.text("name")).chain(target.list("hosts").iter().map(String::as_str));
    target.list("hosts").iter().any(at_port)
        || names.into_iter().any(|name| {
            let name = plain(name);
            let mut words = name.split(|c: char| !c.is_ascii_alphanumeric());
            name.contains(program) || words.any(|word| word == stem || word.trim_end_matches('s') == stem)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_of_names_lead_to_programs() {
        let check = |metric: &str, expected: &[&str]| assert_eq!(programs(metric), expected, "{metric}");
        check("node_cpu_seconds_total", &["node-exporter"]);
        check("nginx_ingress_controller_requests", &["ingress-nginx", "nginx-ingress"]);
        check("gitlab_runner_jobs", &["gitlab-runner"]);
        check("orders_total", &[]);
        check("nodejs_heap_size", &[]);
        check("", &[]);
    }
}
