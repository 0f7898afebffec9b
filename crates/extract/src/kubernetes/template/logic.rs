//! Functions that compare, choose and default.

use std::cmp::Ordering;

use super::eval::rich;
use crate::kubernetes::tree::{Tree, Value};

/// What stands for a value that a chart requires and that is given outside the repository.
pub(crate) const GIVEN_OUTSIDE: &str = "${given-outside}";

/// Calls a function of this family; none when the name is not one.
pub(super) fn call(name: &str, args: &[Tree]) -> Option<Result<Tree, String>> {
    let at = |index: usize| args.get(index).cloned().unwrap_or_else(Tree::null);
    Some(Ok(match name {
        "not" => (!at(0).truth()).into(),
        "eq" => args.iter().skip(1).any(|other| equal(&at(0), other)).into(),
        "ne" => (!equal(&at(0), &at(1))).into(),
        "lt" => (order(&at(0), &at(1)) == Some(Ordering::Less)).into(),
        "le" => order(&at(0), &at(1)).is_some_and(Ordering::is_le).into(),
        "gt" => (order(&at(0), &at(1)) == Some(Ordering::Greater)).into(),
        "ge" => order(&at(0), &at(1)).is_some_and(Ordering::is_ge).into(),
        "default" | "dfault" => match args {
            [fallback, .., value] if !value.truth() => fallback.clone(),
            [.., value] => value.clone(),
            [] => Tree::null(),
        },
        "required" => match args {
            [_, value] if !value.is_null() && value.str() != Some("") => value.clone(),
            _ => GIVEN_OUTSIDE.into(),
        },
        "empty" => (!at(0).truth()).into(),
        "coalesce" => args.iter().find(|value| value.truth()).cloned().unwrap_or_else(Tree::null),
        "ternary" => {
            if at(2).truth() {
                at(0)
            } else {
                at(1)
            }
        }
        "all" => args.iter().all(Tree::truth).into(),
        "any" => args.iter().any(Tree::truth).into(),
        "kindIs" => (kind(&at(1)) == at(0).str().unwrap_or("")).into(),
        "kindOf" => kind(&at(0)).into(),
        "typeIs" | "typeIsLike" => {
            let wanted = at(0).text().unwrap_or_default();
            (type_of(&at(1)) == wanted || kind(&at(1)) == wanted).into()
        }
        "typeOf" => type_of(&at(0)).into(),
        "deepEqual" => equal(&at(0), &at(1)).into(),
        "print" | "println" => {
            let texts: Vec<String> = args.iter().map(|arg| rich(arg).as_str().to_owned()).collect();
            texts.concat().into()
        }
        "lookup" => crate::kubernetes::tree::Map::new().into(),
        "semverCompare" => semver_compare(&at(0).text().unwrap_or_default(), &at(1).text().unwrap_or_default()).into(),
        "now" | "date" | "htmlDate" => "1970-01-01".into(),
        _ => return number(name, args),
    }))
}

fn number(name: &str, args: &[Tree]) -> Option<Result<Tree, String>> {
    let ints = || args.iter().map(|arg| to_int(arg).unwrap_or(0));
    let fold = |step: fn(i64, i64) -> i64| ints().reduce(step).unwrap_or(0);
    let value = match name {
        "add" => ints().fold(0, i64::wrapping_add),
        "add1" => ints().fold(1, i64::wrapping_add),
        "sub" => fold(i64::wrapping_sub),
        "mul" => fold(i64::wrapping_mul),
        "div" => fold(|a, b| a.checked_div(b).unwrap_or(0)),
        "mod" => fold(|a, b| a.checked_rem(b).unwrap_or(0)),
        "max" | "biggest" => fold(i64::max),
        "min" => fold(i64::min),
        "int" | "int64" | "toInt" | "atoi" | "floor" | "ceil" | "round" => ints().next().unwrap_or(0),
        "float64" | "addf" | "mulf" | "divf" | "subf" => {
            return Some(Ok(args.first().cloned().unwrap_or_else(Tree::null)));
        }
        _ => return None,
    };
    Some(Ok(Tree { src: args.first().and_then(|arg| arg.src), from: None, data: Value::Int(value) }))
}

#[expect(clippy::cast_possible_truncation, reason = "Go's int conversion truncates too")]
fn to_int(value: &Tree) -> Option<i64> {
    match &value.data {
        Value::Float(value) => Some(*value as i64),
        Value::Bool(value) => Some(i64::from(*value)),
        _ => value.int(),
    }
}

pub(super) fn kind(value: &Tree) -> &'static str {
    match &value.data {
        Value::Null => "invalid",
        Value::Bool(_) => "bool",
        Value::Int(_) => "int64",
        Value::Float(_) => "float64",
        Value::Str(_) => "string",
        Value::List(_) => "slice",
        Value::Map(_) => "map",
    }
}

fn type_of(value: &Tree) -> &'static str {
    match &value.data {
        Value::List(_) => "[]interface {}",
        Value::Map(_) => "map[string]interface {}",
        Value::Null => "<nil>",
        _ => kind(value),
    }
}

/// Equality of values; collections compare by their content.
pub(super) fn equal(a: &Tree, b: &Tree) -> bool {
    match (&a.data, &b.data) {
        (Value::Null, Value::Null) => true,
        (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| equal(a, b)),
        (Value::Map(a), Value::Map(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|((ka, a), (kb, b))| ka == kb && equal(&a.value, &b.value))
        }
        _ => a.text().is_some() && a.text() == b.text(),
    }
}

fn order(a: &Tree, b: &Tree) -> Option<Ordering> {
    let float = |tree: &Tree| match &tree.data {
        Value::Float(value) => Some(*value),
        #[expect(clippy::cast_precision_loss, reason = "template numbers are small")]
        Value::Int(value) => Some(*value as f64),
        _ => None,
    };
    match (float(a), float(b)) {
        (Some(a), Some(b)) => a.partial_cmp(&b),
        _ => Some(a.text()?.cmp(&b.text()?)),
    }
}

/// A constraint such as `>=1.21-0`, with alternatives (`||`) and conjunctions (comma or space).
fn semver_compare(constraint: &str, version: &str) -> bool {
    let version = numbers(version);
    constraint.split("||").any(|alternative| {
        alternative.split([',', ' ']).map(str::trim).filter(|part| !part.is_empty()).all(|part| {
            let digits = part.find(|c: char| c.is_ascii_digit()).unwrap_or(part.len());
            let (operator, wanted) = part.split_at(digits);
            let wanted = numbers(wanted);
            let order = version.cmp(&wanted);
            match operator.trim().trim_end_matches('v') {
                ">=" | "=>" => order.is_ge(),
                ">" => order.is_gt(),
                "<=" | "=<" => order.is_le(),
                "<" => order.is_lt(),
                "!=" => order.is_ne(),
                "^" => order.is_ge() && version[0] == wanted[0],
                "~" => order.is_ge() && version[..2] == wanted[..2],
                _ => order.is_eq(),
            }
        })
    })
}

fn numbers(text: &str) -> [u64; 3] {
    let mut parts = text.trim_start_matches('v').split(['.', '-', '+']).map(|part| part.parse().unwrap_or(0));
    [parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0)]
}
