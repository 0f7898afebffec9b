//! Workloads among the objects: their pods, and whether they are the application.

use std::collections::BTreeMap;

use super::object::{Object, Rendered};
use super::tree::Tree;
use crate::Project;
use crate::image_origin::Reference;

/// A workload with its pod.
pub(crate) struct Workload<'a> {
    pub object: &'a Object,
    pub pod: &'a Tree,
    pub labels: BTreeMap<&'a str, String>,
    pub application: bool,
}

/// A container of a pod.
pub(crate) struct Container<'a> {
    pub tree: &'a Tree,
    pub init: bool,
}

/// Where the pod template of a kind is.
fn template(object: &Object) -> Option<&Tree> {
    let keys: &[&str] = match object.kind.as_str() {
        "Deployment"
        | "StatefulSet"
        | "DaemonSet"
        | "ReplicaSet"
        | "ReplicationController"
        | "Job"
        | "Rollout"
        | "DeploymentConfig" => &["spec", "template"],
        "CronJob" => &["spec", "jobTemplate", "spec", "template"],
        "Pod" => &[],
        "Service" if object.group() == "serving.knative.dev" => &["spec", "template"],
        _ => return None,
    };
    object.root.at(keys)
}

/// All workloads, test pods of charts left out.
pub(crate) fn all<'a>(project: &Project, rendered: &'a Rendered) -> Vec<Workload<'a>> {
    let mut found: Vec<Workload<'a>> = rendered.objects.iter().filter_map(|object| read(project, object)).collect();
    // A repository that builds nothing deploys others' software as its application, data stores and platform apart.
    // One that builds images but names none of those that it deploys has them under an account that it does not tell.
    let counted = found.iter().any(|workload| workload.application && !workload.object.example);
    if !counted {
        let origins = project.image_origins();
        let builds = origins.builds_images();
        for workload in &mut found {
            let images: Vec<String> = workload.containers().filter_map(|container| container.image()).collect();
            workload.application =
                images.iter().any(|image| !is_platform(image) && (!builds || origins.is_of_unknown_account(image)));
        }
    }
    found
}

fn read<'a>(project: &Project, object: &'a Object) -> Option<Workload<'a>> {
    let template = template(object)?;
    let pod = template.get("spec").filter(|pod| pod.get("containers").is_some_and(|list| !list.items().is_empty()))?;
    let hook = object.annotation("helm.sh/hook").and_then(Tree::text).unwrap_or_default();
    if hook.split(',').any(|name| name.trim().starts_with("test")) {
        return None;
    }
    let labels = template.at(&["metadata", "labels"]).map(labels_of).unwrap_or_default();
    let mut workload = Workload { object, pod, labels, application: false };
    // `:latest`: the address of the image is left to the release.
    let given = |image: &str| Reference::of(image).name.is_empty();
    let own = |container: Container<'_>| {
        container.image().is_some_and(|image| given(&image) || project.image_origins().is_own(&image))
            && !container.init
    };
    workload.application = workload.containers().any(own);
    Some(workload)
}

/// The labels of a mapping as text.
pub(crate) fn labels_of(tree: &Tree) -> BTreeMap<&str, String> {
    tree.entries().filter_map(|(key, entry)| Some((&**key, entry.value.text()?))).collect()
}

/// Data stores, brokers and observation tools: beside the application, whoever deploys them.
fn is_platform(image: &str) -> bool {
    const WORDS: [&str; 40] = [
        "postgres",
        "mysql",
        "mariadb",
        "mongo",
        "redis",
        "valkey",
        "memcached",
        "rabbitmq",
        "kafka",
        "zookeeper",
        "nats",
        "cassandra",
        "elasticsearch",
        "opensearch",
        "kibana",
        "logstash",
        "fluent",
        "loki",
        "promtail",
        "prometheus",
        "grafana",
        "alertmanager",
        "exporter",
        "jaeger",
        "tempo",
        "otel",
        "minio",
        "etcd",
        "consul",
        "vault",
        "cert-manager",
        "ingress",
        "metrics-server",
        "kube-",
        "argocd",
        "flux",
        "busybox",
        "pause",
        "cadvisor",
        "keycloak",
    ];
    let reference = Reference::of(image);
    WORDS.iter().any(|word| reference.name.contains(word))
}

impl<'a> Workload<'a> {
    /// Kind and name, for people.
    pub(crate) fn title(&self) -> String {
        format!("{}/{}", self.object.kind, self.object.name)
    }

    pub(crate) fn containers(&self) -> impl Iterator<Item = Container<'a>> + use<'a> {
        let of = |key: &str, init: bool| {
            let items = self.pod.get(key).map(Tree::items).unwrap_or_default();
            items.iter().filter(|tree| tree.is_map()).map(move |tree| Container { tree, init })
        };
        of("initContainers", true).chain(of("containers", false)).collect::<Vec<_>>().into_iter()
    }

    /// The names of the secrets with which its images are pulled.
    pub(crate) fn pull_secrets(&self) -> Vec<String> {
        let secrets = self.pod.get("imagePullSecrets").map(Tree::items).unwrap_or_default();
        secrets.iter().filter_map(|secret| secret.str_at(&["name"])).map(str::to_owned).collect()
    }

    /// Whether something keeps it alive.
    pub(crate) fn controlled(&self) -> bool {
        self.object.kind != "Pod"
    }

    /// Whether it runs for ever with a number of copies.
    pub(crate) fn long_running(&self) -> bool {
        matches!(
            self.object.kind.as_str(),
            "Deployment" | "StatefulSet" | "Rollout" | "DeploymentConfig" | "ReplicaSet" | "ReplicationController"
        )
    }

    /// Whether it claims no persistent volume.
    pub(crate) fn stateless(&self) -> bool {
        let template =
            self.object.root.at(&["spec", "volumeClaimTemplates"]).is_some_and(|list| !list.items().is_empty());
        let volumes = self.pod.get("volumes").map(Tree::items).unwrap_or_default();
        !template && !volumes.iter().any(|volume| volume.get("persistentVolumeClaim").is_some())
    }

    pub(crate) fn states_port(&self) -> bool {
        self.containers().any(|container| {
            !container.init && container.tree.get("ports").is_some_and(|ports| !ports.items().is_empty())
        })
    }

    /// Whether a selector of labels picks its pods; an empty one picks all.
    pub(crate) fn selected_by(&self, selector: &Tree) -> bool {
        let labels = selector.get("matchLabels").unwrap_or(selector);
        labels_of(labels).iter().all(|(key, value)| self.labels.get(key) == Some(value))
    }

    /// Whether an object lives where this workload does, as far as both say.
    pub(crate) fn beside(&self, other: &Object) -> bool {
        let (own, its) = (&self.object.namespace, &other.namespace);
        self.object.rendering == other.rendering && (own == its || own.is_empty() || its.is_empty())
    }
}

impl Container<'_> {
    pub(crate) fn image(&self) -> Option<String> {
        self.tree.get("image").and_then(Tree::text).filter(|image| !image.is_empty())
    }
}
