//! The annexes of the jury file: verdicts by criterion, evidence, what the rules say, similar passages, the blank grid.

use std::collections::BTreeSet;

use dossier::papers::begun;
use dossier::papers::model::{Block, Part, Run, Runs};
use framework::{Framework, Lang, Rung};

use super::verdicts::Verdict;
use crate::error::AssessError;
use crate::findings::Found;
use crate::words::Words;

/// Letters of a title that fit a line of the grid.
const TITLE: usize = 62;
/// The most findings that are listed; the rest is counted.
const MOST: usize = 60;

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
pub(super) fn criteria(framework: &Framework, verdicts: &[&Verdict], words: Words) -> Part {
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
pub(super) fn evidence(verdicts: &[Verdict], words: Words) -> Part {
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
            let told: BTreeSet<&String> = criterion.places.iter().collect();
            for place in told {
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
pub(super) fn rules(checked: &[Found], papers: usize, words: Words) -> Result<Part, AssessError> {
    let head = ["jury-where", "jury-rule", "jury-says"].map(|id| words.say(id));
    let all: Vec<&Found> = checked.iter().filter(|found| found.beside.is_none()).collect();
    let asked = (
        dossier::lint::guides().map_err(|problem| AssessError::Packs(vec![*problem]))?.len().to_string(),
        papers.to_string(),
    );
    let how = words.with("jury-rules-how", &[("rules", &asked.0), ("papers", &asked.1)]);
    let mut blocks = vec![Block::para(format!("{how} {}", words.count("jury-findings", all.len())))];
    let row = |found: &&Found| {
        let place = format!("{}:{}", found.path, found.line);
        vec![vec![Run::code(place)], vec![Run::text(found.rule)], vec![Run::text(&found.message)]]
    };
    if !all.is_empty() {
        blocks.push(Block::table(&head, all.iter().take(MOST).map(row).collect(), &[25, 25, 50]));
    }
    Ok(Part { page: false, ..annex("jury-rules", words.say("jury-rules"), blocks) })
}

/// Passages that others have too, side by side. A person judges.
pub(super) fn similar(checked: &[Found], compared: bool, words: Words) -> Option<Part> {
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
    Some(Part { page: false, ..annex("jury-similar", words.say("jury-similar"), blocks) })
}

/// A grid to fill by hand: the framework's criteria, and a line for each member of the jury.
pub(super) fn blank(framework: &Framework, verdicts: &[&Verdict], words: Words) -> Part {
    let head = ["jury-criterion", "jury-reached", "jury-held", "jury-remark"].map(|id| words.say(id));
    let mut blocks = vec![Block::para(words.say("jury-grid-how"))];
    for competence in framework.competences.iter().filter(|one| !one.indicators.is_empty()) {
        let rows = competence.indicators.iter().map(|indicator| {
            let title =
                vec![Run::strong(indicator.id.to_string()), Run::text(format!(" {}", words.of(&indicator.title)))];
            let reached = vec![rung(best(verdicts, &indicator.id), words.0)];
            // Room for a hand that writes.
            let remark = vec![Run::Break, Run::Break, Run::text("\u{a0}")];
            vec![title, reached, vec![Run::text(words.say("jury-boxes"))], remark]
        });
        let id = format!("grid-{}-{}", framework.id(), competence.id);
        // The whole title stands among the verdicts; here it would take the room of remarks.
        let title = format!("{} {}", competence.id, begun(words.of(&competence.title), TITLE));
        blocks.push(Block::Heading { level: 2, id, c: vec![Run::text(title)] });
        blocks.push(Block::table(&head, rows.collect(), &[46, 14, 14, 26]));
    }
    let members =
        framework.evaluations.iter().filter_map(|one| one.jury.as_ref()).map(|jury| jury.size).max().unwrap_or(3);
    let head = ["jury-name", "jury-quality", "jury-signed"].map(|id| words.say(id));
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
