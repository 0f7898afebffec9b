//! From the stages of a Jenkinsfile to jobs: in sequence, in parallel, in a matrix.

use super::Source;
use super::call::Call;
use super::steps;
use crate::ci::model::{Job, Written};

/// The deepest nesting of stages that is followed.
const DEPTH: usize = 10;

/// The jobs of a declarative pipeline.
pub(super) fn declarative(source: &mut Source<'_>, pipeline: &Call) -> Vec<Job> {
    let mut jobs = Vec::new();
    let image = pipeline.inner("agent").and_then(|agent| image(source, agent));
    if let Some(stages) = pipeline.inner("stages") {
        let mut before = Vec::new();
        sequence(source, &stages.body, "", &mut before, &mut jobs, 0);
    }
    if let Some(post) = pipeline.inner("post") {
        let mut job = Job::new("post", source.file.at(post.range.clone()));
        job.needs = jobs.iter().map(|job| job.name.clone()).collect();
        outcome_steps(source, post, &mut job);
        if !job.steps.is_empty() {
            jobs.push(job);
        }
    }
    for job in &mut jobs {
        job.image = job.image.take().or_else(|| image.clone());
    }
    jobs
}

/// Stages one after the other; `before` are the jobs that have ended, and grows.
fn sequence(
    source: &mut Source<'_>,
    calls: &[Call],
    prefix: &str,
    before: &mut Vec<String>,
    jobs: &mut Vec<Job>,
    depth: usize,
) {
    for call in calls.iter().filter(|call| call.name == "stage" && call.has_body) {
        let ended = stage(source, call, prefix, before, jobs, depth);
        before.extend(ended);
    }
}

/// One stage; the names of its jobs.
fn stage(
    source: &mut Source<'_>,
    call: &Call,
    prefix: &str,
    before: &[String],
    jobs: &mut Vec<Job>,
    depth: usize,
) -> Vec<String> {
    let own = call.argument("name").map_or("stage", |argument| argument.text.as_str());
    let name = if prefix.is_empty() { own.to_owned() } else { format!("{prefix} / {own}") };
    let name = unique(name, jobs);
    let first = jobs.len();
    let mut inner_before = before.to_vec();
    if depth < DEPTH {
        if let Some(stages) = call.inner("stages") {
            sequence(source, &stages.body, &name, &mut inner_before, jobs, depth + 1);
        }
        for part in ["parallel", "matrix"] {
            let Some(parallel) = call.inner(part) else { continue };
            if let Some(stages) = parallel.inner("stages") {
                sequence(source, &stages.body, &name, &mut inner_before, jobs, depth + 1);
            }
            for branch in parallel.body.iter().filter(|branch| branch.name == "stage" && branch.has_body) {
                stage(source, branch, &name, before, jobs, depth + 1);
            }
        }
    }
    if jobs.len() == first || call.inner("steps").is_some() {
        let mut job = Job::new(name, source.file.at(call.range.clone()));
        job.needs = before.to_vec();
        // In a scripted stage the steps stand in its body directly.
        let body = call.inner("steps").map_or(call.body.as_slice(), |steps| steps.body.as_slice());
        let sections = ["agent", "when", "environment", "options", "post", "tools", "input"];
        let declared = call.inner("steps").is_some();
        let steps: Vec<Call> = body
            .iter()
            .filter(|step| declared || !sections.contains(&step.name.as_str()) || !step.has_body)
            .cloned()
            .collect();
        steps::read(source, &steps, &mut job);
        if let Some(post) = call.inner("post") {
            outcome_steps(source, post, &mut job);
        }
        jobs.push(job);
    }
    for job in &mut jobs[first..] {
        settings(source, call, job);
    }
    jobs[first..].iter().map(|job| job.name.clone()).collect()
}

/// What a stage says of all jobs in it.
fn settings(source: &Source<'_>, call: &Call, job: &mut Job) {
    if let Some(agent) = call.inner("agent") {
        job.image = job.image.take().or_else(|| image(source, agent));
    }
    if let Some(input) = call.inner("input").filter(|input| input.has_body) {
        job.manual = Some(source.file.at(input.range.clone()));
    }
    let Some(when) = call.inner("when") else { return };
    job.condition = Some(Written {
        text: source.file.str().get(when.range.clone()).unwrap_or_default().to_owned(),
        at: source.file.at(when.range.clone()),
    });
    // Names under `anyOf` are alternatives; under `not` they say nothing of where it runs.
    let mut names = Vec::new();
    let flat = when.body.iter().chain(when.body.iter().filter(|call| call.name == "anyOf").flat_map(|call| &call.body));
    for condition in flat {
        match condition.name.as_str() {
            "branch" => names.extend(condition.argument("pattern").map(|argument| argument.text.clone())),
            "changeRequest" if when.body.len() == 1 => job.events = vec!["merge-request"],
            "tag" | "buildingTag" if when.body.len() == 1 => job.events = vec!["tag"],
            _ => {}
        }
    }
    if job.refs.is_empty() {
        job.refs = names;
    }
}

/// The steps of `post`, by the outcome after which they run.
fn outcome_steps(source: &mut Source<'_>, post: &Call, job: &mut Job) {
    for condition in &post.body {
        let first = job.steps.len();
        steps::read(source, &condition.body, job);
        let after_success = matches!(condition.name.as_str(), "success" | "fixed");
        job.steps[first..].iter_mut().for_each(|step| step.always |= !after_success);
    }
}

/// The image of a container agent.
fn image(source: &Source<'_>, agent: &Call) -> Option<Written> {
    let docker = agent.inner("docker")?;
    let argument = docker.inner("image").unwrap_or(docker).arguments.first()?;
    Some(Written { text: argument.text.clone(), at: source.file.at(docker.range.clone()) })
}

/// The jobs of a scripted pipeline: its stages wherever they stand, else the whole as one job.
pub(super) fn scripted(source: &mut Source<'_>, calls: &[Call]) -> Vec<Job> {
    let mut jobs = Vec::new();
    let mut before = Vec::new();
    nested(source, calls, "", &mut before, &mut jobs, 0);
    if let Some(node) = super::find(calls, "node", 5).filter(|node| jobs.is_empty() && node.has_body) {
        let mut job = Job::new("node", source.file.at(node.range.clone()));
        steps::read(source, &node.body, &mut job);
        jobs.push(job);
    }
    jobs
}

/// Finds stages below blocks such as `node`, `timestamps` or `try`.
fn nested(
    source: &mut Source<'_>,
    calls: &[Call],
    prefix: &str,
    before: &mut Vec<String>,
    jobs: &mut Vec<Job>,
    depth: usize,
) {
    if depth > DEPTH {
        return;
    }
    for call in calls {
        let parallel_stages = call.name == "parallel";
        if call.name == "stage" && call.has_body {
            let inside = super::find(&call.body, "stage", 4).is_some_and(|inner| inner.has_body);
            if inside {
                nested(source, &call.body, call.first(), before, jobs, depth + 1);
            } else {
                let ended = stage(source, call, prefix, before, jobs, depth);
                before.extend(ended);
            }
        } else if parallel_stages {
            let start = before.clone();
            for branch in &call.body {
                let mut own = start.clone();
                nested(source, std::slice::from_ref(branch), prefix, &mut own, jobs, depth + 1);
                before.extend(own.into_iter().filter(|name| !start.contains(name)));
            }
        } else if !call.body.is_empty() {
            nested(source, &call.body, prefix, before, jobs, depth + 1);
        }
    }
}

fn unique(name: String, jobs: &[Job]) -> String {
    let taken = |name: &str| jobs.iter().any(|job| job.name == name);
    if !taken(&name) {
        return name;
    }
    (2..).map(|number| format!("{name} ({number})")).find(|name| !taken(name)).unwrap_or(name)
}
