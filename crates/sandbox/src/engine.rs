//! The one port to container engines.

use crate::{Build, Command, Ended, Entry, Spec, Taken};

/// The name of an image that the engine holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Image(pub String);

/// A container that was started.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Container(pub String);

/// A network among members.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NetworkName(pub String);

/// A folder in memory that containers share, and that outlives each of them while another holds it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct VolumeName(pub String);

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

/// A path of a container that is another than in its image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub path: String,
    /// Whether the image has nothing of that name.
    pub added: bool,
}

/// How a container is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    pub running: bool,
    /// Of its first process, when it ended.
    pub exit: i32,
    pub out_of_memory: bool,
    /// What its image's own health check says, when it has one: `starting`, `healthy`, `unhealthy`.
    pub health: Option<String>,
}

/// Docker, Podman, or what a test plays. Everything that is made carries the label of its run.
pub trait Engine: Send + Sync {
    fn start(&self, spec: &Spec) -> Result<Container, Failure>;
    fn exec(&self, container: &Container, command: &Command) -> Result<Ended, Failure>;
    /// Lays files under a folder that is made when it is not there; they belong to the unprivileged user.
    fn put(&self, container: &Container, folder: &str, files: &[Entry]) -> Result<(), Failure>;
    /// Takes a file or folder out. A file's path in the result is its name; a folder's files are relative to it.
    /// Nothing is taken beyond `max_bytes`: the answer is then a failure.
    fn get(&self, container: &Container, path: &str, max_bytes: u64) -> Result<Taken, Failure>;
    fn pull(&self, container: &Container, action: Pull) -> Result<(), Failure>;
    fn state(&self, container: &Container) -> Result<State, Failure>;
    /// The last `max_bytes` of what a service wrote.
    fn logs(&self, container: &Container, max_bytes: u64) -> Result<Vec<u8>, Failure>;
    /// The processes of a container, one command line each: what lingers is seen here.
    fn processes(&self, container: &Container) -> Result<Vec<String>, Failure>;
    /// What differs from the image of a container, as the engine sees it: nothing of the container is run to know it.
    fn changes(&self, container: &Container) -> Result<Vec<Change>, Failure>;
    /// The state of a prepared container as an image, so that each later run costs only its difference. The work folder of
    /// a preparing container is moved into the image: it is empty afterwards. Hosts and services go on as they were.
    fn freeze(&self, container: &Container) -> Result<Image, Failure>;
    /// Whether what is started and built from now on takes only the processor time that other containers leave.
    fn give_way(&self, _: bool) {}
    /// Builds the image that a Dockerfile describes. A build that fails is an answer: `Err` is for the engine's own failures.
    fn build(&self, build: &Build) -> Result<Built, Failure>;
    /// The whole name of an image, by which a cluster asks for it too.
    fn identity(&self, image: &Image) -> Result<String, Failure>;
    /// A fresh Kubernetes of one node, of which an engine holds one at a time: the container where its clients run. The one
    /// that this run had is taken away first.
    fn cluster(&self) -> Result<Container, Failure>;
    /// The same name gives the same network.
    fn network(&self, name: &str) -> Result<NetworkName, Failure>;
    /// A shared folder of at most so many bytes. It is empty whenever no container holds it; the same name gives the same.
    fn volume(&self, name: &str, bytes: u64) -> Result<VolumeName, Failure>;
    fn remove(&self, container: &Container) -> Result<(), Failure>;
    /// Removes containers, several at a time.
    fn remove_several(&self, containers: &[Container]) -> Result<(), Failure> {
        several(containers, |one| self.remove(one))
    }
    /// Removes the containers, networks, volumes and the cluster that this run made. Its images stay: what comes next builds
    /// on them.
    fn clear(&self) -> Result<(), Failure>;
    /// Removes everything that this run made.
    fn remove_all(&self) -> Result<(), Failure>;
}

/// Does something with each, a few at a time, since an engine makes its clients wait; the first failure is told in the end.
pub(crate) fn several<T: Sync>(all: &[T], does: impl Fn(&T) -> Result<(), Failure> + Sync) -> Result<(), Failure> {
    const AT_ONCE: usize = 4;
    let few_at_a_time = all.chunks(AT_ONCE).map(|few| {
        std::thread::scope(|scope| {
            let begun: Vec<_> = few.iter().map(|one| scope.spawn(|| does(one))).collect();
            let ended = begun.into_iter().map(|one| one.join().expect("what is done with each does not panic"));
            ended.fold(Ok(()), Result::and)
        })
    });
    // One that cannot be removed keeps none of the others.
    few_at_a_time.fold(Ok(()), Result::and)
}

/// An image that a build gave, if it gave one, and how the build ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Built {
    pub image: Option<Image>,
    pub ended: Ended,
}

/// The engine itself failed: nothing can be said of the subject.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Failure {
    #[error("no container engine answers: {0}")]
    Absent(String),
    /// A program that images are made with is not on this machine; the sentence says how it gets here.
    #[error("{0}")]
    Lacking(String),
    #[error("image {0} is not on this machine")]
    NoImage(String),
    #[error("{action}: {message}")]
    Engine { action: String, message: String },
    #[error("refused: {0}")]
    Refused(String),
}
