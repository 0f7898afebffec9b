//! Concourse: jobs with plans of gets, puts and tasks. Its files have no fixed place: they are known by their shape.

use super::model::{External, Job, Pipeline, Step, Trigger};
use super::order;
use super::place::Place;
use super::reading::{Reading, Script, uses};
use super::tree::Tree;
use crate::path;

/// Reads a pipeline, when the file is one.
pub(super) fn read<'p>(reading: &mut Reading<'p, '_>, place: &Place<'p>) -> Option<Pipeline> {
    let root = reading.mapping(place.file)?;
    let jobs = root.get("jobs").filter(|jobs| jobs.is_seq())?;
    let mut pipeline = super::pipeline(place, jobs.entry_at());
    for written in jobs.items() {
        let (Some(name), Some(plan)) = (written.str_at("name"), written.get("plan")) else { continue };
        if !reading.spend(1) {
            break;
        }
        let mut job = Job::new(name, written.at());
        let mut plan_reader = Plan { reading, root: &root, place, job: &mut job, pipeline: &mut pipeline };
        plan_reader.steps(plan, false, 0);
        pipeline.jobs.push(job);
    }
    triggered_by_passed(&mut pipeline.jobs);
    reading.bound(place.file, &mut pipeline.jobs);
    order::close(&mut pipeline.jobs);
    (!pipeline.jobs.is_empty()).then_some(pipeline)
}

struct Plan<'a, 'r, 'p, 's> {
    reading: &'r mut Reading<'p, 's>,
    root: &'a Tree<'p>,
    place: &'a Place<'p>,
    job: &'a mut Job,
    pipeline: &'a mut Pipeline,
}

impl<'p> Plan<'_, '_, 'p, '_> {
    fn steps(&mut self, list: &Tree<'p>, always: bool, depth: usize) {
        for written in list.items() {
            self.step(written, always, depth);
        }
    }

    fn step(&mut self, written: &Tree<'p>, always: bool, depth: usize) {
        if depth > 10 || !self.reading.spend(1) {
            return;
        }
        for group in ["in_parallel", "aggregate", "do"] {
            if let Some(inner) = written.get(group) {
                self.steps(inner.get("steps").unwrap_or(inner), always, depth + 1);
            }
        }
        if let Some(inner) = written.get("try") {
            let first = self.job.steps.len();
            self.step(inner, always, depth + 1);
            self.job.steps[first..].iter_mut().for_each(|step| step.allow_failure = true);
        }
        if let Some(get) = written.get("get") {
            self.get(written, get);
        }
        if let Some(put) = written.get("put") {
            let name = put.str().unwrap_or_default();
            let kind =
                self.resource(written.str_at("resource").unwrap_or(name)).and_then(|resource| resource.str_at("type"));
            let reference = format!("put {}", kind.unwrap_or(name));
            let step = uses("resource", &reference, written.get("params"), written.at(), &self.place.root);
            self.job.steps.push(Step { always, name: name.to_owned(), ..step });
        }
        if written.get("task").is_some() {
            let task = self.task(written);
            self.job.steps.extend(task.map(|step| Step { always, ..step }));
        }
        for (hook, always) in [("on_success", false), ("ensure", true), ("on_failure", true)] {
            if let Some(inner) = written.get(hook) {
                self.step(inner, always, depth + 1);
            }
        }
    }

    fn resource(&self, name: &str) -> Option<&Tree<'p>> {
        let resources = self.root.get("resources")?.items();
        resources.iter().find(|resource| resource.str_at("name") == Some(name))
    }

    /// A new version of a resource starts the job when it says `trigger: true`.
    fn get(&mut self, written: &Tree<'p>, get: &Tree<'p>) {
        for passed in written.get("passed").map(Tree::many).unwrap_or_default() {
            self.job.needs.extend(passed.str().map(str::to_owned));
        }
        if !written.get("trigger").is_some_and(Tree::is_true) {
            return;
        }
        let name = written.str_at("resource").or_else(|| get.str()).unwrap_or_default();
        let kind = self.resource(name).and_then(|resource| resource.str_at("type")).unwrap_or_default();
        let event = match kind {
            "git" => "push",
            "pull-request" | "github-pr" | "gitlab-merge-request" => "merge-request",
            "github-release" => "release",
            "time" => "schedule",
            _ if !self.job.needs.is_empty() => return,
            _ => "other",
        };
        self.job.events.push(event);
        self.pipeline.triggers.push(Trigger { event, at: written.at() });
    }

    fn task(&mut self, written: &Tree<'p>) -> Option<Step> {
        let name = written.str_at("task").unwrap_or_default();
        let mut config = written.get("config").cloned();
        if config.is_none()
            && let Some(file) = written.str_at("file")
        {
            // The first part of the path is the resource that holds the file.
            let inside = file.split_once('/').map_or(file, |(_, inside)| inside);
            let file = path::join(&self.place.root, inside).and_then(|path| self.reading.project.file(&path));
            match file {
                Some(file) => config = self.reading.mapping(file),
                None => {
                    let reference = written.str_at("file").unwrap_or_default().to_owned();
                    self.pipeline.externals.push(External { what: "include", reference, at: written.at() });
                }
            }
        }
        let run = config.as_ref()?.get("run")?;
        let arguments = run.get("args").map(Tree::many).unwrap_or_default();
        let mut script = Script::default();
        let shell = run.str_at("path").is_some_and(|path| matches!(path::name(path), "sh" | "bash"));
        let inline = arguments
            .iter()
            .position(|argument| argument.str().is_some_and(|text| text.starts_with('-') && text.ends_with('c')));
        match inline.filter(|_| shell) {
            Some(at) => arguments.get(at + 1..)?.iter().for_each(|argument| script.add(argument)),
            None => {
                let words: Vec<&str> = std::iter::once(run.str_at("path")?)
                    .chain(arguments.iter().filter_map(|word| word.str()))
                    .collect();
                // A program of the repository is named through the resource that holds it.
                let line = words.join(" ");
                script.push(&line, run.entry_at());
            }
        }
        script.step(name, run.entry_at(), &self.place.root, "")
    }
}

/// A job that waits for another one is reached from the same event when a version that passed triggers it.
fn triggered_by_passed(jobs: &mut [Job]) {
    for _ in 0..10 {
        let known: Vec<(String, Vec<&'static str>)> =
            jobs.iter().map(|job| (job.name.clone(), job.events.clone())).collect();
        for job in jobs
            .iter_mut()
            .filter(|job| job.events.contains(&"other") || job.events.is_empty() && !job.needs.is_empty())
        {
            let before = known.iter().filter(|(name, _)| job.needs.contains(name));
            let events: Vec<&'static str> = before.flat_map(|(_, events)| events.clone()).collect();
            job.events.extend(events);
            job.events.sort_unstable();
            job.events.dedup();
        }
    }
    for job in jobs.iter_mut() {
        job.automatic = job.events.iter().any(|event| super::github::events::is_source(event));
    }
}
