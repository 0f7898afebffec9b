//! Nothing that is shown may be unsigned: linked data silently drops what its contexts do not define, so everything
//! in a credential must be defined by a known context, in the place where it stands.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::contexts::Contexts;
use crate::names::is_iri;

/// What a context says about its terms.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    terms: BTreeMap<String, Term>,
    /// Whether every other word gets a name from a vocabulary.
    vocabulary: bool,
}

#[derive(Debug)]
struct Term {
    kind: Kind,
    /// Terms that hold within the term's value, or within nodes of the type.
    inner: Option<Scope>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Id,
    Type,
    /// A name of something else, written in full.
    Reference,
    /// A name of something else, which may be a term.
    Word,
    /// Any JSON, which is signed as it stands.
    Json,
    Literal,
    /// Defined as nothing: what stands there is dropped.
    Nothing,
}

/// What stands in a credential and would not be signed, or could be read in two ways.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TermError {
    #[error("{path}: the context {url} is not known")]
    Context { path: String, url: String },
    #[error("{path}: a context within the credential")]
    OwnContext { path: String },
    #[error("{path}: the term {term:?} is not defined, so it would not be signed")]
    Undefined { path: String, term: String },
    #[error("{path}: {name:?} is no full name, so it would not be signed")]
    Relative { path: String, name: String },
    #[error("{path}: nothing, which would not be signed")]
    Empty { path: String },
    #[error("{path}: {id} is described in two places")]
    Twice { path: String, id: String },
}

impl Scope {
    pub(crate) fn read(context: &Value) -> Self {
        let Some(entries) = context.as_object() else { return Self::default() };
        let terms = entries.iter().filter(|(name, _)| !name.starts_with('@'));
        let terms = terms.map(|(name, definition)| (name.clone(), Term::read(definition))).collect();
        Self { terms, vocabulary: entries.get("@vocab").is_some_and(Value::is_string) }
    }
}

impl Term {
    fn read(definition: &Value) -> Self {
        let kind = match (definition.as_str().or_else(|| definition["@id"].as_str()), definition["@type"].as_str()) {
            (Some("@id"), _) => Kind::Id,
            (Some("@type"), _) => Kind::Type,
            (None, _) => Kind::Nothing,
            (_, Some("@id")) => Kind::Reference,
            (_, Some("@vocab")) => Kind::Word,
            (_, Some("@json")) => Kind::Json,
            _ => Kind::Literal,
        };
        let inner = definition.get("@context").filter(|context| context.is_object()).map(Scope::read);
        Self { kind, inner }
    }
}

/// The contexts of a credential, in order.
///
/// # Errors
/// When one is not known, or is written in the credential itself.
pub(crate) fn named(document: &Value) -> Result<Vec<&str>, TermError> {
    let own = |path: &str| TermError::OwnContext { path: path.to_owned() };
    match document.get("@context") {
        Some(Value::String(url)) => Ok(vec![url]),
        Some(Value::Array(urls)) => urls.iter().map(|url| url.as_str().ok_or_else(|| own("@context"))).collect(),
        _ => Err(own("@context")),
    }
}

/// Holds a credential against its contexts.
///
/// # Errors
/// At the first thing that would not be signed.
pub(crate) fn check(document: &Value, contexts: &Contexts) -> Result<(), TermError> {
    named(document)?;
    let Some(root) = document.as_object() else { return Err(TermError::Empty { path: String::new() }) };
    // What a credential says of itself must be told in one place: in a second place, its end could be hidden.
    let alone = document["id"].as_str().map(str::to_owned);
    let mut walk = Walk { contexts, alone: alone.map(|id| (id, false)).into_iter().collect() };
    walk.node(root, &Active { scopes: &[], outer: 0 }, "")
}

struct Walk<'a> {
    contexts: &'a Contexts,
    /// Names that may be described once, and whether they were.
    alone: BTreeMap<String, bool>,
}

/// The terms that hold at a place: the last scope wins. What a type brought ends with its node.
struct Active<'a> {
    scopes: &'a [&'a Scope],
    outer: usize,
}

impl<'a> Active<'a> {
    fn term(&self, name: &str) -> Option<&'a Term> {
        self.scopes.iter().rev().find_map(|scope| scope.terms.get(name))
    }

    fn vocabulary(&self) -> bool {
        self.scopes.iter().any(|scope| scope.vocabulary)
    }
}

impl<'a> Walk<'a> {
    /// The scopes of the contexts that a node names: the credential's own, or those of an endorsement within it.
    fn named(&self, node: &Map<String, Value>, path: &str) -> Result<Vec<&'a Scope>, TermError> {
        let own = || TermError::OwnContext { path: format!("{path}/@context") };
        let list = match node.get("@context") {
            None => return Ok(Vec::new()),
            Some(Value::Array(urls)) => urls.iter().collect(),
            Some(url) => vec![url],
        };
        let scope = |url: &Value| {
            let url = url.as_str().ok_or_else(own)?;
            let unknown = || TermError::Context { path: format!("{path}/@context"), url: url.to_owned() };
            self.contexts.get(url).map(|known| &known.scope).ok_or_else(unknown)
        };
        list.into_iter().map(scope).collect()
    }

    fn node(&mut self, node: &Map<String, Value>, active: &Active<'_>, path: &str) -> Result<(), TermError> {
        let undefined = |term: &str| TermError::Undefined { path: path.to_owned(), term: term.to_owned() };
        let mut scopes = active.scopes.to_vec();
        scopes.extend(self.named(node, path)?);
        let outer = scopes.len();
        let here = scopes.clone();
        let active = Active { scopes: &here, outer };
        let mut types: Vec<&str> = Vec::new();
        for (key, value) in node {
            if key == "@type" || active.term(key).is_some_and(|term| term.kind == Kind::Type) {
                let list = value.as_array().map_or_else(|| vec![value], |items| items.iter().collect());
                for item in list {
                    types.push(item.as_str().ok_or_else(|| undefined(key))?);
                }
            }
        }
        types.sort_unstable();
        for name in &types {
            let term = active.term(name);
            if term.is_none() && !is_iri(name) && !active.vocabulary() {
                return Err(undefined(name));
            }
            scopes.extend(term.and_then(|term| term.inner.as_ref()));
        }
        let active = Active { scopes: &scopes, outer };
        // A name with its type refers to a thing; more would describe it.
        let described = node.keys().any(|key| !matches!(key.as_str(), "id" | "@id" | "type" | "@type"));
        for (key, value) in node {
            self.entry(key, value, described, &active, &format!("{path}/{key}"))?;
        }
        Ok(())
    }

    fn entry(
        &mut self,
        key: &str,
        value: &Value,
        described: bool,
        active: &Active<'_>,
        path: &str,
    ) -> Result<(), TermError> {
        if key == "@context" {
            return Ok(());
        }
        let kind = match key {
            "@id" => Kind::Id,
            "@type" => Kind::Type,
            _ if key.starts_with('@') => Kind::Nothing,
            _ => active
                .term(key)
                .map_or(if active.vocabulary() { Kind::Literal } else { Kind::Nothing }, |term| term.kind),
        };
        match kind {
            Kind::Nothing => Err(TermError::Undefined { path: path.to_owned(), term: key.to_owned() }),
            Kind::Type | Kind::Json => Ok(()),
            Kind::Id => self.id(value, described, path),
            Kind::Reference | Kind::Word | Kind::Literal => {
                // Scopes of types end here, those of properties begin.
                let mut scopes = active.scopes[..active.outer].to_vec();
                scopes.extend(active.term(key).and_then(|term| term.inner.as_ref()));
                self.value(value, kind, &Active { scopes: &scopes, outer: scopes.len() }, path)
            }
        }
    }

    fn id(&mut self, value: &Value, described: bool, path: &str) -> Result<(), TermError> {
        let relative = || TermError::Relative { path: path.to_owned(), name: value.to_string() };
        let id = value.as_str().filter(|id| is_iri(id)).ok_or_else(relative)?;
        match self.alone.get_mut(id) {
            Some(seen) if *seen && described => Err(TermError::Twice { path: path.to_owned(), id: id.to_owned() }),
            Some(seen) => {
                *seen = *seen || described;
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn value(&mut self, value: &Value, kind: Kind, active: &Active<'_>, path: &str) -> Result<(), TermError> {
        match value {
            Value::Array(items) if items.is_empty() => Err(TermError::Empty { path: path.to_owned() }),
            Value::Array(items) => items.iter().enumerate().try_for_each(|(index, item)| match item {
                Value::Array(_) => Err(TermError::Empty { path: path.to_owned() }),
                item => self.value(item, kind, active, &format!("{path}/{index}")),
            }),
            Value::Object(node) if node.contains_key("@value") => worded(node, path),
            Value::Object(node) => self.node(node, active, path),
            Value::String(name) if kind == Kind::Reference || kind == Kind::Word => {
                let word = kind == Kind::Word && (active.term(name).is_some() || active.vocabulary());
                let relative = TermError::Relative { path: path.to_owned(), name: name.clone() };
                if word || is_iri(name) { Ok(()) } else { Err(relative) }
            }
            Value::Null => Err(TermError::Empty { path: path.to_owned() }),
            _ => Ok(()),
        }
    }
}

/// A text with its language; a direction would not be signed.
fn worded(node: &Map<String, Value>, path: &str) -> Result<(), TermError> {
    let other = node.iter().find(|(key, value)| !matches!(key.as_str(), "@value" | "@language") || !value.is_string());
    other.map_or(Ok(()), |(key, _)| Err(TermError::Undefined { path: path.to_owned(), term: key.clone() }))
}
