//! A table as YAML: a list of documents, each a map from column to text.

use std::ops::Range;

use serde::Deserialize;
use serde_saphyr::Spanned;

use super::{Cell, Column, Row, Trouble};
use crate::source::Source;

/// Columns as they may be called; what is no text, such as a number, is read as one.
#[derive(Deserialize)]
#[serde(transparent)]
struct Written(std::collections::BTreeMap<String, Spanned<String>>);

type Found = (Vec<Row>, Vec<(Trouble, Range<usize>)>);

/// The rows of a text. The reader of YAML has bounds of its own on depth, aliases and anchors.
pub(super) fn rows(path: &str, source: &Source) -> Found {
    let written: Vec<Spanned<Written>> = match framework::from_yaml(path, &source.text) {
        Ok(written) => written,
        Err(problem) => {
            let at = source.offset(problem.line, problem.column);
            return (Vec::new(), vec![(Trouble::Broken(problem.message.clone()), at..at)]);
        }
    };
    let mut troubles = Vec::new();
    let mut rows = Vec::new();
    for written in written {
        let start = place(source, &written);
        let mut cells: Vec<(Column, Cell)> = Vec::new();
        for (name, value) in written.value.0 {
            let at = place(source, &value);
            let range = at..at + shown(source, at, &value.value);
            let short: String = name.chars().take(60).collect();
            match Column::named(&name) {
                None => troubles.push((Trouble::Unknown(short), range)),
                Some(column) if cells.iter().any(|(known, _)| *known == column) => {
                    troubles.push((Trouble::Twice(short), range));
                }
                Some(column) => cells.push((column, Cell { text: value.value, range })),
            }
        }
        cells.sort_by_key(|(column, _)| *column);
        let end = cells.iter().map(|(_, cell)| cell.range.end).max().unwrap_or(start).max(start);
        rows.push(Row { range: start..end, cells });
    }
    (rows, troubles)
}

fn place<T>(source: &Source, value: &Spanned<T>) -> usize {
    let at: framework::Position = value.referenced.into();
    source.offset(at.line, at.column)
}

/// How many bytes a value takes where it starts: itself, or the rest of its line when it is written otherwise.
fn shown(source: &Source, at: usize, value: &str) -> usize {
    let rest = source.text.get(at..).unwrap_or_default();
    if rest.starts_with(value) { value.len() } else { rest.lines().next().unwrap_or_default().len() }
}
