//! Items × projects: where each item of a framework is told, and the rung on which its evidence stands.

use framework::{Competence, Lang, Rung, Sought, Wording};

use crate::report::outline::{Section, sections, texts};
use crate::source::{BlockKind, Source};

/// A project with what an assessment of its repository found.
#[derive(Clone, Debug)]
pub struct Project {
    pub name: String,
    pub report: Source,
    /// Where the report lies for people: a path or an address.
    pub address: String,
    pub commit: Option<String>,
    /// By item; empty when there is no repository to assess.
    pub evidence: Vec<Evidence>,
}

/// What an assessment says of one item.
#[derive(Clone, Debug)]
pub struct Evidence {
    pub item: String,
    pub rung: Rung,
    /// `path:line`, with an address where one is known.
    pub places: Vec<(String, Option<String>)>,
}

/// The whole matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    pub projects: Vec<String>,
    pub rows: Vec<Row>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub block: String,
    pub block_title: String,
    pub id: String,
    pub title: String,
    pub required: Rung,
    pub cells: Vec<Cell>,
    /// Headings of the paper itself that tell it.
    pub paper: Vec<String>,
    pub state: State,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    pub rung: Rung,
    /// Where the report tells it: heading and line.
    pub passages: Vec<(String, usize)>,
    pub places: Vec<(String, Option<String>)>,
}

/// How an item is held up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// By evidence, or by several passages.
    Held,
    /// By one passage alone, which nothing supports.
    Weak,
    Empty,
}

/// Where every item of these blocks is told and shown.
pub fn coverage(blocks: &[Competence], projects: &[Project], paper: &[Source], lang: Lang) -> Coverage {
    let told: Vec<Vec<Told>> = projects.iter().map(|project| tellable(&project.report)).collect();
    let own: Vec<Told> = paper.iter().flat_map(tellable).collect();
    let mut rows = Vec::new();
    for block in blocks {
        for item in &block.indicators {
            let sought: Vec<Sought> = item.declared.iter().map(framework::Passage::sought).collect();
            let passages = |told: &[Told]| {
                let named = |told: &Told| {
                    [&item.title.fr, &item.title.en].iter().any(|title| framework::names(&told.heading, title))
                };
                let says = |told: &&Told| named(told) || sought.iter().any(|one| one.is_in(&told.wording, &told.text));
                let here = told.iter().filter(says);
                here.map(|told| (told.heading.clone(), told.line)).collect::<Vec<_>>()
            };
            let cells: Vec<Cell> = projects
                .iter()
                .zip(&told)
                .map(|(project, told)| {
                    let found = project.evidence.iter().find(|one| *one.item == *item.id);
                    let passages = passages(told);
                    let said = if passages.is_empty() { Rung::Missing } else { Rung::Declared };
                    let rung = found.map_or(said, |found| found.rung.max(said));
                    let shown = found.filter(|_| rung > Rung::Missing);
                    Cell { rung, passages, places: shown.map_or(Vec::new(), |found| found.places.clone()) }
                })
                .collect();
            let paper: Vec<String> = passages(&own).into_iter().map(|(heading, _)| heading).collect();
            rows.push(Row {
                block: block.id.to_string(),
                block_title: block.title.get(lang).to_owned(),
                id: item.id.to_string(),
                title: item.title.get(lang).to_owned(),
                required: item.required,
                state: state(&cells, paper.len()),
                cells,
                paper,
            });
        }
    }
    Coverage { projects: projects.iter().map(|project| project.name.clone()).collect(), rows }
}

fn state(cells: &[Cell], paper: usize) -> State {
    let shown = cells.iter().any(|cell| cell.rung >= Rung::Present);
    // An assessment finds passages in other documents of a repository too.
    let told_in = |cell: &Cell| cell.passages.len().max(usize::from(cell.rung == Rung::Declared));
    let told = cells.iter().map(told_in).sum::<usize>() + paper;
    match (shown, told) {
        (true, _) | (false, 2..) => State::Held,
        (false, 1) => State::Weak,
        (false, _) => State::Empty,
    }
}

/// A section as passages are sought in it.
struct Told {
    heading: String,
    line: usize,
    wording: Wording,
    text: Wording,
}

/// The sections of a source that say something below their own heading.
fn tellable(source: &Source) -> Vec<Told> {
    let told = |section: &Section<'_>| {
        let text: Vec<String> = texts(&section.blocks[..section.own]).into_iter().map(|(text, _)| text).collect();
        let says = |kind: &BlockKind| {
            !matches!(kind, BlockKind::Heading { .. } | BlockKind::Quote(_) | BlockKind::Html(_) | BlockKind::Rule)
        };
        let below = section.blocks.iter().any(|block| says(&block.kind));
        (below && !text.iter().all(|text| crate::report::placeholder::is_all(text))).then(|| Told {
            heading: section.heading.clone(),
            line: source.positions(&section.range).0.line,
            wording: Wording::of(&section.heading),
            text: Wording::of(&text.join("\n")),
        })
    };
    sections(source).iter().filter_map(told).collect()
}

impl Coverage {
    /// The items in a state, by their ids.
    pub fn in_state(&self, state: State) -> Vec<&str> {
        self.rows.iter().filter(|row| row.state == state).map(|row| &*row.id).collect()
    }
}
