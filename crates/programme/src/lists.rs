//! Lists as CSV: candidates come in from whatever somebody typed, and nothing that goes out runs in a spreadsheet.

use serde::Serialize;

use crate::people::{address, named_well};
use crate::{Enrolment, Lang, Person, Refusal, SessionRates};

/// The largest list that is read, in bytes.
pub const LARGEST_LIST: usize = 1 << 20;
/// The longest list, in lines.
pub const LONGEST_LIST: usize = 2_000;
const LONGEST_CELL: usize = 500;

/// Somebody whom a list names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Counts from 1, the line of headings included.
    pub line: u64,
    pub name: String,
    pub email: String,
    pub lang: Lang,
}

/// A line that cannot be read, or a list that cannot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "problem", rename_all = "kebab-case")]
pub enum ListProblem {
    TooLarge {
        most: usize,
    },
    TooLong {
        most: usize,
    },
    NotUtf8,
    /// No heading of this name.
    NoColumn {
        column: &'static str,
    },
    Line {
        line: u64,
        refusal: Refusal,
    },
    CellTooLong {
        line: u64,
        most: usize,
    },
    /// The same address on an earlier line.
    Twice {
        line: u64,
        first: u64,
    },
    Broken {
        line: u64,
    },
}

/// Reads candidates: headings `name`/`nom` and `email`/`courriel`, and `lang`/`langue` if there is one, in any order,
/// separated by commas, semicolons or tabs.
///
/// # Errors
/// With everything that is wrong, so that a list is corrected once; nothing is taken from a list with a problem.
pub fn read_candidates(bytes: &[u8]) -> Result<Vec<Listed>, Vec<ListProblem>> {
    if bytes.len() > LARGEST_LIST {
        return Err(vec![ListProblem::TooLarge { most: LARGEST_LIST }]);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| vec![ListProblem::NotUtf8])?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let headings = text.lines().next().unwrap_or_default();
    let often = |separator: u8| headings.bytes().filter(|byte| *byte == separator).count();
    let separator = [b',', b';', b'\t'].into_iter().max_by_key(|separator| (often(*separator), *separator == b','));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator.unwrap_or(b','))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let headings = reader.headers().map_err(|_| vec![ListProblem::Broken { line: 1 }])?.clone();
    let column = |names: &[&str]| headings.iter().position(|heading| names.contains(&heading.to_lowercase().as_str()));
    let name = column(&["name", "nom", "candidate", "candidat"]);
    let email = column(&["email", "e-mail", "mail", "courriel"]);
    let lang = column(&["lang", "language", "langue"]);
    let (Some(name), Some(email)) = (name, email) else {
        let missing = [(name, "name"), (email, "email")].into_iter().filter(|(place, _)| place.is_none());
        return Err(missing.map(|(_, column)| ListProblem::NoColumn { column }).collect());
    };
    let mut found: Vec<Listed> = Vec::new();
    let mut problems = Vec::new();
    for (nth, record) in reader.records().enumerate() {
        if nth >= LONGEST_LIST {
            problems.push(ListProblem::TooLong { most: LONGEST_LIST });
            break;
        }
        let Ok(record) = record else {
            problems.push(ListProblem::Broken { line: nth as u64 + 2 });
            break;
        };
        let line = record.position().map_or(nth as u64 + 2, csv::Position::line);
        if record.iter().all(str::is_empty) {
            continue;
        }
        match listed(line, &record, (name, email, lang)) {
            Ok(one) => match found.iter().find(|known| known.email == one.email) {
                Some(known) => problems.push(ListProblem::Twice { line, first: known.line }),
                None => found.push(one),
            },
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

fn listed(line: u64, record: &csv::StringRecord, at: (usize, usize, Option<usize>)) -> Result<Listed, ListProblem> {
    if record.iter().any(|cell| cell.len() > LONGEST_CELL) {
        return Err(ListProblem::CellTooLong { line, most: LONGEST_CELL });
    }
    let refused = |refusal: Refusal| ListProblem::Line { line, refusal };
    let name = record.get(at.0).unwrap_or_default();
    named_well(name).map_err(refused)?;
    if name.chars().any(char::is_control) {
        return Err(refused(Refusal::NotFilled { field: "name" }));
    }
    let email = address(record.get(at.1).unwrap_or_default()).map_err(refused)?;
    let lang = at.2.and_then(|place| record.get(place)).and_then(|text| Lang::from_name(&text.to_lowercase()));
    Ok(Listed { line, name: name.to_owned(), email, lang: lang.unwrap_or(Lang::Fr) })
}

/// A cell that no spreadsheet takes for a formula: what begins like one is preceded by an apostrophe.
pub fn neutral(cell: &str) -> String {
    let formula = |c: char| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠');
    let number = cell.strip_prefix('-').is_some_and(|rest| rest.parse::<f64>().is_ok_and(f64::is_finite));
    if cell.chars().next().is_some_and(formula) && !number { format!("'{cell}") } else { cell.to_owned() }
}

/// Writes a table as CSV; every cell is neutral.
pub fn write_list(headings: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    let mut record = |cells: &mut dyn Iterator<Item = &str>| {
        writer.write_record(cells.map(neutral)).expect("memory takes every row");
    };
    record(&mut headings.iter().copied());
    let width = headings.len();
    for mut row in rows {
        row.resize(width, String::new());
        record(&mut row.iter().map(String::as_str));
    }
    let bytes = writer.into_inner().expect("memory takes every row");
    String::from_utf8(bytes).expect("cells are texts")
}

/// The candidates of a session with their results, as far as they are published.
pub fn results_list(people: &[Person], enrolments: &[Enrolment]) -> String {
    let row = |enrolment: &Enrolment| {
        let person = people.iter().find(|person| person.id == enrolment.person);
        let decision = enrolment.published.and(enrolment.decision.as_ref());
        let share = |points: u32| format!("{}.{:02}", points / 100, points % 100);
        vec![
            enrolment.id.to_string(),
            person.map(|person| person.name.clone()).unwrap_or_default(),
            person.and_then(|person| person.email.clone()).unwrap_or_default(),
            enrolment.stage.to_string(),
            decision
                .map(|decision| if decision.grade.passed { "passed" } else { "failed" }.to_owned())
                .unwrap_or_default(),
            decision.map(|decision| share(decision.grade.basis_points)).unwrap_or_default(),
        ]
    };
    write_list(&["enrolment", "name", "email", "stage", "result", "percent"], enrolments.iter().map(row))
}

/// The rates of a session's criteria.
pub fn rates_list(rates: &SessionRates) -> String {
    let row = |rate: &crate::CriterionRate| {
        vec![rate.criterion.to_string(), rate.judged.to_string(), rate.reached.to_string(), rate.mean.to_string()]
    };
    write_list(&["criterion", "judged", "reached", "mean"], rates.criteria.iter().map(row))
}
