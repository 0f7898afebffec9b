//! The values that a module's tests compare, and the same values changed. Pure.

use std::collections::BTreeSet;
use std::ops::Range;

use hcl_edit::Span;
use hcl_edit::expr::{BinaryOperator, Expression, TraversalOperator};
use hcl_edit::structure::{Block, Body};

/// Larger files are made by machines, and deeper ones are made to exhaust.
const BYTES: usize = 256 * 1024;
const DEEPEST: usize = 48;

/// Something that a test compares with an expected value: `output.url`, `terraform_data.web.input`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Compared(Vec<String>);

/// A value in a file, and what is written instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub line: usize,
    range: Range<usize>,
    pub before: String,
    pub after: String,
}

impl Change {
    /// The file with the change made.
    pub fn apply(&self, text: &str) -> Option<String> {
        Some(format!("{}{}{}", text.get(..self.range.start)?, self.after, text.get(self.range.end..)?))
    }
}

fn read(text: &str) -> Option<Body> {
    if text.len() > BYTES {
        return None;
    }
    let (mut open, mut chained) = (0_usize, 0_usize);
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' => open += 1,
            b')' | b']' | b'}' => open = open.saturating_sub(1),
            b'!' | b'?' | b'-' => chained += 1,
            b'\n' => chained = 0,
            _ => {}
        }
        if open > DEEPEST || chained > 4 * DEEPEST {
            return None;
        }
    }
    hcl_edit::parser::parse_body(text).ok()
}

/// What the assertions of a test file compare by `==`.
pub(super) fn compared(text: &str) -> BTreeSet<Compared> {
    let mut found = BTreeSet::new();
    let Some(body) = read(text) else { return found };
    let asserts = body.blocks().filter(|block| is(block, "run")).flat_map(|run| run.body.blocks());
    for assert in asserts.filter(|block| is(block, "assert")) {
        if let Some(condition) = assert.body.get_attribute("condition") {
            compare(&condition.value, &mut found);
        }
    }
    found
}

fn is(block: &Block, kind: &str) -> bool {
    block.ident.as_str() == kind
}

fn compare(expression: &Expression, found: &mut BTreeSet<Compared>) {
    match expression {
        Expression::Parenthesis(inner) => compare(inner.inner(), found),
        Expression::BinaryOp(operation) => match *operation.operator {
            BinaryOperator::And => {
                compare(&operation.lhs_expr, found);
                compare(&operation.rhs_expr, found);
            }
            BinaryOperator::Eq => {
                found.extend([&operation.lhs_expr, &operation.rhs_expr].into_iter().filter_map(reference));
            }
            _ => {}
        },
        _ => {}
    }
}

/// `terraform_data.web[0].input.port` as its names.
fn reference(expression: &Expression) -> Option<Compared> {
    let Expression::Traversal(traversal) = expression else { return None };
    let Expression::Variable(first) = &traversal.expr else { return None };
    let mut names = vec![first.as_str().to_owned()];
    for operator in &traversal.operators {
        match &**operator {
            TraversalOperator::GetAttr(name) => names.push(name.as_str().to_owned()),
            TraversalOperator::Index(Expression::String(name)) => names.push(name.as_str().to_owned()),
            TraversalOperator::Index(_) | TraversalOperator::LegacyIndex(_) => {}
            TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => return None,
        }
    }
    (names.len() > 1).then_some(Compared(names))
}

/// The changes in one file that what is compared must show: each a literal that such a value is made of.
pub(super) fn changes(text: &str, compared: &BTreeSet<Compared>) -> Vec<Change> {
    let mut found = Vec::new();
    let Some(body) = read(text) else { return found };
    for block in body.blocks() {
        let labels: Vec<&str> = block.labels.iter().map(|label| label.as_str()).collect();
        for Compared(names) in compared {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let (attribute, below) = match (block.ident.as_str(), labels.as_slice(), names.as_slice()) {
                ("output", [name], ["output", wanted, below @ ..]) if name == wanted => ("value", below),
                ("resource", [kind, name], [of, wanted, attribute, below @ ..]) if kind == of && name == wanted => {
                    (*attribute, below)
                }
                _ => continue,
            };
            // What `terraform_data` gives out is what was put in.
            let attribute =
                if labels.first() == Some(&"terraform_data") && attribute == "output" { "input" } else { attribute };
            if let Some(value) = block.body.get_attribute(attribute) {
                found.extend(literal(&value.value, below).and_then(|(range, kind)| change(text, range, kind)));
            }
        }
    }
    found.sort_by_key(|change| change.range.start);
    found.dedup();
    found
}

#[derive(Clone, Copy)]
enum Literal {
    Bool,
    Number,
    Text,
}

/// The literal that decides a value, by the names below it.
fn literal(expression: &Expression, below: &[&str]) -> Option<(Range<usize>, Literal)> {
    let kind = match expression {
        Expression::Object(object) => {
            let (name, rest) = below.split_first()?;
            let held = object.iter().find(|(key, _)| {
                use hcl_edit::expr::ObjectKey;
                match key {
                    ObjectKey::Ident(key) => key.as_str() == *name,
                    ObjectKey::Expression(Expression::String(key)) => key.as_str() == *name,
                    ObjectKey::Expression(_) => false,
                }
            });
            return literal(held?.1.expr(), rest);
        }
        Expression::Parenthesis(inner) => return literal(inner.inner(), below),
        Expression::Bool(_) => Literal::Bool,
        Expression::Number(_) => Literal::Number,
        Expression::String(_) | Expression::StringTemplate(_) => Literal::Text,
        _ => return None,
    };
    Some((expression.span()?, kind))
}

fn change(text: &str, range: Range<usize>, kind: Literal) -> Option<Change> {
    let before = text.get(range.clone())?.to_owned();
    let after = match kind {
        Literal::Bool if before.trim() == "true" => "false".to_owned(),
        Literal::Bool => "true".to_owned(),
        Literal::Number => format!("{before}1"),
        Literal::Text => format!("{}-changed\"", before.strip_suffix('"')?),
    };
    let line = text.get(..range.start)?.matches('\n').count() + 1;
    Some(Change { line, range, before, after })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEST: &str = r#"
run "web" {
  command = plan
  assert {
    condition     = output.url == "https://a" && (terraform_data.web[0].output.port == 80)
    error_message = "x"
  }
  assert {
    condition = length(output.name) > 0
    error_message = "y"
  }
}
"#;

    #[test]
    fn what_is_compared_and_changed() {
        let compared = compared(TEST);
        assert_eq!(compared.len(), 2, "{compared:?}");
        let check = |text: &str, expected: &[&str]| {
            let found = changes(text, &compared);
            let told: Vec<String> =
                found.iter().map(|one| format!("{}: {} -> {}", one.line, one.before, one.after)).collect();
            assert_eq!(told, expected, "{text}");
            for change in found {
                assert!(change.apply(text).unwrap().contains(&change.after));
            }
        };
        check(
            "output \"url\" {\n  value = \"https://${var.host}\"\n}\n",
            &["2: \"https://${var.host}\" -> \"https://${var.host}-changed\""],
        );
        check("output \"url\" {\n  value = local.url\n}\n", &[]);
        check("output \"name\" {\n  value = \"a\"\n}\n", &[]);
        check(
            "resource \"terraform_data\" \"web\" {\n  input = {\n    name = \"w\"\n    port = 80\n  }\n}\n",
            &["4: 80 -> 801"],
        );
        check("resource \"terraform_data\" \"db\" {\n  input = { port = 80 }\n}\n", &[]);
        check("output \"url\" {", &[]);
        check(&"(".repeat(100), &[]);
    }
}
