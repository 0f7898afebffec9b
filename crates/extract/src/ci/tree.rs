//! A YAML or JSON tree that remembers its file, so that what includes and templates merge keeps its place.

use std::ops::Range;
use std::sync::Arc;

use facts::Location;

use super::model::Written;
use crate::File;
use crate::node::{Data, Node, Style};

/// A value, the file that it was written in, and where.
#[derive(Clone)]
pub(crate) struct Tree<'p> {
    pub file: &'p File,
    pub range: Range<usize>,
    /// Where the entry starts that holds the value: its key, or the value itself.
    pub start: usize,
    pub tag: Option<Arc<str>>,
    pub shape: Shape<'p>,
}

/// What a value is. Copies share their parts.
#[derive(Clone)]
pub(crate) enum Shape<'p> {
    Null,
    Scalar(Arc<str>, Style),
    Seq(Arc<Vec<Tree<'p>>>),
    Map(Arc<Vec<(Arc<str>, Tree<'p>)>>),
}

impl<'p> Tree<'p> {
    /// Takes a node of a file; merge keys are already resolved in the result.
    pub(crate) fn of(file: &'p File, node: &Node) -> Self {
        let shape = match node.data() {
            Data::Null => Shape::Null,
            Data::Scalar(text, style) => Shape::Scalar(Arc::clone(text), *style),
            Data::Seq(items) => Shape::Seq(Arc::new(items.iter().map(|item| Tree::of(file, item)).collect())),
            Data::Map(entries) => Shape::Map(Arc::new(map(file, entries))),
        };
        Self { file, range: node.range.clone(), start: node.range.start, tag: node.tag.clone(), shape }
    }

    /// An empty mapping that stands where another value does.
    pub(crate) fn empty(&self) -> Self {
        Self { shape: Shape::Map(Arc::default()), ..self.clone() }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Tree<'p>> {
        self.entries().iter().find(|(name, _)| name.as_ref() == key).map(|(_, value)| value)
    }

    /// Follows keys from mapping to mapping.
    pub(crate) fn path(&self, keys: &[&str]) -> Option<&Tree<'p>> {
        keys.iter().try_fold(self, |tree, key| tree.get(key))
    }

    pub(crate) fn entries(&self) -> &[(Arc<str>, Tree<'p>)] {
        match &self.shape {
            Shape::Map(entries) => entries,
            _ => &[],
        }
    }

    pub(crate) fn items(&self) -> &[Tree<'p>] {
        match &self.shape {
            Shape::Seq(items) => items,
            _ => &[],
        }
    }

    /// The items of a sequence, or the value itself when it is neither a sequence nor null.
    pub(crate) fn many(&self) -> Vec<&Tree<'p>> {
        match &self.shape {
            Shape::Seq(items) => items.iter().collect(),
            Shape::Null => Vec::new(),
            _ => vec![self],
        }
    }

    pub(crate) fn str(&self) -> Option<&str> {
        match &self.shape {
            Shape::Scalar(text, _) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn str_at(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Tree::str)
    }

    pub(crate) fn is_map(&self) -> bool {
        matches!(self.shape, Shape::Map(_))
    }

    pub(crate) fn is_seq(&self) -> bool {
        matches!(self.shape, Shape::Seq(_))
    }

    pub(crate) fn is_true(&self) -> bool {
        self.str().is_some_and(|text| text.eq_ignore_ascii_case("true") || text == "yes" || text == "on")
    }

    pub(crate) fn is_false(&self) -> bool {
        self.str().is_some_and(|text| text.eq_ignore_ascii_case("false") || text == "no" || text == "off")
    }

    /// Where the value is.
    pub(crate) fn at(&self) -> Location {
        self.file.at(self.range.clone())
    }

    /// Where the entry is: from its key to the end of the value.
    pub(crate) fn entry_at(&self) -> Location {
        self.file.at(self.start.min(self.range.start)..self.range.end)
    }

    /// The scalar with its place.
    pub(crate) fn written(&self) -> Option<Written> {
        self.str().map(|text| Written { text: text.to_owned(), at: self.entry_at() })
    }

    /// The entries of a mapping whose values are scalars or can be shown on one line.
    pub(crate) fn pairs(&self) -> Vec<(String, Written)> {
        let entry = |(name, value): &(Arc<str>, Tree<'p>)| {
            (name.to_string(), Written { text: value.flat(0), at: value.entry_at() })
        };
        self.entries().iter().map(entry).collect()
    }

    /// The value on one line: lists joined by newlines, mappings as `key: value`.
    fn flat(&self, depth: usize) -> String {
        match &self.shape {
            _ if depth > 3 => String::new(),
            Shape::Null => String::new(),
            Shape::Scalar(text, _) => text.to_string(),
            Shape::Seq(items) => items.iter().take(100).map(|item| item.flat(depth + 1)).collect::<Vec<_>>().join("\n"),
            Shape::Map(entries) => {
                let entries = entries.iter().take(100);
                entries.map(|(name, value)| format!("{name}: {}", value.flat(depth + 1))).collect::<Vec<_>>().join("\n")
            }
        }
    }

    /// The lines of a scalar's text, each with where it was written.
    pub(crate) fn lines(&self) -> Vec<(String, Location)> {
        let Shape::Scalar(text, style) = &self.shape else { return Vec::new() };
        let text = text.trim_end_matches('\n');
        if *style != Style::Block || self.range.is_empty() {
            return text.split('\n').map(|line| (line.to_owned(), self.at())).collect();
        }
        let Ok(source) = self.file.text() else { return Vec::new() };
        // The indicator stands at the start of the range or before it, on the line above the text.
        let whole = source.as_str();
        let inside = whole[self.range.clone()].starts_with(['|', '>']);
        let head = if inside { self.range.start } else { whole[..self.range.start].trim_end().len().saturating_sub(1) };
        let header = source.line_of(head);
        let indicator = source.line(header).rsplit([' ', ':', '\t']).find(|word| word.starts_with(['|', '>']));
        let last = source.line_of(self.range.end.saturating_sub(1)).max(header + 1);
        let folded = indicator.is_some_and(|word| word.starts_with('>'));
        let mut lines = Vec::new();
        let mut next = header + 1;
        for line in text.split('\n') {
            let from = next.min(last);
            next += 1;
            let mut to = from;
            // A folded line joins as many lines of the source as its own words fill.
            let mut filled = source.line(from).trim().len();
            while folded && filled < line.trim().len() && to < last {
                to += 1;
                next += 1;
                filled += 1 + source.line(to).trim().len();
            }
            lines.push((line.to_owned(), self.file.at(source.line_range(from).start..source.line_range(to).end)));
        }
        lines
    }
}

fn map<'p>(file: &'p File, entries: &[(Node, Node)]) -> Vec<(Arc<str>, Tree<'p>)> {
    let mut own: Vec<(Arc<str>, Tree<'p>)> = Vec::with_capacity(entries.len());
    let mut merged: Vec<(Arc<str>, Tree<'p>)> = Vec::new();
    for (key, value) in entries {
        let tree = Tree { start: key.range.start, ..Tree::of(file, value) };
        match key.as_str() {
            Some("<<") => {
                let sources: &[Tree<'p>] = if tree.is_map() { std::slice::from_ref(&tree) } else { tree.items() };
                merged.extend(sources.iter().flat_map(|source| source.entries().to_vec()));
            }
            Some(name) => own.push((name.into(), tree)),
            // `null:` is a key as well, and a mapping as key is nothing that a CI engine reads.
            None if key.is_null() => own.push(("".into(), tree)),
            None => {}
        }
    }
    if !merged.is_empty() {
        let mut names: std::collections::BTreeSet<Arc<str>> = own.iter().map(|(name, _)| Arc::clone(name)).collect();
        own.extend(merged.into_iter().filter(|(name, _)| names.insert(Arc::clone(name))));
    }
    own
}
