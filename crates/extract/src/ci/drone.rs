//! Drone and Woodpecker: pipelines of container steps, one or many to a file.

use super::model::{Job, Pipeline, Step, Trigger};
use super::order;
use super::place::Place;
use super::reading::{Reading, Script, uses};
use super::tree::Tree;

/// Reads all pipelines of a file as jobs of one.
pub(super) fn read<'p>(reading: &mut Reading<'p, '_>, place: &Place<'p>) -> Option<Pipeline> {
    let documents = reading.documents(place.file);
    let mut pipeline = super::pipeline(place, documents.first()?.entry_at());
    for (number, root) in documents.iter().enumerate().filter(|(_, root)| root.is_map()) {
        let Some(steps) = root.get("steps").or_else(|| root.get("pipeline")) else { continue };
        if root.str_at("kind").is_some_and(|kind| kind != "pipeline") || !reading.spend(1) {
            continue;
        }
        let name = root.str_at("name").map_or_else(|| format!("pipeline {}", number + 1), str::to_owned);
        let mut job = job(root, steps, &name, place);
        triggers(root, &mut job, &mut pipeline, place.engine);
        pipeline.jobs.push(job);
    }
    reading.bound(place.file, &mut pipeline.jobs);
    order::close(&mut pipeline.jobs);
    (!pipeline.jobs.is_empty()).then_some(pipeline)
}

fn job<'p>(root: &Tree<'p>, steps: &Tree<'p>, name: &str, place: &Place<'p>) -> Job {
    let mut job = Job::new(name, steps.entry_at());
    let needs = root.get("depends_on").map(Tree::many).unwrap_or_default();
    job.needs = needs.into_iter().filter_map(Tree::str).map(str::to_owned).collect();
    let named: Vec<(String, &Tree<'p>)> = if steps.is_seq() {
        let named = steps.items().iter();
        named.map(|step| (step.str_at("name").unwrap_or_default().to_owned(), step)).collect()
    } else {
        steps.entries().iter().map(|(name, step)| (name.to_string(), step)).collect()
    };
    for (name, written) in named {
        job.steps.extend(step(&name, written, place));
    }
    let services = root.get("services");
    let images = services.map(|services| {
        let listed = services.items().iter().chain(services.entries().iter().map(|(_, service)| service));
        listed.filter_map(|service| service.get("image")?.written()).collect()
    });
    job.services = images.unwrap_or_default();
    job
}

/// A step runs commands in its image; without commands the image is a plugin with settings.
fn step(name: &str, written: &Tree<'_>, place: &Place<'_>) -> Option<Step> {
    let mut found = match written.get("commands").or_else(|| written.get("command")) {
        Some(commands) => {
            let mut script = Script::default();
            script.add(commands);
            script.step(name, commands.entry_at(), &place.root, "")?
        }
        None => {
            let image = written.str_at("image")?;
            let settings = written.get("settings").or(Some(written));
            let mut used = uses("plugin", image, settings, written.at(), &place.root);
            name.clone_into(&mut used.name);
            used
        }
    };
    found.allow_failure = written.str_at("failure") == Some("ignore");
    let status = written.path(&["when", "status"]).map(Tree::many).unwrap_or_default();
    found.always = status.iter().any(|status| status.str() == Some("failure"));
    Some(found)
}

/// The events of `trigger` (Drone) or `when` (Woodpecker); without them every event starts it.
fn triggers(root: &Tree<'_>, job: &mut Job, pipeline: &mut Pipeline, engine: &str) {
    let written = root.get(if engine == "drone" { "trigger" } else { "when" });
    let conditions: Vec<&Tree<'_>> = written.map(Tree::many).unwrap_or_default();
    let mut names: Vec<String> = Vec::new();
    for condition in &conditions {
        let event = condition.get("event");
        let included = event.map(|event| event.get("include").unwrap_or(event));
        names.extend(
            included.map(Tree::many).unwrap_or_default().iter().filter_map(|name| name.str()).map(str::to_owned),
        );
        let branch = condition.get("branch").map(|branch| branch.get("include").unwrap_or(branch));
        job.refs
            .extend(branch.map(Tree::many).unwrap_or_default().iter().filter_map(|name| name.str()).map(str::to_owned));
        if condition.get("cron").is_some() && event.is_none() {
            names.push("cron".to_owned());
        }
    }
    if names.is_empty() {
        names = ["push", "pull_request"].map(str::to_owned).to_vec();
    }
    let at = written.unwrap_or(root).entry_at();
    for name in names {
        let event = match name.as_str() {
            "push" => "push",
            "pull_request" | "pull_request_closed" => "merge-request",
            "tag" => "tag",
            "release" => "release",
            "cron" => "schedule",
            "promote" | "rollback" | "custom" | "manual" | "deployment" => "manual",
            _ => "other",
        };
        if !job.events.contains(&event) {
            job.events.push(event);
        }
        if !pipeline.triggers.iter().any(|trigger| trigger.event == event) {
            pipeline.triggers.push(Trigger { event, at: at.clone() });
        }
    }
    job.automatic = job.events.iter().any(|event| super::github::events::is_source(event));
    if job.events == ["manual"] {
        job.manual = Some(at);
    }
}
