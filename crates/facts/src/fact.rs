//! One observation: a kind, its fields, and where it was seen.

use std::collections::BTreeMap;

use crate::{Location, Value, schema};

/// How sure the reader is that the text means what the fact says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// Read by a grammar of the format.
    Exact,
    /// Read by a tolerant reader, or inferred from a name that the field uses in one way.
    Likely,
    /// A heuristic: worth showing, not enough to decide alone.
    Low,
}

/// One observation about a repository at one commit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fact {
    kind: &'static str,
    location: Location,
    fields: BTreeMap<&'static str, Value>,
    also: Vec<Location>,
    parser: &'static str,
    confidence: Confidence,
}

impl Fact {
    /// Starts a fact of a declared kind. `parser` names the reader that saw it.
    ///
    /// # Panics
    /// When the kind is not in the schema: that is an error of the reader, never of its input.
    pub fn new(kind: &'static str, parser: &'static str, location: Location) -> Self {
        assert!(schema::kind(kind).is_some(), "fact kind `{kind}` is not in the schema");
        Self { kind, location, fields: BTreeMap::new(), also: Vec::new(), parser, confidence: Confidence::Exact }
    }

    /// Sets one field.
    ///
    /// # Panics
    /// When the schema of the kind has no such field, or gives it another type.
    #[must_use]
    pub fn with(mut self, field: &'static str, value: impl Into<Value>) -> Self {
        let value = value.into();
        let declared = schema::kind(self.kind).and_then(|kind| kind.field(field));
        let declared = declared.unwrap_or_else(|| panic!("fact kind `{}` has no field `{field}`", self.kind));
        assert!(declared.field_type == value.field_type(), "field `{}.{field}` has another type", self.kind);
        self.fields.insert(field, value);
        self
    }

    /// States how sure the reader is; a fact is exact unless it says otherwise.
    #[must_use]
    pub fn confidence(mut self, confidence: Confidence) -> Self {
        self.confidence = confidence;
        self
    }

    /// Adds another place that the fact rests on, as the two ends of a relation.
    #[must_use]
    pub fn also(mut self, location: Location) -> Self {
        if location != self.location && !self.also.contains(&location) {
            self.also.push(location);
        }
        self
    }

    pub fn kind(&self) -> &'static str {
        self.kind
    }

    pub fn location(&self) -> &Location {
        &self.location
    }

    /// The other places that the fact rests on.
    pub fn related(&self) -> &[Location] {
        &self.also
    }

    pub fn parser(&self) -> &'static str {
        self.parser
    }

    pub fn how_sure(&self) -> Confidence {
        self.confidence
    }

    /// The value of a declared field; the empty value of its type when the reader did not set it.
    ///
    /// # Panics
    /// When the schema of the kind has no such field.
    pub fn get(&self, field: &str) -> Value {
        if let Some(value) = self.fields.get(field) {
            return value.clone();
        }
        let declared = schema::kind(self.kind).and_then(|kind| kind.field(field));
        declared.unwrap_or_else(|| panic!("fact kind `{}` has no field `{field}`", self.kind)).field_type.empty()
    }

    /// The fields that the reader set, in the order of their names.
    pub fn fields(&self) -> &BTreeMap<&'static str, Value> {
        &self.fields
    }

    /// A text field.
    pub fn text(&self, field: &str) -> &str {
        match self.fields.get(field) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    /// A list field.
    pub fn list(&self, field: &str) -> &[String] {
        match self.fields.get(field) {
            Some(Value::List(list)) => list,
            _ => &[],
        }
    }

    /// A boolean field.
    pub fn is(&self, field: &str) -> bool {
        matches!(self.fields.get(field), Some(Value::Bool(true)))
    }

    /// An integer field.
    pub fn int(&self, field: &str) -> i64 {
        match self.fields.get(field) {
            Some(Value::Int(value)) => *value,
            _ => 0,
        }
    }
}
