//! The parts that the framework asks of a paper are there, whatever they are called.

use framework::Wording;

use crate::finding::{Finding, Level};
use crate::lint::Paper;
use crate::lint::outline::sections;

pub(super) const ID: &str = "structure.part";

pub(super) fn run(paper: &Paper<'_>, found: &mut Vec<Finding>) {
    let (Some(deliverable), Some(first)) = (paper.asked.deliverable, paper.texts.first()) else { return };
    let all: Vec<_> = paper.texts.iter().flat_map(|text| sections(text.source)).collect();
    let headings: Vec<Wording> = all.iter().map(|section| Wording::of(&section.title)).collect();
    let nothing = Wording::of("");
    for part in &deliverable.parts {
        let Some(passage) = &part.recognised_by else { continue };
        let sought = passage.sought();
        // A sentence somewhere about a part is no part: its heading decides.
        if !headings.iter().any(|heading| sought.is_in(heading, &nothing)) {
            let title = part.title.get(paper.asked.lang).trim_end_matches([',', '.', ' ', ':', '\u{a0}']);
            let names: Vec<&str> = passage.heading.iter().collect();
            let finding = Finding::on(&first.source.path, ID, Level::Error, "lint-part")
                .with("id", &*part.id)
                .with("title", title)
                .with("names", names.join(", "));
            found.push(finding);
        }
    }
}
