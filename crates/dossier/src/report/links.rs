//! Links and pictures of a report lead somewhere inside its repository.

use std::collections::BTreeSet;

use crate::finding::{Finding, Level};
use crate::leads::{Leads, anchor, anchors, leads};
use crate::source::{Block, BlockKind, Inline, InlineKind, Source};

/// What does not resolve. `holds` says whether the repository has a file or folder.
pub fn check(source: &Source, holds: &dyn Fn(&str) -> bool) -> Vec<Finding> {
    let anchors = anchors(source);
    let mut found = Vec::new();
    each(&source.blocks, &mut |inline| match &inline.kind {
        InlineKind::Link { target, .. } => found.extend(link(source, inline, target, &anchors, holds)),
        InlineKind::Image { target, alt, .. } => found.extend(image(source, inline, target, alt, holds)),
        _ => {}
    });
    found
}

fn link(
    source: &Source,
    inline: &Inline,
    target: &str,
    anchors: &BTreeSet<String>,
    holds: &dyn Fn(&str) -> bool,
) -> Option<Finding> {
    let broken = match leads(&source.path, rooted(&source.path, target).as_deref().unwrap_or(target)) {
        Leads::Heading(name) => !anchors.contains(&anchor(&name)),
        Leads::Inside(path) => !path.is_empty() && !holds(&path),
        Leads::Remote => false,
        Leads::Nowhere | Leads::Outside | Leads::Scheme => true,
    };
    let finding =
        || Finding::at(source, inline.range.clone(), "report.broken-link", Level::Error, "report-broken-link");
    broken.then(|| finding().with("target", target))
}

/// `/docs/plan.md` as forges read it: from the root of the repository.
fn rooted(from: &str, target: &str) -> Option<String> {
    let path = target.strip_prefix('/').filter(|path| !path.starts_with('/'))?;
    Some(format!("{}{path}", "../".repeat(from.matches('/').count())))
}

fn inside(from: &str, target: &str, holds: &dyn Fn(&str) -> bool) -> bool {
    matches!(leads(from, target), Leads::Inside(path) if holds(&path))
}

fn image(source: &Source, inline: &Inline, target: &str, alt: &str, holds: &dyn Fn(&str) -> bool) -> Vec<Finding> {
    let mut found = Vec::new();
    let at =
        |rule, level, message| Finding::at(source, inline.range.clone(), rule, level, message).with("target", target);
    match leads(&source.path, target) {
        Leads::Remote | Leads::Scheme => {
            found.push(at("report.remote-picture", Level::Warning, "report-remote-picture"));
        }
        Leads::Inside(path) if holds(&path) => {}
        // What forges show from the root of the repository.
        Leads::Outside if rooted(&source.path, target).is_some_and(|path| inside(&source.path, &path, holds)) => {}
        _ => found.push(at("report.broken-link", Level::Error, "report-broken-picture")),
    }
    if alt.trim().is_empty() {
        found.push(at("report.picture-text", Level::Warning, "report-picture-text"));
    }
    found
}

fn each(blocks: &[Block], visit: &mut dyn FnMut(&Inline)) {
    for block in blocks {
        match &block.kind {
            BlockKind::Heading { inlines, .. } | BlockKind::Paragraph(inlines) => runs(inlines, visit),
            BlockKind::Quote(blocks) | BlockKind::Footnote { blocks, .. } => each(blocks, visit),
            BlockKind::List { items, .. } => items.iter().for_each(|item| each(&item.blocks, visit)),
            BlockKind::Table { head, rows, .. } => {
                std::iter::once(head)
                    .chain(rows)
                    .flat_map(|row| &row.cells)
                    .for_each(|cell| runs(&cell.inlines, visit));
            }
            _ => {}
        }
    }
}

fn runs(inlines: &[Inline], visit: &mut dyn FnMut(&Inline)) {
    for inline in inlines {
        visit(inline);
        match &inline.kind {
            InlineKind::Emphasis(inside) | InlineKind::Strong(inside) | InlineKind::Struck(inside) => {
                runs(inside, visit)
            }
            InlineKind::Link { inlines, .. } => runs(inlines, visit),
            _ => {}
        }
    }
}
