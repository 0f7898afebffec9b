//! Runs a command in a container, and says how it ended from what is seen outside.

use super::{Driver, Known, counters, line, refusals};
use crate::process::{Bounds, Cut, Ran};
use crate::{Command, Container, Ended, Engine, Failure, Kind, Status};

/// The engine's own words, on the error stream, when it could not start the command.
const NOT_STARTED: [&str; 3] = ["OCI runtime exec failed", "Error response from daemon", "Error: "];
/// A command that was shorter cannot have written much.
const WORTH_MEASURING: u64 = 500;

impl Driver {
    pub(super) fn exec_in(&self, container: &Container, command: &Command) -> Result<Ended, Failure> {
        let known = self.about(container)?;
        let words = exec_words(&known, container, command)?;
        let bounds = Bounds { seconds: command.seconds.max(1), bytes: command.output_bytes };
        let bounded_root = known.kind != Kind::Guarded;
        let mut turn = false;
        let mut watch = || {
            turn = !turn;
            bounded_root && turn && self.overflows(container, known.disk_bytes)
        };
        let ran = self.engine_with(words, command.input.clone(), bounds, &mut watch)?;
        let full = bounded_root
            && ran.cut.is_none()
            && ran.millis >= WORTH_MEASURING
            && self.overflows(container, known.disk_bytes);
        let status = self.status(container, &known, &ran, full)?;
        if ran.cut.is_some() || full {
            // Only the end of the container ends what the command started.
            self.engine(&["kill", &container.0])?;
        }
        Ok(Ended { status, stdout: ran.stdout, stderr: ran.stderr, millis: ran.millis, pieces: ran.pieces })
    }

    fn status(&self, container: &Container, known: &Known, ran: &Ran, full: bool) -> Result<Status, Failure> {
        if full || ran.cut == Some(Cut::Watch) {
            return Ok(Status::OutOfSpace);
        }
        if ran.cut == Some(Cut::Flood) {
            return Ok(Status::Flooded);
        }
        if ran.succeeded() {
            return Ok(Status::Exit(0));
        }
        let now = counters::read(container);
        if let Some(known) = self.known().get_mut(container) {
            known.seen = now;
        }
        if now.out_of_memory > known.seen.out_of_memory {
            return Ok(Status::OutOfMemory);
        }
        if now.out_of_processes > known.seen.out_of_processes {
            return Ok(Status::OutOfProcesses);
        }
        if ran.cut == Some(Cut::Time) {
            return Ok(Status::TimedOut);
        }
        let told = String::from_utf8_lossy(&ran.stderr);
        let suspicious = ran.code == Some(137) || NOT_STARTED.iter().any(|words| told.starts_with(words));
        if suspicious && !self.state(container)?.running {
            // The engine refused because it was over before; otherwise it died under the command.
            let over = ran.code != Some(137);
            let message = "the container is not running".to_owned();
            return if over { Err(Failure::Engine { action: "exec".into(), message }) } else { Ok(Status::Gone) };
        }
        Ok(Status::Exit(ran.code.unwrap_or(137)))
    }

    /// Whether the writable root holds more than it may.
    fn overflows(&self, container: &Container, most: u64) -> bool {
        let asked = self.engine(&["container", "inspect", "--size", "--format", "{{.SizeRw}}", &container.0]);
        asked.is_ok_and(|ran| line(&ran).parse::<u64>().is_ok_and(|size| size > most))
    }
}

fn exec_words(known: &Known, container: &Container, command: &Command) -> Result<Vec<String>, Failure> {
    if command.user == 0 && known.kind == Kind::Guarded {
        return Err(Failure::Refused("root in a guarded container".into()));
    }
    if command.as_service && known.kind != Kind::Service {
        return Err(Failure::Refused("a command as a service elsewhere than in one".into()));
    }
    if command.argv.is_empty()
        || command.argv[0].is_empty()
        || !command.directory.starts_with('/')
        || command.directory.starts_with("/proc")
    {
        return Err(Failure::Refused("a command without a program or an absolute folder".into()));
    }
    refusals::arguments(&command.argv)?;
    refusals::environment(command.env.iter())?;
    let mut words = vec!["exec".to_owned()];
    if !command.input.is_empty() {
        words.push("--interactive".into());
    }
    if !command.as_service {
        words.push(format!("--user={user}:{user}", user = command.user));
        words.push(format!("--workdir={}", command.directory));
    }
    words.extend(command.env.iter().map(|(name, value)| format!("--env={name}={value}")));
    words.push(container.0.clone());
    words.extend(command.argv.iter().cloned());
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(kind: Kind) -> Known {
        let seen = counters::Counters::default();
        Known { kind, aliases: Vec::new(), network: None, disk_bytes: 1, seen }
    }

    fn check(kind: Kind, command: &Command, expected: Result<&str, &str>) {
        let got = exec_words(&known(kind), &Container("c".into()), command);
        match (got, expected) {
            (Ok(words), Ok(expected)) => assert_eq!(words.join(" "), expected),
            (Err(failure), Err(expected)) => assert_eq!(failure.to_string(), expected),
            (got, expected) => panic!("{got:?} is not {expected:?}"),
        }
    }

    #[test]
    fn words() {
        check(Kind::Guarded, &Command::sh("ls"), Ok("exec --user=1000:1000 --workdir=/work c sh -c ls"));
        check(
            Kind::Host,
            &Command::new(["cat"]).root().input("x").env("A", "1"),
            Ok("exec --interactive --user=0:0 --workdir=/ --env=A=1 c cat"),
        );
        check(Kind::Service, &Command::new(["id"]).as_service(), Ok("exec c id"));
        let elsewhere = Err("refused: a command as a service elsewhere than in one");
        check(Kind::Guarded, &Command::new(["id"]).as_service(), elsewhere);
        check(Kind::Guarded, &Command::new(["id"]).root(), Err("refused: root in a guarded container"));
        let nothing = Err("refused: a command without a program or an absolute folder");
        check(Kind::Guarded, &Command::new([""]), nothing);
        check(Kind::Guarded, &Command::new(["id"]).directory("x"), nothing);
        let long = Err("refused: a command line that is too long, or holds a null");
        check(Kind::Guarded, &Command::new(["x".repeat(1 << 18)]), long);
        check(Kind::Guarded, &Command::new(vec!["x"; 1 << 20]), long);
        check(Kind::Guarded, &Command::new(["a\0b"]), long);
    }
}
