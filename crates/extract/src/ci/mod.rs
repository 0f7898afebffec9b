//! Continuous integration, whatever its engine: definitions in, one common model and its facts out.

mod answer;
mod azure;
mod bitbucket;
mod buildkite;
mod circleci;
mod cloud_build;
mod concourse;
mod drone;
mod emit;
mod gate;
mod github;
mod gitlab;
mod handed_on;
pub mod jenkins;
mod kubernetes;
pub(crate) mod model;
mod order;
pub(crate) mod place;
mod reading;
mod script;
#[cfg(test)]
mod tests;
mod travis;
mod tree;

use std::collections::BTreeSet;
use std::sync::Arc;

use facts::Location;

use self::model::Pipeline;
use self::place::Place;
use self::reading::Reading;
use crate::{Project, Sink};

/// The source of all facts about pipelines.
pub(crate) fn source(project: &Project, sink: &mut Sink) {
    let pipelines = pipelines(project, sink);
    emit::all(project, &pipelines, sink);
}

/// All pipelines of a repository, in the order of their paths.
pub(crate) fn pipelines(project: &Project, sink: &mut Sink) -> Vec<Pipeline> {
    let mut reading = Reading::new(project, sink);
    let mut found = Vec::new();
    let mut parts: BTreeSet<Arc<str>> = BTreeSet::new();
    // The pipelines of the root come first: what they include is theirs, not a pipeline of its own.
    let mut places = place::pipelines(project);
    places.sort_by(|a, b| (a.root.len(), &a.file.path).cmp(&(b.root.len(), &b.file.path)));
    for place in &places {
        if place.subfolder && parts.contains(&place.file.path) {
            continue;
        }
        found.extend(read(&mut reading, place, &mut parts));
    }
    for place in &place::azure(project) {
        found.extend(azure::read(&mut reading, place));
    }
    for place in &place::concourse(project) {
        found.extend(concourse::read(&mut reading, place));
    }
    let objects = kubernetes::objects(&mut reading);
    found.extend(kubernetes::read(&mut reading, &objects));
    for pipeline in &mut found {
        // A workflow that others call shows its jobs there.
        if pipeline.reusable && parts.contains(pipeline.path.as_str()) {
            pipeline.jobs.clear();
        }
    }
    follow_upstream(&mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn read<'p>(reading: &mut Reading<'p, '_>, place: &Place<'p>, parts: &mut BTreeSet<Arc<str>>) -> Option<Pipeline> {
    match place.engine {
        "gitlab" => gitlab::read(reading, place, parts),
        "github" | "forgejo" => github::read(reading, place, parts),
        "circleci" => circleci::read(reading, place),
        "azure" => azure::read(reading, place),
        "bitbucket" => bitbucket::read(reading, place),
        "travis" => travis::read(reading, place),
        "drone" | "woodpecker" => drone::read(reading, place),
        "buildkite" => buildkite::read(reading, place),
        "cloud-build" => cloud_build::read(reading, place),
        "jenkins" => jenkins::read(reading, place),
        "codebuild" => cloud_build::buildspec(reading, place),
        _ => None,
    }
}

/// A pipeline of which nothing is known yet but its place.
fn pipeline(place: &Place<'_>, at: Location) -> Pipeline {
    Pipeline {
        engine: place.engine,
        path: place.file.path.to_string(),
        name: place.file.path.to_string(),
        at,
        triggers: Vec::new(),
        jobs: Vec::new(),
        externals: Vec::new(),
        subfolder: place.subfolder,
        root: place.root.clone(),
        disabled: false,
        reusable: false,
        trigger_elsewhere: false,
        after: Vec::new(),
    }
}

/// A pipeline that runs after another is as automatic as that one.
fn follow_upstream(pipelines: &mut [Pipeline]) {
    for _ in 0..crate::budget::FOLLOW_DEPTH {
        let automatic: BTreeSet<String> = pipelines
            .iter()
            .filter(|pipeline| pipeline.automatic())
            .flat_map(|pipeline| [pipeline.name.clone(), pipeline.path.clone()])
            .collect();
        for pipeline in
            pipelines.iter_mut().filter(|pipeline| pipeline.after.iter().any(|name| automatic.contains(name)))
        {
            for job in pipeline.jobs.iter_mut().filter(|job| job.events.contains(&"upstream")) {
                job.automatic = true;
            }
        }
    }
}
