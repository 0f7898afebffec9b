//! How many copies of a workload there are, autoscalers and disruption budgets.

use facts::Fact;

use super::facts::View;
use super::object::Object;
use super::tree::Tree;
use super::workload::Workload;
use crate::Sink;

/// Reads the number of copies of a long-running workload.
pub(super) fn read(view: &View<'_>, workload: &Workload<'_>, sink: &mut Sink) {
    if !workload.long_running() {
        return;
    }
    let stated = workload.object.root.at(&["spec", "replicas"]);
    let replicas = stated.and_then(Tree::int).unwrap_or(1);
    let scaler = scalers(view).find(|scaler| targets(view, scaler, workload));
    let least = scaler.map_or(replicas, minimum);
    let place = match scaler {
        Some(scaler) => least_tree(scaler).unwrap_or(&scaler.root),
        None => stated.unwrap_or(&workload.object.root),
    };
    let mut fact = view.fact("k8s.scale", place, workload.object);
    if stated.is_none() && scaler.is_none() {
        // Nothing states a number: the head of the workload is what can be shown.
        fact = Fact::new("k8s.scale", super::facts::PARSER, view.at(view.head(workload.object)))
            .with("rendering", view.rendered.rendering(workload.object).id.as_str())
            .with("example", workload.object.example);
    } else if scaler.is_some() {
        fact = fact.also(view.at(view.head(workload.object)));
    }
    let fact = fact
        .with("workload", workload.title())
        .with("kind", workload.object.kind.as_str())
        .with("replicas", replicas)
        .with("minimum", least)
        .with("autoscaled", scaler.is_some())
        .with("stateless", workload.stateless())
        .with("application", workload.application)
        .with("sure", workload.object.sure);
    sink.push(fact);
}

fn scalers<'a>(view: &'a View<'_>) -> impl Iterator<Item = &'a Object> {
    view.rendered
        .objects
        .iter()
        .filter(|object| matches!(object.kind.as_str(), "HorizontalPodAutoscaler" | "ScaledObject"))
}

fn least_tree(scaler: &Object) -> Option<&Tree> {
    scaler.root.at(&["spec", "minReplicas"]).or_else(|| scaler.root.at(&["spec", "minReplicaCount"]))
}

fn minimum(scaler: &Object) -> i64 {
    let default = i64::from(scaler.kind == "HorizontalPodAutoscaler");
    least_tree(scaler).and_then(Tree::int).unwrap_or(default)
}

/// Whether an autoscaler targets a workload. Plain manifests of several folders may share names: the nearest counts.
fn targets(view: &View<'_>, scaler: &Object, workload: &Workload<'_>) -> bool {
    let named = |workload: &Workload<'_>| {
        let target = scaler.root.at(&["spec", "scaleTargetRef"]);
        let name = target.and_then(|target| target.str_at(&["name"]));
        let kind = target.and_then(|target| target.str_at(&["kind"]));
        name == Some(&workload.object.name)
            && kind.is_none_or(|kind| kind == workload.object.kind)
            && workload.beside(scaler)
    };
    if !named(workload) {
        return false;
    }
    let near = |workload: &Workload<'_>| shared(view, scaler, workload.object);
    let best = view.workloads.iter().filter(|other| named(other)).map(near).max();
    best == Some(near(workload))
}

/// How many leading directories two objects share.
fn shared(view: &View<'_>, a: &Object, b: &Object) -> usize {
    let path = |object: &Object| {
        let file = object.src().and_then(|src| view.project.all_files().get(src.file as usize));
        file.map_or("", |file| file.dir()).to_owned()
    };
    let (a, b) = (path(a), path(b));
    a.split('/').zip(b.split('/')).take_while(|(a, b)| a == b).count()
}

/// Whether a disruption budget selects a workload.
pub(super) fn budgeted(view: &View<'_>, workload: &Workload<'_>) -> bool {
    view.rendered.objects.iter().any(|object| {
        object.kind == "PodDisruptionBudget"
            && workload.beside(object)
            && object.root.at(&["spec", "selector"]).is_some_and(|selector| workload.selected_by(selector))
    })
}

/// Tells each autoscaler, with whether its target exists.
pub(super) fn autoscalers(view: &View<'_>, sink: &mut Sink) {
    for scaler in scalers(view) {
        let matched = view.workloads.iter().any(|workload| targets(view, scaler, workload));
        let fact = view
            .fact("k8s.autoscaler", scaler.root.get("spec").unwrap_or(&scaler.root), scaler)
            .with("kind", scaler.kind.as_str())
            .with("name", scaler.name.as_str())
            .with("target", scaler.root.str_at(&["spec", "scaleTargetRef", "name"]).unwrap_or(""))
            .with("minimum", minimum(scaler))
            .with("matched", matched);
        sink.push(fact);
    }
}
