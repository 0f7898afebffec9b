//! `dossier.yaml`: whose dossier it is, which papers it hands in, and which reports they rest on.
//!
//! ```yaml
//! title: Exploitation d'une billetterie
//! language: fr
//! person: { name: Camille Martin }
//! ended: 2026-06-26
//! papers:
//!   - deliverable: E1.r1
//!     source: [e1.md]
//!   - deliverable: E2.r1
//!     source: [e2.md]
//!     documents: documents.csv
//! reports:
//!   - path: reports/ferry.md
//! subject: [subject.md]
//! words: [Keycloak]
//! ```

use std::collections::BTreeMap;

use framework::{Lang, PackError, Position, Text};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::papers::shown;

/// The name of the file, at the root of the folder.
pub const PATH: &str = "dossier.yaml";

/// A dossier has five papers of some files each; more of anything is a mistake, or meant to exhaust.
const MOST: usize = 100;

/// The whole file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub title: String,
    pub language: Lang,
    pub person: Person,
    /// The framework whose deliverables these are; without it, all known frameworks are searched.
    #[serde(default)]
    pub framework: Option<String>,
    /// The last day of the training, from which the days to hand in are counted.
    #[serde(default)]
    pub ended: Option<Date>,
    #[serde(default)]
    pub papers: Vec<PaperEntry>,
    #[serde(default)]
    pub reports: Vec<ReportEntry>,
    /// Texts that were given to everybody: what they say is nobody's own.
    #[serde(default)]
    pub subject: Vec<String>,
    /// Words that are right here and in no dictionary.
    #[serde(default)]
    pub words: Vec<String>,
    /// What acronyms stand for, for the glossary; one that is here need not be spelt out in the text.
    #[serde(default)]
    pub acronyms: BTreeMap<String, String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    pub name: String,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub organisation: Option<String>,
}

/// A paper to hand in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperEntry {
    /// The id of the deliverable in its framework, such as `E1.r1` or `T.r2`.
    pub deliverable: String,
    /// The Markdown files that make it, in order.
    pub source: Vec<String>,
    /// Another title than the dossier's.
    #[serde(default)]
    pub title: Option<String>,
    /// The table of documents of a technology watch, as YAML or CSV.
    #[serde(default)]
    pub documents: Option<String>,
}

/// A project report that the papers rest on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportEntry {
    /// Where the report lies: below the dossier, or below `repository` when that is given.
    pub path: String,
    /// The project's repository: a path or an address.
    #[serde(default)]
    pub repository: Option<String>,
    /// The commit that is cited.
    #[serde(default)]
    pub commit: Option<String>,
}

impl Manifest {
    /// Reads the file.
    ///
    /// # Errors
    /// With the place of what is wrong, and what was probably meant.
    pub fn read(path: &str, text: &str) -> Result<Self, Box<PackError>> {
        let mut manifest: Self = framework::from_yaml(path, text)?;
        let files = manifest.papers.iter().map(|paper| paper.source.len()).sum::<usize>();
        let counts = [("papers", manifest.papers.len()), ("source", files), ("reports", manifest.reports.len())];
        if let Some((field, met)) = counts.into_iter().find(|(_, met)| *met > MOST) {
            let message = Text::new(
                format!("`{field}` : {met} entrées, {MOST} au plus"),
                format!("`{field}`: {met} entries, {MOST} at most"),
            );
            return Err(Box::new(PackError::new(path, Position::default(), message)));
        }
        let person = &mut manifest.person;
        let own = [Some(&mut manifest.title), Some(&mut person.name), person.organisation.as_mut()];
        let titles = manifest.papers.iter_mut().filter_map(|paper| paper.title.as_mut());
        // They stand on covers, where nothing may turn a line around or drive a terminal.
        own.into_iter().flatten().chain(titles).for_each(|text| *text = shown(text));
        let terms = std::mem::take(&mut manifest.acronyms);
        manifest.acronyms = terms.into_iter().map(|(term, meaning)| (shown(&term), shown(&meaning))).collect();
        Ok(manifest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_documents() {
        let text = "title: T\nlanguage: fr\nperson: { name: Camille Martin }\nended: 2026-06-26\n\
                    papers:\n  - deliverable: E1.r1\n    source: [e1.md]\nreports:\n  - path: reports/ferry.md\n\
                    subject: [subject.md]\nwords: [Keycloak]\nacronyms: { CI: intégration continue }\n";
        let manifest = Manifest::read(PATH, text).unwrap();
        assert_eq!(manifest.language, Lang::Fr);
        assert_eq!(manifest.papers[0].source, ["e1.md"]);
        assert_eq!(manifest.ended, Some(jiff::civil::date(2026, 6, 26)));
    }

    #[test]
    fn what_is_too_much_or_hidden_does_not_pass() {
        let many = format!(
            "title: T\nlanguage: fr\nperson: {{ name: C }}\npapers:\n  - deliverable: E1.r1\n    source: [{}]\n",
            "a.md,".repeat(101)
        );
        assert!(Manifest::read(PATH, &many).unwrap_err().to_string().contains("101"));
        let hidden = "title: \"A\\u202eb\\u001b[31m\"\nlanguage: fr\nperson: { name: C }\n";
        assert_eq!(Manifest::read(PATH, hidden).unwrap().title, "Ab[31m");
    }

    #[test]
    fn an_unknown_field_is_refused() {
        let error = Manifest::read(PATH, "title: T\nlanguage: fr\nperson: { name: C }\npaper: []\n").unwrap_err();
        assert!(error.to_string().contains("papers"), "{error}");
    }
}
