//! What rules say of papers, as data for people and tools: one report, four views.

mod html;
mod json;
mod sarif;

use std::collections::BTreeMap;

use dossier::{Beside, Edit, Finding, Level, Source};
use framework::Lang;
use serde::Serialize;

use crate::words::Words;

pub use html::write as to_html;
pub use json::write as to_json;
pub use sarif::write as to_sarif;

/// The version of the JSON shape.
const SCHEMA: &str = "preuve-findings/1";
/// The longest excerpt, in characters.
const EXCERPT: usize = 120;
const PASSAGE: usize = 1_200;

/// Every finding on the papers of a dossier.
#[derive(Clone, Debug, Serialize)]
pub struct Findings {
    pub schema: &'static str,
    pub title: String,
    pub counts: Counts,
    pub findings: Vec<Found>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub errors: usize,
    pub warnings: usize,
    pub notes: usize,
    /// Those that `--fix` would correct.
    pub fixable: usize,
}

/// A finding in words, safe to show: nothing in it makes a terminal or a browser act.
#[derive(Clone, Debug, Serialize)]
pub struct Found {
    pub rule: &'static str,
    pub level: Level,
    pub path: String,
    pub line: usize,
    pub column: usize,
    pub end_line: usize,
    pub end_column: usize,
    pub message: String,
    /// What stands there.
    pub excerpt: String,
    /// The line that it stands in, cut around it: before, itself, after.
    #[serde(skip)]
    pub context: (String, String, String),
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<Edit>,
    /// Another passage to read beside the excerpt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beside: Option<Beside>,
    #[serde(skip)]
    pub kind: &'static str,
}

impl Findings {
    /// The findings in the words of one language; `sources` by path.
    pub fn new(title: &str, findings: &[Finding], sources: &BTreeMap<String, Source>, words: Words) -> Self {
        let found: Vec<Found> =
            findings.iter().map(|finding| told(finding, sources.get(&finding.path), words)).collect();
        let of = |level: Level| found.iter().filter(|finding| finding.level == level).count();
        let fixable = found.iter().filter(|finding| finding.fix.is_some()).count();
        let counts = Counts { errors: of(Level::Error), warnings: of(Level::Warning), notes: of(Level::Note), fixable };
        Self { schema: SCHEMA, title: visible(title), counts, findings: found }
    }

    /// Whether a finding weighs at least this much.
    pub fn weigh(&self, level: Level) -> bool {
        self.findings.iter().any(|finding| finding.level <= level)
    }

    /// The counts as a sentence.
    pub fn counted(&self, words: Words) -> String {
        if self.findings.is_empty() {
            return words.say("findings-none");
        }
        let Counts { errors, warnings, notes, fixable } = self.counts;
        let counts = words.numbers("findings-counts", &[("errors", errors), ("warnings", warnings), ("notes", notes)]);
        if fixable == 0 { counts } else { format!("{counts} · {}", words.count("findings-fixable", fixable)) }
    }
}

fn told(finding: &Finding, source: Option<&Source>, words: Words) -> Found {
    let shown: Vec<(&'static str, String)> =
        finding.arguments.iter().map(|(name, text)| (*name, visible(text))).collect();
    // What another reader said comes in both languages: one of them is its reason.
    let named = |name: &'static str| match (name, words.0) {
        ("french", Lang::Fr) | ("english", Lang::En) => Some("why"),
        ("french" | "english", _) => None,
        (name, _) => Some(name),
    };
    let arguments: Vec<(&'static str, &str)> =
        shown.iter().filter_map(|(name, text)| Some((named(name)?, text.as_str()))).collect();
    let context = source.map(|source| context(source, finding)).unwrap_or_default();
    Found {
        rule: finding.rule,
        level: finding.level,
        path: visible(&finding.path),
        line: finding.start.line,
        column: finding.start.column,
        end_line: finding.end.line,
        end_column: finding.end.column,
        message: words.with(finding.message, &arguments),
        excerpt: context.1.clone(),
        context,
        fix: finding.fix.clone(),
        beside: finding
            .beside
            .as_ref()
            .map(|beside| Beside { place: visible(&beside.place), text: visible(&beside.text) }),
        kind: finding.message,
    }
}

/// The place with some of its line around it.
fn context(source: &Source, finding: &Finding) -> (String, String, String) {
    let here = source.slice(&finding.range);
    let before = source.slice(&(0..finding.range.start)).rsplit('\n').next().unwrap_or_default();
    let after = source.slice(&(finding.range.end..source.text.len())).split('\n').next().unwrap_or_default();
    let skipped = before.chars().count().saturating_sub(40);
    let before: String = before.chars().skip(skipped).collect();
    let after: String = after.chars().take(40).collect();
    // What is read beside another passage is read whole.
    let most = if finding.beside.is_some() { PASSAGE } else { EXCERPT };
    let cut: String = here.chars().take(most).collect();
    (visible(&before), visible(&cut), visible(&after))
}

/// A text in which every character that is not seen is written out.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            '\0'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}'
            | '\u{e0000}'..='\u{e007f}' => out.push_str(&format!("⟨U+{:04X}⟩", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests;
