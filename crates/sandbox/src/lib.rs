//! Runs declared commands in isolation, under a budget, and records what happened.
//!
//! A [`Spec`] says all that a container is given; what it does not say is refused. An [`Engine`] starts it; a [`Command`]
//! runs inside and comes back as [`Ended`], whatever it did. This is the only room that talks to a container engine.
//! It knows nothing of facts, experiments or frameworks.

mod archive;
pub mod boundary;
mod build;
mod cast;
mod clock;
pub mod cluster;
mod command;
mod driver;
mod engine;
pub mod fake;
mod files;
pub mod images;
pub mod layout;
pub mod player;
mod process;
mod recorded;
mod run;
mod session;
mod spec;
pub mod survey;
pub mod transcript;

pub use build::Build;
pub use cast::Cast;
pub use clock::{Clock, eventually, eventually_by};
pub use cluster::Cluster;
pub use command::{Command, Ended, Piece, Status, Stream};
pub use driver::{Dialect, Driver};
pub use engine::{Built, Change, Container, Engine, Failure, Image, NetworkName, Pull, State, VolumeName};
pub use files::{Entry, Taken, What};
pub use images::{Machine, StandIn};
pub use recorded::NoCast;
pub use run::Run;
pub use session::{Sandbox, Setting};
pub use spec::{Kind, Limits, Network, Shared, Spec, Writable};
pub use transcript::Transcript;
