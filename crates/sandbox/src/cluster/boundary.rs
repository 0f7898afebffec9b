//! The boundary of a cluster, tried from inside a pod and at its API: a pod reaches other pods, and names, and nothing else.

use super::{Cluster, complaint};
use crate::{Failure, Image};

const NAMESPACE: &str = "preuve-boundary";
/// Where the services of a machine and of a node listen; the last is any other.
const PORTS: &str =
    "22 53 80 111 443 2375 2376 2379 2380 3306 5000 5353 5432 6257 6259 6443 8080 10248 10249 10250 10256";
/// What no pod of a subject may be given: the name, and the part of its specification that asks for it.
const REFUSED: [(&str, &str); 6] = [
    ("host-path", "{volumes: [{name: v, hostPath: {path: /}}], containers: [{name: c, image: i}]}"),
    ("host-network", "{hostNetwork: true, containers: [{name: c, image: i}]}"),
    ("host-processes", "{hostPID: true, containers: [{name: c, image: i}]}"),
    ("host-memory", "{hostIPC: true, containers: [{name: c, image: i}]}"),
    ("privileged", "{containers: [{name: c, image: i, securityContext: {privileged: true}}]}"),
    ("capabilities", "{containers: [{name: c, image: i, securityContext: {capabilities: {add: [SYS_ADMIN]}}}]}"),
];

/// Tries everything.
///
/// # Errors
/// [`Failure::Refused`] with the way that is open, or the engine's own failure.
pub(super) fn check(cluster: &Cluster<'_>, probe: &Image) -> Result<(), Failure> {
    let open = |why: String| Failure::Refused(format!("the boundary of the cluster is open: {why}"));
    for (name, spec) in REFUSED {
        let document = format!("{{apiVersion: v1, kind: Pod, metadata: {{name: {name}}}, spec: {spec}}}");
        let ended = cluster.kubectl(&["create", "--dry-run=server", "--filename", "-"], &document, 30)?;
        if ended.succeeded() {
            return Err(open(format!("a pod is given {name}")));
        }
    }
    let made = cluster.apply(&pod(probe))?;
    if !made.succeeded() {
        return Err(Failure::Engine { action: "try the boundary of the cluster".into(), message: complaint(&made) });
    }
    let words =
        ["--namespace", NAMESPACE, "wait", "pod/boundary", "--for=jsonpath={.status.phase}=Succeeded", "--timeout=60s"];
    cluster.kubectl(&words, "", 70)?;
    let told = cluster.logs(NAMESPACE, "boundary")?;
    cluster.kubectl(&["delete", "namespace", NAMESPACE, "--wait=false"], "", 30)?;
    judge(&told).map_err(open)
}

/// A pod that tries every address of this machine, of the node, of a cloud's metadata and of the world.
fn pod(probe: &Image) -> String {
    let mut addresses = crate::driver::addresses();
    addresses.extend(["10.244.0.1", "10.243.0.1", "10.96.0.1", "169.254.169.254", "192.0.2.1"].map(str::to_owned));
    format!(
        "apiVersion: v1\nkind: Namespace\nmetadata: {{name: {NAMESPACE}}}\n---\napiVersion: v1\nkind: Pod\n\
         metadata: {{name: boundary, namespace: {NAMESPACE}}}\nspec:\n  restartPolicy: Never\n  terminationGracePeriodSeconds: 0\n  \
         automountServiceAccountToken: false\n  containers:\n  - name: boundary\n    image: {image}\n    imagePullPolicy: Never\n    \
         securityContext: {{runAsUser: 1000}}\n    command: [python3, -c, {script}, {addresses}, {ports}]\n",
        image = serde_json::json!(probe.0),
        script = serde_json::json!(include_str!("boundary.py")),
        addresses = serde_json::json!(addresses.join(" ")),
        ports = serde_json::json!(PORTS),
    )
}

/// The first thing that was reached, or that was not tried to the end.
///
/// # Errors
/// With that thing.
pub fn judge(told: &str) -> Result<(), String> {
    if let Some(reached) = told.lines().find_map(|line| line.strip_prefix("open ")) {
        return Err(reached.to_owned());
    }
    let wanted = ["held addresses", "held outside", "held names", "end"];
    match wanted.iter().find(|wanted| !told.lines().any(|line| line == **wanted)) {
        None => Ok(()),
        Some(missing) => Err(format!("it was not tried to the end: {missing}")),
    }
}

#[cfg(test)]
pub(super) fn told_by_a_closed_cluster() -> &'static str {
    "held addresses\nheld outside\nheld names\nend\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_open_is_named() {
        assert_eq!(judge(told_by_a_closed_cluster()), Ok(()));
        assert_eq!(judge("open 10.243.0.1:10250\nend\n"), Err("10.243.0.1:10250".into()));
        assert_eq!(judge("held addresses\n"), Err("it was not tried to the end: held outside".into()));
        assert_eq!(judge(""), Err("it was not tried to the end: held addresses".into()));
    }
}
