//! What counts as a declaration: passages of documents recognised by their words.

use serde::{Deserialize, Serialize};

/// Patterns that recognise a section of a document.
///
/// A pattern is one or several words. It matches a heading, or one line of a section's text, when
/// each of its words begins some word there (or equals it, when it ends in a digit), whatever the
/// order, the case and the accents:
/// `environnement developpement` matches « L'environnement commun de développement ».
/// French and English patterns are tried on every document, since people mix both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passage {
    /// Patterns for the heading of a section.
    #[serde(default)]
    pub heading: Patterns,
    /// Patterns for a line of the text of a section.
    #[serde(default)]
    pub line: Patterns,
}

/// Patterns by language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Patterns {
    #[serde(default)]
    pub fr: Vec<String>,
    #[serde(default)]
    pub en: Vec<String>,
}

impl Patterns {
    /// The patterns of both languages.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.fr.iter().chain(&self.en).map(String::as_str)
    }

    /// Whether one of the patterns matches this line of text.
    pub fn matches(&self, line: &str) -> bool {
        matches_any(&self.wanted(), line)
    }

    /// The words of each pattern.
    fn wanted(&self) -> Vec<Vec<String>> {
        // A pattern without a word would match everything.
        self.iter().map(words).filter(|wanted| !wanted.is_empty()).collect()
    }

    pub fn is_empty(&self) -> bool {
        self.fr.is_empty() && self.en.is_empty()
    }
}

impl Passage {
    pub fn matches_heading(&self, heading: &str) -> bool {
        self.heading.matches(heading)
    }

    /// The first line of `text` (counted from 0) that matches a line pattern.
    pub fn first_line(&self, text: &str) -> Option<usize> {
        if self.line.is_empty() {
            return None;
        }
        let wanted = self.line.wanted();
        text.lines().position(|line| matches_any(&wanted, line))
    }
}

fn matches_any(patterns: &[Vec<String>], line: &str) -> bool {
    let found = words(line);
    patterns.iter().any(|wanted| wanted.iter().all(|wanted| found.iter().any(|word| word_matches(wanted, word))))
}

/// A word stands for its endings too (plural, conjugation); one that ends in a digit is a name or a
/// version, where one digit more means something else.
fn word_matches(wanted: &str, word: &str) -> bool {
    match wanted.ends_with(|c: char| c.is_ascii_digit()) {
        true => word == wanted,
        false => word.starts_with(wanted),
    }
}

/// The words of a text in lower case without accents. Hyphens and dots stay inside a word, so that
/// identifiers such as `EXI-ARCH-11` are one word.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '.'))
        .map(|word| word.trim_matches(['-', '.']).chars().flat_map(fold).collect::<String>())
        .filter(|word| !word.is_empty())
        .collect()
}

/// Lower case without the accents of French.
fn fold(c: char) -> impl Iterator<Item = char> {
    c.to_lowercase().flat_map(|c| {
        let plain: &'static [char] = match c {
            'à' | 'â' | 'ä' => &['a'],
            'ç' => &['c'],
            'é' | 'è' | 'ê' | 'ë' => &['e'],
            'î' | 'ï' => &['i'],
            'ô' | 'ö' => &['o'],
            'ù' | 'û' | 'ü' => &['u'],
            'ÿ' => &['y'],
            'œ' => &['o', 'e'],
            'æ' => &['a', 'e'],
            _ => &[],
        };
        let own = if plain.is_empty() { Some(c) } else { None };
        own.into_iter().chain(plain.iter().copied())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_by_prefixes_in_any_order() {
        let check = |pattern: &str, line: &str, expected: bool| {
            let patterns = Patterns { fr: vec![pattern.into()], en: vec![] };
            assert_eq!(patterns.matches(line), expected, "{pattern:?} on {line:?}");
        };
        check("environnement developpement", "L'environnement commun de Développement", true);
        check("développement environnement", "2.1 ENVIRONNEMENT DE DEVELOPPEMENT", true);
        check("environnement developpement", "L'environnement de production", false);
        check("veille", "surveillance", false);
        check("mise oeuvre", "Mise en œuvre", true);
        check("EXI-ARCH-2", "exigence EXI-ARCH-2.", true);
        check("EXI-ARCH-2", "exigence EXI-ARCH-27", false);
        check("", "anything", false);
    }

    #[test]
    fn the_first_matching_line_is_cited() {
        let passage = Passage { line: Patterns { fr: vec![], en: vec!["dev container".into()] }, ..Passage::default() };
        assert_eq!(passage.first_line("Intro\nOpen the dev container\n"), Some(1));
        assert_eq!(passage.first_line("Intro\n"), None);
    }
}
