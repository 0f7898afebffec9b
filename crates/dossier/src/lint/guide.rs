//! What a rule means to people, from `packs/papers/rules`: why it matters, how to answer it, and small texts that show it.

use std::collections::{BTreeMap, BTreeSet};

use framework::{Lang, PackError, Text};
use jiff::civil::Date;
use serde::Deserialize;

use super::measure::{Measure, Measured, Missing};

const FOLDER: &str = "packs/papers/rules/";

/// The page of a rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guide {
    pub id: String,
    pub title: Text,
    pub why: Text,
    pub fix: Text,
    pub cases: Vec<Case>,
}

/// A text and what the rule says about it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub name: String,
    pub lang: Lang,
    pub text: String,
    /// `line:column excerpt` of each finding, in order.
    pub expect: Vec<String>,
    /// The text after the safe edits of this rule.
    #[serde(default)]
    pub fixed: Option<String>,
    /// Other files of the dossier.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// The deliverable of a framework that the text is.
    #[serde(default)]
    pub deliverable: Option<String>,
    #[serde(default)]
    pub pages: Option<Measured>,
    #[serde(default)]
    pub measures: Vec<Measure>,
    #[serde(default)]
    pub missing: Vec<Missing>,
    /// Whether the dossier gives a table of documents.
    #[serde(default)]
    pub documents: Option<bool>,
    #[serde(default)]
    pub lacking: BTreeSet<char>,
    /// The last day of training, and the day on which the text is judged.
    #[serde(default)]
    pub clock: Option<(Date, Date)>,
    /// The text is a table of documents, in a file of this name.
    #[serde(default)]
    pub table: Option<String>,
    /// The paper of another dossier.
    #[serde(default)]
    pub other: Option<String>,
}

/// The pages of all rules, in the order of their ids.
///
/// # Errors
/// With the place of what is wrong in a page.
pub fn guides() -> Result<Vec<Guide>, Box<PackError>> {
    let files = framework::builtin();
    let pages = files.iter().filter(|file| file.path.starts_with(FOLDER));
    pages.map(|file| framework::from_yaml(&file.path, &file.text)).collect()
}
