//! A table as CSV: commas, semicolons or tabs, quotes as RFC 4180 has them, every cell with its bytes.

use std::ops::Range;

use super::{Cell, Column, MOST_ROWS, Row, Trouble};

type Found = (Vec<Row>, Vec<(Trouble, Range<usize>)>);

/// The rows below the header.
pub(super) fn rows(text: &str) -> Found {
    let mut reader = Reader { text, at: 0, separator: separator(text) };
    let mut troubles = Vec::new();
    let header = reader.record(&mut troubles).unwrap_or_default();
    let mut columns: Vec<Option<Column>> = Vec::new();
    for cell in &header {
        let column = Column::named(&cell.text);
        let name = || cell.text.chars().take(60).collect::<String>();
        match column {
            None => troubles.push((Trouble::Unknown(name()), cell.range.clone())),
            Some(column) if columns.contains(&Some(column)) => {
                troubles.push((Trouble::Twice(name()), cell.range.clone()));
            }
            Some(_) => {}
        }
        columns.push(column.filter(|column| !columns.contains(&Some(*column))));
    }
    let mut rows = Vec::new();
    while let Some(record) = reader.record(&mut troubles) {
        let Some((first, last)) = record.first().zip(record.last()) else { continue };
        if record.len() == 1 && first.text.trim().is_empty() {
            continue;
        }
        let range = first.range.start..last.range.end;
        let named = columns.iter().zip(&record).filter_map(|(column, cell)| Some(((*column)?, cell.clone())));
        rows.push(Row { range, cells: named.collect() });
        // One more than is kept, so that the caller sees that there are too many.
        if rows.len() > MOST_ROWS {
            break;
        }
    }
    (rows, troubles)
}

/// The sign that the first line holds most.
fn separator(text: &str) -> char {
    let first = text.lines().next().unwrap_or_default();
    let count = |sign: char| first.matches(sign).count();
    [',', ';', '\t'].into_iter().max_by_key(|sign| (count(*sign), *sign == ',')).unwrap_or(',')
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    separator: char,
}

impl Reader<'_> {
    /// The cells of the next record; none at the end.
    fn record(&mut self, troubles: &mut Vec<(Trouble, Range<usize>)>) -> Option<Vec<Cell>> {
        if self.at >= self.text.len() {
            return None;
        }
        let mut cells = Vec::new();
        loop {
            cells.push(self.cell(troubles));
            let rest = &self.text[self.at..];
            match rest.chars().next() {
                Some(sign) if sign == self.separator => self.at += sign.len_utf8(),
                Some('\r') if rest.starts_with("\r\n") => {
                    self.at += 2;
                    return Some(cells);
                }
                Some('\n' | '\r') => {
                    self.at += 1;
                    return Some(cells);
                }
                _ => return Some(cells),
            }
        }
    }

    fn cell(&mut self, troubles: &mut Vec<(Trouble, Range<usize>)>) -> Cell {
        let start = self.at;
        let ends = |c: char| c == self.separator || c == '\n' || c == '\r';
        let Some(quoted) = self.text[start..].strip_prefix('"') else {
            let length = self.text[start..].find(ends).unwrap_or(self.text.len() - start);
            self.at = start + length;
            return Cell { text: self.text[start..self.at].to_owned(), range: start..self.at };
        };
        let mut text = String::new();
        let mut rest = quoted;
        loop {
            let Some((inside, after)) = rest.split_once('"') else {
                // Everything that follows would be one cell.
                let sentence = framework::Text::new("un guillemet n'est pas fermé", "a quotation mark is not closed");
                troubles.push((Trouble::Broken(sentence), start..start + 1));
                self.at = self.text.len();
                return Cell { text, range: start..self.at };
            };
            text.push_str(inside);
            match after.strip_prefix('"') {
                Some(more) => {
                    text.push('"');
                    rest = more;
                }
                None => {
                    let extra = after.find(ends).unwrap_or(after.len());
                    text.push_str(&after[..extra]);
                    self.at = self.text.len() - after.len() + extra;
                    return Cell { text, range: start..self.at };
                }
            }
        }
    }
}
