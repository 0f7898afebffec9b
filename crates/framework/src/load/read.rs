//! The text of one pack file → its sections, or where it cannot be read.

use serde::Deserialize;

use crate::{
    competence::{Activity, Competence, Experiment},
    evaluation::Evaluation,
    id::Position,
    load::PackFile,
    model::{Header, Item, SkillModule, Term},
    problem::{PackError, closest},
    requirement::Profile,
    text::Text,
};

/// The sections that a file of a pack may hold.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct PackPart {
    pub(super) framework: Option<Header>,
    pub(super) activities: Vec<Activity>,
    pub(super) themes: Vec<Item>,
    pub(super) competences: Vec<Competence>,
    pub(super) evaluations: Vec<Evaluation>,
    pub(super) glossary: Vec<Term>,
    pub(super) skills: Vec<SkillModule>,
    pub(super) profiles: Vec<Profile>,
    pub(super) experiments: Vec<Experiment>,
}

/// Reads one file. YAML allows one error at a time, so a file yields at most one problem here.
pub(super) fn part(file: &PackFile) -> Result<PackPart, Box<PackError>> {
    serde_saphyr::from_str(&file.text).map_err(|error| Box::new(unreadable(&file.path, &error)))
}

/// Reads a YAML file that people write into what it declares; a problem has its place and the name that was meant.
///
/// # Errors
/// With the first problem.
pub fn from_yaml<T: serde::de::DeserializeOwned>(path: &str, text: &str) -> Result<T, Box<PackError>> {
    serde_saphyr::from_str(text).map_err(|error| Box::new(unreadable(path, &error)))
}

/// The reader's complaint as ours: its place, a sentence, and the name that was probably meant.
pub(crate) fn unreadable(path: &str, error: &serde_saphyr::Error) -> PackError {
    use serde_saphyr::Error;
    let error = error.without_snippet();
    let position = error.location().map(Position::from).unwrap_or_default();
    let say = |message| PackError::new(path, position, message);
    match error {
        Error::SerdeUnknownField { field, expected, .. } => {
            let message = Text::new(format!("champ inconnu `{field}`"), format!("unknown field `{field}`"));
            one_of(say(message), field, expected)
        }
        Error::SerdeUnknownVariant { variant, expected, .. } => {
            let message = Text::new(format!("valeur inconnue `{variant}`"), format!("unknown value `{variant}`"));
            one_of(say(message), variant, expected)
        }
        Error::SerdeMissingField { field, .. } => {
            say(Text::new(format!("le champ `{field}` manque"), format!("the field `{field}` is missing")))
        }
        other => {
            let full = other.to_string();
            let sentence = full.lines().next().unwrap_or_default();
            // The place stands before the sentence already.
            let sentence = sentence.rsplit_once(" at line ").map_or(sentence, |(before, _)| before);
            say(Text::new(format!("YAML refusé : {sentence}"), format!("YAML refused: {sentence}")))
        }
    }
}

/// Suggests the nearest of the names expected, or lists them all.
fn one_of(problem: PackError, written: &str, expected: &[&str]) -> PackError {
    if closest(written, expected.iter().copied()).is_some() {
        return problem.suggest(written, expected.iter().copied());
    }
    let list = expected.join(", ");
    problem.hint(Text::new(format!("attendu : {list}"), format!("expected: {list}")))
}
