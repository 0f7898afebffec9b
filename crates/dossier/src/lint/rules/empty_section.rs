//! A heading announces something.

use crate::finding::{Finding, Level};
use crate::lint::Paper;
use crate::lint::outline::sections;
use crate::source::BlockKind;

pub(super) const ID: &str = "structure.empty-section";

pub(super) fn run(paper: &Paper<'_>, found: &mut Vec<Finding>) {
    for text in &paper.texts {
        let all = sections(text.source);
        for (index, section) in all.iter().enumerate() {
            // What stands in subsections stands in the section.
            let parent = all.get(index + 1).is_some_and(|next| next.level > section.level);
            let says = |kind: &BlockKind| {
                !matches!(kind, BlockKind::Rule | BlockKind::Metadata(_))
                    && !matches!(kind, BlockKind::Html(html) if html.trim_start().starts_with("<!--"))
            };
            if !parent && !section.own.iter().any(|block| says(&block.kind)) {
                let finding = Finding::at(text.source, section.range.clone(), ID, Level::Warning, "lint-empty-section");
                found.push(finding.with("title", section.title.as_str()));
            }
        }
    }
}
