//! Whose image is it: one of the project, its owner or its organisation, or a public third party's?

use std::collections::BTreeSet;

use crate::{File, Node, Project, path};

/// What the repository says about the images that are its own.
#[derive(Debug, Default)]
pub(crate) struct Origins {
    /// Repositories that something of the project builds, without tag.
    exact: BTreeSet<String>,
    /// Names of components that have an image definition.
    names: BTreeSet<String>,
    /// Accounts and organisations that the project names as its own.
    owners: BTreeSet<String>,
    /// Whether the project builds any image.
    builds: bool,
}

/// An image reference taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reference<'a> {
    /// The host, empty for the default registry.
    pub registry: &'a str,
    /// The path between host and name, empty when there is none.
    pub namespace: &'a str,
    pub name: &'a str,
    pub tag: &'a str,
    pub digest: &'a str,
}

/// Names that the default registry gives to the public without an account.
const OFFICIAL: &[&str] = &[
    "adminer",
    "almalinux",
    "alpine",
    "amazoncorretto",
    "amazonlinux",
    "arangodb",
    "archlinux",
    "bash",
    "bonita",
    "buildpack-deps",
    "busybox",
    "caddy",
    "cassandra",
    "chronograf",
    "clojure",
    "clickhouse",
    "composer",
    "consul",
    "convertigo",
    "couchbase",
    "couchdb",
    "crate",
    "debian",
    "docker",
    "drupal",
    "eclipse-mosquitto",
    "eclipse-temurin",
    "elasticsearch",
    "elixir",
    "emqx",
    "erlang",
    "fedora",
    "flink",
    "fluentd",
    "gazebo",
    "ghost",
    "golang",
    "gradle",
    "groovy",
    "haproxy",
    "haskell",
    "hello-world",
    "httpd",
    "influxdb",
    "jenkins",
    "jetty",
    "joomla",
    "julia",
    "kibana",
    "kong",
    "krakend",
    "logstash",
    "mariadb",
    "matomo",
    "maven",
    "mediawiki",
    "memcached",
    "mongo",
    "mongo-express",
    "mysql",
    "nats",
    "neo4j",
    "nextcloud",
    "nginx",
    "node",
    "odoo",
    "openjdk",
    "oraclelinux",
    "orientdb",
    "percona",
    "perl",
    "phpmyadmin",
    "php",
    "postfixadmin",
    "postgres",
    "python",
    "pypy",
    "r-base",
    "rabbitmq",
    "redis",
    "redmine",
    "registry",
    "rethinkdb",
    "rocket.chat",
    "rockylinux",
    "ruby",
    "rust",
    "scratch",
    "solr",
    "sonarqube",
    "spark",
    "storm",
    "swift",
    "telegraf",
    "tomcat",
    "traefik",
    "ubuntu",
    "unit",
    "valkey",
    "vault",
    "varnish",
    "wordpress",
    "xwiki",
    "zookeeper",
    "pause",
    "etcd",
];

/// Accounts of well-known third parties on public registries.
const VENDORS: &[&str] = &[
    "amazon",
    "apache",
    "apachepulsar",
    "aquasec",
    "argoproj",
    "argoprojlabs",
    "arm64v8",
    "bitnami",
    "bitnamilegacy",
    "bitnamisecure",
    "boky",
    "calico",
    "cilium",
    "cloudflare",
    "cloudnative-pg",
    "codecentric",
    "confluentinc",
    "coredns",
    "crossplane",
    "curlimages",
    "danielqsj",
    "datadog",
    "debezium",
    "dexidp",
    "docker",
    "dpage",
    "elastic",
    "envoyproxy",
    "external-dns",
    "external-secrets",
    "falcosecurity",
    "fluent",
    "fluxcd",
    "gitlab",
    "google",
    "google-containers",
    "google_containers",
    "grafana",
    "gresearch",
    "hashicorp",
    "ibmcom",
    "ingress-nginx",
    "istio",
    "jaegertracing",
    "jenkins",
    "jetstack",
    "jimmidyson",
    "justwatchcom",
    "k8s",
    "keycloak",
    "kedacore",
    "kiwigrid",
    "kong",
    "kubernetes-ingress-controller",
    "kubernetesui",
    "kyverno",
    "library",
    "linkerd",
    "linuxserver",
    "longhornio",
    "louislam",
    "mailhog",
    "mendhak",
    "metallb",
    "metrics-server",
    "mcr",
    "minio",
    "mongodb",
    "natsio",
    "netdata",
    "nginxinc",
    "oauth2-proxy",
    "oliver006",
    "open-policy-agent",
    "openpolicyagent",
    "opensearchproject",
    "openzipkin",
    "otel",
    "percona",
    "portainer",
    "postgis",
    "prom",
    "prometheus",
    "prometheus-operator",
    "prometheuscommunity",
    "provectuslabs",
    "quay",
    "rancher",
    "rediscommander",
    "redislabs",
    "rook",
    "sonarsource",
    "sonatype",
    "stakater",
    "strimzi",
    "temporalio",
    "thanos",
    "timberio",
    "timescale",
    "traefik",
    "uptime-kuma",
    "velero",
    "victoriametrics",
    "weaveworks",
    "wurstmeister",
    "zalando",
    "zricethezav",
    "kube-state-metrics",
    "bats",
    "vectorized",
    "redpandadata",
    "gitea",
    "drone",
    "woodpeckerci",
    "nextcloud",
    "hasura",
    "supabase",
    "pgvector",
    "qdrant",
    "axllent",
    "bitwarden",
    "vaultwarden",
    "sorintlab",
    "kbudde",
    "maildev",
    "dependencytrack",
    "cloudnative",
    "open-telemetry",
    "flannel",
    "kindest",
    "alpine",
    "axosyslog",
    "mattermost",
    "getsentry",
    "n8nio",
    "ollama",
    "directus",
];

/// Hosts that only serve third parties' images.
const VENDOR_HOSTS: &[&str] = &[
    "registry.k8s.io",
    "k8s.gcr.io",
    "mcr.microsoft.com",
    "docker.elastic.co",
    "registry.access.redhat.com",
    "registry.redhat.io",
    "container-registry.oracle.com",
    "cr.fluentbit.io",
    "docker.redpanda.com",
    "docker.n8n.io",
    "cgr.dev",
    "nvcr.io",
    "cr.l5d.io",
    "registry.connect.redhat.com",
    "xpkg.upbound.io",
    "docker-registry.wikimedia.org",
];

/// Names of software that a project deploys beside its own: not the application whoever hosts the image.
const PLATFORM: [&str; 12] = [
    "exporter",
    "kube-state-metrics",
    "ingress-nginx",
    "cert-manager",
    "external-dns",
    "metrics-server",
    "cadvisor",
    "promtail",
    "alertmanager",
    "fluent-bit",
    "fluentbit",
    "otel-collector",
];

impl Project {
    /// Tells the project's images from those of third parties.
    pub(crate) fn image_origins(&self) -> &Origins {
        self.image_origins.get_or_init(|| Origins::of(self))
    }
}

impl Origins {
    fn of(project: &Project) -> Self {
        let mut origins = Origins::default();
        for file in project.files().filter(|file| !file.class.test) {
            origins.read(file);
        }
        let exact: Vec<String> = origins.exact.iter().cloned().collect();
        for image in &exact {
            let reference = Reference::of(image);
            if known_third_party(&reference) {
                continue;
            }
            if let Some(owner) = reference.namespace.split('/').next().filter(|owner| plausible_owner(owner)) {
                origins.owners.insert(owner.to_ascii_lowercase());
            }
        }
        origins
    }

    fn read(&mut self, file: &File) {
        let name = file.name().to_ascii_lowercase();
        if let Some(component) = image_definition(file, &name) {
            self.builds = true;
            self.names.extend(component);
        }
        match name.as_str() {
            "go.mod" => self.owner_of(file.str().lines().find_map(|line| line.strip_prefix("module "))),
            "package.json" => {
                self.owner_of(file.json().documents.first().and_then(|document| repository(&document.root)))
            }
            "skaffold.yaml" => self.skaffold(file),
            _ if is_compose(&name) => self.compose(file),
            _ => {}
        }
        let extension = file.extension();
        let script = matches!(extension.as_str(), "sh" | "mk" | "yml" | "yaml" | "md" | "hcl" | "toml" | "ps1")
            || matches!(name.as_str(), "makefile" | "jenkinsfile" | "justfile");
        if script && file.size < 300_000 {
            self.commands(file.str());
        }
        if name.starts_with("readme") {
            for line in file.str().lines().filter(|line| line.contains("git clone")) {
                self.owner_of(line.split("git clone").nth(1));
            }
        }
    }

    fn owner_of(&mut self, url: Option<&str>) {
        let Some(url) = url else { return };
        for host in ["github.com", "gitlab.com", "codeberg.org", "bitbucket.org"] {
            if let Some((_, rest)) = url.split_once(host) {
                let owner = rest.trim_start_matches([':', '/']).split('/').next().unwrap_or("");
                if plausible_owner(owner) {
                    self.owners.insert(owner.to_ascii_lowercase());
                }
            }
        }
    }

    fn compose(&mut self, file: &File) {
        let services = file.yaml().documents.iter().filter_map(|document| document.root.get("services"));
        for (name, service) in services.flat_map(Node::entries) {
            if service.get("build").is_some() {
                self.builds = true;
                self.names.extend(name.as_str().map(normal));
                self.exact.extend(service.str_at("image").map(|image| bare(image).to_owned()));
            }
        }
    }

    fn skaffold(&mut self, file: &File) {
        for document in &file.yaml().documents {
            for artifact in document.root.at(&["build", "artifacts"]).map(Node::items).unwrap_or_default() {
                self.exact.extend(artifact.str_at("image").map(|image| bare(image).to_owned()));
            }
        }
    }

    /// Images that commands build, tag or push.
    fn commands(&mut self, text: &str) {
        for line in text.lines() {
            let builds = [
                "docker build",
                "docker push",
                "buildx build",
                "podman build",
                "podman push",
                "buildah",
                "docker tag",
                "nerdctl build",
                "minikube image",
            ];
            let kaniko = line.contains("--destination");
            if !kaniko && !builds.iter().any(|verb| line.contains(verb)) {
                continue;
            }
            let words: Vec<&str> = line.split_whitespace().map(|word| word.trim_matches(['"', '\'', '`'])).collect();
            for (at, word) in words.iter().enumerate() {
                let image = match *word {
                    "-t" | "--tag" | "--destination" | "push" => words.get(at + 1).copied(),
                    word => word
                        .strip_prefix("--tag=")
                        .or_else(|| word.strip_prefix("--destination="))
                        .or_else(|| word.strip_prefix("-t=")),
                };
                let image = image.map(bare).filter(|image| !image.is_empty() && !image.starts_with(['-', '<', '.']));
                self.exact.extend(image.map(str::to_owned));
            }
        }
    }

    /// Whether the repository defines any image.
    pub(crate) fn builds_images(&self) -> bool {
        self.builds
    }

    /// Whether the repository itself builds an image of that name.
    pub(crate) fn builds(&self, image: &str) -> bool {
        let reference = Reference::of(image);
        // The same image may be pushed to another registry than the one that it is deployed from.
        let name = normal(reference.name);
        let known =
            self.names.contains(&name) || self.exact.iter().any(|known| normal(Reference::of(known).name) == name);
        self.builds && known && !reference.name.is_empty() && !known_third_party(&reference)
    }

    /// Whether an image belongs to the project, its owner or its organisation.
    pub(crate) fn is_own(&self, image: &str) -> bool {
        let reference = Reference::of(image);
        if reference.name.is_empty() {
            return false;
        }
        if self.exact.contains(bare(image))
            && !(known_third_party(&reference) && !self.names.contains(&normal(reference.name)))
        {
            return true;
        }
        let owner = reference.namespace.split('/').next().unwrap_or("").to_ascii_lowercase();
        let last = reference.namespace.rsplit('/').next().unwrap_or("");
        if !owner.is_empty() && self.owners.contains(&owner) {
            return true;
        }
        if known_third_party(&reference) || PLATFORM.iter().any(|word| reference.name.contains(word)) {
            return false;
        }
        if reference.namespace.is_empty() && reference.registry.is_empty() {
            return true;
        }
        let named =
            self.names.contains(&normal(reference.name)) || (!last.is_empty() && self.names.contains(&normal(last)));
        let computed = reference.registry.contains(['$', '<', '{']) || reference.namespace.contains(['$', '<', '{']);
        named || computed || private_host(reference.registry) || !self.builds
    }
}

impl<'a> Reference<'a> {
    /// Takes a reference apart; parts in `${…}` or `{{…}}` may hold any character.
    pub(crate) fn of(image: &'a str) -> Self {
        let image = image.trim();
        let (rest, digest) = image.split_once('@').unwrap_or((image, ""));
        let slash = outside(rest, '/').last().copied();
        let start = slash.map_or(0, |at| at + 1);
        let colon = outside(&rest[start..], ':').first().map(|at| at + start);
        let (path, tag) = colon.map_or((rest, ""), |at| (&rest[..at], &rest[at + 1..]));
        let (before, name) = slash.map_or(("", path), |at| (&path[..at], &path[at + 1..]));
        let first = outside(before, '/').first().copied().unwrap_or(before.len());
        let host = &before[..first];
        let is_host = host.contains(['.', ':', '$', '{', '<']) || host == "localhost";
        let (registry, namespace) = if is_host { (host, before.get(first + 1..).unwrap_or("")) } else { ("", before) };
        Self { registry, namespace, name, tag, digest }
    }
}

/// Where a character stands outside of braces.
fn outside(text: &str, wanted: char) -> Vec<usize> {
    let mut depth = 0_i32;
    let mut found = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '{' | '(' => depth += 1,
            '}' | ')' => depth -= 1,
            c if c == wanted && depth <= 0 => found.push(at),
            _ => {}
        }
    }
    found
}

/// The image without tag and digest.
fn bare(image: &str) -> &str {
    let reference = Reference::of(image);
    let mut end = image.trim().len();
    if !reference.digest.is_empty() {
        end -= reference.digest.len() + 1;
    }
    if !reference.tag.is_empty() {
        end -= reference.tag.len() + 1;
    }
    image.trim().get(..end).unwrap_or(image)
}

fn normal(name: &str) -> String {
    name.to_ascii_lowercase().replace('_', "-")
}

fn plausible_owner(owner: &str) -> bool {
    let public =
        ["library", "official", "docker", "kubernetes", "company", "your", "username", "example", "user", "org"];
    owner.len() > 1
        && owner.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        && !public.contains(&owner.to_ascii_lowercase().as_str())
        && !VENDORS.contains(&owner)
}

fn known_third_party(reference: &Reference<'_>) -> bool {
    if VENDOR_HOSTS.contains(&reference.registry) {
        return true;
    }
    let public_host = matches!(
        reference.registry,
        "" | "docker.io" | "index.docker.io" | "quay.io" | "ghcr.io" | "gcr.io" | "public.ecr.aws"
    );
    let official = OFFICIAL.contains(&reference.name);
    if reference.namespace.is_empty() {
        return official && public_host;
    }
    if official && reference.namespace.split('/').any(|part| part == "library") {
        return true;
    }
    public_host && reference.namespace.split('/').next().is_some_and(|first| VENDORS.contains(&first))
}

/// Registries that an organisation runs for itself.
fn private_host(host: &str) -> bool {
    let shared = ["docker.io", "index.docker.io", "quay.io", "ghcr.io", "gcr.io", "public.ecr.aws", ""];
    !shared.contains(&host)
}

fn is_compose(name: &str) -> bool {
    (name.starts_with("docker-compose") || name.starts_with("compose"))
        && (name.ends_with(".yml") || name.ends_with(".yaml"))
}

/// The component names of an image definition; none when the file is not one.
fn image_definition(file: &File, name: &str) -> Option<Vec<String>> {
    let kinds = ["dockerfile", "containerfile"];
    let kind = kinds.iter().find(|kind| name.starts_with(**kind) || name.ends_with(&format!(".{kind}")))?;
    let mut names = Vec::new();
    let rest = name.trim_start_matches(kind).trim_end_matches(kind).trim_matches(['.', '-', '_']);
    if !rest.is_empty() {
        names.push(normal(rest));
    }
    let generic = [
        "docker",
        "dockerfiles",
        "dockerfile",
        "build",
        ".docker",
        "containers",
        "images",
        "src",
        "app",
        "deploy",
        "ci",
    ];
    let mut dir = file.dir();
    while !dir.is_empty() && generic.contains(&path::name(dir).to_ascii_lowercase().as_str()) {
        dir = path::dir(dir);
    }
    if !dir.is_empty() {
        names.push(normal(path::name(dir)));
    }
    Some(names)
}

fn repository(root: &Node) -> Option<&str> {
    root.str_at("repository").or_else(|| root.at(&["repository", "url"]).and_then(Node::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_taken_apart() {
        let check = |image: &str, expected: [&str; 5]| {
            let Reference { registry, namespace, name, tag, digest } = Reference::of(image);
            assert_eq!([registry, namespace, name, tag, digest], expected, "{image}");
        };
        check("nginx", ["", "", "nginx", "", ""]);
        check("ghcr.io/acme/shop/api:1.2@sha256:ab", ["ghcr.io", "acme/shop", "api", "1.2", "sha256:ab"]);
        check("localhost:5000/api", ["localhost:5000", "", "api", "", ""]);
        check("acme/api:${CI_COMMIT_SHA:-latest}", ["", "acme", "api", "${CI_COMMIT_SHA:-latest}", ""]);
        check("${REGISTRY}/api:1", ["${REGISTRY}", "", "api", "1", ""]);
    }

    #[test]
    fn own_images_are_told_from_public_ones() {
        let project = Project::in_memory([
            ("services/api/Dockerfile", "FROM alpine:3\n"),
            ("go.mod", "module github.com/acme/shop\n"),
            ("compose.yaml", "services:\n  db:\n    build: db\n    image: postgres\n  web:\n    build: web\n"),
        ]);
        let check = |image: &str, own: bool| assert_eq!(project.image_origins().is_own(image), own, "{image}");
        check("someone/api:1", true);
        check("api-gateway-app:latest", true);
        check("ghcr.io/acme/anything", true);
        check("123.dkr.ecr.eu-west-3.amazonaws.com/web:1", true);
        check("$REGISTRY/thing", true);
        check("postgres:16", false);
        check("bitnami/postgresql", false);
        check("docker.io/library/redis:7", false);
        check("prom/node-exporter", false);
        check("someone/else:1", false);
        check("", false);
    }
}
