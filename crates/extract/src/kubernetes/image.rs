//! Images of workloads: whether each names one version.

use facts::Confidence;

use super::facts::View;
use super::template::GIVEN_OUTSIDE;
use super::tree::{Src, Tree};
use super::workload::{Container, Workload};
use crate::container::reference::moves;
use crate::image_origin::Reference;
use crate::{Node, Project, Sink};

/// Reads the image of a container.
pub(super) fn read(view: &View<'_>, workload: &Workload<'_>, container: &Container<'_>, sink: &mut Sink) {
    let Some(image) = container.image() else { return };
    let reference = Reference::of(&image);
    let (pinned, why) = pinned(&image, &reference, &view.tagged);
    let name = image.split('@').next().unwrap_or("").trim_end_matches(&format!(":{}", reference.tag)).to_owned();
    let tree = container.tree.get("image").unwrap_or(container.tree);
    let policy =
        container.tree.keyed("imagePullPolicy").filter(|policy| policy.text().as_deref() != Some("IfNotPresent"));
    let mut fact = view
        .fact("k8s.image", tree, workload.object)
        .with("workload", workload.title())
        .with("image", image.as_str())
        .with("name", name)
        .with("tag", reference.tag)
        .with("own", view.project.image_origins().is_own(&image))
        .with("application", workload.application)
        .with("init", container.init)
        .with("sure", workload.object.sure)
        .with("pinned", pinned)
        .with("why", why)
        .with("pull_policy", container.tree.str_at(&["imagePullPolicy"]).unwrap_or_default());
    if let Some(policy) = policy {
        let value = policy.from.as_ref().and_then(|from| from.last().copied());
        fact = fact.also(view.at(value.or(policy.src)));
    }
    // What is the project's own is shown before what stands beside it.
    let beside = container.init || !view.project.image_origins().is_own(&image);
    sink.push(if beside && workload.object.sure { fact.confidence(Confidence::Likely) } else { fact });
}

/// The first image among some values that is wanted, with its place: a text, or a repository beside its tag.
pub(super) fn among(values: &Tree, depth: usize, wanted: &dyn Fn(&str) -> bool) -> Option<(String, Src)> {
    for (key, entry) in values.entries().take(200) {
        let value = &entry.value;
        if key.to_ascii_lowercase().ends_with("image") {
            let written = value.get("repository").or_else(|| value.get("name")).unwrap_or(value);
            if let (Some(text), Some(src)) = (written.str().filter(|text| wanted(text)), written.src) {
                return Some((text.to_owned(), src));
            }
        }
        if depth > 0
            && let Some(found) = among(value, depth - 1, wanted)
        {
            return Some(found);
        }
    }
    None
}

fn pinned(image: &str, reference: &Reference<'_>, tagged: &[String]) -> (bool, &'static str) {
    if !reference.digest.is_empty() {
        return (true, "a digest");
    }
    let tag = reference.tag;
    if is_variable(tag) || tag.contains(GIVEN_OUTSIDE) {
        let branch = default_of(tag).is_some_and(moves);
        return if branch {
            (false, "a variable whose default is a moving tag")
        } else {
            (true, "a tag given at release")
        };
    }
    if tag.is_empty() {
        if tagged.iter().any(|name| name == image) {
            return (true, "tagged at release by a versioned build tool");
        }
        if is_variable(reference.name) || image == "auto" {
            return (true, "an image given at release");
        }
        return (false, "no tag");
    }
    if moves(tag) {
        let name = image.trim_end_matches(&format!(":{tag}"));
        return if tagged.iter().any(|known| known == name) {
            (true, "tagged at release by a versioned build tool")
        } else {
            (false, "a moving tag")
        };
    }
    (true, "a fixed tag")
}

fn is_variable(text: &str) -> bool {
    let text = text.trim();
    text.starts_with('$')
        || text.contains("${")
        || text.starts_with("{{")
        || text.starts_with("__")
        || (text.starts_with('<') && text.ends_with('>'))
}

/// The default of `${NAME:-default}`.
fn default_of(tag: &str) -> Option<&str> {
    let (_, rest) = tag.split_once(":-").or_else(|| tag.split_once(":="))?;
    rest.strip_suffix('}')
}

/// Names that Skaffold builds and tags itself, and images that commands set at release.
pub(super) fn tagged_at_release(project: &Project) -> Vec<String> {
    let mut names = Vec::new();
    for file in project
        .files()
        .filter(|file| file.name().starts_with("skaffold") && matches!(file.extension().as_str(), "yaml" | "yml"))
    {
        for document in &file.yaml().documents {
            let artifacts = document.root.at(&["build", "artifacts"]).map(Node::items).unwrap_or_default();
            names.extend(artifacts.iter().filter_map(|artifact| artifact.str_at("image")).map(str::to_owned));
        }
    }
    names
}
