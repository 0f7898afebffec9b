//! Spaces before « : ; ! ? », inside guillemets and before `%`: narrow or full, and never breaking, in French; none in English.

use std::ops::Range;

use framework::Lang;

use crate::finding::{Edit, Finding, Level};
use crate::lint::{Paper, Text};
use crate::source::{OBJECT, Prose};

pub(super) const ID: &str = "typography.punctuation";

pub(super) const NARROW: char = '\u{202f}';
pub(super) const FULL: char = '\u{a0}';

pub(super) fn run(paper: &Paper<'_>, found: &mut Vec<Finding>) {
    for text in &paper.texts {
        for prose in &text.prose {
            let one = One { text, prose, characters: prose.text.char_indices().collect() };
            for index in 0..one.characters.len() {
                match paper.asked.lang {
                    Lang::Fr => one.french(index, found),
                    Lang::En => one.english(index, found),
                }
            }
        }
    }
}

struct One<'a> {
    text: &'a Text<'a>,
    prose: &'a Prose,
    characters: Vec<(usize, char)>,
}

impl One<'_> {
    fn at(&self, index: usize) -> char {
        self.characters.get(index).map_or('\n', |(_, c)| *c)
    }

    fn before(&self, index: usize) -> char {
        index.checked_sub(1).map_or('\n', |index| self.at(index))
    }

    fn offset(&self, index: usize) -> usize {
        self.characters.get(index).map_or(self.prose.text.len(), |(at, _)| *at)
    }

    /// Whether a mark closes a word: `10:30`, `a::b`, `http://`, `?q` and `!=` do not.
    fn closes(&self, index: usize) -> bool {
        let next = self.at(index + 1);
        next.is_whitespace() || next == OBJECT || ")»”\"'’]*_.".contains(next) && next != '.'
    }

    fn french(&self, index: usize, found: &mut Vec<Finding>) {
        let (before, c) = (self.before(index), self.at(index));
        match c {
            ';' | '!' | '?' | ':' if index > 0 && self.closes(index) && !self.in_address(index) => {
                let (space, message) = if c == ':' { (FULL, "lint-space-full") } else { (NARROW, "lint-space-narrow") };
                self.space_before(index, before, c, space, message, found);
            }
            '%' if before.is_ascii_digit() || before == ' ' && index > 1 && self.at(index - 2).is_ascii_digit() => {
                self.space_before(index, before, c, FULL, "lint-space-full", found);
                self.decimal_point(index, found);
            }
            '»' if index > 0 => self.space_before(index, before, c, FULL, "lint-space-full", found),
            '«' => {
                let next = self.at(index + 1);
                if next == ' ' {
                    self.report(index + 1..index + 2, Level::Note, "lint-space-guillemet", '«', FULL.into(), found);
                } else if ![FULL, NARROW, '\n'].contains(&next) {
                    self.report(
                        index..index + 1,
                        Level::Warning,
                        "lint-space-guillemet",
                        '«',
                        format!("«{FULL}"),
                        found,
                    );
                }
            }
            _ => {}
        }
    }

    /// What stands before a mark: nothing, which is wrong, or a space at which the line might break.
    fn space_before(
        &self,
        index: usize,
        before: char,
        c: char,
        space: char,
        message: &'static str,
        found: &mut Vec<Finding>,
    ) {
        if before == ' ' {
            // A whole mark alone at the start of a line of the source is a line break, not a space.
            self.report(index - 1..index, Level::Note, message, c, space.into(), found);
        } else if ![FULL, NARROW].contains(&before) && !"!?:;…(«[".contains(before) {
            self.report(index..index + 1, Level::Warning, message, c, format!("{space}{c}"), found);
        }
    }

    /// `99.9 %` is `99,9 %`.
    fn decimal_point(&self, index: usize, found: &mut Vec<Finding>) {
        let digits = (0..index)
            .rev()
            .skip_while(|at| self.at(*at).is_whitespace())
            .take_while(|at| self.at(*at).is_ascii_digit())
            .last();
        let Some(point) = digits.and_then(|first| first.checked_sub(1)).filter(|at| self.at(*at) == '.') else {
            return;
        };
        if self.before(point).is_ascii_digit() {
            self.report(point..point + 1, Level::Warning, "lint-decimal-comma", '.', ",".to_owned(), found);
        }
    }

    fn english(&self, index: usize, found: &mut Vec<Finding>) {
        let c = self.at(index);
        let spaced = [' ', FULL, NARROW].contains(&self.before(index));
        if matches!(c, ';' | '!' | '?' | ':') && spaced && index > 1 && self.closes(index) {
            self.report(index - 1..index, Level::Warning, "lint-space-none", c, String::new(), found);
        }
    }

    /// Whether the mark stands in an address: `https:`, `image:tag`.
    fn in_address(&self, index: usize) -> bool {
        let start = (0..index).rev().take_while(|at| !self.at(*at).is_whitespace()).last().unwrap_or(index);
        let chunk: String = (start..index).map(|at| self.at(at)).collect();
        chunk.contains("://") || chunk.contains('@') || chunk.contains('=')
    }

    fn report(
        &self,
        indexes: Range<usize>,
        level: Level,
        message: &'static str,
        mark: char,
        with: String,
        found: &mut Vec<Finding>,
    ) {
        let range = self.offset(indexes.start)..self.offset(indexes.end);
        let place = self.prose.locate(&range);
        let mut finding = Finding::at(self.text.source, place.clone(), ID, level, message).with("mark", mark);
        if self.prose.verbatim(self.text.source, &range) {
            finding.fix = Some(Edit { range: place, with });
        }
        found.push(finding);
    }
}
