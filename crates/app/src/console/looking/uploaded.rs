//! A report that somebody wrote elsewhere with `preuve assess --format json`, as the file of a run.
//!
//! It speaks one language and holds no lines around its places. Whatever it lacks is empty; what is no report is none.

use framework::Rung;
use jiff::civil::Date;
use programme::Words as Both;
use serde_json::Value;

use super::kept::{Excerpt, Looked, LookedCheck, LookedFramework, LookedIndicator};
use crate::report::model;

/// How many places of one indicator or check are taken over.
const PLACES: usize = 40;
/// How many indicators, and how many checks; no framework has nearly as many.
const MOST: usize = 5_000;

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn both(value: &Value) -> Both {
    Both { fr: text(value), en: text(value) }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten().take(MOST)
}

fn number(value: &Value) -> usize {
    value.as_u64().and_then(|number| usize::try_from(number).ok()).unwrap_or(0)
}

impl Looked {
    /// What a report says, or none when it is no report of this shape.
    pub(in crate::console) fn of_report(report: &Value) -> Option<Self> {
        if report["schema"].as_str() != Some(model::SCHEMA) {
            return None;
        }
        let commit = report["repository"]["commit"].as_str()?;
        let as_of: Date = report["as_of"].as_str().and_then(|day| day.parse().ok())?;
        let mut looked = Self::empty("", "", commit, as_of);
        looked.tool = format!("{} {}", text(&report["tool"]["name"]), text(&report["tool"]["version"]));
        looked.frameworks = list(&report["frameworks"]).map(framework).collect::<Option<_>>()?;
        looked.checks = list(&report["checks"]).filter_map(check).collect();
        looked.warnings = list(&report["refused"]).map(both).collect();
        looked.unread = list(&report["unread"]).count();
        Some(looked)
    }
}

fn framework(report: &Value) -> Option<LookedFramework> {
    let mut indicators = Vec::new();
    for competence in list(&report["competences"]) {
        for one in list(&competence["indicators"]) {
            indicators.push(indicator(competence["id"].as_str()?, one)?);
        }
    }
    Some(LookedFramework { id: report["id"].as_str()?.to_owned(), version: text(&report["version"]), indicators })
}

fn indicator(competence: &str, one: &Value) -> Option<LookedIndicator> {
    let rung = |name: &str| one[name].as_str().and_then(Rung::from_name);
    let ids = |name: &str| list(&one[name]).map(text).collect();
    Some(LookedIndicator {
        id: one["id"].as_str()?.to_owned(),
        competence: competence.to_owned(),
        title: both(&one["title"]),
        required: rung("required")?,
        rung: rung("rung")?,
        status: text(&one["status"]),
        evidence: list(&one["evidence"]).take(PLACES).map(excerpt).collect(),
        // A signature is believed where it is verified, never because a report says that it was.
        proofs: Vec::new(),
        lacking: ids("lacking"),
        unknown: ids("unknown"),
        advice: both(&one["advice"]),
    })
}

fn check(one: &Value) -> Option<LookedCheck> {
    let outcome = text(&one["outcome"]);
    let wanted = |cited: &&Value| (outcome == "met") == (cited["role"].as_str() == Some("supports"));
    Some(LookedCheck {
        id: one["id"].as_str()?.to_owned(),
        question: both(&one["question"]),
        note: both(&one["note"]),
        evidence: list(&one["evidence"]).filter(wanted).take(3).map(excerpt).collect(),
        outcome,
    })
}

fn excerpt(cited: &Value) -> Excerpt {
    let (line, end) = (number(&cited["line"]), number(&cited["end_line"]));
    let excerpt = text(&cited["excerpt"]);
    let (place, lines) = match (cited["path"].as_str(), line) {
        (None, _) => (excerpt, Vec::new()),
        (Some(path), 0) => (path.to_owned(), Vec::new()),
        (Some(path), _) => {
            let place = if end > line { format!("{path}:{line}-{end}") } else { format!("{path}:{line}") };
            (place, excerpt.lines().map(str::to_owned).collect())
        }
    };
    Excerpt {
        check: text(&cited["check"]),
        role: text(&cited["role"]),
        place,
        commit: text(&cited["commit"]),
        line,
        end_line: end.max(line),
        first: line,
        lines,
        says: text(&cited["says"]),
    }
}
