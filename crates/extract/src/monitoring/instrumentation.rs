//! Application code that measures itself: a library that is declared, and used.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use facts::{Fact, Location};
use regex::Regex;

use crate::{File, Project, Sink, path};

/// Language, extensions, what the code says when it uses the library, how packages declare it, what it exports.
struct Library {
    name: &'static str,
    language: &'static str,
    extensions: &'static str,
    used: &'static [&'static str],
    declared: &'static [&'static str],
    exports: &'static str,
}

const fn library(
    name: &'static str,
    language: &'static str,
    extensions: &'static str,
    used: &'static [&'static str],
    declared: &'static [&'static str],
    exports: &'static str,
) -> Library {
    Library { name, language, extensions, used, declared, exports }
}

const LIBRARIES: &[Library] = &[
    library(
        "client_golang",
        "go",
        "go",
        &["github.com/prometheus/client_golang/prometheus"],
        &["github.com/prometheus/client_golang"],
        "scrape",
    ),
    library(
        "otel-metrics",
        "go",
        "go",
        &["go.opentelemetry.io/otel/exporters/otlp/otlpmetric", "go.opentelemetry.io/otel/sdk/metric"],
        &["go.opentelemetry.io/otel"],
        "otlp",
    ),
    library(
        "prom-client",
        "javascript",
        "js ts mjs cjs tsx",
        &["'prom-client'", "\"prom-client\""],
        &["\"prom-client\""],
        "scrape",
    ),
    library(
        "express-prom-bundle",
        "javascript",
        "js ts mjs cjs",
        &["'express-prom-bundle'", "\"express-prom-bundle\""],
        &["\"express-prom-bundle\""],
        "scrape",
    ),
    library(
        "express-prometheus-middleware",
        "javascript",
        "js ts mjs cjs",
        &["'express-prometheus-middleware'", "\"express-prometheus-middleware\""],
        &["\"express-prometheus-middleware\""],
        "scrape",
    ),
    library(
        "fastify-metrics",
        "javascript",
        "js ts mjs cjs",
        &["'fastify-metrics'", "\"fastify-metrics\""],
        &["\"fastify-metrics\""],
        "scrape",
    ),
    library(
        "nestjs-prometheus",
        "typescript",
        "ts",
        &["'@willsoto/nestjs-prometheus'", "\"@willsoto/nestjs-prometheus\""],
        &["\"@willsoto/nestjs-prometheus\""],
        "scrape",
    ),
    library(
        "swagger-stats",
        "javascript",
        "js ts mjs cjs",
        &["'swagger-stats'", "\"swagger-stats\""],
        &["\"swagger-stats\""],
        "scrape",
    ),
    library(
        "otel-node",
        "javascript",
        "js ts mjs cjs",
        &["@opentelemetry/exporter-metrics", "@opentelemetry/sdk-metrics", "@opentelemetry/exporter-prometheus"],
        &["\"@opentelemetry/"],
        "otlp",
    ),
    library(
        "prometheus_client",
        "python",
        "py",
        &["prometheus_client"],
        &["prometheus_client", "prometheus-client"],
        "scrape",
    ),
    library(
        "prometheus-flask-exporter",
        "python",
        "py",
        &["prometheus_flask_exporter", "prometheus_flask_instrumentator"],
        &["prometheus-flask", "prometheus_flask"],
        "scrape",
    ),
    library(
        "prometheus-fastapi-instrumentator",
        "python",
        "py",
        &["prometheus_fastapi_instrumentator", "starlette_exporter", "starlette_prometheus"],
        &[
            "prometheus-fastapi",
            "prometheus_fastapi",
            "starlette-exporter",
            "starlette-prometheus",
            "starlette_exporter",
        ],
        "scrape",
    ),
    library(
        "django-prometheus",
        "python",
        "py",
        &["django_prometheus"],
        &["django-prometheus", "django_prometheus"],
        "scrape",
    ),
    library(
        "otel-python",
        "python",
        "py",
        &["opentelemetry.sdk.metrics", "OTLPMetricExporter"],
        &["opentelemetry-"],
        "otlp",
    ),
    library(
        "micrometer",
        "java",
        "yml yaml properties",
        &["prometheus", "exposure.include=*", "include: \"*\"", "include: '*'"],
        &["micrometer-registry-prometheus"],
        "scrape",
    ),
    library(
        "micrometer-quarkus",
        "java",
        "java kt xml gradle kts",
        &["quarkus-micrometer-registry-prometheus", "quarkus-smallrye-metrics"],
        &["quarkus-micrometer-registry-prometheus", "quarkus-smallrye-metrics"],
        "scrape",
    ),
    library(
        "prometheus-java",
        "java",
        "java kt scala",
        &["io.prometheus.client", "io.prometheus.metrics"],
        &["simpleclient", "prometheus-metrics-"],
        "scrape",
    ),
    library(
        "prometheus-net",
        "csharp",
        "cs",
        &["UseHttpMetrics", "MapMetrics", "UseMetricServer", "KestrelMetricServer"],
        &["prometheus-net"],
        "scrape",
    ),
    library("otel-dotnet", "csharp", "cs", &["AddPrometheusExporter", "WithMetrics("], &["OpenTelemetry"], "otlp"),
    library(
        "prometheus-ruby",
        "ruby",
        "rb ru",
        &["prometheus/client", "prometheus/middleware", "yabeda/prometheus", "Yabeda"],
        &["prometheus-client", "yabeda-prometheus", "prometheus_exporter"],
        "scrape",
    ),
    library(
        "prometheus-php",
        "php",
        "php",
        &["Prometheus\\CollectorRegistry", "Prometheus\\"],
        &["promphp/", "prometheus_client_php", "prometheus-exporter"],
        "scrape",
    ),
    library(
        "applicationinsights-java",
        "java",
        "java kt scala",
        &["com.microsoft.applicationinsights"],
        &[
            "applicationinsights-web",
            "applicationinsights-core",
            "applicationinsights-spring",
            "applicationinsights-agent",
        ],
        "azure-monitor",
    ),
    library(
        "applicationinsights-node",
        "javascript",
        "js ts mjs cjs",
        &["'applicationinsights'", "\"applicationinsights\"", "@azure/monitor-opentelemetry"],
        &["\"applicationinsights\"", "\"@azure/monitor-opentelemetry"],
        "azure-monitor",
    ),
    library(
        "azure-monitor-python",
        "python",
        "py",
        &["azure.monitor.opentelemetry", "opencensus.ext.azure"],
        &["azure-monitor-opentelemetry", "opencensus-ext-azure"],
        "azure-monitor",
    ),
    library(
        "applicationinsights-net",
        "csharp",
        "cs",
        &["AddApplicationInsightsTelemetry", "UseAzureMonitor"],
        &["Microsoft.ApplicationInsights", "Azure.Monitor.OpenTelemetry"],
        "azure-monitor",
    ),
    library(
        "prometheus-rust",
        "rust",
        "rs",
        &["prometheus::", "metrics_exporter_prometheus", "axum_prometheus", "actix_web_prom"],
        &["prometheus"],
        "scrape",
    ),
];

const MANIFESTS: &[&str] = &[
    "package.json",
    "requirements.txt",
    "pyproject.toml",
    "Pipfile",
    "setup.py",
    "setup.cfg",
    "go.mod",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "Gemfile",
    "composer.json",
    "Cargo.toml",
    "libs.versions.toml",
];

fn is_manifest(file: &File) -> bool {
    let name = file.name();
    MANIFESTS.contains(&name)
        || name.ends_with(".csproj")
        || name == "Directory.Packages.props"
        || name.starts_with("requirements") && name.ends_with(".txt")
        || (file.dir().ends_with("requirements") && name.ends_with(".txt"))
}

/// Reports each library that is both declared and used.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    let manifests: Vec<&File> = project.files().filter(|file| is_manifest(file) && file.class.effective()).collect();
    for library in LIBRARIES {
        let declaring: Vec<(&File, usize)> = manifests
            .iter()
            .filter_map(|file| Some((*file, library.declared.iter().find_map(|name| find_own(file, name))?)))
            .collect();
        if declaring.is_empty() {
            continue;
        }
        let extensions: Vec<&str> = library.extensions.split(' ').collect();
        let sources =
            project.files().filter(|file| file.class.effective() && extensions.contains(&file.extension().as_str()));
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for file in sources {
            let Some(at) = library.used.iter().find_map(|used| find_own(file, used)) else {
                continue;
            };
            if library.name == "micrometer" && !file.str().contains("management") {
                continue;
            }
            // The nearest package definition above the file that declares the library.
            let near = declaring.iter().filter(|(manifest, _)| {
                path::within(&file.path, manifest.dir()) || manifest.name() == "libs.versions.toml"
            });
            let Some((manifest, declared)) = near.max_by_key(|(manifest, _)| manifest.dir().len()) else {
                continue;
            };
            if seen.len() < 20 && seen.insert(&file.path) {
                push(library, file, at, manifest.at(*declared..*declared + 1), manifest.dir(), sink);
            }
        }
    }
}

/// Where a word stands on a line that is no comment.
fn find_own(file: &File, word: &str) -> Option<usize> {
    let text = file.str();
    text.match_indices(word).map(|(at, _)| at).find(|at| {
        let line = text[text[..*at].rfind('\n').map_or(0, |start| start + 1)..*at].trim_start();
        !line.starts_with("//") && !line.starts_with('#') && !line.starts_with('*') && !line.starts_with("<!--")
    })
}

fn push(library: &Library, file: &File, at: usize, manifest: Location, dir: &str, sink: &mut Sink) {
    let line = file.text().map(|text| text.line_range(text.line_of(at))).unwrap_or_default();
    let fact = Fact::new("mon.instrumentation", "monitoring", file.at(line))
        .with("library", library.name)
        .with("language", library.language);
    let fact = fact.with("exports", library.exports).with("dir", dir).with("metrics", own_metrics(file.str()));
    sink.push(fact.also(manifest));
}

/// The names that code gives to its metrics.
pub fn own_metrics(text: &str) -> Vec<String> {
    static RE: OnceLock<Regex> = OnceLock::new();
    let re = RE.get_or_init(|| Regex::new(r#"(?:Counter|Gauge|Histogram|Summary|[Nn]ame)[\w<>.]*\s*[:=(]\s*\{?\s*(?:[Nn]ame\s*[:=]\s*)?["'`]([a-z][a-z0-9_]{2,80})["'`]"#).expect("a constant expression"));
    if !["Counter", "Gauge", "Histogram", "Summary"].iter().any(|word| text.contains(word)) {
        return Vec::new();
    }
    let names: BTreeSet<String> =
        re.captures_iter(text).take(200).map(|found| found[1].to_owned()).filter(|name| name.contains('_')).collect();
    names.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_named_in_code() {
        let check = |text: &str, expected: &[&str]| assert_eq!(own_metrics(text), expected, "{text}");
        check("new client.Counter({ name: 'orders_total', help: 'x' })", &["orders_total"]);
        check("REQUESTS = Counter('http_requests_total', 'all')", &["http_requests_total"]);
        check("prometheus.CounterOpts{Name: \"jobs_done_total\"}", &["jobs_done_total"]);
        check("name = 'not_a_metric'", &[]);
    }
}
