//! When a GitLab job runs: `rules`, `only`, `except` and `when`, judged for each way in which a pipeline starts.

use facts::Location;

use super::expression::{Answer, Context, holds, refs};
use crate::ci::tree::Tree;

/// The ways in which a pipeline starts by itself or by hand.
pub(super) const CONTEXTS: [Context; 6] = [
    Context { event: "push", default_branch: true, child: false },
    Context { event: "push", default_branch: false, child: false },
    Context { event: "merge-request", default_branch: false, child: false },
    Context { event: "tag", default_branch: false, child: false },
    Context { event: "schedule", default_branch: true, child: false },
    Context { event: "manual", default_branch: true, child: false },
];

/// What is known of when a job runs.
#[derive(Default)]
pub(super) struct When {
    /// The contexts in which it may run.
    pub contexts: Vec<Context>,
    /// Where it is written that a person starts it, when a person always does.
    pub manual: Option<Location>,
    pub allow_failure: bool,
    pub always: bool,
    pub refs: Vec<String>,
    /// Where its conditions are written; none for the default ones.
    pub at: Option<Location>,
}

/// How a rule says that a job runs.
struct Chosen {
    when: String,
    at: Location,
    allow_failure: bool,
    refs: Vec<String>,
}

/// The contexts in which the workflow rules let a pipeline start.
pub(super) fn workflow(rules: Option<&Tree<'_>>, contexts: &[Context]) -> Vec<Context> {
    let Some(rules) = rules else { return contexts.to_vec() };
    let may = |context: &Context| chosen(rules, *context, "always").iter().any(|chosen| chosen.when != "never");
    contexts.iter().copied().filter(may).collect()
}

/// When a job runs, among the contexts in which its pipeline does.
pub(super) fn job(job: &Tree<'_>, contexts: &[Context], workflow_rules: bool) -> When {
    let default = job.str_at("when").unwrap_or("on_success");
    let allowed = job.get("allow_failure").is_some_and(|value| value.is_true());
    let by_hand = job.get("when").filter(|when| when.str() == Some("manual")).map(Tree::entry_at);
    if let Some(rules) = job.get("rules").filter(|rules| rules.is_seq()) {
        let mut when = by_rules(rules, contexts, default, by_hand.as_ref());
        when.allow_failure |= allowed;
        return when;
    }
    let mut when = When { manual: by_hand, allow_failure: allowed, ..When::default() };
    when.always = matches!(default, "always" | "on_failure");
    if default == "never" {
        return when;
    }
    let (only, except) = (job.get("only"), job.get("except"));
    when.at = only.or(except).map(Tree::entry_at);
    for context in contexts {
        let wanted = match only {
            Some(only) => limits(only, *context),
            None => workflow_rules || context.event != "merge-request" || context.child,
        };
        if wanted && !except.is_some_and(|except| excludes(except, *context)) {
            when.contexts.push(*context);
        }
    }
    when.refs = only.map(ref_names).unwrap_or_default();
    when
}

fn by_rules(rules: &Tree<'_>, contexts: &[Context], default: &str, by_hand: Option<&Location>) -> When {
    let mut when = When { at: Some(rules.entry_at()), ..When::default() };
    let mut all: Vec<Chosen> = Vec::new();
    for context in contexts {
        let found: Vec<Chosen> =
            chosen(rules, *context, default).into_iter().filter(|chosen| chosen.when != "never").collect();
        if found.is_empty() {
            continue;
        }
        when.contexts.push(*context);
        if matches!(context.event, "push" | "merge-request" | "tag") {
            all.extend(found);
        }
    }
    if !all.is_empty() {
        if all.iter().all(|chosen| chosen.when == "manual") {
            when.manual = by_hand.cloned().or_else(|| all.first().map(|chosen| chosen.at.clone()));
        }
        when.allow_failure = all.iter().all(|chosen| chosen.allow_failure);
        when.always = all.iter().all(|chosen| matches!(chosen.when.as_str(), "always" | "on_failure"));
        if all.iter().all(|chosen| !chosen.refs.is_empty()) {
            when.refs = all.into_iter().flat_map(|chosen| chosen.refs).collect();
            when.refs.sort();
            when.refs.dedup();
        }
    }
    when
}

/// The rules that may be the first to match in a context.
fn chosen(rules: &Tree<'_>, context: Context, default: &str) -> Vec<Chosen> {
    let mut found = Vec::new();
    for rule in rules.items().iter().filter(|rule| rule.is_map()).take(500) {
        let condition = rule.str_at("if");
        let mut answer = condition.map_or(Answer::Yes, |condition| holds(condition, context));
        let depends_on_files = rule.get("changes").is_some() || rule.get("exists").is_some();
        if depends_on_files && answer == Answer::Yes {
            answer = Answer::Maybe;
        }
        if answer == Answer::No {
            continue;
        }
        found.push(Chosen {
            when: rule.str_at("when").unwrap_or(default).to_owned(),
            at: rule.at(),
            allow_failure: rule.get("allow_failure").is_some_and(Tree::is_true),
            refs: condition.map(refs).unwrap_or_default(),
        });
        if answer == Answer::Yes {
            break;
        }
    }
    found
}

/// Whether `only` lets a job run in a context.
fn limits(only: &Tree<'_>, context: Context) -> bool {
    let refs = if only.is_map() { only.get("refs") } else { Some(only) };
    match refs {
        Some(refs) => refs.many().into_iter().filter_map(Tree::str).any(|name| may_match(name, context)),
        // Without refs the default ones apply: branches and tags.
        None => context.event != "merge-request",
    }
}

/// Whether `except` surely keeps a job from running in a context.
fn excludes(except: &Tree<'_>, context: Context) -> bool {
    let refs = if except.is_map() { except.get("refs") } else { Some(except) };
    let conditional = except.is_map() && except.entries().len() > 1;
    let names = refs.map(Tree::many).unwrap_or_default();
    !conditional
        && names.into_iter().filter_map(Tree::str).any(|name| match name {
            "branches" | "tags" | "merge_requests" | "schedules" | "pushes" | "web" => may_match(name, context),
            "main" | "master" => context.default_branch,
            _ => false,
        })
}

/// Whether one entry of `only` may match in a context.
fn may_match(name: &str, context: Context) -> bool {
    let event = context.event;
    match name {
        "branches" => matches!(event, "push" | "schedule" | "manual"),
        "tags" => event == "tag",
        "merge_requests" => event == "merge-request",
        "external_pull_requests" | "external" | "chat" | "api" | "triggers" | "pipelines" => false,
        "schedules" => event == "schedule",
        "web" => event == "manual",
        "pushes" => matches!(event, "push" | "tag"),
        "main" | "master" => context.default_branch,
        pattern if pattern.starts_with('/') => event != "merge-request",
        _ => matches!(event, "push" | "schedule" | "manual"),
    }
}

/// The branch and tag names of `only`, when it has nothing but names.
fn ref_names(only: &Tree<'_>) -> Vec<String> {
    const WORDS: [&str; 9] =
        ["branches", "tags", "merge_requests", "schedules", "pushes", "web", "api", "triggers", "pipelines"];
    let refs = if only.is_map() { only.get("refs") } else { Some(only) };
    let names: Vec<String> =
        refs.map(Tree::many).unwrap_or_default().into_iter().filter_map(Tree::str).map(str::to_owned).collect();
    if names.iter().any(|name| WORDS.contains(&name.as_str())) { Vec::new() } else { names }
}
