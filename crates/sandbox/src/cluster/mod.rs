//! A client of the one cluster that an engine raises: `kubectl` in the control plane's container, and what it says.
//!
//! Everything goes through [`Engine::exec`], so that it is recorded as any other command, and a test plays it.

mod boundary;
mod programs;

pub use self::boundary::judge;
pub(crate) use self::programs::programs;
pub use self::programs::{MISSING, is_here};
use crate::{Command, Container, Ended, Engine, Entry, Failure, Image, Status};

/// Where charts and kustomizations lie in the control plane's container.
const SOURCES: &str = "/work/sources";

/// A cluster of one node that holds nothing yet.
pub struct Cluster<'a> {
    engine: &'a dyn Engine,
    control: Container,
}

impl<'a> Cluster<'a> {
    /// Raises a cluster, and tries the ways out of its pods before anything of the subject is run.
    ///
    /// # Errors
    /// When the machine has no Kubernetes, it does not start, or a way out is open.
    pub fn raise(engine: &'a dyn Engine, probe: &Image) -> Result<Self, Failure> {
        let cluster = Self { control: engine.cluster()?, engine };
        boundary::check(&cluster, probe)?;
        Ok(cluster)
    }

    /// # Errors
    /// When the engine fails; what `kubectl` refuses is an answer.
    pub fn kubectl(&self, words: &[&str], input: &str, seconds: u32) -> Result<Ended, Failure> {
        let argv = std::iter::once("kubectl").chain(words.iter().copied());
        self.run(Command::new(argv).input(input).seconds(seconds))
    }

    /// Runs a program in the control plane's container, with the sources laid there.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn run(&self, command: Command) -> Result<Ended, Failure> {
        let command = command.output_bytes(16 << 20);
        self.engine.exec(&self.control, &command.directory("/work"))
    }

    /// Lays the files of a commit, replacing what was laid before, and says where.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn lay(&self, files: &[Entry]) -> Result<&'static str, Failure> {
        let cleared = self.run(Command::new(["rm", "-rf", SOURCES]))?;
        debug_assert!(cleared.succeeded());
        self.engine.put(&self.control, SOURCES, files)?;
        Ok(SOURCES)
    }

    /// Applies documents, each in its own name space; what is refused is an answer.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn apply(&self, documents: &str) -> Result<Ended, Failure> {
        self.kubectl(&["apply", "--filename", "-"], documents, 60)
    }

    /// Whether a workload was rolled out within so many seconds, and its own last words when not.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn rollout(&self, namespace: &str, workload: &str, seconds: u32) -> Result<Result<(), String>, Failure> {
        let timeout = format!("--timeout={seconds}s");
        let words = ["--namespace", namespace, "rollout", "status", workload, &timeout];
        let ended = self.kubectl(&words, "", seconds + 30)?;
        Ok(if ended.succeeded() { Ok(()) } else { Err(complaint(&ended)) })
    }

    /// An object, or a list of them, as JSON.
    ///
    /// # Errors
    /// When the engine fails, or there is no such object.
    pub fn get(&self, namespace: &str, what: &str) -> Result<serde_json::Value, Failure> {
        let ended = self.kubectl(&["--namespace", namespace, "get", what, "--output", "json"], "", 30)?;
        let failed = |message: String| Failure::Engine { action: format!("get {what}"), message };
        if !ended.succeeded() {
            return Err(failed(complaint(&ended)));
        }
        serde_json::from_slice(&ended.stdout).map_err(|error| failed(error.to_string()))
    }

    /// What happened in a namespace that was out of the ordinary, latest last.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn warnings(&self, namespace: &str) -> Result<Vec<String>, Failure> {
        let columns = "--output=custom-columns=:.involvedObject.kind,:.involvedObject.name,:.message";
        let words =
            ["--namespace", namespace, "get", "events", "--field-selector=type=Warning", "--sort-by=.lastTimestamp"];
        let ended = self.kubectl(&[&words[..], &[columns, "--no-headers"]].concat(), "", 30)?;
        Ok(ended.text().lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect())
    }

    /// The last lines that a pod's container wrote.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn logs(&self, namespace: &str, pod: &str) -> Result<String, Failure> {
        Ok(self.kubectl(&["--namespace", namespace, "logs", pod, "--tail=-1"], "", 60)?.text())
    }

    /// # Errors
    /// When the engine fails.
    pub fn delete(&self, namespace: &str, what: &[&str]) -> Result<Ended, Failure> {
        let words = ["--namespace", namespace, "delete", "--ignore-not-found", "--wait=false"];
        self.kubectl(&[&words[..], what].concat(), "", 60)
    }
}

/// What a program said was wrong: its last line, since the first ones are warnings.
pub fn complaint(ended: &Ended) -> String {
    let text = ended.error_text();
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("Warning:"));
    let told = lines.next_back().map(str::to_owned);
    let otherwise = || ended.text().lines().last().unwrap_or_default().to_owned();
    match ended.status {
        Status::Exit(_) => told.unwrap_or_else(otherwise),
        status => format!("{status}: {}", told.unwrap_or_else(otherwise)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::Fake;

    #[test]
    fn what_kubectl_says() {
        let refused = Ended { stderr: b"Warning: old\nerror: timed out\n".to_vec(), ..Ended::exit(1, "") };
        let held = boundary::told_by_a_closed_cluster();
        let fake = Fake::new()
            .on("logs boundary", [Ended::exit(0, held)])
            .on("dry-run", [Ended::exit(1, "")])
            .on("rollout status deployment/web", [Ended::exit(0, ""), refused])
            .on("get pods", [Ended::exit(0, "{\"items\":[]}")])
            .on("get events", [Ended::exit(0, "Pod   web-1   no such image\n")]);
        let cluster = Cluster::raise(&fake, &Image("probe".into())).unwrap();
        assert_eq!(cluster.rollout("default", "deployment/web", 5).unwrap(), Ok(()));
        assert_eq!(cluster.rollout("default", "deployment/web", 5).unwrap(), Err("error: timed out".into()));
        assert!(cluster.get("default", "pods").unwrap()["items"].as_array().unwrap().is_empty());
        assert_eq!(cluster.warnings("default").unwrap(), ["Pod web-1 no such image"]);
    }
}
