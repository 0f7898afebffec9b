//! Log drivers of containers that send logs to an aggregator, wherever they are set outside Compose.

use std::sync::OnceLock;

use facts::{Confidence, Fact};
use regex::Regex;

use crate::{File, Sink};

/// Drivers that send logs to an aggregator.
const DRIVERS: &[&str] = &[
    "awslogs",
    "awsfirelens",
    "fluentd",
    "gelf",
    "splunk",
    "gcplogs",
    "loki",
    "grafana/loki-docker-driver",
    "logentries",
];

/// Whether a driver, with its tag, sends logs away.
pub(crate) fn is_driver(driver: &str) -> bool {
    let name = driver.split(':').next().unwrap_or_default();
    DRIVERS.contains(&name)
}

fn setting() -> &'static Regex {
    static RE: OnceLock<Regex> = OnceLock::new();
    // `"log-driver": "awslogs"`, `logDriver = "awslogs"`, `--log-driver=awslogs`, `log_driver: fluentd`.
    RE.get_or_init(|| {
        Regex::new(r#"(?:log-driver|logDriver|LogDriver|log_driver)["']?\s*[:=]?\s*["']?([a-z][a-z/-]*)"#)
            .expect("a constant expression")
    })
}

/// Reads the drivers that commands, tasks, daemon settings and task definitions name.
pub(crate) fn read(file: &File, sink: &mut Sink) {
    let Ok(text) = file.text() else {
        return;
    };
    if !["log-driver", "logDriver", "LogDriver", "log_driver"].iter().any(|word| text.as_str().contains(word)) {
        return;
    }
    for (number, line) in text.lines().take(20_000) {
        if line.trim_start().starts_with(['#', '/']) {
            continue;
        }
        let Some(found) = setting().captures(line) else {
            continue;
        };
        if is_driver(&found[1]) {
            let fact = Fact::new("mon.logs", "monitoring", file.at_line(number));
            sink.push(fact.with("tool", &found[1]).with("form", "driver").confidence(Confidence::Likely));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Project;

    #[test]
    fn drivers_are_read_in_every_spelling() {
        let check = |text: &str, expected: &[&str]| {
            let project = Project::in_memory([("deploy.sh", text)]);
            let mut sink = Sink::default();
            read(&project.all_files()[0], &mut sink);
            let told: Vec<String> = sink.into_facts().iter().map(|fact| fact.text("tool").to_owned()).collect();
            assert_eq!(told, expected, "{text}");
        };
        check("docker run --log-driver=awslogs app", &["awslogs"]);
        check("docker run --log-driver gelf app", &["gelf"]);
        check("\"log-driver\": \"fluentd\",", &["fluentd"]);
        check("logDriver = \"awslogs\"", &["awslogs"]);
        check("log_driver: splunk", &["splunk"]);
        check("docker run --log-driver=json-file app", &[]);
        check("# --log-driver=awslogs", &[]);
        for hostile in ["--log-driver=", "log-driver\"\"\"", "logDriver:\u{e9}"] {
            check(hostile, &[]);
        }
    }
}
