//! The file of a run: where each indicator stands, with the lines that show it, in both languages and without secrets.
//!
//! It holds all that a page shows, so that a jury reads it without a network long after the repository has gone.

use framework::Rung;
use jiff::civil::Date;
use programme::Words as Both;
use serde::{Deserialize, Serialize};
use verdict::Outcome;

use crate::report::model::{CheckReport, Cited, FrameworkReport, IndicatorReport, Report};
use crate::words::Words;

/// The name and version of this shape.
const SCHEMA: &str = "preuve-run/1";
/// The largest file that is read back.
const MOST: usize = 32 << 20;

/// What was found at one commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looked {
    pub schema: String,
    /// The job that made it: two runs are never one file, so that one can be forgotten without the other.
    pub job: String,
    pub url: String,
    pub commit: String,
    pub as_of: Date,
    pub tool: String,
    pub frameworks: Vec<LookedFramework>,
    pub checks: Vec<LookedCheck>,
    pub warnings: Vec<Both>,
    /// How many places could not be read.
    pub unread: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookedFramework {
    pub id: String,
    pub version: String,
    pub indicators: Vec<LookedIndicator>,
}

/// One indicator and what its rung rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookedIndicator {
    pub id: String,
    pub competence: String,
    pub title: Both,
    pub required: Rung,
    pub rung: Rung,
    /// As in a report: `reached`, `below`, `open`, `unknown`, `not-applicable` or `waived`.
    pub status: String,
    pub evidence: Vec<Excerpt>,
    /// The signed records of runs that support it, each in a sentence.
    pub proofs: Vec<Both>,
    /// Checks that are not met, and those whose answer is not known.
    pub lacking: Vec<String>,
    pub unknown: Vec<String>,
    pub advice: Both,
}

/// A check and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookedCheck {
    pub id: String,
    /// `met`, `not-met`, `unknown` or `not-applicable`.
    pub outcome: String,
    pub question: Both,
    pub note: Both,
    /// What shows it, or what speaks against it.
    pub evidence: Vec<Excerpt>,
}

/// A cited place with the lines around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excerpt {
    pub check: String,
    pub role: String,
    /// `path:line`, `commit:…`.
    pub place: String,
    pub commit: String,
    pub line: usize,
    pub end_line: usize,
    /// The number of the first line shown; the lines are empty for what no file holds.
    pub first: usize,
    pub lines: Vec<String>,
    pub says: String,
}

/// How many places a check cites on a page.
const PLACES: usize = 3;

impl Looked {
    /// Puts the reports of both languages into one file.
    pub(super) fn of(job: &str, url: &str, french: &Report, english: &Report) -> Self {
        let pairs = french.frameworks.iter().zip(&english.frameworks);
        let frameworks: Vec<LookedFramework> = pairs.map(|(fr, en)| framework(fr, en)).collect();
        let checks = french.checks.iter().zip(&english.checks).map(|(fr, en)| check(fr, en));
        let warnings =
            french.warnings(Words(framework::Lang::Fr)).into_iter().zip(english.warnings(Words(framework::Lang::En)));
        Self {
            schema: SCHEMA.to_owned(),
            job: job.to_owned(),
            url: url.to_owned(),
            commit: french.repository.commit.clone(),
            as_of: french.as_of,
            tool: format!("{} {}", french.tool.name, french.tool.version),
            checks: checks.collect(),
            warnings: warnings.map(|(fr, en)| Both { fr, en }).collect(),
            unread: french.unread.len(),
            frameworks,
        }
    }

    /// The file that is kept.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a run is plain data")
    }

    /// Reads a file that was kept; none when it is not of this shape.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        if bytes.len() > MOST {
            return None;
        }
        let found = serde_json::from_slice::<Self>(bytes).ok().filter(|found| found.schema == SCHEMA);
        // Else a report that was recorded by hand.
        found.or_else(|| Self::of_report(&serde_json::from_slice(bytes).ok()?))
    }

    pub fn framework(&self, id: &str) -> Option<&LookedFramework> {
        self.frameworks.iter().find(|one| one.id == id)
    }

    pub fn check(&self, id: &str) -> Option<&LookedCheck> {
        self.checks.iter().find(|one| one.id == id)
    }

    /// An empty file, to be filled.
    pub(crate) fn empty(job: &str, url: &str, commit: &str, as_of: Date) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            job: job.to_owned(),
            url: url.to_owned(),
            commit: commit.to_owned(),
            as_of,
            tool: format!("preuve {}", env!("CARGO_PKG_VERSION")),
            frameworks: Vec::new(),
            checks: Vec::new(),
            warnings: Vec::new(),
            unread: 0,
        }
    }
}

fn framework(fr: &FrameworkReport, en: &FrameworkReport) -> LookedFramework {
    let competences = fr.competences.iter().zip(&en.competences);
    let indicators = competences.flat_map(|(fr, en)| {
        fr.indicators.iter().zip(&en.indicators).map(|(one, other)| indicator(&fr.id, one, other))
    });
    LookedFramework { id: fr.id.clone(), version: fr.version.clone(), indicators: indicators.collect() }
}

fn indicator(competence: &str, fr: &IndicatorReport, en: &IndicatorReport) -> LookedIndicator {
    let told = |proof: &crate::report::model::Proof| Both {
        fr: proof.told(Words(framework::Lang::Fr)),
        en: proof.told(Words(framework::Lang::En)),
    };
    LookedIndicator {
        id: fr.id.clone(),
        competence: competence.to_owned(),
        title: Both { fr: fr.title.clone(), en: en.title.clone() },
        required: fr.required,
        rung: fr.rung,
        status: fr.status.name().to_owned(),
        evidence: fr.evidence.iter().map(excerpt).collect(),
        proofs: fr.proofs.iter().map(told).collect(),
        lacking: fr.lacking.clone(),
        unknown: fr.unknown.clone(),
        advice: Both { fr: fr.advice.clone(), en: en.advice.clone() },
    }
}

fn check(fr: &CheckReport, en: &CheckReport) -> LookedCheck {
    let met = fr.outcome == Outcome::Met;
    LookedCheck {
        id: fr.id.clone(),
        outcome: fr.outcome.name().to_owned(),
        question: Both { fr: fr.question.clone(), en: en.question.clone() },
        note: Both { fr: fr.note.clone(), en: en.note.clone() },
        evidence: fr
            .evidence
            .iter()
            .filter(|cited| met == (cited.role == "supports"))
            .take(PLACES)
            .map(excerpt)
            .collect(),
    }
}

fn excerpt(cited: &Cited) -> Excerpt {
    let (first, lines) = match &cited.around {
        Some(around) => (around.first, around.lines.clone()),
        None => (0, Vec::new()),
    };
    let line = cited.line.unwrap_or(0);
    Excerpt {
        check: cited.check.clone(),
        role: cited.role.to_owned(),
        place: cited.place(),
        commit: cited.commit.clone(),
        line,
        end_line: cited.end_line.unwrap_or(line),
        first,
        lines,
        says: cited.says.clone(),
    }
}
