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
    /// The passage with its patterns taken apart, to try it on many sections.
    pub fn sought(&self) -> Sought {
        Sought { heading: self.heading.wanted(), line: self.line.wanted() }
    }
}

/// A passage as it is looked for: the words of each of its patterns.
pub struct Sought {
    heading: Vec<Vec<String>>,
    line: Vec<Vec<String>>,
}

impl Sought {
    /// Whether a section with this heading and text declares what the passage is about.
    pub fn is_in(&self, heading: &Wording, text: &Wording) -> bool {
        heading.holds(&self.heading) || text.holds(&self.line)
    }
}

/// A text as patterns see it: folded once, however many patterns are tried on it.
pub struct Wording {
    /// The words of each line, spaces between words and newlines between lines.
    folded: String,
    /// Where each distinct word stands in it, in the order of the words.
    vocabulary: Vec<(u32, u32)>,
}

impl Wording {
    /// Folds a text.
    pub fn of(text: &str) -> Self {
        let mut folded = String::with_capacity(text.len());
        let mut vocabulary = Vec::new();
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        for line in text.lines() {
            let before = folded.len();
            for word in words(line) {
                let start = folded.len();
                folded.push_str(&word);
                vocabulary.push((place(start), place(folded.len())));
                folded.push(' ');
            }
            // A line without words matches nothing.
            if folded.len() > before {
                folded.push('\n');
            }
        }
        let word = |&(start, end): &(u32, u32)| folded.get(start as usize..end as usize).unwrap_or_default();
        vocabulary.sort_by(|a, b| word(a).cmp(word(b)));
        vocabulary.dedup_by(|a, b| word(a) == word(b));
        Self { folded, vocabulary }
    }

    /// Whether one line holds all words of one of the patterns.
    fn holds(&self, patterns: &[Vec<String>]) -> bool {
        patterns.iter().any(|wanted| {
            let in_line = |line: &str| wanted.iter().all(|wanted| line.split(' ').any(|word| is_word(wanted, word)));
            wanted.iter().all(|word| self.has(word)) && self.folded.lines().any(in_line)
        })
    }

    /// Whether the word is anywhere in the text: those that it begins stand together.
    fn has(&self, wanted: &str) -> bool {
        let word = |&(start, end): &(u32, u32)| self.folded.get(start as usize..end as usize).unwrap_or_default();
        let at = self.vocabulary.partition_point(|place| word(place) < wanted);
        self.vocabulary.get(at).is_some_and(|place| is_word(wanted, word(place)))
    }
}

/// A word stands for its endings too (plural, conjugation); one that ends in a digit is a name or a
/// version, where one digit more means something else.
fn is_word(wanted: &str, word: &str) -> bool {
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

/// Whether a heading gives the name of something: all of its words, or words of it alone that are half of them.
/// Articles and their kin say nothing, nor do endings.
pub fn names(heading: &str, title: &str) -> bool {
    let telling = |text: &str| {
        let long = words(text).into_iter().filter(|word| word.chars().count() > 3);
        long.map(|word| word.chars().take(6).collect()).collect::<std::collections::BTreeSet<String>>()
    };
    let (heading, title) = (telling(heading), telling(title));
    let part = heading.len() > 1 && heading.is_subset(&title) && heading.len() * 2 >= title.len();
    part || (!title.is_empty() && title.is_subset(&heading))
}

/// A text in lower case without the accents of French, to compare words.
pub fn folded(text: &str) -> String {
    text.chars().flat_map(fold).collect()
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
    fn a_heading_names_what_it_repeats() {
        let title = "Être responsable de la fiabilité, de la clarté, de la traçabilité et de la sécurité du code et des livrables";
        let check =
            |heading: &str, title: &str, expected: bool| assert_eq!(names(heading, title), expected, "{heading}");
        check("Fiabilité, clarté, traçabilité et sécurité du code", title, true);
        check(&format!("3.2 {title}"), title, true);
        check("La sécurité du code", title, false);
        check("Tâches de configuration", "Automatiser les tâches de configuration", true);
        check("Configuration", "Automatiser les tâches de configuration", false);
        check("Les tâches de sauvegarde", "Automatiser les tâches de configuration", false);
        check("Managing versions of the code", "Be responsible for managing code versioning", true);
        check("", "", false);
    }

    #[test]
    fn a_pattern_matches_by_prefixes_in_any_order() {
        let check = |pattern: &str, line: &str, expected: bool| {
            let patterns = || Patterns { fr: vec![pattern.into()], en: vec![] };
            let (here, none) = (Wording::of(line), Wording::of(""));
            let heading = Passage { heading: patterns(), ..Passage::default() };
            assert_eq!(heading.sought().is_in(&here, &none), expected, "{pattern:?} on {line:?}");
            let text = Passage { line: patterns(), ..Passage::default() };
            assert_eq!(text.sought().is_in(&none, &here), expected, "{pattern:?} in {line:?}");
        };
        check("environnement developpement", "L'environnement commun de Développement", true);
        check("développement environnement", "2.1 ENVIRONNEMENT DE DEVELOPPEMENT", true);
        check("environnement developpement", "L'environnement de production", false);
        check("veille", "surveillance", false);
        check("veille", "zone, veilles, abri", true);
        check("mise oeuvre", "Mise en œuvre", true);
        check("EXI-ARCH-2", "exigence EXI-ARCH-2.", true);
        check("EXI-ARCH-2", "exigence EXI-ARCH-27", false);
        check("EXI-ARCH-2", "EXI-ARCH-27, EXI-ARCH-2", true);
        check("", "anything", false);
    }

    #[test]
    fn all_words_stand_on_one_line() {
        let passage = Passage { line: Patterns { fr: vec![], en: vec!["dev container".into()] }, ..Passage::default() };
        let check = |text: &str, expected: bool| {
            assert_eq!(passage.sought().is_in(&Wording::of("dev container"), &Wording::of(text)), expected, "{text:?}");
        };
        check("Intro\nOpen the dev container\n", true);
        check("The dev team\nships a container\n", false);
        check("Intro\n", false);
        check("", false);
    }
}
