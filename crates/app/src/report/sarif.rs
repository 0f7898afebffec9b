//! The report as SARIF 2.1.0: every check is a rule, every cited place a result of its own kind.

use serde_json::{Value, json};
use verdict::Outcome;

use crate::report::model::{CheckReport, Cited, Report};
use crate::words::Words;

pub(crate) const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Writes the report as SARIF.
pub fn write(report: &Report, words: Words) -> String {
    log(vec![run(report, words)])
}

/// Writes the reports of a cohort as one log: one run a repository, under its name, with what stopped it where it was.
pub fn write_all(reports: &[(String, &Report)], failed: &[(String, String)], words: Words) -> String {
    let named = |(name, report): &(String, &Report)| {
        let mut run = run(report, words);
        run["automationDetails"]["id"] = json!(format!("preuve/{name}/{}", report.repository.commit));
        run["properties"]["repository"] = json!(name);
        run
    };
    log(reports.iter().map(named).chain(failed.iter().map(stopped)).collect())
}

fn stopped((name, why): &(String, String)) -> Value {
    json!({
        "tool": { "driver": {
            "name": "preuve",
            "version": env!("CARGO_PKG_VERSION"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "informationUri": "https://preuve.dev",
        }},
        "invocations": [{
            "executionSuccessful": false,
            "toolExecutionNotifications": [{ "level": "error", "message": { "text": sentence(why) } }],
        }],
        "automationDetails": { "id": format!("preuve/{name}/") },
        "properties": { "repository": name },
        "results": [],
    })
}

fn log(runs: Vec<Value>) -> String {
    let log = json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": runs });
    let mut text = serde_json::to_string_pretty(&log).expect("every key is text");
    text.push('\n');
    text
}

fn run(report: &Report, words: Words) -> Value {
    let rules: Vec<Value> = report.checks.iter().map(rule).collect();
    let mut results: Vec<Value> =
        report.checks.iter().enumerate().flat_map(|(index, check)| results(index, check, words)).collect();
    if let Some(since) = &report.since {
        for result in &mut results {
            let changed = since.checks.iter().any(|change| result["ruleId"] == change.id.as_str());
            result["baselineState"] = json!(if changed { "updated" } else { "unchanged" });
        }
    }
    json!({
        "tool": { "driver": {
            "name": "preuve",
            "fullName": "Preuve, proof of DevOps skills",
            "version": report.tool.version,
            "semanticVersion": report.tool.version,
            "informationUri": "https://preuve.dev",
            "rules": rules,
        }},
        "columnKind": "unicodeCodePoints",
        "automationDetails": { "id": format!("preuve/{}", report.repository.commit) },
        "originalUriBaseIds": { "REPOSITORY": {
            "description": { "text": "The root of the assessed repository." },
        }},
        "properties": { "commit": report.repository.commit, "asOf": report.as_of.to_string() },
        "results": results,
    })
}

fn rule(check: &CheckReport) -> Value {
    json!({
        "id": check.id,
        "name": pascal(&check.id),
        "shortDescription": { "text": sentence(&check.question) },
        "fullDescription": { "text": sentence(&check.question) },
        "help": { "text": sentence(&check.advice) },
        "defaultConfiguration": { "level": "warning" },
    })
}

fn results(index: usize, check: &CheckReport, words: Words) -> Vec<Value> {
    let (kind, level) = match check.outcome {
        Outcome::Met => ("pass", "none"),
        Outcome::NotMet => ("fail", "warning"),
        Outcome::Unknown => ("open", "none"),
        Outcome::NotApplicable => ("notApplicable", "none"),
    };
    let answer = words.say(&format!("outcome-{}", check.outcome.name()));
    let mut message = format!("{} {answer}.", check.question);
    if !check.note.is_empty() {
        message.push(' ');
        message.push_str(&check.note);
    }
    // One result a check: the first place is where it points, the others are related.
    let mut places = check.evidence.iter().filter(|cited| cited.path.is_some());
    let mut result = json!({
        "ruleId": check.id,
        "ruleIndex": index,
        "kind": kind,
        "level": level,
        "message": { "text": message },
        "partialFingerprints": { "preuveCheck/v1": check.id },
    });
    result["locations"] = match places.next() {
        Some(first) => json!([{ "physicalLocation": physical(first) }]),
        None => json!([]),
    };
    let related: Vec<Value> = places
        .enumerate()
        .map(|(id, cited)| {
            json!({ "id": id + 1, "physicalLocation": physical(cited), "message": { "text": sentence(&cited.says) } })
        })
        .collect();
    result["relatedLocations"] = Value::Array(related);
    vec![result]
}

fn physical(cited: &Cited) -> Value {
    let path = cited.path.as_deref().unwrap_or_default();
    let line = cited.line.unwrap_or(1).max(1);
    let end = cited.end_line.unwrap_or(line).max(line);
    let mut region = json!({ "startLine": line, "endLine": end });
    if !cited.excerpt.is_empty() && end == line {
        region["snippet"] = json!({ "text": cited.excerpt });
    }
    json!({ "artifactLocation": { "uri": uri(path), "uriBaseId": "REPOSITORY" }, "region": region })
}

/// A path as a relative URI: what a URI reserves is percent-encoded.
pub(crate) fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' | b'@' | b'+' => {
                out.push(char::from(byte));
            }
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

pub(crate) fn pascal(id: &str) -> String {
    let words = id.split(['.', '-']).filter(|word| !word.is_empty());
    words.map(|word| word[..1].to_ascii_uppercase() + &word[1..]).collect()
}

/// SARIF wants messages to end as sentences do.
pub(crate) fn sentence(text: &str) -> String {
    let text = text.trim().replace('\n', " ");
    if text.is_empty() || text.ends_with(['.', '?', '!']) { text } else { format!("{text}.") }
}
