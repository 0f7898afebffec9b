//! The port that experiments speak to, answered by an engine's command line.

use std::sync::atomic::Ordering;

use super::{Driver, Known, PATIENCE, counters, flags, line, refusals, succeeded};
use crate::process::Bounds;
use crate::{
    Build, Built, Change, Command, Container, Dialect, Ended, Engine, Entry, Failure, Image, Kind, NetworkName, Pull,
    Spec, State, Taken, VolumeName, layout,
};

impl Engine for Driver {
    fn start(&self, spec: &Spec) -> Result<Container, Failure> {
        refusals::check(spec)?;
        let mut words = self.run.labels();
        words.extend(flags::words(spec, self.dialect));
        words.extend(self.confinement());
        words.extend(flags::weight(self.gives_way()));
        let network = self.network_words(spec, &mut words)?;
        let (entry, argv) = flags::entry(spec, self.dialect);
        words.extend(entry.iter().map(|entry| format!("--entrypoint={entry}")));
        words.push(spec.image.0.clone());
        words.extend(argv);
        let aliases: Vec<String> =
            std::iter::once(&spec.alias).chain(&spec.also).filter(|alias| !alias.is_empty()).cloned().collect();
        let container = self.launch(spec, words, network.as_ref().map(|network| (network, aliases.as_slice())))?;
        let (kind, disk_bytes) = (spec.kind, spec.limits.disk_bytes);
        let known = Known { kind, aliases, network, disk_bytes, seen: counters::Counters::default() };
        self.known().insert(container.clone(), known);
        let ready = match spec.kind {
            Kind::Guarded | Kind::Preparing => self.lay_out(&container, spec),
            Kind::Host => self.hand_over(&container),
            Kind::Service => Ok(()),
        };
        if let Err(failure) = ready {
            self.remove(&container)?;
            return Err(failure);
        }
        Ok(container)
    }

    fn give_way(&self, gives_way: bool) {
        self.gives_way.store(gives_way, Ordering::SeqCst);
    }

    fn exec(&self, container: &Container, command: &Command) -> Result<Ended, Failure> {
        self.exec_in(container, command)
    }

    fn put(&self, container: &Container, folder: &str, files: &[Entry]) -> Result<(), Failure> {
        self.put_in(container, folder, files)
    }

    fn get(&self, container: &Container, path: &str, max_bytes: u64) -> Result<Taken, Failure> {
        self.get_from(container, path, max_bytes)
    }

    fn pull(&self, container: &Container, action: Pull) -> Result<(), Failure> {
        let known = self.about(container)?;
        let id = container.0.as_str();
        let cable = || {
            let network = known.network.as_ref().ok_or_else(|| Failure::Refused("it is on no network".into()));
            network.map(|network| network.0.as_str())
        };
        let words: Vec<&str> = match action {
            Pull::Kill => vec!["kill", id],
            Pull::Stop => vec!["stop", "--time=10", id],
            Pull::Start => vec!["start", id],
            Pull::Pause => vec!["pause", id],
            Pull::Resume => vec!["unpause", id],
            Pull::Unplug => vec!["network", "disconnect", cable()?, id],
            Pull::Plug => {
                let names = known.aliases.iter().flat_map(|alias| ["--alias", alias]);
                ["network", "connect"].into_iter().chain(names).chain([cable()?, id]).collect()
            }
        };
        if let (Pull::Start, Some(network)) = (action, &known.network) {
            self.enter(container, network, &known.aliases)?;
        }
        self.must(&format!("{action:?} {id}"), &words)?;
        if let (Pull::Plug, Some(network), Dialect::Podman) = (action, &known.network, self.dialect) {
            self.introduce(network, None)?;
        }
        match (action, known.kind) {
            (Pull::Start, Kind::Host) => self.hand_over(container),
            _ => Ok(()),
        }
    }

    fn state(&self, container: &Container) -> Result<State, Failure> {
        let format = "{{.State.Running}} {{.State.ExitCode}} {{.State.OOMKilled}} {{if .State.Health}}{{.State.Health.Status}}{{end}}";
        let ran = self.must("inspect", &["inspect", "--format", format, &container.0])?;
        let told = line(&ran);
        let mut fields = told.split(' ');
        Ok(State {
            running: fields.next() == Some("true"),
            exit: fields.next().and_then(|code| code.parse().ok()).unwrap_or(0),
            out_of_memory: fields.next() == Some("true"),
            health: fields.next().filter(|health| !health.is_empty() && *health != "none").map(str::to_owned),
        })
    }

    fn logs(&self, container: &Container, max_bytes: u64) -> Result<Vec<u8>, Failure> {
        let bounds = Bounds { seconds: 30, bytes: 8 << 20 };
        let words = vec!["logs".to_owned(), container.0.clone()];
        let ran = succeeded("logs", self.engine_with(words, Vec::new(), bounds, &mut || false)?)?;
        let mut bytes = ran.stdout;
        bytes.extend(ran.stderr);
        let start = bytes.len().saturating_sub(usize::try_from(max_bytes).unwrap_or(usize::MAX));
        Ok(bytes.split_off(start))
    }

    fn processes(&self, container: &Container) -> Result<Vec<String>, Failure> {
        let words: &[&str] = match self.dialect {
            Dialect::Docker => &["top", &container.0, "-o", "pid,args"],
            Dialect::Podman => &["top", &container.0, "pid", "args"],
        };
        let ran = self.must("top", words)?;
        let text = String::from_utf8_lossy(&ran.stdout).into_owned();
        let command = |line: &str| line.trim().split_once(char::is_whitespace).map(|(_, rest)| rest.trim().to_owned());
        Ok(text.lines().skip(1).filter_map(command).collect())
    }

    fn changes(&self, container: &Container) -> Result<Vec<Change>, Failure> {
        let bounds = Bounds { seconds: 60, bytes: 64 << 20 };
        let words = vec!["diff".to_owned(), container.0.clone()];
        let ran = succeeded("diff", self.engine_with(words, Vec::new(), bounds, &mut || false)?)?;
        let text = String::from_utf8_lossy(&ran.stdout);
        let change = |line: &str| {
            let (kind, path) = line.split_once(' ')?;
            Some(Change { path: path.to_owned(), added: kind == "A" })
        };
        Ok(text.lines().filter_map(change).collect())
    }

    fn freeze(&self, container: &Container) -> Result<Image, Failure> {
        self.freeze_it(container)
    }

    fn build(&self, build: &Build) -> Result<Built, Failure> {
        self.build_it(build)
    }

    fn identity(&self, image: &Image) -> Result<String, Failure> {
        refusals::image(&image.0)?;
        let action = format!("inspect {}", image.0);
        Ok(line(&self.must(&action, &["image", "inspect", "--format", "{{.Id}}", &image.0])?))
    }

    fn cluster(&self) -> Result<Container, Failure> {
        Err(Failure::Refused("a cluster needs images, which a session has".into()))
    }

    fn network(&self, name: &str) -> Result<NetworkName, Failure> {
        self.make_network(name)
    }

    fn volume(&self, name: &str, bytes: u64) -> Result<VolumeName, Failure> {
        self.make_volume(name, bytes)
    }

    fn remove(&self, container: &Container) -> Result<(), Failure> {
        self.known().remove(container);
        self.must("remove", &["rm", "--force", "--volumes", &container.0]).map(drop)
    }

    fn clear(&self) -> Result<(), Failure> {
        self.remove_what_runs()
    }

    fn remove_all(&self) -> Result<(), Failure> {
        self.remove_run()
    }
}

impl Driver {
    /// Creates and starts; files are laid in between.
    fn launch(
        &self,
        spec: &Spec,
        words: Vec<String>,
        member: Option<(&NetworkName, &[String])>,
    ) -> Result<Container, Failure> {
        let action = format!("start {}", spec.image.0);
        let member = member.filter(|_| self.dialect == Dialect::Podman);
        if spec.files.is_empty() && member.is_none() {
            let words: Vec<String> = ["run".to_owned(), "--detach".to_owned()].into_iter().chain(words).collect();
            let ran = succeeded(&action, self.engine_with(words, Vec::new(), PATIENCE, &mut || false)?)?;
            return Ok(Container(line(&ran)));
        }
        let words: Vec<String> = std::iter::once("create".to_owned()).chain(words).collect();
        let ran = succeeded(&action, self.engine_with(words, Vec::new(), PATIENCE, &mut || false)?)?;
        let container = Container(line(&ran));
        if !spec.files.is_empty() {
            let archive = crate::archive::pack(&spec.files, 0)?;
            let copy = vec!["cp".to_owned(), "-".to_owned(), format!("{}:/", container.0)];
            succeeded("lay files", self.engine_with(copy, archive, PATIENCE, &mut || false)?)?;
        }
        if let Some((network, aliases)) = member {
            self.enter(&container, network, aliases)?;
        }
        succeeded(&action, self.engine(&["start", &container.0])?)?;
        Ok(container)
    }

    /// Makes the folders of the layout, and fills them from what was prepared.
    fn lay_out(&self, container: &Container, spec: &Spec) -> Result<(), Failure> {
        let (work, prepared, user) = (layout::WORK, self.prepared(), layout::USER);
        let large = self.large.lock().expect("nothing panics while it is held").contains(&spec.image);
        let below = large && spec.kind == Kind::Guarded && self.dialect == Dialect::Docker;
        if below {
            self.overlay(container)?;
        }
        let folders = format!("mkdir -p {} {}", layout::HOME, layout::REPOSITORY);
        let copied = format!(
            "if [ -d {prepared} ]; then find {prepared} -mindepth 1 -maxdepth 1 -exec cp -a -t {work} {{}} +; fi && {folders}"
        );
        let command = match spec.kind {
            Kind::Preparing => {
                let own = format!(
                    "mkdir -p {work} && {copied} && chown {user}:{user} {work} {} {}",
                    layout::HOME,
                    layout::REPOSITORY
                );
                Command::sh(own).root()
            }
            _ => Command::sh(if below { folders } else { copied }).directory("/"),
        };
        let ended = self.exec_in(container, &command.seconds(120))?;
        if ended.succeeded() {
            return Ok(());
        }
        Err(Failure::Refused(format!("the prepared state does not fit: {}", ended.error_text().trim())))
    }
}
