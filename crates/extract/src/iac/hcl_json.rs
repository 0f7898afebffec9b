//! Terraform's JSON form, read as the same attributes and blocks as HCL.

use super::hcl::{Attribute, Block, Body};
use crate::Node;

/// How many labels the blocks of a kind have; anything else at the top is an attribute.
fn labels(kind: &str) -> Option<usize> {
    match kind {
        "resource" | "data" => Some(2),
        "provider" | "module" | "variable" | "output" | "backend" => Some(1),
        "terraform" | "locals" | "cloud" | "required_providers" => Some(0),
        _ => None,
    }
}

/// The blocks of a document.
pub fn read(root: &Node) -> Body {
    let mut body = Body::default();
    for (key, value) in root.entries() {
        let Some(kind) = key.as_str() else { continue };
        match labels(kind) {
            Some(count) => open(kind, count, &mut Vec::new(), value, key.range.start, &mut body.blocks),
            None => body.attributes.push(attribute(key, value)),
        }
    }
    body
}

fn open(kind: &str, count: usize, names: &mut Vec<String>, value: &Node, start: usize, into: &mut Vec<Block>) {
    if value.is_seq() {
        for item in value.items().iter().filter(|item| item.is_map()) {
            open(kind, count, names, item, start, into);
        }
    } else if names.len() < count {
        for (key, inner) in value.entries() {
            names.push(key.as_str().unwrap_or_default().to_owned());
            open(kind, count, names, inner, key.range.start, into);
            names.pop();
        }
    } else {
        let body = if kind == "terraform" { read(value) } else { contents(value) };
        let range = start..value.range.end.max(start);
        into.push(Block { kind: kind.to_owned(), labels: names.clone(), body, range });
    }
}

/// In JSON an object or a list of objects may be nested blocks or a value: both are offered.
fn contents(value: &Node) -> Body {
    let mut body = Body::default();
    for (key, inner) in value.entries() {
        body.attributes.push(attribute(key, inner));
        let nested = if inner.is_map() { std::slice::from_ref(inner) } else { inner.items() };
        for block in nested.iter().filter(|block| block.is_map()) {
            let kind = key.as_str().unwrap_or_default().to_owned();
            let range = key.range.start..block.range.end.max(key.range.start);
            body.blocks.push(Block { kind, labels: Vec::new(), body: contents(block), range });
        }
    }
    body
}

fn attribute(key: &Node, value: &Node) -> Attribute {
    let range = key.range.start..value.range.end.max(key.range.end);
    Attribute { key: key.as_str().unwrap_or_default().to_owned(), value: value.clone(), range }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_and_backends_are_blocks() {
        let text = r#"{"terraform": {"backend": {"s3": {"bucket": "b"}}}, "resource": {"aws_vpc": {"main": {"cidr_block": "10.0.0.0/16"}}}}"#;
        let documents = crate::read_json::read(text);
        let body = read(&documents.documents[0].root);
        let backend = body.blocks("terraform").next().unwrap().body.blocks("backend").next().unwrap();
        assert_eq!((backend.label(0), backend.body.text("bucket")), ("s3", Some("b")));
        let vpc = body.blocks("resource").next().unwrap();
        assert_eq!((vpc.label(0), vpc.label(1), vpc.body.text("cidr_block")), ("aws_vpc", "main", Some("10.0.0.0/16")));
    }
}
