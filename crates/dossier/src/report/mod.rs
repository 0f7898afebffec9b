//! A project's report, `project-name.md`: what it must tell, and whether the repository says the same.

mod claims;
mod contents;
mod individual;
mod links;
pub mod outline;
pub mod placeholder;
mod subject;
pub mod technologies;
pub mod wording;

pub use contents::{Asked, asked};

use framework::PackError;

use crate::finding::Finding;
use crate::lint::Guide;
use crate::source::Source;

/// Every rule of reports.
pub const RULES: [&str; 14] = [
    "report.missing",
    "report.empty",
    "report.one-side",
    "report.placeholder",
    "report.copied-subject",
    "report.broken-link",
    "report.remote-picture",
    "report.picture-text",
    "report.claim-without-fact",
    "report.fact-without-claim",
    "report.individual-part",
    "report.authorship",
    "report.not-an-author",
    "report.unread",
];

/// The pages of these rules.
///
/// # Errors
/// With the place of what is wrong in them.
pub fn guides() -> Result<Vec<Guide>, Box<PackError>> {
    const PAGES: &str = "packs/papers/report.yaml";
    let files = framework::builtin();
    let pages = files.iter().find(|file| file.path == PAGES);
    pages.map_or(Ok(Vec::new()), |file| framework::from_yaml(&file.path, &file.text))
}

/// What is known of the project, as plain data.
#[derive(Clone, Debug, Default)]
pub struct Project {
    /// Names of the field as facts have them, with the place that shows each.
    pub uses: Vec<(String, String)>,
    /// Human authors.
    pub authors: Vec<Author>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    pub name: String,
    pub commits: u64,
}

/// What a report is held against.
pub struct Against<'a> {
    pub asked: &'a [Asked],
    pub project: &'a Project,
    /// Whether the repository holds a file or folder of that path.
    pub holds: &'a dyn Fn(&str) -> bool,
    /// The texts that were given to everybody.
    pub subjects: &'a [Source],
    /// Whose report it is, when that is said.
    pub person: Option<&'a str>,
}

/// Every finding on a report, in the order of the text; those on the file as a whole come first.
pub fn check(source: &Source, against: &Against<'_>) -> Vec<Finding> {
    let mut found = contents::check(source, against.asked);
    found.extend(placeholder::check(source));
    found.extend(subject::check(source, against.subjects));
    found.extend(links::check(source, against.holds));
    found.extend(claims::check(source, against.project));
    found.extend(individual::check(source, against.project, against.person));
    found.sort_by(|a, b| (a.range.start, a.rule, &a.arguments).cmp(&(b.range.start, b.rule, &b.arguments)));
    found
}

#[cfg(test)]
mod tests;
