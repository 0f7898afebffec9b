//! What starts a Jenkins pipeline, as far as the repository says it.

use super::call::Call;
use crate::ci::github::events::is_source;
use crate::ci::model::{Pipeline, Trigger};
use crate::{File, Project};

/// The calls and XML elements that start a job, with the event that they stand for.
const TRIGGERS: [(&str, &str); 17] = [
    ("githubPush", "push"),
    ("pollSCM", "push"),
    ("gitlabPush", "push"),
    ("gitlab", "push"),
    ("GenericTrigger", "push"),
    ("bitbucketPush", "push"),
    ("bitBucketTrigger", "push"),
    ("giteaPush", "push"),
    ("genericTrigger", "push"),
    ("githubPullRequest", "merge-request"),
    ("githubPullRequests", "merge-request"),
    ("githubBranches", "push"),
    ("ghprbTrigger", "merge-request"),
    ("pullRequest", "merge-request"),
    ("cron", "schedule"),
    ("parameterizedCron", "schedule"),
    ("upstream", "upstream"),
];

/// Definitions of jobs that start them on a push: of Job DSL, configuration as code and exported jobs.
const DEFINED: [&str; 9] = [
    "githubPush()",
    "GitHubPushTrigger",
    "GitLabPushTrigger",
    "SCMTrigger",
    "pollSCM",
    "multibranchPipelineJob(",
    "WorkflowMultiBranchProject",
    "organizationFolder(",
    "GenericTrigger",
];

/// Fills in the triggers of a pipeline and which of its jobs they reach.
pub(super) fn start(project: &Project, file: &File, calls: &[Call], pipeline: &mut Pipeline) {
    for call in calls {
        call.walk(&mut |call| {
            if matches!(call.name.as_str(), "triggers" | "pipelineTriggers") {
                declared(file, call, pipeline);
            }
        });
    }
    if pipeline.triggers.is_empty() {
        defined(project, pipeline);
    }
    pipeline.trigger_elsewhere = !pipeline.triggers.iter().any(|trigger| is_source(trigger.event));
    let events: Vec<&'static str> = pipeline.triggers.iter().map(|trigger| trigger.event).collect();
    let automatic = !pipeline.trigger_elsewhere;
    for job in &mut pipeline.jobs {
        if job.events.is_empty() {
            job.events.clone_from(&events);
        }
        job.automatic = automatic;
    }
}

fn declared(file: &File, triggers: &Call, pipeline: &mut Pipeline) {
    triggers.walk(&mut |call| {
        if let Some((_, event)) = TRIGGERS.iter().find(|(name, _)| *name == call.name) {
            pipeline.triggers.push(Trigger { event, at: file.at(call.range.clone()) });
        }
    });
}

/// Looks for the definition of the job among the files that configure Jenkins.
fn defined(project: &Project, pipeline: &mut Pipeline) {
    let files = project.files().filter(|file| {
        let path = file.path.to_ascii_lowercase();
        let jenkins = path.contains("jenkins") || path.contains("casc") || path.contains("job");
        let kind = matches!(file.extension().as_str(), "groovy" | "xml" | "yml" | "yaml" | "dsl" | "j2");
        file.class.effective() && jenkins && kind && file.size < 256 * 1024
    });
    for file in files.filter(|file| *file.path != *pipeline.path) {
        let Ok(text) = file.text() else { continue };
        for (number, line) in text.lines() {
            let comment = line.trim_start().starts_with(['#', '/', '*']) || line.trim_start().starts_with("<!--");
            if !comment && DEFINED.iter().any(|word| line.contains(word)) {
                pipeline.triggers.push(Trigger { event: "push", at: file.at_line(number) });
                return;
            }
        }
    }
}
