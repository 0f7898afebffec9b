//! The views of findings: safe to show, in both languages.

use dossier::lint::{self, Asked, Vocabulary};
use dossier::{Folder, Source};
use framework::Lang;

use super::*;

fn findings(text: &str, lang: Lang, words: Lang) -> Findings {
    let source = Source::parse("a b.md", text);
    let (folder, vocabulary) = (Folder::default(), Vocabulary::of(lang, &[]));
    let asked = Asked::of(lang, &folder, &vocabulary);
    let all = lint::check(std::slice::from_ref(&source), &asked);
    Findings::new("T\u{1b}[31m", &all, &[("a b.md".to_owned(), source)].into(), Words(words))
}

#[test]
fn every_sentence_of_a_rule_is_in_both_catalogues() {
    let mut seen = std::collections::BTreeSet::new();
    for guide in lint::guides().unwrap() {
        for case in guide.cases.iter().filter(|case| case.deliverable.is_none() && case.measures.is_empty()) {
            for lang in [Lang::Fr, Lang::En] {
                for finding in findings(&case.text, case.lang, lang).findings {
                    assert!(!finding.message.contains(['⟨', '{']), "{}: {}", guide.id, finding.message);
                    seen.insert(finding.kind);
                }
            }
        }
    }
    assert!(seen.len() >= 35, "{}: {seen:?}", seen.len());
}

#[test]
fn nothing_hidden_reaches_a_view() {
    let found = findings(
        "# A\n\nRed \u{1b}[31m <b>x</b> \u{202e}gpj [a](<../\u{1b}]8;;x>) <script>\u{9b}</script>\n",
        Lang::En,
        Lang::En,
    );
    assert!(found.findings.len() >= 5, "{found:?}");
    for text in [
        to_json(&found),
        to_html(&found, &lint::guides().unwrap(), Words(Lang::En)),
        to_sarif(&found, &[], Words(Lang::En)),
    ] {
        assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{9b}']), "{text}");
        assert!(!text.contains("<script>") || text.starts_with('{'), "{text}");
    }
}

#[test]
fn sarif_names_rules_places_and_fixes() {
    let found = findings("# Titre\n\nUn  mot.\n", Lang::Fr, Lang::Fr);
    let sarif: serde_json::Value =
        serde_json::from_str(&to_sarif(&found, &lint::guides().unwrap(), Words(Lang::Fr))).unwrap();
    let run = &sarif["runs"][0];
    assert_eq!(run["tool"]["driver"]["rules"][0]["id"], "typography.spacing");
    let result = &run["results"][0];
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20b.md");
    assert_eq!(place["region"]["startColumn"], 3);
    assert_eq!(place["region"]["endColumn"], 5);
    let edit = &result["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(edit["deletedRegion"]["byteLength"], 2);
}
