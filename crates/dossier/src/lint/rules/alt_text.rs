//! Pictures say in words what they show, for those who cannot see them.

use framework::folded;

use crate::finding::{Finding, Level};
use crate::lint::Paper;
use crate::lint::outline::references;

pub(super) const ID: &str = "figure.alt-text";

/// What says that there is a picture, and not what is on it; folded.
const NOTHING_SAID: [&str; 18] = [
    "image",
    "picture",
    "photo",
    "figure",
    "capture",
    "capture d'ecran",
    "capture ecran",
    "screenshot",
    "screen",
    "schema",
    "diagram",
    "diagramme",
    "illustration",
    "logo",
    "alt",
    "alt text",
    "texte alternatif",
    "img",
];

pub(super) fn run(paper: &Paper<'_>, found: &mut Vec<Finding>) {
    for text in &paper.texts {
        for image in references(text.source).images {
            let alt = image.alt.trim();
            let said = folded(alt).replace('’', "'");
            let bare = said.trim_end_matches(|c: char| c.is_ascii_digit() || c.is_whitespace() || "-_.:#".contains(c));
            let name = image.target.rsplit('/').next().unwrap_or_default();
            let stem = name.split('.').next().unwrap_or_default();
            let message = if alt.is_empty() {
                "lint-alt-missing"
            } else if NOTHING_SAID.contains(&bare) || bare.is_empty() || [name, stem].contains(&alt) {
                "lint-alt-empty"
            } else {
                continue;
            };
            found.push(Finding::at(text.source, image.range, ID, Level::Error, message).with("alt", alt));
        }
    }
}
