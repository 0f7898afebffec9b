//! CircleCI: `.circleci/config.yml` with commands, executors, orbs, workflows and approvals.

use super::model::{External, Job, Pipeline, Step, Trigger, Written};
use super::order;
use super::place::Place;
use super::reading::{Reading, Script, step, uses};
use super::tree::Tree;
use crate::budget;
use crate::ci::model::Does;

/// The deepest nesting of `when` and `unless` groups and of commands.
const DEPTH: usize = budget::FOLLOW_DEPTH;

/// Reads the configuration.
pub(super) fn read<'p>(reading: &mut Reading<'p, '_>, place: &Place<'p>) -> Option<Pipeline> {
    let root = reading.mapping(place.file)?;
    let mut pipeline = super::pipeline(place, place.file.start());
    let mut config = Config { reading, root: &root, dir: place.root.as_str(), externals: Vec::new() };
    let workflows = root.get("workflows").map(Tree::entries).unwrap_or_default();
    for (name, workflow) in workflows.iter().filter(|(_, workflow)| workflow.is_map()) {
        config.workflow(name, workflow, &mut pipeline);
    }
    if workflows.is_empty()
        && let Some(build) = root.path(&["jobs", "build"])
    {
        let mut job = config.job("build", build);
        (job.events, job.automatic) = (vec!["push"], true);
        pipeline.triggers.push(Trigger { event: "push", at: build.entry_at() });
        pipeline.jobs.push(job);
    }
    pipeline.externals = config.externals;
    if let Some(jobs) = root.get("jobs").and_then(|jobs| jobs.entries().first().map(|(name, job)| (jobs, name, job))) {
        pipeline.at = place.file.at(jobs.0.start..jobs.2.start + jobs.1.len());
    }
    if root.get("setup").is_some_and(Tree::is_true) {
        let at = root.get("setup").map_or_else(|| place.file.start(), Tree::entry_at);
        pipeline.externals.push(External { what: "include", reference: "continuation".to_owned(), at });
    }
    reading.bound(place.file, &mut pipeline.jobs);
    order::close(&mut pipeline.jobs);
    (!pipeline.jobs.is_empty()).then_some(pipeline)
}

struct Config<'c, 'r, 'p, 's> {
    reading: &'r mut Reading<'p, 's>,
    root: &'c Tree<'p>,
    dir: &'c str,
    externals: Vec<External>,
}

impl<'p> Config<'_, '_, 'p, '_> {
    fn workflow(&mut self, name: &str, workflow: &Tree<'p>, pipeline: &mut Pipeline) {
        let Some(jobs) = workflow.get("jobs") else { return };
        let scheduled = workflow.get("triggers").filter(|triggers| triggers.is_seq());
        let never =
            workflow.get("when").is_some_and(Tree::is_false) || workflow.get("unless").is_some_and(Tree::is_true);
        if never {
            return;
        }
        let event = if scheduled.is_some() { "schedule" } else { "push" };
        let at = scheduled.unwrap_or(jobs).entry_at();
        if !pipeline.triggers.iter().any(|trigger| trigger.event == event) {
            pipeline.triggers.push(Trigger { event, at });
        }
        let first = pipeline.jobs.len();
        for entry in jobs.items() {
            if !self.reading.spend(1) {
                break;
            }
            let (called, detail) = match entry.entries().first() {
                Some((called, detail)) => (called.to_string(), Some(detail)),
                None => (entry.str().unwrap_or_default().to_owned(), None),
            };
            let mut job = self.scheduled_job(&called, entry, detail);
            job.stage = name.to_owned();
            let (events, refs) = filters(detail.and_then(|detail| detail.get("filters")), event);
            job.automatic = events.iter().any(|event| matches!(*event, "push" | "tag"));
            (job.events, job.refs) = (events, refs);
            pipeline.jobs.push(job);
        }
        rename(&mut pipeline.jobs, first, name);
    }

    fn scheduled_job(&mut self, called: &str, entry: &Tree<'p>, detail: Option<&Tree<'p>>) -> Job {
        let name = detail.and_then(|detail| detail.str_at("name")).unwrap_or(called);
        let approval = detail.is_some_and(|detail| detail.str_at("type") == Some("approval"));
        let mut job = if approval {
            let mut job = Job::new(name, entry.at());
            job.manual = Some(entry.at());
            job.steps.push(step(name, entry.at(), self.dir, Does::Approval));
            job
        } else if let Some(written) = self.root.path(&["jobs", called]) {
            self.job(name, written)
        } else {
            // A job of an orb.
            let mut job = Job::new(name, entry.at());
            job.steps.push(uses("orb", &self.orb(called), detail, entry.at(), self.dir));
            if called.contains('/') {
                self.externals.push(External { what: "component", reference: self.orb(called), at: entry.at() });
            }
            job
        };
        for requirement in detail.and_then(|detail| detail.get("requires")).map(Tree::many).unwrap_or_default() {
            let name = requirement.str().or_else(|| requirement.entries().first().map(|(name, _)| name.as_ref()));
            job.needs.extend(name.map(str::to_owned));
        }
        job
    }

    fn job(&mut self, name: &str, written: &Tree<'p>) -> Job {
        let mut job = Job::new(name, written.entry_at());
        let executor = written.get("executor").and_then(|executor| executor.str().or_else(|| executor.str_at("name")));
        let executor = executor.and_then(|executor| self.root.path(&["executors", executor]));
        let images: Vec<Written> = written
            .get("docker")
            .or_else(|| executor.and_then(|executor| executor.get("docker")))
            .map(|docker| docker.items().iter().filter_map(|image| image.get("image")?.written()).collect())
            .unwrap_or_default();
        let mut images = images.into_iter();
        job.image = images.next();
        job.services = images.collect();
        for steps in ["pre-steps", "steps", "post-steps"] {
            if let Some(steps) = written.get(steps) {
                job.steps.extend(self.steps(steps, DEPTH));
            }
        }
        job
    }

    fn steps(&mut self, steps: &Tree<'p>, depth: usize) -> Vec<Step> {
        let mut found = Vec::new();
        for written in steps.items() {
            if depth == 0 || !self.reading.spend(1) {
                break;
            }
            match written.entries().first() {
                Some((name, detail)) => self.step(name, detail, written, depth, &mut found),
                None => {
                    let name = written.str().unwrap_or_default().to_owned();
                    self.named(&name, None, written, depth, &mut found);
                }
            }
        }
        found
    }

    fn step(&mut self, name: &str, detail: &Tree<'p>, written: &Tree<'p>, depth: usize, found: &mut Vec<Step>) {
        match name {
            "run" => {
                let command = detail.get("command").unwrap_or(detail);
                let dir = detail.str_at("working_directory").filter(|dir| !dir.starts_with(['~', '/']));
                let dir = dir.and_then(|dir| crate::path::join(self.dir, dir)).unwrap_or_else(|| self.dir.to_owned());
                let mut script = Script::default();
                script.add(command);
                let shell = detail.str_at("shell").unwrap_or_default();
                let read = script.step(detail.str_at("name").unwrap_or_default(), command.entry_at(), &dir, shell);
                let always = matches!(detail.str_at("when"), Some("always" | "on_fail"));
                found.extend(read.map(|step| Step { always, ..step }));
            }
            "when" | "unless" => {
                if let Some(steps) = detail.get("steps") {
                    found.extend(self.steps(steps, depth - 1));
                }
            }
            _ => self.named(name, Some(detail), written, depth, found),
        }
    }

    /// A command of this file, a built-in step, or something of an orb.
    fn named(&mut self, name: &str, with: Option<&Tree<'p>>, written: &Tree<'p>, depth: usize, found: &mut Vec<Step>) {
        if let Some(steps) = self.root.path(&["commands", name, "steps"]) {
            let mut inner = self.steps(steps, depth - 1);
            for step in &mut inner {
                step.via.insert(0, written.at());
            }
            found.extend(inner);
            return;
        }
        let reference = if name.contains('/') { self.orb(name) } else { name.to_owned() };
        found.push(uses("orb", &reference, with, written.at(), self.dir));
    }

    /// The full name of something of an orb: `node/test` becomes `circleci/node@5/test`.
    fn orb(&self, name: &str) -> String {
        let Some((alias, rest)) = name.split_once('/') else { return name.to_owned() };
        match self.root.path(&["orbs", alias]).and_then(Tree::str) {
            Some(orb) => format!("{orb}/{rest}"),
            None => name.to_owned(),
        }
    }
}

/// The events and refs that filters let through. Tags start a job only when they are asked for.
fn filters(filters: Option<&Tree<'_>>, event: &'static str) -> (Vec<&'static str>, Vec<String>) {
    let Some(filters) = filters else { return (vec![event], Vec::new()) };
    let mut events = Vec::new();
    let ignored = filters.path(&["branches", "ignore"]).map(Tree::many).unwrap_or_default();
    let no_branch = ignored.iter().any(|pattern| matches!(pattern.str(), Some("/.*/" | "/.+/")));
    if !no_branch {
        events.push(event);
    }
    if filters.get("tags").is_some_and(|tags| tags.get("only").is_some()) {
        events.push("tag");
    }
    let only = filters.path(&["branches", "only"]).map(Tree::many).unwrap_or_default();
    let refs = only.into_iter().filter_map(Tree::str).map(str::to_owned).collect();
    (events, refs)
}

/// Jobs of the same name in several workflows are told apart by the workflow.
fn rename(jobs: &mut [Job], first: usize, workflow: &str) {
    let (before, own) = jobs.split_at_mut(first);
    let taken: Vec<String> = own
        .iter()
        .filter(|job| before.iter().any(|other| other.name == job.name))
        .map(|job| job.name.clone())
        .collect();
    let renamed = |name: &String| if taken.contains(name) { format!("{workflow} / {name}") } else { name.clone() };
    for job in own.iter_mut() {
        job.needs = job.needs.iter().map(renamed).collect();
        job.name = renamed(&job.name);
    }
}
