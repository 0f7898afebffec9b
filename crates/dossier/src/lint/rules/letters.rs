//! French capitals keep their accents, and `œ` is one letter.

use std::ops::Range;

use framework::Lang;

use crate::finding::{Finding, Level};
use crate::lint::sentence::{chunks, words};
use crate::lint::{Paper, Text, dictionary};
use crate::source::Prose;

pub(super) const ID: &str = "typography.letters";

const LIGATURES: [&str; 8] = ["oeuvre", "coeur", "noeud", "voeu", "oeil", "soeur", "boeuf", "moeurs"];
/// What `À` stands before where a sentence begins.
const AFTER_A: [&str; 26] = [
    "partir", "la", "ce", "cet", "cette", "ces", "chaque", "terme", "noter", "titre", "travers", "savoir", "défaut",
    "cause", "propos", "côté", "mon", "notre", "leur", "droite", "gauche", "long", "court", "moyen", "quoi", "jour",
];

pub(super) fn run(paper: &Paper<'_>, found: &mut Vec<Finding>) {
    if paper.asked.lang != Lang::Fr {
        return;
    }
    for text in &paper.texts {
        for prose in &text.prose {
            for chunk in chunks(&prose.text).iter().filter(|chunk| !chunk.is_technical()) {
                for (start, word) in words(chunk) {
                    let (message, right) = match repaired(Lang::Fr, word) {
                        Some(right) if word.to_lowercase().contains("oe") => ("lint-ligature", right),
                        Some(right) => ("lint-capital", right),
                        None if word == "A" && chunk.opens && follows_a(&prose.text[start + 1..]) => {
                            ("lint-capital", "À".to_owned())
                        }
                        None => continue,
                    };
                    report(text, prose, &(start..start + word.len()), message, &right, found);
                }
            }
        }
    }
}

fn report(
    text: &Text<'_>,
    prose: &Prose,
    range: &Range<usize>,
    message: &'static str,
    right: &str,
    found: &mut Vec<Finding>,
) {
    let place = prose.locate(range);
    let finding = Finding::at(text.source, place.clone(), ID, Level::Warning, message)
        .with("word", &prose.text[range.clone()])
        .with("right", right);
    found.push(if prose.verbatim(text.source, range) { finding.fix(place, right) } else { finding });
}

fn follows_a(rest: &str) -> bool {
    let rest = rest.trim_start();
    rest.starts_with("l'")
        || rest.starts_with("l’")
        || rest.split_whitespace().next().is_some_and(|word| AFTER_A.contains(&word))
}

/// The word with the accent or the letter that it lacks; `None` when it lacks none.
pub(super) fn repaired(lang: Lang, word: &str) -> Option<String> {
    if lang != Lang::Fr || word.len() < 3 {
        return None;
    }
    let lower = word.to_lowercase();
    // The loan that everybody writes, not the enamel.
    if lower.trim_end_matches('s') == "email" {
        return None;
    }
    if let Some(ligature) = LIGATURES.iter().find(|ligature| lower.contains(**ligature)) {
        let at = lower.find(ligature)? + ligature.find("oe")?;
        let written = word.get(at..at + 2)?;
        let letter = if written.starts_with('O') { "Œ" } else { "œ" };
        return Some(format!("{}{letter}{}", &word[..at], &word[at + 2..]));
    }
    let first = word.chars().next()?;
    let accented = match first {
        'E' => "ÉÈÊ",
        'A' => "ÀÂ",
        'I' => "Î",
        'O' => "Ô",
        'C' => "Ç",
        _ => return None,
    };
    let rest = &word[1..];
    // In capitals throughout, a word may be an acronym; names such as Eden are in the dictionary as they stand.
    if !rest.chars().all(|c| c.is_lowercase() || "-'’".contains(c))
        || dictionary::knows(lang, &lower)
        || dictionary::knows(lang, word)
    {
        return None;
    }
    let candidates = accented.chars().map(|accent| format!("{accent}{rest}"));
    candidates.into_iter().find(|candidate| dictionary::knows(lang, &candidate.to_lowercase()))
}
