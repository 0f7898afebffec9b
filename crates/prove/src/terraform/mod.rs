//! Terraform's roots: applied without their backend, and their own tests. Providers come from this machine alone.

mod applied;
mod root;
mod tested;
mod value;
mod workspace;

pub(crate) use self::applied::Applying;
pub(crate) use self::tested::TestedRoot;
