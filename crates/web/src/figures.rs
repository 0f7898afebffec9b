//! Tables of figures: the same rows as a page shows them and as a spreadsheet takes them.

use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

/// A table with its export.
pub(crate) struct Table {
    pub title: String,
    /// What its figures mean.
    pub told: String,
    /// Where its CSV is.
    pub export: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    /// What to do when there is no row.
    pub empty: String,
}

pub(crate) struct Column {
    pub name: String,
    pub number: bool,
}

/// What a page shows, what a spreadsheet takes, and where it leads.
pub(crate) struct Cell {
    pub shown: String,
    raw: String,
    pub to: String,
}

impl Cell {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        let shown = text.into();
        Self { raw: shown.clone(), shown, to: String::new() }
    }

    /// A figure: shown as the language writes it, exported with a point.
    pub(crate) fn figure(shown: impl Into<String>, raw: impl ToString) -> Self {
        Self { shown: shown.into(), raw: raw.to_string(), to: String::new() }
    }

    /// A figure that nothing is known of.
    pub(crate) fn none() -> Self {
        Self::figure("–", "")
    }

    pub(crate) fn linked(mut self, to: String) -> Self {
        self.to = to;
        self
    }
}

impl Table {
    /// Columns by their names, and whether they hold figures.
    pub(crate) fn columns(names: impl IntoIterator<Item = (String, bool)>) -> Vec<Column> {
        names.into_iter().map(|(name, number)| Column { name, number }).collect()
    }

    fn csv(&self) -> String {
        let mut out = line(self.columns.iter().map(|column| cell(&column.name)));
        for row in &self.rows {
            out.push_str(&line(row.iter().zip(&self.columns).map(|(one, column)| {
                // A figure is one of ours: a sign before it is no formula.
                if column.number { one.raw.clone() } else { cell(&one.raw) }
            })));
        }
        out
    }

    /// The table as a file.
    pub(crate) fn download(&self, name: &str) -> Response {
        download(name, self.csv())
    }
}

/// A list as a file that nobody else may keep.
pub(crate) fn download(name: &str, list: String) -> Response {
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, list).into_response()
}

fn line(cells: impl Iterator<Item = String>) -> String {
    cells.collect::<Vec<_>>().join(",") + "\r\n"
}

/// A cell that no spreadsheet takes for a formula.
pub(crate) fn cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_become_a_formula() {
        assert_eq!(cell("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        assert_eq!(cell("Élise"), "\"Élise\"");
    }

    #[test]
    fn figures_are_exported_as_programs_read_them() {
        let table = Table {
            title: String::new(),
            told: String::new(),
            export: String::new(),
            columns: Table::columns([("Name".to_owned(), false), ("alpha".to_owned(), true)]),
            rows: vec![vec![Cell::text("-x"), Cell::figure("−0,25", -0.25)], vec![Cell::text("y"), Cell::none()]],
            empty: String::new(),
        };
        assert_eq!(table.csv(), "\"Name\",\"alpha\"\r\n\"'-x\",-0.25\r\n\"y\",\r\n");
    }
}
