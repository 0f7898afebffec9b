//! Runs declared commands in isolation, under a budget, and records what happened.
//!
//! A [`Spec`] says all that a container is given; what it does not say is refused. An [`Engine`] starts it; a [`Command`]
//! runs inside and comes back as [`Ended`], whatever it did. This is the only room that talks to a container engine.
//! It knows nothing of facts, experiments or frameworks.

mod build;
mod command;
mod engine;
pub mod fake;
mod files;
pub mod layout;
mod spec;

pub use build::Build;
pub use command::{Command, Ended, Piece, Status, Stream};
pub use engine::{Built, Container, Engine, Failure, Image, NetworkName, Pull, State};
pub use files::{Entry, Taken, What};
pub use spec::{Kind, Limits, Network, Spec, Writable};
