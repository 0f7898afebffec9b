//! What is wrong in a pack or a waiver file, where, and what to do about it.

use std::fmt;

use crate::{
    id::Position,
    text::{Lang, Text},
};

/// A problem in a file that people write: exact place, sentence, and a hint when there is one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PackError {
    pub file: String,
    pub line: u64,
    pub column: u64,
    pub message: Text,
    pub hint: Option<Text>,
}

impl PackError {
    pub fn new(file: &str, position: Position, message: Text) -> PackError {
        PackError { file: file.to_owned(), line: position.line, column: position.column, message, hint: None }
    }

    pub fn hint(mut self, hint: Text) -> PackError {
        self.hint = Some(hint);
        self
    }

    /// Adds « did you mean » when a known name is close to the one written.
    pub fn suggest<'a>(mut self, written: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        if let Some(name) = closest(written, known) {
            self.hint = Some(Text::new(format!("vouliez-vous dire `{name}` ?"), format!("did you mean `{name}`?")));
        }
        self
    }

    /// The problem for a person, with its hint on a second line.
    pub fn in_lang(&self, lang: Lang) -> String {
        let PackError { file, line, column, .. } = self;
        let place = if *line == 0 { file.clone() } else { format!("{file}:{line}:{column}") };
        let word = match lang {
            Lang::Fr => "piste",
            Lang::En => "hint",
        };
        match &self.hint {
            Some(hint) => {
                format!("{place}: {}\n  {word}: {}", self.message.get(lang), hint.get(lang))
            }
            None => format!("{place}: {}", self.message.get(lang)),
        }
    }
}

impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_lang(Lang::En))
    }
}

impl std::error::Error for PackError {}

/// The known name nearest to the one written, when it is near enough to be a slip.
pub fn closest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Names are short; a longer text is not a slip, and its distance would cost too much.
    if written.len() > 100 {
        return None;
    }
    let allowed = written.chars().count().div_ceil(3);
    known
        .into_iter()
        .map(|name| (distance(written, name), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, name)| name)
}

/// Levenshtein distance in characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(left != *right);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggestions_are_near() {
        let known = ["ci.test", "ci.build", "tests.automated"];
        let check = |written: &str, expected: Option<&str>| {
            assert_eq!(closest(written, known), expected, "{written}");
        };
        check("ci.tests", Some("ci.test"));
        check("ci.biuld", Some("ci.build"));
        check("test.automated", Some("tests.automated"));
        check("mon.logs", None);
        check(&"x".repeat(1_000), None);
    }
}
