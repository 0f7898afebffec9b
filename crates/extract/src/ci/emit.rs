//! From the model to facts: pipelines, triggers, jobs, externals and gates.

use facts::Fact;

use super::github::events::is_source;
use super::model::{Job, Pipeline, says_deploy};
use super::{gate, handed_on, script};
use crate::{Project, Sink, purpose};

/// Emits everything about the pipelines of a repository.
pub(super) fn all(project: &Project, pipelines: &[Pipeline], sink: &mut Sink) {
    let mut steps = Sink::default();
    purpose::steps(project, pipelines, &mut steps);
    let steps = steps.into_facts();
    for pipeline in pipelines {
        sink.push(pipeline_fact(pipeline));
        triggers(pipeline, pipelines, sink);
        let own: Vec<&Fact> =
            steps.iter().filter(|step| step.kind() == "ci.step" && step.text("pipeline") == pipeline.path).collect();
        for job in &pipeline.jobs {
            sink.push(job_fact(pipeline, job, &own));
        }
        externals(pipeline, &own, sink);
        script::all(pipeline, sink);
    }
    gate::all(pipelines, &steps, sink);
    handed_on::all(pipelines, &steps, sink);
    steps.into_iter().for_each(|step| sink.push(step));
}

impl Pipeline {
    /// Whether a source event reaches at least one of its jobs.
    pub(crate) fn automatic(&self) -> bool {
        !self.disabled && self.jobs.iter().any(|job| job.automatic)
    }
}

fn pipeline_fact(pipeline: &Pipeline) -> Fact {
    let mut triggers: Vec<String> = pipeline.triggers.iter().map(|trigger| trigger.event.to_owned()).collect();
    triggers.sort();
    triggers.dedup();
    Fact::new("ci.pipeline", "ci", pipeline.at.clone())
        .with("engine", pipeline.engine)
        .with("name", pipeline.name.as_str())
        .with("triggers", triggers)
        .with("automatic", pipeline.automatic())
        .with("trigger_elsewhere", pipeline.trigger_elsewhere)
        .with("subfolder", pipeline.subfolder)
        .with("disabled", pipeline.disabled)
        .with("reusable", pipeline.reusable)
        .with("composed", !pipeline.externals.is_empty())
        .with("jobs", pipeline.jobs.len())
}

fn triggers(pipeline: &Pipeline, pipelines: &[Pipeline], sink: &mut Sink) {
    let upstream = || {
        let after = |other: &&Pipeline| pipeline.after.iter().any(|name| *name == other.name || *name == other.path);
        pipelines.iter().filter(after).any(Pipeline::automatic)
    };
    for trigger in &pipeline.triggers {
        let starts = match trigger.event {
            "upstream" => upstream(),
            event => is_source(event),
        };
        let reaches = |job: &Job| job.automatic && (job.events.is_empty() || job.events.contains(&trigger.event));
        let automatic = starts && !pipeline.disabled && pipeline.jobs.iter().any(reaches);
        let fact = Fact::new("ci.trigger", "ci", trigger.at.clone())
            .with("engine", pipeline.engine)
            .with("pipeline", pipeline.path.as_str())
            .with("event", trigger.event)
            .with("automatic", automatic)
            .with("subfolder", pipeline.subfolder);
        sink.push(fact);
    }
}

fn job_fact(pipeline: &Pipeline, job: &Job, steps: &[&Fact]) -> Fact {
    let mut purposes: Vec<String> = steps
        .iter()
        .filter(|step| step.text("job") == job.name)
        .flat_map(|step| step.list("purposes").iter().cloned())
        .collect();
    purposes.sort();
    purposes.dedup();
    let events: Vec<String> = job.events.iter().map(|event| (*event).to_owned()).collect();
    let fact = Fact::new("ci.job", "ci", job.at.clone())
        .with("engine", pipeline.engine)
        .with("pipeline", pipeline.path.as_str())
        .with("name", job.name.as_str())
        .with("stage", job.stage.as_str())
        .with("needs", job.needs.clone())
        .with("events", events)
        .with("refs", job.refs.clone())
        .with("automatic", job.automatic)
        .with("manual", job.manual.is_some())
        .with("allow_failure", job.allow_failure)
        .with("environment", job.environment.as_ref().map_or("", |environment| environment.text.as_str()))
        .with("purposes", purposes);
    let fact = match &job.environment {
        Some(environment) => fact.also(environment.at.clone()),
        None => fact,
    };
    match &job.manual {
        Some(at) => fact.also(at.clone()),
        None => fact,
    }
}

fn externals(pipeline: &Pipeline, steps: &[&Fact], sink: &mut Sink) {
    for external in &pipeline.externals {
        // A name that tells what it does leaves little to guess.
        let known = steps
            .iter()
            .any(|step| step.text("command").contains(&external.reference) && !step.list("purposes").is_empty());
        let fact = Fact::new("ci.external", "ci", external.at.clone())
            .with("engine", pipeline.engine)
            .with("pipeline", pipeline.path.as_str())
            .with("reference", external.reference.as_str())
            .with("what", external.what)
            .with("known", known)
            .with("deploys", says_deploy(&external.reference));
        sink.push(fact);
    }
}
