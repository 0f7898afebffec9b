//! Pipelines of all engines, shown as one line for each job.

mod engines;
mod first_class;
mod hostile;

use super::model::{Does, Job, Pipeline};
use crate::{Project, Sink};

/// The pipelines of a tree and how many parts could not be read.
fn read(files: &[(&str, &str)]) -> (Vec<Pipeline>, usize) {
    let project = Project::in_memory(files.iter().map(|(path, text)| (*path, *text)));
    let mut sink = Sink::default();
    let pipelines = super::pipelines(&project, &mut sink);
    (pipelines, sink.into_facts().len())
}

/// Compares the jobs of all pipelines with the expected lines.
#[track_caller]
fn check(files: &[(&str, &str)], expected: &[&str]) {
    let (pipelines, _) = read(files);
    let shown: Vec<String> = pipelines.iter().flat_map(|pipeline| pipeline.jobs.iter().map(show)).collect();
    assert_eq!(shown, expected);
}

/// `name (events) !needs flags: line; action`, with the line number of each command.
fn show(job: &Job) -> String {
    let mut text = format!("{} ({})", job.name, job.events.join(" "));
    if !job.needs.is_empty() {
        text.push_str(&format!(" after {}", job.needs.join(" + ")));
    }
    let flags = [
        ("manual", job.manual.is_some()),
        ("allowed", job.allow_failure),
        ("always", job.always),
        ("by hand only", !job.automatic),
    ];
    for (flag, _) in flags.iter().filter(|(_, set)| *set) {
        text.push_str(&format!(" [{flag}]"));
    }
    if let Some(environment) = &job.environment {
        text.push_str(&format!(" -> {}", environment.text));
    }
    let steps: Vec<String> = job
        .steps
        .iter()
        .flat_map(|step| match &step.does {
            Does::Shell { text, lines, .. } => {
                assert_eq!(text.split('\n').count(), lines.len(), "every line has its place");
                let place = if step.dir.is_empty() { String::new() } else { format!("{}/ ", step.dir) };
                let line = |(line, at): (&str, &facts::Location)| {
                    format!("{place}{line} @{}", at.span().map_or(0, |span| span.line))
                };
                text.split('\n').zip(lines).map(line).collect::<Vec<_>>()
            }
            Does::Uses { what, reference, .. } => vec![format!("<{what} {reference}>")],
            Does::Approval => vec!["<approval>".to_owned()],
        })
        .collect();
    format!("{text}: {}", steps.join("; "))
}
