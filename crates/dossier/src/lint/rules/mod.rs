//! Every rule of papers: one file each. What it means to people is in `packs/papers/rules`.

mod acronym;
mod alt_text;
mod claim;
mod deadline;
mod documents;
mod empty_section;
mod excerpt;
mod figure_reference;
pub(super) mod formula;
mod glyph;
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

pub(super) use number::in_letters;

use crate::finding::Finding;
use crate::lint::Paper;

/// A rule: its id, what it reads of a talk, and what it says of a paper.
pub(super) struct Rule {
    pub id: &'static str,
    pub of_talk: OfTalk,
    pub run: fn(&Paper<'_>, &mut Vec<Finding>),
}

/// What a rule reads when the paper is the text of a talk.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum OfTalk {
    /// The slides and what is said: they are read like any text.
    Spoken,
    /// The file as it is written.
    File,
    /// Nothing: it judges how a written paper is made.
    Nothing,
}
use OfTalk::{File, Nothing, Spoken};

pub(super) const ALL: [Rule; 30] = [
    Rule { id: unread::ID, of_talk: File, run: unread::run },
    Rule { id: hidden::ID, of_talk: File, run: hidden::run },
    Rule { id: raw_html::ID, of_talk: Spoken, run: raw_html::run },
    Rule { id: formula::ID, of_talk: Spoken, run: formula::run },
    Rule { id: part::ID, of_talk: Nothing, run: part::run },
    Rule { id: empty_section::ID, of_talk: Spoken, run: empty_section::run },
    Rule { id: heading_levels::ID, of_talk: Nothing, run: heading_levels::run },
    Rule { id: placeholder::ID, of_talk: Spoken, run: placeholder::run },
    Rule { id: deadline::ID, of_talk: File, run: deadline::run },
    Rule { id: pages::ID, of_talk: Nothing, run: pages::run },
    Rule { id: image::ID, of_talk: Spoken, run: image::run },
    Rule { id: alt_text::ID, of_talk: Spoken, run: alt_text::run },
    Rule { id: figure_reference::ID, of_talk: Nothing, run: figure_reference::run },
    Rule { id: link::ID, of_talk: Spoken, run: link::run },
    Rule { id: spelling::ID, of_talk: Spoken, run: spelling::run },
    Rule { id: repeated_word::ID, of_talk: Spoken, run: repeated_word::run },
    Rule { id: long_sentence::ID, of_talk: Spoken, run: long_sentence::run },
    Rule { id: acronym::ID, of_talk: Spoken, run: acronym::run },
    Rule { id: punctuation::ID, of_talk: Spoken, run: punctuation::run },
    Rule { id: quotes::ID, of_talk: Spoken, run: quotes::run },
    Rule { id: marks::ID, of_talk: Spoken, run: marks::run },
    Rule { id: letters::ID, of_talk: Spoken, run: letters::run },
    Rule { id: glyph::ID, of_talk: Spoken, run: glyph::run },
    Rule { id: spacing::ID, of_talk: Spoken, run: spacing::run },
    Rule { id: claim::ID, of_talk: Spoken, run: claim::run },
    Rule { id: number::ID, of_talk: Spoken, run: number::run },
    Rule { id: excerpt::ID, of_talk: Spoken, run: excerpt::run },
    Rule { id: documents::ID, of_talk: Nothing, run: documents::run },
    Rule { id: oral::MINUTES, of_talk: File, run: oral::minutes },
    Rule { id: oral::SCREEN, of_talk: File, run: oral::screen },
];

/// Whether a rule judges how any text is written; the fonts of papers are no concern of a text that is none.
pub(super) fn is_of_language(id: &str) -> bool {
    id.starts_with("language.") || id.starts_with("typography.") && id != glyph::ID || id == hidden::ID
}

/// The ids of all rules, in the order in which they run; the last ones read tables and compare dossiers.
pub fn ids() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|rule| rule.id).chain(crate::documents::RULES).chain([crate::similar::ID])
}
