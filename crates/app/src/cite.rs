//! Facts as cited places: excerpts of the text, with every secret that was found masked.

use std::collections::BTreeMap;
use std::ops::Range;

use extract::{Project, Text};
use facts::{Fact, Facts, Location, Place, Value};

use crate::report::model::{Around, Cited};

/// The longest excerpt, in lines and in characters of a line.
const EXCERPT_LINES: usize = 6;
const EXCERPT_COLUMNS: usize = 200;

/// Turns locations into citations.
pub(crate) struct Citations<'a> {
    project: &'a Project,
    /// The ranges of secrets by path.
    secrets: BTreeMap<&'a str, Vec<Range<usize>>>,
    /// How many lines are shown before and after; none where nobody looks at them.
    around: Option<usize>,
}

impl<'a> Citations<'a> {
    pub(crate) fn new(project: &'a Project, facts: &'a Facts) -> Self {
        let mut secrets: BTreeMap<&str, Vec<Range<usize>>> = BTreeMap::new();
        for fact in facts.iter().filter(|fact| fact.kind().starts_with("secret.found")) {
            for location in std::iter::once(fact.location()).chain(fact.related()) {
                if let (Some(path), Some(span)) = (location.path(), location.span()) {
                    secrets.entry(path).or_default().push(span.start..span.end);
                }
            }
        }
        Self { project, secrets, around: None }
    }

    /// Shows so many lines before and after each place, too.
    pub(crate) fn with_lines_around(mut self, lines: usize) -> Self {
        self.around = Some(lines);
        self
    }

    /// A fact and the other places that it rests on.
    pub(crate) fn fact(&self, check: &str, role: &'static str, fact: &Fact) -> Vec<Cited> {
        let says = says(fact);
        std::iter::once(fact.location())
            .chain(fact.related())
            .map(|location| self.location(check, role, location, says.clone()))
            .collect()
    }

    /// One place.
    pub(crate) fn location(&self, check: &str, role: &'static str, location: &Location, says: String) -> Cited {
        let span = location.span();
        let excerpt = match &location.place {
            // The file of today is another one; the line of a past version is not shown, it may be the secret.
            Place::File { .. } if location.commit != self.project.commit => format!("commit:{}", location.commit),
            Place::File { path, span, .. } => {
                let text = self.project.file(path).and_then(|file| file.text().ok());
                text.map_or(String::new(), |text| self.excerpt(path, text, span.line..span.end_line + 1))
            }
            _ => location.to_string(),
        };
        Cited {
            check: check.to_owned(),
            role,
            path: location.path().map(ToOwned::to_owned),
            line: span.map(|span| span.line),
            column: span.map(|span| span.column),
            end_line: span.map(|span| span.end_line),
            commit: location.commit.to_string(),
            blob: match &location.place {
                Place::File { blob, .. } => Some(blob.to_string()),
                _ => None,
            },
            excerpt,
            says,
            around: self.around.and_then(|lines| self.lines_around(location, lines)),
        }
    }

    fn lines_around(&self, location: &Location, lines: usize) -> Option<Around> {
        let Place::File { path, span, .. } = &location.place else { return None };
        // A version of the past is not shown: the line may be the secret that was taken out.
        if location.commit != self.project.commit {
            return None;
        }
        let file = self.project.file(path)?;
        let text = file.text().ok()?;
        let none = Vec::new();
        let secrets = self.secrets.get(&**path).unwrap_or(&none);
        let first = span.line.saturating_sub(lines).max(1);
        let last = span.end_line.min(span.line + EXCERPT_LINES - 1).saturating_add(lines).min(text.line_count());
        Some(Around { first, lines: (first..=last).map(|line| masked(text, line, secrets)).collect() })
    }

    fn excerpt(&self, path: &str, text: &Text, lines: Range<usize>) -> String {
        let none = Vec::new();
        let secrets = self.secrets.get(path).unwrap_or(&none);
        let shown = lines.take(EXCERPT_LINES).map(|line| masked(text, line, secrets));
        shown.collect::<Vec<_>>().join("\n")
    }
}

/// A line of text with each secret replaced by dots; the length of the secret is not kept.
fn masked(text: &Text, line: usize, secrets: &[Range<usize>]) -> String {
    let range = text.line_range(line);
    let mut shown = String::new();
    let mut hidden = false;
    for (offset, c) in text.as_str()[range.clone()].char_indices() {
        let at = range.start + offset;
        let secret = secrets.iter().any(|secret| secret.contains(&at));
        match (secret, hidden) {
            (true, false) => shown.push_str("••••"),
            (true, true) => {}
            // Control characters of a hostile file must not reach a terminal.
            (false, _) => shown.push(if c.is_control() && c != '\t' { '�' } else { c }),
        }
        hidden = secret;
    }
    let shown = shown.trim_end_matches(['\r', '�']).to_owned();
    match shown.char_indices().nth(EXCERPT_COLUMNS) {
        Some((cut, _)) => format!("{}…", &shown[..cut]),
        None => shown,
    }
}

/// The kind of a fact and its fields that say something, short.
fn says(fact: &Fact) -> String {
    const SHOWN: usize = 4;
    let mut parts = Vec::new();
    for (name, value) in fact.fields() {
        let text = match value {
            Value::Text(text) if text.is_empty() => continue,
            Value::List(list) if list.is_empty() => continue,
            Value::Bool(_) => continue,
            value => value.to_string(),
        };
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(80).collect();
        parts.push(format!("{name} {text}"));
        if parts.len() == SHOWN {
            break;
        }
    }
    if parts.is_empty() { fact.kind().to_owned() } else { format!("{}: {}", fact.kind(), parts.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_and_control_characters_are_not_shown() {
        let text = Text::new("key: hunter2 # \u{1b}[31m\n".into()).unwrap();
        assert_eq!(masked(&text, 1, std::slice::from_ref(&(5..12))), "key: •••• # �[31m");
    }
}
