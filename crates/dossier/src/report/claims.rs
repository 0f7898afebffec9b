//! Claims against facts, both ways: what the report names and the repository lacks, and the reverse.

use std::collections::{BTreeMap, BTreeSet};

use super::Project;
use super::technologies::{self, Technology};
use super::wording::{Word, words};
use crate::finding::{Finding, Level};
use crate::source::{Place, Source};

/// Words that set one technology against another: what is named beside them was not chosen, or not by this project.
const AGAINST: [&str; 26] = [
    "plutot",
    "lieu",
    "contrairement",
    "alternative",
    "alternatives",
    "ecarte",
    "ecartee",
    "ecartes",
    "ecartees",
    "sans",
    "prefere",
    "compare",
    "comparaison",
    "abandonne",
    "envisage",
    "rather",
    "instead",
    "unlike",
    "without",
    "rejected",
    "considered",
    "compared",
    "versus",
    "vs",
    "discarded",
    "ruled",
];
/// Opposites of what is done now: plans and history.
const ELSEWHERE: [&str; 8] =
    ["futur", "perspective", "prochaine", "future", "later", "next", "previously", "auparavant"];

pub fn check(source: &Source, project: &Project) -> Vec<Finding> {
    let mut used: BTreeMap<&'static str, (&'static Technology, &str)> = BTreeMap::new();
    for (name, place) in &project.uses {
        if let Some(technology) = technologies::named(name) {
            used.entry(technology.id).or_insert((technology, place));
        }
    }
    let mut named = BTreeSet::new();
    let mut found = Vec::new();
    let mut accused = BTreeSet::new();
    for prose in source.prose() {
        let all = words(&prose.text);
        for (technology, first, last) in technologies::mentions(&all) {
            named.insert(technology.id);
            let doubted =
                prose.quoted || matches!(prose.place, Place::Heading(_)) || set_apart(&prose.text, &all, first);
            if doubted || known(technology, &used) || !accused.insert(technology.id) {
                continue;
            }
            let range = prose.locate(&(all[first].range.start..all[last].range.end));
            let finding =
                Finding::at(source, range, "report.claim-without-fact", Level::Warning, "report-claim-without-fact");
            found.push(finding.with("technology", technology.name));
        }
    }
    for code in codes(source) {
        technologies::mentions(&words(&code)).into_iter().for_each(|(technology, ..)| {
            named.insert(technology.id);
        });
    }
    for (technology, place) in used.values() {
        if technology.matters && !named.contains(technology.id) && !covered(technology, &named) {
            let finding =
                Finding::on(&source.path, "report.fact-without-claim", Level::Warning, "report-fact-without-claim");
            found.push(finding.with("technology", technology.name).with("place", *place));
        }
    }
    found
}

/// A technology stands for what it contains: who has images has Docker, who has GitLab CI has Git.
fn known(technology: &Technology, used: &BTreeMap<&'static str, (&'static Technology, &str)>) -> bool {
    let one_of = |ids: &[&str]| ids.iter().any(|id| used.contains_key(id));
    used.contains_key(technology.id)
        || match technology.id {
            "git" => true,
            "docker" => one_of(&["compose", "podman", "kubernetes", "swarm"]),
            "kubernetes" => one_of(&["helm", "kustomize", "openshift", "k3s", "argo-cd", "flux"]),
            "k3s" | "openshift" => one_of(&["kubernetes"]),
            "javascript" => one_of(&["typescript"]),
            "alertmanager" => one_of(&["prometheus"]),
            _ => false,
        }
}

/// The same, the other way round: who names Docker Compose has told of Docker.
fn covered(technology: &Technology, named: &BTreeSet<&'static str>) -> bool {
    match technology.id {
        "docker" => named.contains("compose") || named.contains("podman"),
        "compose" => named.contains("docker"),
        "alertmanager" => named.contains("prometheus"),
        _ => false,
    }
}

/// Whether the sentence of this word sets it apart from what the project does.
fn set_apart(text: &str, words: &[Word], at: usize) -> bool {
    let ends = |gap: &str| gap.contains(['.', '!', '?', ';']) || gap.contains('\n');
    let between = |a: usize, b: usize| &text[words[a].range.end..words[b].range.start];
    let mut first = at;
    while first > 0 && !ends(between(first - 1, first)) {
        first -= 1;
    }
    let mut last = at;
    while last + 1 < words.len() && !ends(between(last, last + 1)) {
        last += 1;
    }
    let apart = |word: &str| AGAINST.contains(&word) || ELSEWHERE.iter().any(|stem| word.starts_with(stem));
    words[first..=last].iter().any(|word| apart(&word.folded))
}

/// Code in lines and blocks, which names tools too.
fn codes(source: &Source) -> Vec<String> {
    fn walk(blocks: &[crate::Block], found: &mut Vec<String>) {
        for block in blocks {
            match &block.kind {
                crate::BlockKind::Code { text, info, .. } => found.extend([text.clone(), info.clone()]),
                crate::BlockKind::Paragraph(inlines) => found.push(crate::source::plain(inlines)),
                crate::BlockKind::List { items, .. } => items.iter().for_each(|item| walk(&item.blocks, found)),
                crate::BlockKind::Table { head, rows, .. } => {
                    let cells = std::iter::once(head).chain(rows).flat_map(|row| &row.cells);
                    found.extend(cells.map(|cell| crate::source::plain(&cell.inlines)));
                }
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    walk(&source.blocks, &mut found);
    found
}
