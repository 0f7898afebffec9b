//! Pictures lie in the dossier, and are pictures.

use crate::finding::{Finding, Level};
use crate::folder::{File, Folder};
use crate::leads::{Leads, leads};
use crate::lint::Paper;
use crate::lint::outline::references;

pub(super) const ID: &str = "figure.image";

pub(super) fn run(paper: &Paper<'_>, found: &mut Vec<Finding>) {
    for text in &paper.texts {
        for image in references(text.source).images {
            if let Some(message) = wrong(paper.asked.folder, &text.source.path, image.target) {
                let finding = Finding::at(text.source, image.range, ID, Level::Error, message);
                found.push(finding.with("target", image.target));
            }
        }
    }
}

fn wrong(folder: &Folder, from: &str, target: &str) -> Option<&'static str> {
    let path = match leads(from, target) {
        Leads::Inside(path) => path,
        Leads::Remote | Leads::Scheme => return Some("lint-image-remote"),
        Leads::Nowhere | Leads::Heading(_) => return Some("lint-image-missing"),
        Leads::Outside => return Some("lint-image-outside"),
    };
    match folder.files.get(&path) {
        None => Some("lint-image-missing"),
        Some(File::TooLarge(_)) => Some("lint-image-large"),
        Some(File::Bytes(bytes)) if !is_picture(bytes) => Some("lint-image-format"),
        Some(File::Bytes(_)) => None,
    }
}

/// PNG, JPEG, GIF, WebP, or SVG, by what the file begins with.
fn is_picture(bytes: &[u8]) -> bool {
    let webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(1024)).unwrap_or_default());
    let head = head.trim_start_matches('\u{feff}').trim_start();
    let svg =
        (head.starts_with("<?xml") || head.starts_with("<!--") || head.starts_with("<svg")) && head.contains("<svg");
    bytes.starts_with(b"\x89PNG") || bytes.starts_with(b"\xff\xd8\xff") || bytes.starts_with(b"GIF8") || webp || svg
}
