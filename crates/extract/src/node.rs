//! One tree for YAML, JSON and TOML: values with the byte range that they came from.

use std::ops::Range;
use std::sync::Arc;

/// A value with the range of its text. Aliases share the data of their anchor but keep their own range.
#[derive(Clone, Debug)]
pub struct Node {
    pub range: Range<usize>,
    /// The tag as written, without its `!`: `reference`, `Sub`, `vault`.
    pub tag: Option<Arc<str>>,
    data: Arc<Data>,
}

/// How a scalar was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Plain,
    Quoted,
    /// A block scalar: its text starts on the line after its range does.
    Block,
}

/// What a node holds.
#[derive(Clone, Debug)]
pub enum Data {
    Null,
    /// Numbers and booleans are kept as written.
    Scalar(Arc<str>, Style),
    Seq(Vec<Node>),
    Map(Vec<(Node, Node)>),
}

/// One document of a stream.
#[derive(Clone, Debug)]
pub struct Document {
    pub root: Node,
}

/// All documents of a file and what was wrong with it. Documents before an error are kept.
#[derive(Clone, Debug, Default)]
pub struct Documents {
    pub documents: Vec<Document>,
    pub error: Option<SyntaxError>,
}

/// What was wrong with the text, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    pub range: Range<usize>,
    pub message: String,
    /// Whether this is a bound of the reader: a tool would read on.
    pub over: bool,
}

impl Node {
    pub fn new(range: Range<usize>, tag: Option<Arc<str>>, data: Data) -> Self {
        Self { range, tag, data: Arc::new(data) }
    }

    /// The same value seen at another place, as through an alias.
    #[must_use]
    pub fn seen_at(&self, range: Range<usize>) -> Self {
        Self { range, tag: self.tag.clone(), data: Arc::clone(&self.data) }
    }

    pub fn data(&self) -> &Data {
        &self.data
    }

    /// The text of a scalar.
    pub fn as_str(&self) -> Option<&str> {
        match self.data() {
            Data::Scalar(text, _) => Some(text),
            _ => None,
        }
    }

    pub fn style(&self) -> Option<Style> {
        match self.data() {
            Data::Scalar(_, style) => Some(*style),
            _ => None,
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(self.data(), Data::Null)
    }

    /// A plain boolean; quoted ones are strings.
    pub fn as_bool(&self) -> Option<bool> {
        match self.data() {
            Data::Scalar(text, Style::Plain) => match text.as_ref() {
                "true" | "True" | "TRUE" | "yes" | "Yes" | "on" => Some(true),
                "false" | "False" | "FALSE" | "no" | "No" | "off" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    pub fn as_int(&self) -> Option<i64> {
        self.as_str().and_then(|text| text.trim().parse().ok())
    }

    /// The items of a sequence; none for anything else.
    pub fn items(&self) -> &[Node] {
        match self.data() {
            Data::Seq(items) => items,
            _ => &[],
        }
    }

    /// The items of a sequence, or the node itself when it is a scalar: for keys that take one or many.
    pub fn one_or_many(&self) -> Vec<&Node> {
        match self.data() {
            Data::Seq(items) => items.iter().collect(),
            Data::Scalar(..) => vec![self],
            _ => Vec::new(),
        }
    }

    /// The entries of a mapping, without those that a merge key brings.
    pub fn entries(&self) -> &[(Node, Node)] {
        match self.data() {
            Data::Map(entries) => entries,
            _ => &[],
        }
    }

    pub fn is_map(&self) -> bool {
        matches!(self.data(), Data::Map(_))
    }

    pub fn is_seq(&self) -> bool {
        matches!(self.data(), Data::Seq(_))
    }

    /// The value of a key; what merge keys (`<<`) bring counts when the mapping itself lacks the key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.get_within(key, 8)
    }

    fn get_within(&self, key: &str, merges: usize) -> Option<&Node> {
        let own = self.entries().iter().find(|(name, _)| name.as_str() == Some(key));
        if let Some((_, value)) = own {
            return Some(value);
        }
        if merges == 0 {
            return None;
        }
        let merged = self.entries().iter().filter(|(name, _)| name.as_str() == Some("<<"));
        merged
            .flat_map(|(_, value)| if value.is_map() { std::slice::from_ref(value) } else { value.items() })
            .find_map(|value| value.get_within(key, merges - 1))
    }

    /// The key node of an entry, for its position.
    pub fn key(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|(name, _)| name.as_str() == Some(key)).map(|(name, _)| name)
    }

    /// The range from the key to the end of its value.
    pub fn entry_range(&self, key: &str) -> Option<Range<usize>> {
        let (name, value) = self.entries().iter().find(|(name, _)| name.as_str() == Some(key))?;
        Some(name.range.start..value.range.end.max(name.range.end))
    }

    /// Follows keys from mapping to mapping.
    pub fn at(&self, keys: &[&str]) -> Option<&Node> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The text of the scalar under a key.
    pub fn str_at(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Node::as_str)
    }

    /// Visits this node and all below it, parents first; aliases are visited where they are used.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Node)) {
        visit(self);
        match self.data() {
            Data::Seq(items) => items.iter().for_each(|item| item.walk(visit)),
            Data::Map(entries) => entries.iter().for_each(|(key, value)| {
                key.walk(visit);
                value.walk(visit);
            }),
            Data::Null | Data::Scalar(..) => {}
        }
    }
}
