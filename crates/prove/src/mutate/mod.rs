//! Mutants: small typed changes of the application's code that its tests should notice.
//!
//! Only lines of code are changed, never comments, strings or tests. A sample is drawn by a seed, so that the same commit
//! and seed give the same mutants.

mod assertion;
mod blank;
mod language;
mod operators;

use sha2::{Digest, Sha256};

pub use assertion::invert;
use blank::blank;
pub use language::{Language, is_application, is_test};

/// Files beyond this size are made by machines.
const FILE_BYTES: usize = 256 * 1024;

/// One change of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mutant {
    pub path: String,
    pub line: usize,
    pub operator: &'static str,
    start: usize,
    end: usize,
    /// What is written there.
    pub before: String,
    replacement: String,
}

impl Mutant {
    /// The text with the change made.
    pub fn apply(&self, text: &str) -> Option<String> {
        Some(format!("{}{}{}", text.get(..self.start)?, self.replacement, text.get(self.end..)?))
    }

    /// `src/order.py:14: <= became <`.
    pub fn describe(&self) -> String {
        let short = |text: &str| text.chars().take(60).collect::<String>();
        format!("{}:{}: {} became {}", self.path, self.line, short(&self.before), short(self.replacement.trim()))
    }
}

/// Every mutant of one file of the application.
pub fn of_file(path: &str, text: &str, language: Language) -> Vec<Mutant> {
    let mut found = Vec::new();
    if text.len() > FILE_BYTES {
        return found;
    }
    let code = blank(text, language);
    // Blanking keeps whole characters or puts spaces in their place, one for each byte.
    let Ok(code) = String::from_utf8(code) else { return found };
    let mut start = 0;
    for (at, line) in text.split_inclusive('\n').enumerate() {
        let end = start + line.len();
        let trimmed = line.trim_end_matches(['\n', '\r']);
        // Tests beside the code they test are no application.
        if language == Language::Rust && trimmed.trim_start().starts_with("#[cfg(test)]") {
            break;
        }
        let in_code = &code[start..start + trimmed.len()];
        operators::Line { path, number: at + 1, start, text: trimmed, code: in_code, language }.mutants(&mut found);
        start = end;
    }
    found
}

/// At most `count` of them, drawn by the seed, at most one a line so that they are spread.
pub fn sample(mut all: Vec<Mutant>, count: usize, seed: u64) -> Vec<Mutant> {
    all.sort_by_cached_key(|mutant| {
        let name = format!("{seed}\n{}\n{}\n{}\n{}", mutant.path, mutant.start, mutant.operator, mutant.replacement);
        Sha256::digest(name.as_bytes()).to_vec()
    });
    let mut taken: Vec<Mutant> = Vec::new();
    for mutant in all {
        if taken.len() == count {
            break;
        }
        if !taken.iter().any(|other| other.path == mutant.path && other.line == mutant.line) {
            taken.push(mutant);
        }
    }
    taken
}

#[cfg(test)]
mod tests;
