//! The one port to container engines.

use crate::{Command, Ended, Spec};

/// The name of an image that the engine holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Image(pub String);

/// A container that was started.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Container(pub String);

/// A network among members.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NetworkName(pub String);

/// What is done to a running container from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pull {
    /// Kill it at once, as a power cut would.
    Kill,
    /// Ask it to stop, as an orchestrator would.
    Stop,
    Start,
    Pause,
    Resume,
    /// Cut it off its network, and back.
    Unplug,
    Plug,
}

/// Docker, Podman, or what a test plays. Everything that is made carries the label of its run.
pub trait Engine {
    fn start(&self, spec: &Spec) -> Result<Container, Failure>;
    fn exec(&self, container: &Container, command: &Command) -> Result<Ended, Failure>;
    fn pull(&self, container: &Container, action: Pull) -> Result<(), Failure>;
    /// The state of a prepared container as an image, so that each later run costs only its difference.
    fn freeze(&self, container: &Container) -> Result<Image, Failure>;
    fn network(&self, name: &str) -> Result<NetworkName, Failure>;
    fn remove(&self, container: &Container) -> Result<(), Failure>;
    /// Removes everything that this run made.
    fn remove_all(&self) -> Result<(), Failure>;
}

/// The engine itself failed: nothing can be said of the subject.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Failure {
    #[error("no container engine answers: {0}")]
    Absent(String),
    #[error("image {0} is not on this machine")]
    NoImage(String),
    #[error("{action}: {message}")]
    Engine { action: String, message: String },
    #[error("refused: {0}")]
    Refused(String),
}
