//! Assess: a repository in, a cited verdict on every check out.

use std::path::PathBuf;

use extract::Project;
use extract::git::{OpenError, Repository};
use facts::{Location, Place};
use framework::PackError;
use verdict::{Answer, FactVocabulary, Role};

use crate::report::json::{CheckReport, Cited, Report};

/// What to assess.
pub struct Request {
    pub repository: PathBuf,
    pub rev: String,
    pub threads: usize,
}

/// Why an assessment could not be made.
#[derive(Debug, thiserror::Error)]
pub enum AssessError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error("the packs have {} problems", .0.len())]
    Packs(Vec<PackError>),
}

/// Assesses one commit of a repository.
///
/// # Errors
/// When the repository or the packs cannot be read.
pub fn assess(request: &Request) -> Result<Report, AssessError> {
    let checks = framework::rule::built_in_checks(&FactVocabulary).map_err(AssessError::Packs)?;
    let repository = Repository::open(&request.repository)?;
    let commit = repository.resolve(&request.rev)?;
    let project = repository.project(&commit)?;
    let facts = extract::facts(&project, request.threads);
    let answers = verdict::evaluate(&checks, &facts);
    let reports = answers.iter().map(|(id, answer)| check_report(&project, id, answer)).collect();
    let repository = crate::report::json::Repository { commit: commit.to_string() };
    Ok(Report { schema: "preuve-report/1", repository, checks: reports })
}

fn check_report(project: &Project, id: &str, answer: &Answer<'_>) -> CheckReport {
    let evidence = answer
        .evidence
        .iter()
        .filter(|evidence| evidence.role != Role::Hides)
        .flat_map(|evidence| std::iter::once(evidence.fact.location()).chain(evidence.fact.related()))
        .take(40)
        .map(|location| cited(project, location))
        .collect();
    let note = answer.errors.join("; ");
    CheckReport { id: id.to_owned(), outcome: answer.outcome, evidence, note }
}

fn cited(project: &Project, location: &Location) -> Cited {
    let span = location.span();
    let excerpt = match &location.place {
        Place::File { path, span, .. } => {
            let text = project.file(path).and_then(|file| file.text().ok());
            text.map_or(String::new(), |text| text.line(span.line).trim().to_owned())
        }
        _ => location.to_string(),
    };
    Cited {
        path: location.path().map(ToOwned::to_owned),
        line: span.map(|span| span.line),
        end_line: span.map(|span| span.end_line),
        commit: location.commit.to_string(),
        excerpt,
    }
}
