//! Every rule of papers: one file each. What it means to people is in `packs/papers/rules`.

mod acronym;
mod alt_text;
mod claim;
mod documents;
mod empty_section;
mod excerpt;
mod figure_reference;
pub(super) mod formula;
mod heading_levels;
mod hidden;
mod image;
mod letters;
mod link;
mod long_sentence;
mod marks;
mod number;
mod oral;
mod pages;
mod part;
mod placeholder;
mod punctuation;
mod quotes;
mod raw_html;
mod repeated_word;
mod spacing;
mod spelling;
mod unread;

use crate::finding::Finding;
use crate::lint::Paper;

/// A rule: its id, and what it says of a paper.
pub(super) struct Rule {
    pub id: &'static str,
    pub run: fn(&Paper<'_>, &mut Vec<Finding>),
}

pub(super) const ALL: [Rule; 28] = [
    Rule { id: unread::ID, run: unread::run },
    Rule { id: hidden::ID, run: hidden::run },
    Rule { id: raw_html::ID, run: raw_html::run },
    Rule { id: formula::ID, run: formula::run },
    Rule { id: part::ID, run: part::run },
    Rule { id: empty_section::ID, run: empty_section::run },
    Rule { id: heading_levels::ID, run: heading_levels::run },
    Rule { id: placeholder::ID, run: placeholder::run },
    Rule { id: pages::ID, run: pages::run },
    Rule { id: image::ID, run: image::run },
    Rule { id: alt_text::ID, run: alt_text::run },
    Rule { id: figure_reference::ID, run: figure_reference::run },
    Rule { id: link::ID, run: link::run },
    Rule { id: spelling::ID, run: spelling::run },
    Rule { id: repeated_word::ID, run: repeated_word::run },
    Rule { id: long_sentence::ID, run: long_sentence::run },
    Rule { id: acronym::ID, run: acronym::run },
    Rule { id: punctuation::ID, run: punctuation::run },
    Rule { id: quotes::ID, run: quotes::run },
    Rule { id: marks::ID, run: marks::run },
    Rule { id: letters::ID, run: letters::run },
    Rule { id: spacing::ID, run: spacing::run },
    Rule { id: claim::ID, run: claim::run },
    Rule { id: number::ID, run: number::run },
    Rule { id: excerpt::ID, run: excerpt::run },
    Rule { id: documents::ID, run: documents::run },
    Rule { id: oral::MINUTES, run: oral::minutes },
    Rule { id: oral::SCREEN, run: oral::screen },
];

/// The ids of all rules, in the order in which they run; the last ones read tables and compare dossiers.
pub fn ids() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|rule| rule.id).chain(crate::documents::RULES).chain([crate::similar::ID])
}
