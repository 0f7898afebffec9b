//! A framework as a 1EdTech CASE 1.1 package.
//!
//! Identifiers are UUIDs of version 5 over the names of the framework and the element, so that they
//! survive a new version of the pack; dates are the day on which the version was fixed. The same
//! pack therefore gives the same bytes.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::case_entries::{self, Entry, TYPES};
use crate::{
    model::{Framework, Kind},
    text::{Lang, Text},
};

/// The framework as a `CFPackage`.
pub fn case(framework: &Framework) -> Value {
    let writer = Writer { framework, lang: framework.header.source_language };
    let entries = case_entries::of(framework);
    let items: Vec<Value> = entries.iter().map(|entry| writer.item(entry)).collect();
    json!({
        "CFDocument": writer.document(),
        "CFItems": items,
        "CFAssociations": writer.associations(&entries),
        "CFDefinitions": writer.definitions(&entries),
    })
}

struct Writer<'a> {
    framework: &'a Framework,
    /// The language of the official wording, which is the one that CASE carries.
    lang: Lang,
}

impl Writer<'_> {
    /// The name from which an identifier is derived: `urn:preuve:rs-devops:item:C1`.
    fn identifier(&self, class: &str, name: &str) -> String {
        let urn = format!("urn:preuve:{}:{class}:{name}", self.framework.id());
        Uuid::new_v5(&Uuid::NAMESPACE_URL, urn.as_bytes()).to_string()
    }

    fn changed(&self) -> String {
        format!("{}T00:00:00Z", self.framework.header.date)
    }

    fn say<'t>(&self, text: &'t Text) -> &'t str {
        text.get(self.lang)
    }

    /// The fields that every record of a package has.
    fn record(&self, class: &str, name: &str) -> Map<String, Value> {
        let identifier = self.identifier(class, name);
        let mut record = Map::new();
        record.insert("uri".into(), json!(uri(&identifier)));
        record.insert("identifier".into(), json!(identifier));
        record.insert("lastChangeDateTime".into(), json!(self.changed()));
        record
    }

    fn link(&self, class: &str, name: &str, title: &str) -> Value {
        let identifier = self.identifier(class, name);
        json!({ "title": title, "uri": uri(&identifier), "identifier": identifier })
    }

    fn document(&self) -> Value {
        let header = &self.framework.header;
        let mut document = self.record("document", "");
        let framework_type = match header.kind {
            Kind::Certification => "Certification",
            Kind::Requirements => "Requirements",
        };
        let notes: Vec<&str> = header.notes.iter().map(|note| self.say(note)).collect();
        let fields = [
            ("caseVersion", json!("1.1")),
            ("frameworkType", json!(framework_type)),
            ("title", json!(self.say(&header.title))),
            ("creator", json!(self.say(&header.publisher))),
            ("description", json!(self.say(&header.summary))),
            ("language", json!(self.lang)),
            ("version", json!(header.version)),
            ("notes", json!(notes.join("\n"))),
            ("extensions", self.extensions(&header.title, Vec::new())),
        ];
        document.extend(fields.map(|(name, value)| (name.to_owned(), value)));
        if let Some(url) = header.sources.iter().find_map(|source| source.url.as_ref()) {
            document.insert("officialSourceURL".into(), json!(url));
        }
        Value::Object(document)
    }

    /// The translation, and what CASE has no field for.
    fn extensions(&self, text: &Text, details: Vec<(&'static str, Value)>) -> Value {
        let other = match self.lang {
            Lang::Fr => Lang::En,
            Lang::En => Lang::Fr,
        };
        let mut own: Map<String, Value> = details.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        own.insert("translation".into(), json!({ "language": other, "text": text.get(other) }));
        json!({ "preuve": own })
    }

    fn item(&self, entry: &Entry<'_>) -> Value {
        let mut item = self.record("item", entry.id);
        item.insert("fullStatement".into(), json!(self.say(entry.text)));
        item.insert("humanCodingScheme".into(), json!(entry.id));
        item.insert("CFItemType".into(), json!(entry.item_type));
        item.insert("CFItemTypeURI".into(), self.link("type", entry.item_type, entry.item_type));
        item.insert("language".into(), json!(self.lang));
        item.insert("extensions".into(), self.extensions(entry.text, entry.details.clone()));
        if let Some(label) = entry.label {
            item.insert("abbreviatedStatement".into(), json!(self.say(label)));
        }
        let theme = entry.theme.and_then(|id| self.framework.themes.iter().find(|theme| theme.id == *id));
        if let Some(theme) = theme {
            let title = self.say(&theme.title);
            item.insert("subject".into(), json!([title]));
            item.insert("subjectURI".into(), json!([self.link("subject", &theme.id, title)]));
        }
        Value::Object(item)
    }

    /// Who is the child of whom, numbered among siblings, then what is related to what.
    fn associations(&self, entries: &[Entry<'_>]) -> Vec<Value> {
        let mut ranks: BTreeMap<Option<&str>, i64> = BTreeMap::new();
        let mut out = Vec::new();
        for entry in entries {
            let parent = entry.parent.map(|id| id.as_str());
            let rank = ranks.entry(parent).or_default();
            *rank += 1;
            let destination = match parent {
                Some(id) => self.link("item", id, id),
                None => self.link("document", "", self.say(&self.framework.header.title)),
            };
            let name = format!("{}>{}", entry.id, parent.unwrap_or_default());
            let mut child = self.association("isChildOf", &name, entry, destination);
            child.insert("sequenceNumber".into(), json!(rank));
            out.push(Value::Object(child));
        }
        for (entry, related) in entries.iter().flat_map(|entry| entry.related.iter().map(move |id| (entry, *id))) {
            let name = format!("{}~{related}", entry.id);
            let destination = self.link("item", related, related);
            out.push(Value::Object(self.association("isRelatedTo", &name, entry, destination)));
        }
        out
    }

    fn association(&self, kind: &str, name: &str, origin: &Entry<'_>, destination: Value) -> Map<String, Value> {
        let mut association = self.record("association", name);
        association.insert("associationType".into(), json!(kind));
        association.insert("originNodeURI".into(), self.link("item", origin.id, origin.id));
        association.insert("destinationNodeURI".into(), destination);
        association
    }

    /// Types of items in use, themes as subjects, glossary as concepts.
    fn definitions(&self, entries: &[Entry<'_>]) -> Value {
        let used = |name: &str| entries.iter().any(|entry| entry.item_type == name);
        let types = TYPES.iter().filter(|(name, _, _)| used(name)).map(|(name, code, description)| {
            let fields = [("title", *name), ("description", *description), ("hierarchyCode", *code)];
            self.definition("type", name, &fields)
        });
        let subjects = self.framework.themes.iter().zip(1..).map(|(theme, rank)| {
            let code = rank.to_string();
            self.definition("subject", &theme.id, &[("title", self.say(&theme.title)), ("hierarchyCode", &code)])
        });
        let concepts = self.framework.glossary.iter().zip(1..).map(|(term, rank)| {
            let code = rank.to_string();
            let (title, description) = (self.say(&term.term), self.say(&term.definition));
            let fields = [("title", title), ("description", description), ("hierarchyCode", code.as_str())];
            self.definition("concept", &term.id, &fields)
        });
        json!({
            "CFItemTypes": types.collect::<Vec<_>>(),
            "CFSubjects": subjects.collect::<Vec<_>>(),
            "CFConcepts": concepts.collect::<Vec<_>>(),
        })
    }

    fn definition(&self, class: &str, name: &str, fields: &[(&str, &str)]) -> Value {
        let mut definition = self.record(class, name);
        definition.extend(fields.iter().map(|(field, value)| ((*field).to_owned(), json!(value))));
        Value::Object(definition)
    }
}

fn uri(identifier: &str) -> String {
    format!("urn:uuid:{identifier}")
}
