//! GitLab CI: `.gitlab-ci.yml` with its includes, templates, rules and child pipelines.

mod config;
mod expression;
mod include;
mod job;
mod when;

use std::collections::BTreeSet;
use std::sync::Arc;

use self::config::Config;
use self::expression::Context;
use self::include::Includer;
use self::job::Read;
use super::model::{Does, External, Job, Pipeline, Trigger};
use super::order;
use super::place::Place;
use super::reading::{PIPELINE_JOBS, Reading, step};
use crate::{File, budget, path};

/// Reads one pipeline; adds the files that it is made of to `seen`.
pub(super) fn read<'p>(
    reading: &mut Reading<'p, '_>,
    place: &Place<'p>,
    seen: &mut BTreeSet<Arc<str>>,
) -> Option<Pipeline> {
    let config = configuration(reading, &[place.file], &place.root, seen);
    let mut pipeline = super::pipeline(place, place.file.start());
    let rules = config.keys.get("workflow").and_then(|workflow| workflow.get("rules"));
    let rules = rules.map(|rules| config.resolved(rules, &mut Vec::new()));
    let contexts = when::workflow(rules.as_ref(), &when::CONTEXTS);
    let mut parts = Parts::default();
    assemble(reading, &config, &place.root, &contexts, 0, &mut parts, seen);
    if let Some(name) = config.keys.get("workflow").and_then(|workflow| workflow.str_at("name")) {
        pipeline.name = name.to_owned();
    }
    let stages = config.keys.get("stages").filter(|stages| *stages.file.path == *place.file.path);
    if let Some(at) = stages.map(super::tree::Tree::entry_at).or_else(|| parts.jobs.first().map(|job| job.at.clone())) {
        pipeline.at = at;
    }
    pipeline.disabled = contexts.is_empty();
    pipeline.externals = parts.externals;
    pipeline.triggers = parts.triggers;
    pipeline.jobs = parts.jobs;
    let nothing = pipeline.jobs.is_empty() && pipeline.externals.is_empty();
    if nothing {
        return None;
    }
    reading.bound(place.file, &mut pipeline.jobs);
    order::close(&mut pipeline.jobs);
    Some(pipeline)
}

#[derive(Default)]
struct Parts {
    jobs: Vec<Job>,
    externals: Vec<External>,
    triggers: Vec<Trigger>,
}

fn configuration<'p>(
    reading: &mut Reading<'p, '_>,
    files: &[&'p File],
    root: &str,
    seen: &mut BTreeSet<Arc<str>>,
) -> Config<'p> {
    let mut includer = Includer { reading, root: root.to_owned(), config: Config::default(), seen: BTreeSet::new() };
    for file in files.iter().take(usize::from(includer.reading.spend(20)) * files.len()) {
        includer.file(file, 0);
    }
    seen.extend(includer.seen);
    includer.config
}

/// Adds the jobs of a configuration, those of its child pipelines included; gives their names back.
fn assemble<'p>(
    reading: &mut Reading<'p, '_>,
    config: &Config<'p>,
    root: &str,
    contexts: &[Context],
    depth: usize,
    parts: &mut Parts,
    seen: &mut BTreeSet<Arc<str>>,
) -> Vec<String> {
    let workflow_rules = config.keys.get("workflow").is_some_and(|workflow| workflow.get("rules").is_some());
    let mut reads: Vec<Read<'p>> = Vec::new();
    for (name, written) in config.jobs() {
        let (merged, mut missing) = config.extended(&written);
        // A job whose template is elsewhere may still say here all that it runs.
        if merged.get("script").is_some() || merged.get("trigger").is_some() {
            missing.clear();
        }
        let keys = config.resolved(&merged, &mut missing);
        let runs =
            ["script", "trigger", "run", "extends", "release", "pages"].iter().any(|key| keys.get(key).is_some());
        if !runs || !reading.spend(1) {
            continue;
        }
        if reads.len() + parts.jobs.len() > PIPELINE_JOBS {
            break;
        }
        let when = when::job(&keys, contexts, workflow_rules);
        if when.contexts.is_empty() {
            continue;
        }
        reads.push(job::read(config, &name, &written, root, when, &keys, missing));
    }
    if config.exhausted() {
        let file = config.keys.values().next().map(|tree| tree.file);
        if let Some(file) = file {
            reading.unread(file, 0..0, "templates and references make more than is read", false);
        }
    }
    parts.externals.extend(config.externals.iter().cloned());
    stage_order(config, &mut reads);
    let mut names = Vec::new();
    for mut read in reads {
        parts.externals.append(&mut read.externals);
        for event in read.job.events.clone() {
            if !parts.triggers.iter().any(|trigger| trigger.event == event) {
                let at = read.when_at.clone().unwrap_or_else(|| read.job.at.clone());
                parts.triggers.push(Trigger { event, at });
            }
        }
        names.push(read.job.name.clone());
        let trigger = read.trigger.take();
        parts.jobs.push(read.job);
        if let Some(trigger) = trigger {
            downstream(reading, &trigger, root, depth, parts, seen);
        }
    }
    let included = included(config, contexts, root);
    // A template of GitLab itself runs by the default rules.
    if let Some(job) = included.iter().find(|job| parts.triggers.is_empty() && job.automatic) {
        parts.triggers.push(Trigger { event: "push", at: job.at.clone() });
    }
    parts.jobs.extend(included);
    names
}

/// What is included from outside runs as well: one job for each, known by its name alone.
fn included(config: &Config<'_>, contexts: &[Context], root: &str) -> Vec<Job> {
    let workflow_rules = config.keys.get("workflow").is_some_and(|workflow| workflow.get("rules").is_some());
    let included = config.included.iter().filter(|(what, ..)| matches!(*what, "template" | "component"));
    included
        .map(|(what, reference, with)| {
            let mut job = Job::new(reference.text.clone(), reference.at.clone());
            job.stage = "test".to_owned();
            // Without workflow rules, merge requests start only the jobs that ask for them.
            for context in contexts.iter().filter(|context| workflow_rules || context.event != "merge-request") {
                if !job.events.contains(&context.event) {
                    job.events.push(context.event);
                }
            }
            job.automatic = job.events.iter().any(|event| matches!(*event, "push" | "merge-request" | "tag"));
            let does = Does::Uses { what, reference: reference.text.clone(), with: with.clone() };
            job.steps.push(step("", reference.at.clone(), root, does));
            job
        })
        .collect()
}

/// Gives each job the jobs of the stages before its own, unless it names what it needs.
fn stage_order(config: &Config<'_>, reads: &mut [Read<'_>]) {
    let declared: Vec<String> = match config.keys.get("stages").or_else(|| config.keys.get("types")) {
        Some(stages) => stages.many().into_iter().filter_map(|stage| stage.str().map(str::to_owned)).collect(),
        None => ["build", "test", "deploy"].map(str::to_owned).to_vec(),
    };
    let rank = |stage: &str| match stage {
        ".pre" => 0,
        ".post" => declared.len() + 1,
        stage => declared.iter().position(|known| known == stage).map_or(declared.len(), |at| at + 1),
    };
    let ranks: Vec<usize> = reads.iter().map(|read| rank(&read.job.stage)).collect();
    let free: Vec<bool> = reads.iter().map(|read| read.needs.is_some()).collect();
    let mut jobs: Vec<Job> = reads.iter().map(|read| read.job.clone()).collect();
    order::by_rank(&mut jobs, &ranks, &free);
    for (read, job) in reads.iter_mut().zip(jobs) {
        read.job.needs = job.needs;
        for need in read.needs.iter().flat_map(|needs| needs.many()) {
            let name = need.str().or_else(|| need.str_at("job"));
            read.job.needs.extend(name.map(str::to_owned));
        }
    }
}

/// A job that starts another pipeline: a child pipeline is read, another project's is external.
fn downstream<'p>(
    reading: &mut Reading<'p, '_>,
    trigger: &super::tree::Tree<'p>,
    root: &str,
    depth: usize,
    parts: &mut Parts,
    seen: &mut BTreeSet<Arc<str>>,
) {
    let external =
        |reference: &str| External { what: "include", reference: reference.to_owned(), at: trigger.entry_at() };
    if let Some(project) = trigger.str().or_else(|| trigger.str_at("project")) {
        parts.externals.push(external(project));
        return;
    }
    let Some(include) = trigger.get("include") else { return };
    if depth >= budget::FOLLOW_DEPTH {
        reading.unread(trigger.file, trigger.range.clone(), "child pipelines go deeper than is followed", false);
        return;
    }
    let mut files = Vec::new();
    for include in include.many() {
        let local = include.str().or_else(|| include.str_at("local"));
        match local.and_then(|local| path::join(root, local.trim_start_matches('/'))) {
            Some(local) if !local.contains('$') => match reading.project.file(&local) {
                Some(file) => files.push(file),
                None => {
                    let reason = format!("it starts the child pipeline `{local}`, which does not exist");
                    reading.unread(include.file, include.range.clone(), &reason, true);
                }
            },
            _ => {
                let reference = ["artifact", "project", "remote", "template", "component"]
                    .iter()
                    .find_map(|key| include.str_at(key))
                    .or(local);
                parts.externals.push(external(reference.unwrap_or_default()));
            }
        }
    }
    let Some(parent) = parts.jobs.last().cloned() else { return };
    let config = configuration(reading, &files, root, seen);
    let contexts: Vec<Context> = when::CONTEXTS
        .iter()
        .filter(|context| parent.events.contains(&context.event))
        .map(|context| Context { child: true, ..*context })
        .collect();
    let rules = config.keys.get("workflow").and_then(|workflow| workflow.get("rules"));
    let contexts = when::workflow(rules, &contexts);
    let first = parts.jobs.len();
    let triggers = parts.triggers.len();
    assemble(reading, &config, root, &contexts, depth + 1, parts, seen);
    parts.triggers.truncate(triggers);
    adopt(&mut parts.jobs, first, &parent);
}

/// Names the jobs of a child pipeline after the job that starts it, and makes them need what that one needs.
fn adopt(jobs: &mut [Job], first: usize, parent: &Job) {
    let own: BTreeSet<String> = jobs[first..].iter().map(|job| job.name.clone()).collect();
    for job in &mut jobs[first..] {
        let renamed = job
            .needs
            .iter()
            .map(|need| if own.contains(need) { format!("{} / {need}", parent.name) } else { need.clone() });
        job.needs = renamed.collect();
        job.needs.push(parent.name.clone());
        job.name = format!("{} / {}", parent.name, job.name);
        job.manual = job.manual.take().or_else(|| parent.manual.clone());
        job.allow_failure |= parent.allow_failure;
        if job.refs.is_empty() {
            job.refs.clone_from(&parent.refs);
        }
        for step in &mut job.steps {
            step.via.insert(0, parent.at.clone());
        }
    }
}
