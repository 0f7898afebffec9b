//! The two dictionaries, read once.

use std::sync::OnceLock;

use framework::Lang;
use spellbook::Dictionary;

const FRENCH: (&str, &str) = (
    include_str!("../../../../assets/dictionaries/fr/fr.aff"),
    include_str!("../../../../assets/dictionaries/fr/fr.dic"),
);
const ENGLISH: (&str, &str) = (
    include_str!("../../../../assets/dictionaries/en/en.aff"),
    include_str!("../../../../assets/dictionaries/en/en.dic"),
);
/// What British English writes otherwise than the American dictionary.
const BRITISH: [(&str, &str); 14] = [
    ("dgement", "dgment"),
    ("isation", "ization"),
    ("ising", "izing"),
    ("ise", "ize"),
    ("yse", "yze"),
    ("ysing", "yzing"),
    ("our", "or"),
    ("lled", "led"),
    ("lling", "ling"),
    ("ller", "ler"),
    ("tre", "ter"),
    ("ogue", "og"),
    ("ence", "ense"),
    ("mme", "m"),
];

fn dictionary(lang: Lang) -> &'static Dictionary {
    static READ: [OnceLock<Dictionary>; 2] = [OnceLock::new(), OnceLock::new()];
    let (slot, (aff, dic)) = match lang {
        Lang::Fr => (&READ[0], FRENCH),
        Lang::En => (&READ[1], ENGLISH),
    };
    slot.get_or_init(|| Dictionary::new(aff, dic).expect("the dictionaries of the program are well formed"))
}

/// Whether a word is of the language.
pub(super) fn knows(lang: Lang, word: &str) -> bool {
    let dictionary = dictionary(lang);
    dictionary.check(word) || lang == Lang::En && british(word).any(|american| dictionary.check(&american))
}

/// What was probably meant, best first.
pub(super) fn suggest(lang: Lang, word: &str) -> Vec<String> {
    let mut found = Vec::new();
    dictionary(lang).suggest(word, &mut found);
    found
}

fn british(word: &str) -> impl Iterator<Item = String> {
    BRITISH.iter().filter_map(move |(british, american)| {
        let (before, after) = word.rsplit_once(british)?;
        (!before.is_empty()).then(|| format!("{before}{american}{after}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_each_language() {
        let cases = [
            (Lang::Fr, "déploiement", true),
            (Lang::Fr, "deploiement", false),
            (Lang::Fr, "environnements", true),
            (Lang::Fr, "environement", false),
            (Lang::En, "deployment", true),
            (Lang::En, "deployement", false),
            (Lang::En, "colours", true),
            (Lang::En, "organisation", true),
            (Lang::En, "catalogue", true),
            (Lang::En, "acknowledgements", true),
            (Lang::En, "segement", false),
        ];
        for (lang, word, expected) in cases {
            assert_eq!(knows(lang, word), expected, "{lang} {word}");
        }
    }
}
