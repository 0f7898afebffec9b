//! Environments that infrastructure code tells apart: by folder, by file, by workspace, by inventory, by pipeline.

mod names;
mod places;
mod written;

use std::collections::{BTreeMap, BTreeSet};

use facts::{Confidence, Fact, Facts, Location};

use crate::{Project, Sink};

const PARSER: &str = "environment";

/// One sight of an environment.
pub(crate) struct Seen {
    pub name: &'static str,
    pub written: String,
    pub how: &'static str,
    /// What it is one variant of.
    pub group: String,
    /// What makes it what it is, to compare with the others of its group.
    pub content: Vec<(String, String)>,
    pub at: Location,
    pub example: bool,
    /// Whether the cited line names it.
    pub named: bool,
    /// Whether the name alone would not be enough: then another of the same group must stand beside it.
    pub needs_sibling: bool,
}

/// Reads the environments that files and folders tell apart.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    let mut seen = places::folders(project);
    seen.extend(places::files(project));
    seen.extend(written::all(project));
    declare(seen, sink);
}

/// Environments that pipelines and commands name.
pub(crate) fn of_pipelines(_: &Project, facts: &Facts, sink: &mut Sink) {
    // Without infrastructure code a pipeline's environment names a deployment target, not a variant of that code.
    if facts.of("iac.code").iter().any(|code| !code.is("example")) {
        declare(written::of_facts(facts), sink);
    }
}

fn declare(seen: Vec<Seen>, sink: &mut Sink) {
    let mut groups: BTreeMap<(String, bool), Vec<Seen>> = BTreeMap::new();
    for one in seen {
        groups.entry((one.group.clone(), one.example)).or_default().push(one);
    }
    for ((group, _), members) in groups {
        let names: BTreeSet<&str> = members.iter().map(|one| one.name).collect();
        let alone = names.len() < 2;
        // Content that another name of the group already has makes no other environment.
        let mut contents: BTreeMap<&[(String, String)], &str> = BTreeMap::new();
        for one in &members {
            let first = *contents.entry(one.content.as_slice()).or_insert(one.name);
            if one.needs_sibling && alone {
                continue;
            }
            let fact = Fact::new("iac.environment", PARSER, one.at.clone()).with("name", one.name);
            let fact = fact.with("written", one.written.as_str()).with("how", one.how).with("group", group.as_str());
            let fact = fact.with("distinct", first == one.name).with("example", one.example);
            sink.push(fact.confidence(if alone || !one.named { Confidence::Likely } else { Confidence::Exact }));
        }
    }
}
