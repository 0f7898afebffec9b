//! Privileges of workloads.

use super::facts::View;
use super::tree::Tree;
use super::workload::Workload;
use crate::Sink;

/// Reads how far a workload is restricted.
pub(super) fn read(view: &View<'_>, workload: &Workload<'_>, sink: &mut Sink) {
    let pod = workload.pod.keyed("securityContext");
    let pod_says = |key: &str| pod.as_ref().and_then(|context| context.get(key)).and_then(Tree::bool);
    let mut lacks: Vec<String> = Vec::new();
    let mut shown = pod.clone();
    // Where a privilege is written, which says more than the context that lacks a restriction.
    let mut given: Vec<Tree> = Vec::new();
    for container in workload.containers() {
        let context = container.tree.keyed("securityContext");
        let says = |key: &str| context.as_ref().and_then(|context| context.get(key)).and_then(Tree::bool);
        let name = container.tree.str_at(&["name"]).unwrap_or("?");
        if says("privileged") == Some(true) {
            lacks.push(format!("{name}: privileged"));
            shown.clone_from(&context);
        }
        for (key, wanted) in [("privileged", true), ("allowPrivilegeEscalation", true), ("runAsNonRoot", false)] {
            if says(key) == Some(wanted) {
                given.extend(context.as_ref().and_then(|context| context.keyed(key)));
            }
        }
        if container.init {
            continue;
        }
        if says("runAsNonRoot").or(pod_says("runAsNonRoot")) != Some(true) {
            lacks.push(format!("{name}: runAsNonRoot"));
        }
        if says("allowPrivilegeEscalation").or(pod_says("allowPrivilegeEscalation")) != Some(false) {
            lacks.push(format!("{name}: allowPrivilegeEscalation: false"));
        }
        shown = shown.or(context);
    }
    for key in ["hostNetwork", "hostPID", "hostIPC"] {
        if workload.pod.get(key).and_then(Tree::bool) == Some(true) {
            lacks.push(key.to_owned());
            shown = workload.pod.keyed(key);
        }
    }
    for volume in workload.pod.get("volumes").map(Tree::items).unwrap_or_default() {
        if let Some(host) = volume.keyed("hostPath") {
            lacks.push("hostPath".to_owned());
            shown = Some(host);
        }
    }
    let place = shown.filter(Tree::truth).or_else(|| workload.pod.keyed("containers"));
    let place = place.as_ref().unwrap_or(workload.pod);
    given.extend(places(workload, pod.as_ref()));
    let mut fact = view
        .fact("k8s.security", place, workload.object)
        .with("workload", workload.title())
        .with("application", workload.application)
        .with("sure", workload.object.sure)
        .with("restricted", lacks.is_empty())
        .with("lacks", lacks)
        .with("sets", identity(workload, pod.as_ref()));
    for tree in given.iter().take(8) {
        let value = tree.from.as_ref().and_then(|from| from.last().copied());
        fact = fact.also(view.at(value.or(tree.src)));
    }
    sink.push(fact);
}

/// What a platform that gives each pod its user refuses.
const IDENTITY: [&str; 5] = ["runAsUser", "runAsGroup", "fsGroup", "supplementalGroups", "privileged"];

/// Where a user, a group or a capability is set.
fn places(workload: &Workload<'_>, pod: Option<&Tree>) -> Vec<Tree> {
    let contexts = workload.containers().filter_map(|container| container.tree.keyed("securityContext"));
    let mut found = Vec::new();
    for context in pod.cloned().into_iter().chain(contexts) {
        found.extend(IDENTITY.iter().filter_map(|key| context.keyed(key)));
        found.extend(context.get("capabilities").and_then(|capabilities| capabilities.keyed("add")));
    }
    found
}

/// What a platform that gives each pod its user refuses to see in a manifest.
fn identity(workload: &Workload<'_>, pod: Option<&Tree>) -> Vec<String> {
    let mut sets: Vec<String> = Vec::new();
    let mut note = |owner: &str, context: &Tree| {
        let set = IDENTITY.iter().filter(|key| context.get(key).is_some()).map(|key| (*key).to_owned());
        let added = context.get("capabilities").and_then(|capabilities| capabilities.get("add")).is_some();
        sets.extend(set.chain(added.then(|| "capabilities.add".to_owned())).map(|key| format!("{owner}: {key}")));
    };
    if let Some(context) = pod {
        note("pod", context);
    }
    for container in workload.containers() {
        if let Some(context) = container.tree.keyed("securityContext") {
            note(container.tree.str_at(&["name"]).unwrap_or("?"), &context);
        }
    }
    sets
}
