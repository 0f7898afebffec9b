//! Bitbucket Pipelines: `bitbucket-pipelines.yml`.

use super::model::{Job, Pipeline, Step, Trigger};
use super::order;
use super::place::Place;
use super::reading::{Reading, Script, step, uses};
use super::tree::Tree;
use crate::ci::model::Does;

/// Reads the configuration.
pub(super) fn read<'p>(reading: &mut Reading<'p, '_>, place: &Place<'p>) -> Option<Pipeline> {
    let root = reading.mapping(place.file)?;
    let pipelines = root.get("pipelines")?;
    let mut pipeline = super::pipeline(place, pipelines.entry_at());
    for (section, written) in pipelines.entries() {
        let event = match section.as_ref() {
            "default" | "branches" => "push",
            "pull-requests" => "merge-request",
            "tags" | "bookmarks" => "tag",
            "custom" => "manual",
            _ => "other",
        };
        if written.is_seq() {
            run(reading, &root, place, &mut pipeline, section, written, event, &[]);
            continue;
        }
        for (pattern, list) in written.entries() {
            let refs = if event == "push" || event == "tag" { vec![pattern.to_string()] } else { Vec::new() };
            let name = format!("{section}: {pattern}");
            run(reading, &root, place, &mut pipeline, &name, list, event, &refs);
        }
    }
    if let Some((name, first)) = pipelines.entries().first() {
        pipeline.at = place.file.at(pipelines.start..first.start + name.len());
    }
    reading.bound(place.file, &mut pipeline.jobs);
    order::close(&mut pipeline.jobs);
    (!pipeline.jobs.is_empty()).then_some(pipeline)
}

/// Adds the jobs of one list of steps; each waits for those before it, steps in parallel for the same ones.
#[allow(clippy::too_many_arguments, reason = "one list is read in one place with all that surrounds it")]
fn run<'p>(
    reading: &mut Reading<'p, '_>,
    root: &Tree<'p>,
    place: &Place<'p>,
    pipeline: &mut Pipeline,
    section: &str,
    list: &Tree<'p>,
    event: &'static str,
    refs: &[String],
) {
    if !pipeline.triggers.iter().any(|trigger| trigger.event == event) {
        pipeline.triggers.push(Trigger { event, at: list.entry_at() });
    }
    let mut before: Vec<String> = Vec::new();
    for item in list.items() {
        let mut group = Vec::new();
        members(item, 0, &mut group);
        let mut names = Vec::new();
        for (member, stage) in group {
            if !reading.spend(1) {
                return;
            }
            let number = pipeline.jobs.len() + 1;
            let mut job = job(root, place, member, section, number);
            job.environment = job.environment.or_else(|| stage.and_then(|stage| stage.get("deployment")?.written()));
            job.needs.extend(before.iter().cloned());
            job.events = vec![event];
            job.refs = refs.to_vec();
            job.automatic = matches!(event, "push" | "merge-request" | "tag");
            if event == "manual" {
                job.manual = Some(list.entry_at());
            }
            names.push(job.name.clone());
            pipeline.jobs.push(job);
        }
        before.extend(names);
    }
}

/// The steps of an entry: itself, those in parallel, those of a stage.
fn members<'t, 'p>(item: &'t Tree<'p>, depth: usize, found: &mut Vec<(&'t Tree<'p>, Option<&'t Tree<'p>>)>) {
    if let Some(step) = item.get("step") {
        found.push((step, None));
    }
    if let Some(parallel) = item.get("parallel").filter(|_| depth < 3) {
        let steps = if parallel.is_seq() { parallel } else { parallel.get("steps").unwrap_or(parallel) };
        steps.items().iter().for_each(|item| members(item, depth + 1, found));
    }
    if let Some(stage) = item.get("stage").filter(|_| depth < 3) {
        let first = found.len();
        let steps = stage.get("steps").map(Tree::items).unwrap_or_default();
        steps.iter().for_each(|item| members(item, depth + 1, found));
        found[first..].iter_mut().for_each(|(_, of)| *of = Some(stage));
    }
}

fn job(root: &Tree<'_>, place: &Place<'_>, written: &Tree<'_>, section: &str, number: usize) -> Job {
    let label = written.str_at("name").map_or_else(|| format!("step {number}"), str::to_owned);
    let mut job = Job::new(format!("{section} / {label} #{number}"), written.entry_at());
    let image = written.get("image").or_else(|| root.get("image"));
    job.image = image.and_then(|image| image.written().or_else(|| image.get("name")?.written()));
    job.environment = written.get("deployment").and_then(Tree::written);
    job.manual = written.get("trigger").filter(|trigger| trigger.str() == Some("manual")).map(Tree::entry_at);
    let paths = written.get("artifacts").map(|artifacts| artifacts.get("paths").unwrap_or(artifacts));
    job.artifacts = paths.map(|paths| paths.items().iter().filter_map(Tree::written).collect()).unwrap_or_default();
    for service in written.get("services").map(Tree::items).unwrap_or_default() {
        let image = service.str().and_then(|name| root.path(&["definitions", "services", name, "image"]));
        job.services.extend(image.and_then(Tree::written).or_else(|| service.written()));
    }
    if job.manual.is_some() {
        job.steps.push(step("", written.entry_at(), &place.root, Does::Approval));
    }
    if let Some(script) = written.get("script") {
        job.steps.extend(commands(script, place));
    }
    if let Some(script) = written.get("after-script") {
        job.steps.extend(commands(script, place).into_iter().map(|step| Step {
            always: true,
            allow_failure: true,
            ..step
        }));
    }
    job
}

/// A script: commands, with pipes among them.
fn commands(script: &Tree<'_>, place: &Place<'_>) -> Vec<Step> {
    let mut found = Vec::new();
    let mut gathered = Script::default();
    for item in script.many() {
        match item.get("pipe").and_then(Tree::str) {
            Some(pipe) => {
                found.extend(std::mem::take(&mut gathered).step("script", script.entry_at(), &place.root, ""));
                found.push(uses("pipe", pipe, item.get("variables"), item.at(), &place.root));
            }
            None => gathered.add(item),
        }
    }
    found.extend(gathered.step("script", script.entry_at(), &place.root, ""));
    found
}
