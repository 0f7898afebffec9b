//! Experiments: a hypothesis, a run that must succeed, and controls that must fail.
//!
//! A plan comes from facts, corrected by what the candidate declares. [`protocol::conduct`] is the same for all: baseline,
//! null fault, faults, restore. An experiment says only how its subject is observed, broken and mended.

pub mod attest;
pub mod declared;
mod deploy;
mod environment;
mod experiment;
mod experiments;
mod finding;
mod fresh;
mod hosts;
mod monitoring;
mod mutate;
mod output;
pub mod page;
mod perturb;
mod pipeline;
pub mod protocol;
mod say;
mod shelf;
mod stack;
mod terraform;
pub mod tree;
pub mod upkeep;

pub use declared::Declared;
pub use experiment::{Bench, Experiment, Ground, Group, Line, Planned, Planning, Share, Sketch, run};
pub use experiments::{EXPERIMENTS, by_id};
pub use finding::{At, Finding, Notice, Outcome, Ratio, Trial};
pub use say::Say;
pub use shelf::Shelf;
pub use tree::Tree;
