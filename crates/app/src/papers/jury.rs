//! The jury file: one PDF for a candidate, with papers, verdicts by criterion, evidence, what the rules say, blank grid.

use std::collections::BTreeMap;

use dossier::papers::day;
use dossier::papers::model::{Block, Document, Part, Run, Runs};
use framework::{Framework, Lang, Rung};

use super::build::{Paper, Workshop, used_pictures};
use super::verdicts::{self, Verdict};
use crate::error::AssessError;
use crate::findings::Found;
use crate::lint;
use crate::words::Words;

/// The most findings that are listed; the rest is counted.
const MOST: usize = 60;

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
    parts.push(rules(&checked, words));
    parts.extend(similar(&checked, workshop.request.cohort.is_some(), words));
    parts.extend(grid);
    let title = manifest.title.clone();
    let mut facts = papers.first().map(|paper| paper.document.facts.clone()).unwrap_or_default();
    facts.retain(|(label, _)| *label != words.say("paper-due"));
    let mut document = Document {
        lang: manifest.language,
        title,
        subtitle: words.say("jury-subtitle"),
        author: manifest.person.name.clone(),
        kind: words.say("paper-kind-jury"),
        keywords: vec!["DevOps".to_owned()],
        cover: true,
        contents: true,
        facts,
        colophon: vec![vec![Run::text(
            words.with("jury-colophon", &[("day", &day(workshop.request.as_of, manifest.language))]),
        )]],
        words: papers.first().map(|paper| paper.document.words.clone()).unwrap_or_default(),
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
        missing: Vec::new(),
        plain_too: false,
    })
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
    Ok(found)
}

/// The verdicts of the reports that are given; of the dossier's repositories else.
fn verdicts(workshop: &mut Workshop<'_>, frameworks: &[&Framework]) -> Result<Vec<Verdict>, AssessError> {
    let mut all = Vec::new();
    for path in &workshop.request.reports {
        all.extend(verdicts::from_file(path)?);
    }
    if workshop.request.reports.is_empty() {
        for framework in frameworks {
            for one in workshop.gather(framework.id())? {
                all.extend(one.report.iter().flat_map(|report| verdicts::of(&one.project.name, report)));
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
        cohort: request.cohort.clone(),
        fix: false,
        as_of: request.as_of,
        reading: request.reading.clone(),
    };
    Ok(lint::check(workshop.packs, &asked, words)?.findings.findings)
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

fn annex(id: &str, title: String, blocks: Vec<Block>) -> Part {
    Part { id: id.to_owned(), title: vec![Run::text(title)], annex: true, page: true, blocks, ..Part::default() }
}

fn rung(rung: Rung, lang: Lang) -> Run {
    Run::Rung { rung, v: rung.label().get(lang).to_owned() }
}

/// The rung that projects reach on a criterion, the best first.
fn best(verdicts: &[&Verdict], id: &str) -> Rung {
    let all = verdicts.iter().flat_map(|verdict| &verdict.competences).flat_map(|one| &one.criteria);
    all.filter(|criterion| criterion.id == id).map(|criterion| criterion.rung).max().unwrap_or(Rung::Missing)
}

/// Each criterion with what is asked for and what is reached.
fn criteria(framework: &Framework, verdicts: &[&Verdict], words: Words) -> Part {
    let head = ["jury-criterion", "jury-asked", "jury-reached", "jury-project"].map(|id| words.say(id));
    let mut blocks = vec![Block::para(words.say("jury-verdicts-how"))];
    for competence in &framework.competences {
        let rows: Vec<Vec<Runs>> = competence
            .indicators
            .iter()
            .map(|indicator| {
                let reached = best(verdicts, &indicator.id);
                let by = verdicts
                    .iter()
                    .filter(|verdict| reached > Rung::Missing && best(&[*verdict], &indicator.id) == reached);
                let by: Vec<&str> = by.map(|verdict| verdict.project.as_str()).collect();
                let mut title =
                    vec![Run::strong(indicator.id.to_string()), Run::text(format!(" {}", words.of(&indicator.title)))];
                if reached < indicator.required {
                    title.extend([Run::text(" "), Run::Emph { c: vec![Run::text(words.say("jury-below"))] }]);
                }
                vec![
                    title,
                    vec![rung(indicator.required, words.0)],
                    vec![rung(reached, words.0)],
                    vec![Run::text(by.join(", "))],
                ]
            })
            .collect();
        if !rows.is_empty() {
            let id = format!("verdict-{}-{}", framework.id(), competence.id);
            blocks.push(Block::Heading {
                level: 2,
                id,
                c: vec![Run::text(format!("{} {}", competence.id, words.of(&competence.title)))],
            });
            blocks.push(Block::table(&head, rows, &[58, 13, 13, 16]));
        }
    }
    let title = words.with("jury-verdicts", &[("framework", words.of(&framework.header.title))]);
    annex(&format!("verdicts-{}", framework.id()), title, blocks)
}

/// Where each criterion is shown.
fn evidence(verdicts: &[Verdict], words: Words) -> Part {
    let head = ["jury-criterion", "jury-reached", "jury-where"].map(|id| words.say(id));
    let mut blocks = Vec::new();
    for verdict in verdicts {
        let title = format!("{} — {} {}", verdict.project, verdict.framework, verdict.version);
        let id = format!("shown-{}-{}", verdict.project, verdict.framework);
        blocks.push(Block::Heading { level: 2, id, c: vec![Run::text(title)] });
        let commit = verdict.commit.get(..12).unwrap_or(&verdict.commit);
        blocks.push(Block::Para { c: vec![Run::text(format!("{} ", words.say("jury-commit"))), Run::code(commit)] });
        let rows = verdict.competences.iter().flat_map(|one| &one.criteria).map(|criterion| {
            let mut places: Runs = Vec::new();
            for place in &criterion.places {
                if !places.is_empty() {
                    places.push(Run::Break);
                }
                places.push(Run::code(place));
            }
            vec![vec![Run::strong(&criterion.id)], vec![rung(criterion.rung, words.0)], places]
        });
        blocks.push(Block::table(&head, rows.collect(), &[15, 17, 68]));
    }
    if blocks.is_empty() {
        blocks.push(Block::para(words.say("jury-no-evidence")));
    }
    annex("jury-evidence", words.say("paper-evidence"), blocks)
}

/// What the rules say of the papers; similar passages have an annex of their own.
fn rules(checked: &[Found], words: Words) -> Part {
    let head = ["jury-where", "jury-rule", "jury-says"].map(|id| words.say(id));
    let all: Vec<&Found> = checked.iter().filter(|found| found.beside.is_none()).collect();
    let mut blocks = vec![Block::para(words.count("jury-findings", all.len()))];
    let row = |found: &&Found| {
        let place = format!("{}:{}", found.path, found.line);
        vec![vec![Run::code(place)], vec![Run::text(found.rule)], vec![Run::text(&found.message)]]
    };
    if !all.is_empty() {
        blocks.push(Block::table(&head, all.iter().take(MOST).map(row).collect(), &[25, 25, 50]));
    }
    annex("jury-rules", words.say("jury-rules"), blocks)
}

/// Passages that others have too, side by side. A person judges.
fn similar(checked: &[Found], compared: bool, words: Words) -> Option<Part> {
    if !compared {
        return None;
    }
    let mut blocks = vec![Block::para(words.say("jury-similar-how"))];
    let rows: Vec<Vec<Runs>> = checked
        .iter()
        .filter_map(|found| {
            let beside = found.beside.as_ref()?;
            let here = vec![Run::code(format!("{}:{}", found.path, found.line)), Run::Break, Run::text(&found.excerpt)];
            let there = vec![Run::code(&beside.place), Run::Break, Run::text(&beside.text)];
            Some(vec![here, there])
        })
        .collect();
    if rows.is_empty() {
        blocks.push(Block::para(words.say("jury-similar-none")));
    } else {
        let head = ["jury-here", "jury-there"].map(|id| words.say(id));
        blocks.push(Block::table(&head, rows.into_iter().take(MOST).collect(), &[50, 50]));
    }
    Some(annex("jury-similar", words.say("jury-similar"), blocks))
}

/// A grid to fill by hand: the framework's criteria, and a line for each member of the jury.
fn blank(framework: &Framework, verdicts: &[&Verdict], words: Words) -> Part {
    let head = ["jury-criterion", "jury-reached", "jury-held", "jury-remark"].map(|id| words.say(id));
    let mut blocks = vec![Block::para(words.say("jury-grid-how"))];
    for competence in framework.competences.iter().filter(|one| !one.indicators.is_empty()) {
        let rows = competence.indicators.iter().map(|indicator| {
            let title =
                vec![Run::strong(indicator.id.to_string()), Run::text(format!(" {}", words.of(&indicator.title)))];
            let reached = vec![rung(best(verdicts, &indicator.id), words.0)];
            vec![title, reached, vec![Run::text(words.say("jury-boxes"))], Vec::new()]
        });
        let id = format!("grid-{}-{}", framework.id(), competence.id);
        blocks.push(Block::Heading {
            level: 2,
            id,
            c: vec![Run::text(format!("{} {}", competence.id, words.of(&competence.title)))],
        });
        blocks.push(Block::table(&head, rows.collect(), &[46, 14, 14, 26]));
    }
    let members =
        framework.evaluations.iter().filter_map(|one| one.jury.as_ref()).map(|jury| jury.size).max().unwrap_or(3);
    let head = ["jury-member", "jury-quality", "jury-signed"].map(|id| words.say(id));
    let line = || vec![vec![Run::Break, Run::text("\u{a0}")], Vec::new(), Vec::new()];
    blocks.push(Block::Heading {
        level: 2,
        id: format!("grid-{}-jury", framework.id()),
        c: vec![Run::text(words.say("jury-members"))],
    });
    blocks.push(Block::table(&head, (0..members.min(12)).map(|_| line()).collect(), &[40, 30, 30]));
    let title = words.with("jury-grid", &[("framework", words.of(&framework.header.title))]);
    annex(&format!("grid-{}", framework.id()), title, blocks)
}
