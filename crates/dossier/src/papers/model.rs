//! The one shape of every paper: parts of blocks of runs. PDF, HTML and Markdown are views of it.

use std::collections::BTreeMap;

use framework::{Lang, Rung};
use serde::Serialize;

/// A paper, whole: nothing has to be looked up to show it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Document {
    pub lang: Lang,
    pub title: String,
    pub subtitle: String,
    pub author: String,
    /// What it is, above the title.
    pub kind: String,
    pub keywords: Vec<String>,
    pub cover: bool,
    pub contents: bool,
    /// What the cover says, by label.
    pub facts: Vec<(String, Runs)>,
    /// The small print of the cover.
    pub colophon: Vec<Runs>,
    pub words: Labels,
    pub parts: Vec<Part>,
    /// Files that travel inside the PDF.
    pub attached: Vec<Attachment>,
    pub layout: Layout,
    /// Pictures by the path that blocks name.
    #[serde(skip)]
    pub pictures: BTreeMap<String, Vec<u8>>,
}

/// How pages look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// A4 pages with a cover, contents, numbered figures and annexes.
    #[default]
    Paper,
    /// A screen for each part.
    Slides,
}

pub type Runs = Vec<Run>;

/// The few words that a view adds by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Labels {
    pub contents: String,
    pub image: String,
    pub table: String,
    pub raw: String,
    pub annex: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Attachment {
    pub name: String,
    pub mime: String,
    pub description: String,
    pub text: String,
}

/// A chapter, an annex or a slide.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Part {
    pub id: String,
    pub title: Runs,
    /// Whether it comes after what is counted.
    pub annex: bool,
    /// Whether it opens a page.
    #[serde(rename = "break")]
    pub page: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minutes: Option<String>,
    pub blocks: Vec<Block>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "t", rename_all = "lowercase")]
pub enum Block {
    Heading { level: u8, id: String, c: Runs },
    Para { c: Runs },
    List { ordered: bool, start: u64, items: Vec<Vec<Block>> },
    Table { caption: Option<Runs>, head: Vec<Runs>, rows: Vec<Vec<Runs>>, align: Vec<Align>, widths: Option<Vec<u32>> },
    Code { lang: Option<String>, text: String, caption: Option<Runs>, source: Option<Runs> },
    Image { path: String, alt: String, caption: Option<Runs>, width: u32 },
    Quote { c: Vec<Block> },
    Callout { c: Vec<Block> },
    Terms { items: Vec<Term> },
    Rule,
    Space { lines: u32 },
    Page,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Term {
    pub term: Runs,
    pub c: Runs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Align {
    Left,
    Center,
    Right,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "t", rename_all = "lowercase")]
pub enum Run {
    Text {
        v: String,
    },
    Strong {
        c: Runs,
    },
    Emph {
        c: Runs,
    },
    Struck {
        c: Runs,
    },
    Code {
        v: String,
    },
    Link {
        url: String,
        c: Runs,
    },
    /// A link to a heading of the same paper.
    Place {
        to: String,
        c: Runs,
    },
    Note {
        c: Runs,
    },
    Rung {
        rung: Rung,
        v: String,
    },
    Break,
}

impl Run {
    pub fn text(text: impl Into<String>) -> Self {
        Run::Text { v: text.into() }
    }

    pub fn strong(text: impl Into<String>) -> Self {
        Run::Strong { c: vec![Run::text(text)] }
    }

    pub fn code(text: impl Into<String>) -> Self {
        Run::Code { v: text.into() }
    }
}

impl Block {
    pub fn para(text: impl Into<String>) -> Self {
        Block::Para { c: vec![Run::text(text)] }
    }

    /// A table of which all columns read from the left.
    pub fn table(head: &[String], rows: Vec<Vec<Runs>>, widths: &[u32]) -> Self {
        Block::Table {
            caption: None,
            head: head.iter().map(|cell| vec![Run::text(cell)]).collect(),
            align: vec![Align::Left; head.len()],
            widths: Some(widths.to_vec()),
            rows,
        }
    }
}

/// The words of runs, without marks.
pub fn plain(runs: &[Run]) -> String {
    let mut out = String::new();
    for run in runs {
        match run {
            Run::Text { v } | Run::Code { v } | Run::Rung { v, .. } => out.push_str(v),
            Run::Strong { c } | Run::Emph { c } | Run::Struck { c } | Run::Link { c, .. } | Run::Place { c, .. } => {
                out.push_str(&plain(c));
            }
            Run::Break => out.push(' '),
            Run::Note { .. } => {}
        }
    }
    out
}

/// How wide columns are, by what they hold: no column starves and none takes all.
pub(super) fn widths(head: &[Runs], rows: &[Vec<Runs>]) -> Vec<u32> {
    let length = |runs: &Runs| plain(runs).chars().count();
    let of = |at: usize| {
        let cells = rows.iter().take(200).filter_map(|row| row.get(at)).map(length);
        let longest = cells.chain([length(&head[at])]).max().unwrap_or(0);
        u32::try_from(longest.clamp(8, 48)).unwrap_or(48)
    };
    (0..head.len()).map(of).collect()
}
