//! An engine that a test plays: it answers commands from a script, keeps files in memory, and remembers what was asked.

use std::collections::BTreeMap;
use std::sync::Mutex;

use crate::{
    Build, Built, Change, Command, Container, Ended, Engine, Entry, Failure, Image, NetworkName, Pull, Spec, State,
    Taken, VolumeName, What,
};

/// A scripted engine. A command is answered by the first rule whose words it contains, else by success and silence.
#[derive(Default)]
pub struct Fake {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    rules: Vec<Rule>,
    calls: Vec<String>,
    files: BTreeMap<(String, String), What>,
    stopped: BTreeMap<String, bool>,
    count: usize,
    logs: Vec<u8>,
    health: Option<String>,
    fails: Vec<(String, String)>,
}

struct Rule {
    words: String,
    /// Given in order; the last one stays.
    answers: Vec<Ended>,
    given: usize,
}

impl Fake {
    pub fn new() -> Self {
        Self::default()
    }

    /// Commands that contain these words (as [`Command::shown`] writes them) end like this, in order; the last one stays.
    pub fn on(self, words: &str, answers: impl IntoIterator<Item = Ended>) -> Self {
        self.inner().rules.push(Rule { words: words.into(), answers: answers.into_iter().collect(), given: 0 });
        self
    }

    /// Calls whose record contains these words fail as the engine's own failure.
    pub fn failing(self, words: &str, message: &str) -> Self {
        self.inner().fails.push((words.into(), message.into()));
        self
    }

    /// A file that commands are supposed to have left behind in every container.
    pub fn holding(self, path: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.inner().files.insert((String::new(), path.into()), What::File { bytes: bytes.into(), executable: false });
        self
    }

    pub fn logging(self, bytes: impl Into<Vec<u8>>) -> Self {
        self.inner().logs = bytes.into();
        self
    }

    /// Every container's own check says that it is well.
    pub fn healthy(self) -> Self {
        self.inner().health = Some("healthy".into());
        self
    }

    /// Everything that was asked, in order, one line each: `start c1 python`, `exec c1 pytest -q`, `pull c1 Kill`.
    pub fn calls(&self) -> Vec<String> {
        self.inner().calls.clone()
    }

    fn inner(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().expect("no test panics while it holds the lock")
    }

    fn note(&self, call: String) -> Result<(), Failure> {
        let mut inner = self.inner();
        let failing = inner.fails.iter().find(|(words, _)| call.contains(words)).map(|(_, message)| message.clone());
        inner.calls.push(call.clone());
        failing.map_or(Ok(()), |message| Err(Failure::Engine { action: call, message }))
    }

    fn named(&self, letter: char) -> String {
        let mut inner = self.inner();
        inner.count += 1;
        format!("{letter}{}", inner.count)
    }
}

impl Engine for Fake {
    fn start(&self, spec: &Spec) -> Result<Container, Failure> {
        let name = self.named('c');
        self.note(format!("start {name} {}", spec.image.0))?;
        Ok(Container(name))
    }

    fn exec(&self, container: &Container, command: &Command) -> Result<Ended, Failure> {
        let shown = command.shown();
        self.note(format!("exec {} {shown}", container.0))?;
        let mut inner = self.inner();
        if inner.stopped.get(&container.0) == Some(&true) {
            return Err(Failure::Engine {
                action: format!("exec {shown}"),
                message: "the container is stopped".into(),
            });
        }
        let Some(rule) = inner.rules.iter_mut().find(|rule| shown.contains(&rule.words)) else {
            return Ok(Ended::exit(0, ""));
        };
        let answer = rule.answers.get(rule.given).or(rule.answers.last()).cloned();
        rule.given += 1;
        Ok(answer.unwrap_or_else(|| Ended::exit(0, "")))
    }

    fn put(&self, container: &Container, folder: &str, files: &[Entry]) -> Result<(), Failure> {
        let names: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        self.note(format!("put {} {folder} {}", container.0, names.join(" ")))?;
        let mut inner = self.inner();
        for file in files {
            let path = format!("{}/{}", folder.trim_end_matches('/'), file.path);
            inner.files.insert((container.0.clone(), path), file.what.clone());
        }
        Ok(())
    }

    fn get(&self, container: &Container, path: &str, max_bytes: u64) -> Result<Taken, Failure> {
        self.note(format!("get {} {path}", container.0))?;
        let inner = self.inner();
        let mut found = BTreeMap::new();
        for ((holder, at), what) in &inner.files {
            if !holder.is_empty() && *holder != container.0 {
                continue;
            }
            let relative = if at == path {
                at.rsplit('/').next()
            } else {
                at.strip_prefix(path).and_then(|rest| rest.strip_prefix('/'))
            };
            if let Some(relative) = relative {
                found.insert(relative.to_owned(), what.clone());
            }
        }
        let size: usize =
            found.values().map(|what| if let What::File { bytes, .. } = what { bytes.len() } else { 0 }).sum();
        if found.is_empty() {
            return Err(Failure::Engine { action: format!("get {path}"), message: "no such file".into() });
        }
        if size as u64 > max_bytes {
            return Err(Failure::Refused(format!("{path} is larger than {max_bytes} bytes")));
        }
        let entries = found.into_iter().map(|(path, what)| Entry { path, what }).collect();
        Ok(Taken { entries, refused: Vec::new() })
    }

    fn pull(&self, container: &Container, action: Pull) -> Result<(), Failure> {
        self.note(format!("pull {} {action:?}", container.0))?;
        match action {
            Pull::Kill | Pull::Stop => self.inner().stopped.insert(container.0.clone(), true),
            Pull::Start => self.inner().stopped.insert(container.0.clone(), false),
            Pull::Pause | Pull::Resume | Pull::Unplug | Pull::Plug => None,
        };
        Ok(())
    }

    fn state(&self, container: &Container) -> Result<State, Failure> {
        self.note(format!("state {}", container.0))?;
        let inner = self.inner();
        let running = inner.stopped.get(&container.0) != Some(&true);
        let health = inner.health.clone();
        Ok(State { running, exit: if running { 0 } else { 137 }, out_of_memory: false, health })
    }

    fn logs(&self, container: &Container, max_bytes: u64) -> Result<Vec<u8>, Failure> {
        self.note(format!("logs {}", container.0))?;
        let logs = self.inner().logs.clone();
        let start = logs.len().saturating_sub(usize::try_from(max_bytes).unwrap_or(usize::MAX));
        Ok(logs[start..].to_vec())
    }

    fn processes(&self, container: &Container) -> Result<Vec<String>, Failure> {
        self.note(format!("processes {}", container.0))?;
        Ok(vec!["sleep infinity".into()])
    }

    fn changes(&self, container: &Container) -> Result<Vec<Change>, Failure> {
        self.note(format!("changes {}", container.0))?;
        Ok(Vec::new())
    }

    fn freeze(&self, container: &Container) -> Result<Image, Failure> {
        self.note(format!("freeze {}", container.0))?;
        Ok(Image(self.named('i')))
    }

    fn build(&self, build: &Build) -> Result<Built, Failure> {
        let first = build.dockerfile.lines().next().unwrap_or_default().to_owned();
        self.note(format!("build {first}"))?;
        let image = Image(self.named('i'));
        Ok(Built { image: Some(image), ended: Ended::exit(0, "") })
    }

    fn identity(&self, image: &Image) -> Result<String, Failure> {
        Ok(image.0.clone())
    }

    fn cluster(&self) -> Result<Container, Failure> {
        let name = self.named('k');
        self.note(format!("cluster {name}"))?;
        Ok(Container(name))
    }

    fn network(&self, name: &str) -> Result<NetworkName, Failure> {
        self.note(format!("network {name}"))?;
        Ok(NetworkName(name.into()))
    }

    fn volume(&self, name: &str, _: u64) -> Result<VolumeName, Failure> {
        self.note(format!("volume {name}"))?;
        Ok(VolumeName(name.into()))
    }

    fn remove(&self, container: &Container) -> Result<(), Failure> {
        self.note(format!("remove {}", container.0))
    }

    fn clear(&self) -> Result<(), Failure> {
        self.note("remove what runs".into())
    }

    fn remove_all(&self) -> Result<(), Failure> {
        self.note("remove everything".into())
    }
}
