//! The name of a product: a title for people, and one word for modules, images, hosts and metrics.

use framework::fault::Tree;

use crate::error::AssessError;

/// The name that the reference application has.
const REFERENCE: &str = "comptoir";
/// The longest word and title: both stand in host names, metrics and lines of bounded length.
const WORD: usize = 20;
const TITLE: usize = 40;
/// Words that already mean something where the word of a product will stand.
const TAKEN: [&str; 44] = [
    "alertmanager",
    "ansible",
    "app",
    "application",
    "array",
    "asyncio",
    "backup",
    "billing",
    "broker",
    "calendar",
    "code",
    "compose",
    "data",
    "database",
    "docs",
    "email",
    "environment",
    "gateway",
    "grafana",
    "http",
    "inventory",
    "json",
    "kubernetes",
    "logging",
    "migrate",
    "monitoring",
    "operations",
    "platform",
    "postgres",
    "prometheus",
    "proxy",
    "queue",
    "rabbitmq",
    "requirements",
    "secrets",
    "signal",
    "site",
    "src",
    "string",
    "test",
    "tests",
    "token",
    "types",
    "web",
];

/// A name that can stand everywhere a product's name does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    word: String,
    title: String,
}

impl Name {
    /// Reads a name as a person writes it: `Épicerie du Port` gives the word `epicerieduport`.
    ///
    /// # Errors
    /// When no word can be made of it, or the word means something else already.
    pub fn parse(text: &str) -> Result<Self, AssessError> {
        let title = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let word: String = title.chars().flat_map(folded).filter(char::is_ascii_alphanumeric).collect();
        let plain = title.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '.'));
        let whole = (2..=WORD).contains(&word.len()) && word.starts_with(|c: char| c.is_ascii_lowercase());
        if !plain || !whole || title.chars().count() > TITLE {
            return Err(AssessError::Name { name: text.to_owned(), taken: false });
        }
        if TAKEN.contains(&word.as_str()) {
            return Err(AssessError::Name { name: text.to_owned(), taken: true });
        }
        let title = match title.chars().next() {
            Some(first) if title == word => first.to_uppercase().collect::<String>() + &title[first.len_utf8()..],
            _ => title,
        };
        Ok(Self { word, title })
    }

    /// The word that stands in code.
    pub fn word(&self) -> &str {
        &self.word
    }

    /// The words that people read.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// A text of the reference application under this name.
    pub(crate) fn of(&self, text: &str) -> String {
        text.replace(REFERENCE, &self.word)
            .replace(&REFERENCE.to_uppercase(), &self.word.to_uppercase())
            .replace("Comptoir", &self.title)
    }

    /// Every path and text of the application under this name.
    pub(crate) fn rename(&self, tree: &Tree) -> Tree {
        tree.iter().map(|(path, text)| (self.of(path), self.of(text))).collect()
    }
}

/// A letter in lower case without its accent.
fn folded(letter: char) -> Vec<char> {
    let lower = letter.to_lowercase();
    lower
        .flat_map(|c| match c {
            'à' | 'á' | 'â' | 'ä' | 'ã' | 'å' => vec!['a'],
            'ç' => vec!['c'],
            'è' | 'é' | 'ê' | 'ë' => vec!['e'],
            'ì' | 'í' | 'î' | 'ï' => vec!['i'],
            'ñ' => vec!['n'],
            'ò' | 'ó' | 'ô' | 'ö' | 'õ' => vec!['o'],
            'ù' | 'ú' | 'û' | 'ü' => vec!['u'],
            'ÿ' => vec!['y'],
            'œ' => vec!['o', 'e'],
            'æ' => vec!['a', 'e'],
            other => vec![other],
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_gives_a_word_or_is_refused() {
        let check = |text: &str, expected: &str| {
            let told = match Name::parse(text) {
                Ok(name) => format!("{} · {}", name.word, name.title),
                Err(AssessError::Name { taken: true, .. }) => "taken".to_owned(),
                Err(_) => "refused".to_owned(),
            };
            assert_eq!(told, expected, "{text:?}");
        };
        check("relais", "relais · Relais");
        check("Épicerie du Port", "epicerieduport · Épicerie du Port");
        check("corner-shop", "cornershop · corner-shop");
        check("Œuvres", "oeuvres · Œuvres");
        check("relais2", "relais2 · Relais2");
        check("comptoir", "comptoir · Comptoir");
        check("", "refused");
        check("x", "refused");
        check("2relais", "refused");
        check("relais\" onload", "refused");
        check("../relais", "refused");
        check("un nom beaucoup trop long pour un hôte", "refused");
        check("gateway", "taken");
        check("Tests", "taken");
    }

    #[test]
    fn every_form_of_the_name_is_replaced() {
        let name = Name::parse("corner shop").expect("it is a name");
        let text = "COMPTOIR_PORT=1 ghcr.io/comptoir-example/comptoir: Comptoir";
        assert_eq!(name.of(text), "CORNERSHOP_PORT=1 ghcr.io/cornershop-example/cornershop: corner shop");
    }
}
