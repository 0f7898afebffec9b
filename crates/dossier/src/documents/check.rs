//! What the rules say of a table of documents.

use jiff::ToSpan;
use jiff::civil::Date;

use super::{Column, FREQUENCIES, RELEVANCES, Row, Table, Trouble, among, date, frequencies, is_grade, relevances};
use crate::finding::{Finding, Level};
use crate::lint::is_formula;
use crate::report::placeholder::mark;

const COLUMN: &str = "documents.column";
const VALUE: &str = "documents.value";
const DATE: &str = "documents.date";
/// The rule of every paper for what is still to be written.
const WAITING: &str = "structure.placeholder";

/// Every rule of tables of documents.
pub const RULES: [&str; 3] = [COLUMN, VALUE, DATE];

/// A trade changes within three years; an older document needs a reason.
const OLD: i64 = 3;

/// Everything that the rules say of a table on a day, in order.
pub fn check(table: &Table, today: Date) -> Vec<Finding> {
    let mut found = Vec::new();
    for (trouble, range) in &table.troubles {
        let at = |rule, message| Finding::at(&table.source, range.clone(), rule, Level::Error, message);
        found.push(match trouble {
            Trouble::TooLarge => at("source.unread", "lint-unread-table-large"),
            Trouble::NotText => at("source.unread", "lint-unread-not-text"),
            Trouble::TooMany => {
                at("source.unread", "lint-unread-table-rows").with("most", super::MOST_ROWS.to_string())
            }
            Trouble::TooLong => at("source.unread", "lint-unread-table-cell").with("most", super::LONGEST.to_string()),
            Trouble::Broken(text) => at("source.unread", "lint-unread-table")
                .with("french", text.get(framework::Lang::Fr))
                .with("english", text.get(framework::Lang::En)),
            Trouble::Unknown(name) => at(COLUMN, "documents-column-unknown").with("name", name.as_str()),
            Trouble::Twice(name) => at(COLUMN, "documents-column-twice").with("name", name.as_str()),
        });
    }
    if table.rows.is_empty() && table.troubles.is_empty() {
        found.push(Finding::on(&table.source.path, COLUMN, Level::Error, "documents-none"));
    }
    columns(table, &mut found);
    for row in &table.rows {
        values(table, row, today, &mut found);
    }
    found.sort_by_key(|finding| (finding.range.start, finding.range.end, finding.rule));
    found
}

/// A column that no row has is told once, on the first line.
fn columns(table: &Table, found: &mut Vec<Finding>) {
    for column in Column::ALL.into_iter().filter(|column| column.needed()) {
        if !table.rows.is_empty() && table.rows.iter().all(|row| row.cell(column).is_none()) {
            let finding = Finding::on(&table.source.path, COLUMN, Level::Error, "documents-column-missing");
            found.push(finding.with("name", column.names()[0]));
        }
    }
}

fn values(table: &Table, row: &Row, today: Date, found: &mut Vec<Finding>) {
    for column in Column::ALL.into_iter().filter(|column| column.needed()) {
        let known = table.rows.iter().any(|row| row.cell(column).is_some());
        if known && row.text(column).trim().is_empty() {
            let range = row.cell(column).map_or(row.range.clone(), |cell| cell.range.clone());
            // An empty cell has no character to show; its row has.
            let range = if range.is_empty() { row.range.clone() } else { range };
            let finding = Finding::at(&table.source, range, VALUE, Level::Error, "documents-empty");
            found.push(finding.with("name", column.names()[0]));
        }
    }
    for (column, cell) in row.cells.iter().filter(|(_, cell)| !cell.text.trim().is_empty()) {
        let at = |rule, level, message| {
            let shown: String = cell.text.trim().chars().take(60).collect();
            Finding::at(&table.source, cell.range.clone(), rule, level, message).with("value", shown)
        };
        if is_formula(cell.text.trim()) {
            let shown: String = cell.text.trim().chars().take(30).collect();
            let range = cell.range.clone();
            let finding = Finding::at(&table.source, range, "source.formula", Level::Error, "lint-formula");
            found.push(finding.with("cell", shown));
            continue;
        }
        // Where only certain words or a date are right, what is right is told below.
        let free = matches!(column, Column::Title | Column::Source | Column::Channel | Column::Why);
        if free && mark(&cell.text).is_some() {
            let shown: String = cell.text.trim().chars().take(60).collect();
            let finding = Finding::at(&table.source, cell.range.clone(), WAITING, Level::Error, "lint-placeholder");
            found.push(finding.with("text", shown));
            continue;
        }
        let known = |finding: Finding, words: framework::Text| {
            let finding = finding.with("french", words.get(framework::Lang::Fr));
            finding.with("english", words.get(framework::Lang::En))
        };
        match column {
            Column::Reliability if !is_grade(&cell.text) => {
                found.push(at(VALUE, Level::Error, "documents-grade"));
            }
            Column::Relevance if !among(&cell.text, &RELEVANCES) => {
                found.push(known(at(VALUE, Level::Error, "documents-word"), relevances()));
            }
            Column::Frequency if !among(&cell.text, &FREQUENCIES) => {
                found.push(known(at(VALUE, Level::Error, "documents-word"), frequencies()));
            }
            Column::Address if !is_address(&cell.text) => {
                found.push(at(VALUE, Level::Error, "documents-address"));
            }
            Column::Date => found.extend(day(&cell.text, today).map(|(level, message)| at(DATE, level, message))),
            _ => {}
        }
    }
}

/// What is wrong with a date.
fn day(text: &str, today: Date) -> Option<(Level, &'static str)> {
    let Some(date) = date(text) else { return Some((Level::Error, "documents-date-none")) };
    if date > today {
        return Some((Level::Error, "documents-date-future"));
    }
    let oldest = today.checked_sub(OLD.years()).ok()?;
    (date < oldest).then_some((Level::Warning, "documents-date-old"))
}

fn is_address(text: &str) -> bool {
    let text = text.trim();
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| rest.contains('.') && !text.contains(|c: char| c.is_whitespace() || c.is_control()))
}
