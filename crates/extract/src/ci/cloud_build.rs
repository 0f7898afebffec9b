//! Google Cloud Build and AWS CodeBuild: steps whose trigger is configured in the cloud.

use super::model::{Job, Pipeline, Step, Trigger, Written};
use super::place::Place;
use super::reading::{Reading, Script, uses};
use super::tree::Tree;
use crate::ci::model::Does;
use crate::{Project, path};

/// Reads a Cloud Build configuration, in YAML or JSON.
pub(super) fn read<'p>(reading: &mut Reading<'p, '_>, place: &Place<'p>) -> Option<Pipeline> {
    let root = reading.mapping(place.file)?;
    let steps = root.get("steps").filter(|steps| steps.is_seq())?;
    let mut pipeline = super::pipeline(place, steps.entry_at());
    let mut job = Job::new("build", steps.entry_at());
    for written in steps.items() {
        if !reading.spend(1) {
            break;
        }
        job.steps.extend(cloud_step(written, place));
    }
    if let Some(images) = root.get("images") {
        job.steps.push(uses("images", "cloud-build-images", Some(images), images.entry_at(), &place.root));
        let images = images.many().into_iter().filter_map(Tree::written);
        let with: Vec<(String, Written)> = images.map(|image| ("image".to_owned(), image)).collect();
        if let Some(Step { does: Does::Uses { with: inputs, .. }, .. }) = job.steps.last_mut() {
            *inputs = with;
        }
    }
    started(reading.project, &mut pipeline, &mut job, &["google_cloudbuild_trigger"]);
    pipeline.jobs.push(job);
    Some(pipeline)
}

/// A step is an image with arguments, or a script in that image.
fn cloud_step(written: &Tree<'_>, place: &Place<'_>) -> Option<Step> {
    let image = written.str_at("name")?;
    let dir = written.str_at("dir").and_then(|dir| path::join(&place.root, dir)).unwrap_or_else(|| place.root.clone());
    let name = written.str_at("id").unwrap_or_default();
    let entrypoint = written.str_at("entrypoint").unwrap_or_default();
    let mut script = Script::default();
    if let Some(text) = written.get("script") {
        script.add(text);
        return script.step(name, text.entry_at(), &dir, "");
    }
    let arguments = written.get("args").map(Tree::many).unwrap_or_default();
    let shell = matches!(path::name(entrypoint), "bash" | "sh");
    if let Some(command) = arguments
        .iter()
        .position(|argument| argument.str().is_some_and(|text| text.ends_with('c') && text.starts_with('-')))
        && shell
    {
        arguments.get(command + 1..)?.iter().for_each(|argument| script.add(argument));
        return script.step(name, written.at(), &dir, "");
    }
    // The image's own program runs with these arguments, as on a command line.
    let program = if entrypoint.is_empty() { program(image) } else { entrypoint };
    let words: Vec<String> = arguments.iter().filter_map(|argument| argument.str()).map(quoted).collect();
    script.push(&format!("{program} {}", words.join(" ")), written.at());
    let mut found = script.step(name, written.at(), &dir, "")?;
    found.allow_failure = written.get("allowFailure").is_some_and(Tree::is_true);
    Some(found)
}

/// The program of a well-known builder image: `gcr.io/cloud-builders/docker` runs docker.
fn program(image: &str) -> &str {
    let name = path::name(image);
    let name = name.split(['@', ':']).next().unwrap_or(name);
    match name {
        "cloud-sdk" | "google-cloud-cli" => "gcloud",
        "executor" if image.contains("kaniko") => "/kaniko/executor",
        "kubectl" | "gke-deploy" | "docker" | "gcloud" | "npm" | "yarn" | "mvn" | "gradle" | "go" | "git" | "bazel" => {
            name
        }
        name => name,
    }
}

fn quoted(word: &str) -> String {
    let plain = word.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:=@%+,$\u{7b}\u{7d}".contains(c));
    if plain && !word.is_empty() { word.to_owned() } else { format!("'{}'", word.replace(['\'', '\n'], " ")) }
}

/// Reads a CodeBuild build specification.
pub(super) fn buildspec<'p>(reading: &mut Reading<'p, '_>, place: &Place<'p>) -> Option<Pipeline> {
    let root = reading.mapping(place.file)?;
    let phases = root.get("phases")?;
    let mut pipeline = super::pipeline(place, phases.entry_at());
    let mut job = Job::new("build", phases.entry_at());
    for name in ["install", "pre_build", "build", "post_build"] {
        let Some(phase) = phases.get(name) else { continue };
        for (part, always) in [("commands", name == "post_build"), ("finally", true)] {
            let Some(commands) = phase.get(part) else { continue };
            let mut script = Script::default();
            script.add(commands);
            // The phase after the build runs although the build failed.
            let read = script.step(name, commands.entry_at(), &place.root, "");
            job.steps.extend(read.map(|step| Step { always, ..step }));
        }
    }
    let files = root.path(&["artifacts", "files"]).map(Tree::many).unwrap_or_default();
    job.artifacts = files.into_iter().filter_map(Tree::written).collect();
    let triggers = [
        "aws_codebuild_webhook",
        "aws_codepipeline",
        "AWS::CodePipeline::Pipeline",
        "Webhook: true",
        "codepipeline.Pipeline",
    ];
    started(reading.project, &mut pipeline, &mut job, &triggers);
    pipeline.jobs.push(job);
    Some(pipeline)
}

/// Looks for the configuration that starts such a build in the infrastructure code of the repository.
fn started(project: &Project, pipeline: &mut Pipeline, job: &mut Job, resources: &[&str]) {
    let files = project.files().filter(|file| {
        file.class.effective() && matches!(file.extension().as_str(), "tf" | "yml" | "yaml" | "json" | "ts" | "py")
    });
    for file in files.filter(|file| file.size < 256 * 1024) {
        let text = file.str();
        if let Some(at) = resources.iter().find_map(|resource| text.find(resource)) {
            let line = text[..at].matches('\n').count() + 1;
            if text.lines().nth(line - 1).is_some_and(|line| line.trim_start().starts_with(['#', '/'])) {
                continue;
            }
            pipeline.triggers.push(Trigger { event: "push", at: file.at_line(line) });
            (job.events, job.automatic) = (vec!["push"], true);
            return;
        }
    }
    pipeline.trigger_elsewhere = true;
}
