//! From a credential to the one text that is signed: RDF Dataset Canonicalization of its linked data, within bounds.

use std::collections::{BTreeMap, BTreeSet};

use oxjsonld::{JsonLdParser, JsonLdRemoteDocument};
use oxrdf::dataset::{CanonicalizationAlgorithm, CanonicalizationHashAlgorithm};
use oxrdf::{BlankNode, Dataset, GraphName, NamedOrBlankNode, Quad, Term};
use serde_json::Value;

use crate::contexts::Contexts;
use crate::encoding::sha256;
use crate::terms::{TermError, check, named};

/// Statements of one credential; a large real one has some four hundred.
const STATEMENTS: usize = 8_000;
/// Nameless nodes that look alike and hang together. The work to tell them apart grows like the factorial.
const ALIKE: usize = 6;
const ALL_ALIKE: usize = 256;

/// Why a credential has no canonical form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CanonError {
    #[error(transparent)]
    Terms(#[from] TermError),
    #[error("not linked data: {0}")]
    LinkedData(String),
    #[error("more than {limit} statements")]
    TooLarge { limit: usize },
    #[error("{met} nameless nodes look alike, {limit} at most")]
    Alike { met: usize, limit: usize },
}

/// The canonical N-Quads of a document, every line ended.
pub(crate) fn canonical(document: &Value, contexts: &Contexts) -> Result<String, CanonError> {
    check(document, contexts)?;
    let mut dataset = dataset(document, contexts)?;
    bounded(&dataset)?;
    let hash_algorithm = CanonicalizationHashAlgorithm::Sha256;
    dataset.canonicalize(CanonicalizationAlgorithm::Rdfc10 { hash_algorithm });
    let mut lines: Vec<String> = dataset.iter().map(|quad| format!("{quad} .\n")).collect();
    lines.sort_unstable();
    Ok(lines.concat())
}

/// The hash of the canonical form.
pub(crate) fn hash(document: &Value, contexts: &Contexts) -> Result<[u8; 32], CanonError> {
    Ok(sha256(canonical(document, contexts)?.as_bytes()))
}

fn dataset(document: &Value, contexts: &Contexts) -> Result<Dataset, CanonError> {
    let text = serde_json::to_vec(document).expect("keys of JSON values are text");
    let mut held = BTreeMap::new();
    for url in named(document)? {
        held.extend(contexts.get(url).map(|known| (url.to_owned(), known.text)));
    }
    let parser = JsonLdParser::new().for_slice(&text).with_load_document_callback(move |url, _| {
        let text = held.get(url).ok_or("not a known context")?;
        Ok(JsonLdRemoteDocument { document: text.as_bytes().to_vec(), document_url: url.to_owned() })
    });
    let mut dataset = Dataset::new();
    for (count, quad) in parser.enumerate() {
        if count >= STATEMENTS {
            return Err(CanonError::TooLarge { limit: STATEMENTS });
        }
        dataset.insert(&quad.map_err(|error| CanonError::LinkedData(error.to_string()))?);
    }
    Ok(dataset)
}

/// Refuses graphs made to keep a verifier busy, before any of that work is done.
fn bounded(dataset: &Dataset) -> Result<(), CanonError> {
    let mut quads_of: BTreeMap<String, Vec<Quad>> = BTreeMap::new();
    for quad in dataset {
        for node in nameless(&quad.into_owned()) {
            quads_of.entry(node).or_default().push(quad.into_owned());
        }
    }
    let mut by_look: BTreeMap<Vec<String>, Vec<&String>> = BTreeMap::new();
    for (node, quads) in &quads_of {
        let mut look: Vec<String> = quads.iter().map(|quad| seen_from(quad, node)).collect();
        look.sort_unstable();
        by_look.entry(look).or_default().push(node);
    }
    let alike: BTreeSet<&String> = by_look.into_values().filter(|nodes| nodes.len() > 1).flatten().collect();
    let refuse = |met, limit| Err(CanonError::Alike { met, limit });
    if alike.len() > ALL_ALIKE {
        return refuse(alike.len(), ALL_ALIKE);
    }
    let mut left = alike.clone();
    while let Some(first) = left.pop_first() {
        let (mut together, mut open) = (1, vec![first]);
        while let Some(node) = open.pop() {
            for neighbour in quads_of.get(node).into_iter().flatten().flat_map(nameless) {
                if let Some(found) = left.take(&neighbour) {
                    together += 1;
                    open.push(found);
                }
            }
        }
        if together > ALIKE {
            return refuse(together, ALIKE);
        }
    }
    Ok(())
}

fn nameless(quad: &Quad) -> Vec<String> {
    let subject = if let NamedOrBlankNode::BlankNode(node) = &quad.subject { Some(node) } else { None };
    let object = if let Term::BlankNode(node) = &quad.object { Some(node) } else { None };
    let graph = if let GraphName::BlankNode(node) = &quad.graph_name { Some(node) } else { None };
    let mut names: Vec<String> =
        [subject, object, graph].into_iter().flatten().map(|node| node.as_str().to_owned()).collect();
    names.dedup();
    names
}

/// A statement as a nameless node sees it: itself, and others.
fn seen_from(quad: &Quad, node: &str) -> String {
    let mut quad = quad.clone();
    let as_seen = |other: &BlankNode| BlankNode::new_unchecked(if other.as_str() == node { "a" } else { "z" });
    if let NamedOrBlankNode::BlankNode(other) = &mut quad.subject {
        *other = as_seen(other);
    }
    if let Term::BlankNode(other) = &mut quad.object {
        *other = as_seen(other);
    }
    if let GraphName::BlankNode(other) = &mut quad.graph_name {
        *other = as_seen(other);
    }
    quad.to_string()
}
