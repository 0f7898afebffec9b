//! What starts a workflow: `on` in its three forms, and which of those events a condition lets through.

use super::super::model::Trigger;
use crate::ci::tree::Tree;

/// One way in which a workflow starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Event {
    /// As for triggers.
    pub kind: &'static str,
    /// The name that conditions see as `github.event_name`.
    pub name: &'static str,
}

/// What `on` says.
#[derive(Default)]
pub(super) struct Started {
    pub events: Vec<Event>,
    pub triggers: Vec<Trigger>,
    /// Whether other workflows can call it.
    pub callable: bool,
    /// The workflows after which it runs.
    pub after: Vec<String>,
}

/// Reads `on`.
pub(super) fn read(on: &Tree<'_>) -> Started {
    let mut started = Started::default();
    if on.is_map() {
        for (name, detail) in on.entries() {
            add(&mut started, name, detail, Some(detail));
        }
    } else {
        for name in on.many() {
            add(&mut started, name.str().unwrap_or_default(), name, None);
        }
    }
    started
}

fn add(started: &mut Started, name: &str, written: &Tree<'_>, detail: Option<&Tree<'_>>) {
    let has = |key: &str| detail.is_some_and(|detail| detail.get(key).is_some());
    let events: &[Event] = match name {
        "push" if has("tags") && !has("branches") && !has("branches-ignore") => &[Event { kind: "tag", name: "push" }],
        // Without filters, pushed tags start it too, as they do when both are named.
        "push" if has("tags") || !has("branches") && !has("branches-ignore") && !has("tags-ignore") => {
            &[Event { kind: "push", name: "push" }, Event { kind: "tag", name: "push" }]
        }
        "push" => &[Event { kind: "push", name: "push" }],
        "pull_request" => &[Event { kind: "merge-request", name: "pull_request" }],
        "pull_request_target" => &[Event { kind: "merge-request", name: "pull_request_target" }],
        "merge_group" => &[Event { kind: "merge-queue", name: "merge_group" }],
        "release" => &[Event { kind: "release", name: "release" }],
        "schedule" => &[Event { kind: "schedule", name: "schedule" }],
        "workflow_dispatch" => &[Event { kind: "manual", name: "workflow_dispatch" }],
        "workflow_run" => &[Event { kind: "upstream", name: "workflow_run" }],
        "workflow_call" => {
            started.callable = true;
            return;
        }
        "" => return,
        _ => &[Event { kind: "other", name: "other" }],
    };
    if let Some(workflows) = detail.filter(|_| name == "workflow_run").and_then(|detail| detail.get("workflows")) {
        started.after.extend(workflows.many().into_iter().filter_map(Tree::str).map(str::to_owned));
    }
    // A push without filters is a push first of all: tags are not announced as a trigger of their own.
    let announced = if has("tags") { events } else { &events[..1] };
    started.triggers.extend(announced.iter().map(|event| Trigger { event: event.kind, at: written.entry_at() }));
    started.events.extend(events.iter().filter(|event| !started.events.contains(event)).copied().collect::<Vec<_>>());
}

/// Whether an event of that kind starts a run without a hand.
pub(crate) fn is_source(kind: &str) -> bool {
    matches!(kind, "push" | "merge-request" | "tag" | "release" | "merge-queue")
}
