//! Kubernetes: plain manifests, Helm charts and Kustomize overlays, all brought to objects with exact origins.
//!
//! [`objects`] renders the whole project once; readers of other families take specs from there.

mod chart;
mod exposure;
mod facts;
mod gitops;
mod helm;
mod helm_use;
mod image;
mod kustomize;
pub(crate) mod mask;
mod network;
mod object;
mod patch;
mod plain;
mod rich;
mod scale;
mod security;
mod strategy;
mod template;
#[cfg(test)]
mod tests;
pub(crate) mod tree;
mod values;
mod workload;

pub(crate) use facts::run;
pub(crate) use mask::Line;
pub use mask::mask;
pub(crate) use object::{Rendered, index_of, locate};
pub(crate) use template::glob as template_glob;
pub use template::try_template;

use crate::Project;

/// All objects of the project in all their renderings.
pub(crate) fn objects(project: &Project) -> &Rendered {
    project.rendered.get_or_init(|| object::render(project))
}
