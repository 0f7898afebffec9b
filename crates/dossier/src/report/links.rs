//! Links and pictures of a report lead somewhere inside its repository.

use std::collections::BTreeSet;

use crate::finding::{Finding, Level};
use crate::folder::Folder;
use crate::source::{Block, BlockKind, Inline, InlineKind, Source, plain};

/// What does not resolve. `holds` says whether the repository has a file or folder.
pub fn check(source: &Source, holds: &dyn Fn(&str) -> bool) -> Vec<Finding> {
    let mut slugs = BTreeSet::new();
    headings(&source.blocks, &mut slugs);
    let mut found = Vec::new();
    each(&source.blocks, &mut |inline| match &inline.kind {
        InlineKind::Link { target, .. } => found.extend(link(source, inline, target, &slugs, holds)),
        InlineKind::Image { target, alt, .. } => found.extend(image(source, inline, target, alt, holds)),
        _ => {}
    });
    found
}

fn link(
    source: &Source,
    inline: &Inline,
    target: &str,
    slugs: &BTreeSet<String>,
    holds: &dyn Fn(&str) -> bool,
) -> Option<Finding> {
    let broken = match target.strip_prefix('#') {
        Some(place) => !slugs.contains(&place.to_lowercase()),
        None if remote(target) => false,
        None => !Folder::resolve(&source.path, target).is_some_and(|path| path.is_empty() || holds(&path)),
    };
    let finding =
        || Finding::at(source, inline.range.clone(), "report.broken-link", Level::Error, "report-broken-link");
    broken.then(|| finding().with("target", target))
}

fn image(source: &Source, inline: &Inline, target: &str, alt: &str, holds: &dyn Fn(&str) -> bool) -> Vec<Finding> {
    let mut found = Vec::new();
    let at =
        |rule, level, message| Finding::at(source, inline.range.clone(), rule, level, message).with("target", target);
    if remote(target) {
        found.push(at("report.remote-picture", Level::Warning, "report-remote-picture"));
    } else if !Folder::resolve(&source.path, target).is_some_and(|path| holds(&path)) {
        found.push(at("report.broken-link", Level::Error, "report-broken-picture"));
    }
    if alt.trim().is_empty() {
        found.push(at("report.picture-text", Level::Warning, "report-picture-text"));
    }
    found
}

/// An address with a scheme, or one that borrows it.
fn remote(target: &str) -> bool {
    let scheme = target.split(':').next().unwrap_or_default();
    let named = target.contains(':') && scheme.len() > 1 && scheme.chars().all(|c| c.is_ascii_alphanumeric());
    named || target.starts_with("//")
}

/// Names of headings as forges make them.
fn headings(blocks: &[Block], slugs: &mut BTreeSet<String>) {
    for block in blocks {
        if let BlockKind::Heading { inlines, .. } = &block.kind {
            let kept = plain(inlines).to_lowercase();
            let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            slugs.insert(kept.map(|c| if c == ' ' { '-' } else { c }).collect());
        }
    }
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
