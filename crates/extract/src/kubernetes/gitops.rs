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
    let local =
        templated || (!text.contains("://") && (dir.is_empty() && !text.is_empty() || view.project.has_dir(&dir)));
    // A chart from a registry is a third party's; a path in this or another repository can be the application.
    let registry = spec.at(&["source", "chart"]).is_some()
        || (operator == "flux" && object.kind == "HelmRelease" && !text.starts_with('.') && !local);
    let automated = match operator {
        "argocd" => spec.at(&["syncPolicy", "automated"]).is_some_and(|automated| {
            automated.is_map() && automated.get("enabled").and_then(Tree::bool) != Some(false)
        }),
        _ => spec.get("suspend").and_then(Tree::bool) != Some(true),
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
        .with("deploys", deploys)
        .with("application", deploys && !registry)
        .with("windows", windows)
        .with("environment", environment)
        .with("example", object.example);
    if let Some(place) = place {
        fact = fact.also(view.at(place.src));
    }
    sink.push(fact);
}
