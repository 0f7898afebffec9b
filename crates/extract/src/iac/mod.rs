//! Infrastructure as code: what is described, by which tool, how it is factored, kept, configured and tested.

pub(crate) mod hcl;
mod hcl_json;
mod standing;
pub(crate) mod terraform;
