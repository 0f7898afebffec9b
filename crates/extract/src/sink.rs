//! Where sources put what they find.

use std::ops::Range;

use facts::Fact;

use crate::File;
use crate::node::{Documents, SyntaxError};

/// Collects the facts of one source.
#[derive(Default)]
pub struct Sink {
    facts: Vec<Fact>,
}

impl Sink {
    /// Adds a fact.
    pub fn push(&mut self, fact: Fact) {
        self.facts.push(fact);
    }

    /// Says that a part of a file could not be read, so that rules can answer *unknown* instead of *no*.
    pub fn unread(&mut self, file: &File, range: Range<usize>, parser: &'static str, area: &str, reason: &str) {
        self.told(file, range, parser, area, (reason, false));
    }

    /// Says what is wrong with the text of a file: its tool refuses it too, unless it is only over a bound.
    pub fn invalid(&mut self, file: &File, error: &SyntaxError, parser: &'static str, area: &str) {
        self.told(file, error.range.clone(), parser, area, (&error.message, !error.over));
    }

    /// The same, with whether its tool refuses it too.
    pub(crate) fn told(
        &mut self,
        file: &File,
        range: Range<usize>,
        parser: &'static str,
        area: &str,
        why: (&str, bool),
    ) {
        let (reason, rejected) = why;
        let location = if file.text().is_ok() { file.at(range) } else { file.start() };
        let example = file.class.example || file.class.test;
        let fact = Fact::new("file.unread", parser, location).with("reason", reason).with("area", area);
        self.push(fact.with("example", example).with("rejected", rejected));
    }

    /// The documents of a file, after saying what was wrong with them or with its text.
    pub fn checked<'a>(&mut self, file: &File, read: &'a Documents, parser: &'static str, area: &str) -> &'a Documents {
        if let Err(error) = file.text() {
            self.unread(file, 0..0, parser, area, &error.reason());
        } else if let Some(error) = &read.error {
            self.invalid(file, error, parser, area);
        }
        read
    }

    /// The facts so far.
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// Gives the facts back.
    pub fn into_facts(self) -> Vec<Fact> {
        self.facts
    }
}
