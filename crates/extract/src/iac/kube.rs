//! The header of Kubernetes objects in plain manifests and chart templates: enough to know what tools a project uses.
//!
//! What the objects hold is read elsewhere; here their API group and kind tell operators, GitOps and provisioning.

use facts::{Confidence, Fact};

use super::standing;
use crate::{File, Project, Sink, path};

const PARSER: &str = "manifest-header";

/// API group, kind and name of one object, with the line of its kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    pub api: String,
    pub kind: String,
    pub name: String,
    pub line: usize,
}

/// The headers of all documents of a text, templates included: top-level keys only, comments left out.
pub fn headers(text: &str) -> Vec<Header> {
    let mut found = Vec::new();
    let mut header = Header::default();
    let mut metadata = false;
    for (index, line) in text.lines().enumerate() {
        if line.starts_with("---") {
            found.push(std::mem::take(&mut header));
            continue;
        }
        let value = |key: &str| {
            line.strip_prefix(key)
                .map(|rest| rest.split(" #").next().unwrap_or_default().trim().trim_matches(['"', '\'']).to_owned())
        };
        if let Some(api) = value("apiVersion:") {
            header.api = api;
        } else if let Some(kind) = value("kind:") {
            header.kind = kind;
            header.line = index + 1;
        } else if metadata
            && header.name.is_empty()
            && let Some(name) = line.trim_start().strip_prefix("name:")
        {
            header.name = name.trim().trim_matches(['"', '\'']).to_owned();
        }
        if line.starts_with(|first: char| first.is_ascii_alphabetic()) {
            metadata = line.starts_with("metadata:");
        }
    }
    found.push(header);
    found.retain(|header| !header.api.is_empty() && !header.kind.is_empty());
    found
}

/// The headers of a file that is a manifest or a template of one; none when its tool would refuse it.
pub(crate) fn of_file(file: &File) -> Vec<Header> {
    let yaml = matches!(file.extension().as_str(), "yml" | "yaml" | "tpl") || file.name().ends_with(".yaml.tmpl");
    if !yaml || file.path.starts_with(".github/") {
        return Vec::new();
    }
    let found = headers(file.str());
    let template = file.str().contains("{{") || file.str().contains("${");
    if found.is_empty() || (!template && file.yaml().error.is_some()) { Vec::new() } else { found }
}

/// API groups whose objects make databases, queues, stores or clusters: what they make and by which tool.
const OPERATORS: [(&str, &str, &str, &str); 34] = [
    ("postgresql.cnpg.io/", "Cluster", "database", "operator"),
    ("acid.zalan.do/", "postgresql", "database", "operator"),
    ("postgres-operator.crunchydata.com/", "PostgresCluster", "database", "operator"),
    ("rabbitmq.com/", "RabbitmqCluster", "queue", "operator"),
    ("kafka.strimzi.io/", "Kafka", "queue", "operator"),
    ("mongodbcommunity.mongodb.com/", "", "database", "operator"),
    ("mongodb.com/", "", "database", "operator"),
    ("psmdb.percona.com/", "", "database", "operator"),
    ("pxc.percona.com/", "", "database", "operator"),
    ("pgv2.percona.com/", "", "database", "operator"),
    ("k8s.mariadb.com/", "MariaDB", "database", "operator"),
    ("mariadb.mmontes.io/", "MariaDB", "database", "operator"),
    ("mysql.oracle.com/", "InnoDBCluster", "database", "operator"),
    ("redis.redis.opstreelabs.in/", "", "cache", "operator"),
    ("databases.spotahome.com/", "", "cache", "operator"),
    ("elasticsearch.k8s.elastic.co/", "", "database", "operator"),
    ("opensearch.opster.io/", "OpenSearchCluster", "database", "operator"),
    ("minio.min.io/", "Tenant", "bucket", "operator"),
    ("cassandra.datastax.com/", "", "database", "operator"),
    ("k8ssandra.io/", "", "database", "operator"),
    ("scylla.scylladb.com/", "ScyllaCluster", "database", "operator"),
    ("clickhouse.altinity.com/", "", "database", "operator"),
    ("kubedb.com/", "", "database", "operator"),
    ("cluster.x-k8s.io/", "Cluster", "cluster", "cluster-api"),
    ("cluster.x-k8s.io/", "MachineDeployment", "machine", "cluster-api"),
    ("infrastructure.cluster.x-k8s.io/", "", "machine", "cluster-api"),
    ("eksctl.io/", "ClusterConfig", "cluster", "eksctl"),
    ("kops.k8s.io/", "Cluster", "cluster", "kops"),
    ("kops.k8s.io/", "InstanceGroup", "machine", "kops"),
    (".crossplane.io/", "", "other", "crossplane"),
    (".upbound.io/", "", "other", "crossplane"),
    (".services.k8s.aws/", "", "other", "operator"),
    (".cnrm.cloud.google.com/", "", "other", "operator"),
    ("kubevirt.io/", "VirtualMachine", "machine", "operator"),
];

/// Kinds of provisioning groups that only configure their tool.
const CONFIGURES: [&str; 12] = [
    "Provider",
    "ProviderConfig",
    "ProviderConfigUsage",
    "Configuration",
    "Composition",
    "CompositeResourceDefinition",
    "Function",
    "ClusterProviderConfig",
    "DeploymentRuntimeConfig",
    "ControllerConfig",
    "EnvironmentConfig",
    "StoreConfig",
];

/// The objects of the GitOps operators.
fn gitops(header: &Header) -> Option<&'static str> {
    let api = header.api.as_str();
    let argo = api.starts_with("argoproj.io/")
        && matches!(header.kind.as_str(), "Application" | "ApplicationSet" | "AppProject" | "ArgoCD");
    if argo {
        return Some("argo-cd");
    }
    api.contains(".toolkit.fluxcd.io/").then_some("flux")
}

/// The facts that headers give.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    for file in project.files() {
        let found = of_file(file);
        let Some(first) = found.first() else { continue };
        let example = standing::is_example(project, &file.path);
        let template = file.str().contains("{{");
        let tool = if template && path::name(file.dir()) == "templates" || file.path.contains("/templates/") {
            "helm"
        } else {
            "kubernetes"
        };
        let tool =
            if first.kind == "Kustomization" && first.api.starts_with("kustomize.config") { "kustomize" } else { tool };
        let kind = found.iter().find(|header| is_workload(&header.kind)).unwrap_or(first);
        let sure = if is_workload(&kind.kind) { Confidence::Exact } else { Confidence::Likely };
        let code = Fact::new("iac.code", PARSER, file.at_line(kind.line)).with("tool", tool).with("dir", file.dir());
        let role = if tool == "kustomize" { "overlay" } else { "manifest" };
        if describes(kind) {
            sink.push(code.with("role", role).with("example", example).confidence(sure));
        }
        for header in &found {
            object(file, header, example, sink);
        }
    }
}

/// Client configuration and the settings of local clusters describe no infrastructure.
fn describes(header: &Header) -> bool {
    !(header.api.starts_with("kind.x-k8s.io/")
        || header.api.starts_with("k3d.io/")
        || header.api.starts_with("skaffold/")
        || header.kind == "Config"
        || header.api.starts_with("audit.k8s.io/")
        || header.api.contains("krew.")
        || header.api.starts_with("backstage.io/"))
}

fn is_workload(kind: &str) -> bool {
    matches!(kind, "Deployment" | "StatefulSet" | "DaemonSet" | "Job" | "CronJob" | "Rollout" | "Pod")
}

fn object(file: &File, header: &Header, example: bool, sink: &mut Sink) {
    let at = || file.at_line(header.line);
    if let Some(tool) = gitops(header) {
        let fact = Fact::new("iac.manager", PARSER, at())
            .with("tool", tool)
            .with("model", "pull")
            .with("style", "declarative");
        // An application says what is kept in step; a project or the operator itself only allows it.
        let sure = if matches!(header.kind.as_str(), "AppProject" | "ArgoCD") {
            Confidence::Likely
        } else {
            Confidence::Exact
        };
        sink.push(fact.with("what", "object").with("example", example).confidence(sure));
    }
    let Some((group, _, category, tool)) = OPERATORS.iter().find(|(group, kind, ..)| {
        let placed = if group.starts_with('.') { header.api.contains(group) } else { header.api.starts_with(group) };
        placed && (kind.is_empty() || header.kind == *kind)
    }) else {
        return;
    };
    let provisions = !CONFIGURES.contains(&header.kind.as_str())
        && !header.api.starts_with("pkg.")
        && !header.api.starts_with("apiextensions.");
    let fact = Fact::new("iac.resource", PARSER, at())
        .with("tool", *tool)
        .with("type", format!("{}/{}", header.api, header.kind));
    let fact = fact
        .with("name", header.name.as_str())
        .with("mode", "managed")
        .with("provider", group.trim_matches(['.', '/']));
    sink.push(
        fact.with("category", *category)
            .with("provisions", provisions)
            .with("dir", file.dir())
            .with("example", example),
    );
    if matches!(*tool, "crossplane" | "eksctl" | "kops" | "cluster-api") {
        let code = Fact::new("iac.code", PARSER, at()).with("tool", *tool).with("dir", file.dir());
        sink.push(code.with("role", "manifest").with("example", example));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_those_of_the_top_level() {
        let text = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n---\n{{- if .Values.x }}\napiVersion: \"apps/v1\" # here\nkind: Deployment\nspec:\n  kind: no\n";
        let found = headers(text);
        assert_eq!(found.len(), 2);
        assert_eq!(
            (found[0].name.as_str(), found[1].api.as_str(), found[1].kind.as_str(), found[1].line),
            ("a", "apps/v1", "Deployment", 8)
        );
    }

    #[test]
    fn hostile_texts_have_no_headers() {
        for text in [
            "",
            "---",
            "kind:",
            "# apiVersion: v1\n# kind: Pod\n",
            "apiVersion\nkind\n",
            "  apiVersion: v1\n  kind: Pod\n",
            "\u{feff}",
        ] {
            assert!(headers(text).is_empty(), "{text:?}");
        }
    }
}
