//! Whose a key is: what a proof names or a token brings, held against documents that are at hand.

use super::{Document, KeyProblem, Method};
use crate::jwk::Key;
use crate::key::PublicKey;
use crate::names::document_url;

/// Finds the key that a proof names, among documents that are at hand.
///
/// # Errors
/// When there is none that the issuer lists for this.
pub(crate) fn find(method: &str, issuer: &str, documents: &[Document]) -> Result<Method, KeyProblem> {
    let found = if let Some(key) = method.strip_prefix("did:key:") {
        let key = key.split('#').next().unwrap_or(key);
        let controller = format!("did:key:{key}");
        let key = PublicKey::from_multikey(key).map_err(|_| KeyProblem::Unresolvable(method.to_owned()))?;
        Method::always(method, controller, Key::Ed25519(key))
    } else {
        let name = method.split('#').next().unwrap_or(method);
        if document_url(name).is_none() {
            return Err(KeyProblem::Unresolvable(method.to_owned()));
        }
        // What the issuer itself says of a key comes before what lies at the key's own address.
        let own = documents.iter().filter(|document| document.id == issuer);
        let named = documents.iter().filter(|document| document.id == name && document.id != issuer);
        let mut of_issuer = own.chain(named).peekable();
        if of_issuer.peek().is_none() {
            return Err(KeyProblem::NoDocument(name.to_owned()));
        }
        let listed = |document: &Document| {
            let method = document.methods.iter().find(|one| one.id == method)?;
            document.assertion.contains(&method.id).then(|| method.clone())
        };
        of_issuer.find_map(listed).ok_or_else(|| {
            // A key that the issuer lists and that lies elsewhere may only not be at hand.
            let lists = |document: &Document| document.id == issuer && document.assertion.iter().any(|id| id == method);
            let here = documents.iter().any(|document| document.id == name);
            if !here && documents.iter().any(lists) {
                KeyProblem::NoDocument(name.to_owned())
            } else {
                KeyProblem::NotListed(method.to_owned())
            }
        })?
    };
    if found.controller == issuer {
        return Ok(found);
    }
    // A key that stands alone is whose document lists it.
    if found.controller == found.id && document_url(&found.id).is_some() {
        let own = documents.iter().find(|document| document.id == issuer);
        let own = own.ok_or_else(|| KeyProblem::NoDocument(issuer.to_owned()))?;
        return if own.assertion.contains(&found.id) { Ok(found) } else { Err(KeyProblem::NotListed(found.id)) };
    }
    Err(KeyProblem::OtherIssuer { controller: found.controller, issuer: issuer.to_owned() })
}

/// The keys that an issuer lists under any name, for a token that brings its key and does not name it.
///
/// # Errors
/// When the issuer's document is not at hand.
pub(crate) fn listed(key: &Key, issuer: &str, documents: &[Document]) -> Result<Vec<Method>, KeyProblem> {
    if document_url(issuer).is_none() {
        return Err(KeyProblem::Unresolvable(issuer.to_owned()));
    }
    let document = documents.iter().find(|document| document.id == issuer);
    let document = document.ok_or_else(|| KeyProblem::NoDocument(issuer.to_owned()))?;
    let same =
        |method: &&Method| method.key == *key && method.controller == issuer && document.assertion.contains(&method.id);
    Ok(document.methods.iter().filter(same).cloned().collect())
}
