//! Each numbered figure is spoken of, and each figure spoken of is there.

use std::collections::BTreeSet;

use framework::folded;

use crate::finding::{Finding, Level};
use crate::lint::outline::{Image, references};
use crate::lint::sentence::chunks;
use crate::lint::{Paper, vocabulary};

pub(super) const ID: &str = "figure.reference";

/// A figure as the composed paper numbers it: the pictures that stand alone, in order.
pub(super) struct Figure<'a> {
    pub image: Image<'a>,
    pub number: usize,
}

pub(super) fn figures<'a>(paper: &Paper<'a>) -> Vec<Figure<'a>> {
    let images = paper.texts.iter().flat_map(|text| references(text.source).images).filter(|image| image.alone);
    images.enumerate().map(|(index, image)| Figure { image, number: index + 1 }).collect()
}

pub(super) fn run(paper: &Paper<'_>, found: &mut Vec<Finding>) {
    let figures = figures(paper);
    let lists = vocabulary::lists();
    let mut named: BTreeSet<usize> = BTreeSet::new();
    for text in &paper.texts {
        for prose in &text.prose {
            let all = chunks(&prose.text);
            for (index, chunk) in all.iter().enumerate() {
                let word = folded(chunk.text.trim_end_matches('.'));
                if !lists.figures.contains(&word) {
                    continue;
                }
                for next in all[index + 1..].iter().take_while(|next| is_number(next.text) || is_and(next.text)) {
                    let Ok(number) = next.text.parse::<usize>() else { continue };
                    if number == 0 || number > figures.len() {
                        let range = prose.locate(&(chunk.start..next.range().end));
                        let finding = Finding::at(text.source, range, ID, Level::Warning, "lint-figure-unknown");
                        let count = figures.len().to_string();
                        found.push(finding.with("number", number.to_string()).with("count", count));
                    }
                    named.insert(number);
                }
            }
            let said = folded(&prose.text);
            if lists.beside.iter().any(|beside| said.contains(beside.as_str())) {
                let path = &text.source.path;
                let near = figures.iter().filter(|figure| figure.image.source.path == *path);
                // The figure before and the figure after this passage.
                let after = near.clone().find(|figure| figure.image.range.start >= prose.range.start);
                let before = near.rev().find(|figure| figure.image.range.end <= prose.range.start);
                named.extend([before, after].into_iter().flatten().map(|figure| figure.number));
            }
        }
    }
    for link in paper.texts.iter().flat_map(|text| references(text.source).links) {
        let to = |figure: &&Figure<'_>| {
            link.target == figure.image.target || link.target == format!("#fig-{}", figure.number)
        };
        named.extend(figures.iter().filter(to).map(|figure| figure.number));
    }
    for figure in figures.iter().filter(|figure| !named.contains(&figure.number)) {
        let range = figure.image.range.clone();
        let finding = Finding::at(figure.image.source, range, ID, Level::Warning, "lint-figure-unspoken");
        found.push(finding.with("number", figure.number.to_string()));
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() < 4 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_and(text: &str) -> bool {
    ["et", "and", "à", "to", "ou", "or"].contains(&text)
}
