//! Headings and sentences as plain words: no emoji, numbering, punctuation, accents or capitals.

/// Lower-case words without accents, separated by single spaces.
pub(crate) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if let Some(plain) = unaccented(c) {
            out.push_str(plain);
        } else if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if matches!(c, '\u{300}'..='\u{36f}') {
            // A combining accent after its letter.
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.trim().to_owned()
}

/// A heading as plain words, without its number: `## 🚀 2.1) Démarrage` reads `demarrage`.
pub(crate) fn heading(text: &str) -> String {
    let plain = plain(text);
    let mut words: Vec<&str> = plain.split(' ').collect();
    while words.len() > 1 && is_number(words[0]) {
        words.remove(0);
    }
    words.join(" ")
}

fn is_number(word: &str) -> bool {
    let roman = matches!(word, "i" | "ii" | "iii" | "iv" | "v" | "vi" | "vii" | "viii" | "ix" | "x");
    roman || word.chars().all(|c| c.is_ascii_digit()) || (word.len() == 1 && matches!(word, "b" | "c" | "d"))
}

fn unaccented(c: char) -> Option<&'static str> {
    Some(match c {
        'à' | 'â' | 'ä' | 'á' | 'ã' | 'å' | 'À' | 'Â' | 'Ä' | 'Á' => "a",
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => "e",
        'î' | 'ï' | 'í' | 'Î' | 'Ï' | 'Í' => "i",
        'ô' | 'ö' | 'ó' | 'õ' | 'Ô' | 'Ö' | 'Ó' => "o",
        'ù' | 'û' | 'ü' | 'ú' | 'Ù' | 'Û' | 'Ü' | 'Ú' => "u",
        'ç' | 'Ç' => "c",
        'ñ' | 'Ñ' => "n",
        'œ' | 'Œ' => "oe",
        'æ' | 'Æ' => "ae",
        _ => return None,
    })
}

/// Whether a phrase stands in plain text as whole words; a final `*` allows any ending of its last word.
pub(crate) fn has_phrase(text: &str, phrase: &str) -> bool {
    let (phrase, open) = phrase.strip_suffix('*').map_or((phrase, false), |phrase| (phrase, true));
    text.match_indices(phrase).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + phrase.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && (open || !after.is_some_and(char::is_alphanumeric))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_lose_their_ornaments() {
        let check = |written: &str, expected: &str| assert_eq!(heading(written), expected, "{written}");
        check("🚀 2.1) Démarrage rapide", "demarrage rapide");
        check("IV. Choix d’architecture :", "choix d architecture");
        check("**Usage**", "usage");
        check("Étape 3 – Déploiement", "etape 3 deploiement");
        check("Pre\u{301}requis", "prerequis");
        check("1", "1");
    }

    #[test]
    fn phrases_are_whole_words() {
        let check = |text: &str, phrase: &str, expected: bool| {
            assert_eq!(has_phrase(text, phrase), expected, "{phrase} in {text}");
        };
        check("how to run it", "run", true);
        check("pruning", "run", false);
        check("installation guide", "install*", true);
        check("reinstall", "install*", false);
    }
}
