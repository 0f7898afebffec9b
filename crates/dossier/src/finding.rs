//! What a rule says about a place of a source, and the edit that would answer it.

use std::ops::Range;

use serde::Serialize;

use crate::source::{Position, Source};

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The paper cannot be handed in, or cannot be built, like this.
    Error,
    /// A reader will stumble.
    Warning,
    /// For a human to judge; never counts against the paper.
    Note,
}

impl Level {
    pub fn name(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "note",
        }
    }
}

/// A replacement that changes no meaning: what `--fix` applies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edit {
    /// Bytes of the source.
    pub range: Range<usize>,
    pub with: String,
}

/// One place of one file that a rule speaks about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The id that `preuve explain` knows, such as `structure.heading-levels`.
    pub rule: &'static str,
    pub level: Level,
    pub path: String,
    /// Bytes of the file.
    pub range: Range<usize>,
    /// Where the range starts and where its last character is; lines and columns count from 1, columns in characters.
    pub start: Position,
    pub end: Position,
    /// Which sentence of the catalogue says it, with what the sentence is filled with.
    pub message: &'static str,
    pub arguments: Vec<(&'static str, String)>,
    pub fix: Option<Edit>,
    /// Another passage to read beside this one.
    pub beside: Option<Beside>,
}

/// A passage elsewhere, shown side by side for a person to judge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Beside {
    /// Whose it is and where it stands.
    pub place: String,
    pub text: String,
}

impl Finding {
    /// A finding on a range of a source.
    pub fn at(source: &Source, range: Range<usize>, rule: &'static str, level: Level, message: &'static str) -> Self {
        // The end of a line belongs to the block above, and points nowhere that people look.
        let written = source.slice(&range).trim_end_matches(['\n', '\r']);
        let range = range.start..if written.is_empty() { range.end } else { range.start + written.len() };
        let (start, end) = source.positions(&range);
        let path = source.path.clone();
        Self { rule, level, path, range, start, end, message, arguments: Vec::new(), fix: None, beside: None }
    }

    /// A finding on a file as a whole, such as one that cannot be read.
    pub fn on(path: &str, rule: &'static str, level: Level, message: &'static str) -> Self {
        let start = Position { line: 1, column: 1 };
        let path = path.to_owned();
        Self {
            rule,
            level,
            path,
            range: 0..0,
            start,
            end: start,
            message,
            arguments: Vec::new(),
            fix: None,
            beside: None,
        }
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, text: impl Into<String>) -> Self {
        self.arguments.push((name, text.into()));
        self
    }

    #[must_use]
    pub fn fix(mut self, range: Range<usize>, with: impl Into<String>) -> Self {
        self.fix = Some(Edit { range, with: with.into() });
        self
    }
}
