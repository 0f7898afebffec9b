//! The file of results that an authority asks for, in the shape that its own schema gives.
//!
//! The schema is not ours and changes, so that nothing of it is written here: elements are taken in its order, each by
//! its name, from what is known of an award, from a list of holders, or from what the operator sets. What the schema
//! demands and nobody gave is a refusal that names it.

mod holders;
mod schema;
mod values;
mod write;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use programme::{Award, Enrolment, Person, Title};
use store::Find;

use super::{AdminError, Installation, run};
use holders::Holders;
use schema::Schema;
use values::Values;

/// What is asked.
pub struct ResultsRequest {
    pub xsd: PathBuf,
    pub title: String,
    /// Awards from this day on.
    pub since: Option<Date>,
    /// A list of holders by address, whose columns are named as elements of the schema.
    pub holders: Option<PathBuf>,
    /// Values of elements, by name or by `PARENT/NAME`.
    pub set: Vec<(String, String)>,
    pub now: Timestamp,
}

/// The file, and how it was checked.
pub struct Results {
    pub xml: String,
    pub awards: usize,
    /// Rules of the schema that this program does not apply: a validator must.
    pub unchecked: Vec<String>,
}

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub enum ResultsError {
    #[error("{path}: {why}")]
    Read { path: PathBuf, why: String },
    #[error("{path}: {why}")]
    Schema { path: PathBuf, why: String },
    #[error("{0} lines are missing")]
    Lacks(usize, Vec<String>),
    #[error("no award to tell")]
    Nothing,
    #[error("no title {0}")]
    NoTitle(String),
}

/// How many missing values are named.
const NAMED: usize = 20;
/// A list or a schema that is larger was written by nobody.
const LARGEST: u64 = 16 << 20;

fn read(path: &Path) -> Result<String, ResultsError> {
    let wrong = |why: String| ResultsError::Read { path: path.to_owned(), why };
    let about = std::fs::metadata(path).map_err(|error| wrong(error.to_string()))?;
    if about.len() > LARGEST {
        return Err(wrong("it is too large".to_owned()));
    }
    std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))
}

/// Writes the results of a title: awards that hold, of people who were not erased.
///
/// # Errors
/// When there is no installation, the schema cannot be followed, or something that it demands is missing.
pub fn results(
    installation: &Installation,
    request: &ResultsRequest,
) -> Result<Result<Results, ResultsError>, AdminError> {
    let prepared = prepare(request);
    let (schema, holders) = match prepared {
        Ok(prepared) => prepared,
        Err(error) => return Ok(Err(error)),
    };
    let chance = installation.chance.clone();
    let found = run(installation, true, async |store| {
        let Some(title) = store.maybe::<Title>(&request.title).await? else { return Ok(None) };
        let mut all = Vec::new();
        for page in 0.. {
            let of = Find::<Award>::by("title", title.id.as_str()).page(page * 1_000, 1_000);
            let awards = store.find(of).await?;
            let last = awards.len() < 1_000;
            for award in awards {
                let award = award.into_inner();
                let asked = award.revoked.is_none() && request.since.is_none_or(|day| award.issued >= day);
                let person = store.get::<Person>(award.person.as_str()).await?.into_inner();
                if asked && !person.erased {
                    let enrolment = store.get::<Enrolment>(award.enrolment.as_str()).await?.into_inner();
                    all.push((award, person, enrolment));
                }
            }
            if last {
                break;
            }
        }
        all.sort_by(|a, b| (a.0.issued, &a.0.id).cmp(&(b.0.issued, &b.0.id)));
        Ok(Some(all))
    })?;
    let Some(found) = found else { return Ok(Err(ResultsError::NoTitle(request.title.clone()))) };
    if found.is_empty() {
        return Ok(Err(ResultsError::Nothing));
    }
    let flow = Values::of_flow(&request.set, chance(), request.now);
    let each: Vec<(String, Values)> = found
        .iter()
        .map(|(award, person, enrolment)| {
            let mut values = Values::of_award(award, enrolment);
            if let Some(line) = person.email.as_deref().and_then(|email| holders.of(email)) {
                values.add(line);
            }
            (award.code.clone(), values)
        })
        .collect();
    Ok(write::write(&schema, &flow, &each).map_err(|lacks| {
        let count = lacks.len();
        ResultsError::Lacks(count, lacks.into_iter().take(NAMED).collect())
    }))
}

fn prepare(request: &ResultsRequest) -> Result<(Schema, Holders), ResultsError> {
    let text = read(&request.xsd)?;
    let schema = Schema::read(&text).map_err(|why| ResultsError::Schema { path: request.xsd.clone(), why })?;
    let holders = match &request.holders {
        Some(path) => Holders::read(&read(path)?).map_err(|why| ResultsError::Read { path: path.clone(), why })?,
        None => Holders::default(),
    };
    Ok((schema, holders))
}

#[cfg(test)]
mod tests;
