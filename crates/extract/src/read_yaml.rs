//! YAML streams as trees of [`Node`]s with exact ranges, bounded in depth and size.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use granit_parser::{Event, Parser, ScalarStyle, Tag};

use crate::budget;
use crate::node::{Data, Document, Documents, Node, Style, SyntaxError};

/// Reads all documents of a stream. What comes before an error is kept; the error says where it stopped.
pub fn read(text: &str) -> Documents {
    let options = granit_parser::options! { emit_comments: false, block_nesting_limit: budget::DOCUMENT_DEPTH, flow_nesting_limit: budget::DOCUMENT_DEPTH, simple_key_max_lookahead: 8192 };
    let mut builder = Builder { text, ..Builder::default() };
    for next in Parser::new_from_str_with_options(text, options) {
        let outcome = match next {
            Ok((event, span)) => builder.event(event, span.byte_range().unwrap_or(0..0)),
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(text.len()).min(text.len());
                Err(SyntaxError { range: at..at, message: error.info().to_string(), over: false })
            }
        };
        if let Err(error) = outcome {
            builder.done.error = Some(error);
            break;
        }
    }
    builder.done
}

enum Open {
    Seq { start: usize, tag: Option<Arc<str>>, anchor: usize, items: Vec<Node> },
    Map { start: usize, tag: Option<Arc<str>>, anchor: usize, entries: Vec<(Node, Node)>, key: Option<Node> },
}

#[derive(Default)]
struct Builder<'a> {
    text: &'a str,
    open: Vec<Open>,
    /// Anchored nodes with their size, so that aliases of aliases are paid for in full.
    anchors: BTreeMap<usize, (Node, usize)>,
    sizes: Vec<usize>,
    nodes: usize,
    done: Documents,
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) -> Result<(), SyntaxError> {
        match event {
            Event::DocumentStart(..) => {
                self.anchors.clear();
                self.nodes = 0;
                if self.done.documents.len() >= budget::STREAM_DOCUMENTS {
                    return Err(over(range, "too many documents in one stream"));
                }
            }
            Event::Scalar(value, style, anchor, tag) => {
                let node = Node::new(range.clone(), tag_name(tag.as_deref()), scalar(&value, style));
                self.pay(1, &range)?;
                self.anchor(anchor, &node, 1);
                self.push(node);
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.start(&range)?;
                self.open.push(Open::Seq {
                    start: range.start,
                    tag: tag_name(tag.as_deref()),
                    anchor,
                    items: Vec::new(),
                });
            }
            Event::MappingStart(_, anchor, tag) => {
                self.start(&range)?;
                let tag = tag_name(tag.as_deref());
                self.open.push(Open::Map { start: range.start, tag, anchor, entries: Vec::new(), key: None });
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(range),
            Event::Alias(id) => {
                let Some((node, size)) = self.anchors.get(&id).cloned() else {
                    let message = "an alias refers to a node that contains it or does not exist".to_owned();
                    return Err(SyntaxError { range, message, over: false });
                };
                self.pay(size, &range)?;
                self.push(node.seen_at(range));
            }
            _ => {}
        }
        Ok(())
    }

    fn start(&mut self, range: &Range<usize>) -> Result<(), SyntaxError> {
        if self.open.len() >= budget::DOCUMENT_DEPTH {
            return Err(over(range.clone(), "nested too deeply"));
        }
        self.pay(1, range)?;
        self.sizes.push(self.nodes);
        Ok(())
    }

    fn pay(&mut self, nodes: usize, range: &Range<usize>) -> Result<(), SyntaxError> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > budget::DOCUMENT_NODES {
            return Err(over(range.clone(), "the document holds too many nodes once its aliases are followed"));
        }
        Ok(())
    }

    fn close(&mut self, range: Range<usize>) {
        let size = self.nodes - self.sizes.pop().unwrap_or(self.nodes) + 1;
        let (start, tag, anchor, data, last) = match self.open.pop() {
            Some(Open::Seq { start, tag, anchor, items }) => {
                let last = items.last().map(|item| item.range.end);
                (start, tag, anchor, Data::Seq(items), last)
            }
            Some(Open::Map { start, tag, anchor, entries, .. }) => {
                let last = entries.last().map(|(key, value)| key.range.end.max(value.range.end));
                (start, tag, anchor, Data::Map(entries), last)
            }
            None => return,
        };
        // A block collection ends where its last child ends, a flow collection at its bracket.
        let closing = self.text[range.start.min(self.text.len())..].starts_with([']', '}']);
        let end = if closing { range.end } else { last.unwrap_or(range.start) };
        let node = Node::new(start..end.max(start), tag, data);
        self.anchor(anchor, &node, size);
        self.push(node);
    }

    fn anchor(&mut self, anchor: usize, node: &Node, size: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, (node.clone(), size));
        }
    }

    fn push(&mut self, node: Node) {
        match self.open.last_mut() {
            Some(Open::Seq { items, .. }) => items.push(node),
            Some(Open::Map { entries, key, .. }) => match key.take() {
                None => *key = Some(node),
                Some(name) => entries.push((name, node)),
            },
            None => self.done.documents.push(Document { root: node }),
        }
    }
}

fn over(range: Range<usize>, message: &str) -> SyntaxError {
    SyntaxError { range, message: message.to_owned(), over: true }
}

fn tag_name(tag: Option<&Tag>) -> Option<Arc<str>> {
    tag.map(|tag| tag.original().trim_start_matches('!').into())
}

fn scalar(value: &str, style: ScalarStyle) -> Data {
    match style {
        ScalarStyle::Plain if matches!(value, "" | "~" | "null" | "Null" | "NULL") => Data::Null,
        ScalarStyle::Plain => Data::Scalar(value.into(), Style::Plain),
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Data::Scalar(value.into(), Style::Quoted),
        _ => Data::Scalar(value.into(), Style::Block),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_those_of_the_text() {
        let text =
            "clé: é\njobs:\n  build:\n    script:\n      - make\n      - |\n        a\n        b\nnext: [1, 2]\n";
        let documents = read(text);
        let root = &documents.documents[0].root;
        let script = root.at(&["jobs", "build", "script"]).unwrap();
        assert_eq!(&text[script.items()[0].range.clone()], "make");
        assert_eq!(script.items()[1].as_str(), Some("a\nb\n"));
        assert_eq!(&text[root.entry_range("next").unwrap()], "next: [1, 2]");
        assert!(documents.error.is_none());
    }

    #[test]
    fn custom_tags_and_merges_are_kept() {
        let text = "base: &b {image: alpine}\njob:\n  <<: *b\n  script: !reference [.a, script]\n";
        let documents = read(text);
        let job = documents.documents[0].root.get("job").unwrap();
        assert_eq!(job.str_at("image"), Some("alpine"));
        assert_eq!(job.get("script").unwrap().tag.as_deref(), Some("reference"));
    }

    #[test]
    fn bombs_stop_at_the_budget() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..9 {
            let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
            text.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
        }
        let documents = read(&text);
        assert!(documents.error.unwrap().message.contains("too many nodes"));
    }

    #[test]
    fn earlier_documents_survive_an_error() {
        let documents = read("a: 1\n---\nb: [1\n");
        assert_eq!(documents.documents.len(), 1);
        assert!(documents.error.is_some());
    }
}
