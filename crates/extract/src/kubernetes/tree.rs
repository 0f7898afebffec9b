//! Values that know where they were written: what manifests, values files and templates are made of.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::kubernetes::rich::Rich;
use crate::{Data, Node, Style};

/// A range of a file of the project, by the file's index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Src {
    pub file: u32,
    pub start: u32,
    pub end: u32,
}

/// A value, where it was written, and the values files that it was computed from.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    pub src: Option<Src>,
    /// For a text that a template put together: the places of the values in it.
    pub from: Option<Arc<[Src]>>,
    pub data: Value,
}

/// What a tree holds.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(Rich),
    List(Arc<Vec<Tree>>),
    Map(Arc<Map>),
}

/// Entries with the place of their keys. Go templates and Kubernetes both sort them.
pub(crate) type Map = BTreeMap<Arc<str>, Entry>;

/// A value under a key.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub key: Option<Src>,
    pub value: Tree,
}

impl Src {
    pub(crate) fn new(file: u32, range: &std::ops::Range<usize>) -> Self {
        let cut = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { file, start: cut(range.start), end: cut(range.end) }
    }

    /// The smallest range that holds both; the first alone when they are in different files.
    pub(crate) fn join(self, other: Src) -> Src {
        if self.file == other.file {
            Src { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
        } else {
            self
        }
    }
}

impl From<Value> for Tree {
    fn from(data: Value) -> Self {
        Self { src: None, from: None, data }
    }
}

impl From<&str> for Tree {
    fn from(text: &str) -> Self {
        Value::Str(Rich::plain(text)).into()
    }
}

impl From<String> for Tree {
    fn from(text: String) -> Self {
        Value::Str(Rich::plain(text)).into()
    }
}

impl From<bool> for Tree {
    fn from(value: bool) -> Self {
        Value::Bool(value).into()
    }
}

impl From<Vec<Tree>> for Tree {
    fn from(items: Vec<Tree>) -> Self {
        Value::List(Arc::new(items)).into()
    }
}

impl From<Map> for Tree {
    fn from(map: Map) -> Self {
        Value::Map(Arc::new(map)).into()
    }
}

static NULL: Tree = Tree { src: None, from: None, data: Value::Null };

impl Tree {
    pub(crate) fn null() -> Self {
        Value::Null.into()
    }

    /// Takes a node of a file; merge keys are expanded as YAML readers do.
    pub(crate) fn of_node(node: &Node, file: Option<u32>) -> Self {
        Self::of_node_with(node, &|range| file.map(|file| (Src::new(file, range), None)))
    }

    /// Takes a node whose ranges are translated by `place`.
    pub(crate) fn of_node_with(node: &Node, place: &Place<'_>) -> Self {
        let data = match node.data() {
            Data::Null => Value::Null,
            Data::Scalar(text, Style::Plain) if node.tag.is_none() => plain_scalar(text),
            Data::Scalar(text, _) => Value::Str(Rich::plain(&**text)),
            Data::Seq(items) => {
                Value::List(Arc::new(items.iter().map(|item| Self::of_node_with(item, place)).collect()))
            }
            Data::Map(entries) => Value::Map(Arc::new(map_of(entries, place, 4))),
        };
        let (src, from) = place(&node.range).map_or((None, None), |(src, from)| (Some(src), from));
        Self { src, from, data }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Tree> {
        match &self.data {
            Value::Map(map) => map.get(key).map(|entry| &entry.value),
            _ => None,
        }
    }

    /// The value under a key, with a place that takes in the key.
    pub(crate) fn keyed(&self, key: &str) -> Option<Tree> {
        let Value::Map(map) = &self.data else { return None };
        let entry = map.get(key)?;
        let src = match (entry.key, entry.value.src) {
            (Some(key), Some(value)) if key.file == value.file && key.start <= value.start => Some(key.join(value)),
            (key, value) => value.or(key),
        };
        Some(Tree { src, ..entry.value.clone() })
    }

    /// The value under a key, null when there is none.
    pub(crate) fn or_null(&self, key: &str) -> &Tree {
        self.get(key).unwrap_or(&NULL)
    }

    pub(crate) fn at(&self, keys: &[&str]) -> Option<&Tree> {
        keys.iter().try_fold(self, |tree, key| tree.get(key))
    }

    pub(crate) fn str(&self) -> Option<&str> {
        match &self.data {
            Value::Str(text) => Some(text.as_str()),
            _ => None,
        }
    }

    pub(crate) fn str_at(&self, keys: &[&str]) -> Option<&str> {
        self.at(keys).and_then(Tree::str)
    }

    /// A scalar as Go prints it; nothing for collections and null.
    pub(crate) fn text(&self) -> Option<String> {
        match &self.data {
            Value::Str(text) => Some(text.as_str().to_owned()),
            Value::Bool(value) => Some(value.to_string()),
            Value::Int(value) => Some(value.to_string()),
            Value::Float(value) => Some(value.to_string()),
            Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }

    pub(crate) fn bool(&self) -> Option<bool> {
        match &self.data {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    pub(crate) fn int(&self) -> Option<i64> {
        match &self.data {
            Value::Int(value) => Some(*value),
            Value::Str(text) => text.as_str().trim().parse().ok(),
            _ => None,
        }
    }

    pub(crate) fn items(&self) -> &[Tree] {
        match &self.data {
            Value::List(items) => items,
            _ => &[],
        }
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = (&Arc<str>, &Entry)> {
        let map = match &self.data {
            Value::Map(map) => Some(map),
            _ => None,
        };
        map.into_iter().flat_map(|map| map.iter())
    }

    pub(crate) fn is_map(&self) -> bool {
        matches!(self.data, Value::Map(_))
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self.data, Value::Null)
    }

    /// Whether Go templates take the value as true.
    pub(crate) fn truth(&self) -> bool {
        match &self.data {
            Value::Null => false,
            Value::Bool(value) => *value,
            Value::Int(value) => *value != 0,
            Value::Float(value) => *value != 0.0,
            Value::Str(text) => !text.as_str().is_empty(),
            Value::List(items) => !items.is_empty(),
            Value::Map(map) => !map.is_empty(),
        }
    }

    /// How many values the tree holds, up to a bound.
    pub(crate) fn size(&self, bound: usize) -> usize {
        let mut size = 1;
        match &self.data {
            Value::List(items) => {
                for item in items.iter() {
                    if size > bound {
                        break;
                    }
                    size += item.size(bound - size.min(bound));
                }
            }
            Value::Map(map) => {
                for entry in map.values() {
                    if size > bound {
                        break;
                    }
                    size += entry.value.size(bound - size.min(bound));
                }
            }
            Value::Str(text) => size += text.as_str().len() / 64,
            _ => {}
        }
        size
    }

    /// Whether anything is nested deeper than a bound; looks no further than that.
    pub(crate) fn deeper_than(&self, bound: usize) -> bool {
        let Some(below) = bound.checked_sub(1) else { return true };
        match &self.data {
            Value::List(items) => items.iter().any(|item| item.deeper_than(below)),
            Value::Map(map) => map.values().any(|entry| entry.value.deeper_than(below)),
            _ => false,
        }
    }

    /// Sets a value under a path of keys, making the mappings on the way.
    pub(crate) fn set(&mut self, keys: &[&str], value: Tree) {
        let Some((first, rest)) = keys.split_first() else {
            *self = value;
            return;
        };
        if !self.is_map() {
            self.data = Value::Map(Arc::default());
        }
        if let Value::Map(map) = &mut self.data {
            let entry = Arc::make_mut(map);
            let entry = entry.entry((*first).into()).or_insert_with(|| Entry { key: value.src, value: Tree::null() });
            entry.value.set(rest, value);
        }
    }

    /// Lays another tree over this one as Helm coalesces values: mappings merge, null removes.
    pub(crate) fn overlay(&mut self, other: &Tree) {
        let Value::Map(over) = &other.data else {
            *self = other.clone();
            return;
        };
        let Value::Map(map) = &mut self.data else {
            *self = other.clone();
            return;
        };
        let map = Arc::make_mut(map);
        for (key, entry) in over.iter() {
            match map.get_mut(key) {
                _ if entry.value.is_null() => {
                    map.insert(Arc::clone(key), entry.clone());
                }
                Some(own) if own.value.is_map() && entry.value.is_map() => own.value.overlay(&entry.value),
                _ => {
                    map.insert(Arc::clone(key), entry.clone());
                }
            }
        }
    }
}

/// Translates a range of parsed text into a place, and the places of the values in it.
pub(crate) type Place<'a> = dyn Fn(&std::ops::Range<usize>) -> Option<(Src, Option<Arc<[Src]>>)> + 'a;

fn map_of(entries: &[(Node, Node)], place: &Place<'_>, merges: usize) -> Map {
    let mut map = Map::new();
    for (key, value) in entries {
        let Some(name) = key.as_str() else { continue };
        if name == "<<" && merges > 0 {
            let merged = if value.is_map() { std::slice::from_ref(value) } else { value.items() };
            for node in merged {
                for (name, entry) in map_of(node.entries(), place, merges - 1) {
                    map.entry(name).or_insert(entry);
                }
            }
            continue;
        }
        let key = place(&key.range).map(|(src, _)| src);
        map.insert(name.into(), Entry { key, value: Tree::of_node_with(value, place) });
    }
    map
}

fn plain_scalar(text: &str) -> Value {
    match text {
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    let numeric = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
    let octal = text.len() > 1 && text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    if numeric && !octal {
        if let Ok(value) = text.parse::<i64>() {
            return Value::Int(value);
        }
        let digits = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E'));
        if let Some(value) = text.parse::<f64>().ok().filter(|value| digits && value.is_finite()) {
            return Value::Float(value);
        }
    }
    Value::Str(Rich::plain(text))
}
