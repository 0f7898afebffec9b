//! Documents as values: reading their parts without a word about how.

use serde_json::Value;

/// The text at a path of keys, or nothing.
pub(super) fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The list at a path of keys, or nothing.
pub(super) fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

pub(super) fn kind(document: &Value) -> &str {
    text(document, "/kind")
}

pub(super) fn name(document: &Value) -> &str {
    text(document, "/metadata/name")
}

/// `Deployment/web`.
pub(super) fn shown(document: &Value) -> String {
    format!("{}/{}", kind(document), name(document))
}

pub(super) fn namespace(document: &Value) -> &str {
    match text(document, "/metadata/namespace") {
        "" => "default",
        name => name,
    }
}

/// Where the template of a workload's pods is.
pub(super) fn template(document: &Value) -> Option<&'static str> {
    match kind(document) {
        "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Job" => Some("/spec/template"),
        "CronJob" => Some("/spec/jobTemplate/spec/template"),
        "Pod" => Some(""),
        _ => None,
    }
}

/// Whether a service chooses the pods of a workload.
pub(super) fn selects(service: &Value, workload: &Value) -> bool {
    let labels = template(workload).and_then(|at| workload.pointer(&format!("{at}/metadata/labels")));
    let wanted = service.pointer("/spec/selector").and_then(Value::as_object);
    kind(service) == "Service"
        && wanted.is_some_and(|wanted| {
            !wanted.is_empty() && wanted.iter().all(|(key, value)| labels.and_then(|all| all.get(key)) == Some(value))
        })
}

/// Whether its rollout can be followed.
pub(super) fn rolls_out(document: &Value) -> bool {
    matches!(kind(document), "Deployment" | "StatefulSet" | "DaemonSet")
}

/// The specification of a workload's pods, to change it.
pub(super) fn pod(document: &mut Value) -> Option<&mut Value> {
    let at = template(document)?;
    document.pointer_mut(&format!("{at}/spec"))
}

/// The containers of a workload's pods, those that run before the others included.
pub(super) fn containers(document: &mut Value) -> Vec<&mut Value> {
    let Some(pod) = pod(document).and_then(Value::as_object_mut) else { return Vec::new() };
    let lists = pod.iter_mut().filter(|(key, _)| *key == "containers" || *key == "initContainers");
    lists.filter_map(|(_, list)| list.as_array_mut()).flatten().collect()
}

/// The images that a workload runs.
pub(super) fn images(document: &Value) -> Vec<String> {
    let Some(at) = template(document) else { return Vec::new() };
    let lists = ["containers", "initContainers"].map(|key| list(document, &format!("{at}/spec/{key}")));
    lists.into_iter().flatten().map(|container| text(container, "/image").to_owned()).collect()
}
