//! Pictures lie in the dossier, and papers can show them.

use crate::finding::{Finding, Level};
use crate::folder::File;
use crate::leads::{Leads, leads};
use crate::lint::outline::references;
use crate::lint::{Asked, Paper};

pub(super) const ID: &str = "figure.image";

pub(super) fn run(paper: &Paper<'_>, found: &mut Vec<Finding>) {
    for text in &paper.texts {
        for image in references(text.source).images {
            if let Some(message) = wrong(&paper.asked, &text.source.path, image.target) {
                let finding = Finding::at(text.source, image.range, ID, Level::Error, message);
                found.push(finding.with("target", image.target));
            }
        }
    }
}

fn wrong(asked: &Asked<'_>, from: &str, target: &str) -> Option<&'static str> {
    let path = match leads(from, target) {
        Leads::Inside(path) => path,
        Leads::Remote | Leads::Scheme => return Some("lint-image-remote"),
        Leads::Nowhere | Leads::Heading(_) => return Some("lint-image-missing"),
        Leads::Outside => return Some("lint-image-outside"),
    };
    match asked.folder.files.get(&path) {
        None => Some("lint-image-missing"),
        Some(File::TooLarge(_)) => Some("lint-image-large"),
        Some(File::Bytes(bytes)) if !(asked.takes)(bytes) => Some("lint-image-format"),
        Some(File::Bytes(_)) => None,
    }
}
