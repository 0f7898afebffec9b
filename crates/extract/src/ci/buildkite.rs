//! Buildkite: `.buildkite/pipeline.yml`. What starts it is set in Buildkite itself.

use super::model::{Does, Job, Pipeline, Step};
use super::order;
use super::place::Place;
use super::reading::{Reading, Script, step, uses};
use super::tree::Tree;

/// Reads the pipeline.
pub(super) fn read<'p>(reading: &mut Reading<'p, '_>, place: &Place<'p>) -> Option<Pipeline> {
    let root = reading.documents(place.file).into_iter().next()?;
    let steps = if root.is_seq() { &root } else { root.get("steps")? };
    let mut pipeline = super::pipeline(place, steps.entry_at());
    pipeline.trigger_elsewhere = true;
    let mut before: Vec<String> = Vec::new();
    let mut since_wait: Vec<String> = Vec::new();
    for item in flattened(steps) {
        let kind = |name: &str| item.str() == Some(name) || item.get(name).is_some();
        if kind("wait") || kind("block") {
            before.append(&mut since_wait);
        }
        if kind("wait") || !reading.spend(1) {
            continue;
        }
        let mut job = job(item, pipeline.jobs.len() + 1, place);
        if kind("block") {
            job.manual = Some(item.at());
            job.steps.push(step("", item.at(), &place.root, Does::Approval));
        }
        let named = item.get("depends_on").map(Tree::many).unwrap_or_default();
        let named = named.into_iter().filter_map(|need| need.str().or_else(|| need.str_at("step")));
        job.needs = named.map(str::to_owned).chain(before.iter().cloned()).collect();
        // Everything after a block waits for it.
        if kind("block") {
            before.push(job.name.clone())
        } else {
            since_wait.push(job.name.clone())
        }
        pipeline.jobs.push(job);
    }
    reading.bound(place.file, &mut pipeline.jobs);
    order::close(&mut pipeline.jobs);
    (!pipeline.jobs.is_empty()).then_some(pipeline)
}

/// The steps with those of groups put in place.
fn flattened<'t, 'p>(steps: &'t Tree<'p>) -> Vec<&'t Tree<'p>> {
    let inner = |item: &'t Tree<'p>| match item.get("steps").filter(|_| item.get("group").is_some()) {
        Some(steps) => steps.items().iter().collect(),
        None => vec![item],
    };
    steps.items().iter().flat_map(inner).collect()
}

fn job(item: &Tree<'_>, number: usize, place: &Place<'_>) -> Job {
    let name = ["key", "id", "identifier", "label", "name", "block"].iter().find_map(|key| item.str_at(key));
    let mut job = Job::new(name.map_or_else(|| format!("step {number}"), str::to_owned), item.at());
    job.condition = item.get("if").and_then(Tree::written);
    job.allow_failure = item.get("soft_fail").is_some_and(Tree::is_true);
    let artifacts = item.get("artifact_paths").map(Tree::many).unwrap_or_default();
    job.artifacts = artifacts.into_iter().filter_map(Tree::written).collect();
    job.steps.extend(plugins(item, place));
    let mut script = Script::default();
    for key in ["command", "commands"] {
        if let Some(commands) = item.get(key) {
            script.add(commands);
        }
    }
    let at = item.get("command").or_else(|| item.get("commands")).unwrap_or(item).entry_at();
    job.steps.extend(script.step("command", at, &place.root, ""));
    if let Some(trigger) = item.get("trigger") {
        job.steps.push(uses("trigger", trigger.str().unwrap_or_default(), None, trigger.entry_at(), &place.root));
    }
    job
}

fn plugins(item: &Tree<'_>, place: &Place<'_>) -> Vec<Step> {
    let mut found = Vec::new();
    let Some(plugins) = item.get("plugins") else { return found };
    let entries = plugins.items().iter().flat_map(Tree::entries).chain(plugins.entries());
    for (name, with) in entries {
        found.push(uses("plugin", name, Some(with), with.entry_at(), &place.root));
    }
    found
}
