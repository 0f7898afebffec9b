//! Stacks: a Compose project of the assessed tree as typed services, built and run in the sandbox on one internal network.
//!
//! [`Project`] is what the files say, and what of it cannot be honoured here. [`Images`] builds what it needs, once for each
//! content. [`Stack`] runs it: started in order, waited for, asked from inside the network, stopped and started, recreated
//! from other images with the same volumes.

mod asking;
mod changing;
mod context;
mod images;
mod layers;
mod mounts;
mod parse;
mod project;
mod running;
mod service;
#[cfg(test)]
pub(crate) mod tests;
mod trouble;
mod value;
mod variables;
mod words;

pub(crate) use asking::PATHS;
pub(crate) use context::instructions;
pub(crate) use images::{Images, Made};
pub(crate) use layers::{folder, join};
pub(crate) use project::{Project, found};
pub(crate) use running::Stack;
pub(crate) use service::{BuildFrom, Condition, Dockerfile, Health, Mount, Origin, Port, Service, Source, Unhonoured};
pub(crate) use trouble::{Stage, Trouble, Wrong};
pub(crate) use value::{Value, read};
