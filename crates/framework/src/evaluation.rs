//! How a certification is examined: contents, deliverables, oral parts, juries.

use serde::{Deserialize, Serialize};

use crate::{id::Id, model::Item, passage::Passage, text::Text};

/// An examination: what is asked, what is handed over, and before whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evaluation {
    pub id: Id,
    pub title: Text,
    /// The sentence that opens it in the source.
    #[serde(default)]
    pub statement: Option<Text>,
    #[serde(default)]
    pub contents: Vec<Item>,
    #[serde(default)]
    pub deliverables: Vec<Deliverable>,
    #[serde(default)]
    pub jury: Option<Jury>,
    /// Rules that concern no single deliverable.
    #[serde(default)]
    pub rules: Vec<Item>,
}

/// A paper to write or a talk to give.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deliverable {
    pub id: Id,
    pub title: Text,
    pub form: Form,
    #[serde(default)]
    pub pages: Option<Pages>,
    /// The longest time allowed, in minutes.
    #[serde(default)]
    pub minutes: Option<u32>,
    /// How many days there are to hand it in, after the last day of training.
    #[serde(default)]
    pub days: Option<u32>,
    /// How the file must be named, `{project}` being the project's own name.
    #[serde(default)]
    pub file_name: Option<String>,
    /// The sections that a paper must have, or the parts of a talk, in order.
    #[serde(default)]
    pub parts: Vec<Part>,
    #[serde(default)]
    pub rules: Vec<Item>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    Written,
    Oral,
}

/// Bounds on the number of pages, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pages {
    pub min: u32,
    pub max: u32,
    /// The source says *approximately*.
    #[serde(default)]
    pub approximate: bool,
}

/// A required section or a part of an oral.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    pub id: Id,
    pub title: Text,
    #[serde(default)]
    pub minutes: Option<u32>,
    #[serde(default)]
    pub source_note: Option<Text>,
    /// The words that recognise the section in a document.
    #[serde(default)]
    pub recognised_by: Option<Passage>,
    #[serde(default)]
    pub parts: Vec<Part>,
}

/// Who judges. How they decide is not in the sources: no scale, no majority rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jury {
    pub id: Id,
    pub title: Text,
    pub size: u32,
    /// How many of them, at least, are professionals of the trade.
    pub professionals_min: u32,
}
