//! The official wording, compared with a transcription of the source, element by element.

use std::collections::BTreeMap;

use framework::Lang;
use serde_json::Value;

use crate::framework;

/// What the pack says in one language, by identifier.
fn said(id: &str, lang: Lang) -> BTreeMap<String, String> {
    let value = serde_json::to_value(framework(id)).expect("a framework is plain data");
    let mut out = BTreeMap::new();
    walk(&value, lang, &mut out);
    out
}

fn walk(value: &Value, lang: Lang, out: &mut BTreeMap<String, String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, lang, out)),
        Value::Object(fields) => {
            let text = |field: &str| fields.get(field)?.get(lang.code())?.as_str();
            // An evaluation has a short title of ours and, below, the sentence of the source.
            let words = match (text("term"), text("statement").or(text("title"))) {
                (Some(term), _) => Some(format!("{term} : {}", text("definition").unwrap_or_default())),
                (None, title) => title.map(str::to_owned),
            };
            if let (Some(id), Some(words)) = (fields.get("id").and_then(Value::as_str), words) {
                out.insert(id.to_owned(), words);
            }
            fields.values().for_each(|field| walk(field, lang, out));
        }
        _ => {}
    }
}

/// `ours` lists the identifiers that the source does not have.
fn check(id: &str, lang: Lang, source: &str, ours: &[&str]) {
    let mut said = said(id, lang);
    for line in source.lines() {
        let (id, words) = line.split_once(" — ").expect("a line is `id — words`");
        assert_eq!(said.remove(id).as_deref(), Some(words), "{id}");
    }
    assert_eq!(said.keys().map(String::as_str).collect::<Vec<_>>(), ours, "not in the source");
}

#[test]
fn rs_devops_is_worded_as_its_source() {
    check("rs-devops", Lang::Fr, include_str!("../wording/rs-devops.fr.txt"), &["rs-devops"]);
}

#[test]
fn cloud_devops_expert_is_worded_as_its_source() {
    let source = include_str!("../wording/cloud-devops-expert.en.txt");
    check("cloud-devops-expert", Lang::En, source, &["T", "cloud-devops-expert"]);
}
