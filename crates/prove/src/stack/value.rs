//! YAML as values that remember where they were written: anchors and merge keys followed, bounded in depth and size.

use std::collections::BTreeMap;
use std::sync::Arc;

use granit_parser::{Event, Parser, ScalarStyle};

use crate::finding::At;
use crate::say::{Say, say};

const DEPTH: usize = 64;
const NODES: usize = 50_000;

/// A value, and the line that it starts on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Value {
    pub path: Arc<str>,
    pub line: usize,
    /// Whether its tag says that it takes the place of what it overrides: `!override`, `!reset`.
    pub replaces: bool,
    pub data: Data,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Data {
    Null,
    /// Numbers and booleans are kept as written.
    Text(String),
    List(Vec<Value>),
    Map(BTreeMap<String, Value>),
}

impl Value {
    pub fn new(path: &Arc<str>, line: usize, data: Data) -> Self {
        Self { path: Arc::clone(path), line, replaces: false, data }
    }

    pub fn at(&self) -> At {
        At { path: self.path.to_string(), line: self.line }
    }

    pub fn get(&self, key: &str) -> Option<&Value> {
        self.map().and_then(|map| map.get(key))
    }

    pub fn map(&self) -> Option<&BTreeMap<String, Value>> {
        if let Data::Map(map) = &self.data { Some(map) } else { None }
    }

    /// The entries of a mapping; none for anything else.
    pub fn entries(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.map().into_iter().flatten()
    }

    pub fn items(&self) -> &[Value] {
        if let Data::List(items) = &self.data { items } else { &[] }
    }

    pub fn text(&self) -> Option<&str> {
        if let Data::Text(text) = &self.data { Some(text) } else { None }
    }

    pub fn text_at(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    pub fn is_true(&self) -> bool {
        matches!(self.text(), Some("true" | "True" | "TRUE" | "yes" | "on"))
    }

    /// The texts of a list, or the one text that stands for a list of one.
    pub fn texts(&self) -> Vec<&str> {
        match &self.data {
            Data::Text(text) => vec![text],
            Data::List(items) => items.iter().filter_map(Value::text).collect(),
            Data::Null | Data::Map(_) => Vec::new(),
        }
    }

    /// Every text in it, changed.
    ///
    /// # Errors
    /// With the first that cannot be, and where it is.
    pub fn each_text(self, change: &mut dyn FnMut(&str, &At) -> Result<String, Say>) -> Result<Self, Say> {
        let at = self.at();
        let data = match self.data {
            Data::Null => Data::Null,
            Data::Text(text) => Data::Text(change(&text, &at)?),
            Data::List(items) => {
                Data::List(items.into_iter().map(|item| item.each_text(change)).collect::<Result<_, _>>()?)
            }
            Data::Map(map) => {
                let entries = map.into_iter().map(|(key, value)| Ok((key, value.each_text(change)?)));
                Data::Map(entries.collect::<Result<_, Say>>()?)
            }
        };
        Ok(Self { path: self.path, line: self.line, replaces: self.replaces, data })
    }
}

/// Reads the first document of a file.
///
/// # Errors
/// With the place where it cannot be read.
pub(crate) fn read(path: &str, text: &str) -> Result<Value, Say> {
    let options = granit_parser::options! { emit_comments: false, block_nesting_limit: DEPTH, flow_nesting_limit: DEPTH, simple_key_max_lookahead: 8192 };
    let mut reader = Reader { path: path.into(), ..Reader::default() };
    for next in Parser::new_from_str_with_options(text, options) {
        let (event, span) =
            next.map_err(|error| say!("line-why", path, line = error.marker().line().max(1), why = error.info()))?;
        let line = span.start.line().max(1);
        reader.event(event, line).map_err(|why| say!("line-why", path, line, why))?;
        if reader.done {
            break;
        }
    }
    Ok(reader.root.unwrap_or_else(|| Value::new(&reader.path, 1, Data::Null)))
}

enum Open {
    List(Vec<Value>),
    Map { entries: BTreeMap<String, Value>, merged: Vec<Value>, key: Option<(String, usize)> },
}

struct Frame {
    open: Open,
    line: usize,
    anchor: usize,
    replaces: bool,
    /// The nodes that were counted before it.
    before: usize,
}

#[derive(Default)]
struct Reader {
    path: Arc<str>,
    frames: Vec<Frame>,
    /// With their sizes, so that aliases of aliases are paid for in full.
    anchors: BTreeMap<usize, (Value, usize)>,
    nodes: usize,
    root: Option<Value>,
    done: bool,
}

impl Reader {
    fn event(&mut self, event: Event<'_>, line: usize) -> Result<(), Say> {
        let replaces = |tag: Option<String>| tag.is_some_and(|tag| tag.ends_with("override") || tag.ends_with("reset"));
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let tag = tag.map(|tag| tag.original().to_string());
                let reset = tag.as_deref().is_some_and(|tag| tag.ends_with("reset"));
                let empty = style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
                let data = if empty || reset { Data::Null } else { Data::Text(text.into_owned()) };
                let value = Value { replaces: replaces(tag), ..Value::new(&self.path, line, data) };
                self.pay(1)?;
                self.add(value, anchor, 1)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.open(Open::List(Vec::new()), line, anchor, replaces(tag.map(|tag| tag.original().to_string())))
            }
            Event::MappingStart(_, anchor, tag) => {
                let open = Open::Map { entries: BTreeMap::new(), merged: Vec::new(), key: None };
                self.open(open, line, anchor, replaces(tag.map(|tag| tag.original().to_string())))
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(id) => {
                let (value, size) = self.anchors.get(&id).cloned().ok_or(say!("alias-of-nothing"))?;
                self.pay(size)?;
                self.add(value, 0, size)
            }
            Event::DocumentEnd => {
                self.done = true;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn pay(&mut self, nodes: usize) -> Result<(), Say> {
        self.nodes += nodes;
        if self.nodes > NODES { Err(say!("aliases-too-much")) } else { Ok(()) }
    }

    fn open(&mut self, open: Open, line: usize, anchor: usize, replaces: bool) -> Result<(), Say> {
        if self.frames.len() >= DEPTH {
            return Err(say!("nested-deep"));
        }
        self.pay(1)?;
        self.frames.push(Frame { open, line, anchor, replaces, before: self.nodes - 1 });
        Ok(())
    }

    fn close(&mut self) -> Result<(), Say> {
        let frame = self.frames.pop().ok_or(say!("end-of-nothing"))?;
        let data = match frame.open {
            Open::List(items) => Data::List(items),
            Open::Map { mut entries, merged, .. } => {
                for (key, value) in merged.iter().flat_map(Value::entries) {
                    entries.entry(key.clone()).or_insert_with(|| value.clone());
                }
                Data::Map(entries)
            }
        };
        let value = Value { replaces: frame.replaces, ..Value::new(&self.path, frame.line, data) };
        self.add(value, frame.anchor, self.nodes - frame.before)
    }

    fn add(&mut self, value: Value, anchor: usize, size: usize) -> Result<(), Say> {
        if anchor != 0 {
            self.anchors.insert(anchor, (value.clone(), size));
        }
        match self.frames.last_mut().map(|frame| &mut frame.open) {
            None => self.root = Some(value),
            Some(Open::List(items)) => items.push(value),
            Some(Open::Map { entries, merged, key }) => match key.take() {
                None => *key = Some((value.text().unwrap_or_default().to_owned(), value.line)),
                Some((name, _)) if name == "<<" => match value.data {
                    Data::List(items) => merged.extend(items),
                    _ => merged.push(value),
                },
                // What a person looks for is the line of the name.
                Some((name, line)) => {
                    entries.insert(name, Value { line, ..value });
                }
            },
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_know_their_lines() {
        let root =
            read("c.yaml", "x-a: &a\n  image: y\n  tty: true\ns:\n  <<: *a\n  image: z\n  list: [1, two]\n").unwrap();
        let service = root.get("s").unwrap();
        assert_eq!(service.text_at("image"), Some("z"));
        assert!(service.get("tty").unwrap().is_true());
        assert_eq!(service.get("tty").unwrap().at(), At { path: "c.yaml".into(), line: 3 });
        assert_eq!(service.get("list").unwrap().texts(), ["1", "two"]);
    }

    #[test]
    fn hostile_files_end() {
        let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..9 {
            bomb.push_str(&format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 10].join(", ")));
        }
        assert!(read("c", &bomb).unwrap_err().to_string().contains("too much"));
        assert!(read("c", &"[".repeat(1000)).is_err());
        assert!(read("c", "a: &a [*a]").is_err());
        assert!(read("c", "a: [1").unwrap_err().to_string().starts_with("c:"));
        assert_eq!(read("c", "").unwrap().data, Data::Null);
        assert_eq!(read("c", "? [a]\n: 1\n").unwrap().entries().count(), 1);
    }
}
