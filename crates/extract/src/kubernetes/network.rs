//! Policies about traffic and what they select.

use super::facts::View;
use super::object::Object;
use super::tree::Tree;
use super::workload::Workload;
use crate::Sink;

fn is_policy(object: &Object) -> bool {
    match object.kind.as_str() {
        "NetworkPolicy" | "CiliumNetworkPolicy" | "CiliumClusterwideNetworkPolicy" | "GlobalNetworkPolicy" => true,
        "AuthorizationPolicy" => object.group() == "security.istio.io",
        "ServerAuthorization" => object.group().ends_with("linkerd.io"),
        _ => false,
    }
}

fn selects(policy: &Object, workload: &Workload<'_>) -> bool {
    let near = policy.rendering == workload.object.rendering
        || (!policy.namespace.is_empty() && policy.namespace == workload.object.namespace);
    let (own, its) = (&workload.object.namespace, &policy.namespace);
    let same_space = own == its
        || own.is_empty()
        || its.is_empty()
        || policy.kind.contains("wide")
        || policy.kind.starts_with("Global");
    let spec = policy.root.or_null("spec");
    if let Some(text) = spec.get("selector").and_then(Tree::str) {
        // Calico writes selectors as expressions: those of the form label == 'value' are followed.
        return near && same_space && expression(text, workload);
    }
    let selector = ["podSelector", "endpointSelector", "selector"].iter().find_map(|key| spec.get(key));
    near && same_space && selector.is_none_or(|selector| workload.selected_by(selector))
}

fn expression(text: &str, workload: &Workload<'_>) -> bool {
    text.trim() == "all()"
        || text.split("&&").all(|part| match part.split_once("==") {
            Some((key, value)) => {
                workload.labels.get(key.trim()).map(String::as_str) == Some(value.trim().trim_matches(['"', '\'']))
            }
            None => true,
        })
}

/// Whether any policy selects a workload.
pub(super) fn restricts(view: &View<'_>, workload: &Workload<'_>) -> bool {
    view.rendered.objects.iter().any(|object| is_policy(object) && !object.example && selects(object, workload))
}

/// Tells each policy.
pub(super) fn read(view: &View<'_>, sink: &mut Sink) {
    for object in view.rendered.objects.iter().filter(|object| is_policy(object)) {
        let selected: Vec<&Workload<'_>> =
            view.workloads.iter().filter(|workload| workload.application && selects(object, workload)).collect();
        let mut fact = view
            .fact("k8s.network-policy", &object.root, object)
            .with("kind", object.kind.as_str())
            .with("name", object.name.as_str())
            .with("application", !selected.is_empty())
            .with("sure", object.sure);
        if let Some(first) = selected.first() {
            fact = fact.also(view.at(view.head(first.object)));
        }
        sink.push(fact);
    }
}
