//! The report as data: the source of truth, of which the other formats are views.

use serde::Serialize;

/// The whole report.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub schema: &'static str,
    pub repository: Repository,
    pub checks: Vec<CheckReport>,
}

/// What was assessed.
#[derive(Clone, Debug, Serialize)]
pub struct Repository {
    pub commit: String,
}

/// One check and its answer.
#[derive(Clone, Debug, Serialize)]
pub struct CheckReport {
    pub id: String,
    pub outcome: verdict::Outcome,
    pub evidence: Vec<Cited>,
    pub note: String,
}

/// One cited place.
#[derive(Clone, Debug, Serialize)]
pub struct Cited {
    pub path: Option<String>,
    pub line: Option<usize>,
    pub end_line: Option<usize>,
    pub commit: String,
    pub excerpt: String,
}
