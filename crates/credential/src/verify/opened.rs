//! A file that a stranger hands in, opened: what kind it is, and the credential in it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Reason;
use crate::bake::{Picture, unbake};
use crate::json::{JsonError, Limits, read};
use crate::jwt::{Token, parse};
use crate::names::document_url;

/// A picture may be large; the credential in it may not.
const FILE: usize = 16 << 20;

/// How a credential came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Json,
    Token,
}

/// A credential, read and not yet believed.
#[derive(Clone, Debug)]
pub struct Opened {
    pub credential: Value,
    pub form: Form,
    /// The picture that it was in.
    pub picture: Option<Picture>,
    pub(crate) token: Option<Token>,
}

/// What must be at hand to verify it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// The document that lists the issuer's keys.
    Issuer { name: String, url: String },
    /// The list that would tell of a revocation.
    Status { url: String },
}

/// Opens JSON, a token, a PNG or an SVG.
///
/// # Errors
/// When it is none of these, damaged, or out of bounds.
pub fn open(file: &[u8]) -> Result<Opened, Reason> {
    if file.len() > FILE {
        return Err(JsonError::TooLarge { met: file.len(), limit: FILE }.into());
    }
    let picture = Picture::of(file);
    let text = match picture {
        Some(_) => unbake(file)?,
        None if file.len() > Limits::default().bytes => {
            return Err(JsonError::TooLarge { met: file.len(), limit: Limits::default().bytes }.into());
        }
        None => str::from_utf8(file).map_err(|_| JsonError::Encoding)?.to_owned(),
    };
    let text = text.trim();
    // A compact token begins with the encoding of `{"`.
    if text.starts_with("ey") && !text.contains(char::is_whitespace) {
        let token = parse(text, Limits::default())?;
        return Ok(Opened { credential: token.credential.clone(), form: Form::Token, picture, token: Some(token) });
    }
    let credential = read(text.as_bytes(), Limits::default())?;
    if !credential.is_object() {
        return Err(Reason::NoCredential);
    }
    Ok(Opened { credential, form: Form::Json, picture, token: None })
}

impl Opened {
    /// What must be fetched, by addresses that the credential names. They are a stranger's words.
    pub fn needs(&self) -> Vec<Need> {
        let mut out = BTreeSet::new();
        let methods: Vec<String> = match &self.token {
            Some(token) => token.kid.iter().cloned().collect(),
            None => crate::integrity::proofs(&self.credential)
                .unwrap_or_default()
                .into_iter()
                .map(|proof| proof.method)
                .collect(),
        };
        for name in methods.iter().map(String::as_str).chain(super::issuer(&self.credential)) {
            let name = name.split('#').next().unwrap_or(name);
            out.extend(document_url(name).map(|url| Need::Issuer { name: name.to_owned(), url }));
        }
        let list = self.credential.pointer("/credentialStatus/statusListCredential").and_then(Value::as_str);
        out.extend(list.map(|url| Need::Status { url: url.to_owned() }));
        out.into_iter().collect()
    }
}
