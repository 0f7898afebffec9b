//! All components of a tree: one per package definition with source of its own, then what stands without one.

use super::{Component, dotnet, java, javascript, others, plain, python};
use crate::{File, Project, path};

/// More package definitions than any project of a person holds; a tree of packages is left to its first ones.
const MANIFESTS: usize = 2_000;

/// The components, in the order of their directories.
pub(crate) fn components(project: &Project) -> Vec<Component> {
    let mut found = Vec::new();
    for read in [python_components, others_components, javascript_components, jvm_components, dotnet_components] {
        found.extend(read(project));
    }
    found.retain(|component: &Component| !is_infrastructure_program(project, &component.dir));
    found.extend(plain::beside_images(project, &found));
    if !found.iter().any(Component::real) {
        found.extend(plain::programs(project));
    }
    found.sort_by(|a, b| (&a.dir, a.language, &a.name).cmp(&(&b.dir, b.language, &b.name)));
    found.dedup_by(|a, b| a.dir == b.dir && a.language == b.language && a.name == b.name);
    found
}

fn python_components(project: &Project) -> Vec<Component> {
    let manifests = python::manifests(project);
    let nested: Vec<String> = manifests.keys().cloned().collect();
    manifests.iter().filter_map(|(dir, files)| python::component(project, dir, files, &nested)).collect()
}

fn others_components(project: &Project) -> Vec<Component> {
    let mut found = family(project, others::is_manifest, others::component);
    // The build files of the folders below one C or C++ project belong to it.
    let tops: Vec<String> =
        found.iter().filter(|found| found.language == "cpp").map(|found| found.dir.clone()).collect();
    found.retain(|found| {
        found.language != "cpp" || !tops.iter().any(|top| *top != found.dir && path::within(&found.dir, top))
    });
    found
}

fn javascript_components(project: &Project) -> Vec<Component> {
    family(project, javascript::is_manifest, javascript::component)
}

fn jvm_components(project: &Project) -> Vec<Component> {
    family(project, java::is_manifest, java::component)
}

fn dotnet_components(project: &Project) -> Vec<Component> {
    family(project, dotnet::is_manifest, dotnet::component)
}

fn family(
    project: &Project,
    is_manifest: fn(&File) -> bool,
    component: fn(&Project, &File, &[String]) -> Option<Component>,
) -> Vec<Component> {
    let files: Vec<&File> = project.files().filter(|file| is_manifest(file)).take(MANIFESTS).collect();
    // What lies in an inner package belongs to it, not to the packages around it.
    files
        .iter()
        .filter_map(|file| {
            let inner = files.iter().filter(|other| path::within(other.dir(), file.dir()) && other.dir() != file.dir());
            let nested: Vec<String> =
                inner.filter(|other| other.name() == file.name()).map(|other| other.dir().to_owned()).collect();
            component(project, file, &nested)
        })
        .collect()
}

/// A program whose output is infrastructure: Pulumi, CDK, CDK for Terraform.
fn is_infrastructure_program(project: &Project, dir: &str) -> bool {
    ["Pulumi.yaml", "Pulumi.yml", "cdk.json", "cdktf.json"]
        .iter()
        .any(|name| project.file(&path::join(dir, name).unwrap_or_default()).is_some())
}
