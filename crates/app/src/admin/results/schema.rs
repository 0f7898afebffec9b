//! A schema of XML (XSD), as a tree: elements and types by name. What would be needed to follow it and is not read
//! here is refused by name.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// An element of the schema's own language, by its local name.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    pub name: String,
    pub attributes: BTreeMap<String, String>,
    pub children: Vec<Node>,
}

impl Node {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }

    pub(super) fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|child| child.name == name)
    }
}

/// The part of a name after its prefix.
pub(super) fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// A schema that can be followed.
#[derive(Debug)]
pub(super) struct Schema {
    pub target: Option<String>,
    /// Whether inner elements are in the namespace, too.
    pub qualified: bool,
    pub elements: BTreeMap<String, Node>,
    pub types: BTreeMap<String, Node>,
    pub groups: BTreeMap<String, Node>,
    pub root: Node,
}

/// Deeper than this is no schema of a file.
const DEEPEST: usize = 60;

impl Schema {
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let top = tree(text)?;
        if top.name != "schema" {
            return Err(format!("it is no schema: its root is {}", top.name));
        }
        for elsewhere in ["import", "include", "redefine", "override"] {
            if top.child(elsewhere).is_some() {
                return Err(format!("it takes parts from other files ({elsewhere}): give one file"));
            }
        }
        let named = |kinds: &[&str]| -> BTreeMap<String, Node> {
            let of = top.children.iter().filter(|child| kinds.contains(&&*child.name));
            of.filter_map(|child| Some((child.get("name")?.to_owned(), child.clone()))).collect()
        };
        let elements = named(&["element"]);
        // The root is the element that no other refers to.
        let mut referred = Vec::new();
        references(&top, &mut referred);
        let roots: Vec<&Node> =
            elements.values().filter(|one| !referred.iter().any(|name| Some(&**name) == one.get("name"))).collect();
        let root = match roots.as_slice() {
            [one] => (*one).clone(),
            several => {
                let flux = several.iter().find(|one| one.get("name") == Some("flux"));
                let names: Vec<&str> = several.iter().filter_map(|one| one.get("name")).collect();
                (*flux.ok_or_else(|| format!("it has no one root: {}", names.join(", ")))?).clone()
            }
        };
        Ok(Self {
            target: top.get("targetNamespace").map(str::to_owned),
            qualified: top.get("elementFormDefault") == Some("qualified"),
            elements,
            types: named(&["complexType", "simpleType"]),
            groups: named(&["group"]),
            root,
        })
    }
}

fn references(node: &Node, found: &mut Vec<String>) {
    for child in &node.children {
        if child.name == "element"
            && let Some(name) = child.get("ref")
        {
            found.push(local(name).to_owned());
        }
        references(child, found);
    }
}

fn tree(text: &str) -> Result<Node, String> {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Node> = vec![Node::default()];
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(start) => {
                if open.len() > DEEPEST {
                    return Err("it is too deep".to_owned());
                }
                open.push(node(&start)?);
            }
            Event::Empty(start) => {
                let node = node(&start)?;
                open.last_mut().ok_or("an end without a beginning")?.children.push(node);
            }
            Event::End(_) => {
                let done = open.pop().ok_or("an end without a beginning")?;
                open.last_mut().ok_or("an end without a beginning")?.children.push(done);
            }
            Event::DocType(_) => return Err("it declares entities, which are not read".to_owned()),
            Event::Eof => break,
            _ => {}
        }
    }
    let first = open.pop().filter(|_| open.is_empty()).ok_or("it ends in the middle")?;
    first.children.into_iter().next().ok_or_else(|| "it is empty".to_owned())
}

fn node(start: &BytesStart<'_>) -> Result<Node, String> {
    let name = String::from_utf8_lossy(start.local_name().as_ref()).into_owned();
    let mut attributes = BTreeMap::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let key = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
        let text = String::from_utf8_lossy(&attribute.value).into_owned();
        let value = quick_xml::escape::unescape(&text).map_err(|error| error.to_string())?.into_owned();
        attributes.insert(key, value);
    }
    Ok(Node { name, attributes, children: Vec::new() })
}
