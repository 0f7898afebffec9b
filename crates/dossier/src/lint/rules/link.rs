//! Links lead somewhere: to a file of the dossier, to a heading, to an address.

use std::collections::BTreeSet;

use crate::finding::{Finding, Level};
use crate::folder::Folder;
use crate::leads::{Leads, anchor, anchors, leads};
use crate::lint::Paper;
use crate::lint::outline::references;

pub(super) const ID: &str = "structure.link";

pub(super) fn run(paper: &Paper<'_>, found: &mut Vec<Finding>) {
    let own = paper.texts.iter().map(|text| text.source);
    let anchors: BTreeSet<String> = own.chain(paper.beside).flat_map(anchors).collect();
    for text in &paper.texts {
        for link in references(text.source).links {
            let (level, message) = match wrong(paper.asked.folder, &text.source.path, link.target, &anchors) {
                Some(wrong) => wrong,
                None => continue,
            };
            found.push(Finding::at(text.source, link.range, ID, level, message).with("target", link.target));
        }
        unresolved_notes(text, found);
    }
}

fn wrong(folder: &Folder, from: &str, target: &str, anchors: &BTreeSet<String>) -> Option<(Level, &'static str)> {
    match leads(from, target) {
        Leads::Heading(name) => {
            // A name that no heading has may be one that the composed paper gives to a figure or an item.
            let known = anchors.contains(&anchor(&name)) || name.contains([':', '.']) || name.starts_with("fig");
            (!known).then_some((Level::Warning, "lint-link-anchor"))
        }
        Leads::Nowhere => Some((Level::Warning, "lint-link-empty")),
        Leads::Scheme => Some((Level::Error, "lint-link-scheme")),
        Leads::Outside => Some((Level::Error, "lint-link-outside")),
        Leads::Remote => None,
        Leads::Inside(path) => {
            let inside = format!("{path}/");
            let known =
                path.is_empty() || folder.contains(&path) || folder.files.keys().any(|file| file.starts_with(&inside));
            (!known).then_some((Level::Warning, "lint-link-missing"))
        }
    }
}

/// A note that is called and not written stays in the text as `[^1]`.
fn unresolved_notes(text: &crate::lint::Text<'_>, found: &mut Vec<Finding>) {
    for prose in &text.prose {
        for (at, _) in prose.text.match_indices("[^") {
            let Some(end) = prose.text[at..].find(']').map(|end| at + end + 1) else { continue };
            let range = prose.locate(&(at..end));
            let finding = Finding::at(text.source, range, ID, Level::Warning, "lint-note-missing");
            found.push(finding.with("target", &prose.text[at..end]));
        }
    }
}
