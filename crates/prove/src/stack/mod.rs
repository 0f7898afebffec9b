//! Stacks: a Compose project of the assessed tree as typed services, built and run in the sandbox on one internal network.
//!
//! [`Project`] is what the files say, and what of it cannot be honoured here. [`Images`] builds what it needs, once for each
//! content. [`Stack`] runs it: started in order, waited for, asked from inside the network, stopped and started, recreated
//! from other images with the same volumes.

mod asking;
mod context;
mod images;
mod layers;
mod mounts;
mod parse;
mod project;
mod running;
mod service;
#[cfg(test)]
mod tests;
mod trouble;
mod value;
mod variables;
mod words;

#[allow(unused_imports, reason = "each experiment takes what it needs of it")]
pub(crate) use asking::Answer;
#[allow(unused_imports, reason = "each experiment takes what it needs of it")]
pub(crate) use images::{Images, Made};
#[allow(unused_imports, reason = "each experiment takes what it needs of it")]
pub(crate) use project::{Project, found};
#[allow(unused_imports, reason = "each experiment takes what it needs of it")]
pub(crate) use running::Stack;
#[allow(unused_imports, reason = "each experiment takes what it needs of it")]
pub(crate) use service::{
    BuildFrom, Condition, Dockerfile, Health, HealthCheck, Mount, Need, Origin, Port, Service, Source, Unhonoured,
};
#[allow(unused_imports, reason = "each experiment takes what it needs of it")]
pub(crate) use trouble::{Stage, Trouble, Wrong};
