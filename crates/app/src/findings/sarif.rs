//! Findings as SARIF 2.1.0, with the safe edits as fixes.

use std::collections::BTreeMap;

use dossier::Level;
use dossier::lint::Guide;
use serde_json::{Value, json};

use super::{Findings, Found};
use crate::report::sarif::{SCHEMA, pascal, sentence, uri};
use crate::words::Words;

/// Writes the findings as SARIF; `guides` are the pages of the rules.
pub fn write(findings: &Findings, guides: &[Guide], words: Words) -> String {
    let mut rules: BTreeMap<&str, Option<&Guide>> = BTreeMap::new();
    for finding in &findings.findings {
        rules.insert(finding.rule, guides.iter().find(|guide| guide.id == finding.rule));
    }
    let ids: Vec<&str> = rules.keys().copied().collect();
    let described: Vec<Value> = rules.iter().map(|(id, guide)| rule(id, *guide, words)).collect();
    let results: Vec<Value> = findings
        .findings
        .iter()
        .map(|finding| result(finding, ids.iter().position(|id| *id == finding.rule).unwrap_or_default()))
        .collect();
    let version = env!("CARGO_PKG_VERSION");
    let run = json!({
        "tool": { "driver": {
            "name": "preuve",
            "fullName": "Preuve, proof of DevOps skills",
            "version": version,
            "semanticVersion": version,
            "informationUri": "https://preuve.dev",
            "rules": described,
        }},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": { "DOSSIER": { "description": { "text": "The folder of the dossier." } } },
        "results": results,
    });
    let log = json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run] });
    let mut text = serde_json::to_string_pretty(&log).expect("every key is text");
    text.push('\n');
    text
}

fn rule(id: &str, guide: Option<&Guide>, words: Words) -> Value {
    let of = |text: Option<&framework::Text>| sentence(text.map_or(id, |text| words.of(text)));
    json!({
        "id": id,
        "name": pascal(id),
        "shortDescription": { "text": of(guide.map(|guide| &guide.title)) },
        "fullDescription": { "text": of(guide.map(|guide| &guide.why)) },
        "help": { "text": of(guide.map(|guide| &guide.fix)) },
    })
}

fn result(finding: &Found, index: usize) -> Value {
    let region = json!({
        "startLine": finding.line,
        "startColumn": finding.column,
        "endLine": finding.end_line,
        "endColumn": finding.end_column + 1,
    });
    let artifact = json!({ "uri": uri(&finding.path), "uriBaseId": "DOSSIER" });
    let mut result = json!({
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": match finding.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "note",
        },
        "message": { "text": sentence(&finding.message) },
        "locations": [{ "physicalLocation": { "artifactLocation": artifact, "region": region } }],
        "partialFingerprints": { "preuveLint/v1": format!("{}:{}:{}", finding.rule, finding.path, finding.excerpt) },
    });
    if let Some(edit) = &finding.fix {
        let deleted = json!({ "byteOffset": edit.range.start, "byteLength": edit.range.len() });
        let replacement = json!({ "deletedRegion": deleted, "insertedContent": { "text": edit.with } });
        let change = json!({ "artifactLocation": artifact, "replacements": [replacement] });
        let description = json!({ "text": sentence(&finding.message) });
        result["fixes"] = json!([{ "description": description, "artifactChanges": [change] }]);
    }
    result
}
