//! Waivers: requirements that someone may leave unmet, for a reason and for a time.
//!
//! `waivers.yaml` stands at the root of the assessed repository:
//!
//! ```yaml
//! waivers:
//!   - requirement: EXI-ARCH-11
//!     reason: The service has no human user.
//!     approver: Ada Lovelace, hosting authority
//!     expiry: 2027-06-30
//! ```

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_saphyr::Spanned;

use crate::{
    id::{Id, Position},
    load::unreadable,
    model::Framework,
    problem::PackError,
    text::Text,
};

/// A file beyond this size is not a list of waivers.
const MAX_BYTES: usize = 256 * 1024;

/// A waiver that holds on the day of the assessment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Waiver {
    pub requirement: Id,
    pub reason: String,
    pub approver: String,
    /// The last day on which it holds.
    pub expiry: Date,
    /// The line of the file that grants it.
    pub line: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WaiverFile {
    waivers: Vec<Spanned<Written>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    requirement: Id,
    reason: String,
    approver: String,
    expiry: Spanned<String>,
}

/// Reads the waivers of one framework. Any problem refuses the whole file: a waiver that is
/// silently dropped or silently expired would both mislead.
pub fn read(text: &str, path: &str, framework: &Framework, as_of: Date) -> Result<Vec<Waiver>, Vec<PackError>> {
    if text.len() > MAX_BYTES {
        let message = Text::new(
            format!("fichier trop grand : {} octets, {MAX_BYTES} au plus", text.len()),
            format!("file too large: {} bytes, {MAX_BYTES} at most", text.len()),
        );
        return Err(vec![PackError::new(path, Position::default(), message)]);
    }
    let file: WaiverFile = serde_saphyr::from_str(text).map_err(|error| vec![unreadable(path, &error)])?;
    let mut problems = Vec::new();
    let mut waivers: BTreeMap<Id, Waiver> = BTreeMap::new();
    for written in file.waivers {
        let line = written.referenced.line();
        let Some(waiver) = one(written.value, line, path, framework, as_of, &mut problems) else {
            continue;
        };
        if let Some(first) = waivers.get(&waiver.requirement) {
            problems.push(twice(path, &waiver.requirement, first.line));
            continue;
        }
        waivers.insert(waiver.requirement.clone(), waiver);
    }
    if problems.is_empty() {
        return Ok(waivers.into_values().collect());
    }
    problems.sort();
    Err(problems)
}

fn one(
    written: Written,
    line: u64,
    path: &str,
    framework: &Framework,
    as_of: Date,
    problems: &mut Vec<PackError>,
) -> Option<Waiver> {
    let before = problems.len();
    let id = &written.requirement;
    if framework.indicator(id).is_none() {
        let message = Text::new(
            format!("`{}` n'a pas d'exigence `{id}`", framework.id()),
            format!("`{}` has no requirement `{id}`", framework.id()),
        );
        let known = framework.indicators().map(|(_, indicator)| indicator.id.as_str());
        problems.push(PackError::new(path, id.position(), message).suggest(id, known));
    }
    for (field, value) in [("reason", &written.reason), ("approver", &written.approver)] {
        if value.trim().is_empty() {
            problems.push(empty(path, id, field));
        }
    }
    let expiry = expiry(&written, path, as_of).map_err(|problem| problems.push(*problem)).ok()?;
    (problems.len() == before).then_some(Waiver {
        requirement: written.requirement,
        reason: written.reason,
        approver: written.approver,
        expiry,
        line,
    })
}

fn expiry(written: &Written, path: &str, as_of: Date) -> Result<Date, Box<PackError>> {
    let position = Position::from(written.expiry.referenced);
    let day = &written.expiry.value;
    let Ok(expiry) = day.trim().parse::<Date>() else {
        let message = Text::new(format!("`{day}` n'est pas une date"), format!("`{day}` is not a date"));
        return Err(Box::new(PackError::new(path, position, message).hint(Text::new(
            "écrivez le dernier jour de validité, par exemple 2027-06-30",
            "write the last day on which it holds, such as 2027-06-30",
        ))));
    };
    if expiry >= as_of {
        return Ok(expiry);
    }
    let id = &written.requirement;
    let message = Text::new(
        format!("la dérogation à `{id}` a expiré le {expiry} (évaluation au {as_of})"),
        format!("the waiver of `{id}` expired on {expiry} (assessed as of {as_of})"),
    );
    Err(Box::new(PackError::new(path, position, message).hint(Text::new(
        "satisfaites l'exigence et retirez la dérogation, ou faites-la renouveler par qui l'a accordée et changez `expiry`",
        "meet the requirement and remove the waiver, or have its approver renew it and change `expiry`",
    ))))
}

fn empty(path: &str, id: &Id, field: &str) -> PackError {
    let message = Text::new(
        format!("la dérogation à `{id}` n'a pas de `{field}`"),
        format!("the waiver of `{id}` has no `{field}`"),
    );
    PackError::new(path, id.position(), message)
        .hint(Text::new("une dérogation dit pourquoi et qui l'a accordée", "a waiver says why, and who granted it"))
}

fn twice(path: &str, id: &Id, line: u64) -> PackError {
    let message = Text::new(format!("deux dérogations à `{id}`"), format!("two waivers of `{id}`"));
    PackError::new(path, id.position(), message).hint(Text::new(
        format!("la première est à la ligne {line} : gardez-en une"),
        format!("the first one is on line {line}: keep one of them"),
    ))
}

#[cfg(test)]
mod tests;
