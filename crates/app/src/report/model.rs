//! The report as data: the source of truth, of which every other format is a view.
//!
//! Its shape is published as `docs/report.schema.json`; a change of meaning changes [`SCHEMA`].

use framework::{Lang, Need, Rung};
use jiff::civil::Date;
use serde::Serialize;
use verdict::{Outcome, Status};

use crate::words::Words;

/// The name and version of this shape.
pub const SCHEMA: &str = "preuve-report/1";

/// The whole report.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub schema: &'static str,
    pub tool: Tool,
    pub language: Lang,
    /// The day that the assessment speaks for.
    pub as_of: Date,
    pub repository: RepositoryReport,
    pub frameworks: Vec<FrameworkReport>,
    pub checks: Vec<CheckReport>,
    /// What could not be read, whatever it would have told.
    pub unread: Vec<Unread>,
    /// The attestations that were refused, each with its reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Since>,
}

/// The program that made the report.
#[derive(Clone, Debug, Serialize)]
pub struct Tool {
    pub name: &'static str,
    pub version: &'static str,
}

/// What was assessed.
#[derive(Clone, Debug, Serialize)]
pub struct RepositoryReport {
    pub commit: String,
    /// The revision as asked for.
    pub rev: String,
    pub files: usize,
    /// Whether history is incomplete, so that what depends on it is unknown.
    pub shallow: bool,
    /// How history was read: `exact`, or `bound` when a long one was bounded.
    pub history: String,
    /// Whether past versions were searched for credentials.
    pub past_secrets: bool,
    /// How many tracked files of the work tree are not as committed; none without a work tree at `HEAD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uncommitted: Option<usize>,
    /// How many facts were extracted.
    pub facts: usize,
}

/// One framework with all its indicators.
#[derive(Clone, Debug, Serialize)]
pub struct FrameworkReport {
    pub id: String,
    pub version: String,
    pub title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    pub competences: Vec<CompetenceReport>,
    /// The actions that bring furthest, best first.
    pub next: Vec<ActionReport>,
}

/// One competence, block or family.
#[derive(Clone, Debug, Serialize)]
pub struct CompetenceReport {
    pub id: String,
    pub title: String,
    pub label: String,
    pub indicators: Vec<IndicatorReport>,
}

/// One indicator and where it stands.
#[derive(Clone, Debug, Serialize)]
pub struct IndicatorReport {
    pub id: String,
    pub title: String,
    pub label: String,
    pub required: Rung,
    pub rung: Rung,
    pub status: Status,
    pub evidence: Vec<Cited>,
    /// Checks that are not met and would put it on *present*.
    pub lacking: Vec<String>,
    /// Checks whose answer is not known.
    pub unknown: Vec<String>,
    /// What it takes beyond files.
    pub needs: Vec<Need>,
    pub experiments: Vec<String>,
    /// The verified records that put it above *present*.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub proofs: Vec<Proof>,
    /// What to do next.
    pub advice: String,
}

impl IndicatorReport {
    /// Where it stands, in a word: its rung, or why it has none to speak of.
    pub fn standing(&self, words: Words) -> String {
        let nothing = match self.status {
            Status::Unknown => self.rung == Rung::Missing,
            Status::NotApplicable | Status::Waived => true,
            Status::Reached | Status::Below | Status::Open => false,
        };
        if nothing {
            return words.say(&format!("status-{}", self.status.name()));
        }
        words.of(&self.rung.label()).to_owned()
    }
}

impl Proof {
    /// The sentence of a report: which run, when, by whom, and what stood in.
    pub fn told(&self, words: Words) -> String {
        let signer = self.signer.get(..12).unwrap_or(&self.signer);
        let arguments = [("experiment", self.experiment.as_str()), ("day", &self.day), ("signer", signer)];
        let mut told = words.with("prove-supported", &arguments);
        for stand_in in &self.stand_ins {
            told.push_str(&format!("; {}: {stand_in}", words.say("prove-stand-in")));
        }
        told
    }
}

/// A signed record of a run that supports an indicator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Proof {
    pub experiment: String,
    /// The day of the run.
    pub day: String,
    /// The id of the key that signed it.
    pub signer: String,
    /// The digest of the record.
    pub statement: String,
    pub file: String,
    /// What stood in for something that could not be had.
    pub stand_ins: Vec<String>,
}

/// One next action.
#[derive(Clone, Debug, Serialize)]
pub struct ActionReport {
    pub check: String,
    pub advice: String,
    /// The indicators that it brings closer.
    pub indicators: Vec<String>,
}

/// One check and its answer.
#[derive(Clone, Debug, Serialize)]
pub struct CheckReport {
    pub id: String,
    pub question: String,
    pub outcome: Outcome,
    pub evidence: Vec<Cited>,
    /// How many more places support the answer than are listed.
    pub more: usize,
    pub note: String,
    pub remarks: Vec<Cited>,
    pub advice: String,
}

/// One cited place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cited {
    /// The check that cites it; empty for a declaration.
    pub check: String,
    /// How it bears on the answer: supports, against, partial, hides, declares or remark.
    pub role: &'static str,
    /// None for what no file holds: a commit, a tag, the repository.
    pub path: Option<String>,
    pub line: Option<usize>,
    pub column: Option<usize>,
    pub end_line: Option<usize>,
    pub commit: String,
    pub blob: Option<String>,
    /// The text at the place, secrets masked; for what no file holds, `commit:…` or `tag:…`.
    pub excerpt: String,
    /// What was read there: the kind of fact and its main fields.
    pub says: String,
    /// The lines around it, where a page shows them; never part of the report.
    #[serde(skip)]
    pub around: Option<Around>,
}

/// Lines of a file, secrets masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Around {
    /// The number of the first line.
    pub first: usize,
    pub lines: Vec<String>,
}

/// A file, or a part of it, that could not be read.
#[derive(Clone, Debug, Serialize)]
pub struct Unread {
    pub path: Option<String>,
    pub line: Option<usize>,
    pub area: String,
    pub reason: String,
}

/// What changed since an earlier commit.
#[derive(Clone, Debug, Serialize)]
pub struct Since {
    pub rev: String,
    pub commit: String,
    pub changed_files: usize,
    /// Checks whose answer is another one.
    pub checks: Vec<CheckChange>,
    /// Indicators that rest on a file that changed.
    pub touched: Vec<Touched>,
}

/// A check whose answer changed.
#[derive(Clone, Debug, Serialize)]
pub struct CheckChange {
    pub id: String,
    pub before: Outcome,
    pub after: Outcome,
    pub indicators: Vec<String>,
}

impl CheckChange {
    /// In one line: the answer before and after.
    pub fn told(&self, words: Words) -> String {
        let answer = |outcome: Outcome| words.say(&format!("outcome-{}", outcome.name()));
        let (before, after) = (answer(self.before), answer(self.after));
        words.with("report-since-check", &[("check", &self.id), ("before", &before), ("after", &after)])
    }
}

/// An indicator and the changed files that it rests on.
#[derive(Clone, Debug, Serialize)]
pub struct Touched {
    pub framework: String,
    pub indicator: String,
    pub paths: Vec<String>,
}

impl Touched {
    /// In one line: the first files, and how many more there are.
    pub fn told(&self, words: Words) -> String {
        const NAMED: usize = 3;
        let indicator = format!("{} {}", self.framework, self.indicator);
        let named = self.paths.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
        let more = self.paths.len().saturating_sub(NAMED);
        let told = words.with("report-since-indicator", &[("indicator", &indicator), ("paths", &named)]);
        if more == 0 { told } else { format!("{told} {}", words.count("report-since-more", more)) }
    }
}

impl Report {
    /// What a reader should know of the repository before anything else.
    pub fn warnings(&self, words: Words) -> Vec<String> {
        let repository = &self.repository;
        let mut told = Vec::new();
        if repository.shallow {
            told.push(words.say("report-shallow"));
        } else if !repository.past_secrets {
            told.push(words.say("report-past-secrets"));
        }
        if let Some(files) = repository.uncommitted.filter(|files| *files > 0) {
            told.push(words.count("report-uncommitted", files));
        }
        told.extend(self.refused.iter().cloned());
        told
    }

    /// Every indicator of every framework.
    pub fn indicators(&self) -> impl Iterator<Item = (&FrameworkReport, &IndicatorReport)> {
        self.frameworks.iter().flat_map(|framework| {
            let competences = framework.competences.iter();
            competences.flat_map(move |competence| competence.indicators.iter().map(move |found| (framework, found)))
        })
    }

    /// The check of that id.
    pub fn check(&self, id: &str) -> Option<&CheckReport> {
        self.checks.iter().find(|check| check.id == id)
    }

    /// The report as JSON, with a final newline.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("every key of a report is text");
        text.push('\n');
        text
    }
}

impl Cited {
    /// The place for people: `path:line`, `commit:…`.
    pub fn place(&self) -> String {
        match (&self.path, self.line, self.end_line) {
            (Some(path), Some(line), Some(end)) if end > line => format!("{path}:{line}-{end}"),
            (Some(path), Some(line), _) => format!("{path}:{line}"),
            (Some(path), None, _) => path.clone(),
            (None, ..) => self.excerpt.clone(),
        }
    }
}
