//! Functions on lists and mappings.

use std::sync::Arc;

use super::eval::{key_tree, rich};
use super::logic::equal;
use super::strings::joined;
use crate::kubernetes::rich::Rich;
use crate::kubernetes::tree::{Entry, Map, Tree, Value};

/// The longest list that a function makes.
const LONG: i64 = 10_000;

/// Calls a function of this family; none when the name is not one.
pub(super) fn call(name: &str, args: &[Tree]) -> Option<Result<Tree, String>> {
    let at = |index: usize| args.get(index).cloned().unwrap_or_else(Tree::null);
    let text = |index: usize| args.get(index).map_or_else(|| Rich::plain(""), rich);
    Some(Ok(match name {
        "list" | "tuple" => args.to_vec().into(),
        "dict" => dict(args),
        "get" => at(0).get(text(1).as_str()).cloned().unwrap_or_else(|| "".into()),
        "set" => {
            let mut map = at(0);
            map.set(&[text(1).as_str()], at(2));
            map
        }
        "unset" => without(&at(0), &args[1.min(args.len())..]),
        "hasKey" => at(0).get(text(1).as_str()).is_some().into(),
        "keys" => args
            .iter()
            .flat_map(|map| map.entries().map(|(key, entry)| key_tree(key, entry.key)).collect::<Vec<_>>())
            .collect::<Vec<_>>()
            .into(),
        "values" => args
            .iter()
            .flat_map(|map| map.entries().map(|(_, entry)| entry.value.clone()).collect::<Vec<_>>())
            .collect::<Vec<_>>()
            .into(),
        "pick" => picked(&at(0), &args[1.min(args.len())..]),
        "omit" => without(&at(0), &args[1.min(args.len())..]),
        "merge" | "mustMerge" => merged(args.iter().rev()),
        "mergeOverwrite" | "mustMergeOverwrite" => merged(args.iter()),
        "deepCopy" | "mustDeepCopy" => at(0),
        "dig" => return Some(dig(args)),
        "index" => args.iter().skip(1).fold(at(0), |value, key| element(&value, key)),
        "slice" => {
            let items = at(0).items().to_vec();
            let bound = |index: usize, or: usize| {
                args.get(index)
                    .and_then(Tree::int)
                    .and_then(|value| usize::try_from(value).ok())
                    .unwrap_or(or)
                    .min(items.len())
            };
            let from = bound(1, 0);
            items[from..bound(2, items.len()).max(from)].to_vec().into()
        }
        "len" => Value::Int(length(&at(0))).into(),
        "first" | "mustFirst" => at(0).items().first().cloned().unwrap_or_else(Tree::null),
        "last" => at(0).items().last().cloned().unwrap_or_else(Tree::null),
        "rest" | "mustRest" => at(0).items().get(1..).unwrap_or_default().to_vec().into(),
        "initial" => at(0).items().split_last().map(|(_, rest)| rest.to_vec()).unwrap_or_default().into(),
        "append" | "mustAppend" | "push" => at(0).items().iter().cloned().chain([at(1)]).collect::<Vec<_>>().into(),
        "prepend" | "mustPrepend" => {
            [at(1)].into_iter().chain(at(0).items().iter().cloned()).collect::<Vec<_>>().into()
        }
        "concat" => args.iter().flat_map(|list| list.items().to_vec()).collect::<Vec<_>>().into(),
        "reverse" => at(0).items().iter().rev().cloned().collect::<Vec<_>>().into(),
        "uniq" | "mustUniq" => unique(&at(0)),
        "compact" | "mustCompact" => {
            at(0).items().iter().filter(|item| item.truth()).cloned().collect::<Vec<_>>().into()
        }
        "without" => {
            let kept = at(0)
                .items()
                .iter()
                .filter(|item| !args[1..].iter().any(|other| equal(item, other)))
                .cloned()
                .collect::<Vec<_>>();
            kept.into()
        }
        "has" | "mustHas" => at(1).items().iter().any(|item| equal(item, &at(0))).into(),
        "sortAlpha" => {
            let mut items = at(0).items().to_vec();
            items.sort_by_key(|item| item.text());
            items.into()
        }
        "join" => {
            let list = at(1);
            Value::Str(if list.items().is_empty() { rich(&list) } else { joined(list.items(), text(0).as_str()) })
                .into()
        }
        "splitList" | "mustSplitList" => split(&text(1), text(0).as_str()).into(),
        "split" => {
            let parts = split(&text(1), text(0).as_str());
            let map: Map = parts
                .into_iter()
                .enumerate()
                .map(|(at, value)| (format!("_{at}").into(), Entry { key: None, value }))
                .collect();
            map.into()
        }
        "toStrings" => at(0).items().iter().map(|item| Value::Str(rich(item)).into()).collect::<Vec<Tree>>().into(),
        "until" => numbers(0, at(0).int().unwrap_or(0)),
        "untilStep" => numbers(at(0).int().unwrap_or(0), at(1).int().unwrap_or(0)),
        "seq" => numbers(1, at(0).int().unwrap_or(0).saturating_add(1)),
        _ => return None,
    }))
}

fn numbers(from: i64, to: i64) -> Tree {
    (from..to.min(from.saturating_add(LONG))).map(|at| Value::Int(at).into()).collect::<Vec<Tree>>().into()
}

fn dict(args: &[Tree]) -> Tree {
    let pairs = args.chunks(2).map(|pair| {
        let key: Arc<str> = rich(&pair[0]).as_str().into();
        (key, Entry { key: pair[0].src, value: pair.get(1).cloned().unwrap_or_else(|| "".into()) })
    });
    pairs.collect::<Map>().into()
}

fn names(args: &[Tree]) -> Vec<String> {
    args.iter()
        .flat_map(|arg| if arg.items().is_empty() { vec![rich(arg).as_str().to_owned()] } else { names(arg.items()) })
        .collect()
}

fn filtered(tree: &Tree, keep: impl Fn(&str) -> bool) -> Tree {
    let map: Map =
        tree.entries().filter(|(key, _)| keep(key)).map(|(key, entry)| (Arc::clone(key), entry.clone())).collect();
    Tree { src: tree.src, from: None, data: Value::Map(Arc::new(map)) }
}

fn without(tree: &Tree, args: &[Tree]) -> Tree {
    let names = names(args);
    filtered(tree, |key| !names.iter().any(|name| name == key))
}

fn picked(tree: &Tree, args: &[Tree]) -> Tree {
    let names = names(args);
    filtered(tree, |key| names.iter().any(|name| name == key))
}

/// Later trees win.
fn merged<'a>(trees: impl Iterator<Item = &'a Tree>) -> Tree {
    let mut result: Tree = Map::new().into();
    for tree in trees.filter(|tree| tree.is_map()) {
        result.overlay(tree);
    }
    result
}

fn dig(args: &[Tree]) -> Result<Tree, String> {
    let [keys @ .., fallback, map] = args else { return Err("dig takes keys, a default and a mapping".to_owned()) };
    let found = keys.iter().try_fold(map, |tree, key| tree.get(rich(key).as_str()));
    Ok(found.unwrap_or(fallback).clone())
}

fn element(value: &Tree, key: &Tree) -> Tree {
    let found = match &value.data {
        Value::List(items) => key.int().and_then(|at| usize::try_from(at).ok()).and_then(|at| items.get(at)),
        _ => value.get(rich(key).as_str()),
    };
    found.cloned().unwrap_or_else(Tree::null)
}

fn length(value: &Tree) -> i64 {
    let length = match &value.data {
        Value::List(items) => items.len(),
        Value::Map(map) => map.len(),
        _ => rich(value).as_str().len(),
    };
    i64::try_from(length).unwrap_or(i64::MAX)
}

fn unique(list: &Tree) -> Tree {
    let mut kept: Vec<Tree> = Vec::new();
    for item in list.items().iter().take(2_000) {
        if !kept.iter().any(|other| equal(other, item)) {
            kept.push(item.clone());
        }
    }
    kept.into()
}

fn split(text: &Rich, by: &str) -> Vec<Tree> {
    if by.is_empty() {
        return vec![Value::Str(text.clone()).into()];
    }
    let mut from = 0;
    let mut parts = Vec::new();
    for part in text.as_str().split(by).take(10_000) {
        parts.push(Value::Str(text.slice(from..from + part.len())).into());
        from += part.len() + by.len();
    }
    parts
}

/// A shell-like pattern with `*`, `**` and `?`.
pub(crate) fn glob(pattern: &str, path: &str) -> bool {
    let mut source = String::from("^");
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '*' if chars.peek() == Some(&'*') => {
                chars.next();
                source.push_str(".*");
                if chars.peek() == Some(&'/') {
                    chars.next();
                }
            }
            '*' => source.push_str("[^/]*"),
            '?' => source.push_str("[^/]"),
            c => source.push_str(&regex::escape(&c.to_string())),
        }
    }
    source.push('$');
    regex::RegexBuilder::new(&source).size_limit(1 << 18).build().is_ok_and(|regex| regex.is_match(path))
}
