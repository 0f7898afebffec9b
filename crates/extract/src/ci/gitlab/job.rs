//! One GitLab job: from its keys, templates merged, to the common model.

use super::config::Config;
use super::when::When;
use crate::ci::model::{Does, External, Job, Step, Written};
use crate::ci::reading::{Script, step, uses};
use crate::ci::tree::Tree;

/// What a job is, before its order is known.
pub(super) struct Read<'p> {
    pub job: Job,
    /// The key `needs`, when it is there: the job then does not wait for its stage.
    pub needs: Option<Tree<'p>>,
    /// The key `trigger`.
    pub trigger: Option<Tree<'p>>,
    pub externals: Vec<External>,
    /// Where its conditions are written.
    pub when_at: Option<facts::Location>,
}

/// Reads one job.
pub(super) fn read<'p>(
    config: &Config<'p>,
    name: &str,
    written: &Tree<'p>,
    root: &str,
    when: When,
    keys: &Tree<'p>,
    mut missing: Vec<Written>,
) -> Read<'p> {
    let mut job = Job::new(name, written.entry_at());
    job.stage = keys.str_at("stage").unwrap_or("test").to_owned();
    job.image = setting(config, keys, "image").and_then(|image| named(&image));
    job.services =
        setting(config, keys, "services").map(|all| all.items().iter().filter_map(named).collect()).unwrap_or_default();
    job.environment = environment(keys);
    job.events = events(&when);
    job.automatic = job.events.iter().any(|event| matches!(*event, "push" | "merge-request" | "tag"));
    job.refs = when.refs;
    job.manual = when.manual;
    job.allow_failure = when.allow_failure;
    job.always = when.always;
    job.condition = keys.get("rules").map(|rules| Written { text: String::new(), at: rules.entry_at() });
    job.artifacts = keys
        .path(&["artifacts", "paths"])
        .map(|paths| paths.many().into_iter().filter_map(Tree::written).collect())
        .unwrap_or_default();
    job.steps = steps(config, keys, root, &mut missing);
    let env = variables(config, keys);
    for step in &mut job.steps {
        step.env.clone_from(&env);
    }
    let mut externals = Vec::new();
    for name in &missing {
        // What a template of elsewhere does shows in its name alone, and only where no script here replaces it.
        let with = keys.get("variables").map(Tree::pairs).unwrap_or_default();
        let does = Does::Uses { what: "extends", reference: name.text.clone(), with };
        job.steps.push(step("", name.at.clone(), root, does));
        externals.push(External { what: "template", reference: name.text.clone(), at: name.at.clone() });
    }
    if let Some(run) = keys.get("run") {
        for (at, part) in run.items().iter().enumerate() {
            if let Some(reference) = part.str_at("step") {
                job.steps
                    .insert(at.min(job.steps.len()), uses("component", reference, part.get("inputs"), part.at(), root));
            }
        }
    }
    Read { job, needs: keys.get("needs").cloned(), trigger: keys.get("trigger").cloned(), externals, when_at: when.at }
}

/// A key of the job, or what the defaults say for it.
fn setting<'p>(config: &Config<'p>, keys: &Tree<'p>, name: &str) -> Option<Tree<'p>> {
    if let Some(own) = keys.get(name) {
        return Some(own.clone());
    }
    let inherited = match keys.path(&["inherit", "default"]) {
        Some(inherit) if inherit.is_seq() => inherit.items().iter().any(|item| item.str() == Some(name)),
        Some(inherit) => !inherit.is_false(),
        None => true,
    };
    let default = config.keys.get("default").and_then(|default| default.get(name));
    default.or_else(|| config.keys.get(name)).filter(|_| inherited).cloned()
}

fn steps<'p>(config: &Config<'p>, keys: &Tree<'p>, root: &str, missing: &mut Vec<Written>) -> Vec<Step> {
    let mut script = Script::default();
    let mut found = Vec::new();
    // Only jobs with a script run the commands before it.
    if let Some(main) = keys.get("script") {
        if let Some(before) = setting(config, keys, "before_script") {
            script.add(&config.resolved(&before, missing));
        }
        script.add(main);
        found.extend(script.step("script", main.entry_at(), root, ""));
        if let Some(after) = setting(config, keys, "after_script") {
            let mut script = Script::default();
            script.add(&config.resolved(&after, missing));
            let after = script.step("after_script", after.entry_at(), root, "");
            // Its exit code is ignored, and it runs after a failure too.
            found.extend(after.map(|step| Step { allow_failure: true, always: true, ..step }));
        }
    }
    if let Some(release) = keys.get("release").filter(|release| release.is_map()) {
        found.push(uses("release", "gitlab-release", Some(release), release.entry_at(), root));
    }
    let pages = keys.get("pages").is_some_and(|pages| !pages.is_false());
    if let Some(pages) = keys.get("pages").filter(|_| pages) {
        found.push(uses("pages", "gitlab-pages", None, pages.entry_at(), root));
    }
    found
}

/// The variables of the pipeline, then those of the job.
fn variables(config: &Config<'_>, keys: &Tree<'_>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for written in [config.keys.get("variables"), keys.get("variables")].into_iter().flatten() {
        for (name, value) in written.entries() {
            // A variable with a description says its value below.
            let text = value.str().or_else(|| value.str_at("value"));
            found.extend(text.map(|text| (name.to_string(), text.to_owned())));
        }
    }
    found
}

fn named(tree: &Tree<'_>) -> Option<Written> {
    tree.written().or_else(|| tree.get("name").and_then(Tree::written))
}

fn environment(keys: &Tree<'_>) -> Option<Written> {
    let environment = keys.get("environment")?;
    // Stopping or merely preparing an environment does not deploy to it.
    let deploys = environment.str_at("action").is_none_or(|action| action == "start");
    named(environment).filter(|_| deploys)
}

fn events(when: &When) -> Vec<&'static str> {
    let mut events: Vec<&'static str> = Vec::new();
    for context in &when.contexts {
        if !events.contains(&context.event) {
            events.push(context.event);
        }
    }
    events
}
