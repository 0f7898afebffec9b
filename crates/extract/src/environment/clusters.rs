//! Local clusters: kind, k3d and minikube, with the script or target that starts them.

use std::sync::LazyLock;

use regex::Regex;

use super::definitions::Definition;
use super::landscape::Landscape;
use super::runners::{self, Called};

static APPLIES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\bkubectl\s+(?:\S+\s+)*(?:apply|create)\b|\bhelm(?:file)?\s+(?:\S+\s+)*(?:install|upgrade|sync|apply)\b|\bskaffold\b|\btilt\b|\bkustomize\s+build\b")
        .expect("a constant expression")
});

/// Clusters that a script or target of the repository creates; those of tests and of pipelines are left out.
pub(super) fn definitions<'a>(landscape: &Landscape<'a>) -> Vec<Definition<'a>> {
    let calls = runners::calls(landscape.project);
    let mut found: Vec<Definition<'a>> = Vec::new();
    for call in calls {
        let Some(tool) =
            call.start.as_ref().map(|start| start.tool).filter(|tool| matches!(*tool, "kind" | "k3d" | "minikube"))
        else {
            continue;
        };
        if found.iter().any(|known| known.file.path == call.file.path && known.tool == tool) {
            continue;
        }
        found.push(definition(tool, &call));
    }
    found
}

fn definition<'a>(tool: &'static str, call: &Called<'a>) -> Definition<'a> {
    let applies = deploys(call);
    Definition { runs_application: applies, complete: applies, ..Definition::new(tool, call.file, call.at.clone()) }
}

/// Whether the file that creates the cluster also puts the application on it.
pub(super) fn deploys(call: &Called<'_>) -> bool {
    APPLIES.is_match(call.file.str())
}
