//! The operators: each takes a line of code and says how it may be broken.

use super::{Language, Mutant};

/// Words on a line that make a change of it say nothing: what is printed or waited for is rarely tested, nor should be.
const NOISE: [&str; 15] = [
    "logger",
    "logging",
    "log.",
    "log(",
    "print",
    "console.",
    "__name__",
    "__version__",
    "timeout",
    "sleep",
    "debug",
    "require(",
    "listen",
    " port",
    "version",
];
/// How a line starts that declares rather than does.
const DECLARING: [&str; 7] = ["import ", "from ", "package ", "use ", "#", "@", "export {"];

/// What is written, and what stands in its place. Longer ones first, so that none is taken for a part of another.
const SWAPS: [(&str, &str, &str); 22] = [
    ("comparison boundary", " <= ", " < "),
    ("comparison boundary", " >= ", " > "),
    ("comparison boundary", " < ", " <= "),
    ("comparison boundary", " > ", " >= "),
    ("negated condition", " === ", " !== "),
    ("negated condition", " !== ", " === "),
    ("negated condition", " == ", " != "),
    ("negated condition", " != ", " == "),
    ("negated condition", " is not None", " is None"),
    ("negated condition", " is None", " is not None"),
    ("negated condition", " not in ", " in "),
    ("negated condition", " and ", " or "),
    ("negated condition", " or ", " and "),
    ("negated condition", " && ", " || "),
    ("negated condition", " || ", " && "),
    ("arithmetic", " + ", " - "),
    ("arithmetic", " - ", " + "),
    ("arithmetic", " * ", " / "),
    ("arithmetic", " / ", " * "),
    ("arithmetic", " % ", " * "),
    ("arithmetic", " += ", " -= "),
    ("arithmetic", " -= ", " += "),
];

const SHELL_SWAPS: [(&str, &str, &str); 10] = [
    ("comparison boundary", " -lt ", " -le "),
    ("comparison boundary", " -le ", " -lt "),
    ("comparison boundary", " -gt ", " -ge "),
    ("comparison boundary", " -ge ", " -gt "),
    ("negated condition", " -eq ", " -ne "),
    ("negated condition", " -ne ", " -eq "),
    ("negated condition", " -z ", " -n "),
    ("negated condition", " -n ", " -z "),
    ("negated condition", " == ", " != "),
    ("negated condition", " != ", " == "),
];

/// A line of a file: its text, and the same with strings and comments blanked.
pub(super) struct Line<'a> {
    pub path: &'a str,
    pub number: usize,
    /// The byte of the file at which it starts.
    pub start: usize,
    pub text: &'a str,
    pub code: &'a str,
    pub language: Language,
}

impl Line<'_> {
    /// Every way in which the line may be broken.
    pub(super) fn mutants(&self, found: &mut Vec<Mutant>) {
        let lower = self.code.to_lowercase();
        if self.code.trim().is_empty()
            || NOISE.iter().any(|noise| lower.contains(noise))
            || DECLARING.iter().any(|start| lower.trim_start().starts_with(start))
        {
            return;
        }
        let swaps: &[_] = if self.language == Language::Shell { &SHELL_SWAPS } else { &SWAPS };
        for (operator, before, after) in swaps {
            for (at, _) in self.code.match_indices(before) {
                if !self.beside_string(at, at + before.len()) && !self.is_generic(at, before) {
                    self.push(found, operator, at, before, after);
                }
            }
        }
        self.constants(found);
        self.returned(found);
        self.removed(found);
    }

    fn push(&self, found: &mut Vec<Mutant>, operator: &'static str, at: usize, before: &str, after: &str) {
        found.push(Mutant {
            path: self.path.to_owned(),
            line: self.number,
            operator,
            start: self.start + at,
            end: self.start + at + before.len(),
            // As it is written: strings are blank in the code.
            before: self.text.get(at..at + before.len()).unwrap_or(before).trim().to_owned(),
            replacement: after.to_owned(),
        });
    }

    /// Texts are joined with the same sign as numbers are added: that change would not even run.
    fn beside_string(&self, start: usize, end: usize) -> bool {
        let quote = |byte: Option<&u8>| byte.is_some_and(|byte| matches!(byte, b'"' | b'\'' | b'`'));
        let bytes = self.text.as_bytes();
        let sign = self.code[start..end].trim();
        sign == "+" && (quote(bytes[..start].last()) || quote(bytes.get(end)))
    }

    /// `->`, `=>` and type arguments are no comparisons; default values of Go and Rust bounds are no sums.
    fn is_generic(&self, at: usize, before: &str) -> bool {
        let bound = matches!(self.language, Language::Rust | Language::Java);
        let sign = before.trim();
        (matches!(sign, "<" | ">") && self.language == Language::Java && self.code[at..].contains("> "))
            || (sign == "+"
                && bound
                && (self.code.contains("impl ") || self.code.contains("dyn ") || self.code.contains("where ")))
    }

    /// Whole numbers and truth values.
    fn constants(&self, found: &mut Vec<Mutant>) {
        let bytes = self.code.as_bytes();
        let part = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"_.$#".contains(byte));
        for (word, other) in [("true", "false"), ("false", "true"), ("True", "False"), ("False", "True")] {
            for (at, _) in self.code.match_indices(word).filter(|_| self.language != Language::Shell) {
                if !part(bytes[..at].last()) && !part(bytes.get(at + word.len())) {
                    self.push(found, "constant", at, word, other);
                }
            }
        }
        let mut at = 0;
        while at < bytes.len() {
            let length = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            let alone = length > 0 && !part(bytes[..at].last()) && !part(bytes.get(at + length));
            if alone && length <= 6 && self.language != Language::Shell {
                let word = &self.code[at..at + length];
                let more = word.parse::<u32>().map_or(1, |n| n + 1).to_string();
                self.push(found, "constant", at, word, &more);
            }
            at += length.max(1);
        }
    }

    /// What a function gives back.
    fn returned(&self, found: &mut Vec<Mutant>) {
        let trimmed = self.code.trim();
        let Some(value) = trimmed.strip_prefix("return ").map(|value| value.trim_end_matches(';').trim()) else {
            return;
        };
        let whole = !value.is_empty() && balanced(value);
        let nothing = match self.language {
            Language::Python if value != "None" => "return None",
            Language::Script if value != "undefined" && value != "null" => "return undefined;",
            Language::Shell if value == "1" => "return 0",
            _ => return,
        };
        // The text of a string is blank here: only what is code to its end is a whole statement.
        if whole && self.text.trim_end().len() == self.code.trim_end().len() {
            let at = self.code.len() - self.code.trim_start().len();
            self.push(found, "return value", at, &self.code[at..at + trimmed.len()], nothing);
        }
    }

    /// A call that stands alone.
    fn removed(&self, found: &mut Vec<Mutant>) {
        let trimmed = self.code.trim();
        let nothing = match self.language {
            Language::Python => "pass",
            Language::Script | Language::Java | Language::Rust => ";",
            // In Go an import or a variable would be left unused, in shell the exit code of the last command counts.
            Language::Go | Language::Shell => return,
        };
        let call = trimmed.trim_end_matches(';');
        let name = call.split('(').next().unwrap_or_default();
        let named = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.".contains(&byte));
        let indented = self.code.starts_with([' ', '\t']);
        let ended = self.language == Language::Python || trimmed.ends_with(';');
        if indented && ended && named && call.ends_with(')') && balanced(call) && name.contains(['.', '_']) {
            let at = self.code.len() - self.code.trim_start().len();
            self.push(found, "removed statement", at, &self.code[at..at + trimmed.len()], nothing);
        }
    }
}

/// Whether every bracket that opens on the line is closed on it.
fn balanced(code: &str) -> bool {
    let mut open = Vec::new();
    for byte in code.bytes() {
        match byte {
            b'(' | b'[' | b'{' => open.push(byte),
            b')' | b']' | b'}' => {
                let matching = match byte {
                    b')' => b'(',
                    b']' => b'[',
                    _ => b'{',
                };
                if open.pop() != Some(matching) {
                    return false;
                }
            }
            _ => {}
        }
    }
    open.is_empty()
}
