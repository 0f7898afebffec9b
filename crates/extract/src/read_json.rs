//! JSON, with the comments and trailing commas that editors accept, as [`Node`]s.

use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions};

use crate::budget;
use crate::node::{Data, Document, Documents, Node, Style, SyntaxError};

/// Reads one JSON document.
pub fn read(text: &str) -> Documents {
    if depth(text) > budget::DOCUMENT_DEPTH {
        let error = SyntaxError { range: 0..0, message: "nested too deeply".to_owned(), over: true };
        return Documents { documents: Vec::new(), error: Some(error) };
    }
    match jsonc_parser::parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default()) {
        Ok(result) => {
            let documents = result.value.iter().map(|value| Document { root: node(value) }).collect();
            Documents { documents, error: None }
        }
        Err(error) => {
            let range = error.range();
            let error = SyntaxError { range: range.start..range.end, message: error.kind().to_string(), over: false };
            Documents { documents: Vec::new(), error: Some(error) }
        }
    }
}

/// The deepest nesting, found before parsing because the parser recurses.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut quoted, mut escaped) = (false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

fn node(value: &Value<'_>) -> Node {
    let range = value.range();
    let range = range.start..range.end;
    let data = match value {
        Value::NullKeyword(_) => Data::Null,
        Value::BooleanLit(lit) => Data::Scalar(if lit.value { "true" } else { "false" }.into(), Style::Plain),
        Value::NumberLit(lit) => Data::Scalar(lit.value.into(), Style::Plain),
        Value::StringLit(lit) => Data::Scalar(lit.value.as_ref().into(), Style::Quoted),
        Value::Array(array) => Data::Seq(array.elements.iter().map(node).collect()),
        Value::Object(object) => Data::Map(
            object
                .properties
                .iter()
                .map(|property| {
                    let key = property.name.range();
                    let name = Data::Scalar(property.name.as_str().into(), Style::Quoted);
                    (Node::new(key.start..key.end, None, name), node(&property.value))
                })
                .collect(),
        ),
    };
    Node::new(range, None, data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_trailing_commas_are_read() {
        let text = "{ // why\n \"image\": \"a:1\", \"ports\": [1, 2,],\n}";
        let documents = read(text);
        let root = &documents.documents[0].root;
        assert_eq!(&text[root.get("image").unwrap().range.clone()], "\"a:1\"");
        assert_eq!(root.get("ports").unwrap().items().len(), 2);
    }

    #[test]
    fn deep_nesting_and_errors_are_said() {
        assert!(read(&"[".repeat(100_000)).error.is_some());
        assert!(read("{\"a\": }").error.is_some());
    }
}
