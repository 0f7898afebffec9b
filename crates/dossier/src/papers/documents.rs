//! The table of documents as a paper shows it.

use super::compose::Say;
use super::model::{Block, Run, Runs};
use super::read::shown;
use crate::documents::{Column, Row, Table};

/// The word of the fence that the table takes the place of.
pub const DOCUMENTS: &str = "documents";

/// Whether a fence stands for the table.
pub fn is_documents(info: &str) -> bool {
    info.split_whitespace().next() == Some(DOCUMENTS)
}

/// The table, and how to read its grades.
pub(super) fn blocks(table: &Table, say: Say<'_>) -> Vec<Block> {
    let word = |id: &str| say(id, &[]);
    let ids = ["document", "channel", "date", "frequency", "reliability", "relevance"];
    let head: Vec<String> = ids.iter().map(|id| word(&format!("documents-head-{id}"))).collect();
    let rows = table.rows.iter().map(row).collect();
    let mut shown = Block::table(&head, rows, &[34, 14, 13, 15, 9, 27]);
    if let Block::Table { caption, .. } = &mut shown {
        *caption = Some(vec![Run::text(word("documents-caption"))]);
    }
    vec![shown, Block::Para { c: vec![Run::Emph { c: vec![Run::text(word("documents-legend"))] }] }]
}

fn row(row: &Row) -> Vec<Runs> {
    let text = |column: Column| shown(row.text(column).trim());
    let title = Run::strong(text(Column::Title));
    let address = text(Column::Address);
    // Nothing but a page of the web: a table may come from anywhere.
    let web = ["https://", "http://"].iter().any(|scheme| address.to_ascii_lowercase().starts_with(scheme));
    let title = if web { Run::Link { url: address, c: vec![title] } } else { title };
    let relevance = [text(Column::Relevance), text(Column::Why)];
    let relevance: Vec<String> = relevance.into_iter().filter(|text| !text.is_empty()).collect();
    let plain = |column: Column| vec![Run::text(text(column))];
    vec![
        vec![title, Run::Break, Run::text(text(Column::Source))],
        plain(Column::Channel),
        plain(Column::Date),
        plain(Column::Frequency),
        plain(Column::Reliability),
        vec![Run::text(relevance.join(" — "))],
    ]
}
