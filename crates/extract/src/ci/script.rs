//! The steps of pipelines as a sandbox would run them: in order, with their text, folder and variables.

use facts::{Fact, Location};

use super::model::{Does, Job, Pipeline, Step, Written};
use crate::Sink;

/// The longest text that a fact carries; longer scripts are cut and said to be.
const SCRIPT_BYTES: usize = 32 * 1024;

/// Emits one fact for each step that runs or uses something.
pub(super) fn all(pipeline: &Pipeline, sink: &mut Sink) {
    for (place, job) in pipeline.jobs.iter().enumerate() {
        for (number, step) in job.steps.iter().enumerate() {
            sink.push(one(pipeline, job, step).with("job_order", place).with("order", number));
        }
    }
}

fn one(pipeline: &Pipeline, job: &Job, step: &Step) -> Fact {
    let texts = |all: &[Written]| all.iter().map(|written| written.text.clone()).collect::<Vec<_>>();
    let env: Vec<String> = step.env.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let fact = Fact::new("ci.script", "ci", step.at.clone())
        .with("engine", pipeline.engine)
        .with("pipeline", pipeline.path.as_str())
        .with("job", job.name.as_str())
        .with("needs", job.needs.clone())
        .with("name", step.name.as_str())
        .with("dir", step.dir.as_str())
        .with("env", env)
        .with("events", job.events.as_slice())
        .with("automatic", job.automatic && !pipeline.disabled)
        .with("manual", job.manual.is_some())
        .with("allow_failure", job.allow_failure || step.allow_failure)
        .with("always", job.always || step.always)
        .with("image", job.image.as_ref().map_or("", |image| image.text.as_str()))
        .with("services", texts(&job.services));
    match &step.does {
        Does::Shell { text, lines, shell } => {
            let cut = text.floor_char_boundary(SCRIPT_BYTES);
            fact.with("script", &text[..cut])
                .with("cut", cut < text.len())
                .with("shell", shell.as_str())
                .with("lines", lines.iter().map(line).collect::<Vec<_>>())
        }
        Does::Uses { what, reference, with } => {
            let with: Vec<String> = with.iter().map(|(name, value)| format!("{name}={}", value.text)).collect();
            fact.with("what", *what).with("uses", reference.as_str()).with("with", with)
        }
        Does::Approval => fact.with("what", "approval"),
    }
}

fn line(at: &Location) -> String {
    match (at.path(), at.span()) {
        (Some(path), Some(span)) => format!("{path}:{}", span.line),
        _ => String::new(),
    }
}
