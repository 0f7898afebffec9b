//! An environment that a Compose project describes.

use std::collections::{BTreeMap, BTreeSet};

use super::faults::{self, Broken};
use super::inside::{self, Known, Own};
use super::subject::{Around, Attempt, Failed, Way};
use crate::experiment::{Bench, Ground, Line, Sketch};
use crate::protocol::{FaultKind, Stop};
use crate::say::{Say, Spoken, say};
use crate::stack::{Images, Origin, Project, Service, Stack, Stage, Trouble, Wrong, found};
use crate::tree::Tree;

/// The most projects of a repository that are tried.
const PROJECTS: usize = 3;

/// A Compose project.
pub(super) struct Compose {
    file: String,
    project: Project,
    /// A service that is there to run the tests, and the profiles that bring it.
    tests: Option<Service>,
    own: Vec<Own>,
}

type Found = Result<(Box<dyn Way>, Vec<Broken>), Say>;

/// The projects of the tree in which the application is developed.
pub(super) fn plan(ground: &Ground<'_>) -> Vec<Found> {
    let services = ground.facts.of("compose.service");
    let fact = |file: &str, asked: &dyn Fn(&facts::Fact) -> bool| {
        services.iter().any(|fact| fact.text("file") == file && asked(fact))
    };
    let mut files: Vec<String> = found(ground.tree);
    files.retain(|file| {
        !file.starts_with(".devcontainer/")
            && !fact(file, &|fact| fact.is("example") || fact.text("purpose") == "deployment")
    });
    // What builds the application comes before what only surrounds it.
    files.sort_by_key(|file| !fact(file, &|fact| fact.is("builds") || fact.is("application")));
    let mut dirs: BTreeSet<String> = BTreeSet::new();
    files.retain(|file| dirs.insert(file.rsplit_once('/').map_or("", |(dir, _)| dir).to_owned()));
    files.iter().take(PROJECTS).map(|file| one(ground, file)).collect()
}

fn one(ground: &Ground<'_>, file: &str) -> Found {
    let all = Project::read(ground.tree, file, &["test", "tests", "ci", "check", "integration"])?;
    let project = Project::read(ground.tree, file, &[])?;
    if let Some(hindrance) = project.hindered() {
        return Err(hindrance.spoken());
    }
    project.order()?;
    let tests = all.services.values().find(|service| inside::is_tests(service)).cloned();
    let own = if tests.is_some() { Vec::new() } else { inside::commands(ground, &project) };
    let broken = faults::all(ground, &project, tests.as_ref());
    if broken.iter().all(|broken| broken.fault.kind == FaultKind::Null) {
        return Err(say!("published-only", file));
    }
    Ok((Box::new(Compose { file: file.to_owned(), project, tests, own }), broken))
}

impl Compose {
    /// Its services as the files say now, without those that are there to run tests.
    fn read(&self, tree: &Tree, around: &Around) -> Result<(Project, Option<Project>), Failed> {
        let tests = self.tests.as_ref();
        let profiles: Vec<&str> =
            tests.map_or(Vec::new(), |service| service.profiles.iter().map(String::as_str).collect());
        let read = |profiles: &[&str]| Project::read(tree, &self.file, profiles);
        let both = read(&[]).and_then(|project| Ok((project, read(&profiles)?)));
        let (mut project, mut all) = both.map_err(|message| {
            let at = crate::At { path: self.file.clone(), line: 1 };
            Wrong::Subject(Trouble::new(Stage::Read, "services", &at, message, ""))
        })?;
        if let Some(hindrance) = project.hindered() {
            return Err(Wrong::Subject(Trouble::new(
                Stage::Start,
                &hindrance.service,
                &hindrance.at,
                hindrance.spoken(),
                "",
            ))
            .into());
        }
        if let Around::Without(service) = around {
            (project, all) = (project.without(service), all.without(service));
        }
        if let Some(tests) = tests {
            let mut rest: Vec<&str> = project.services.keys().map(String::as_str).collect();
            rest.retain(|name| *name != tests.name);
            project = project.only(&rest);
        }
        Ok((project, tests.map(|_| all)))
    }
}

impl Way for Compose {
    fn sketch(&self) -> Sketch {
        let at = |at: &crate::At| format!("{}:{}", at.path, at.line);
        let mut runs: Vec<Line> = Vec::new();
        for service in self.project.services.values() {
            let text = match &service.origin {
                Origin::Image(name, _) => say!("start", name),
                Origin::Build(build) => {
                    say!("build-start", name = if build.context.is_empty() { "." } else { &build.context })
                }
            };
            runs.push(Line { what: say!("service", name = service.name), text, from: vec![at(&service.at)] });
        }
        if let Some(tests) = &self.tests {
            let text = tests.command.as_ref().map_or_else(|| say!("as-image-says"), |words| words.join(" ").into());
            runs.push(Line { what: say!("in-service", service = tests.name), text, from: vec![at(&tests.at)] });
        }
        runs.extend(self.own.iter().map(Own::shown));
        let skipped = self.project.unhonoured.iter().map(|found| Line {
            what: found.what.clone(),
            text: say!("not-given"),
            from: vec![at(&found.at)],
        });
        Sketch { subject: self.file.clone(), runs, skipped: skipped.collect(), stand_ins: Vec::new() }
    }

    fn open<'a>(&'a self, bench: &'a Bench<'a>) -> Result<Box<dyn Attempt + 'a>, Stop> {
        let name = format!("c1-{}", &crate::attest::digest(self.file.as_bytes())[..8]);
        let stack = Stack::new(bench, &name)?;
        let notes = self.project.notes.clone();
        Ok(Box::new(Up {
            way: self,
            images: Images::new(bench),
            stack,
            answers: BTreeMap::new(),
            known: Known { notes, ..Known::default() },
        }))
    }
}

/// The project as it runs.
struct Up<'a> {
    way: &'a Compose,
    images: Images<'a>,
    stack: Stack<'a>,
    /// The addresses that answered well without a fault, and where their service is written.
    answers: BTreeMap<String, (String, crate::At)>,
    known: Known,
}

impl Attempt for Up<'_> {
    fn attempt(&mut self, tree: &Tree, around: &Around, first: bool) -> Result<(), Failed> {
        let (project, all) = self.way.read(tree, around)?;
        let made = self.images.make(tree, all.as_ref().unwrap_or(&project))?;
        self.stack.lay(tree, all.as_ref().unwrap_or(&project), made)?;
        if let Around::Taken { service, port } = around {
            self.stack.take(service, *port);
        }
        self.stack.up_only(&project)?;
        if first {
            self.answers = self.stack.answering(&project)?;
        }
        self.ask()?;
        self.run_tests()?;
        self.run_own(first)
    }

    fn stand_ins(&self) -> Vec<Say> {
        self.images.stand_ins.iter().cloned().collect()
    }

    fn notes(&self) -> Vec<Say> {
        self.known.notes.iter().chain(&self.images.notes).cloned().collect()
    }
}

impl Up<'_> {
    fn ask(&mut self) -> Result<(), Failed> {
        for (url, (service, at)) in &self.answers {
            let answer = self.stack.probe(url)?;
            if !answer.as_ref().is_some_and(|answer| answer.status < 400) {
                let said = answer.map_or_else(|| "nothing".to_owned(), |answer| answer.status.to_string());
                let message = say!("answers", url, told = said);
                return Err(Wrong::Subject(Trouble::new(Stage::Start, service, at, message, "")).into());
            }
        }
        Ok(())
    }

    /// The service that is there to run tests ends well.
    fn run_tests(&mut self) -> Result<(), Failed> {
        let Some(tests) = &self.way.tests else { return Ok(()) };
        match self.stack.run_once(&tests.name) {
            Ok(()) => Ok(()),
            Err(Wrong::Subject(trouble)) if trouble.stage == Stage::Start => {
                Err(Failed::Command { detector: say!("tests-in", service = tests.name), message: trouble.message })
            }
            Err(wrong) => Err(wrong.into()),
        }
    }

    fn run_own(&mut self, first: bool) -> Result<(), Failed> {
        let stack = &mut self.stack;
        self.known.run(&self.way.own, first, |own| match stack.exec(&own.service, own.command()) {
            Ok(ended) => Ok(ended),
            // It may have ended by itself since it was started.
            Err(stop) => stack.runs(&own.service).map_err(Failed::from).and(Err(stop.into())),
        })
    }
}
