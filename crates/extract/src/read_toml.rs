//! TOML as [`Node`]s.

use std::ops::Range;

use toml_edit::{Document as Toml, Item, TableLike, Value};

use crate::budget;
use crate::node::{Data, Document, Documents, Node, Style, SyntaxError};

/// Reads one TOML document.
pub fn read(text: &str) -> Documents {
    match Toml::parse(text) {
        Ok(document) => {
            let root = Node::new(0..text.len(), None, table(document.as_table(), 0));
            Documents { documents: vec![Document { root }], error: None }
        }
        Err(error) => {
            let error =
                SyntaxError { range: error.span().unwrap_or(0..0), message: error.message().to_owned(), over: false };
            Documents { documents: Vec::new(), error: Some(error) }
        }
    }
}

fn table(table: &dyn TableLike, depth: usize) -> Data {
    if depth > budget::DOCUMENT_DEPTH {
        return Data::Null;
    }
    let mut entries = Vec::new();
    for (name, item) in table.iter() {
        let key = table.key(name).and_then(|key| key.span()).unwrap_or(0..0);
        let value = item_node(item, &key, depth + 1);
        entries.push((Node::new(key, None, Data::Scalar(name.into(), Style::Quoted)), value));
    }
    Data::Map(entries)
}

fn item_node(item: &Item, key: &Range<usize>, depth: usize) -> Node {
    let range = item.span().unwrap_or_else(|| key.clone());
    match item {
        Item::None => Node::new(range, None, Data::Null),
        Item::Value(value) => value_node(value, depth),
        Item::Table(inner) => Node::new(range, None, table(inner, depth)),
        Item::ArrayOfTables(tables) => {
            let items = tables
                .iter()
                .map(|inner| Node::new(inner.span().unwrap_or_else(|| key.clone()), None, table(inner, depth)));
            Node::new(range, None, Data::Seq(items.collect()))
        }
    }
}

fn value_node(value: &Value, depth: usize) -> Node {
    let range = value.span().unwrap_or(0..0);
    let data = match value {
        Value::String(text) => Data::Scalar(text.value().as_str().into(), Style::Quoted),
        Value::Array(array) => Data::Seq(array.iter().map(|item| value_node(item, depth + 1)).collect()),
        Value::InlineTable(inner) => table(inner, depth + 1),
        other => Data::Scalar(other.to_string().trim().into(), Style::Plain),
    };
    Node::new(range, None, data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_ranges_are_read() {
        let text = "[tools]\nnode = \"22\"\n[[env]]\nname = 'a'\n";
        let documents = read(text);
        let root = &documents.documents[0].root;
        assert_eq!(&text[root.at(&["tools", "node"]).unwrap().range.clone()], "\"22\"");
        assert_eq!(root.get("env").unwrap().items()[0].str_at("name"), Some("a"));
        assert!(read("a = [").error.is_some());
    }
}
