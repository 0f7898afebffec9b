//! Objects by which an operator deploys what a repository holds.

use super::facts::View;
use super::object::{Object, environment_of};
use super::tree::Tree;
use crate::{Sink, path};

/// Tells each such object.
pub(super) fn read(view: &View<'_>, sink: &mut Sink) {
    for object in &view.rendered.objects {
        let operator = match object.group() {
            "argoproj.io" if matches!(object.kind.as_str(), "Application" | "ApplicationSet" | "AppProject") => {
                "argocd"
            }
            group if group.ends_with("toolkit.fluxcd.io") => "flux",
            _ => continue,
        };
        tell(view, object, operator, sink);
    }
}

fn tell(view: &View<'_>, object: &Object, operator: &str, sink: &mut Sink) {
    let spec = match object.kind.as_str() {
        "ApplicationSet" => object.root.at(&["spec", "template", "spec"]),
        _ => object.root.get("spec"),
    };
    let spec = spec.unwrap_or(&object.root);
    let deploys = matches!(object.kind.as_str(), "Application" | "ApplicationSet" | "Kustomization" | "HelmRelease");
    let sources = spec.or_null("sources").items();
    let target = spec
        .at(&["source", "path"])
        .or_else(|| sources.iter().find_map(|source| source.get("path")))
        .or_else(|| spec.get("path"))
        .or_else(|| spec.at(&["chart", "spec", "chart"]))
        .or_else(|| spec.at(&["source", "chart"]))
        .or_else(|| spec.get("url"));
    let text = target.and_then(Tree::text).unwrap_or_default();
    let dir = path::join("", &text).unwrap_or_default();
    let templated = text.contains("{{");
    // Flux may lay out an artefact of its own from folders of the repository: the path is then the end of one.
    let ends = |file: &crate::File| file.dir().strip_suffix(dir.as_str()).is_some_and(|above| above.ends_with('/'));
    let inside = || object.kind == "Kustomization" && !dir.is_empty() && view.project.files().any(ends);
    let local = templated
        || (!text.is_empty() && !text.contains("://") && (dir.is_empty() || view.project.has_dir(&dir) || inside()));
    // A chart from a registry is a third party's; a path in this or another repository can be the application.
    let registry = spec.at(&["source", "chart"]).is_some()
        || (operator == "flux" && object.kind == "HelmRelease" && !text.starts_with('.') && !local);
    let automated = match operator {
        "argocd" => spec.at(&["syncPolicy", "automated"]).is_some_and(|automated| {
            automated.is_map() && automated.get("enabled").and_then(Tree::bool) != Some(false)
        }),
        _ => spec.get("suspend").and_then(Tree::bool) != Some(true),
    };
    let says = |key: &str| spec.at(&["syncPolicy", "automated", key]).and_then(Tree::bool) == Some(true);
    let (prunes, heals) = match (operator, object.kind.as_str()) {
        ("argocd", _) => (automated && says("prune"), automated && says("selfHeal")),
        // Flux applies again at every interval; a release of Helm only where it is told to look for drift.
        (_, "Kustomization") => (automated && spec.get("prune").and_then(Tree::bool) == Some(true), automated),
        (_, "HelmRelease") => {
            let mode = spec.at(&["driftDetection", "mode"]).and_then(Tree::text).unwrap_or_default();
            (automated, automated && mode == "enabled")
        }
        _ => (false, false),
    };
    let windows = spec.get("syncWindows").is_some_and(|windows| !windows.items().is_empty());
    let place = if operator == "argocd" { spec.get("syncPolicy").filter(|policy| policy.truth()) } else { None };
    let named = format!(
        "{} {} {}",
        text,
        spec.at(&["destination", "namespace"]).and_then(Tree::text).unwrap_or_default(),
        object.name
    );
    let mut environment = environment_of(&named);
    if environment.is_empty() {
        environment.clone_from(&view.rendered.rendering(object).environment);
    }
    let mut fact = facts::Fact::new("k8s.gitops", super::facts::PARSER, view.at(view.head(object)))
        .with("operator", operator)
        .with("kind", object.kind.as_str())
        .with("name", object.name.as_str())
        .with("target", text)
        .with("local", local)
        .with("automated", automated && deploys)
        .with("prunes", prunes && deploys)
        .with("heals", heals && deploys)
        .with("deploys", deploys)
        .with("application", deploys && !registry)
        .with("windows", windows)
        .with("environment", environment)
        .with("example", object.example);
    if let Some(place) = place {
        fact = fact.also(view.at(place.src));
    }
    sink.push(fact);
    waits(view, object, spec, sink);
}

/// A Kustomization of Flux that is ready only once what it applied is healthy.
fn waits(view: &View<'_>, object: &Object, spec: &Tree, sink: &mut Sink) {
    if object.kind != "Kustomization" || !object.group().ends_with("toolkit.fluxcd.io") {
        return;
    }
    let waits = spec.get("wait").filter(|wait| wait.bool() == Some(true));
    let checks = ["healthChecks", "healthCheckExprs"].iter().find_map(|key| spec.get(key));
    let Some(place) = waits.or(checks.filter(|checks| !checks.items().is_empty())) else { return };
    // What prepares the cluster is not the application.
    let words = format!("{} {}", object.name, spec.get("path").and_then(Tree::text).unwrap_or_default());
    let prepares = ["infra", "controller", "crd", "config", "operator", "source", "addon", "system"]
        .iter()
        .any(|word| words.to_ascii_lowercase().contains(word));
    let fact = facts::Fact::new("cd.health-check", super::facts::PARSER, view.at(place.src))
        .with("what", "gitops")
        .with("name", object.name.as_str())
        .with("bound", !prepares)
        .with("example", object.example);
    sink.push(fact.also(view.at(view.head(object))));
}

#[cfg(test)]
mod tests {
    use crate::Project;

    fn check(object: &str, prunes: bool, heals: bool) {
        let project = Project::in_memory([("gitops.yaml", object), ("k8s/kustomization.yaml", "resources: []\n")]);
        let facts = crate::sources::facts(&project, 1);
        let found: Vec<(bool, bool)> =
            facts.of("k8s.gitops").iter().map(|fact| (fact.is("prunes"), fact.is("heals"))).collect();
        assert_eq!(found, [(prunes, heals)], "{object}");
    }

    #[test]
    fn what_an_operator_sets_right() {
        let application = |policy: &str| {
            format!(
                "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: a}}\nspec:\n  source: {{path: k8s}}\n  \
                 syncPolicy: {policy}\n"
            )
        };
        check(&application("{automated: {prune: true, selfHeal: true}}"), true, true);
        check(&application("{automated: {prune: true}}"), true, false);
        check(&application("{automated: {}}"), false, false);
        check(&application("{automated: {enabled: false, prune: true, selfHeal: true}}"), false, false);
        check(&application("{syncOptions: [CreateNamespace=true]}"), false, false);
        let flux = |spec: &str| {
            format!(
                "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: a}}\nspec: {spec}\n"
            )
        };
        check(&flux("{path: ./k8s, prune: true}"), true, true);
        check(&flux("{path: ./k8s, prune: false}"), false, true);
        check(&flux("{path: ./k8s, prune: true, suspend: true}"), false, false);
        let release = |spec: &str| {
            format!("apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {{name: a}}\nspec: {spec}\n")
        };
        check(&release("{chart: {spec: {chart: ./chart}}}"), true, false);
        check(&release("{chart: {spec: {chart: ./chart}}, driftDetection: {mode: enabled}}"), true, true);
    }
}
