//! Facts of the monitoring family: what is measured, by whom it is collected, and what is made of it.

use super::{KindSchema, bool, int, list, text};

pub(super) const KINDS: &[KindSchema] = &[
    KindSchema {
        name: "mon.target",
        doc: "Something that collects metrics: a scrape, a push, an agent, or a cloud's own metrics put to use.",
        fields: &[
            text(
                "tool",
                "The tool that collects: prometheus, otel-collector, telegraf, cloudwatch, datadog or another.",
            ),
            text(
                "how",
                "scrape, service-monitor, pod-monitor, probe, annotation, pipeline, agent, chart, values, cloud or bundle.",
            ),
            text("covers", "application, infrastructure, self (the monitoring itself) or other."),
            text("name", "The job, object or service."),
            list("hosts", "The targets as written, where they are listed."),
            bool("effective", "Whether it is switched on by at least one versioned file."),
            bool("matched", "Whether what it points to is deployed by the repository, as far as that can be read."),
            text("reason", "Why it does not match or is off, for people."),
        ],
    },
    KindSchema {
        name: "mon.exporter",
        doc: "A program that turns the state of a machine, a cluster or a third-party service into metrics.",
        fields: &[text("name", "node-exporter, cadvisor, kube-state-metrics, postgres-exporter or another.")],
    },
    KindSchema {
        name: "mon.instrumentation",
        doc: "Application code that measures itself; the other location is the dependency that it declares.",
        fields: &[
            text("library", "The library."),
            text("language", "The language of the code."),
            text("exports", "scrape, otlp or azure-monitor."),
            text("dir", "The directory of the package definition."),
            list("metrics", "The names of its own metrics, where they are visible."),
        ],
    },
    KindSchema {
        name: "mon.application",
        doc: "Application metrics from both ends: the code that measures, and the target that collects.",
        fields: &[text("library", "The library."), text("target", "The target.")],
    },
    KindSchema {
        name: "mon.dashboard",
        doc: "A dashboard as code.",
        fields: &[
            text("tool", "grafana, cloudwatch, kibana, perses, datadog, azure, google or another."),
            text("form", "definition, provisioning, chart or cloud."),
            text("title", "Its title."),
            int("panels", "How many panels it has, where they can be counted."),
        ],
    },
    KindSchema {
        name: "mon.alert",
        doc: "An alert rule, a cloud alarm, or the configuration of notifications.",
        fields: &[
            text("tool", "prometheus, alertmanager, grafana, cloudwatch or another."),
            text("form", "rule, alarm, receiver, chart or values."),
            text("name", "Its name."),
            list("metrics", "The metrics that its expression reads."),
            bool("effective", "Whether it is switched on and its expression can be read."),
            text("reason", "Why it is not, for people."),
        ],
    },
    KindSchema {
        name: "mon.query",
        doc: "An expression that a rule or a panel evaluates.",
        fields: &[
            text("by", "alert, recording or panel."),
            text("name", "The name of the rule or the title of the panel."),
            text("defines", "The metric that a recording rule makes."),
            text(
                "expression",
                "The expression, variables of a dashboard filled in; empty where several stand in one rule.",
            ),
            list(
                "watches",
                "The series whose end it tells, each after `each` or `all`: one that ends is told, or only all.",
            ),
            text("wait", "For how long it must hold before an alert fires, as written."),
            list("metrics", "The metrics that it reads."),
            bool("effective", "Whether it can be read."),
        ],
    },
    KindSchema {
        name: "mon.metric",
        doc: "A metric that an alert, a recording rule or a panel reads, with who exposes it: the other location.",
        fields: &[
            text("metric", "The metric."),
            text("used_by", "alert, recording or panel."),
            text("name", "The name of the rule or the title of the panel."),
            bool("exposed", "Whether the repository shows who exposes it."),
            text(
                "by",
                "built-in, recording-rule, application, exporter, target, cloud, or empty when nothing shows it.",
            ),
            text("exposer", "The exporter, library, rule or namespace that exposes it."),
            list("expected", "The programs that are known for metrics with such a name; empty when none is."),
        ],
    },
    KindSchema {
        name: "mon.scraped",
        doc: "A scrape joined with the service that the repository deploys and that it leads to: the other location.",
        fields: &[
            text("target", "The job or object that scrapes."),
            text("service", "The service that it leads to."),
            text("host", "The address as written; empty where labels select the service."),
            text("on", "compose or kubernetes."),
        ],
    },
    KindSchema {
        name: "mon.logs",
        doc: "Something that gathers logs in one place.",
        fields: &[
            text("tool", "loki, promtail, fluent-bit, cloudwatch or another."),
            text("form", "agent, store, pipeline, driver, log-group, chart or bundle."),
        ],
    },
];
