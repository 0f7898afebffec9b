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
pub(super) fn part(file: &PackFile) -> Result<PackPart, PackError> {
    serde_saphyr::from_str(&file.text).map_err(|error| unreadable(&file.path, &error))
}

/// The reader's complaint as ours: its place, its first sentence, and a suggestion when a name is
/// close to one that it expected.
pub(crate) fn unreadable(path: &str, error: &serde_saphyr::Error) -> PackError {
    let error = error.without_snippet();
    let position = error.location().map(Position::from).unwrap_or_default();
    let full = error.to_string();
    let sentence = full.lines().next().unwrap_or_default();
    let sentence = sentence.strip_prefix("error: ").unwrap_or(sentence);
    let message = Text::new(
        format!("ce fichier n'a pas la forme attendue : {sentence}"),
        format!("this file does not have the expected shape: {sentence}"),
    );
    let mut quoted = full.split('`').skip(1).step_by(2);
    let problem = PackError::new(path, position, message);
    match quoted.next() {
        Some(written) if full.contains("unknown ") => {
            let known: Vec<&str> = quoted.collect();
            if closest(written, known.iter().copied()).is_some() {
                return problem.suggest(written, known);
            }
            let list = known.join(", ");
            problem.hint(Text::new(
                format!("attendu : {list}"),
                format!("expected: {list}"),
            ))
        }
        _ => problem,
    }
}
