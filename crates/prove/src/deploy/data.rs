//! What workloads keep: a mark is left wherever a claim is mounted, and looked for once they were made anew.

use sandbox::{Cluster, eventually_by};
use serde_json::{Value, json};

use super::json::{list, namespace, pod, rolls_out, shown, template, text};
use crate::experiment::Bench;
use crate::protocol::Stop;

/// Seconds within which a pod that was made anew is looked into.
const PATIENCE: u32 = 60;
const MARK: &str = ".preuve-mark";
const EMPTY: &str = "preuve-empty";

/// A folder whose content must outlive the pods of a workload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    pub namespace: String,
    /// `StatefulSet/database`.
    pub workload: String,
    container: String,
    folder: String,
}

/// Every folder that a claim holds for a workload. Pure.
pub(super) fn kept(documents: &[Value]) -> Vec<Kept> {
    documents.iter().filter(|one| rolls_out(one)).flat_map(of_workload).collect()
}

fn of_workload(document: &Value) -> Vec<Kept> {
    let at = template(document).unwrap_or_default();
    let claimed = |name: &str| {
        let templates = list(document, "/spec/volumeClaimTemplates").iter();
        let volumes = list(document, &format!("{at}/spec/volumes")).iter();
        templates.clone().any(|claim| text(claim, "/metadata/name") == name)
            || volumes.clone().any(|one| text(one, "/name") == name && one.get("persistentVolumeClaim").is_some())
    };
    let mut found = Vec::new();
    for container in list(document, &format!("{at}/spec/containers")) {
        for mount in list(container, "/volumeMounts") {
            let written = mount.get("readOnly").and_then(Value::as_bool) != Some(true);
            if written && claimed(text(mount, "/name")) {
                found.push(Kept {
                    namespace: namespace(document).to_owned(),
                    workload: shown(document),
                    container: text(container, "/name").to_owned(),
                    folder: text(mount, "/mountPath").to_owned(),
                });
            }
        }
    }
    found
}

/// The documents with a workload that keeps in an empty folder what its claims held. Pure.
pub(super) fn forgetful(documents: &[Value], workload: &str) -> Vec<Value> {
    let mut documents = documents.to_vec();
    for document in documents.iter_mut().filter(|document| shown(document) == workload) {
        let folders: Vec<String> = of_workload(document).into_iter().map(|kept| kept.folder).collect();
        let Some(pod) = pod(document).and_then(Value::as_object_mut) else { continue };
        let containers = pod.get_mut("containers").and_then(Value::as_array_mut);
        let mounts = containers.into_iter().flatten().filter_map(|one| one.get_mut("volumeMounts")?.as_array_mut());
        for mount in mounts.flatten().filter(|mount| folders.iter().any(|folder| folder == text(mount, "/mountPath"))) {
            mount["name"] = json!(EMPTY);
        }
        let volumes = pod.entry("volumes").or_insert_with(|| json!([]));
        if let Some(volumes) = volumes.as_array_mut() {
            volumes.push(json!({"name": EMPTY, "emptyDir": {}}));
        }
    }
    documents
}

impl Kept {
    /// Leaves the mark; answers why that cannot be done.
    pub fn mark(&self, cluster: &Cluster<'_>, nonce: &str) -> Result<Option<String>, Stop> {
        let ended = self.inside(cluster, "printf %s \"$2\" >\"$1\"", nonce)?;
        Ok((!ended.succeeded()).then(|| sandbox::cluster::complaint(&ended)))
    }

    /// Whether the mark is still there.
    pub fn holds(&self, bench: &Bench<'_>, cluster: &Cluster<'_>) -> Result<bool, Stop> {
        let mut held = false;
        // A pod that was just made may not let anybody in yet; what it then says is its answer.
        eventually_by(bench.millis, PATIENCE, || {
            let ended = self.inside(cluster, "printf 'there: '; cat \"$1\" 2>/dev/null; true", bench.nonce)?;
            let told = ended.text();
            held = told.trim() == format!("there: {}", bench.nonce);
            Ok::<bool, Stop>(told.starts_with("there: "))
        })?;
        Ok(held)
    }

    fn inside(&self, cluster: &Cluster<'_>, script: &str, nonce: &str) -> Result<sandbox::Ended, Stop> {
        let file = format!("{}/{MARK}", self.folder.trim_end_matches('/'));
        let words = ["--namespace", &self.namespace, "exec", &self.workload, "--container", &self.container, "--"];
        Ok(cluster.kubectl(&[&words[..], &["sh", "-c", script, "mark", &file, nonce]].concat(), "", 30)?)
    }
}

impl std::fmt::Display for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {}", self.folder, self.workload)
    }
}
