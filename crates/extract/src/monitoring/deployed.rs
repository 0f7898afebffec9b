//! Whether the addresses that a scrape lists lead to services that the repository deploys, at ports that they have.

use std::collections::{BTreeMap, BTreeSet};

use facts::{Fact, Location};

use super::tools;
use crate::container::compose;
use crate::{File, Node, Project, kubernetes};

/// The port on which a well-known exporter answers.
pub(super) const PORTS: &[(&str, &str)] = &[
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
    /// The service that has the name, and where it is declared.
    declared: Option<(String, Location)>,
}

/// The services of the repository by the names at which others reach them.
pub(super) struct Deployed {
    /// Names in all Compose files: files of one project may share a network.
    compose: BTreeMap<String, Ports>,
    cluster: BTreeMap<String, Ports>,
    prometheus: bool,
    /// Whether a Compose file cannot be read: which services it has is not known.
    broken: bool,
}

impl Deployed {
    pub(super) fn of(project: &Project) -> Self {
        let mut deployed =
            Self { compose: BTreeMap::new(), cluster: BTreeMap::new(), prometheus: false, broken: false };
        let mut named = project.files().filter(|file| crate::container::is_compose(file));
        deployed.broken = named.any(|file| file.yaml().error.is_some());
        for file in compose::files(project) {
            for service in &file.services {
                deployed.service(project, file.file, service);
            }
        }
        for object in &kubernetes::objects(project).objects {
            if object.kind != "Service" || !object.api.starts_with('v') {
                continue;
            }
            let ports = deployed.cluster.entry(object.name.clone()).or_default();
            let place = object.src().and_then(|src| kubernetes::locate(project, src));
            ports.declared = ports.declared.take().or_else(|| Some((object.name.clone(), place?)));
            let spec = object.root.or_null("spec");
            let headless = spec.str_at(&["clusterIP"]) == Some("None");
            for port in spec.or_null("ports").items() {
                ports.inside.extend(port.or_null("port").text());
            }
            ports.closed = object.sure && !headless && !ports.inside.is_empty();
        }
        deployed
    }

    fn service(&mut self, project: &Project, file: &File, service: &compose::Declared<'_>) {
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
            ports.declared.get_or_insert_with(|| (service.name.clone(), file.at(service.shown.clone())));
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

    /// The services that the addresses of a scrape lead to, each with both ends.
    pub(super) fn scraped(&self, target: &Fact) -> Vec<Fact> {
        if target.kind() != "mon.target" || !target.is("effective") || !target.is("matched") {
            return Vec::new();
        }
        let joined = target.list("hosts").iter().filter(|host| self.leads(host).is_ok()).filter_map(|address| {
            let (on, ports) = self.service_of(address)?;
            let (service, at) = ports.declared.clone()?;
            let fact = Fact::new("mon.scraped", "monitoring", target.location().clone())
                .with("target", target.text("name"))
                .with("service", service);
            Some(fact.with("host", address.as_str()).with("on", on).also(at))
        });
        joined.collect()
    }

    fn service_of(&self, address: &str) -> Option<(&'static str, &Ports)> {
        let address = address.trim().trim_start_matches("http://").trim_start_matches("https://");
        let host = address.split(['/', ':']).next().unwrap_or_default();
        let compose = self.compose.get(host).map(|ports| ("compose", ports));
        let namespaced = host.contains(".svc") || !host.contains('.');
        let cluster = || self.cluster.get(host.split('.').next().unwrap_or_default()).filter(|_| namespaced);
        compose.or_else(|| cluster().map(|ports| ("kubernetes", ports)))
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
        if self.broken && !host.contains('.') {
            return Err(format!("whether a service is named {host} cannot be told: a Compose file does not parse"));
        }
        // A bare name is resolved among the services of the Compose project that runs Prometheus, or of a namespace.
        if self.prometheus && !host.contains('.') {
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

#[cfg(test)]
mod tests {
    use crate::{Project, facts};

    #[test]
    fn a_scrape_leads_to_a_service_that_is_deployed() {
        let check = |files: &[(&str, &str)], expected: &[&str]| {
            let project = Project::in_memory(files.iter().copied());
            let facts = facts(&project, 1);
            let told = facts.of("mon.scraped").iter().map(|fact| {
                let end = fact.related().first().map(|place| place.path().unwrap_or("-")).unwrap_or("-");
                format!("{} {} {} {end}", fact.text("target"), fact.text("service"), fact.text("on"))
            });
            assert_eq!(told.collect::<Vec<_>>(), expected);
        };
        let scrape = |host: &str| {
            format!("scrape_configs:\n  - job_name: api\n    static_configs: [{{targets: [\"{host}\"]}}]\n")
        };
        let compose =
            ("compose.yaml", "services:\n  api:\n    build: .\n    container_name: shop-api\n    expose: [\"80\"]\n");
        let service = "apiVersion: v1\nkind: Service\nmetadata: {name: api, labels: {app: api}}\nspec: {ports: [{name: http, port: 80}]}\n";
        check(&[compose, ("p.yml", &scrape("shop-api:80"))], &["api api compose compose.yaml"]);
        check(
            &[("k8s/s.yaml", service), ("p.yml", &scrape("api.shop.svc.cluster.local:80"))],
            &["api api kubernetes k8s/s.yaml"],
        );
        check(&[("k8s/s.yaml", service), ("p.yml", &scrape("api.shop.svc:81"))], &[]);
        check(&[compose, ("p.yml", &scrape("api.example.org:80"))], &[]);
        let monitor = "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: api}\nspec: {selector: {matchLabels: {app: api}}, endpoints: [{port: http}]}\n";
        check(&[("k8s/s.yaml", service), ("k8s/m.yaml", monitor)], &["api api kubernetes k8s/s.yaml"]);
        check(&[("k8s/s.yaml", service), ("k8s/m.yaml", &monitor.replace("app: api", "app: web"))], &[]);
    }
}
