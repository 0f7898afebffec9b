//! The steps that ask whose key it is, and whether it signed.

use super::{Material, Opened, Reason, issuer};
use crate::award::read_moment;
use crate::integrity;
use crate::issuer::{KeyProblem, Method, find, listed};
use crate::jwk::Algorithm;
use crate::jwt::Token;

/// A proof may be made by a clock that is ahead by so many seconds.
const AHEAD: i64 = 300;

/// A proof that may hold, and its key.
pub(crate) struct Signed {
    pub(super) method: Method,
    proof: Option<integrity::Proof>,
}

/// The key of a token, or of the first proof whose key the issuer lists.
pub(crate) fn key(opened: &Opened, material: &Material<'_>) -> Result<Signed, Reason> {
    let issuer = issuer(&opened.credential).ok_or(Reason::NoIssuer)?;
    if let Some(token) = &opened.token {
        return Ok(Signed { method: of_token(token, opened, issuer, material)?, proof: None });
    }
    let held = |proof: &integrity::Proof| {
        let method = find(&proof.method, issuer, material.issuers)?;
        method.holds(proof.created, material.now)?;
        method.key.fits(Algorithm::Ed25519)?;
        Ok(method)
    };
    let mut first = None;
    for proof in integrity::proofs(&opened.credential)? {
        match held(&proof) {
            Ok(method) => return Ok(Signed { method, proof: Some(proof) }),
            Err(problem) => first = first.or(Some(problem)),
        }
    }
    Err(first.unwrap_or_else(|| KeyProblem::NotListed(String::new())).into())
}

/// The key that a token names or brings along. One that it brings counts for nothing unless the issuer publishes it.
fn of_token(token: &Token, opened: &Opened, issuer: &str, material: &Material<'_>) -> Result<Method, Reason> {
    let created = token.issued.or_else(|| opened.credential["validFrom"].as_str().and_then(read_moment));
    let method = match (&token.kid, &token.jwk) {
        (Some(kid), own) => {
            let method = find(kid, issuer, material.issuers)?;
            // A token that brings another key than the one it names wants to be read by somebody less careful.
            if own.as_ref().is_some_and(|own| *own != method.key) {
                return Err(Reason::OwnKey);
            }
            method
        }
        (None, Some(own)) => {
            let mut same = listed(own, issuer, material.issuers)?;
            let holds = same.iter().position(|method| method.holds(created, material.now).is_ok());
            if same.is_empty() { return Err(Reason::OwnKey) } else { same.swap_remove(holds.unwrap_or(0)) }
        }
        (None, None) => return Err(Reason::OwnKey),
    };
    method.holds(created, material.now)?;
    method.key.fits(token.algorithm).map_err(KeyProblem::from)?;
    Ok(method)
}

impl Signed {
    pub(crate) fn proves(self, opened: &Opened, material: &Material<'_>) -> Result<(), Reason> {
        let (created, expires) = match (&self.proof, &opened.token) {
            (Some(proof), _) => {
                let key = self.method.key.ed25519().ok_or(integrity::ProofError::Signature)?;
                proof.verify(&opened.credential, key, material.contexts)?;
                (proof.created, proof.expires)
            }
            (None, Some(token)) if token.verifies(&self.method.key) => (token.issued, None),
            (None, _) => return Err(integrity::ProofError::Signature.into()),
        };
        let now = material.now.as_second();
        if let Some(created) = created.filter(|created| created.as_second() > now.saturating_add(AHEAD)) {
            return Err(Reason::ProofAhead(created));
        }
        expires.filter(|expires| *expires <= material.now).map_or(Ok(()), |expires| Err(Reason::ProofExpired(expires)))
    }
}
