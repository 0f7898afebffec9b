//! `preuve.yaml`: what the candidate declares or corrects, read strictly.

use ::prove::declared::{Declared, PATH};
use extract::Project;
use framework::{PackError, Position, Text};

use crate::error::AssessError;

/// Reads the file at the root of the tree, if there is one.
///
/// # Errors
/// With file, line, column and the name that was probably meant.
pub(super) fn read(project: &Project) -> Result<Declared, AssessError> {
    let Some(file) = project.file(PATH) else { return Ok(Declared::default()) };
    parse(file.str()).map_err(|problem| AssessError::Packs(vec![*problem]))
}

fn parse(text: &str) -> Result<Declared, Box<PackError>> {
    if text.trim().is_empty() {
        return Ok(Declared::default());
    }
    let declared: Declared = framework::from_yaml(PATH, text)?;
    if let Some((name, place, known)) = declared.dangling() {
        let line = text.lines().position(|line| line.contains(name)).map_or(0, |line| line as u64 + 1);
        let message = Text::new(
            format!("{place} : aucun service ne s'appelle `{name}`"),
            format!("{place}: no service is called `{name}`"),
        );
        let position = Position { line, column: 1 };
        return Err(Box::new(PackError::new(PATH, position, message).suggest(name, known)));
    }
    Ok(declared)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_with_their_place() {
        let check = |text: &str, expected: &str| {
            let told = parse(text).map_or_else(|problem| problem.to_string(), |_| "fine".to_owned());
            assert_eq!(told, expected, "{text}");
        };
        check("", "fine");
        check("commands:\n  test: make test\nservices:\n  - name: api\n    port: 8000\n", "fine");
        check("comands:\n  test: a\n", "preuve.yaml:1:1: unknown field `comands`\n  hint: did you mean `commands`?");
        check(
            "services:\n  - name: api\n    helth: /\n",
            "preuve.yaml:3:5: unknown field `helth`\n  hint: did you mean `health`?",
        );
        check("services:\n  - port: 1\n", "preuve.yaml:2:5: the field `name` is missing");
        check(
            "services:\n  - name: api\nalerts:\n  - name: Down\n    service: apo\n",
            "preuve.yaml:5:1: alerts.Down.service: no service is called `apo`\n  hint: did you mean `api`?",
        );
    }
}
