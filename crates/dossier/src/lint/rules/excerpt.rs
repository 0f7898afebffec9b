//! Code that a paper shows from a repository is there, at the commit that the dossier cites.

use crate::finding::{Finding, Level};
use crate::lint::{Paper, Why};
use crate::source::{Block, BlockKind};

pub(super) const ID: &str = "evidence.excerpt";

pub(super) fn run(paper: &Paper<'_>, found: &mut Vec<Finding>) {
    for text in &paper.texts {
        each(&text.source.blocks, &mut |block, info| {
            let Some(missing) = paper.asked.missing.iter().find(|missing| missing.info == *info) else { return };
            let message = match missing.why {
                Why::Project => "lint-excerpt-project",
                Why::File => "lint-excerpt-file",
                Why::Lines => "lint-excerpt-lines",
                Why::Differs => "lint-excerpt-differs",
                Why::Range => "lint-excerpt-range",
            };
            let opening = text.source.slice(&block.range).lines().next().unwrap_or_default().len();
            let range = block.range.start..block.range.start + opening;
            let finding = Finding::at(text.source, range, ID, Level::Error, message);
            found.push(finding.with("info", info).with("seen", missing.seen.as_str()));
        });
    }
}

/// Every fence, with what stands after it.
fn each(blocks: &[Block], visit: &mut dyn FnMut(&Block, &str)) {
    for block in blocks {
        match &block.kind {
            BlockKind::Code { info, .. } => visit(block, info),
            BlockKind::Quote(inside) => each(inside, visit),
            BlockKind::List { items, .. } => items.iter().for_each(|item| each(&item.blocks, visit)),
            _ => {}
        }
    }
}
