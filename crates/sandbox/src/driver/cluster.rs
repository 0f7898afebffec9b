//! Raises a real Kubernetes of one node, and takes away what the engine's own labels do not find of it.
//!
//! Two containers make it. The control plane is unprivileged and owns a network without any way out; the node joins that
//! network and is the one part with privileges, since it commands the engine. Bridge, firewall and service rules are made in
//! that network and end with it, so nothing of this machine's own network is touched, and no pod reaches it.

use std::path::Path;

use super::pods::FOLDERS;
use super::{Driver, Known, PATIENCE, counters, line, succeeded};
use crate::clock::eventually;
use crate::{Command, Container, Dialect, Engine, Failure, Image, Kind};

/// One cluster at a time on an engine: a kubelet removes the pods of any other. The engine refuses the name twice.
const NODE: &str = "preuve-cluster-node";
/// How long another run's cluster is waited for.
const TURN: u32 = 900;
pub(super) const START: u32 = 120;

/// What a cluster is made of.
pub(crate) struct Parts<'a> {
    /// The image of both containers.
    pub(crate) cluster: &'a Image,
    pub(crate) pause: &'a Image,
    /// The folder of the programs of Kubernetes.
    pub(crate) programs: &'a Path,
    pub(crate) token: &'a str,
}

impl Driver {
    /// A fresh cluster, and the container in which its clients run. The one that this run had is lowered first.
    pub(crate) fn raise_cluster(&self, parts: &Parts<'_>) -> Result<Container, Failure> {
        let root = self.fit_for_cluster()?;
        self.lower_cluster()?;
        let control = self.start_control(parts)?;
        let raised = self.join(parts, &control, &root).and_then(|()| self.wait_until_ready(&control));
        if let Err(failure) = raised {
            self.lower_cluster()?;
            return Err(failure);
        }
        Ok(control)
    }

    /// The folder of the engine, when a kubelet can work with it.
    fn fit_for_cluster(&self) -> Result<String, Failure> {
        if self.dialect != Dialect::Docker {
            return Err(Failure::Refused("Kubernetes is only run on Docker here".into()));
        }
        let ran = self.must("cluster", &["info", "--format", "{{.CgroupDriver}} {{.DockerRootDir}}"])?;
        match line(&ran).split_once(' ') {
            Some(("cgroupfs", root)) => Ok(root.to_owned()),
            Some((driver, _)) => Err(Failure::Refused(format!(
                "the engine keeps control groups by {driver}, with which the cluster was not tried"
            ))),
            None => Err(Failure::Refused("the engine does not say where it keeps containers".into())),
        }
    }

    /// Removes this run's cluster: first what would start pods again, then the pods.
    fn lower_cluster(&self) -> Result<(), Failure> {
        for name in [NODE.to_owned(), self.control_name()] {
            if self.owned(&name)? {
                self.must("lower cluster", &["rm", "--force", "--volumes", &name])?;
            }
        }
        self.clear_clusters(&|run| run == self.run.id()).map(drop)
    }

    fn control_name(&self) -> String {
        format!("preuve-{}-control", self.run.id())
    }

    /// Whether a container of this name is there and of this run.
    fn owned(&self, name: &str) -> Result<bool, Failure> {
        let format = format!("{{{{index .Config.Labels \"{}\"}}}}", crate::run::RUN);
        let ran = self.engine(&["container", "inspect", "--format", &format, name])?;
        Ok(ran.succeeded() && line(&ran) == self.run.id())
    }

    fn start_control(&self, parts: &Parts<'_>) -> Result<Container, Failure> {
        let mut words: Vec<String> =
            ["run", "--detach", "--pull=never", "--init", "--network=none", "--cap-drop=ALL"].map(str::to_owned).into();
        words.extend(self.run.labels());
        words.extend(
            [
                "--security-opt=no-new-privileges",
                "--user=1000:1000",
                "--read-only",
                "--memory=3g",
                "--pids-limit=1024",
                "--hostname=control",
                "--sysctl=net.ipv4.ip_forward=1",
                "--sysctl=net.ipv4.conf.all.route_localnet=1",
                "--tmpfs=/work:rw,exec,nosuid,nodev,size=1g,mode=1777",
                "--tmpfs=/tmp:rw,exec,nosuid,nodev,size=256m,mode=1777",
                "--log-opt=max-size=2m",
            ]
            .map(str::to_owned),
        );
        words.extend([
            format!("--name={}", self.control_name()),
            format!("--env=CLUSTER_RUN={}", self.run.id()),
            format!("--env=CLUSTER_TOKEN={}", parts.token),
            format!("--volume={}:/opt/kubernetes:ro", parts.programs.display()),
            parts.cluster.0.clone(),
            "/usr/local/lib/preuve/control".into(),
        ]);
        let ran = succeeded("start cluster", self.engine_with(words, Vec::new(), PATIENCE, &mut || false)?)?;
        let container = Container(line(&ran));
        // Its clients take files and commands as a guarded container does.
        let known = Known {
            kind: Kind::Guarded,
            aliases: Vec::new(),
            network: None,
            disk_bytes: u64::MAX,
            seen: counters::Counters::default(),
        };
        self.known().insert(container.clone(), known);
        Ok(container)
    }

    /// Starts the node in the control plane's network, once no other run has one.
    fn join(&self, parts: &Parts<'_>, control: &Container, root: &str) -> Result<(), Failure> {
        let run = self.run.id();
        let folder = format!("{FOLDERS}/{run}");
        let lay = format!(
            "mkdir -p {folder} && mount -t tmpfs -o size=1g,mode=755 preuve {folder} && mount --make-shared {folder}"
        );
        self.beside_the_engine(&parts.cluster.0, &lay)?;
        let mut words: Vec<String> =
            ["create", "--pull=never", "--init", "--privileged", "--pid=host"].map(str::to_owned).into();
        words.extend(self.run.labels());
        words.extend([
            format!("--name={NODE}"),
            format!("--network=container:{}", control.0),
            format!("--env=CLUSTER_RUN={run}"),
            format!("--env=CLUSTER_TOKEN={}", parts.token),
            format!("--env=CLUSTER_PAUSE={}", parts.pause.0),
            "--volume=/sys/fs/cgroup:/sys/fs/cgroup".into(),
            "--volume=/var/run/docker.sock:/var/run/docker.sock".into(),
            format!("--volume={folder}:{folder}:rshared"),
            format!("--volume={root}:{root}:ro"),
            format!("--volume={root}/containers:{root}/containers"),
            format!("--volume={}:/opt/kubernetes:ro", parts.programs.display()),
            "--log-opt=max-size=4m".into(),
            parts.cluster.0.clone(),
            "/usr/local/lib/preuve/node".into(),
        ]);
        let mut node = None;
        let ours = eventually(&*self.clock, TURN, || {
            let ran = self.engine_with(words.clone(), Vec::new(), PATIENCE, &mut || false)?;
            if !ran.succeeded() && ran.complaint().contains("is already in use") {
                // Its owner may have died since this run began.
                self.sweep()?;
                return Ok(false);
            }
            node = Some(line(&succeeded("start cluster", ran)?));
            Ok::<bool, Failure>(true)
        })?;
        let Some(node) = node.filter(|_| ours) else {
            return Err(Failure::Refused("another run holds the one cluster that an engine can have".into()));
        };
        // A kubelet ends every pod that its own API does not know. Those of a run that has just ended are on their way out.
        let mut others = Vec::new();
        let alone = eventually(&*self.clock, START, || {
            others = self.pods()?;
            if !others.is_empty() {
                self.sweep_clusters()?;
            }
            Ok::<bool, Failure>(others.is_empty())
        })?;
        if let Some(pod) = others.first().filter(|_| !alone) {
            return Err(Failure::Refused(format!("this engine runs pods of another cluster: {}", pod.name)));
        }
        self.must("start cluster", &["start", &node]).map(drop)
    }

    fn wait_until_ready(&self, control: &Container) -> Result<(), Failure> {
        let asked = "test -e /work/ready && kubectl get serviceaccount default >/dev/null 2>&1 && kubectl get nodes --no-headers 2>/dev/null | grep -qw Ready";
        let ready = eventually(&*self.clock, START, || {
            Ok::<bool, Failure>(self.exec(control, &Command::sh(asked).seconds(20))?.succeeded())
        })?;
        if ready {
            return Ok(());
        }
        let ran = self.engine(&["logs", "--tail=20", NODE])?;
        let told = String::from_utf8_lossy(&ran.stderr).into_owned();
        let message = told.lines().rfind(|line| line.starts_with(['F', 'E'])).unwrap_or("no message").to_owned();
        Err(Failure::Engine { action: "start cluster".into(), message })
    }

    /// Runs a line of ours where the engine itself sees the mounts: a helper enters the mount name space of whoever started it.
    pub(super) fn beside_the_engine(&self, image: &str, script: &str) -> Result<(), Failure> {
        let mut words: Vec<String> =
            ["run", "--rm", "--pull=never", "--privileged", "--pid=host", "--network=none", "--log-driver=none"]
                .map(str::to_owned)
                .into();
        words.extend(self.run.labels());
        let enter = "exec nsenter --target $PPID --mount -- sh -ec \"$1\"";
        words.extend([image, "sh", "-c", enter, "enter", script].map(str::to_owned));
        succeeded("cluster", self.engine_with(words, Vec::new(), PATIENCE, &mut || false)?).map(drop)
    }
}
