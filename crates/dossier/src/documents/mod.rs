//! The table of documents of a technology watch: read from YAML or CSV within bounds, checked with positions.

mod check;
mod csv;
mod yaml;

use std::ops::Range;

use framework::{Lang, Part, Text, folded};
use jiff::civil::Date;

use crate::source::Source;

pub use check::{RULES, check};

/// A table of a watch has some tens of rows.
pub const LARGEST: usize = 256 * 1024;
pub const MOST_ROWS: usize = 500;
/// The longest cell, in characters.
pub const LONGEST: usize = 2_000;

/// What is known of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    Title,
    Source,
    Address,
    Channel,
    Date,
    Frequency,
    Reliability,
    Relevance,
    Why,
}

impl Column {
    pub const ALL: [Column; 9] = [
        Column::Title,
        Column::Source,
        Column::Address,
        Column::Channel,
        Column::Date,
        Column::Frequency,
        Column::Reliability,
        Column::Relevance,
        Column::Why,
    ];

    /// The names that a file may give it, without accents; the first is the one that is asked for.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Column::Title => &["title", "titre", "document"],
            Column::Source => &["source", "author", "auteur", "publisher", "editeur"],
            Column::Address => &["address", "adresse", "url", "link", "lien"],
            Column::Channel => &["channel", "canal"],
            Column::Date => &["date"],
            Column::Frequency => &["frequency", "frequence", "periodicite"],
            Column::Reliability => &["reliability", "fiabilite", "grade", "cotation"],
            Column::Relevance => &["relevance", "pertinence"],
            Column::Why => &["why", "pourquoi", "reason", "analyse", "analysis"],
        }
    }

    /// The name that a new table gives it.
    pub fn name(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Column::Title, Lang::Fr) => "titre",
            (Column::Address, Lang::Fr) => "adresse",
            (Column::Channel, Lang::Fr) => "canal",
            (Column::Frequency, Lang::Fr) => "fréquence",
            (Column::Reliability, Lang::Fr) => "fiabilité",
            (Column::Relevance, Lang::Fr) => "pertinence",
            (Column::Why, Lang::Fr) => "pourquoi",
            _ => self.names()[0],
        }
    }

    /// Whether a table needs it: an address and a reason are welcome.
    pub fn needed(self) -> bool {
        !matches!(self, Column::Address | Column::Why)
    }

    fn named(name: &str) -> Option<Column> {
        let name = folded(name.trim().trim_start_matches('\u{feff}'));
        Column::ALL.into_iter().find(|column| column.names().contains(&name.as_str()))
    }
}

/// A cell with its bytes in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    pub text: String,
    pub range: Range<usize>,
}

/// A document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub range: Range<usize>,
    pub cells: Vec<(Column, Cell)>,
}

impl Row {
    pub fn cell(&self, column: Column) -> Option<&Cell> {
        self.cells.iter().find(|(known, _)| *known == column).map(|(_, cell)| cell)
    }

    pub fn text(&self, column: Column) -> &str {
        self.cell(column).map_or("", |cell| cell.text.as_str())
    }
}

/// Why part of a table was not read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    TooLarge,
    NotText,
    TooMany,
    TooLong,
    /// A name of a column that none has.
    Unknown(String),
    /// The same column twice.
    Twice(String),
    /// Words of the reader, in French and English.
    Broken(Text),
}

/// A table as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub source: Source,
    pub rows: Vec<Row>,
    pub troubles: Vec<(Trouble, Range<usize>)>,
}

impl Table {
    /// Reads a file: CSV by its ending, YAML else. It always gives a table; what could not be read is a trouble.
    pub fn read(path: &str, bytes: &[u8]) -> Self {
        let refused =
            |trouble| Self { source: Source::plain(path, ""), rows: Vec::new(), troubles: vec![(trouble, 0..0)] };
        if bytes.len() > LARGEST {
            return refused(Trouble::TooLarge);
        }
        let Some(text) = std::str::from_utf8(bytes).ok().filter(|text| !text.contains('\0')) else {
            return refused(Trouble::NotText);
        };
        let source = Source::plain(path, text);
        let is_csv = [".csv", ".tsv"].iter().any(|ending| path.to_ascii_lowercase().ends_with(ending));
        let (mut rows, mut troubles) = if is_csv { csv::rows(text) } else { yaml::rows(path, &source) };
        if rows.len() > MOST_ROWS {
            troubles.push((Trouble::TooMany, rows[MOST_ROWS].range.clone()));
            rows.truncate(MOST_ROWS);
        }
        for (_, cell) in rows.iter_mut().flat_map(|row| &mut row.cells) {
            if cell.text.chars().count() > LONGEST {
                troubles.push((Trouble::TooLong, cell.range.clone()));
                cell.text = cell.text.chars().take(LONGEST).collect();
            }
        }
        Self { source, rows, troubles }
    }
}

/// Whether a part of a paper presents documents: their table stands there.
pub fn asked(part: &Part) -> bool {
    part.recognised_by.as_ref().is_some_and(|passage| passage.heading.iter().any(|word| word == "document"))
}

/// How often a source speaks, by the words of both languages; the first is the one that is asked for.
pub const FREQUENCIES: [&[&str]; 8] = [
    &["once", "unique", "une fois", "ponctuel", "ponctuelle"],
    &["at each notice", "a chaque avis", "continuous", "en continu", "au fil de l'eau"],
    &["daily", "quotidienne", "quotidien", "every day", "chaque jour"],
    &["weekly", "hebdomadaire", "every week", "chaque semaine"],
    &["monthly", "mensuelle", "mensuel", "every month", "chaque mois"],
    &["quarterly", "trimestrielle", "trimestriel"],
    &["yearly", "annuelle", "annuel", "every year"],
    &["irregular", "irreguliere", "irregulier"],
];

/// The same for people, as they are written.
pub(crate) fn frequencies() -> Text {
    Text::new(
        "unique, à chaque avis, quotidienne, hebdomadaire, mensuelle, trimestrielle, annuelle, irrégulière",
        "once, at each notice, daily, weekly, monthly, quarterly, yearly, irregular",
    )
}

/// How much a document matters here.
pub const RELEVANCES: [&[&str]; 3] = [
    &["high", "elevee", "eleve", "forte", "fort", "haute"],
    &["medium", "moyenne", "moyen"],
    &["low", "faible", "basse"],
];

pub(crate) fn relevances() -> Text {
    Text::new("élevée, moyenne, faible", "high, medium, low")
}

/// Whether a text is one of these words, without case, accents and marks.
pub(crate) fn among(text: &str, words: &[&[&str]]) -> bool {
    let text = folded(text.trim()).replace('’', "'");
    words.iter().flat_map(|same| same.iter()).any(|word| *word == text)
}

/// A letter for the source, from A to F, and a digit for what it says, from 1 to 6.
pub(crate) fn is_grade(text: &str) -> bool {
    matches!(text.trim().as_bytes(), [b'A'..=b'F', b'1'..=b'6'])
}

/// A day as tables write it: 2026-03-02, 02/03/2026, or a month, 2026-03.
pub(crate) fn date(text: &str) -> Option<Date> {
    let text = text.trim();
    let number =
        |text: &str| (text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?;
    let day = |year: &str, month: &str, day: &str| -> Option<Date> {
        let (year, month, day): (i16, i16, i16) = (number(year)?, number(month)?, number(day)?);
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    };
    let parts: Vec<&str> = text.split(['-', '/']).collect();
    match parts[..] {
        [y, m] if y.len() == 4 => day(y, m, "1"),
        [y, m, d] if y.len() == 4 => day(y, m, d),
        [d, m, y] if y.len() == 4 => day(y, m, d),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
