//! What an assessment says of each criterion, read from its report: for the annexes of a jury, and to travel in a PDF.

use std::path::Path;

use dossier::papers::model::Attachment;
use framework::{Framework, Lang, Rung};
use serde::{Deserialize, Serialize};

use super::gather::Gathered;
use crate::console::looking::{Looked, LookedIndicator};
use crate::error::AssessError;
use crate::report::model::{Report, SCHEMA};

/// The shape of what travels.
const EVIDENCE: &str = "preuve-evidence/1";
/// A report of a large repository has some megabytes.
const LARGEST: u64 = 32 << 20;
/// The most places that are kept for a criterion.
const PLACES: usize = 8;

/// One project under one framework.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Verdict {
    pub schema: &'static str,
    pub project: String,
    pub framework: String,
    pub version: String,
    pub commit: String,
    pub competences: Vec<Competence>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Competence {
    pub id: String,
    pub title: String,
    pub criteria: Vec<Criterion>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Criterion {
    pub id: String,
    pub title: String,
    pub required: Rung,
    pub rung: Rung,
    pub places: Vec<String>,
}

/// A report as it is written, as far as a jury needs it.
#[derive(Deserialize)]
struct Written {
    schema: String,
    repository: WrittenRepository,
    frameworks: Vec<WrittenFramework>,
}

#[derive(Deserialize)]
struct WrittenRepository {
    commit: String,
}

#[derive(Deserialize)]
struct WrittenFramework {
    id: String,
    version: String,
    competences: Vec<WrittenCompetence>,
}

#[derive(Deserialize)]
struct WrittenCompetence {
    id: String,
    title: String,
    indicators: Vec<WrittenIndicator>,
}

#[derive(Deserialize)]
struct WrittenIndicator {
    id: String,
    title: String,
    required: Rung,
    rung: Rung,
    evidence: Vec<WrittenPlace>,
}

#[derive(Deserialize)]
struct WrittenPlace {
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    line: Option<u64>,
}

/// The verdicts of a report, one a framework.
pub(super) fn of(project: &str, report: &Report) -> Vec<Verdict> {
    // One reader for reports that were made here and for those of a file.
    let text = report.to_json();
    serde_json::from_str(&text).map(|written| verdicts(project, written)).unwrap_or_default()
}

/// The verdicts of a file that `preuve assess --format json` wrote.
///
/// # Errors
/// When it cannot be read, is too large, or is no such report.
pub(super) fn from_file(path: &Path) -> Result<Vec<Verdict>, AssessError> {
    let fail = |why: String| AssessError::Report { path: path.to_owned(), why };
    let data = path.symlink_metadata().map_err(|error| fail(error.to_string()))?;
    if !data.is_file() || data.len() > LARGEST {
        return Err(fail(format!("{} B", data.len())));
    }
    let text = std::fs::read_to_string(path).map_err(|error| fail(error.to_string()))?;
    let written: Written = serde_json::from_str(&text).map_err(|error| fail(error.to_string()))?;
    if written.schema != SCHEMA {
        return Err(fail(written.schema));
    }
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    Ok(verdicts(&name, written))
}

fn verdicts(project: &str, written: Written) -> Vec<Verdict> {
    let commit = written.repository.commit;
    let place = |place: WrittenPlace| {
        let path = place.path?;
        Some(place.line.map_or_else(|| path.clone(), |line| format!("{path}:{line}")))
    };
    let criterion = |one: WrittenIndicator| Criterion {
        id: one.id,
        title: one.title,
        required: one.required,
        rung: one.rung,
        places: one.evidence.into_iter().filter_map(place).take(PLACES).collect(),
    };
    let competence = |one: WrittenCompetence| Competence {
        id: one.id,
        title: one.title,
        criteria: one.indicators.into_iter().map(criterion).collect(),
    };
    let verdict = |one: WrittenFramework| Verdict {
        schema: EVIDENCE,
        project: project.to_owned(),
        framework: one.id,
        version: one.version,
        commit: commit.clone(),
        competences: one.competences.into_iter().map(competence).collect(),
    };
    written.frameworks.into_iter().map(verdict).collect()
}

/// The verdict of a run that was kept.
pub(super) fn of_run(project: &str, looked: &Looked, framework: &Framework, lang: Lang) -> Verdict {
    let found = looked.framework(framework.id());
    let criteria = |id: &str| {
        let own = found.into_iter().flat_map(|found| &found.indicators).filter(|one| one.competence == id);
        let criterion = |one: &LookedIndicator| Criterion {
            id: one.id.clone(),
            title: if lang == Lang::Fr { one.title.fr.clone() } else { one.title.en.clone() },
            required: one.required,
            rung: one.rung,
            places: one
                .evidence
                .iter()
                .filter(|cited| cited.line > 0)
                .map(|one| one.place.clone())
                .take(PLACES)
                .collect(),
        };
        own.map(criterion).collect()
    };
    let competences = framework.competences.iter().map(|one| Competence {
        id: one.id.to_string(),
        title: one.title.get(lang).to_owned(),
        criteria: criteria(&one.id),
    });
    Verdict {
        schema: EVIDENCE,
        project: project.to_owned(),
        framework: framework.id().to_owned(),
        version: found.map(|found| found.version.clone()).unwrap_or_default(),
        commit: looked.commit.clone(),
        competences: competences.collect(),
    }
}

/// The evidence of projects, as files that travel inside a PDF.
pub(super) fn attached(gathered: &[Gathered], framework: &Framework) -> Vec<Attachment> {
    let all = gathered.iter().flat_map(|one| &one.verdicts);
    all.filter(|verdict| verdict.framework == framework.id()).map(attachment).collect()
}

/// A verdict as a file.
pub(super) fn attachment(verdict: &Verdict) -> Attachment {
    let plain = |text: &str| -> String {
        text.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' }).take(60).collect()
    };
    Attachment {
        name: format!("evidence-{}-{}.json", plain(&verdict.project), plain(&verdict.framework)),
        mime: "application/json".to_owned(),
        description: format!("{} · {} @ {}", verdict.project, verdict.framework, verdict.commit),
        text: serde_json::to_string_pretty(verdict).expect("every key of a verdict is text"),
    }
}
