//! From a credential to the one text that is signed: RDF Dataset Canonicalization of its linked data, within bounds.

use std::collections::BTreeMap;

use oxjsonld::{JsonLdParser, JsonLdRemoteDocument};
use oxrdf::Quad;
use serde_json::Value;

use crate::contexts::Contexts;
use crate::encoding::sha256;
use crate::terms::{TermError, check, named};

/// Statements of one credential; a large real one has some four hundred.
const STATEMENTS: usize = 8_000;

/// Why a credential has no canonical form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CanonError {
    #[error(transparent)]
    Terms(#[from] TermError),
    #[error("not linked data: {0}")]
    LinkedData(String),
    #[error("more than {limit} statements")]
    TooLarge { limit: usize },
    #[error("too many nameless nodes look alike")]
    Alike,
}

/// The canonical N-Quads of a document, every line ended.
pub(crate) fn canonical(document: &Value, contexts: &Contexts) -> Result<String, CanonError> {
    check(document, contexts)?;
    let lines = crate::rdfc::lines(&quads(document, contexts)?).map_err(|_| CanonError::Alike)?;
    Ok(lines.into_iter().collect())
}

/// The hash of the canonical form.
pub(crate) fn hash(document: &Value, contexts: &Contexts) -> Result<[u8; 32], CanonError> {
    Ok(sha256(canonical(document, contexts)?.as_bytes()))
}

fn quads(document: &Value, contexts: &Contexts) -> Result<Vec<Quad>, CanonError> {
    let text = serde_json::to_vec(document).expect("keys of JSON values are text");
    let mut held = BTreeMap::new();
    for url in named(document)? {
        held.extend(contexts.get(url).map(|known| (url.to_owned(), known.text)));
    }
    let parser = JsonLdParser::new().for_slice(&text).with_load_document_callback(move |url, _| {
        let text = held.get(url).ok_or("not a known context")?;
        Ok(JsonLdRemoteDocument { document: text.as_bytes().to_vec(), document_url: url.to_owned() })
    });
    // A statement counts once, however often it is made.
    let mut quads = BTreeMap::new();
    for (count, quad) in parser.enumerate() {
        if count >= STATEMENTS {
            return Err(CanonError::TooLarge { limit: STATEMENTS });
        }
        let quad = quad.map_err(|error| CanonError::LinkedData(error.to_string()))?;
        quads.insert(quad.to_string(), quad);
    }
    Ok(quads.into_values().collect())
}
