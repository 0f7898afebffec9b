//! A root in a container: initialised with what this machine has, and run in Terraform's own words.

use sandbox::{Command, Container, Ended, Entry, Limits, Network, Spec, Status, layout};

use super::root::Root;
use crate::experiment::Bench;
use crate::fresh::Fresh;
use crate::output::{tail, text};
use crate::protocol::Stop;
use crate::say::say;

const SECONDS: u32 = 180;
/// Replaces whatever backend is declared; Terraform lets such a file have the last word.
const OVERRIDE: &str = "terraform {\n  backend \"local\" {}\n}\n";
const OVERRIDE_NAME: &str = "preuve_override.tf";
/// What Terraform says when it lacks what a sandbox does not give.
const LACKING: [&str; 5] = [
    "provider registry",
    "Failed to query available provider packages",
    "Failed to download module",
    "Error accessing remote module registry",
    "Module source has changed",
];

/// What a root is run in: its folder, and the container.
pub(super) struct Workspace<'a> {
    bench: &'a Bench<'a>,
    root: &'a Root,
}

/// How a command of Terraform ended, in words.
pub(super) struct Told {
    pub exit: Option<i32>,
    pub output: String,
}

impl<'a> Workspace<'a> {
    pub fn new(bench: &'a Bench<'a>, root: &'a Root) -> Self {
        Self { bench, root }
    }

    /// Lays the commit, initialises it, and lets `first` do what every state begins from. Containers of the result
    /// start there.
    pub fn prepare<T>(
        &self,
        first: impl FnOnce(&Container) -> Result<T, Stop>,
    ) -> Result<Result<(T, Fresh<'a>), String>, Stop> {
        let engine = self.bench.engine;
        let image = (self.bench.image)("terraform")?;
        let limits = Limits { memory_bytes: 2 << 30, ..Limits::LARGE };
        let container = engine.start(&Spec::preparing(&image).network(Network::None).limits(limits))?;
        let begun = self.begin(&container).and_then(|begun| match begun {
            Ok(()) => Ok(Ok((first(&container)?, engine.freeze(&container)?))),
            Err(told) => Ok(Err(told)),
        });
        engine.remove(&container)?;
        Ok(begun?.map(|(done, frozen)| {
            let spec = Spec::guarded(&frozen).limits(limits).writable(layout::WORK, limits.memory_bytes / 4);
            (done, Fresh::new(engine, spec))
        }))
    }

    fn begin(&self, container: &Container) -> Result<Result<(), String>, Stop> {
        let engine = self.bench.engine;
        engine.put(container, layout::REPOSITORY, &self.bench.tree.entries())?;
        let place = self.folder();
        engine.put(container, &place, &[Entry::file(OVERRIDE_NAME, OVERRIDE.as_bytes())])?;
        let told = self.run(container, &["init"])?;
        if told.exit == Some(0) {
            return Ok(Ok(()));
        }
        let told = complaint(&told.output);
        if LACKING.iter().any(|sign| told.contains(sign)) {
            return Err(Stop(say!("terraform-lacks", program = self.root.program(), told)));
        }
        Ok(Err(told))
    }

    fn folder(&self) -> String {
        if self.root.dir.is_empty() {
            layout::REPOSITORY.to_owned()
        } else {
            format!("{}/{}", layout::REPOSITORY, self.root.dir)
        }
    }

    /// Replaces a file of the commit.
    pub fn put(&self, container: &Container, path: &str, content: &str) -> Result<(), Stop> {
        Ok(self.bench.engine.put(container, layout::REPOSITORY, &[Entry::file(path, content.as_bytes())])?)
    }

    /// Runs Terraform in the root; values are given to the commands that take them.
    pub fn run(&self, container: &Container, words: &[&str]) -> Result<Told, Stop> {
        let mut argv: Vec<String> =
            std::iter::once("terraform").chain(words.iter().copied()).map(str::to_owned).collect();
        if let (Some(values), Some("plan" | "apply" | "test")) = (&self.root.values, words.first().copied()) {
            argv.push(format!("-var-file={values}"));
        }
        if !matches!(words.first(), Some(&"state")) {
            argv.push("-no-color".into());
        }
        let command = Command::new(argv).directory(self.folder()).env("HOME", layout::HOME).own();
        self.told(container, command)
    }

    /// Runs a line of ours in the root.
    pub fn shell(&self, container: &Container, line: &str, name: &str) -> Result<Told, Stop> {
        self.told(container, Command::sh(line).directory(self.folder()).env("NAME", name))
    }

    fn told(&self, container: &Container, command: Command) -> Result<Told, Stop> {
        let ended: Ended = self.bench.engine.exec(container, &command.seconds(SECONDS).output_bytes(4 << 20))?;
        let exit = match ended.status {
            Status::Exit(code) => Some(code),
            Status::TimedOut => None,
            status => return Err(Stop(say!("terraform-exceeds", status))),
        };
        Ok(Told { exit, output: text(&ended) })
    }

    pub fn millis(&self) -> u64 {
        (self.bench.millis)()
    }
}

/// The first error that Terraform tells, on one line.
pub(super) fn complaint(output: &str) -> String {
    let lines: Vec<&str> = output.lines().map(|line| line.trim_matches(['│', '╷', '╵', ' '])).collect();
    let error = lines.iter().position(|line| line.starts_with("Error:"));
    let told = error.map(|at| {
        let more = lines[at..].iter().filter(|line| !line.is_empty()).take(5);
        more.copied().collect::<Vec<_>>().join(" ")
    });
    told.map_or_else(|| tail(output, 2), |told| tail(&told, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_terraform_complains_of() {
        let told = "╷\n│ Error: Invalid value for variable\n│ \n│   on main.tf line 2:\n╵\n";
        assert_eq!(complaint(told), "Error: Invalid value for variable on main.tf line 2:");
        assert_eq!(complaint("nothing\nof the kind\n"), "nothing / of the kind");
    }
}
