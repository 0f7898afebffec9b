//! What a command, an action or an image is for, read from what it runs: never from a name alone.
//!
//! Shell text becomes simple commands (`shell`); commands that run others are looked into (`unwrap`, `targets`);
//! scripts and targets of the repository are followed (`run`); the catalogue says what the rest is for; and what
//! a whole job shows (a throw-away cluster, a commit to a GitOps repository) is added at the end (`job`).

pub(crate) mod catalogue;
pub(crate) mod deployment;
pub(crate) mod environment;
pub(crate) mod infratest;
mod job;
mod probe;
mod run;
pub(crate) mod shell;
mod targets;
mod unwrap;
mod used;

pub(crate) use job::steps;
pub(crate) use run::{Ran, Runner};
