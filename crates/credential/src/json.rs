//! JSON from strangers: bounded in bytes, depth and count, with nothing that two readers could read differently.

use std::cell::{Cell, RefCell};

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// The most that is read.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub bytes: usize,
    pub depth: usize,
    /// Values of all kinds, keys included.
    pub values: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 1 << 20, depth: 24, values: 20_000 }
    }
}

/// Why a text is not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    #[error("{met} bytes, {limit} at most")]
    TooLarge { met: usize, limit: usize },
    #[error("nested deeper than {limit}")]
    TooDeep { limit: usize },
    #[error("more than {limit} values")]
    TooMany { limit: usize },
    #[error("not JSON at line {line}, column {column}")]
    Syntax { line: usize, column: usize },
    /// One reader takes the first, another the last.
    #[error("the key {0:?} is written twice")]
    Duplicate(String),
    /// Linked data drops what is null: it would look signed and would not be.
    #[error("null")]
    Null,
    #[error("a control character")]
    Control,
    #[error("not UTF-8")]
    Encoding,
}

/// Reads a text within bounds.
///
/// # Errors
/// At the first thing that is out of bounds or ambiguous.
pub fn read(bytes: &[u8], limits: Limits) -> Result<Value, JsonError> {
    if bytes.len() > limits.bytes {
        return Err(JsonError::TooLarge { met: bytes.len(), limit: limits.bytes });
    }
    let text = str::from_utf8(bytes).map_err(|_| JsonError::Encoding)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let count = Count { limits, left: Cell::new(limits.values), wrong: RefCell::new(None) };
    let mut source = serde_json::Deserializer::from_str(text);
    let read = Any { count: &count, depth: 0 }.deserialize(&mut source).and_then(|value| source.end().map(|()| value));
    read.map_err(|error| {
        let known = count.wrong.take();
        known.unwrap_or(JsonError::Syntax { line: error.line(), column: error.column() })
    })
}

/// Writes a value with sorted keys, so that the same value is the same bytes.
pub fn pretty(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(&sorted(value)).expect("keys of JSON values are text");
    text.push('\n');
    text
}

/// The same value with its keys in order, whatever map the JSON library was built with.
pub(crate) fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort();
            Value::Object(keys.into_iter().map(|key| (key.clone(), sorted(&map[key]))).collect())
        }
        other => other.clone(),
    }
}

/// Whether a character would read differently on a screen, in a canonical form, or not at all.
pub(crate) fn is_control(c: char) -> bool {
    let bidi = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    (c.is_control() && !matches!(c, '\n' | '\t' | '\r'))
        || bidi
        || matches!(c, '\u{fdd0}'..='\u{fdef}' | '\u{fffe}' | '\u{ffff}')
}

struct Count {
    limits: Limits,
    left: Cell<usize>,
    wrong: RefCell<Option<JsonError>>,
}

impl Count {
    fn refuse<E: Error>(&self, wrong: JsonError) -> E {
        let told = E::custom(&wrong);
        self.wrong.replace(Some(wrong));
        told
    }

    fn take<E: Error>(&self) -> Result<(), E> {
        let left = self.left.get().checked_sub(1);
        let left = left.ok_or_else(|| self.refuse(JsonError::TooMany { limit: self.limits.values }))?;
        self.left.set(left);
        Ok(())
    }

    fn text<E: Error>(&self, text: &str) -> Result<(), E> {
        self.take()?;
        if text.chars().any(is_control) { Err(self.refuse(JsonError::Control)) } else { Ok(()) }
    }
}

#[derive(Clone, Copy)]
struct Any<'a> {
    count: &'a Count,
    depth: usize,
}

impl Any<'_> {
    fn inner<E: Error>(self) -> Result<Self, E> {
        self.count.take()?;
        let limit = self.count.limits.depth;
        if self.depth >= limit {
            return Err(self.count.refuse(JsonError::TooDeep { limit }));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Any<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, source: D) -> Result<Value, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Any<'_> {
    type Value = Value;

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        self.count.take()?;
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        self.count.take()?;
        Ok(Value::from(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        self.count.take()?;
        Ok(Value::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        self.count.take()?;
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("not finite"))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        self.count.text(text)?;
        Ok(Value::from(text))
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Err(self.count.refuse(JsonError::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut out = Vec::new();
        while let Some(value) = items.next_element_seed(inner)? {
            out.push(value);
        }
        Ok(Value::Array(out))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut out = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            self.count.text(&key)?;
            let value = entries.next_value_seed(inner)?;
            if out.contains_key(&key) {
                return Err(self.count.refuse(JsonError::Duplicate(key)));
            }
            out.insert(key, value);
        }
        Ok(Value::Object(out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<&str, JsonError>) {
        let limits = Limits { bytes: 200, depth: 4, values: 20 };
        let read = read(text.as_bytes(), limits).map(|value| sorted(&value).to_string());
        assert_eq!(read.as_deref().map_err(Clone::clone), expected);
    }

    #[test]
    fn json_is_bounded_and_unambiguous() {
        check(r#"{"b": [1, 2.5, true], "a": "x"}"#, Ok(r#"{"a":"x","b":[1,2.5,true]}"#));
        check(r#"{"a": 1, "a": 2}"#, Err(JsonError::Duplicate("a".to_owned())));
        check(r#"{"a": {"b": 1, "\u0062": 2}}"#, Err(JsonError::Duplicate("b".to_owned())));
        check(r#"{"a": null}"#, Err(JsonError::Null));
        check(r#"{"a": "\u0000"}"#, Err(JsonError::Control));
        check("{\"a\": \"\\u202e\"}", Err(JsonError::Control));
        check("[[[[[1]]]]]", Err(JsonError::TooDeep { limit: 4 }));
        check("[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]", Err(JsonError::TooMany { limit: 20 }));
        check(&" ".repeat(201), Err(JsonError::TooLarge { met: 201, limit: 200 }));
        check("{\"a\": 1} x", Err(JsonError::Syntax { line: 1, column: 10 }));
        check("{\"a\": \"\\ud800\"}", Err(JsonError::Syntax { line: 1, column: 14 }));
        check("{\"a\": 1e999}", Err(JsonError::Syntax { line: 1, column: 11 }));
    }
}
