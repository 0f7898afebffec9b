//! Terraform, OpenTofu and Terragrunt: what they declare, how their modules hang together, how they keep state.

mod backend;
mod category;
mod declare;
mod partial;
mod roots;
mod stacks;
mod state;
mod terragrunt;
mod tree;

pub(crate) use category::{of_module, of_type};
pub(crate) use declare::central;

use crate::{Project, Sink};

const PARSER: &str = "terraform";

/// Reads everything of the Terraform family.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    let tree = tree::load(project, sink);
    for dir in tree.dirs.values() {
        declare::directory(project, &tree, dir, sink);
    }
    terragrunt::declare(project, &tree, sink);
    stacks::declare(project, &tree, sink);
    roots::declare(project, &tree, sink);
    state::files(project, sink);
}
