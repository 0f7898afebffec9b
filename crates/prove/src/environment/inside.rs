//! The application's own command, run inside its environment: what is tried, and whether it proves anything.

use std::collections::BTreeSet;

use sandbox::{Command, Ended};

use super::subject::Failed;
use crate::experiment::{Ground, Line};
use crate::output::{tail, text};
use crate::say::{Say, say};
use crate::stack::{Origin, Project, Service};
use crate::tree::Tree;

/// A command of the application in a service of its environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Own {
    pub service: String,
    pub line: String,
    pub from: Vec<String>,
    /// Whether the candidate says that it works there; else it is tried, and left out when it does not.
    pub declared: bool,
}

impl Own {
    pub fn shown(&self) -> Line {
        Line { what: say!("in-service", service = self.service), text: (&self.line).into(), from: self.from.clone() }
    }

    pub fn command(&self) -> Command {
        Command::sh(&self.line).own().seconds(300).output_bytes(4 << 20)
    }
}

/// Whether a service is there to run tests, and ends.
pub(super) fn is_tests(service: &Service) -> bool {
    let means = |word: &String| ["test", "tests", "ci", "check", "integration", "unit", "sut"].contains(&word.as_str());
    means(&service.name) || service.profiles.iter().any(means)
}

/// The commands that are worth trying in the services of a project.
pub(super) fn commands(ground: &Ground<'_>, project: &Project) -> Vec<Own> {
    let built = project.services.values().filter_map(|service| match &service.origin {
        Origin::Build(build) => Some((service, build.context.as_str())),
        Origin::Image(..) => None,
    });
    let mut found = Vec::new();
    let declared = &ground.declared.commands;
    for (service, context) in built {
        if let Some(line) = declared.test.as_ref().or(declared.build.as_ref()) {
            let from = vec!["preuve.yaml:1".to_owned()];
            return vec![Own { service: service.name.clone(), line: line.clone(), from, declared: true }];
        }
        if let Some((line, from)) = usual(ground.tree, context)
            && !found.iter().any(|own: &Own| own.from.contains(&from))
        {
            found.push(Own { service: service.name.clone(), line, from: vec![from], declared: false });
        }
    }
    found
}

/// The commands that are worth trying where the whole repository lies.
pub(super) fn of_repository(ground: &Ground<'_>, service: &str) -> Vec<Own> {
    let own = |line: String, from: String, declared: bool| Own {
        service: service.to_owned(),
        line,
        from: vec![from],
        declared,
    };
    let declared = &ground.declared.commands;
    if let Some(line) = declared.test.as_ref().or(declared.build.as_ref()) {
        return vec![own(line.clone(), format!("{}:1", crate::declared::PATH), true)];
    }
    let targets = ground.facts.of("command").iter().filter(|fact| {
        let path = fact.location().path().unwrap_or_default();
        fact.text("runner") == "make"
            && !path.contains('/')
            && matches!(fact.text("entry"), "test" | "tests" | "check")
            && fact.list("purposes").iter().any(|purpose| purpose == "test")
    });
    let target = targets.min_by_key(|fact| fact.text("entry").len()).map(|fact| {
        let line = fact.location().span().map_or(1, |span| span.line);
        let path = fact.location().path().unwrap_or_default();
        own(format!("make {}", fact.text("entry")), format!("{path}:{line}"), false)
    });
    let usual = || usual(ground.tree, "").map(|(line, from)| own(line, from, false));
    target.or_else(usual).into_iter().collect()
}

/// How the tests of a folder are usually run.
fn usual(tree: &Tree, folder: &str) -> Option<(String, String)> {
    let at = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    let package = at("package.json");
    if let Some(text) = tree.text(&package) {
        let scripts: serde_json::Value = serde_json::from_str(text).ok()?;
        let test = scripts.pointer("/scripts/test")?.as_str()?;
        let line = text.lines().position(|line| line.contains("\"test\""))? + 1;
        return (!test.contains("no test specified"))
            .then(|| ("CI=true npm test --silent".to_owned(), format!("{package}:{line}")));
    }
    let below = at("");
    let tests = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        path.starts_with(&below) && name.starts_with("test_") && name.ends_with(".py")
    };
    let (path, _) = tree.files().find(|(path, file)| file.own && tests(path))?;
    Some(("python -m pytest -q".to_owned(), format!("{path}:1")))
}

/// What is known of the own commands: which of them work without a fault, and which never did.
#[derive(Default)]
pub(super) struct Known {
    pub works: BTreeSet<String>,
    pub notes: Vec<Say>,
}

impl Known {
    /// Runs them. `first`: whether nothing is broken yet, so that it is learned which of those that were only tried work.
    pub fn run(
        &mut self,
        all: &[Own],
        first: bool,
        mut run: impl FnMut(&Own) -> Result<Ended, Failed>,
    ) -> Result<(), Failed> {
        for own in all {
            if !first && !self.works.contains(&own.line) {
                continue;
            }
            let ended = run(own)?;
            if ended.succeeded() {
                self.works.insert(own.line.clone());
                continue;
            }
            let message = say!("about", detector = ended.status, because = tail(&text(&ended), 2));
            if first && !own.declared {
                self.notes.push(say!("not-counted", command = own.line, service = own.service, message));
                continue;
            }
            return Err(Failed::Command { detector: say!("what-in", what = own.line, service = own.service), message });
        }
        Ok(())
    }

    /// The same where nothing else shows that the environment works: one of them must.
    pub fn need(
        &mut self,
        all: &[Own],
        first: bool,
        run: impl FnMut(&Own) -> Result<Ended, Failed>,
    ) -> Result<(), Failed> {
        self.run(all, first, run)?;
        if first && self.works.is_empty() {
            let message = say!("none-passes");
            let detector = all.first().map_or_else(Say::default, |own| say!("commands-in", service = own.service));
            return Err(Failed::Command { detector, message });
        }
        Ok(())
    }
}
