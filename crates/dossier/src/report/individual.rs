//! The individual part of a group project: stated, and beside it what history says of authorship.

use super::outline::{sections, texts};
use super::wording::{folded, words};
use super::{Author, Project};
use crate::finding::{Finding, Level};
use crate::source::Source;

/// Headings that announce it: all words of one begin words of the heading.
const HEADINGS: [&str; 16] = [
    "contribution",
    "part individuelle",
    "partie individuelle",
    "travail individuel",
    "travail personnel",
    "part personnelle",
    "mon role",
    "ma part",
    "repartition",
    "apport personnel",
    "individual part",
    "individual work",
    "my role",
    "my part",
    "who did what",
    "division work",
];
const FEWEST: usize = 8;

pub fn check(source: &Source, project: &Project, person: Option<&str>) -> Vec<Finding> {
    let mut found = Vec::new();
    let authors: Vec<&Author> = project.authors.iter().collect();
    let commits: u64 = authors.iter().map(|author| author.commits).sum();
    if let Some(person) = person
        && !authors.is_empty()
        && !authors.iter().any(|author| same(&author.name, person))
    {
        let finding = Finding::on(&source.path, "report.not-an-author", Level::Warning, "report-not-an-author");
        found.push(finding.with("person", person));
    }
    if authors.len() < 2 {
        return found;
    }
    let all = sections(source);
    let stated = all.iter().find(|section| announces(&section.heading));
    let told = told(&authors, commits);
    let Some(section) = stated else {
        let finding = Finding::on(&source.path, "report.individual-part", Level::Error, "report-individual-missing");
        found.push(finding.with("n", authors.len().to_string()).with("authors", told));
        return found;
    };
    let text: Vec<String> = texts(section.blocks).into_iter().map(|(text, _)| text).collect();
    if text.iter().map(|text| words(text).len()).sum::<usize>() < FEWEST {
        let finding = Finding::at(
            source,
            section.range.clone(),
            "report.individual-part",
            Level::Error,
            "report-individual-empty",
        );
        found.push(finding.with("authors", told));
        return found;
    }
    let finding = Finding::at(source, section.range.clone(), "report.authorship", Level::Note, "report-authorship");
    found.push(finding.with("authors", told));
    found
}

/// `Ann 12 (60 %), Bob 8 (40 %)`, the most first.
fn told(authors: &[&Author], commits: u64) -> String {
    let mut sorted = authors.to_vec();
    sorted.sort_by(|a, b| b.commits.cmp(&a.commits).then(a.name.cmp(&b.name)));
    let share = |author: &Author| (author.commits * 100 + commits / 2) / commits.max(1);
    let one = |author: &&Author| format!("{} {} ({} %)", author.name, author.commits, share(author));
    sorted.iter().take(6).map(one).collect::<Vec<_>>().join(", ")
}

fn announces(heading: &str) -> bool {
    let heading = words(heading);
    HEADINGS
        .iter()
        .any(|pattern| pattern.split(' ').all(|wanted| heading.iter().any(|word| word.folded.starts_with(wanted))))
}

/// The same person: the same words in any order, so that « Martin Camille » is « Camille Martin ».
fn same(a: &str, b: &str) -> bool {
    let sorted = |name: &str| {
        let mut words: Vec<String> = folded(name).split(' ').map(str::to_owned).collect();
        words.sort();
        words
    };
    sorted(a) == sorted(b)
}
