//! GitHub Actions, and Forgejo and Gitea Actions, which read the same language from other folders.

mod condition;
pub(crate) mod events;
mod steps;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use self::events::Event;
use self::steps::Scope;
use super::model::{External, Job, Pipeline, Written};
use super::order;
use super::place::Place;
use super::reading::{PIPELINE_JOBS, Reading};
use super::tree::Tree;
use crate::{budget, path};

/// Reads one workflow. The reusable ones that it calls are added to `called`.
pub(super) fn read<'p>(
    reading: &mut Reading<'p, '_>,
    place: &Place<'p>,
    called: &mut BTreeSet<Arc<str>>,
) -> Option<Pipeline> {
    let workflow = reading.mapping(place.file)?;
    let jobs = workflow.get("jobs")?;
    // The engine refuses a workflow without events.
    let started = events::read(workflow.get("on").or_else(|| workflow.get("true"))?);
    let mut pipeline = super::pipeline(place, place.file.start());
    if let Some((name, job)) = jobs.entries().first() {
        pipeline.at = place.file.at(jobs.start..job.start + name.len());
    }
    if let Some(name) = workflow.str_at("name") {
        pipeline.name = name.to_owned();
    }
    pipeline.reusable = started.callable && started.events.is_empty();
    let mut scope = Scope { root: place.root.clone(), ..Scope::default() };
    // Called from nowhere that is seen, its inputs still have their defaults.
    scope.known = steps::inputs(workflow.path(&["on", "workflow_call", "inputs"]), None, &scope);
    let mut reader = Workflow { reading, called, externals: Vec::new(), made: 0 };
    let events = if started.events.is_empty() { None } else { Some(started.events.as_slice()) };
    pipeline.jobs = reader.jobs(&workflow, events, &scope);
    pipeline.externals = std::mem::take(&mut reader.externals);
    let by_hand = started.triggers.iter().find(|trigger| trigger.event == "manual");
    if let Some(by_hand) = by_hand {
        for job in pipeline.jobs.iter_mut().filter(|job| job.events == ["manual"]) {
            job.manual = Some(by_hand.at.clone());
        }
    }
    pipeline.triggers = started.triggers;
    pipeline.after = started.after;
    reading.bound(place.file, &mut pipeline.jobs);
    order::close(&mut pipeline.jobs);
    Some(pipeline)
}

struct Workflow<'r, 'p, 's> {
    reading: &'r mut Reading<'p, 's>,
    called: &'r mut BTreeSet<Arc<str>>,
    externals: Vec<External>,
    /// How many jobs were made, those of called workflows included.
    made: usize,
}

impl<'p> Workflow<'_, 'p, '_> {
    /// Reads the jobs of a workflow for the events that start it; without events none of them is automatic.
    fn jobs(&mut self, workflow: &Tree<'p>, events: Option<&[Event]>, scope: &Scope) -> Vec<Job> {
        let mut scope = scope.clone();
        defaults(workflow, &mut scope);
        let mut found: Vec<Job> = Vec::new();
        for (name, written) in workflow.get("jobs").map(Tree::entries).unwrap_or_default() {
            if !written.is_map() || !self.reading.spend(1) || found.len() > PIPELINE_JOBS || self.made > PIPELINE_JOBS {
                continue;
            }
            self.made += 1;
            let condition = written.str_at("if");
            let never = condition.is_some_and(|condition| !condition::may_hold(condition, None));
            let reached: Vec<Event> = events.unwrap_or_default().to_vec();
            let may = |event: &Event| condition.is_none_or(|condition| condition::may_hold(condition, Some(*event)));
            let reached: Vec<Event> = reached.into_iter().filter(may).collect();
            if never || events.is_some() && reached.is_empty() {
                continue;
            }
            let mut job = head(name, written, &scope);
            for event in &reached {
                if !job.events.contains(&event.kind) {
                    job.events.push(event.kind);
                }
            }
            self.body(&mut job, written, events.map(|_| reached.as_slice()), &scope, &mut found);
            found.push(job);
        }
        skip_with_needs(&mut found);
        for job in &mut found {
            job.automatic = job.events.iter().any(|event| events::is_source(event));
        }
        found
    }

    /// What a job does: its steps, or the jobs of the workflow that it calls.
    fn body(
        &mut self,
        job: &mut Job,
        written: &Tree<'p>,
        events: Option<&[Event]>,
        scope: &Scope,
        found: &mut Vec<Job>,
    ) {
        let mut scope = scope.clone();
        matrix(written, &mut scope);
        defaults(written, &mut scope);
        if let Some(reference) = written.get("uses") {
            let name = reference.str().unwrap_or_default();
            if let Some(local) = name.strip_prefix("./") {
                self.call(job, written, local, events, &scope, found);
            } else {
                let at = reference.entry_at();
                self.externals.push(External { what: "reusable-workflow", reference: name.to_owned(), at });
                job.steps.push(steps::elsewhere(reference, written.get("with"), &scope.root));
            }
        } else if let Some(written) = written.get("steps") {
            job.steps = steps::read(self.reading, written, &scope, &mut self.externals);
            hand_on(job);
        }
    }

    fn call(
        &mut self,
        job: &mut Job,
        written: &Tree<'p>,
        local: &str,
        events: Option<&[Event]>,
        scope: &Scope,
        found: &mut Vec<Job>,
    ) {
        let project = self.reading.project;
        let Some(file) = path::join(&scope.root, local).and_then(|local| project.file(&local)) else {
            let reason = format!("it calls `{local}`, which does not exist");
            self.reading.unread(written.file, written.range.clone(), &reason, true);
            return;
        };
        let cost = 1 + usize::try_from(file.size / 1_000).unwrap_or(usize::MAX);
        let cyclic = scope.chain.contains(&file.path);
        if cyclic || scope.depth >= budget::FOLLOW_DEPTH || !self.reading.spend(20 + cost) {
            self.reading.unread(
                written.file,
                written.range.clone(),
                "called workflows go deeper than is followed",
                false,
            );
            return;
        }
        self.called.insert(Arc::clone(&file.path));
        let Some(workflow) = self.reading.mapping(file) else { return };
        let mut inner =
            Scope { root: scope.root.clone(), depth: scope.depth + 1, via: scope.via.clone(), ..Scope::default() };
        inner.dir.clone_from(&scope.root);
        inner.chain.clone_from(&scope.chain);
        inner.chain.push(Arc::clone(&file.path));
        inner.via.push(job.at.clone());
        inner.known = steps::inputs(workflow.path(&["on", "workflow_call", "inputs"]), written.get("with"), scope);
        let mut jobs = self.jobs(&workflow, events, &inner);
        let own: BTreeSet<String> = jobs.iter().map(|job| job.name.clone()).collect();
        for inner in &mut jobs {
            let prefixed =
                |name: &String| if own.contains(name) { format!("{} / {name}", job.name) } else { name.clone() };
            inner.needs = inner.needs.iter().map(prefixed).chain(job.needs.iter().cloned()).collect();
            inner.name = format!("{} / {}", job.name, inner.name);
            inner.allow_failure |= job.allow_failure;
            inner.always |= job.always;
            inner.condition = inner.condition.take().or_else(|| job.condition.clone());
            if inner.refs.is_empty() {
                inner.refs.clone_from(&job.refs);
            }
        }
        // Whoever needs the call needs all that it runs.
        job.needs.extend(jobs.iter().map(|job| job.name.clone()));
        found.extend(jobs);
    }
}

/// The parts of a job that do not depend on what it runs.
fn head(name: &str, written: &Tree<'_>, scope: &Scope) -> Job {
    let mut job = Job::new(name, written.entry_at());
    let named = |tree: &Tree<'_>, key: &str| tree.written().or_else(|| tree.get(key).and_then(Tree::written));
    job.needs = written
        .get("needs")
        .map(|needs| needs.many().into_iter().filter_map(Tree::str).map(str::to_owned).collect())
        .unwrap_or_default();
    job.image = written.get("container").and_then(|container| named(container, "image"));
    job.services = written
        .get("services")
        .map(|services| services.entries().iter().filter_map(|(_, service)| named(service, "image")).collect())
        .unwrap_or_default();
    job.environment = written.get("environment").and_then(|environment| named(environment, "name"));
    if let Some(environment) = &mut job.environment {
        environment.text = scope.fill(&environment.text);
    }
    job.allow_failure = written.get("continue-on-error").is_some_and(Tree::is_true);
    job.condition = written.get("if").and_then(Tree::written);
    if let Some(condition) = &job.condition {
        job.always = condition::ignores_failure(&condition.text);
        job.refs = condition::refs(&condition.text);
    }
    job
}

/// Takes the defaults of a workflow or job into the scope.
fn defaults(written: &Tree<'_>, scope: &mut Scope) {
    if scope.dir.is_empty() {
        scope.dir.clone_from(&scope.root);
    }
    let variables = steps::variables(written, scope);
    scope.env.extend(variables);
    let Some(run) = written.path(&["defaults", "run"]) else { return };
    if let Some(dir) = run.str_at("working-directory") {
        scope.dir = scope.directory(dir);
    }
    if let Some(shell) = run.str_at("shell") {
        shell.clone_into(&mut scope.shell);
    }
}

/// Takes the first value of each dimension of a matrix: enough to see what such a job does.
fn matrix(written: &Tree<'_>, scope: &mut Scope) {
    let Some(matrix) = written.path(&["strategy", "matrix"]) else { return };
    let mut take = |prefix: String, value: &Tree<'_>| match value.str() {
        Some(text) => scope.known.push((prefix, text.to_owned())),
        None => {
            for (name, value) in value.entries() {
                if let Some(text) = value.str() {
                    scope.known.push((format!("{prefix}.{name}"), text.to_owned()));
                }
            }
        }
    };
    for (name, values) in matrix.entries().iter().filter(|(name, _)| !matches!(name.as_ref(), "include" | "exclude")) {
        if let Some(first) = values.items().first() {
            take(format!("matrix.{name}"), first);
        }
    }
    for (name, value) in
        matrix.get("include").and_then(|all| all.items().first()).map(Tree::entries).unwrap_or_default()
    {
        take(format!("matrix.{name}"), value);
    }
}

/// A job is skipped when one that it needs is, unless it runs whatever happened before.
fn skip_with_needs(jobs: &mut [Job]) {
    for _ in 0..jobs.len().min(50) {
        let before: BTreeMap<String, Vec<&'static str>> =
            jobs.iter().map(|job| (job.name.clone(), job.events.clone())).collect();
        let mut changed = false;
        for job in jobs.iter_mut().filter(|job| !job.always) {
            let known = job.events.len();
            for need in &job.needs {
                if let Some(events) = before.get(need) {
                    job.events.retain(|event| events.contains(event));
                }
            }
            changed |= job.events.len() != known;
        }
        if !changed {
            break;
        }
    }
}

/// What a job uploads for later jobs is what it hands on.
fn hand_on(job: &mut Job) {
    use super::model::Does;
    for step in &job.steps {
        if let Does::Uses { reference, with, .. } = &step.does
            && reference.contains("actions/upload-artifact")
        {
            let path = with.iter().find(|(name, _)| name == "path").map(|(_, path)| path.clone());
            job.artifacts.push(path.unwrap_or_else(|| Written { text: String::new(), at: step.at.clone() }));
        }
    }
}
