//! The matrix of items and projects as an annex: its drawing, where each item is told and shown, what is weak.

use std::collections::BTreeMap;

use framework::{Lang, Rung};

use super::compose::Say;
use super::coverage::{Coverage, State};
use super::model::{Block, Part, Run, Runs};
use super::picture;

/// The drawing of a matrix.
pub fn matrix(coverage: &Coverage, lang: Lang, say: Say<'_>) -> String {
    picture::drawing(coverage, &say("paper-matrix-title", &[]), &|rung| label(rung, lang))
}

fn label(rung: Rung, lang: Lang) -> String {
    rung.label().get(lang).to_owned()
}

/// The annexes of a matrix: picture and reading, then every passage and every proof. `drawing` is the path of its drawing
/// among the pictures of the paper.
pub fn annexes(coverage: &Coverage, drawing: &str, lang: Lang, say: Say<'_>) -> Vec<Part> {
    let word = |id: &str| say(id, &[]);
    let (empty, weak) = (coverage.in_state(State::Empty), coverage.in_state(State::Weak));
    let held = coverage.rows.len() - empty.len() - weak.len();
    let summary =
        say("paper-matrix-summary", &[("held", &held.to_string()), ("all", &coverage.rows.len().to_string())]);
    let mut blocks = vec![Block::para(&summary)];
    for (id, items) in [("paper-matrix-empty", &empty), ("paper-matrix-weak", &weak)] {
        if !items.is_empty() {
            blocks.push(Block::para(say(id, &[("items", &items.join(", "))])));
        }
    }
    if !coverage.projects.is_empty() {
        blocks.push(Block::Image {
            path: drawing.to_owned(),
            alt: format!("{} {}", word("paper-matrix-alt"), described(coverage, lang)),
            caption: Some(vec![Run::text(word("paper-matrix-title"))]),
            width: picture::width(coverage.projects.len()),
        });
    }
    let title = vec![Run::text(word("paper-matrix"))];
    let first = Part { id: "annex-matrix".to_owned(), title, annex: true, page: true, blocks, ..Part::default() };
    vec![first, evidence(coverage, lang, say)]
}

/// The matrix for a screen: how many items of each block every project has on each rung. None without a project.
pub fn screen(coverage: &Coverage, lang: Lang, say: Say<'_>) -> Option<Part> {
    if coverage.projects.is_empty() {
        return None;
    }
    let mut blocks: Vec<(&str, &str)> = coverage.rows.iter().map(|row| (&*row.block, &*row.block_title)).collect();
    blocks.dedup();
    let rows = blocks.iter().map(|(id, title)| {
        let name = vec![Run::strong(*id), Run::text(format!(" {}", begun(title, 56)))];
        let counted = (0..coverage.projects.len()).map(|at| counted(coverage, id, at, lang));
        std::iter::once(name).chain(counted).collect()
    });
    let head: Vec<String> = std::iter::once(say("paper-item", &[])).chain(coverage.projects.iter().cloned()).collect();
    let wide = 40 / u32::try_from(coverage.projects.len()).unwrap_or(1).clamp(1, 4);
    let widths: Vec<u32> = std::iter::once(60).chain(coverage.projects.iter().map(|_| wide.max(14))).collect();
    let table = Block::table(&head, rows.collect(), &widths);
    let title = vec![Run::text(say("paper-matrix", &[]))];
    let id = "screen-matrix".to_owned();
    Some(Part { id, title, annex: true, page: true, blocks: vec![table], ..Part::default() })
}

/// No longer words end the beginning of a title.
const SHORT: usize = 3;

/// The first words of a title: official ones are sentences, and a screen has few lines.
pub fn begun(title: &str, longest: usize) -> String {
    if title.chars().count() <= longest {
        return title.to_owned();
    }
    let short: String = title.chars().take(longest).collect();
    let mut words = short.rsplit_once(' ').map_or(short.as_str(), |(words, _)| words);
    // An article that nothing follows says nothing.
    while let Some((before, last)) = words.rsplit_once(' ')
        && last.chars().count() <= SHORT
    {
        words = before;
    }
    format!("{}…", words.trim_end_matches([',', ';', ':', ' ', '\u{a0}']))
}

/// The rungs of one block in one project, the highest first, each with how many items stand on it.
fn counted(coverage: &Coverage, block: &str, project: usize, lang: Lang) -> Runs {
    let mut by_rung: BTreeMap<Rung, usize> = BTreeMap::new();
    for cell in coverage.rows.iter().filter(|row| row.block == block).filter_map(|row| row.cells.get(project)) {
        *by_rung.entry(cell.rung).or_default() += 1;
    }
    let mut runs = Runs::new();
    for (rung, count) in by_rung.iter().rev() {
        let space = if runs.is_empty() { "" } else { "  " };
        runs.push(Run::text(format!("{space}{count}\u{a0}")));
        runs.push(Run::Rung { rung: *rung, v: label(*rung, lang) });
    }
    runs
}

/// The drawing in words, for who cannot see it.
fn described(coverage: &Coverage, lang: Lang) -> String {
    let row = |row: &super::coverage::Row| {
        let cells = row.cells.iter().zip(&coverage.projects);
        let cells: Vec<String> = cells.map(|(cell, name)| format!("{name} {}", label(cell.rung, lang))).collect();
        format!("{}: {}", row.id, cells.join(", "))
    };
    coverage.rows.iter().map(row).collect::<Vec<_>>().join("; ")
}

fn evidence(coverage: &Coverage, lang: Lang, say: Say<'_>) -> Part {
    const SHOWN: usize = 3;
    let word = |id: &str| say(id, &[]);
    let head = ["paper-item", "paper-where-told", "paper-where-shown"].map(word);
    let mut rows: Vec<Vec<Runs>> = Vec::new();
    for row in &coverage.rows {
        let mut item = vec![Run::strong(&row.id), Run::text(format!(" {}", row.title))];
        if row.state != State::Held {
            let id = if row.state == State::Empty { "paper-item-empty" } else { "paper-item-weak" };
            item.extend([Run::text(" "), Run::Emph { c: vec![Run::text(word(id))] }]);
        }
        let mut told: Runs = Vec::new();
        let mut shown: Runs = Vec::new();
        for heading in row.paper.iter().take(SHOWN) {
            line(&mut told, vec![Run::text(format!("§ {heading}"))]);
        }
        for (cell, project) in row.cells.iter().zip(&coverage.projects) {
            for (heading, at) in cell.passages.iter().take(SHOWN) {
                line(&mut told, vec![Run::text(format!("{project}:{at} {heading}"))]);
            }
            let rung = Run::Rung { rung: cell.rung, v: label(cell.rung, lang) };
            line(&mut shown, vec![Run::text(format!("{project} ")), rung]);
            let mut places: Vec<&(String, Option<String>)> = Vec::new();
            for place in &cell.places {
                if !places.contains(&place) {
                    places.push(place);
                }
            }
            for (place, url) in places.into_iter().take(SHOWN) {
                let run = match url {
                    Some(url) => Run::Link { url: url.clone(), c: vec![Run::code(place)] },
                    None => Run::code(place),
                };
                line(&mut shown, vec![run]);
            }
        }
        rows.push(vec![item, told, shown]);
    }
    let blocks = vec![Block::table(&head, rows, &[30, 30, 40])];
    let title = vec![Run::text(word("paper-evidence"))];
    Part { id: "annex-evidence".to_owned(), title, annex: true, blocks, ..Part::default() }
}

fn line(runs: &mut Runs, more: Runs) {
    if !runs.is_empty() {
        runs.push(Run::Break);
    }
    runs.extend(more);
}
