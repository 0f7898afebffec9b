//! Fits documents to a cluster of one node and an older API, and says of everything what was changed.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::json::{containers, images, kind, list, name, namespace, pod, shown, text};
use super::secrets::{Given, missing, opened};
use crate::say::{Say, say};

/// Documents that the cluster takes, and what was done to them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Fitted {
    pub documents: Vec<Value>,
    pub notes: BTreeSet<Say>,
    pub stand_ins: BTreeSet<Say>,
}

/// What the API serves: group and version, and kinds.
const SERVED: [(&str, &str); 10] = [
    (
        "v1",
        "ConfigMap Secret Service ServiceAccount Namespace PersistentVolumeClaim Pod ResourceQuota LimitRange Endpoints",
    ),
    ("apps/v1", "Deployment StatefulSet DaemonSet ReplicaSet"),
    ("batch/v1", "Job"),
    ("batch/v1beta1", "CronJob"),
    ("networking.k8s.io/v1", "Ingress IngressClass NetworkPolicy"),
    ("policy/v1beta1", "PodDisruptionBudget"),
    ("autoscaling/v1", "HorizontalPodAutoscaler"),
    ("autoscaling/v2beta2", "HorizontalPodAutoscaler"),
    ("rbac.authorization.k8s.io/v1", "Role RoleBinding ClusterRole ClusterRoleBinding"),
    ("scheduling.k8s.io/v1", "PriorityClass"),
];
/// What was renamed after this API: as written, as it was called, for these kinds.
const RENAMED: [(&str, &str, &str); 3] = [
    ("policy/v1", "policy/v1beta1", "PodDisruptionBudget"),
    ("batch/v1", "batch/v1beta1", "CronJob"),
    ("autoscaling/v2", "autoscaling/v2beta2", "HorizontalPodAutoscaler"),
];

/// Fits all documents; secrets that are not to be had here hold what is given for them.
pub(crate) fn fit(documents: Vec<Value>, given: &Given) -> Fitted {
    let mut fitted = Fitted::default();
    for document in documents {
        flatten(document, given, &mut fitted, 0);
    }
    let mut kept = std::mem::take(&mut fitted.documents);
    for document in &mut kept {
        workload(document, &mut fitted.notes);
    }
    let secrets = missing(&kept, given, &mut fitted.stand_ins);
    volumes(&mut kept, &mut fitted.stand_ins);
    let namespaces = namespaces(&kept);
    // What others refer to comes first.
    let rank = |document: &Value| match kind(document) {
        "Namespace" => 0,
        "PriorityClass" | "ServiceAccount" | "PersistentVolume" | "ResourceQuota" | "LimitRange" => 1,
        "ConfigMap" | "Secret" | "PersistentVolumeClaim" => 2,
        "Service" => 3,
        _ => 4,
    };
    kept.extend(secrets.into_iter().chain(namespaces));
    kept.sort_by_key(|document| (rank(document), shown(document)));
    fitted.documents = kept;
    fitted
}

fn flatten(document: Value, given: &Given, fitted: &mut Fitted, depth: usize) {
    if kind(&document) == "List" && depth < 4 {
        for item in list(&document, "/items") {
            flatten(item.clone(), given, fitted, depth + 1);
        }
        return;
    }
    let Some(document) = served(document, given, fitted) else { return };
    let twice = |other: &Value| shown(other) == shown(&document) && namespace(other) == namespace(&document);
    if !fitted.documents.iter().any(twice) {
        fitted.documents.push(document);
    }
}

/// The document as this API takes it, or nothing when it knows no such kind.
fn served(mut document: Value, given: &Given, fitted: &mut Fitted) -> Option<Value> {
    let (api, what) = (text(&document, "/apiVersion").to_owned(), shown(&document));
    if let Some((_, older, _)) = RENAMED.iter().find(|(newer, _, of)| api == *newer && *of == kind(&document)) {
        document["apiVersion"] = json!(older);
        fitted.notes.insert(say!("sent-as-older", api, kind = kind(&document), older));
    }
    if let Some(secret) = opened(&document, given) {
        let values = given.told(name(&secret));
        fitted.stand_ins.insert(say!("same-keys", what, values));
        return Some(secret);
    }
    let api = text(&document, "/apiVersion");
    if SERVED.iter().any(|(version, kinds)| api == *version && kinds.split(' ').any(|one| one == kind(&document))) {
        return Some(document);
    }
    fitted.notes.insert(say!("api-not-served", what, api));
    None
}

/// What a workload asks of its node and cannot get here.
fn workload(document: &mut Value, notes: &mut BTreeSet<Say>) {
    let what = shown(document);
    for container in containers(document) {
        if text(container, "/imagePullPolicy") == "Always" {
            notes.insert(say!("pull-policy", what));
        }
        container["imagePullPolicy"] = json!("IfNotPresent");
        // One small node must hold what many would.
        if let Some(requests) = container.pointer_mut("/resources/requests").and_then(Value::as_object_mut) {
            for (resource, small) in [("cpu", "10m"), ("memory", "16Mi")] {
                if requests.contains_key(resource) {
                    requests.insert(resource.to_owned(), json!(small));
                }
            }
        }
    }
    let Some(pod) = pod(document).and_then(Value::as_object_mut) else { return };
    for key in ["nodeSelector", "affinity", "tolerations", "topologySpreadConstraints", "runtimeClassName"] {
        if pod.remove(key).is_some() {
            notes.insert(say!("one-node", what, key));
        }
    }
    pod.remove("imagePullSecrets");
}

/// Lets every claim find one of the volumes that the cluster has: nothing here makes volumes by itself.
fn volumes(documents: &mut [Value], stand_ins: &mut BTreeSet<Say>) {
    let mut claims = 0;
    for document in documents.iter_mut() {
        if kind(document) == "PersistentVolumeClaim" {
            claims += 1;
            claimed(document.get_mut("spec"));
        }
        let templates = document.pointer_mut("/spec/volumeClaimTemplates").and_then(Value::as_array_mut);
        for template in templates.into_iter().flatten() {
            claims += 1;
            claimed(template.get_mut("spec"));
        }
    }
    if claims > 0 {
        stand_ins.insert(say!("volumes-in-memory"));
    }
}

fn claimed(spec: Option<&mut Value>) {
    let Some(spec) = spec.and_then(Value::as_object_mut) else { return };
    spec.insert("storageClassName".into(), json!("preuve"));
    spec.remove("volumeName");
    spec.remove("selector");
}

/// The name spaces that documents are in and none of them makes.
fn namespaces(documents: &[Value]) -> Vec<Value> {
    const OF_CLUSTER: [&str; 3] = ["default", "kube-system", "kube-public"];
    let made: BTreeSet<&str> = documents.iter().filter(|one| kind(one) == "Namespace").map(name).collect();
    let used: BTreeSet<&str> = documents.iter().map(namespace).collect();
    let missing = used.into_iter().filter(|space| !made.contains(space) && !OF_CLUSTER.contains(space));
    missing.map(|space| json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": space}})).collect()
}

/// Every image that the documents run.
pub(crate) fn wanted_images(documents: &[Value]) -> BTreeSet<String> {
    documents.iter().flat_map(images).filter(|image| !image.is_empty()).collect()
}
