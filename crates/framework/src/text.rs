//! Words for people, always in French and in English.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A language that people can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lang {
    Fr,
    En,
}

impl Lang {
    /// The two-letter code, as in `--lang fr`.
    pub fn code(self) -> &'static str {
        match self {
            Lang::Fr => "fr",
            Lang::En => "en",
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// One sentence or paragraph in both languages.
///
/// A side that the pack left out is empty: loading reports it as a missing translation with the
/// position of its owner, so a loaded framework never holds an empty side.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    #[serde(default)]
    pub fr: String,
    #[serde(default)]
    pub en: String,
}

impl Text {
    pub fn new(fr: impl Into<String>, en: impl Into<String>) -> Text {
        Text { fr: fr.into(), en: en.into() }
    }

    /// The text in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Fr => &self.fr,
            Lang::En => &self.en,
        }
    }

    /// The languages in which nothing is said.
    pub fn missing(&self) -> Vec<Lang> {
        [Lang::Fr, Lang::En].into_iter().filter(|lang| self.get(*lang).trim().is_empty()).collect()
    }
}
