//! The jury file: one PDF for a candidate, with papers, verdicts by criterion, evidence, what the rules say, blank grid.

use std::collections::BTreeMap;

use dossier::papers::model::{Block, Document, Part, Run, Runs};
use dossier::papers::{day, labels};
use framework::Framework;

use super::build::Paper;
use super::jury_annexes::{blank, criteria, evidence, rules, similar};
use super::repositories::Repositories;
use super::verdicts::{self, Verdict};
use super::workshop::{Workshop, used_pictures};
use crate::error::AssessError;
use crate::findings::Found;
use crate::lint;
use crate::words::Words;

/// The file of the candidate whose dossier this is.
///
/// # Errors
/// As papers, and when a report of an assessment cannot be read.
pub(super) fn file(workshop: &mut Workshop<'_>) -> Result<Paper, AssessError> {
    let manifest = workshop.manifest;
    let words = Words(manifest.language);
    let papers = workshop.written()?;
    let frameworks = frameworks(workshop)?;
    let verdicts = verdicts(workshop, &frameworks)?;
    let checked = checked(workshop, &papers, words)?;
    let mut pictures = BTreeMap::new();
    let mut parts = Vec::new();
    let mut grid = Vec::new();
    for paper in &papers {
        if paper.deliverable.is_some() && paper.document.layout == dossier::papers::model::Layout::Paper {
            parts.push(joined(paper, &mut pictures));
        }
    }
    for framework in &frameworks {
        let own: Vec<&Verdict> = verdicts.iter().filter(|verdict| verdict.framework == framework.id()).collect();
        parts.push(criteria(framework, &own, words));
        grid.push(blank(framework, &own, words));
    }
    parts.push(evidence(&verdicts, words));
    parts.push(rules(&checked, parts.iter().filter(|part| !part.annex).count(), words)?);
    parts.extend(similar(&checked, workshop.request.cohort.is_some(), words));
    parts.extend(grid);
    let title = manifest.title.clone();
    let say = |id: &str, arguments: &[(&'static str, &str)]| words.with(id, arguments);
    let mut document = Document {
        lang: manifest.language,
        title,
        subtitle: words.say("jury-subtitle"),
        author: manifest.person.name.clone(),
        kind: words.say("paper-kind-jury"),
        keywords: vec!["DevOps".to_owned()],
        cover: true,
        contents: true,
        facts: facts(workshop, &papers, words),
        colophon: vec![vec![Run::text(
            words.with("jury-colophon", &[("day", &day(workshop.request.as_of, manifest.language))]),
        )]],
        words: labels(&say),
        parts,
        attached: verdicts.iter().map(verdicts::attachment).collect(),
        layout: dossier::papers::model::Layout::Paper,
        pictures,
    };
    used_pictures(&mut document);
    Ok(Paper {
        name: "jury-file".to_owned(),
        deliverable: None,
        document,
        ident: format!("{}/{}/jury-file", manifest.title, manifest.person.name),
        day: workshop.request.as_of,
        bounds: None,
        deadline: None,
        missing: Vec::new(),
        plain_too: false,
    })
}

/// What the cover says: as on the papers, and of each paper when it was due.
fn facts(workshop: &Workshop<'_>, papers: &[Paper], words: Words) -> Vec<(String, Runs)> {
    let manifest = workshop.manifest;
    if let Some(paper) = papers.first() {
        let mut facts = paper.document.facts.clone();
        let due = words.say("paper-due");
        facts.retain(|(label, _)| *label != due);
        let told = |paper: &Paper| {
            let told = paper.deadline.as_ref()?.told(words);
            let told = words.with("jury-due", &[("paper", &paper.document.kind), ("due", &told)]);
            Some((due.clone(), vec![Run::text(told)]))
        };
        facts.extend(papers.iter().filter_map(told));
        return facts;
    }
    let mut facts = vec![(words.say("paper-author"), vec![Run::text(&manifest.person.name)])];
    facts.push((words.say("paper-day"), vec![Run::text(day(workshop.request.as_of, manifest.language))]));
    if let Repositories::Judged(judged) = workshop.repositories {
        let commit = judged.looked.commit.get(..8).unwrap_or(&judged.looked.commit);
        let told = vec![Run::text(judged.name()), Run::text(" "), Run::code(commit)];
        facts.push((words.say("paper-projects"), told));
    }
    facts
}

/// The frameworks that ask for the papers of this dossier, in the order of the packs.
fn frameworks<'a>(workshop: &Workshop<'a>) -> Result<Vec<&'a Framework>, AssessError> {
    let mut found: Vec<&Framework> = Vec::new();
    for entry in &workshop.manifest.papers {
        let (framework, ..) = workshop.deliverable(&entry.deliverable)?;
        if !found.iter().any(|known| known.id() == framework.id()) {
            found.push(framework);
        }
    }
    // Without papers the framework that is named is judged by.
    if let (true, Some(id)) = (found.is_empty(), &workshop.manifest.framework) {
        found.push(workshop.packs.framework(id)?);
    }
    Ok(found)
}

/// The verdicts of the reports that are given; of the dossier's repositories else.
fn verdicts(workshop: &mut Workshop<'_>, frameworks: &[&Framework]) -> Result<Vec<Verdict>, AssessError> {
    let mut all = Vec::new();
    for path in &workshop.request.reports {
        all.extend(verdicts::from_file(path)?);
    }
    if let Repositories::Judged(judged) = workshop.repositories {
        // One run for all: papers that cite the project twice do not judge it twice.
        let of = |one: &&Framework| verdicts::of_run(judged.name(), &judged.looked, one, workshop.manifest.language);
        all.extend(frameworks.iter().map(of));
    } else if workshop.request.reports.is_empty() {
        for framework in frameworks {
            for one in workshop.gather(framework.id())? {
                all.extend(one.verdicts.iter().cloned());
            }
        }
    }
    all.retain(|verdict| frameworks.iter().any(|framework| framework.id() == verdict.framework));
    Ok(all)
}

/// What the rules say of the dossier, similar passages included.
fn checked(workshop: &Workshop<'_>, papers: &[Paper], words: Words) -> Result<Vec<Found>, AssessError> {
    let request = workshop.request;
    let mut measured = BTreeMap::new();
    for paper in papers {
        if let Some(deliverable) = &paper.deliverable {
            measured.insert(deliverable.clone(), paper.print()?.measured());
        }
    }
    let asked = lint::CheckRequest {
        dir: request.folder.clone(),
        repositories: Vec::new(),
        measured,
        unset: Vec::new(),
        cohort: request.cohort.clone(),
        fix: false,
        as_of: request.as_of,
        reading: request.reading.clone(),
    };
    let read = (workshop.folder, workshop.manifest);
    Ok(lint::check_read(workshop.packs, &asked, workshop.repositories, read, words)?.findings)
}

/// A paper as one part: its parts become headings below its title, and names stay distinct.
fn joined(paper: &Paper, pictures: &mut BTreeMap<String, Vec<u8>>) -> Part {
    let document = &paper.document;
    let name = &paper.name;
    let mut blocks = vec![Block::Para { c: vec![Run::Emph { c: vec![Run::text(&document.title)] }] }];
    for part in &document.parts {
        // Annexes of papers are made from the same evidence, which comes once, below.
        if part.annex {
            continue;
        }
        blocks.push(Block::Heading { level: 2, id: format!("{name}-{}", part.id), c: part.title.clone() });
        blocks.extend(part.blocks.iter().map(|block| below(block, name)));
    }
    for (path, bytes) in &document.pictures {
        pictures.entry(path.clone()).or_insert_with(|| bytes.clone());
    }
    Part { id: format!("paper-{name}"), title: vec![Run::text(&document.kind)], page: true, blocks, ..Part::default() }
}

fn below(block: &Block, name: &str) -> Block {
    match block {
        Block::Heading { level, id, c } => {
            Block::Heading { level: (level + 1).min(4), id: format!("{name}-{id}"), c: c.clone() }
        }
        other => other.clone(),
    }
}
