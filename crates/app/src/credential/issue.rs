//! A credential issued from an issuer's folder, and one revoked.

use std::path::{Path, PathBuf};

use ::credential::verify::{Act, Entry, Receipt, Summary, open};
use ::credential::{Award, Contexts, jwt, pretty};
use jiff::Timestamp;
use serde_json::Value;

use super::request::{CredentialRequest, Shape};
use super::{CredentialError, Folder};
use crate::Lang;

/// What was issued.
pub struct Issued {
    pub award: Award,
    /// JSON with its proof.
    pub json: String,
    /// The same as a token.
    pub token: String,
    /// What the log says of it.
    pub receipt: String,
    pub verify_at: Option<String>,
    pub lang: Lang,
}

/// Signs what a request asks for, gives it a place in the status list and a line in the log.
///
/// # Errors
/// When the request cannot be read or fulfilled, or the folder cannot be written.
pub fn issue(
    request: &Path,
    folder: &Path,
    packs: &[PathBuf],
    chance: [u8; 32],
    now: Timestamp,
    lang: Lang,
) -> Result<Issued, CredentialError> {
    let mut folder = Folder::open(folder)?;
    let shown = request.display().to_string();
    let wrong = |why: String| CredentialError::Request { path: shown.clone(), why };
    let Shape { mut award, verify_at, lang } =
        CredentialRequest::read(request)?.award(request, folder.party(), chance, packs, lang)?;
    let document = folder.sign(&mut award, chance, now).map_err(wrong)?.document;
    let (signer, method) = folder.signer();
    let json = pretty(&document);
    let token = jwt::sign(&document, signer, &method).map_err(|error| wrong(error.to_string()))?;
    let entry =
        Entry::of(Act::Issued, &document, now, Contexts::built_in()).map_err(|error| wrong(error.to_string()))?;
    let index = folder.note(&entry);
    folder.save(now)?;
    let path = ::credential::log::inclusion(&folder.leaves(), index).unwrap_or_default();
    let receipt = Receipt { entry, index: index as u64, path, checkpoint: folder.checkpoint() };
    Ok(Issued { award, json, token, receipt: pretty(&receipt.write()), verify_at, lang })
}

/// Revokes a credential of this issuer: its bit is set, and the log says so.
///
/// # Errors
/// When it is none of this issuer, or the folder cannot be written.
pub fn revoke(file: &Path, folder: &Path, now: Timestamp) -> Result<Summary, CredentialError> {
    let shown = file.display().to_string();
    let wrong = |why: String| CredentialError::Credential { path: shown.clone(), why };
    let bytes = std::fs::read(file).map_err(|source| CredentialError::Read { path: shown.clone(), source })?;
    let opened = open(&bytes).map_err(|reason| wrong(reason.to_string()))?;
    let mut folder = Folder::open(folder)?;
    let status = &opened.credential["credentialStatus"];
    let place = status["statusListIndex"].as_str().and_then(|text| text.parse().ok());
    let list = status["statusListCredential"].as_str().unwrap_or_default();
    let known = place.is_some_and(|place| folder.revoke(list, place));
    if !known {
        return Err(wrong("credentialStatus".to_owned()));
    }
    let entry = Entry::of(Act::Revoked, &opened.credential, now, Contexts::built_in());
    folder.note(&entry.map_err(|error| wrong(error.to_string()))?);
    folder.save(now)?;
    Ok(Summary::of(&opened))
}

/// The text that a picture carries.
impl Issued {
    pub fn text(&self, token: bool) -> &str {
        if token { &self.token } else { &self.json }
    }

    /// The credential as data.
    pub fn value(&self) -> Value {
        serde_json::from_str(&self.json).unwrap_or_default()
    }
}
