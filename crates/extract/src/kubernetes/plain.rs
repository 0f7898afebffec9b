//! Manifests that stand as they are: every YAML or JSON document with an interface and a kind.

use std::collections::BTreeSet;

use super::chart::Chart;
use super::mask::{self, mask};
use super::object::{Rendered, index_of, trees};
use super::tree::Tree;
use crate::{File, Project, path, read_yaml};

/// Reads all manifests that no chart and no overlay holds.
pub(crate) fn read(project: &Project, charts: &[Chart], used: &BTreeSet<String>, rendered: &mut Rendered) {
    let mut rendering = None;
    for file in project.files() {
        if !is_candidate(file) || used.contains(&*file.path) || in_chart(charts, file) {
            continue;
        }
        let example = file.class.example || file.class.test;
        let (documents, error) = trees(project, &file.path);
        let mut sure = true;
        let mut documents: Vec<Tree> = documents;
        if let Some((src, reason)) = error {
            if mask::templated(file.str()) {
                documents = masked(project, file);
                sure = false;
            }
            if documents.iter().any(is_object) || file.str().contains("\nkind:") {
                rendered.unreadable(src, "kubernetes", reason);
            }
        }
        for document in documents.iter().filter(|document| is_object(document)) {
            let at = *rendering.get_or_insert_with(|| rendered.start("manifests".to_owned(), "plain", String::new()));
            rendered.add(document, at, sure, example);
        }
    }
}

fn masked(project: &Project, file: &File) -> Vec<Tree> {
    let read = read_yaml::read(&mask(file.str()));
    let index = index_of(project, &file.path);
    read.documents.iter().map(|document| Tree::of_node(&document.root, index)).collect()
}

fn is_candidate(file: &File) -> bool {
    let extension = file.extension();
    let text = || file.str();
    match extension.as_str() {
        "yaml" | "yml" => text().contains("apiVersion") && text().contains("kind"),
        "json" => text().contains("\"apiVersion\"") && text().contains("\"kind\""),
        _ => false,
    }
}

fn in_chart(charts: &[Chart], file: &File) -> bool {
    let templates = format!("/{}", file.path).contains("/templates/");
    charts.iter().any(|chart| {
        let inner = if chart.dir.is_empty() {
            &*file.path
        } else {
            file.path.strip_prefix(&format!("{}/", chart.dir)).unwrap_or("")
        };
        inner.starts_with("templates/")
            || inner.starts_with("charts/")
            || inner == "Chart.yaml"
            || inner.starts_with("crds/")
    }) || (templates && file.str().contains("{{") && file.path.split('/').any(|part| part == "charts"))
        || path::name(&file.path) == "Chart.yaml"
}

/// Whether a document is an object of a cluster, not the configuration of a tool that uses the same form.
fn is_object(document: &Tree) -> bool {
    let (Some(api), Some(kind)) = (document.str_at(&["apiVersion"]), document.str_at(&["kind"])) else { return false };
    let tool =
        ["kustomize.config.k8s.io", "kind.x-k8s.io", "k3d.io", "skaffold/", "kubeadm.k8s.io", "client.authentication"];
    !kind.is_empty() && !tool.iter().any(|tool| api.starts_with(tool))
}
