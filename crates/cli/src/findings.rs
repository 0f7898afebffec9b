//! Findings on a terminal: by file, one line each, those that are alike folded.

use std::collections::BTreeMap;
use std::fmt::Write;

use app::Words;
use app::findings::{Findings, Found};
use app::lint::Level;

use crate::terminal::wrapped;
use crate::ui::{BAD, BOLD, DIM, LINK, OPEN, styled};

/// How many of a kind are shown in a file before the rest is counted.
const ALIKE: usize = 4;

/// Writes the findings for a person.
pub(crate) fn write(findings: &Findings, verbose: bool, words: Words) -> String {
    let mut out = format!("{}\n", styled(BOLD, &findings.title));
    let mut path = "";
    let mut seen: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (index, finding) in findings.findings.iter().enumerate() {
        if finding.path != path {
            path = &finding.path;
            let _ = write!(out, "\n{}\n", styled(LINK, path));
        }
        let count = seen.entry((path, finding.kind)).or_default();
        *count += 1;
        if verbose || *count <= ALIKE {
            line(&mut out, finding, words);
        }
        let last = |next: &Found| next.path != finding.path;
        if findings.findings.get(index + 1).is_none_or(last) {
            let more: usize = seen.values().map(|count| count.saturating_sub(ALIKE)).sum();
            if !verbose && more > 0 {
                let _ =
                    writeln!(out, "  {}", styled(DIM, &format!("{} (--verbose)", words.count("findings-more", more))));
            }
            seen.clear();
        }
    }
    let _ = write!(out, "\n{}\n", findings.counted(words));
    out
}

fn line(out: &mut String, finding: &Found, words: Words) {
    let place = format!("{}:{}", finding.line, finding.column);
    let (style, name) = match finding.level {
        Level::Error => (BAD, "findings-error"),
        Level::Warning => (OPEN, "findings-warning"),
        Level::Note => (DIM, "findings-note"),
    };
    let level = format!("{:<14}", words.say(name));
    let _ = writeln!(out, "  {place:>7}  {} {}  {}", styled(style, &level), finding.message, styled(DIM, finding.rule));
    if let Some(beside) = &finding.beside {
        let here = format!("{}:{}", finding.path, finding.line);
        for (place, text) in [(&here, &finding.excerpt), (&beside.place, &beside.text)] {
            let _ = writeln!(out, "           {}\n{}", styled(LINK, place), wrapped(text, 13));
        }
    }
}
