//! An image to build from a subject's Dockerfile.

use std::collections::BTreeMap;

use crate::{Entry, Limits};

/// A context and what to make of it. The engine's own cache may be used: what is built is a function of its inputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Build {
    pub context: Vec<Entry>,
    /// The text of the Dockerfile. Its `FROM` lines must name images that the engine holds: see `StandIn`.
    pub dockerfile: String,
    /// The stage to stop at; empty: the last.
    pub target: String,
    pub arguments: BTreeMap<String, String>,
    /// Whether its steps may reach package registries.
    pub registries: bool,
    pub limits: Limits,
    pub seconds: u32,
    pub output_bytes: u64,
}

impl Build {
    pub fn new(dockerfile: impl Into<String>, context: Vec<Entry>) -> Self {
        Self {
            context,
            dockerfile: dockerfile.into(),
            target: String::new(),
            arguments: BTreeMap::new(),
            registries: true,
            limits: Limits::LARGE,
            seconds: 600,
            output_bytes: 4 << 20,
        }
    }
}
