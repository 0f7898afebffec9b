//! The table of documents that a dossier gives a paper has its place in the text.

use crate::finding::{Finding, Level};
use crate::lint::Paper;
use crate::papers::is_documents;
use crate::source::BlockKind;

pub(super) const ID: &str = "documents.place";

pub(super) fn run(paper: &Paper<'_>, found: &mut Vec<Finding>) {
    let (Some(given), Some(first)) = (paper.asked.documents, paper.texts.first()) else { return };
    let mut places = paper.texts.iter().flat_map(|text| {
        let fence = |kind: &BlockKind| matches!(kind, BlockKind::Code { info, .. } if is_documents(info));
        text.source.blocks.iter().filter(move |block| fence(&block.kind)).map(move |block| (text.source, block))
    });
    match (given, places.next()) {
        (true, None) => found.push(Finding::on(&first.source.path, ID, Level::Error, "documents-unplaced")),
        (false, Some((source, block))) => {
            found.push(Finding::at(source, block.range.clone(), ID, Level::Error, "documents-no-table"));
        }
        _ => {}
    }
    for (source, block) in places {
        found.push(Finding::at(source, block.range.clone(), ID, Level::Warning, "documents-again"));
    }
}
