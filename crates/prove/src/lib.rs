//! Experiments: a hypothesis, a run that must succeed, and controls that must fail.
//!
//! A plan comes from facts, corrected by what the candidate declares. [`protocol::conduct`] is the same for all: baseline,
//! null fault, faults, restore. An experiment says only how its subject is observed, broken and mended.

mod finding;
pub mod protocol;

pub use finding::{Finding, Notice, Outcome, Trial};
