//! Whether the addresses that a scrape lists lead to services that the repository deploys, at ports that they have.

use std::collections::{BTreeMap, BTreeSet};

use facts::Fact;

use super::tools;
use crate::container::compose;
use crate::{File, Node, Project, kubernetes};

/// The port on which a well-known exporter answers.
const PORTS: &[(&str, &str)] = &[
    ("node-exporter", "9100"),
    ("cadvisor", "8080"),
    ("postgres-exporter", "9187"),
    ("redis-exporter", "9121"),
    ("mysqld-exporter", "9104"),
    ("mongodb-exporter", "9216"),
    ("kafka-exporter", "9308"),
    ("nginx-prometheus-exporter", "9113"),
    ("elasticsearch-exporter", "9114"),
    ("blackbox-exporter", "9115"),
    ("pushgateway", "9091"),
    ("alertmanager", "9093"),
    ("statsd-exporter", "9102"),
];

/// What is known about the ports of one name.
#[derive(Default)]
struct Ports {
    /// Ports at which other services reach it.
    inside: BTreeSet<String>,
    /// Ports of the host that lead to it, which do not exist between services.
    outside: BTreeSet<String>,
    /// Whether no other port than those inside can answer.
    closed: bool,
    /// All that its declaration says: a port named there may answer too.
    said: String,
}

/// The services of the repository by the names at which others reach them.
pub(super) struct Deployed {
    /// Names in all Compose files: files of one project may share a network.
    compose: BTreeMap<String, Ports>,
    cluster: BTreeMap<String, Ports>,
    prometheus: bool,
}

impl Deployed {
    pub(super) fn of(project: &Project) -> Self {
        let mut deployed = Self { compose: BTreeMap::new(), cluster: BTreeMap::new(), prometheus: false };
        for file in compose::files(project) {
            for service in &file.services {
                deployed.service(project, service);
            }
        }
        for object in &kubernetes::objects(project).objects {
            if object.kind != "Service" || !object.api.starts_with('v') {
                continue;
            }
            let ports = deployed.cluster.entry(object.name.clone()).or_default();
            let spec = object.root.or_null("spec");
            let headless = spec.str_at(&["clusterIP"]) == Some("None");
            for port in spec.or_null("ports").items() {
                ports.inside.extend(port.or_null("port").text());
            }
            ports.closed = object.sure && !headless && !ports.inside.is_empty();
        }
        deployed
    }

    fn service(&mut self, project: &Project, service: &compose::Declared<'_>) {
        let mut names = vec![service.name.clone()];
        for key in ["container_name", "hostname"] {
            names.extend(service.get(key).and_then(|(_, node)| node.as_str()).map(str::to_owned));
        }
        let networks = service.get("networks").map(|(_, node)| node.entries()).unwrap_or_default();
        for (_, network) in networks {
            let aliases = network.get("aliases").map(Node::items).unwrap_or_default();
            names.extend(aliases.iter().filter_map(|alias| alias.as_str().map(str::to_owned)));
        }
        let tool = service.image(project).and_then(|(image, _)| tools::of_image(&image));
        self.prometheus |= tool.is_some_and(|tool| tool.name == "prometheus");
        for name in names {
            let ports = self.compose.entry(name).or_default();
            let known = tool.and_then(|tool| PORTS.iter().find(|(name, _)| *name == tool.name));
            ports.inside.extend(known.map(|(_, port)| (*port).to_owned()));
            // What a known image listens on is decided by its command and its environment alone.
            ports.closed |= known.is_some();
            for (_, node) in service.get("ports").into_iter().chain(service.get("expose")) {
                node.one_or_many().iter().for_each(|port| mapping(port, ports));
            }
            for (file, node) in
                ["command", "environment", "entrypoint", "labels"].iter().filter_map(|key| service.get(key))
            {
                ports.said.push_str(text(file, node));
                ports.said.push('\n');
            }
        }
    }

    /// The fact, with what its addresses lead to where that can be told.
    pub(super) fn judged(&self, fact: Fact) -> Fact {
        let hosts = fact.list("hosts");
        if fact.kind() != "mon.target" || hosts.is_empty() || !fact.is("matched") {
            return fact;
        }
        let outcomes: Vec<Result<(), String>> = hosts.iter().map(|host| self.leads(host)).collect();
        let reasons: BTreeSet<String> = outcomes.iter().filter_map(|outcome| outcome.clone().err()).collect();
        if reasons.is_empty() {
            return fact;
        }
        let matched = outcomes.iter().any(Result::is_ok);
        fact.with("matched", matched).with("reason", reasons.into_iter().collect::<Vec<_>>().join("; "))
    }

    /// Whether an address leads to a service; what cannot be told does.
    fn leads(&self, address: &str) -> Result<(), String> {
        let address = address.trim().trim_start_matches("http://").trim_start_matches("https://");
        let address = address.split('/').next().unwrap_or_default();
        let (host, port) = address.split_once(':').unwrap_or((address, ""));
        let hidden = |text: &str| text.contains(['$', '{', '<', '%', '*', '[']);
        if host.is_empty() || hidden(address) || host.parse::<std::net::Ipv4Addr>().is_ok() || is_host(host) {
            return Ok(());
        }
        if let Some(ports) = self.compose.get(host) {
            return ports.answer(host, port);
        }
        let mut labels = host.split('.');
        let (name, namespaced) = (labels.next().unwrap_or_default(), host.contains(".svc") || !host.contains('.'));
        if let Some(ports) = self.cluster.get(name).filter(|_| namespaced) {
            return ports.answer(name, port);
        }
        // A bare name is resolved among the services of the Compose project that runs Prometheus.
        if self.prometheus && self.cluster.is_empty() && !host.contains('.') {
            return Err(format!("no service is named {host}"));
        }
        Ok(())
    }
}

/// Names that lead to the machine itself.
fn is_host(host: &str) -> bool {
    matches!(host, "localhost" | "host.docker.internal" | "gateway.docker.internal" | "host" | "host-gateway")
}

impl Ports {
    fn answer(&self, name: &str, port: &str) -> Result<(), String> {
        let published = self.outside.contains(port) && !self.inside.contains(port);
        let absent = self.closed && !self.inside.contains(port);
        if port.is_empty() || self.said.contains(port) || !(published || absent) {
            return Ok(());
        }
        let known = self.inside.iter().cloned().collect::<Vec<_>>().join(", ");
        Err(format!("{name} does not answer at port {port} but at {known}"))
    }
}

/// One entry of `ports` or `expose`.
fn mapping(node: &Node, ports: &mut Ports) {
    if let Some(target) = node.get("target").and_then(Node::as_str) {
        ports.inside.insert(target.to_owned());
        ports.outside.extend(node.str_at("published").map(str::to_owned));
        return;
    }
    let written = node.as_str().unwrap_or_default().split('/').next().unwrap_or_default();
    if written.contains(['$', '-']) {
        // A variable or a range: nothing is known to be absent any more.
        ports.closed = false;
        ports.said.push_str(written);
        return;
    }
    let mut parts = written.rsplit(':');
    ports.inside.extend(parts.next().map(str::to_owned));
    ports.outside.extend(parts.next().map(str::to_owned));
}

fn text<'f>(file: &'f File, node: &Node) -> &'f str {
    file.str().get(node.range.clone()).unwrap_or_default()
}
