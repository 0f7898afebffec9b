//! Ways of releasing that workloads and delivery objects state.

use super::facts::View;
use super::tree::Tree;
use super::workload::Workload;
use crate::Sink;

/// Reads the strategy that a workload states.
pub(super) fn read(view: &View<'_>, workload: &Workload<'_>, sink: &mut Sink) {
    let spec = workload.object.root.or_null("spec");
    let Some(strategy) = spec.keyed("strategy").or_else(|| spec.keyed("updateStrategy")).filter(Tree::truth) else {
        return;
    };
    let (name, keeps, place) = if let Some(canary) = strategy.get("canary") {
        ("canary", true, canary)
    } else if let Some(blue_green) = strategy.get("blueGreen") {
        ("blue-green", true, blue_green)
    } else {
        let rolling = strategy.get("rollingUpdate").or_else(|| strategy.get("rollingParams"));
        let kind = strategy.str_at(&["type"]).unwrap_or(if rolling.is_some() { "RollingUpdate" } else { "" });
        match kind {
            "RollingUpdate" | "Rolling" => ("rolling", rolling.is_some_and(keeps_capacity), &strategy),
            "Recreate" | "OnDelete" => ("recreate", false, &strategy),
            _ => return,
        }
    };
    let fact = view
        .fact("k8s.strategy", place, workload.object)
        .with("workload", workload.title())
        .with("strategy", name)
        .with("keeps_capacity", keeps)
        .with("application", workload.application)
        .with("sure", workload.object.sure);
    sink.push(fact);
}

/// Whether surge or unavailability is stated and leaves some copies.
fn keeps_capacity(rolling: &Tree) -> bool {
    let unavailable = rolling.get("maxUnavailable").and_then(Tree::text);
    let surge = rolling.get("maxSurge").and_then(Tree::text);
    (unavailable.is_some() || surge.is_some()) && unavailable.as_deref() != Some("100%")
}

/// Objects that deliver progressively what a workload names.
pub(super) fn deliveries(view: &View<'_>, sink: &mut Sink) {
    for object in
        view.rendered.objects.iter().filter(|object| object.group() == "flagger.app" && object.kind == "Canary")
    {
        let target = object.root.str_at(&["spec", "targetRef", "name"]).unwrap_or("");
        let mut of = view.workloads.iter().filter(|workload| workload.object.name == target);
        let application = of.next().is_none_or(|workload| workload.application);
        let fact = view
            .fact("k8s.strategy", object.root.get("spec").unwrap_or(&object.root), object)
            .with("workload", format!("Canary/{}", object.name))
            .with("strategy", "canary")
            .with("keeps_capacity", true)
            .with("application", application)
            .with("sure", object.sure);
        sink.push(fact);
    }
}
