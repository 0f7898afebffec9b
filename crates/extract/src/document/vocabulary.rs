//! What headings announce, in French and in English. Phrases are plain words; `*` allows any ending.

use std::sync::OnceLock;

use super::normalise::{has_phrase, heading};

/// The table: a topic, then the phrases that announce it.
const HEADINGS: &str = include_str!("headings.txt");

type Topic = (&'static str, Vec<&'static str>);

fn table() -> &'static [Topic] {
    static TABLE: OnceLock<Vec<Topic>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let lines = HEADINGS.lines().filter(|line| !line.starts_with('#'));
        lines
            .filter_map(|line| line.split_once(": "))
            .map(|(topic, phrases)| (topic, phrases.split(", ").collect()))
            .collect()
    })
}

/// The topics that a heading announces, in the order of the table.
pub(crate) fn topics(written: &str) -> Vec<&'static str> {
    let plain = heading(written);
    let of = |(topic, phrases): &Topic| phrases.iter().any(|phrase| has_phrase(&plain, phrase)).then_some(*topic);
    let mut found: Vec<&'static str> = table().iter().filter_map(of).collect();
    // "Table of contents" and a licence section hold nothing else, whatever other words they use.
    if found.contains(&"contents") {
        found.retain(|topic| *topic == "contents");
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_announce_topics_in_both_languages() {
        let check = |written: &str, expected: &str| {
            assert!(topics(written).contains(&expected), "{written}: {:?}", topics(written));
        };
        check("## 🚀 Getting Started", "start");
        check("Démarrage rapide", "start");
        check("3. Mise en place de l'environnement", "install");
        check("Comment installer le prototype", "install");
        check("Lancer l’application", "start");
        check("Utilisation", "usage");
        check("API Endpoints", "api");
        check("🏗️ Architecture", "architecture");
        check("Schéma de l'infrastructure", "architecture");
        check("Choix techniques", "decision");
        check("Why Terraform instead of Ansible?", "decision");
        check("NAT instance trade-offs", "decision");
        check("Problématique", "problem");
        check("Contraintes", "constraints");
        check("Résultats attendus et obtenus", "results");
        check("Difficultés rencontrées", "difficulties");
        check("Veille technologique", "watch");
        check("Repository layout", "structure");
        check("Pré-requis", "prerequisites");
    }

    #[test]
    fn other_words_announce_nothing() {
        let check = |written: &str, absent: &str| {
            assert!(!topics(written).contains(&absent), "{written}: {:?}", topics(written));
        };
        check("Runner", "start");
        check("Table of contents: usage", "usage");
        check("Surveillance", "watch");
        check("Contestation", "test");
        check("API Gateway", "decision");
    }
}
