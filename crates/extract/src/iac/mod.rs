//! Infrastructure as code: what is described, by which tool, how it is factored, kept, configured and tested.

pub(crate) mod ansible;
pub(crate) mod configuration;
pub(crate) mod environment;
pub(crate) mod hcl;
mod hcl_json;
pub(crate) mod infratest;
pub(crate) mod kube;
pub(crate) mod reuse;
pub(crate) mod secret_manager;
pub(crate) mod standing;
pub(crate) mod terraform;
