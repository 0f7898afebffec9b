//! HCL as attributes and blocks with the byte range that each came from.

use std::ops::Range;
use std::sync::Arc;

use hcl_edit::Span;
use hcl_edit::expr::{Expression, ObjectKey};
use hcl_edit::structure::Structure;

use crate::budget;
use crate::node::{Data, Node, Style, SyntaxError};

/// What a file or a block holds.
#[derive(Clone, Debug, Default)]
pub struct Body {
    pub attributes: Vec<Attribute>,
    pub blocks: Vec<Block>,
}

/// One `key = value`.
#[derive(Clone, Debug)]
pub struct Attribute {
    pub key: String,
    pub value: Node,
    pub range: Range<usize>,
}

/// One `kind "label" { … }`.
#[derive(Clone, Debug)]
pub struct Block {
    pub kind: String,
    pub labels: Vec<String>,
    pub body: Body,
    pub range: Range<usize>,
}

impl Body {
    /// The attribute of that name.
    pub fn attribute(&self, key: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.key == key)
    }

    /// The value of an attribute.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.attribute(key).map(|attribute| &attribute.value)
    }

    /// The text of a scalar attribute: the content of a string, else the expression as written.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Node::as_str)
    }

    /// The blocks of a kind.
    pub fn blocks<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Block> {
        self.blocks.iter().filter(move |block| block.kind == kind)
    }
}

impl Block {
    /// A label by its place, empty when there is none.
    pub fn label(&self, index: usize) -> &str {
        self.labels.get(index).map_or("", String::as_str)
    }
}

/// Reads a file. Strings keep their interpolations as written; expressions are kept as their text, function
/// calls as a sequence of their arguments tagged with the name of the function.
///
/// # Errors
/// When Terraform would refuse the syntax, or the file is over budget.
pub fn read(text: &str) -> Result<Body, SyntaxError> {
    if let Some(at) = too_deep(text) {
        return Err(SyntaxError { range: at..at, message: "nested too deeply".to_owned(), over: true });
    }
    let body = hcl_edit::parser::parse_body(text).map_err(|error| {
        let at = error.location().offset().min(text.len());
        SyntaxError { range: at..at, message: error.message().to_owned(), over: false }
    })?;
    let mut reader = Reader { text, nodes: 0 };
    let body = reader.body(&body);
    if reader.nodes > budget::DOCUMENT_NODES {
        return Err(SyntaxError { range: 0..0, message: "the file holds too many values".to_owned(), over: true });
    }
    Ok(body)
}

/// Where brackets and prefix operators nest deeper than the parser may recurse. Text in quotes and comments counts as
/// well: it can only make the bound stricter, and closes what it opens in any honest file.
fn too_deep(text: &str) -> Option<usize> {
    let (mut open, mut chained) = (0_usize, 0_usize);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => open += 1,
            b')' | b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        // Negations and conditions recurse without brackets.
        match byte {
            b'!' | b'?' => chained += 1,
            b'\n' => chained = 0,
            _ => {}
        }
        if open > budget::DOCUMENT_DEPTH || chained > budget::DOCUMENT_DEPTH {
            return Some(at);
        }
    }
    None
}

struct Reader<'a> {
    text: &'a str,
    nodes: usize,
}

impl Reader<'_> {
    fn body(&mut self, from: &hcl_edit::structure::Body) -> Body {
        let mut body = Body::default();
        for structure in from {
            match structure {
                Structure::Attribute(attribute) => body.attributes.push(Attribute {
                    key: attribute.key.as_str().to_owned(),
                    value: self.node(&attribute.value),
                    range: attribute.span().unwrap_or(0..0),
                }),
                Structure::Block(block) => body.blocks.push(Block {
                    kind: block.ident.as_str().to_owned(),
                    labels: block.labels.iter().map(|label| label.as_str().to_owned()).collect(),
                    body: self.body(&block.body),
                    range: block.span().unwrap_or(0..0),
                }),
            }
        }
        body
    }

    fn node(&mut self, from: &Expression) -> Node {
        self.nodes += 1;
        let range = from.span().unwrap_or(0..0);
        let data = match from {
            Expression::Null(_) => Data::Null,
            Expression::String(value) => Data::Scalar(value.as_str().into(), Style::Quoted),
            Expression::Array(items) => Data::Seq(items.iter().map(|item| self.node(item)).collect()),
            Expression::Object(object) => {
                let entries = object.iter().map(|(key, value)| (self.key(key), self.node(value.expr())));
                Data::Map(entries.collect())
            }
            Expression::Parenthesis(inner) => return self.node(inner.inner()),
            Expression::FuncCall(call) => {
                let arguments = call.args.iter().map(|argument| self.node(argument)).collect();
                let name: Arc<str> = call.name.name.as_str().into();
                return Node::new(range, Some(name), Data::Seq(arguments));
            }
            Expression::StringTemplate(_) => {
                let inner = self.text.get(range.start + 1..range.end.saturating_sub(1)).unwrap_or_default();
                Data::Scalar(inner.into(), Style::Quoted)
            }
            Expression::HeredocTemplate(_) => Data::Scalar(self.written(&range).into(), Style::Block),
            _ => Data::Scalar(self.written(&range).into(), Style::Plain),
        };
        Node::new(range, None, data)
    }

    fn key(&mut self, key: &ObjectKey) -> Node {
        self.nodes += 1;
        let range = key.span().unwrap_or(0..0);
        let text = match key {
            ObjectKey::Ident(name) => name.as_str().to_owned(),
            ObjectKey::Expression(Expression::String(name)) => name.as_str().to_owned(),
            ObjectKey::Expression(_) => self.written(&range).trim_matches('"').to_owned(),
        };
        Node::new(range, None, Data::Scalar(text.into(), Style::Plain))
    }

    fn written(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default().trim()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_keys_and_values_have_their_ranges() {
        let text = "# é\nresource \"aws_instance\" \"web\" {\n  ami = \"ami-${var.id}\"\n  tags = { Name = \"w\" }\n  ebs {\n    size = 8\n  }\n}\n";
        let body = read(text).unwrap();
        let block = &body.blocks[0];
        assert_eq!((block.kind.as_str(), block.label(0), block.label(1)), ("resource", "aws_instance", "web"));
        assert!(text[block.range.clone()].starts_with("resource") && text[block.range.clone()].ends_with('}'));
        assert_eq!(block.body.text("ami"), Some("ami-${var.id}"));
        assert_eq!(&text[block.body.attribute("ami").unwrap().range.clone()], "ami = \"ami-${var.id}\"");
        assert_eq!(block.body.get("tags").unwrap().str_at("Name"), Some("w"));
        assert_eq!(block.body.blocks("ebs").next().unwrap().body.text("size"), Some("8"));
    }

    #[test]
    fn functions_and_heredocs_are_kept() {
        let body = read("a = yamlencode({ b = 1 })\nc = <<-EOT\n  x\nEOT\nd = var.x ? 1 : 2\n").unwrap();
        assert_eq!(body.get("a").unwrap().tag.as_deref(), Some("yamlencode"));
        assert_eq!(body.get("a").unwrap().items()[0].str_at("b"), Some("1"));
        assert!(body.text("c").unwrap().contains('x'));
        assert_eq!(body.text("d"), Some("var.x ? 1 : 2"));
    }

    #[test]
    fn hostile_files_are_refused_not_followed() {
        let deep = format!("a = {}1{}", "[".repeat(50_000), "]".repeat(50_000));
        let braces = "a {\n".repeat(20_000);
        let long = format!("a = 1{}", " + 1".repeat(50_000));
        for text in
            ["resource \"a\" \"b\" {", "a = ", "= 1", "a = \"${\"", "a = <<EOT\nx", "\u{feff}{", &deep, &braces, &long]
        {
            assert!(read(text).is_err(), "{}", text.get(..20).unwrap_or(text));
        }
    }
}
