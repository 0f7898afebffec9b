//! Values written as YAML and JSON, with the origin of each key and scalar.

use super::eval::rich;
use crate::kubernetes::rich::{Buffer, Rich};
use crate::kubernetes::tree::{Src, Tree, Value};

/// Block YAML, without a final newline.
pub(super) fn write(tree: &Tree) -> Rich {
    let mut out = Buffer::default();
    block(tree, 0, &mut out);
    out.finish()
}

fn newline(out: &mut Buffer, indent: usize) {
    out.push("\n");
    out.push(&" ".repeat(indent));
}

fn block(tree: &Tree, indent: usize, out: &mut Buffer) {
    match &tree.data {
        Value::Map(map) if !map.is_empty() => {
            for (at, (key, entry)) in map.iter().enumerate() {
                if at > 0 {
                    newline(out, indent);
                }
                out.push_value(&scalar_text(key), entry.key);
                out.push(":");
                child(&entry.value, indent, out);
            }
        }
        Value::List(items) if !items.is_empty() => {
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    newline(out, indent);
                }
                out.push("- ");
                block(item, indent + 2, out);
            }
        }
        _ => scalar(tree, out),
    }
}

fn child(tree: &Tree, indent: usize, out: &mut Buffer) {
    match &tree.data {
        Value::Map(map) if !map.is_empty() => {
            newline(out, indent + 2);
            block(tree, indent + 2, out);
        }
        Value::List(items) if !items.is_empty() => {
            newline(out, indent);
            block(tree, indent, out);
        }
        _ => {
            out.push(" ");
            scalar(tree, out);
        }
    }
}

fn scalar(tree: &Tree, out: &mut Buffer) {
    match &tree.data {
        Value::Null => out.push_value("null", tree.src),
        Value::Map(_) => out.push_value("{}", tree.src),
        Value::List(_) => out.push_value("[]", tree.src),
        Value::Str(text) => {
            let src = tree.src.or_else(|| text.value_src());
            if plain(text.as_str()) && src.is_none() {
                out.push_rich(text);
            } else {
                out.push_value(&scalar_text(text.as_str()), src);
            }
        }
        _ => out.push_rich(&rich(tree)),
    }
}

/// Whether a text reads back as the same text without quotes.
fn plain(text: &str) -> bool {
    let first = text.chars().next();
    first.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '_' | '$'))
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '/' | '_' | '-' | '$' | '+' | '@'))
        && !matches!(
            text.to_ascii_lowercase().as_str(),
            "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n"
        )
}

fn scalar_text(text: &str) -> String {
    if plain(text) { text.to_owned() } else { json_text(text) }
}

fn json_text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Compact JSON.
pub(super) fn write_json(tree: &Tree) -> Rich {
    let mut out = Buffer::default();
    json(tree, &mut out);
    out.finish()
}

fn json(tree: &Tree, out: &mut Buffer) {
    let src: Option<Src> = tree.src;
    match &tree.data {
        Value::Null => out.push_value("null", src),
        Value::Str(text) => out.push_value(&json_text(text.as_str()), src.or_else(|| text.value_src())),
        Value::List(items) => {
            out.push("[");
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(",");
                }
                json(item, out);
            }
            out.push("]");
        }
        Value::Map(map) => {
            out.push("{");
            for (at, (key, entry)) in map.iter().enumerate() {
                if at > 0 {
                    out.push(",");
                }
                out.push_value(&json_text(key), entry.key);
                out.push(":");
                json(&entry.value, out);
            }
            out.push("}");
        }
        _ => out.push_rich(&rich(tree)),
    }
}
