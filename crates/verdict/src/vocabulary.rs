//! The fact schema as rules see it, and the fields of a fact as rules read them.

use facts::{Confidence, Fact, FieldType, Value, schema};
use framework::rule::{RuleType, RuleValue, Values, Vocabulary};

/// The schema of the facts room, for the loader of packs.
pub struct FactVocabulary;

impl Vocabulary for FactVocabulary {
    fn kinds(&self) -> Vec<&'static str> {
        schema::kinds().map(|kind| kind.name).collect()
    }

    fn fields(&self, kind: &str) -> Option<Vec<(&'static str, RuleType)>> {
        let kind = schema::kind(kind)?;
        let rule_type = |field_type| match field_type {
            FieldType::Bool => RuleType::Bool,
            FieldType::Int => RuleType::Int,
            FieldType::Text => RuleType::Text,
            FieldType::List => RuleType::List,
        };
        Some(kind.fields.iter().map(|field| (field.name, rule_type(field.field_type))).collect())
    }
}

/// One fact as a predicate reads it.
pub(crate) struct FactValues<'a>(pub(crate) &'a Fact);

impl Values for FactValues<'_> {
    fn value(&self, field: &str) -> RuleValue {
        let fact = self.0;
        match field {
            "path" => RuleValue::Text(fact.location().path().unwrap_or_default().to_owned()),
            "line" => RuleValue::Int(fact.location().span().map_or(0, |span| i64::try_from(span.line).unwrap_or(0))),
            "parser" => RuleValue::Text(fact.parser().to_owned()),
            "confidence" => RuleValue::Text(
                match fact.how_sure() {
                    Confidence::Exact => "exact",
                    Confidence::Likely => "likely",
                    Confidence::Low => "low",
                }
                .to_owned(),
            ),
            field => match fact.get(field) {
                Value::Bool(value) => RuleValue::Bool(value),
                Value::Int(value) => RuleValue::Int(value),
                Value::Text(value) => RuleValue::Text(value),
                Value::List(value) => RuleValue::List(value),
            },
        }
    }
}

impl FactValues<'_> {
    /// A field as text, to count distinct values.
    pub(crate) fn text_of(&self, field: &str) -> String {
        match self.value(field) {
            RuleValue::Bool(value) => value.to_string(),
            RuleValue::Int(value) => value.to_string(),
            RuleValue::Text(value) => value,
            RuleValue::List(values) => values.join("\n"),
        }
    }
}
