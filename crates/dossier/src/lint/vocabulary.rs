//! The words that no dictionary has: those of the trade, of the packs, of the repository and of the dossier.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use framework::{Framework, Lang, Text, folded};
use serde::Deserialize;

use super::dictionary;
use super::sentence::{chunks, words};
use crate::manifest::Manifest;

const PATH: &str = "packs/papers/vocabulary.yaml";
/// What makes new words of known ones without a hyphen.
const PREFIXES: [&str; 8] = ["pré", "rétro", "auto", "multi", "micro", "inter", "Pré", "Rétro"];

/// The lists of the pack.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lists {
    /// Words of the trade, of both languages or of one.
    words: Vec<String>,
    french: Vec<String>,
    english: Vec<String>,
    /// Acronyms that need no telling.
    acronyms: Vec<String>,
    /// What stands where something should still be written; folded.
    pub(super) placeholders: Vec<String>,
    /// Words that claim, each standing for its plural and feminine; an accent tells « déployé » from « déploie ».
    pub(super) claims: ByLang,
    /// What makes a sentence no claim: a plan, a wish.
    pub(super) reservations: ByLang,
    /// What denies the claim that follows it, and what makes an aim of it; folded.
    pub(super) negations: ByLang,
    pub(super) aims: ByLang,
    /// What measures count, in both languages, each standing for its plural; folded.
    pub(super) units: Vec<String>,
    /// What a figure is called where the text refers to it.
    pub(super) figures: Vec<String>,
    /// What names the figure next to the text without its number.
    pub(super) beside: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ByLang {
    fr: Vec<String>,
    en: Vec<String>,
}

impl ByLang {
    pub(super) fn get(&self, lang: Lang) -> &[String] {
        match lang {
            Lang::Fr => &self.fr,
            Lang::En => &self.en,
        }
    }
}

/// The lists of the built-in pack.
pub(super) fn lists() -> &'static Lists {
    static READ: OnceLock<Lists> = OnceLock::new();
    READ.get_or_init(|| {
        let files = framework::builtin();
        let file = files.iter().find(|file| file.path == PATH).expect("the program carries the vocabulary");
        framework::from_yaml(&file.path, &file.text).expect("a test reads the vocabulary")
    })
}

/// The words and acronyms that are right in a paper, beyond the dictionary.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    words: BTreeSet<String>,
    acronyms: BTreeSet<String>,
}

impl Vocabulary {
    /// What the program carries for a language, and what the frameworks themselves say.
    pub fn of(lang: Lang, frameworks: &[Framework]) -> Self {
        let lists = lists();
        let mut vocabulary = Self::default();
        let own = match lang {
            Lang::Fr => &lists.french,
            Lang::En => &lists.english,
        };
        lists.words.iter().chain(own).for_each(|word| vocabulary.add(word));
        vocabulary.acronyms.extend(lists.acronyms.iter().cloned());
        for text in known_by_packs(frameworks) {
            vocabulary.learn(text.get(lang));
        }
        vocabulary
    }

    /// Takes the words and acronyms of a dossier.
    pub fn of_dossier(&mut self, manifest: &Manifest) {
        manifest.words.iter().for_each(|word| self.learn(word));
        let names = [Some(&manifest.person.name), manifest.person.organisation.as_ref()];
        names.into_iter().flatten().for_each(|name| self.learn(name));
        for (acronym, meaning) in &manifest.acronyms {
            self.acronyms.insert(acronym.clone());
            self.learn(meaning);
        }
    }

    /// Takes every word of a text for right: a name from the repository, a sentence of a pack.
    pub fn learn(&mut self, text: &str) {
        for chunk in chunks(text) {
            self.add(chunk.text);
            for (_, word) in words(&chunk) {
                self.add(word);
            }
        }
    }

    fn add(&mut self, word: &str) {
        self.words.insert(word.to_lowercase().replace('’', "'"));
    }

    pub(super) fn has(&self, word: &str) -> bool {
        let word = word.to_lowercase();
        let singular = word.strip_suffix(['s', 'x']);
        self.words.contains(&word) || singular.is_some_and(|word| self.words.contains(word))
    }

    pub(super) fn has_acronym(&self, acronym: &str) -> bool {
        self.acronyms.contains(acronym) || acronym.strip_suffix('s').is_some_and(|one| self.acronyms.contains(one))
    }

    /// Whether a word is right: here, or in the dictionary, as it stands or in lower case, whole or part by part.
    pub(super) fn accepts(&self, lang: Lang, word: &str) -> bool {
        let word = word.replace('’', "'").replace('‑', "-");
        let known = |word: &str| {
            self.has(word) || dictionary::knows(lang, word) || dictionary::knows(lang, &word.to_lowercase())
        };
        let part = |part: &str| part.chars().count() < 2 || known(part) || is_prefix(&folded(part));
        let word = word.strip_suffix("'s").filter(|_| lang == Lang::En).unwrap_or(&word).to_owned();
        // A name put together of words of either language: `server-proxy` in a French text.
        let other = if lang == Lang::Fr { Lang::En } else { Lang::Fr };
        let compound = |word: &str| word.split('-').all(|one| part(one) || dictionary::knows(other, one));
        let acronym = self.acronyms.contains(&word.to_uppercase());
        let prefixed = PREFIXES.iter().filter_map(|prefix| word.strip_prefix(prefix));
        let built = || prefixed.into_iter().any(|rest| rest.chars().count() > 4 && known(rest));
        known(&word) || acronym || word.contains('-') && compound(&word) || built()
    }
}

/// What compounds begin with, and no dictionary has alone.
fn is_prefix(part: &str) -> bool {
    ["pre", "post", "non", "sous", "auto", "multi", "micro", "inter", "re", "co", "anti", "sub", "semi", "ci"]
        .contains(&part)
}

/// What the frameworks say, which is held to be right.
pub fn known_by_packs(frameworks: &[Framework]) -> Vec<&Text> {
    let mut found = Vec::new();
    for framework in frameworks {
        found.push(&framework.header.title);
        for evaluation in &framework.evaluations {
            found.push(&evaluation.title);
            found.extend(evaluation.deliverables.iter().flat_map(|paper| &paper.parts).map(|part| &part.title));
        }
        for (competence, indicator) in framework.indicators() {
            found.push(&competence.title);
            found.push(&indicator.title);
        }
        found.extend(framework.glossary.iter().map(|term| &term.term));
    }
    found
}

/// The acronyms that the glossaries of packs spell out.
pub(super) fn spelt_out(text: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (at, _) in text.match_indices('(') {
        let inside = text[at + 1..].split(')').next().unwrap_or_default();
        let outside = text[..at].trim_end();
        let last = outside.rsplit(|c: char| c.is_whitespace() || "'’(«".contains(c)).next().unwrap_or_default();
        if is_acronym(inside) {
            found.insert(inside.to_owned(), outside.to_owned());
        } else if is_acronym(last) && inside.chars().any(char::is_lowercase) {
            found.insert(last.to_owned(), inside.to_owned());
        }
    }
    found
}

/// Two to six capitals, digits among them: `CI`, `K8S`, `SLO`, `VMs`.
pub(super) fn is_acronym(word: &str) -> bool {
    let word = word.strip_suffix('s').unwrap_or(word);
    let capitals = word.chars().filter(|c| c.is_uppercase()).count();
    (2..=6).contains(&word.chars().count())
        && capitals >= 2
        // `5GB` is a size.
        && word.starts_with(char::is_uppercase)
        && word.chars().all(|c| c.is_uppercase() || c.is_ascii_digit())
        && !word.chars().all(|c| "IVXLCDM".contains(c))
}
